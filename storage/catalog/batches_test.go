package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

// member of a batch of quay-1, the i-th in it.
func memberOf(key, id string, i int) NewDeposit {
	n := given(id, "quay-1")
	n.Deposit.ReceivedAt = noon.Add(time.Duration(i) * time.Second)
	n.Batch = &dossier.Batch{Grouping: dossier.GroupPrefix, Key: key, Position: i}
	return n
}

func closeKey(t testing.TB, c *Catalog, key string) {
	t.Helper()
	must(t, c.CloseBatch(t.Context(), "quay-1", key))
}

func batchOf(t testing.TB, c *Catalog, id string) (batchID string) {
	t.Helper()
	must(t, c.db.queryRow(t.Context(), `SELECT batch_id FROM deposits WHERE id = ?`, id).Scan(&batchID))
	return batchID
}

// publishBatch publishes a batch as one dossier and returns what it was made of.
func publishBatch(t testing.TB, c *Catalog, batchID string) *Assembly {
	t.Helper()
	a, err := c.Assembly(t.Context(), batchID)
	must(t, err)
	_, err = publish(t.Context(), c, batchID)
	must(t, err)
	return a
}

// pagesOf names the pages of an assembly in their order.
func pagesOf(a *Assembly) string {
	var ids []string
	for _, p := range a.InOrder() {
		ids = append(ids, p.ID)
	}
	return strings.Join(ids, " ")
}

func TestDepositsOfOneKeyBecomeOneDossier(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, memberOf("lô 1", "d2", 2))
		takeIn(t, c, memberOf("lô 2", "e1", 1))
		first := memberOf("lô 1", "d1", 1)
		first.Batch.Facts = dossier.BatchFacts{
			Reference: "H42.16-240112-0003", Procedure: "1.004873", Fields: map[string]string{"applicant": "Nguyễn Thị Ánh"},
		}
		takeIn(t, c, first)
		read(t, c, "d1", 2)
		read(t, c, "d2", 1)
		if n := count(t, c, assembleJobsOf); n != 0 {
			t.Fatalf("%d assemble jobs before the batch was closed", n)
		}
		if _, err := c.Assembly(t.Context(), batchOf(t, c, "d1")); err == nil {
			t.Error("an open batch was assembled")
		}
		closeKey(t, c, "lô 1")
		if n := count(t, c, assembleJobsOf); n != 1 {
			t.Errorf("%d assemble jobs", n)
		}
		a := publishBatch(t, c, batchOf(t, c, "d1"))
		if got := pagesOf(a); got != "d1-1 d1-2 d2-1" {
			t.Errorf("pages %s", got)
		}
		if a.Batch.Grouping != dossier.GroupPrefix || a.Batch.Key != "lô 1" || a.Batch.Reference != "H42.16-240112-0003" ||
			a.Batch.Procedure != "1.004873" || a.Batch.Fields["applicant"] != "Nguyễn Thị Ánh" || len(a.Warnings) != 0 {
			t.Errorf("batch %+v, warnings %v", a.Batch, a.Warnings)
		}
		for id, want := range map[string]dossier.State{"d1": dossier.StatePublished, "d2": dossier.StatePublished, "e1": dossier.StateReceived} {
			if got := depositOf(t, c, id).State; got != want {
				t.Errorf("%s is %s", id, got)
			}
		}
	})
}

func TestTheLastPageAndTheCloseInEitherOrderAssembleOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, closeFirst := range []bool{true, false} {
			id := fmt.Sprintf("d%d", i)
			takeIn(t, c, memberOf(id, id, 1))
			if closeFirst {
				closeKey(t, c, id)
			}
			read(t, c, id, 2)
			if !closeFirst {
				closeKey(t, c, id)
			}
			if got := depositOf(t, c, id).State; got != dossier.StateAssembling {
				t.Errorf("closed first %v: %s", closeFirst, got)
			}
		}
		if n := count(t, c, assembleJobsOf); n != 2 {
			t.Errorf("%d assemble jobs", n)
		}
	})
}

