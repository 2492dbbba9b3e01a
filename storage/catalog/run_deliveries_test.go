package catalog

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

func TestAnEventThatCommitsWhileItsJobEndsIsDelivered(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		sent := make(chan int, 100)
		ending := make(chan struct{})
		var once sync.Once
		w := &clerk{c: c, onSend: func(d *Delivery) error { sent <- d.Sequence; return nil }}
		w.onEmpty = func(string) {
			once.Do(func() { // the job has seen that nothing is left, and still holds its place
				must(t, requeueOne(context.Background(), c, "d1"))
				must(t, c.Reject(context.Background(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
				close(ending)
			})
		}
		rejections(t, c, 1)
		start(t, c, 1, w)
		if got := receive(t, sent); got != 1 {
			t.Errorf("sequence %d", got)
		}
		receive(t, ending)
		if got := receive(t, sent); got != 2 {
			t.Errorf("then sequence %d", got)
		}
	})
}

func TestEventsThatCommitBesideTheirJobsAreDeliveredInSequence(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "a"}, {Name: "b"}})
		const subjects, each = 4, 12
		var mu sync.Mutex
		last := map[string]int{}
		all := make(chan struct{})
		total := 0
		aside := func(context.Context, PageKey) error { return Snooze(errors.New("not this time"), time.Hour) }
		start(t, c, 1, &clerk{c: c, onPage: aside, onSend: func(d *Delivery) error {
			mu.Lock()
			defer mu.Unlock()
			key := d.Subscriber + " " + d.Subject
			if d.Sequence != last[key]+1 {
				t.Errorf("%s: %d after %d", key, d.Sequence, last[key])
			}
			last[key] = d.Sequence
			if total++; total == 2*subjects*each {
				close(all)
			}
			return nil
		}})
		for i := range subjects {
			go func() {
				n := given(fmt.Sprintf("d%d", i), "quay-1")
				n.Rejection = dossier.Reject(dossier.CodeDamaged, "")
				_, err := c.TakeIn(context.Background(), n)
				for j := 1; j < each && err == nil; j++ {
					if err = requeueOne(context.Background(), c, n.Deposit.ID); err == nil {
						err = c.Reject(context.Background(), n.Deposit.ID, n.Rejection, "")
					}
				}
				if err != nil {
					t.Error(err)
				}
			}()
		}
		receive(t, all)
	})
}

func TestASlowSubscriberSlowsNobodyElse(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "slow"}, {Name: "quick"}})
		const deposits = 3 * deliverers
		hold := make(chan struct{})
		sent := make(chan string, deposits)
		start(t, c, 2, &clerk{c: c, onSend: func(d *Delivery) error {
			if d.Subscriber == "slow" {
				<-hold
				return nil
			}
			sent <- d.Subject
			return nil
		}})
		for i := range deposits {
			n := given(fmt.Sprintf("d%d", i), "quay-1")
			n.Rejection = dossier.Reject(dossier.CodeEmpty, "")
			takeIn(t, c, n)
		}
		for range deposits {
			receive(t, sent)
		}
		close(hold)
	})
}

func TestReplayOvertakesAPauseBeforeTheNextAttempt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		subject := rejections(t, c, 2)
		dead := next(t, c, subject)
		must(t, c.DeliveryFailed(t.Context(), dead.ID, Attempt{Status: 0, Error: "refused"}, time.Now(), true))
		waiting := next(t, c, subject)
		must(t, c.DeliveryFailed(t.Context(), waiting.ID, Attempt{Status: 0, Error: "refused"}, time.Now().Add(time.Hour), false))
		sent := make(chan int, 10)
		stop := start(t, c, 1, &clerk{c: c, onSend: func(d *Delivery) error { sent <- d.Sequence; return nil }})
		for count(t, c, `SELECT count(*) FROM river_job WHERE kind = 'deliver' AND state = 'scheduled'`) == 0 {
			if t.Context().Err() != nil {
				t.FailNow()
			}
		}
		_, err := c.Replay(t.Context(), all, []string{dead.ID})
		must(t, err)
		if got := receive(t, sent); got != 1 {
			t.Errorf("sent %d", got)
		}
		stop()
	})
}
