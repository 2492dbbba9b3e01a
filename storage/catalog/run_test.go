package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
)

// clerk does the work of the jobs as the pipeline does, without reading anything. Its hooks may fail or wait.
type clerk struct {
	c          *Catalog
	pages      int // of each deposit; 0: 1
	onPage     func(ctx context.Context, p PageKey) error
	onAssemble func(batchID string)
	onSend     func(d *Delivery) error
	onHide     func(pageIDs []string)
	onErase    func(key string)
	onEmpty    func(subject string) // nothing is left to deliver, and the job is about to end
}

func (w *clerk) Page(ctx context.Context, p PageKey) error {
	if w.onPage != nil {
		if err := w.onPage(ctx, p); err != nil {
			return err
		}
	}
	d := pageRead(p.Deposit.ID, p.Number)
	if p.Number == 1 {
		d.Split = &Split{DepositID: p.Deposit.ID, Pages: max(w.pages, 1)}
	}
	return w.c.PageDone(ctx, d)
}

func (w *clerk) Hide(_ context.Context, pageIDs []string) error {
	if w.onHide != nil {
		w.onHide(pageIDs)
	}
	return nil
}

func (w *clerk) Erase(ctx context.Context, tombstone string) error {
	return destroy(ctx, w.c, tombstone, func(key string) error {
		if w.onErase != nil {
			w.onErase(key)
		}
		return nil
	})
}

func (w *clerk) Revise(ctx context.Context, revision string) error {
	versions, err := w.c.Revision(ctx, revision)
	if err != nil || len(versions) == 0 {
		return err
	}
	p := Published{Revision: revision}
	for i := range versions {
		p.Versions = append(p.Versions, publishedOf(&versions[i]))
	}
	return w.c.Publish(ctx, p)
}

func (w *clerk) Assemble(ctx context.Context, batchID string) error {
	if w.onAssemble != nil {
		w.onAssemble(batchID)
	}
	_, err := publish(ctx, w.c, batchID)
	return err
}

func (w *clerk) Deliver(ctx context.Context, subscriber, subject string) error {
	for {
		d, err := w.c.NextDelivery(ctx, subscriber, subject)
		if errors.Is(err, ErrNotFound) {
			if w.onEmpty != nil {
				w.onEmpty(subject)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if wait := time.Until(d.NextAt); wait > 0 {
			return Snooze(errors.New("not due"), wait)
		}
		if w.onSend != nil {
			if err := w.onSend(d); err != nil {
				return err
			}
		}
		if err := w.c.Delivered(ctx, d.ID, Attempt{Status: 200}); err != nil {
			return err
		}
	}
}

// start runs the jobs until the test ends or stop is called.
func start(t testing.TB, c *Catalog, workers int, w Work) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	cfg := RunConfig{Workers: workers, Grace: 10 * time.Second, Retry: func(int) time.Duration { return 50 * time.Millisecond }}
	go func() { done <- c.Run(ctx, cfg, w) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// endings are the events of which no other follows.
var endings = []dossier.EventType{dossier.EventDossierPublished, dossier.EventDepositRejected}

// patience bounds what a test waits for.
const patience = 30 * time.Second

func receive[T any](t testing.TB, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatal("it did not come")
		panic("unreachable")
	}
}

func TestADepositBecomesADeliveredEvent(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem, Events: endings}})
		sent := make(chan Delivery, 10)
		start(t, c, 2, &clerk{c: c, pages: 3, onSend: func(d *Delivery) error { sent <- *d; return nil }})
		var took []time.Duration
		for i := range 5 {
			begin := time.Now()
			takeIn(t, c, given(fmt.Sprintf("d%d", i), "quay-1"))
			if d := receive(t, sent); d.Subject != fmt.Sprintf("quay-1-20260105-%04d", i+1) || d.Sequence != 1 {
				t.Errorf("sent %+v", d)
			}
			took = append(took, time.Since(begin))
		}
		slices.Sort(took)
		t.Logf("from intake to the event: median %v, %v", took[len(took)/2], took)
	})
}

func TestASubscriberThatIsNamedLaterIsServed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		sent := make(chan Delivery, 10)
		start(t, c, 2, &clerk{c: c, onSend: func(d *Delivery) error { sent <- *d; return nil }})
		c.SetSubscribers([]Subscriber{{Name: "a--new-one-"}})
		takeIn(t, c, given("d1", "quay-1"))
		if d := receive(t, sent); d.Subscriber != "a--new-one-" {
			t.Errorf("sent %+v", d)
		}
	})
}

