package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

// streamed is the i-th file of quay-1's stream.
func streamed(id string, i int) NewDeposit {
	n := memberOf("stream", id, i)
	n.Batch = &dossier.Batch{Grouping: dossier.GroupSeparator, Key: "stream"}
	return n
}

// begins reads a sheet by which another dossier begins.
func begins(t testing.TB, c *Catalog, id string) {
	t.Helper()
	must(t, c.Split(t.Context(), Split{DepositID: id, Pages: 1}))
	d := pageRead(id, 1)
	d.Sheet = SheetBegins
	must(t, c.PageDone(t.Context(), d))
}

// stands tells of each batch its deposits, open pages and whether it is closed: "d1 d2 1 closed".
func stands(t testing.TB, c *Catalog) string {
	t.Helper()
	ids, err := collect(t.Context(), c.db, scanOne[string], `SELECT id FROM batches ORDER BY opened_at, id`)
	must(t, err)
	var all []string
	for _, id := range ids {
		deposits, err := collect(t.Context(), c.db, scanOne[string], `SELECT id FROM deposits WHERE batch_id = ? ORDER BY received_at, id`, id)
		must(t, err)
		var open, closed int
		must(t, c.db.queryRow(t.Context(), `SELECT open_pages, closed FROM batches WHERE id = ?`, id).Scan(&open, &closed))
		all = append(all, fmt.Sprintf("%s %d%s", strings.Join(deposits, " "), open, []string{"", " closed"}[closed]))
	}
	return strings.Join(all, ", ")
}

func TestAStreamIsCutWhenASlipOfItIsRead(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2", "d3", "d4"} {
			takeIn(t, c, streamed(id, i))
		}
		read(t, c, "d1", 2)
		begins(t, c, "d1") // what is first has nothing before it
		begins(t, c, "d3")
		if got := stands(t, c); got != "d1 d2 1 closed, d3 d4 1" {
			t.Errorf("after the slip: %s", got)
		}
		if n := count(t, c, assembleJobsOf); n != 0 {
			t.Errorf("%d assemble jobs before what was cut off is read", n)
		}
		read(t, c, "d2", 1)
		if n := count(t, c, assembleJobsOf); n != 1 {
			t.Errorf("%d assemble jobs", n)
		}
		if got := pagesOf(publishBatch(t, c, "d1")); got != "d1-1 d1-2 d2-1" {
			t.Errorf("pages %s", got)
		}
		takeIn(t, c, streamed("d5", 5))
		if got := stands(t, c); got != "d1 d2 0 closed, d3 d4 d5 2" {
			t.Errorf("afterwards: %s", got)
		}
		open, err := c.OpenBatches(t.Context(), "quay-1")
		if err != nil || len(open) != 1 || open[0].Key != "stream" || open[0].Deposits != 3 {
			t.Errorf("%+v, %v", open, err)
		}
		closeKey(t, c, "stream")
		read(t, c, "d4", 1)
		read(t, c, "d5", 1)
		if got := pagesOf(publishBatch(t, c, "d3")); got != "d3-1 d4-1 d5-1" {
			t.Errorf("pages %s", got)
		}
	})
}

func TestALaterSlipMayBeReadFirst(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2", "d3", "d4", "d5"} {
			takeIn(t, c, streamed(id, i))
		}
		begins(t, c, "d4")
		begins(t, c, "d2")
		if got := stands(t, c); got != "d1 d2 d3 d4 d5 3" {
			t.Errorf("while nothing is known to lie before them: %s", got)
		}
		read(t, c, "d3", 1)
		read(t, c, "d1", 1)
		if got := stands(t, c); got != "d1 0 closed, d2 d3 0 closed, d4 d5 1" {
			t.Errorf("%s", got)
		}
		closeKey(t, c, "stream")
		begins(t, c, "d5") // no paper lies between
		for _, id := range []string{"d1", "d2", "d4"} {
			publishBatch(t, c, batchOf(t, c, id))
		}
		if n := count(t, c, `SELECT count(*) FROM versions WHERE state = 'published'`); n != 3 {
			t.Errorf("%d dossiers", n)
		}
	})
}

