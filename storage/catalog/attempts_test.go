package catalog

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

func TestADeliveryTellsItsAttempts(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		d := next(t, c, rejections(t, c, 1))
		must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{
			At: noon, Took: 1500 * time.Microsecond, Status: 503, Error: "answered 503", Headers: map[string]string{"webhook-id": d.EventID}, Answer: "no 001089012345",
		}, time.Now(), false))
		must(t, c.Delivered(t.Context(), d.ID, Attempt{At: noon.Add(time.Minute), Status: 204}))
		must(t, c.Delivered(t.Context(), d.ID, Attempt{At: noon.Add(time.Hour), Status: 204})) // is none any more
		now, tries, err := c.Delivery(t.Context(), all, d.ID)
		must(t, err)
		if len(tries) != 2 || now.State != DeliveryDelivered || !strings.Contains(string(now.Body), `"deposit.rejected"`) {
			t.Fatalf("%+v %+v", now, tries)
		}
		first := fmt.Sprintln(tries[0].At.Equal(noon), tries[0].Took, tries[0].Status, tries[0].Error, tries[0].Headers["webhook-id"] == d.EventID, tries[0].Answer)
		if want := "true 1.5ms 503 answered 503 true no 001*****2345\n"; first != want {
			t.Errorf("%s, want %s", first, want)
		}
		if tries[1].Status != 204 || tries[1].Error != "" {
			t.Errorf("%+v", tries[1])
		}
	})
}

func TestDeliveriesOfAScopeAreThoseAboutItsRecords(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 1)
		takeIn(t, c, given("d2", "quay-2"))
		code := published(t, c, "d2").Dossier.Code
		for _, tt := range []struct {
			scope dossier.Scope
			want  string
		}{
			{all, code + " " + subject},
			{dossier.Scope{}, ""},
			{dossier.Scope{Stations: []string{"quay-1"}}, subject},
			{dossier.Scope{Stations: []string{"quay-2"}}, code},
			{dossier.Scope{Departments: []string{"so-tu-phap"}}, code + " " + subject},
		} {
			list, err := c.Deliveries(t.Context(), tt.scope, DeliveryFilter{})
			must(t, err)
			var subjects []string
			for _, d := range list {
				subjects = append(subjects, d.Subject)
				if _, _, err := c.Delivery(t.Context(), tt.scope, d.ID); err != nil {
					t.Error(err)
				}
			}
			if got := strings.Join(subjects, " "); got != tt.want {
				t.Errorf("%+v sees %q, want %q", tt.scope, got, tt.want)
			}
		}
		other := dossier.Scope{Stations: []string{"quay-2"}}
		first := next(t, c, subject)
		if _, _, err := c.Delivery(t.Context(), other, first.ID); !errors.Is(err, ErrNotFound) {
			t.Errorf("of another station: %v", err)
		}
		if _, err := c.Replay(t.Context(), other, []string{first.ID}); !errors.Is(err, ErrNotFound) {
			t.Errorf("of another station: %v", err)
		}
	})
}

func TestASubscriberThatIsSwitchedOffIsListedAndSwitchedOn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 2)
		must(t, c.SwitchOff(t.Context(), next(t, c, subject).ID, Attempt{At: noon, Status: 410, Error: "answered 410 Gone"}))
		off, err := c.SwitchedOff(t.Context())
		must(t, err)
		if len(off) != 1 || off[0].Subscriber != caseSystem || off[0].Reason != "answered 410 Gone" || off[0].Pending != 2 || time.Since(off[0].Since) > time.Minute {
			t.Errorf("%+v", off)
		}
		for _, want := range []int{2, 0} {
			if n, err := c.SwitchOn(t.Context(), caseSystem); n != want || err != nil {
				t.Errorf("%d go out, want %d, %v", n, want, err)
			}
		}
		d := next(t, c, subject)
		if d == nil {
			t.Fatal("nothing goes out")
		}
		if _, tries, err := c.Delivery(t.Context(), all, d.ID); err != nil || len(tries) != 1 || tries[0].Status != 410 {
			t.Errorf("%+v, %v", tries, err)
		}
	})
}

