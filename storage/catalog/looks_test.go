package catalog

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func lookAt(page, pages int, verdicts ...dossier.VerdictCode) dossier.Look {
	return dossier.Look{Page: page, Pages: pages, Verdicts: verdicts}
}

func receiptOf(t *testing.T, c *Catalog, id string) dossier.ReceiptFile {
	t.Helper()
	r, err := c.Receipt(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Files) != 1 || r.Name != r.Files[0].Deposit.Name {
		t.Fatalf("got %+v", r)
	}
	return r.Files[0]
}

func TestAReceiptIsDueWhenALookHasSomethingNewAndUntilItIsWritten(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		due := func() int {
			t.Helper()
			all, err := c.Receipts(t.Context(), "quay-1", 10)
			must(t, err)
			return len(all)
		}
		if n := due(); n != 0 {
			t.Errorf("%d are due before the first look", n)
		}
		must(t, c.AddLook(t.Context(), "a", lookAt(1, 3), true))
		first := receiptOf(t, c, "a")
		must(t, c.AddLook(t.Context(), "a", lookAt(2, 3), true)) // nothing to tell
		if again := receiptOf(t, c, "a"); again.Change != first.Change || due() != 1 {
			t.Errorf("%d changes, then %d", first.Change, again.Change)
		}
		must(t, c.AddLook(t.Context(), "a", lookAt(3, 3, dossier.VerdictBlurred), true))
		must(t, c.ReceiptWritten(t.Context(), "a", first.Change))
		if n := due(); n != 1 {
			t.Errorf("%d are due after what was told has changed", n)
		}
		must(t, c.LooksDone(t.Context(), "a", nil))
		last := receiptOf(t, c, "a")
		if !last.Looked || len(last.Looks) != 3 || !slices.Equal(last.Looks[2].Verdicts, []dossier.VerdictCode{dossier.VerdictBlurred}) {
			t.Errorf("got %+v", last)
		}
		must(t, c.ReceiptWritten(t.Context(), "a", last.Change))
		if n := due(); n != 0 {
			t.Errorf("%d are due at the end", n)
		}
	})
}

func TestARescanIsAdvisedOnceForADeposit(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		advised := []dossier.Verdict{{Page: 2, Code: dossier.VerdictBlurred, Message: "blurred"}}
		for range 2 {
			must(t, c.LooksDone(t.Context(), "a", advised))
		}
		must(t, c.Reject(t.Context(), "a", dossier.Reject(dossier.CodeDamaged, ""), "damaged"))
		var events []dossier.Event
		feed, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		for _, one := range feed {
			var e dossier.Event
			must(t, json.Unmarshal(one.Body, &e))
			events = append(events, e)
		}
		if len(events) != 2 || events[0].Type != dossier.EventRescanAdvised || events[0].Sequence != 1 ||
			!slices.Equal(events[0].Data.Deposit.Verdicts, advised) || events[1].Sequence != 2 {
			t.Errorf("got %+v", events)
		}
	})
}

func TestWhatTheReadingKnowsIsAddedToTheLook(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		must(t, c.AddLook(t.Context(), "a", lookAt(1, 3), true))
		must(t, c.AddLook(t.Context(), "a", dossier.Look{Page: 2, Pages: 3, Rotation: 90}, true))
		must(t, c.AddLook(t.Context(), "a", dossier.Look{Page: 3, Pages: 3, Skipped: "the page has to be drawn"}, false))
		must(t, c.Split(t.Context(), Split{DepositID: "a", Pages: 3}))
		for n, rotation := range map[int]int{1: 180, 2: 90, 3: 0} {
			d := pageRead("a", n)
			d.Rotation, d.Blank = rotation, n == 3
			must(t, c.PageDone(t.Context(), d))
		}
		looks := receiptOf(t, c, "a").Looks
		want := [][]dossier.VerdictCode{{dossier.VerdictUpsideDown}, nil, {dossier.VerdictBlank}}
		for i, l := range looks {
			if !slices.Equal(l.Verdicts, want[i]) || l.Thumb != (i < 2) {
				t.Errorf("page %d: %+v", i+1, l)
			}
		}
	})
}