func TestTheLastPageAndTheCloseAtOnceAssembleOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const batches = 20
		for i := range batches {
			id := fmt.Sprintf("d%d", i)
			takeIn(t, c, memberOf(id, id, 1))
			must(t, c.Split(t.Context(), Split{DepositID: id, Pages: 1}))
			var both sync.WaitGroup
			both.Go(func() {
				if err := c.PageDone(t.Context(), pageRead(id, 1)); err != nil {
					t.Error(err)
				}
			})
			both.Go(func() {
				if err := c.CloseBatch(t.Context(), "quay-1", id); err != nil {
					t.Error(err)
				}
			})
			both.Wait()
		}
		if n := count(t, c, assembleJobsOf); n != batches {
			t.Errorf("%d assemble jobs of %d batches", n, batches)
		}
	})
}

func TestAClosedBatchsKeyBeginsANewBatch(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, memberOf("k", "d1", 1))
		for range 2 { // closing twice changes nothing
			closeKey(t, c, "k")
		}
		takeIn(t, c, memberOf("k", "d2", 1))
		takeIn(t, c, memberOf("k", "d1", 1)) // handed over again after a crash
		open, err := c.OpenBatches(t.Context(), "quay-1")
		must(t, err)
		if len(open) != 1 || open[0].Key != "k" || open[0].Deposits != 1 || !open[0].OpenedAt.Equal(noon.Add(time.Second)) ||
			batchOf(t, c, "d1") == batchOf(t, c, "d2") {
			t.Errorf("open batches %+v", open)
		}
	})
}

func TestAClaimHandedOverAgainAfterItsBatchWasClosedOpensNone(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, memberOf("k", "d1", 1))
		closeKey(t, c, "k")
		takeIn(t, c, memberOf("k", "d1", 1))
		if n := count(t, c, `SELECT count(*) FROM batches`); n != 1 {
			t.Errorf("%d batches", n)
		}
	})
}

func TestTheSameKeyAtTwoStationsIsTwoBatches(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, memberOf("k", "d1", 1))
		other := memberOf("k", "d2", 1)
		other.Deposit.Station = "quay-2"
		takeIn(t, c, other)
		closeKey(t, c, "k")
		open, err := c.OpenBatches(t.Context(), "quay-2")
		must(t, err)
		if len(open) != 1 || batchOf(t, c, "d1") == batchOf(t, c, "d2") {
			t.Errorf("open at quay-2: %+v", open)
		}
	})
}

func TestAClaimThatClosesItsBatchIsItsLast(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, memberOf("k", "d1", 1))
		last := memberOf("k", "d2", 2)
		last.Batch.Closes = true
		takeIn(t, c, last)
		takeIn(t, c, memberOf("k", "d3", 3))
		if batchOf(t, c, "d1") != batchOf(t, c, "d2") || batchOf(t, c, "d2") == batchOf(t, c, "d3") {
			t.Error("the batch was not closed with its last claim")
		}
	})
}

func TestADuplicateDoesNotHoldUpItsBatch(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d0", "quay-1"))
		again := memberOf("k", "d1", 1)
		again.Deposit.SHA256, again.DuplicateWindow = "sha-of-d0", 24*time.Hour
		if got := takeIn(t, c, again); got != dossier.StateDuplicate {
			t.Errorf("taken in as %s", got)
		}
		takeIn(t, c, memberOf("k", "d2", 2))
		read(t, c, "d2", 1)
		closeKey(t, c, "k")
		a := publishBatch(t, c, batchOf(t, c, "d2"))
		if got := pagesOf(a); got != "d2-1" {
			t.Errorf("pages %s", got)
		}
	})
}

func TestABatchGoesOnWithoutARefusedFileAndSaysSo(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		large := memberOf("k", "large", 1)
		large.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
		takeIn(t, c, large)
		for i, id := range []string{"d2", "d3"} {
			takeIn(t, c, memberOf("k", id, i+2))
		}
		read(t, c, "d2", 1)
		must(t, c.Reject(t.Context(), "d3", dossier.Reject(dossier.CodeDamaged, ""), ""))
		closeKey(t, c, "k")
		a := publishBatch(t, c, batchOf(t, c, "d2"))
		if got := pagesOf(a); got != "d2-1" || !slices.Equal(a.Warnings, []string{dossier.WarnFileRefused}) {
			t.Errorf("pages %s, warnings %v", got, a.Warnings)
		}
	})
}

