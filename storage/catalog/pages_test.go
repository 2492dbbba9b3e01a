package catalog

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
)

const assembleJobsOf = `SELECT count(*) FROM river_job WHERE kind = 'assemble'`

func TestTheLastPageBringsTheAssembly(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 3, Warnings: []string{dossier.WarnTruncated}}))
		for n, want := range []dossier.State{dossier.StateReading, dossier.StateReading, dossier.StateAssembling} {
			must(t, c.PageDone(t.Context(), pageRead("d1", n+1)))
			if got := depositOf(t, c, "d1"); got.State != want || got.Pages != 3 || !slices.Equal(got.Warnings, []string{dossier.WarnTruncated}) {
				t.Errorf("after page %d: %+v", n+1, got)
			}
		}
		if n := count(t, c, assembleJobsOf); n != 1 {
			t.Errorf("%d assemble jobs", n)
		}
	})
}

func TestASplitAndItsPageCommitTogether(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		d := pageRead("d1", 1)
		if err := c.PageDone(t.Context(), d); err == nil {
			t.Error("a page was done before its deposit was split")
		}
		d.Split = &Split{DepositID: "d1", Pages: 1, Signature: &dossier.Signed{Signer: "Ủy ban", Range: [4]int64{0, 1, 2, 3}}}
		must(t, c.PageDone(t.Context(), d))
		got := depositOf(t, c, "d1")
		if got.State != dossier.StateAssembling || got.Signature == nil || *got.Signature != *d.Split.Signature {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSplitAndPageDoneTwiceChangeNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		for range 2 {
			must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 2}))
		}
		for range 2 {
			must(t, c.PageDone(t.Context(), pageRead("d1", 1)))
		}
		if got := depositOf(t, c, "d1").State; got != dossier.StateReading {
			t.Errorf("with a page open it is %s", got)
		}
		if n := count(t, c, `SELECT open_pages FROM batches`); n != 1 {
			t.Errorf("%d pages are open", n)
		}
	})
}

func TestManyPagesAreSplitAtOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 5000}))
		if n := count(t, c, `SELECT count(*) FROM pages WHERE state = 'waiting'`); n != 5000 {
			t.Errorf("%d pages", n)
		}
	})
}

func TestLastPagesThatEndAtOnceBringOneAssembly(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const rounds, pages = 10, 8
		for i := range rounds {
			id := fmt.Sprintf("d%d", i)
			takeIn(t, c, given(id, "quay-1"))
			must(t, c.Split(t.Context(), Split{DepositID: id, Pages: pages}))
			begin := make(chan struct{})
			var wg sync.WaitGroup
			for n := 1; n <= pages; n++ {
				for range 2 { // each by two workers, as after a process was taken for dead
					wg.Go(func() {
						<-begin
						if err := c.PageDone(context.Background(), pageRead(id, n)); err != nil {
							t.Error(err)
						}
					})
				}
			}
			close(begin)
			wg.Wait()
			if got := depositOf(t, c, id).State; got != dossier.StateAssembling {
				t.Fatalf("%s is %s", id, got)
			}
			if n := count(t, c, assembleJobsOf); n != i+1 {
				t.Fatalf("%d assemble jobs for %d batches", n, i+1)
			}
		}
	})
}

func TestPagesOfTheSameBytesAreReusedWhereTheProfileIsTheSame(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("d1", "quay-1")
		takeIn(t, c, n)
		read(t, c, "d1", 2)
		for _, tt := range []struct {
			sha, key string
			want     int
		}{{n.Deposit.SHA256, "profile", 2}, {n.Deposit.SHA256, "other", 0}, {"other", "profile", 0}} {
			pages, split, err := c.Reusable(t.Context(), tt.sha, tt.key)
			must(t, err)
			if len(pages) != tt.want || (split != nil) != (tt.want > 0) {
				t.Errorf("%s, %s: %+v, %+v", tt.sha, tt.key, pages, split)
			}
			if tt.want > 0 && (pages[1].ArtifactID != "d1-2" || pages[1].Words != 20 || pages[1].Confidence != .9 || split.Pages != 2) {
				t.Errorf("got %+v, %+v", pages, split)
			}
		}
	})
}

func TestReusedPagesNeverWait(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d0", "quay-1"))
		read(t, c, "d0", 3)
		takeIn(t, c, given("d1", "quay-1"))
		pages := []PageDone{pageRead("d1", 1), pageRead("d1", 2), pageRead("d1", 3)}
		for range 2 {
			must(t, c.Reuse(t.Context(), "d0", Split{DepositID: "d1", Pages: 3}, pages))
		}
		if n := count(t, c, `SELECT count(*) FROM pages WHERE state = 'done' AND deposit_id = 'd1'`); n != 3 {
			t.Errorf("%d pages are done", n)
		}
		if d := depositOf(t, c, "d1"); d.State != dossier.StateAssembling || d.Pages != 3 {
			t.Errorf("%+v", d)
		}
	})
}

