package catalog

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

func TestADepositIsKeptAsItWasGiven(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("d1", "quay-1")
		if got := takeIn(t, c, n); got != dossier.StateReceived {
			t.Errorf("taken in as %s", got)
		}
		want := n.Deposit
		want.State = dossier.StateReceived
		got := depositOf(t, c, "d1")
		if got.Name != want.Name || got.SHA256 != want.SHA256 || got.Bytes != want.Bytes || got.State != want.State ||
			!got.ReceivedAt.Equal(want.ReceivedAt) || !got.ModifiedAt.Equal(want.ModifiedAt) || got.Department != want.Department {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if _, err := c.Deposit(t.Context(), "other"); !errors.Is(err, ErrNotFound) {
			t.Errorf("unknown deposit: %v", err)
		}
	})
}

func TestAClaimTakenInTwiceChangesNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("d1", "quay-1")
		takeIn(t, c, n)
		published(t, c, "d1")
		n.Rejection = dossier.Reject(dossier.CodeTooLarge, "") // whatever the second call says
		if got := takeIn(t, c, n); got != dossier.StateReceived {
			t.Errorf("the second time it was taken in as %s", got)
		}
		if got := depositOf(t, c, "d1").State; got != dossier.StatePublished {
			t.Errorf("it is %s now", got)
		}
		if n := count(t, c, `SELECT count(*) FROM pages`); n != 1 {
			t.Errorf("%d pages", n)
		}
	})
}

func TestTheSameBytesWithinTheWindowAreADuplicate(t *testing.T) {
	tests := []struct {
		name    string
		station string
		after   time.Duration
		window  time.Duration
		want    dossier.State
	}{
		{"same station", "quay-1", time.Hour, 24 * time.Hour, dossier.StateDuplicate},
		{"recorded before the earlier claim", "quay-1", -time.Hour, 24 * time.Hour, dossier.StateDuplicate},
		{"other station", "quay-2", time.Hour, 24 * time.Hour, dossier.StateReceived},
		{"too late", "quay-1", 25 * time.Hour, 24 * time.Hour, dossier.StateReceived},
		{"no window", "quay-1", time.Hour, 0, dossier.StateReceived},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			withCatalogue(t, func(t *testing.T, c *Catalog) {
				c.SetSubscribers([]Subscriber{{Name: "case-system", Events: []dossier.EventType{dossier.EventDepositDuplicate}}})
				takeIn(t, c, given("d1", "quay-1"))
				n := given("d2", tt.station)
				n.Deposit.SHA256, n.DuplicateWindow = "sha-of-d1", tt.window
				n.Deposit.ReceivedAt = noon.Add(tt.after)
				if got := takeIn(t, c, n); got != tt.want {
					t.Fatalf("taken in as %s", got)
				}
				events, want := count(t, c, `SELECT count(*) FROM deliveries`), 0
				if tt.want == dossier.StateDuplicate {
					want = 1
					if got := depositOf(t, c, "d2").Duplicate; got != "d1" {
						t.Errorf("duplicate of %q", got)
					}
				}
				if events != want {
					t.Errorf("%d deliveries", events)
				}
			})
		})
	}
}

func TestARejectedDepositIsNotTheFirstOfADuplicate(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeTruncated, ""), ""))
		n := given("d2", "quay-1")
		n.Deposit.SHA256, n.DuplicateWindow = "sha-of-d1", time.Hour
		if got := takeIn(t, c, n); got != dossier.StateReceived {
			t.Errorf("taken in as %s", got)
		}
	})
}

func TestConcurrentDepositsAreAllTakenInOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const callers, each = 8, 25
		var wg sync.WaitGroup
		var failed atomic.Int64
		for range 2 { // every claim is taken in by two callers
			for i := range callers {
				wg.Go(func() {
					for j := range each {
						if _, err := c.TakeIn(t.Context(), given(fmt.Sprintf("d%d-%d", i, j), "quay-1")); err != nil {
							failed.Add(1)
						}
					}
				})
			}
		}
		wg.Wait()
		if failed.Load() != 0 || count(t, c, `SELECT count(*) FROM deposits`) != callers*each ||
			count(t, c, `SELECT count(*) FROM pages WHERE state = 'waiting'`) != callers*each {
			t.Errorf("%d calls failed, %d deposits", failed.Load(), count(t, c, `SELECT count(*) FROM deposits`))
		}
	})
}