func TestABatchOfWhichNothingIsLeftEndsAndIsCounted(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d0", "quay-1"))
		duplicate := memberOf("duplicates", "d1", 1)
		duplicate.Deposit.SHA256, duplicate.DuplicateWindow = "sha-of-d0", 24*time.Hour
		takeIn(t, c, duplicate)
		for i, id := range []string{"d2", "d3"} {
			takeIn(t, c, memberOf("refused", id, i+1))
			must(t, c.Reject(t.Context(), id, dossier.Reject(dossier.CodeDamaged, ""), ""))
		}
		takeIn(t, c, memberOf("collecting", "d4", 1))
		takeIn(t, c, memberOf("refused later", "d5", 1))
		for _, key := range []string{"duplicates", "refused", "refused later"} {
			closeKey(t, c, key)
		}
		must(t, c.Reject(t.Context(), "d5", dossier.Reject(dossier.CodeDamaged, ""), ""))
		s, err := c.Status(t.Context(), Everything())
		must(t, err)
		got := s.Stations[0]
		if got.Batches[BatchRejected] != 3 || got.Batches[BatchCollecting] != 1 || !got.OldestBatch.Equal(noon.Add(time.Second)) {
			t.Errorf("batches %+v, oldest %v", got.Batches, got.OldestBatch)
		}
		if n := count(t, c, assembleJobsOf); n != 0 {
			t.Errorf("%d assemble jobs", n)
		}
	})
}

func ticketOf(key, id string) NewDeposit {
	n := memberOf(key, id, 0)
	n.Batch.Grouping, n.Batch.Ticket = dossier.GroupTicket, true
	return n
}

func TestATicketIsKeptWithItsBatchAndNeverRead(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		if got := takeIn(t, c, ticketOf("k", "ticket")); got != dossier.StateAssembling {
			t.Errorf("taken in as %s", got)
		}
		takeIn(t, c, memberOf("k", "d1", 1))
		read(t, c, "d1", 1)
		closeKey(t, c, "k")
		a := publishBatch(t, c, batchOf(t, c, "d1"))
		if len(a.Documents) != 1 || len(a.Tickets) != 1 || a.Tickets[0].ID != "ticket" {
			t.Errorf("%d documents, tickets %+v", len(a.Documents), a.Tickets)
		}
		if got := depositOf(t, c, "ticket"); got.State != dossier.StatePublished || !slices.Equal(got.Dossiers, depositOf(t, c, "d1").Dossiers) {
			t.Errorf("the ticket: %+v", got)
		}
	})
}

func TestATicketWhoseFilesWereAllRefusedIsLeftToBeRefused(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, ticketOf("k", "ticket"))
		takeIn(t, c, memberOf("k", "d1", 1))
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
		closeKey(t, c, "k")
		if n := count(t, c, assembleJobsOf); n != 1 {
			t.Errorf("%d assemble jobs", n)
		}
		batch := batchOf(t, c, "ticket")
		a, err := c.Assembly(t.Context(), batch)
		must(t, err)
		if a == nil || len(a.Documents) != 0 || len(a.Tickets) != 1 {
			t.Fatalf("assembly %+v", a)
		}
		must(t, c.Reject(t.Context(), "ticket", dossier.Reject(dossier.CodeNoPages, ""), ""))
		if a, err := c.Assembly(t.Context(), batch); a != nil || err != nil {
			t.Errorf("assembly %+v, %v", a, err)
		}
	})
}