func TestWhatIsSeenOfPagesAsTheyAreReadIsToldOnceWithTheirVersion(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		must(t, c.AddLook(t.Context(), "a", dossier.Look{Page: 1, Pages: 2, Skipped: "the page has to be drawn"}, false))
		must(t, c.LooksDone(t.Context(), "a", nil))
		must(t, c.Split(t.Context(), Split{DepositID: "a", Pages: 2}))
		dark := []dossier.Verdict{{Page: 2, Code: dossier.VerdictTooDark, Message: "too dark"}}
		for n, look := range map[int]dossier.Look{1: lookAt(1, 2), 2: lookAt(2, 2, dossier.VerdictTooDark)} {
			d := pageRead("a", n)
			d.Look, d.Thumb = &look, true
			if n == 2 {
				d.Advised = dark
			}
			must(t, c.PageDone(t.Context(), d))
		}
		must(t, c.AddLook(t.Context(), "a", dossier.Look{Page: 2, Pages: 2, Skipped: "the page has to be drawn"}, false)) // looked at late
		v, err := reserveWhole(t.Context(), c, "a")
		must(t, err)
		publishGaps(t, c, v, gapAt("a-2", 2))
		if told := gapsTold(t, c); len(told) != 1 || !slices.Equal(told[0], []dossier.Verdict{gapAt("a-2", 2).Verdict, dark[0]}) {
			t.Errorf("told %+v", told)
		}
		want := [][]dossier.VerdictCode{nil, {dossier.VerdictPageGap, dossier.VerdictTooDark}}
		if got := verdictsOf(t, c); !slices.EqualFunc(got, want, slices.Equal[[]dossier.VerdictCode]) || !receiptOf(t, c, "a").Looks[1].Thumb {
			t.Errorf("the receipt says %v", got)
		}
		made, err := c.Decide(t.Context(), v.Dossier.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		publishGaps(t, c, &versions[0], gapAt("a-2", 2))
		if told := gapsTold(t, c); len(told) != 1 {
			t.Errorf("told again: %+v", told)
		}
	})
}

func TestWhatADeadProcessLeftUnlookedIsFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"a", "b", "c"} {
			takeIn(t, c, given(id, "quay-1"))
		}
		must(t, c.LooksDone(t.Context(), "b", nil))
		must(t, c.Reject(t.Context(), "c", dossier.Reject(dossier.CodeDamaged, ""), ""))
		left, err := c.Unlooked(t.Context())
		must(t, err)
		if len(left) != 1 || left[0].ID != "a" {
			t.Errorf("got %+v", left)
		}
	})
}

func TestAReceiptNamesSlipsOnceThePagesAreCounted(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		bad := func(id string) {
			must(t, c.AddLook(t.Context(), id, lookAt(1, 1, dossier.VerdictBlurred), false))
		}
		slipOf := func(id string) string {
			r, err := c.Receipt(t.Context(), id)
			must(t, err)
			for _, f := range r.Files {
				if f.Deposit.ID == id {
					return f.Looks[0].Slip
				}
			}
			return "?"
		}
		takeIn(t, c, given("a", "quay-1"))
		bad("a")
		if got := slipOf("a"); got != "a:1" {
			t.Errorf("of a file of its own: %q", got)
		}
		takeIn(t, c, memberOf("b1", "d2", 2))
		takeIn(t, c, memberOf("b1", "d1", 1))
		bad("d2")
		read(t, c, "d1", 3)
		read(t, c, "d2", 1)
		if got := slipOf("d2"); got != "" {
			t.Errorf("while the batch collects: %q", got)
		}
		closeKey(t, c, "b1")
		publishBatch(t, c, "d2")
		if got := slipOf("d2"); got != "d2:4" {
			t.Errorf("of a published batch: %q", got)
		}
		if page, err := c.PageOfBatch(t.Context(), "z", "d2", 4); page != "d2-1" || err != nil {
			t.Errorf("it names %q, %v", page, err)
		}
	})
}

func TestATicketThatIsRefusedByItselfIsToldOfWithoutAReceipt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("a", "quay-1")
		n.Batch = &dossier.Batch{Grouping: dossier.GroupTicket, Key: "k", Ticket: true, Closes: true}
		takeIn(t, c, n) // the files that it lists were duplicates
		must(t, c.Reject(t.Context(), "a", dossier.Reject(dossier.CodeNoPages, ""), ""))
		notices, err := c.Notices(t.Context(), "quay-1", 10)
		must(t, err)
		r, err := c.Receipt(t.Context(), "a")
		if err != nil || len(notices) != 1 || len(r.Files) > 0 {
			t.Errorf("%+v, %+v, %v", notices, r, err)
		}
	})
}

func TestWhatTheReadingKnowsLeavesTheLookAsItIs(t *testing.T) {
	found := append(make([]dossier.VerdictCode, 0, 2), dossier.VerdictBlank)
	all := verdicts(&dossier.Look{Verdicts: found}, 180, false)
	if want := []dossier.VerdictCode{dossier.VerdictUpsideDown, dossier.VerdictBlank}; !slices.Equal(all, want) || found[0] != dossier.VerdictBlank {
		t.Errorf("%q of a look that has %q then", all, found)
	}
}