func TestATestGoesToOneSubscriberAndIntoNoFeed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem, Events: []dossier.EventType{dossier.EventDossierErased}}, {Name: "other"}})
		sent := make(chan Delivery, 10)
		start(t, c, 1, &clerk{c: c, onSend: func(d *Delivery) error { sent <- *d; return nil }})
		for want := 1; want <= 2; want++ {
			id, err := c.SendTest(t.Context(), everybody, "", caseSystem)
			must(t, err)
			d := receive(t, sent)
			if d.ID != id || d.Subscriber != caseSystem || d.EventType != "test" || d.Sequence != want || !strings.Contains(string(d.Body), `"data":{}`) {
				t.Errorf("%+v %s", d, d.Body)
			}
		}
		if _, err := c.SendTest(t.Context(), everybody, "", "nobody"); !errors.Is(err, ErrNotFound) {
			t.Errorf("to somebody who is not in the settings: %v", err)
		}
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		if len(events) != 0 {
			t.Errorf("the feed has %s", events[0].Body)
		}
	})
}

func TestATestUnderAKeyIsSentOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}, {Name: "other"}})
		who := dossier.Principal{Name: "an", Scope: all}
		ids := make(chan string, 8)
		var g sync.WaitGroup
		for range cap(ids) {
			g.Go(func() {
				id, err := c.SendTest(t.Context(), who, "k", caseSystem)
				if err != nil {
					t.Error(err)
				}
				ids <- id
			})
		}
		g.Wait()
		close(ids)
		first := <-ids
		for id := range ids {
			if id == "" || id != first {
				t.Errorf("%q and %q", first, id)
			}
		}
		if _, err := c.SendTest(t.Context(), who, "k", "other"); !errors.Is(err, ErrKeyReused) {
			t.Errorf("to another under the same key: %v", err)
		}
		_, err := c.SendTest(t.Context(), dossier.Principal{Name: "binh", Scope: all}, "k", caseSystem)
		must(t, err)
		sent, err := c.Deliveries(t.Context(), all, DeliveryFilter{})
		must(t, err)
		log, err := c.AuditLog(t.Context(), AuditFilter{Action: ActionMend, Limit: 10})
		must(t, err)
		if len(sent) != 2 || len(log) != 2 {
			t.Errorf("%d deliveries, %d rows in the log", len(sent), len(log))
		}
	})
}

func TestAnErasureForgetsWhatSubscribersAnswered(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "portal"}})
		takeIn(t, c, given("d1", "quay-1"))
		takeIn(t, c, given("d2", "quay-1"))
		code, other := published(t, c, "d1").Dossier.Code, published(t, c, "d2").Dossier.Code
		twice := given("d3", "quay-1")
		twice.Deposit.SHA256, twice.DuplicateWindow = "sha-of-d1", time.Hour
		takeIn(t, c, twice)
		answers := func(subject string) (said []string) {
			list, err := c.Deliveries(t.Context(), all, DeliveryFilter{Subject: subject})
			must(t, err)
			for _, d := range list {
				_, tries, err := c.Delivery(t.Context(), all, d.ID)
				must(t, err)
				for _, a := range tries {
					said = append(said, a.Answer)
				}
			}
			return said
		}
		for _, subject := range []string{code, "d3", other} {
			d, err := c.NextDelivery(t.Context(), "portal", subject)
			must(t, err)
			must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{At: noon, Status: 422, Answer: "no file of Nguyễn Thị Hoa"}, time.Now(), true))
		}
		erased(t, c, code)
		for _, subject := range []string{code, "d3"} {
			if got := answers(subject); len(got) != 1 || got[0] != "" {
				t.Errorf("of the erased %s %q", subject, got)
			}
		}
		if got := answers(other); len(got) != 1 || got[0] == "" {
			t.Errorf("of another %q", got)
		}
	})
}