func TestAFileThatIsRecordedLateJoinsWhatWasCutOff(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, i := range []int{1, 5, 7} {
			takeIn(t, c, streamed(fmt.Sprintf("d%d", i), i))
		}
		for _, id := range []string{"d1", "d5"} {
			must(t, c.Split(t.Context(), Split{DepositID: id, Pages: 3}))
		}
		begins(t, c, "d7")
		begins(t, c, "d5")
		must(t, c.PageDone(t.Context(), pageRead("d5", 2)))
		must(t, c.PageDone(t.Context(), pageRead("d1", 2)))
		takeIn(t, c, streamed("d6", 6))
		takeIn(t, c, streamed("d2", 2))
		if got := stands(t, c); got != "d1 d2 3 closed, d5 d6 2 closed, d7 0" {
			t.Errorf("%s", got)
		}
		read(t, c, "d1", 3)
		read(t, c, "d2", 1)
		publishBatch(t, c, "d1")
		takeIn(t, c, streamed("d3", 3)) // too late for the first: it is not lost
		if got := stands(t, c); got != "d1 d2 0 closed, d5 d6 2 closed, d3 d7 1" {
			t.Errorf("%s", got)
		}
	})
}

func TestOnlyAStreamIsCut(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2"} {
			n := streamed(id, i)
			n.Batch.FrontsThenBacks = true
			takeIn(t, c, n)
			takeIn(t, c, memberOf("k", "p"+id, i))
		}
		read(t, c, "d1", 1)
		read(t, c, "pd1", 1)
		begins(t, c, "d2")
		begins(t, c, "pd2")
		if got := stands(t, c); got != "d1 d2 0, pd1 pd2 0" {
			t.Errorf("%s", got)
		}
	})
}

func TestSheetsAndBlankPagesAloneAreNotCutOff(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2", "d3", "d4"} {
			takeIn(t, c, streamed(id, i))
		}
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
		must(t, c.Split(t.Context(), Split{DepositID: "d2", Pages: 1}))
		blank := pageRead("d2", 1)
		blank.Blank = true
		must(t, c.PageDone(t.Context(), blank))
		begins(t, c, "d3")
		begins(t, c, "d4")
		if got := stands(t, c); got != "d1 d2 d3 d4 0" {
			t.Errorf("%s", got)
		}
	})
}

func TestWhatIsCutOffAndAllRefusedIsAtItsEnd(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2", "d3"} {
			takeIn(t, c, streamed(id, i))
		}
		must(t, c.Split(t.Context(), Split{DepositID: "d2", Pages: 3}))
		slip := pageRead("d2", 1)
		slip.Sheet = SheetBegins
		must(t, c.PageDone(t.Context(), slip))
		for _, id := range []string{"d2", "d3"} {
			must(t, c.Reject(t.Context(), id, dossier.Reject(dossier.CodeDamaged, ""), ""))
		}
		must(t, c.CloseBatch(t.Context(), "quay-1", "stream"))
		published(t, c, "d1")
		if n := count(t, c, `SELECT count(*) FROM batches WHERE state = 'open'`); n != 0 {
			t.Errorf("%d batches never end", n)
		}
	})
}

// streamMachine does with a stream what batchMachine does with batches of all keys, in any order.
type streamMachine struct {
	batchMachine
	begins map[string]bool // by deposit
}

func (m *streamMachine) streamed(t *rapid.T) {
	i := rapid.IntRange(0, 9).Draw(t, "id")
	n := streamed(fmt.Sprintf("s%d-%d", m.run, i), i)
	n.Batch.Key = fmt.Sprintf("%d-0", m.run)
	if _, err := m.c.Deposit(context.Background(), n.Deposit.ID); errors.Is(err, ErrNotFound) {
		m.ids = append(m.ids, n.Deposit.ID)
		m.begins[n.Deposit.ID] = rapid.IntRange(0, 2).Draw(t, "begins") == 0
	}
	_, err := m.c.TakeIn(context.Background(), n)
	m.no(t, err)
}