func TestARequeuedDepositComesBackToABatchThatStillCollects(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		first := memberOf("k", "d1", 1)
		first.Batch.Facts.Reference = "H42.16-240112-0003"
		takeIn(t, c, first)
		takeIn(t, c, memberOf("k", "d2", 2))
		for _, id := range []string{"d1", "d2"} {
			must(t, c.Reject(t.Context(), id, dossier.Reject(dossier.CodeDamaged, ""), ""))
		}
		must(t, requeueOne(t.Context(), c, "d1"))
		read(t, c, "d1", 1)
		batch := batchOf(t, c, "d1")
		if batch != batchOf(t, c, "d2") {
			t.Error("it did not come back to its batch")
		}
		closeKey(t, c, "k")
		_, err := publish(t.Context(), c, batch)
		must(t, err)
		must(t, requeueOne(t.Context(), c, "d2"))
		read(t, c, "d2", 1)
		a := publishBatch(t, c, batchOf(t, c, "d2"))
		if a.BatchID == batch || a.Batch.Reference != "H42.16-240112-0003" || a.Batch.Grouping != dossier.GroupFile {
			t.Errorf("assembly %+v", a)
		}
	})
}

func TestPagesLieInTheOrderOfTheirGrouping(t *testing.T) {
	type file struct {
		id, name  string
		position  int
		pages     int
		isRefused bool
	}
	tests := map[string]struct {
		grouping    dossier.Grouping
		interleaved bool
		files       []file // in the order of reception
		want        string
		warnings    []string
	}{
		"a folder's files by name": {
			dossier.GroupFolder, false,
			[]file{{"a", "scan10.jpg", 0, 1, false}, {"b", "scan9.jpg", 0, 2, false}, {"c", "Bìa.jpg", 0, 1, false}},
			"c-1 b-1 b-2 a-1", nil,
		},
		"a prefix's by page, then by name": {
			dossier.GroupPrefix, false,
			[]file{{"a", "x_10.jpg", 10, 1, false}, {"b", "x_2b.jpg", 2, 1, false}, {"c", "x_2a.jpg", 2, 1, false}},
			"c-1 b-1 a-1", nil,
		},
		"a ticket's in the order of the ticket": {
			dossier.GroupTicket, false,
			[]file{{"a", "1.jpg", 2, 1, false}, {"b", "2.jpg", 1, 1, false}},
			"b-1 a-1", nil,
		},
		"a stream's as they came": {
			dossier.GroupSeparator, false,
			[]file{{"a", "2.jpg", 0, 1, false}, {"b", "1.jpg", 0, 1, false}},
			"a-1 b-1", nil,
		},
		"fronts and backs in turn": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 3, false}, {"b", "2", 0, 3, false}, {"c", "3", 0, 1, false}, {"d", "4", 0, 1, false}},
			"a-1 b-3 a-2 b-2 a-3 b-1 c-1 d-1", nil,
		},
		"sides in files of their own": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 1, false}, {"b", "2", 0, 1, false}, {"c", "3", 0, 1, false}, {"d", "4", 0, 1, false}},
			"a-1 d-1 b-1 c-1", nil,
		},
		"an odd number of sides": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 1, false}, {"b", "2", 0, 1, false}, {"c", "3", 0, 1, false}},
			"a-1 b-1 c-1",
			[]string{dossier.WarnSidesUnpaired},
		},
		"a refused side keeps the others paired": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 1, false}, {"b", "2", 0, 1, false}, {"c", "3", 0, 1, true}, {"d", "4", 0, 1, false}},
			"a-1 d-1 b-1",
			[]string{dossier.WarnFileRefused},
		},
		"fronts without as many backs": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 2, false}, {"b", "2", 0, 1, false}, {"c", "3", 0, 1, false}, {"d", "4", 0, 1, false}},
			"a-1 a-2 b-1 c-1 d-1",
			[]string{dossier.WarnSidesUnpaired},
		},
		"refused backs keep the others paired": {
			dossier.GroupSeparator, true,
			[]file{{"a", "1", 0, 2, false}, {"b", "2", 0, 1, true}, {"c", "3", 0, 2, false}, {"d", "4", 0, 2, false}},
			"a-1 a-2 c-1 d-2 c-2 d-1",
			[]string{dossier.WarnSidesUnpaired, dossier.WarnFileRefused},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			withCatalogue(t, func(t *testing.T, c *Catalog) {
				for i, f := range tt.files {
					n := memberOf("k", f.id, i)
					n.Deposit.Name = f.name
					n.Batch = &dossier.Batch{Grouping: tt.grouping, Key: "k", Position: f.position, FrontsThenBacks: tt.interleaved}
					takeIn(t, c, n)
					if f.isRefused {
						must(t, c.Reject(t.Context(), f.id, dossier.Reject(dossier.CodeDamaged, ""), ""))
					} else {
						read(t, c, f.id, f.pages)
					}
				}
				closeKey(t, c, "k")
				a, err := c.Assembly(t.Context(), tt.files[0].id)
				must(t, err)
				if got := pagesOf(a); got != tt.want || !slices.Equal(a.Warnings, tt.warnings) {
					t.Errorf("pages %s, warnings %v", got, a.Warnings)
				}
			})
		})
	}
}