func TestOneDepositThatCanNotBeRecordedDoesNotHoldUpOthers(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		bad := given("bad", "quay-1")
		bad.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
		bad.Deposit.ID = "d0"
		good := &brought[*arrival]{what: &arrival{deposit: given("d1", "quay-1")}, done: make(chan struct{})}
		wrong := &brought[*arrival]{what: &arrival{deposit: bad}, done: make(chan struct{})}
		// The event of the wrong one has no number to get.
		must(t, c.db.write(t.Context(), func(tx tx) error { _, err := tx.exec(t.Context(), `DELETE FROM feed`); return err }))
		c.intake.mu.Lock()
		c.intake.waiting, c.intake.running = []*brought[*arrival]{good, wrong}, true
		c.intake.mu.Unlock()
		c.intake.run()
		if good.err != nil || wrong.err == nil {
			t.Errorf("good: %v, wrong: %v", good.err, wrong.err)
		}
	})
}

// BenchmarkTakeIn measures what 8 callers reach together, each deposit durable before its call returns.
func BenchmarkTakeIn(b *testing.B) {
	for _, typ := range []string{"sqlite", "postgres"} {
		b.Run(typ, func(b *testing.B) {
			cfg := sqliteConfig
			if typ == "postgres" {
				cfg = postgresConfig
			}
			c := open(b, cfg(b))
			var n atomic.Int64
			b.SetParallelism(4) // of 2 processors: 8 callers
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					d := given(fmt.Sprintf("d%d", n.Add(1)), "quay-1")
					d.DuplicateWindow = 24 * time.Hour
					if _, err := c.TakeIn(b.Context(), d); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deposits/s")
		})
	}
}

func TestAnUploadIsToldToNoFolder(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"d1", "d2", "d3"} {
			n := given(id, "quay-1")
			n.Deposit.Upload, n.Deposit.Channel, n.Deposit.Purpose = "hash of "+id, dossier.ChannelOnline, dossier.PurposeResults
			if id == "d2" {
				n.Rejection = dossier.Reject(dossier.CodeEmpty, "")
			}
			takeIn(t, c, n)
		}
		published(t, c, "d1")
		must(t, c.Reject(t.Context(), "d3", dossier.Reject(dossier.CodeDamaged, ""), "damaged"))
		must(t, c.LooksDone(t.Context(), "d1", nil))
		notices, err := c.Notices(t.Context(), "quay-1", 10)
		must(t, err)
		receipts, err := c.Receipts(t.Context(), "quay-1", 10)
		must(t, err)
		if len(notices) > 0 || len(receipts) > 0 {
			t.Errorf("notices %+v, receipts %+v", notices, receipts)
		}
		if n := count(t, c, `SELECT count(*) FROM events WHERE type = 'deposit.rejected'`); n != 2 {
			t.Errorf("%d events of refusals, want 2", n)
		}
		d := depositOf(t, c, "d1")
		if d.Upload != "hash of d1" || d.Channel != dossier.ChannelOnline || d.Purpose != dossier.PurposeResults || d.State != dossier.StatePublished {
			t.Errorf("%+v", d)
		}
	})
}

func TestADepositIsOfTheCounterAndOfReceptionUnlessSaid(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		if d := depositOf(t, c, "d1"); d.Channel != dossier.ChannelCounter || d.Purpose != dossier.PurposeReception || d.Upload != "" {
			t.Errorf("%+v", d)
		}
	})
}

func TestAnUploadForAnotherDossierIsNoDuplicate(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		upload := func(id, code string) NewDeposit {
			n := given(id, "quay-1")
			n.Deposit.SHA256, n.Deposit.Upload, n.DuplicateWindow = "sha", "request", time.Hour
			n.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: id, Closes: true, Facts: dossier.BatchFacts{Reference: code}}
			return n
		}
		for _, tt := range []struct {
			id, code string
			want     dossier.State
		}{
			{"d1", "a", dossier.StateReceived},
			{"d2", "b", dossier.StateReceived},
			{"d3", "b", dossier.StateDuplicate},
			{"d4", "", dossier.StateDuplicate},
		} {
			if got := takeIn(t, c, upload(tt.id, tt.code)); got != tt.want {
				t.Errorf("%s for %q is %s", tt.id, tt.code, got)
			}
		}
		if d := depositOf(t, c, "d3"); d.Duplicate != "d2" {
			t.Errorf("%+v", d)
		}
	})
}