func TestAFailedJobIsTriedAgainAndASnoozedOneCountsNoAttempt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		sent := make(chan Delivery, 1)
		var tries atomic.Int64
		start(t, c, 1, &clerk{
			c: c,
			onPage: func(context.Context, PageKey) error {
				switch n := tries.Add(1); {
				case n < 4:
					return Snooze(errors.New("storage is away"), 0)
				case n < 7:
					return errors.New("bad luck")
				case n == 7:
					panic("worse luck")
				}
				return nil
			},
			onSend: func(d *Delivery) error { sent <- *d; return nil },
		})
		takeIn(t, c, given("d1", "quay-1"))
		receive(t, sent)
		if n := count(t, c, `SELECT attempt FROM river_job WHERE kind = 'page'`); n != 5 { // 4 failures, 1 success
			t.Errorf("%d attempts", n)
		}
	})
}

func TestAJobThatAlwaysFailsIsNeverGivenUp(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		enough := make(chan struct{})
		var tries atomic.Int64
		stop := start(t, c, 1, &clerk{c: c, onPage: func(context.Context, PageKey) error {
			if tries.Add(1) == recordedAttempts+3 {
				close(enough)
			}
			return errors.New("bad luck")
		}})
		takeIn(t, c, given("d1", "quay-1"))
		receive(t, enough)
		stop()
		if n := count(t, c, `SELECT max_attempts - attempt FROM river_job WHERE kind = 'page'`); n < neverGivenUp-recordedAttempts-1 {
			t.Errorf("%d attempts are left", n)
		}
	})
}

func TestPagesInHandAreCancelledAfterTheGraceAndDoneByTheNextRun(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		begun := make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		cfg := RunConfig{Workers: 1, Grace: time.Millisecond, Retry: func(int) time.Duration { return time.Hour }}
		go func() {
			done <- c.Run(ctx, cfg, &clerk{c: c, onPage: func(ctx context.Context, _ PageKey) error {
				close(begun)
				<-ctx.Done()
				return ctx.Err()
			}})
		}()
		takeIn(t, c, given("d1", "quay-1"))
		receive(t, begun)
		cancel()
		must(t, receive(t, done))
		sent := make(chan Delivery, 1)
		start(t, c, 1, &clerk{c: c, onSend: func(d *Delivery) error { sent <- *d; return nil }})
		receive(t, sent)
	})
}

// One station's backlog must not make another's page wait for more than the pages in hand.
func TestAStationWithABacklogDoesNotDelayAnother(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const workers = 2
		takeIn(t, c, given("backlog", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "backlog", Pages: 5000}))
		var begun atomic.Int64
		other := make(chan int64, 1)
		busy := make(chan struct{})
		stop := start(t, c, workers, &clerk{c: c, onPage: func(_ context.Context, p PageKey) error {
			n := begun.Add(1)
			if p.Deposit.Station == "quay-2" {
				other <- n
				return nil
			}
			if n == 50 {
				close(busy)
			}
			return nil
		}})
		receive(t, busy)
		// What is in River when the deposit is recorded goes before it, and what is fetched until it is seen.
		takeIn(t, c, given("single", "quay-2"))
		recorded := begun.Load()
		if n := receive(t, other) - recorded; n > 4*workers {
			t.Errorf("%d pages of the backlog went first", n)
		}
		stop()
		if n := count(t, c, `SELECT count(*) FROM pages WHERE state = 'queued'`); n > 2*workers {
			t.Errorf("%d pages are in River", n)
		}
	})
}

// A form that many citizens hand in is read once; what takes time then is the assembling.
func TestAStationWithManyAssembliesDoesNotDelayAnother(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const workers = 2
		for i := range 300 {
			takeIn(t, c, given(fmt.Sprintf("backlog-%d", i), "quay-1"))
		}
		var begun atomic.Int64
		other := make(chan int64, 1)
		busy := make(chan struct{})
		start(t, c, workers, &clerk{c: c, onAssemble: func(batchID string) {
			n := begun.Add(1)
			switch {
			case batchID == "single":
				other <- n
			case n == 30:
				close(busy)
			}
			time.Sleep(20 * time.Millisecond) // an assembly that takes longer than a page is what is tested
		}})
		receive(t, busy)
		takeIn(t, c, given("single", "quay-2"))
		recorded := begun.Load()
		if n := receive(t, other) - recorded; n > 6*workers {
			t.Errorf("%d dossiers of the backlog went first", n)
		}
	})
}

