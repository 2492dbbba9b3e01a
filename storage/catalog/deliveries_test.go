package catalog

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

const caseSystem = "case-system"

// rejections makes n events about one subject, all to be delivered to the case system, and returns the subject.
func rejections(t *testing.T, c *Catalog, n int) string {
	t.Helper()
	c.SetSubscribers([]Subscriber{{Name: caseSystem}})
	takeIn(t, c, given("d1", "quay-1"))
	for i := range n {
		if i > 0 {
			must(t, requeueOne(t.Context(), c, "d1"))
		}
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, "round %d", i), ""))
	}
	return "d1"
}

func next(t *testing.T, c *Catalog, subject string) *Delivery {
	t.Helper()
	d, err := c.NextDelivery(t.Context(), caseSystem, subject)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	must(t, err)
	return d
}

func TestDeliveriesAreInSequence(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 3)
		for want := 1; want <= 3; want++ {
			d := next(t, c, subject)
			if d.Sequence != want {
				t.Fatalf("sequence %d, want %d", d.Sequence, want)
			}
			must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{Status: 503, Error: "busy"}, time.Now().Add(time.Hour), false))
			if again := next(t, c, subject); again.ID != d.ID || again.Attempts != 1 || again.LastStatus != 503 || time.Until(again.NextAt) < time.Minute {
				t.Errorf("after a failure %+v", again)
			}
			must(t, c.Delivered(t.Context(), d.ID, Attempt{Status: 204}))
		}
		if d := next(t, c, subject); d != nil {
			t.Errorf("there is another: %+v", d)
		}
	})
}

func TestADeadDeliveryLetsTheNextOnePassAndIsReplayed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 2)
		first := next(t, c, subject)
		must(t, c.DeliveryFailed(t.Context(), first.ID, Attempt{Status: 0, Error: "refused"}, time.Now(), true))
		second := next(t, c, subject)
		if second.Sequence != 2 {
			t.Fatalf("next is %+v", second)
		}
		must(t, c.Delivered(t.Context(), second.ID, Attempt{Status: 200}))
		dead, err := c.Deliveries(t.Context(), all, DeliveryFilter{State: DeliveryDead})
		must(t, err)
		if len(dead) != 1 || dead[0].LastError != "refused" {
			t.Fatalf("dead %+v", dead)
		}
		if n, err := c.Replay(t.Context(), all, []string{first.ID, "unknown"}); n != 0 || !errors.Is(err, ErrNotFound) {
			t.Errorf("with an unknown one %d were replayed, %v", n, err)
		}
		n, err := c.Replay(t.Context(), all, []string{first.ID, second.ID})
		must(t, err)
		if again := next(t, c, subject); n != 2 || again.ID != first.ID || again.Attempts != 0 {
			t.Errorf("%d replayed, next %+v", n, again)
		}
		if n, err = c.Replay(t.Context(), all, []string{first.ID}); n != 0 || err != nil {
			t.Errorf("a pending one was replayed: %d, %v", n, err)
		}
	})
}

func TestTheFirstAttemptIsRememberedUntilReplay(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 1)
		d := next(t, c, subject)
		if !d.TriedAt.IsZero() {
			t.Errorf("before an attempt %+v", d)
		}
		must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{Status: 503, Error: "busy"}, time.Now(), false))
		first := next(t, c, subject).TriedAt
		must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{Status: 503, Error: "busy"}, time.Now(), false))
		if again := next(t, c, subject).TriedAt; time.Since(first) > time.Minute || !again.Equal(first) {
			t.Errorf("tried first at %v, then at %v", first, again)
		}
		must(t, c.SwitchOff(t.Context(), d.ID, Attempt{Status: 410, Error: "answered 410 Gone"}))
		_, err := c.Replay(t.Context(), all, []string{d.ID})
		must(t, err)
		if again := next(t, c, subject); !again.TriedAt.IsZero() {
			t.Errorf("switched on %+v", again)
		}
	})
}

func TestASubscriberThatIsSwitchedOffGetsNothingUntilReplay(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 1)
		must(t, c.SwitchOff(t.Context(), next(t, c, subject).ID, Attempt{Status: 410, Error: "answered 410 Gone"}))
		if d := next(t, c, subject); d != nil {
			t.Errorf("next is %+v", d)
		}
		status, err := c.Status(t.Context(), Everything())
		must(t, err)
		if !slices.Equal(status.SwitchedOff, []string{caseSystem}) || status.Deliveries[DeliveryPending] != 1 {
			t.Errorf("status %+v", status)
		}
		held, err := c.Deliveries(t.Context(), all, DeliveryFilter{Subscriber: caseSystem})
		must(t, err)
		n, err := c.Replay(t.Context(), all, []string{held[0].ID})
		must(t, err)
		if d := next(t, c, subject); n != 1 || d == nil {
			t.Errorf("%d replayed, next is %+v", n, d)
		}
	})
}

func TestDeliveriesAreListedInPages(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "a"}, {Name: "b"}})
		for i := range 3 {
			n := given(fmt.Sprintf("d%d", i), "quay-1")
			n.Rejection = dossier.Reject(dossier.CodeEmpty, "")
			takeIn(t, c, n)
		}
		seen := map[string]bool{}
		f := DeliveryFilter{State: DeliveryPending, Subscriber: "b", Limit: 2}
		for _, want := range []int{2, 1, 0} {
			page, err := c.Deliveries(t.Context(), all, f)
			must(t, err)
			if len(page) != want {
				t.Fatalf("%d in a page, want %d", len(page), want)
			}
			for _, d := range page {
				seen[d.EventID] = true
				f.Before = d.ID
			}
		}
		if len(seen) != 3 {
			t.Errorf("%d events", len(seen))
		}
	})
}

func TestAReplayUnderAKeyIsDoneOnceAndAnsweredAlike(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 2)
		who := dossier.Principal{Name: "an", Scope: all}
		var ids []string
		for range 2 {
			d := next(t, c, subject)
			must(t, c.Delivered(t.Context(), d.ID, Attempt{Status: 204}))
			ids = append(ids, d.ID)
		}
		if _, err := c.ReplayOnce(t.Context(), who, "k", append(ids, "unknown")); !errors.Is(err, ErrNotFound) {
			t.Errorf("with one that is not known: %v", err)
		}
		var g sync.WaitGroup
		for range 8 {
			g.Go(func() {
				if n, err := c.ReplayOnce(t.Context(), who, "k", ids); n != 2 || err != nil {
					t.Errorf("%d, %v", n, err)
				}
			})
		}
		g.Wait()
		for range 2 {
			must(t, c.Delivered(t.Context(), next(t, c, subject).ID, Attempt{Status: 204}))
		}
		if n, err := c.ReplayOnce(t.Context(), who, "k", ids); n != 2 || err != nil || next(t, c, subject) != nil {
			t.Errorf("once more: %d, %v, and goes out again", n, err)
		}
		if _, err := c.ReplayOnce(t.Context(), who, "k", ids[:1]); !errors.Is(err, ErrKeyReused) {
			t.Errorf("others under the same key: %v", err)
		}
		if n, err := c.ReplayOnce(t.Context(), who, "", ids); n != 2 || err != nil || next(t, c, subject) == nil {
			t.Errorf("without a key: %d, %v", n, err)
		}
		log, err := c.AuditLog(t.Context(), AuditFilter{Action: ActionMend, Limit: 10})
		must(t, err)
		if len(log) != 2 {
			t.Errorf("%d rows in the log", len(log))
		}
	})
}