func (m *streamMachine) page(t *rapid.T) {
	id := m.any(t)
	if m.state(t, id) == dossier.StateReceived {
		t.Skip("not split")
	}
	d := pageRead(id, rapid.IntRange(1, 4).Draw(t, "page"))
	if m.begins[id] && strings.HasSuffix(d.PageID, "-1") {
		d.Sheet = SheetBegins
	}
	m.no(t, m.c.PageDone(context.Background(), d))
}

func (m *streamMachine) check(t *rapid.T) {
	m.batchMachine.check(t)
	var astray, collecting int
	m.no(t, m.c.db.queryRow(context.Background(), `SELECT count(*) FROM pages p JOIN deposits d ON d.id = p.deposit_id
		WHERE p.batch_id <> d.batch_id`).Scan(&astray))
	m.no(t, m.c.db.queryRow(context.Background(), `SELECT count(*) FROM batches WHERE closed = 0 AND station = 'quay-1' AND group_key = ?`,
		fmt.Sprintf("%d-0", m.run)).Scan(&collecting))
	if astray > 0 || collecting > 1 {
		t.Fatalf("%d pages are in another batch than their deposit, %d batches collect", astray, collecting)
	}
}

// In whatever order files are recorded, read, refused and closed: each page of a stream is in one dossier.
func TestNoPageOfAStreamIsInTwoDossiersOrNone(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		run := 1000
		rapid.Check(t, func(rt *rapid.T) {
			run++
			m := &streamMachine{batchMachine{machine{t: rt, c: c, run: run, ends: map[string]int{}}}, map[string]bool{}}
			rt.Repeat(map[string]func(*rapid.T){
				"take in": m.streamed, "more": m.streamed, "close": m.close, "split": m.split, "page": m.page, "and page": m.page,
				"reject": m.reject, "requeue": m.requeue, "assemble": m.assemble, "": m.check,
			})
			m.finish(rt)
		})
	})
}

func TestAStreamIsCutWhileFilesComeAndPagesAreRead(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const files, each = 30, 3 // every third one is a slip
		c.SetSubscribers(nil)
		done := make(chan struct{})
		stop := start(t, c, 4, &slipClerk{clerk{c: c}, each})
		go func() {
			defer close(done)
			for i := range files {
				if _, err := c.TakeIn(context.Background(), streamed(fmt.Sprintf("d%02d", i), i)); err != nil {
					t.Error(err)
				}
			}
			if err := c.CloseBatch(context.Background(), "quay-1", "stream"); err != nil {
				t.Error(err)
			}
		}()
		receive(t, done)
		for deadline := time.Now().Add(patience); count(t, c, `SELECT count(*) FROM deposits WHERE state = 'published'`) < files; {
			if time.Now().After(deadline) {
				t.Fatalf("not published: %s", stands(t, c))
			}
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		plans, err := collect(t.Context(), c.db, scanOne[string], `SELECT plan FROM versions WHERE state = 'published' ORDER BY plan`)
		must(t, err)
		var got []string
		for _, text := range plans {
			plan, err := fromJSON[Plan](text)
			must(t, err)
			got = append(got, strings.Join(plan.rendition(), " "))
		}
		var want []string
		for i := 0; i < files; i += each {
			want = append(want, fmt.Sprintf("d%02d-1 d%02d-1 d%02d-1", i, i+1, i+2))
		}
		if !slices.Equal(got, want) {
			t.Errorf("dossiers %q", got)
		}
	})
}

// slipClerk reads every so many-th file as a slip.
type slipClerk struct {
	clerk
	each int
}

func (w *slipClerk) Page(ctx context.Context, p PageKey) error {
	var i int
	if _, err := fmt.Sscanf(p.Deposit.ID, "d%d", &i); err != nil {
		return err
	}
	d := pageRead(p.Deposit.ID, p.Number)
	d.Split = &Split{DepositID: p.Deposit.ID, Pages: 1}
	if i%w.each == 0 {
		d.Sheet = SheetBegins
	}
	return w.c.PageDone(ctx, d)
}