func TestARunThatIsOverBeforeItBeginsEndsWell(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		must(t, c.Run(ctx, RunConfig{Workers: 1}, &clerk{c: c}))
	})
}

func TestTheSweeperLeavesAloneWhatHasAJob(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		rejections(t, c, 1)
		takeIn(t, c, given("ready", "quay-1"))
		read(t, c, "ready", 1)
		must(t, c.db.write(t.Context(), func(tx tx) error {
			_, err := tx.exec(t.Context(), `UPDATE deliveries SET next_at = 1`)
			return err
		}))
		const jobs = `SELECT count(*) FROM river_job WHERE state = 'available'`
		before := count(t, c, jobs)
		must(t, (&dispatcher{catalog: c, self: "me"}).sweep(t.Context()))
		if after := count(t, c, jobs); before != 2 || after != 2 {
			t.Errorf("%d jobs, then %d", before, after)
		}
	})
}

func TestTheSweeperFindsWhatHasNoJob(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem, Events: endings}})
		takeIn(t, c, given("ready", "quay-1"))
		read(t, c, "ready", 1)
		n := given("refused", "quay-1")
		n.Rejection = dossier.Reject(dossier.CodeEmpty, "")
		takeIn(t, c, n)
		takeIn(t, c, given("lost", "quay-1"))
		must(t, c.db.write(t.Context(), func(tx tx) error {
			for _, q := range []string{
				`DELETE FROM river_job`,
				`UPDATE pages SET state = 'queued', job_id = 4711 WHERE deposit_id = 'lost'`,
				`UPDATE deliveries SET next_at = 1`,
			} {
				if _, err := tx.exec(t.Context(), q); err != nil {
					return err
				}
			}
			return nil
		}))
		wantSent(t, c, "quay-1-20260105-0001", "quay-1-20260105-0002", "refused")
	})
}

// wantSent starts the catalogue's work and waits for what it sends, in any order.
func wantSent(t *testing.T, c *Catalog, subjects ...string) {
	t.Helper()
	sent := make(chan string, 10)
	start(t, c, 1, &clerk{c: c, onSend: func(d *Delivery) error { sent <- d.Subject; return nil }})
	var got []string
	for range subjects {
		got = append(got, receive(t, sent))
	}
	if slices.Sort(got); !slices.Equal(got, subjects) {
		t.Errorf("sent %v", got)
	}
}

func TestNothingWaitsForATimeFromWhichTheClockWasSetBack(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem, Events: endings}})
		before := time.Now().Add(time.Hour) // by the clock as it stood
		takeIn(t, c, given("queued", "quay-1"))
		takeIn(t, c, given("ready", "quay-1"))
		n := given("refused", "quay-1")
		n.Rejection = dossier.Reject(dossier.CodeEmpty, "")
		takeIn(t, c, n)
		read(t, c, "ready", 1)
		must(t, c.db.write(t.Context(), func(tx tx) error {
			if _, err := tx.exec(t.Context(), `DELETE FROM river_job`); err != nil {
				return err
			}
			late := &river.InsertOpts{ScheduledAt: before}
			jobs, err := tx.insertJobs(t.Context(), []river.InsertManyParams{
				{Args: pageArgs{"queued-1"}, InsertOpts: late},
				{Args: assembleArgs{"ready"}, InsertOpts: late},
				{Args: deliverArgs{caseSystem, "refused"}, InsertOpts: late},
			})
			if err != nil {
				return err
			}
			if _, err = tx.exec(t.Context(), `UPDATE pages SET state = 'queued', job_id = ? WHERE id = 'queued-1'`, jobs[0].Job.ID); err != nil {
				return err
			}
			_, err = tx.exec(t.Context(), `UPDATE deliveries SET created_at = ?, next_at = ?`, asMicros(before), asMicros(before))
			return err
		}))
		wantSent(t, c, "quay-1-20260105-0001", "quay-1-20260105-0002", "refused")
	})
}

func TestAnErrorThatNoDatabaseHoldsHoldsUpNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		sent := make(chan Delivery, 1)
		var tries atomic.Int64
		start(t, c, 1, &clerk{
			c: c,
			onPage: func(context.Context, PageKey) error {
				if tries.Add(1) == 1 {
					return errors.New("a\x00b\xff")
				}
				return nil
			},
			onSend: func(d *Delivery) error { sent <- *d; return nil },
		})
		takeIn(t, c, given("d1", "quay-1"))
		receive(t, sent)
	})
}