func TestNamesAreComparedAsPeopleDo(t *testing.T) {
	sorted := []string{"", "9.jpg", "10.jpg", "a", "a1", "a01b", "a2", "a10", "b"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := naturally(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%q and %q: %d", a, b, got)
			}
		}
	}
}

// Whatever is done with batches in whatever order: each page is in one dossier at most, and once everything is closed and read
// every deposit that was neither refused nor a duplicate is in one.
func TestNoPageOfABatchIsInTwoDossiersOrNone(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		run := 0
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &batchMachine{machine{t: rt, c: c, run: run, ends: map[string]int{}}}
			rt.Repeat(map[string]func(*rapid.T){
				"take in": m.takeIn, "close": m.close, "split": m.split, "page": m.page, "reject": m.reject, "requeue": m.requeue,
				"assemble": m.assemble, "": m.check,
			})
			m.finish(rt)
		})
	})
}

type batchMachine struct{ machine }

func (m *batchMachine) key(t *rapid.T) string {
	return fmt.Sprintf("%d-%d", m.run, rapid.IntRange(0, 2).Draw(t, "key"))
}

func (m *batchMachine) takeIn(t *rapid.T) {
	n := memberOf(m.key(t), fmt.Sprintf("b%d-%d", m.run, rapid.IntRange(0, 7).Draw(t, "id")), rapid.IntRange(1, 3).Draw(t, "position"))
	n.Deposit.SHA256 = fmt.Sprintf("sha-b-%d-%d", m.run, rapid.IntRange(0, 6).Draw(t, "bytes"))
	n.DuplicateWindow = time.Hour
	n.Batch.Closes = rapid.IntRange(0, 9).Draw(t, "closes") == 0
	_, err := m.c.Deposit(context.Background(), n.Deposit.ID)
	if errors.Is(err, ErrNotFound) {
		m.ids = append(m.ids, n.Deposit.ID)
	}
	_, err = m.c.TakeIn(context.Background(), n)
	m.no(t, err)
}

func (m *batchMachine) close(t *rapid.T) {
	m.no(t, m.c.CloseBatch(context.Background(), "quay-1", m.key(t)))
}

func (m *batchMachine) assemble(t *rapid.T) {
	id := m.any(t)
	if m.state(t, id) != dossier.StateAssembling {
		t.Skip("not read")
	}
	_, err := publish(context.Background(), m.c, m.batch(t, id))
	m.no(t, err)
}

func (m *batchMachine) check(t *rapid.T) {
	ctx := context.Background()
	var wrong int
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM batches b WHERE b.open_pages <>
		(SELECT count(*) FROM pages p WHERE p.batch_id = b.id AND p.state IN ('waiting', 'queued'))`).Scan(&wrong))
	if wrong > 0 {
		t.Fatalf("%d batches count their open pages wrongly", wrong)
	}
	s, err := m.c.Status(ctx, Everything())
	m.no(t, err)
	var batches, counted int
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM batches WHERE grouping <> 'file'`).Scan(&batches))
	for _, st := range s.Stations {
		for _, n := range st.Batches {
			counted += n
		}
	}
	if counted != batches {
		t.Fatalf("%d batches are counted of %d", counted, batches)
	}
}