func TestARejectedDepositHasNoWaitingPagesAndIsNotAssembled(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "case-system"}})
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 3}))
		must(t, c.PageDone(t.Context(), pageRead("d1", 2)))
		for range 2 {
			must(t, c.Reject(t.Context(), "d1", &dossier.Reason{Code: dossier.CodeDamaged, Page: 3}, "Trang 3 hỏng."))
		}
		must(t, c.PageDone(t.Context(), pageRead("d1", 1))) // it was in a worker's hand
		d := depositOf(t, c, "d1")
		if d.State != dossier.StateRejected || d.Rejection == nil || *d.Rejection != (dossier.Reason{Code: dossier.CodeDamaged, Page: 3}) {
			t.Errorf("got %+v", d)
		}
		if count(t, c, assembleJobsOf) != 0 || count(t, c, `SELECT count(*) FROM events`) != 1 {
			t.Errorf("%d assemble jobs, %d events", count(t, c, assembleJobsOf), count(t, c, `SELECT count(*) FROM events`))
		}
		a, err := c.Assembly(t.Context(), "d1")
		if a != nil || err != nil {
			t.Errorf("assembly %+v, %v", a, err)
		}
	})
}

func TestARequeuedDepositBeginsAnew(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 3}))
		must(t, c.PageDone(t.Context(), pageRead("d1", 1)))
		for range 2 { // it may be rejected and requeued more than once
			must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
			must(t, requeueOne(t.Context(), c, "d1"))
		}
		d := depositOf(t, c, "d1")
		if d.State != dossier.StateReceived || d.Pages != 0 || d.Rejection != nil {
			t.Errorf("got %+v", d)
		}
		if n := count(t, c, `SELECT count(*) FROM pages`); n != 1 {
			t.Errorf("%d pages", n)
		}
		if notices, err := c.Notices(t.Context(), "quay-1", 0); err != nil || len(notices) != 0 {
			t.Errorf("notices %+v, %v", notices, err)
		}
		read(t, c, "d1", 2)
		_, err := publish(t.Context(), c, "d1.2")
		must(t, err)
		if got := depositOf(t, c, "d1").State; got != dossier.StatePublished {
			t.Errorf("it is %s", got)
		}
	})
}

func TestOnlyARejectedDepositWithItsBytesIsRequeued(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		fifo := given("fifo", "quay-1")
		fifo.Deposit.SHA256, fifo.Rejection = "", dossier.Reject(dossier.CodeNotAFile, "")
		takeIn(t, c, fifo)
		takeIn(t, c, given("d1", "quay-1"))
		for id, want := range map[string]error{"fifo": ErrNotRejected, "d1": ErrNotRejected, "unknown": ErrNotFound} {
			if err := requeueOne(t.Context(), c, id); !isError(err, want) {
				t.Errorf("%s: %v", id, err)
			}
		}
	})
}

func TestDepositsAreListedInPages(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i := range 5 {
			n := given(fmt.Sprintf("d%d", i), fmt.Sprintf("quay-%d", i%2))
			n.Deposit.ReceivedAt = noon.Add(time.Duration(i/2) * time.Second)
			takeIn(t, c, n)
		}
		var ids []string
		f := DepositFilter{Scope: Everything(), State: dossier.StateReceived, Limit: 2}
		for {
			page, err := c.Deposits(t.Context(), f)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, d := range page {
				ids = append(ids, d.ID)
			}
			f.Before = page[len(page)-1].ID
		}
		if !slices.Equal(ids, []string{"d4", "d3", "d2", "d1", "d0"}) {
			t.Errorf("got %v", ids)
		}
		one, err := c.Deposits(t.Context(), DepositFilter{Scope: Everything(), Station: "quay-1"})
		must(t, err)
		if len(one) != 2 {
			t.Errorf("quay-1 has %d", len(one))
		}
	})
}

func TestADepositWithoutABatchIsChangedByOneAtATime(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("d1", "quay-1")
		n.Rejection = &dossier.Reason{Code: dossier.CodeTooLarge}
		takeIn(t, c, n)
		var g errgroup.Group
		var first atomic.Int32 // of those who found it with nobody
		take := func(who string) error {
			return c.db.write(t.Context(), func(tx tx) error {
				d, _, err := lockedDeposit(t.Context(), tx, "d1")
				if err != nil || d.Assigned != "" {
					return err
				}
				first.Add(1)
				if err := lockFeed(t.Context(), tx); err != nil {
					return err
				}
				_, err = tx.exec(t.Context(), `UPDATE deposits SET assigned = ? WHERE id = 'd1'`, who)
				return err
			})
		}
		must(t, c.db.write(t.Context(), func(tx tx) error {
			if err := lockFeed(t.Context(), tx); err != nil {
				return err
			}
			for _, who := range []string{"anna", "bao"} {
				g.Go(func() error { return take(who) })
			}
			return awaitWaiting(t.Context(), c, 2)
		}))
		must(t, g.Wait())
		if n := first.Load(); n != 1 {
			t.Errorf("%d found it with nobody", n)
		}
	})
}