// finish closes, reads and assembles everything, as the watcher and the jobs would, and looks where each deposit went.
func (m *batchMachine) finish(t *rapid.T) {
	ctx := context.Background()
	for i := range 3 {
		m.no(t, m.c.CloseBatch(ctx, "quay-1", fmt.Sprintf("%d-%d", m.run, i)))
	}
	for _, id := range m.ids {
		m.no(t, m.c.Split(ctx, Split{DepositID: id, Pages: 1}))
		for n := 1; n <= 4; n++ {
			m.no(t, m.c.PageDone(ctx, pageRead(id, n)))
		}
	}
	dossiers := map[string]bool{}
	for _, id := range m.ids {
		d, err := m.c.Deposit(ctx, id)
		m.no(t, err)
		if d.State == dossier.StateRejected || d.State == dossier.StateDuplicate {
			continue
		}
		if d.State == dossier.StateAssembling {
			a, err := publish(ctx, m.c, m.batch(t, id))
			m.no(t, err)
			if dossiers[a.Dossier.Code] {
				t.Fatalf("dossier %s was published twice", a.Dossier.Code)
			}
			dossiers[a.Dossier.Code] = true
		}
		if d, err = m.c.Deposit(ctx, id); err != nil || d.State != dossier.StatePublished || len(d.Dossiers) != 1 {
			t.Fatalf("%s is in no dossier: %s, %v", id, d.State, err)
		}
	}
	var open, jobless int
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM batches WHERE state = 'open'`).Scan(&open))
	m.no(t, m.c.db.queryRow(ctx, `SELECT count(*) FROM deposits WHERE state = 'published' AND batch_id NOT IN
		(SELECT revision_id FROM versions WHERE state = 'published')`).Scan(&jobless))
	if open > 0 || jobless > 0 {
		t.Fatalf("%d batches did not end, %d published deposits are in no version", open, jobless)
	}
}

func TestTwoProcessesOpenOneBatchForAKey(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg Config) {
		const keys, each = 4, 20
		var wg sync.WaitGroup
		for p := range 2 {
			c := open(t, cfg)
			for k := range keys {
				wg.Go(func() {
					for i := range each {
						n := memberOf(fmt.Sprintf("k%d", (k+i)%keys), fmt.Sprintf("d%d-%d-%d", p, k, i), i)
						if i%5 == 0 { // its event locks the feed, while others wait for the batches
							n.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
						}
						if _, err := c.TakeIn(t.Context(), n); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		c := open(t, cfg)
		batches := count(t, c, `SELECT count(*) FROM batches`)
		joined := count(t, c, `SELECT count(*) FROM deposits d JOIN batches b ON b.id = d.batch_id`)
		if batches != keys || joined != 2*keys*each {
			t.Errorf("%d batches with %d deposits", batches, joined)
		}
	})
}

func TestADepositThatComesWhileItsBatchIsClosedIsInOneOfTheTwo(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const deposits = 40
		var wg sync.WaitGroup
		wg.Go(func() {
			for i := range deposits {
				if _, err := c.TakeIn(t.Context(), memberOf("k", fmt.Sprintf("d%d", i), i)); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Go(func() {
			for range deposits {
				if err := c.CloseBatch(t.Context(), "quay-1", "k"); err != nil {
					t.Error(err)
				}
			}
		})
		wg.Wait()
		closeKey(t, c, "k")
		in := 0
		for i := range deposits {
			id := fmt.Sprintf("d%d", i)
			read(t, c, id, 1)
		}
		for i := range deposits {
			v, err := publish(t.Context(), c, batchOf(t, c, fmt.Sprintf("d%d", i)))
			must(t, err)
			if v != nil {
				in += v.Plan.Pages() // one of each
			}
		}
		if in != deposits || count(t, c, `SELECT count(*) FROM batches WHERE state <> 'published'`) != 0 {
			t.Errorf("%d of %d deposits are in dossiers", in, deposits)
		}
	})
}
