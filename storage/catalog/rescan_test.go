package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// scannedAgain reserves and publishes a batch as one that replaces a page and has nothing else.
func scannedAgain(t testing.TB, c *Catalog, batchID string, r Replacement) []Version {
	t.Helper()
	versions, err := c.Reserve(t.Context(), batchID, []Part{{Replaces: []Replacement{r}}})
	must(t, err)
	p := Published{Revision: batchID}
	for i := range versions {
		p.Versions = append(p.Versions, publishedOf(&versions[i]))
	}
	must(t, c.Publish(t.Context(), p))
	return versions
}

func TestANewScanMakesTheNextVersionOfTheDossierThatHoldsThePage(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, given("d2", "quay-2"))
		read(t, c, "d2", 2) // a slip and the page
		page, err := c.PageOfBatch(t.Context(), "d2", "d1", 2)
		if err != nil || page != "d1-2" {
			t.Fatalf("page %q, %v", page, err)
		}
		if ok, err := c.Replaceable(t.Context(), dossier.BatchFacts{}, page); !ok || err != nil {
			t.Fatalf("%v, %v", ok, err)
		}
		versions := scannedAgain(t, c, "d2", Replacement{Page: page, By: []string{"d2-2"}, LeftOut: []LeftOut{{Page: "d2-1", Reason: "slip", Before: 1}}})
		if len(versions) != 1 || versions[0].Number != 2 || versions[0].Dossier.Code != a.Dossier.Code {
			t.Fatalf("%+v", versions)
		}
		if v := versions[0]; len(v.Replaced) != 1 || v.Replaced[0].Page != 2 || !slices.Equal(v.Plan.rendition(), []string{"d1-1", "d2-2", "d1-3"}) {
			t.Errorf("%+v", versions[0])
		}
		r, err := c.Record(t.Context(), a.Dossier.Code, Everything())
		must(t, err)
		var said rescans
		if len(r.Decisions) != 1 || json.Unmarshal(r.Decisions[0].Decision, &said) != nil {
			t.Fatalf("%+v", r.Decisions)
		}
		if d := r.Decisions[0]; d.Who != "quay-2" || said.Do != doRescan || said.Replaced[0].Was != "d1-2" || r.Version != 2 || len(r.Versions) != 2 {
			t.Errorf("%+v", r)
		}
		if d := depositOf(t, c, "d2"); d.State != dossier.StatePublished || !slices.Equal(d.Dossiers, []string{a.Dossier.Code}) {
			t.Errorf("%+v", d)
		}
		if old, err := planOf(t.Context(), c.db, a.Dossier.Code, 1); err != nil || old.Pages() != 3 {
			t.Errorf("version 1 is now %+v, %v", old, err)
		}
	})
}

func TestANewScanAndPapersForTheSameDossierMakeOneVersion(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		takeIn(t, c, given("d2", "quay-1"))
		read(t, c, "d2", 2)
		parts := []Part{
			{Code: a.Dossier.Code, Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d2-1"}}}}},
			{Replaces: []Replacement{{Page: "d1-1", By: []string{"d2-2"}}}},
		}
		versions, err := c.Reserve(t.Context(), "d2", parts)
		must(t, err)
		if len(versions) != 1 || !slices.Equal(versions[0].Plan.rendition(), []string{"d2-2", "d2-1"}) {
			t.Errorf("%+v", versions)
		}
	})
}

func TestAPageThatIsNotThereIsNotReplaced(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		takeIn(t, c, given("d2", "quay-1"))
		read(t, c, "d2", 1)
		for _, tt := range []struct {
			batch string
			page  int
			want  error
		}{{"d1", 1, ErrBusy}, {"d2", 1, ErrNotFound}, {"x", 1, ErrNotFound}} {
			if _, err := c.PageOfBatch(t.Context(), "d2", tt.batch, tt.page); !errors.Is(err, tt.want) {
				t.Errorf("%+v: %v", tt, err)
			}
		}
		if _, err := c.PageOfBatch(t.Context(), "a", "d1", 1); !errors.Is(err, ErrNotFound) {
			t.Errorf("a batch waits for a later one: %v", err)
		}
		a := published(t, c, "d1")
		if _, err := c.PageOfBatch(t.Context(), "d2", "d1", 2); !errors.Is(err, ErrNotFound) {
			t.Errorf("page 2 of 1: %v", err)
		}
		_, err := c.Reserve(t.Context(), "d2", []Part{{Replaces: []Replacement{{Page: "d1-1", By: []string{"d2-1"}}}}})
		must(t, err)
		if _, err := c.Replaceable(t.Context(), dossier.BatchFacts{}, "d1-1"); !errors.Is(err, ErrBusy) {
			t.Errorf("while a version is made: %v", err)
		}
		versions, err := c.Revision(t.Context(), "d2")
		must(t, err)
		must(t, c.Publish(t.Context(), Published{Revision: "d2", Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		decided(t, c, a.Dossier.Code, 2, Decision{Do: DoWithdraw, Reason: "wrong counter"})
		if ok, err := c.Replaceable(t.Context(), dossier.BatchFacts{}, "d1-1"); ok || err != nil {
			t.Errorf("of a withdrawn dossier: %v, %v", ok, err)
		}
		takeIn(t, c, given("d3", "quay-1"))
		read(t, c, "d3", 1)
		_, err = c.Reserve(t.Context(), "d3", []Part{{Replaces: []Replacement{{Page: "d1-1", By: []string{"d3-1"}}}}})
		if !errors.Is(err, ErrBusy) {
			t.Errorf("of a dossier withdrawn meanwhile: %v", err)
		}
	})
}

func TestABatchOfWhoSeesLessJoinsNoDossierOfOthers(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		for id, scope := range map[string]dossier.Scope{"d2": {Stations: []string{"quay-2"}}, "d3": {Stations: []string{"quay-1"}}} {
			n := given(id, "quay-2")
			n.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: id, Closes: true, Facts: dossier.BatchFacts{Within: &scope}}
			takeIn(t, c, n)
			read(t, c, id, 1)
		}
		facts := dossier.BatchFacts{Within: &dossier.Scope{Stations: []string{"quay-2"}}}
		if ok, err := c.Replaceable(t.Context(), facts, "d1-1"); ok || err != nil {
			t.Errorf("its pages can be replaced: %v, %v", ok, err)
		}
		if _, err := c.Reserve(t.Context(), "d2", []Part{{Replaces: []Replacement{{Page: "d1-1", By: []string{"d2-1"}}}}}); !errors.Is(err, ErrBusy) {
			t.Errorf("a page that is none of its: %v", err)
		}
		part := func(id string) []Part {
			return []Part{{Code: a.Dossier.Code, Plan: Plan{Documents: []PlanDocument{{Pages: []string{id + "-1"}}}}}}
		}
		apart, err := c.Reserve(t.Context(), "d2", part("d2"))
		must(t, err)
		if v := apart[0]; v.Dossier.Code == a.Dossier.Code || v.Number != 1 || !slices.Equal(v.Plan.Warnings, []string{dossier.WarnCodeTaken}) {
			t.Errorf("%+v", v)
		}
		joined, err := c.Reserve(t.Context(), "d3", part("d3"))
		must(t, err)
		if v := joined[0]; v.Dossier.Code != a.Dossier.Code || v.Number != 2 || len(v.Plan.Warnings) > 0 {
			t.Errorf("of one who sees it: %+v", v)
		}
	})
}

func TestABatchOfWhoSeesLessTakesNoNumberOfAnotherStation(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.ReportFolders(t.Context(), []Folder{{Station: "quay-3", Department: "so-y-te"}}))
		scope := dossier.Scope{Departments: []string{"so-y-te"}, Stations: []string{"quay-2"}}
		for n, tt := range []struct {
			code  string
			taken bool
		}{
			{"quay-1-20260105-0007", false},
			{"quay-2-20260105-0007", true},
			{"quay-3-20260105-0007", true},
			{"quay-4-20260105-0007", false},
			{"H42.16-240112-0003", true},
		} {
			id := fmt.Sprintf("d%d", n)
			batch := given(id, "quay-2")
			batch.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: id, Closes: true, Facts: dossier.BatchFacts{Within: &scope}}
			takeIn(t, c, batch)
			read(t, c, id, 1)
			made, err := c.Reserve(t.Context(), id, []Part{{Code: tt.code, Plan: Plan{Documents: []PlanDocument{{Pages: []string{id + "-1"}}}}}})
			must(t, err)
			if v := made[0]; (v.Dossier.Code == tt.code) != tt.taken || slices.Equal(v.Plan.Warnings, []string{dossier.WarnCodeTaken}) == tt.taken {
				t.Errorf("%s: %+v", tt.code, v)
			}
		}
	})
}

func TestAPageOfAnErasedDossierIsNotReplaced(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		_, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoErase, Reason: "the term is over"}, by("anna"))
		must(t, err)
		if ok, err := c.Replaceable(t.Context(), dossier.BatchFacts{}, "d1-1"); ok || err != nil {
			t.Errorf("%v, %v", ok, err)
		}
	})
}

func TestWhatWasReplacedGoesWhereItsNewScanGoes(t *testing.T) {
	plan := Plan{
		Documents: []PlanDocument{{Pages: []string{"d1-1", "d3-1"}}},
		LeftOut: []LeftOut{
			{Page: "d1-3", Reason: "blank", Before: 2},
			{Page: "d1-2", Reason: LeftReplaced, Before: 2, By: []string{"d2-1"}},
			{Page: "d2-1", Reason: LeftReplaced, Before: 2, By: []string{"d3-1"}},
		},
	}
	for to, want := range map[string]string{
		"other": "[{[e1-1] } {[d3-1] }] [{d1-2 replaced 2 [d2-1]} {d2-1 replaced 2 [d3-1]}], left [{[d1-1] }] [{d1-3 blank 2 []}]",
		"code":  "[{[d1-1] } {[d3-1] }] [{d1-3 blank 2 []} {d1-2 replaced 2 [d2-1]} {d2-1 replaced 2 [d3-1]}]",
	} {
		o, err := (&Decision{Do: DoMove, Pages: []int{2}, To: to}).apply("code", plan, &Plan{Documents: []PlanDocument{{Pages: []string{"e1-1"}}}})
		must(t, err)
		got := fmt.Sprint(o.plans[to].Documents, o.plans[to].LeftOut)
		if to == "other" {
			got += fmt.Sprint(", left ", o.plans["code"].Documents, o.plans["code"].LeftOut)
		}
		if got != want {
			t.Errorf("to %s: %s, want %s", to, got, want)
		}
	}
	o, err := (&Decision{Do: DoMove, Pages: []int{1}, To: "other"}).apply("code", Plan{
		Documents: []PlanDocument{{Pages: []string{"d2-1"}}}, LeftOut: []LeftOut{{Page: "d1-1", Reason: LeftReplaced, Before: 1, By: []string{"d2-1"}}},
	}, nil)
	must(t, err)
	if left := o.plans["code"]; len(left.All()) > 0 {
		t.Errorf("the old scan is left as a dossier: %+v", left)
	}
}

func TestANewScanFollowsAPageThatWasMoved(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, given("d2", "quay-1"))
		b := published(t, c, "d2")
		takeIn(t, c, given("d3", "quay-1"))
		read(t, c, "d3", 1)
		scannedAgain(t, c, "d3", Replacement{Page: "d1-2", By: []string{"d3-1"}})
		decided(t, c, a.Dossier.Code, 2, Decision{Do: DoMove, Pages: []int{2}, To: b.Dossier.Code})
		takeIn(t, c, given("d4", "quay-1"))
		read(t, c, "d4", 1)
		versions := scannedAgain(t, c, "d4", Replacement{Page: "d1-2", By: []string{"d4-1"}})
		if v := versions[0]; len(versions) != 1 || v.Dossier.Code != b.Dossier.Code || !slices.Equal(v.Plan.rendition(), []string{"d2-1", "d4-1"}) {
			t.Errorf("%+v", versions)
		}
	})
}

// file is one that a station gives some hours before now, which is when a test's events are.
func file(id, name string, ago time.Duration, b *dossier.Batch) NewDeposit {
	n := given(id, "quay-1")
	n.Deposit.Name, n.Deposit.ReceivedAt, n.Batch = name, time.Now().Add(-ago).UTC().Truncate(time.Millisecond), b
	return n
}

func advise(t testing.TB, c *Catalog, id string) {
	t.Helper()
	must(t, c.LooksDone(t.Context(), id, []dossier.Verdict{{Page: 1, Code: dossier.VerdictBlurred}}))
}

func TestAFileOfTheSameNameIsANewScanWhereOneWasAdvised(t *testing.T) {
	prefix := func(position int) *dossier.Batch {
		return &dossier.Batch{Grouping: dossier.GroupPrefix, Key: "b1", Position: position, Closes: true}
	}
	folder := func(key string) *dossier.Batch {
		return &dossier.Batch{Grouping: dossier.GroupFolder, Key: key, Closes: true}
	}
	upload := func(n NewDeposit) NewDeposit {
		n.Deposit.Upload = "of " + n.Deposit.ID
		return n
	}
	for _, tt := range []struct {
		name         string
		advised      bool
		first, again NewDeposit
		pages, more  int
		want         string
	}{
		{"file", true, file("d1", "a.jpg", time.Hour, nil), file("d2", "a.jpg", -time.Hour, nil), 1, 1, "d1-1"},
		{"two pages", true, file("d1", "a.jpg", time.Hour, nil), file("d2", "a.jpg", -time.Hour, nil), 2, 2, "d1-1 d1-2"},
		{"more pages", true, file("d1", "a.jpg", time.Hour, nil), file("d2", "a.jpg", -time.Hour, nil), 1, 2, " "},
		{"not advised", false, file("d1", "a.jpg", time.Hour, nil), file("d2", "a.jpg", -time.Hour, nil), 1, 1, ""},
		{"before the advice", true, file("d1", "a.jpg", 2*time.Hour, nil), file("d2", "a.jpg", time.Hour, nil), 1, 1, ""},
		{"another name", true, file("d1", "a.jpg", time.Hour, nil), file("d2", "b.jpg", -time.Hour, nil), 1, 1, ""},
		{"the next day", true, file("d1", "a.jpg", time.Hour, nil), file("d2", "a.jpg", -24*time.Hour, nil), 1, 1, ""},
		{"two uploads", true, upload(file("d1", "a.jpg", time.Hour, nil)), upload(file("d2", "a.jpg", -time.Hour, nil)), 1, 1, ""},
		{"an upload before", true, upload(file("d1", "a.jpg", time.Hour, nil)), file("d2", "a.jpg", -time.Hour, nil), 1, 1, ""},
		{"an upload behind", true, file("d1", "a.jpg", time.Hour, nil), upload(file("d2", "a.jpg", -time.Hour, nil)), 1, 1, ""},
		{"prefix", true, file("d1", "b1-1.jpg", time.Hour, prefix(1)), file("d2", "b1-1.png", -time.Hour, prefix(1)), 1, 1, "d1-1"},
		{"another page", true, file("d1", "b1-1.jpg", time.Hour, prefix(1)), file("d2", "b1-2.jpg", -time.Hour, prefix(2)), 1, 1, ""},
		{"folder", true, file("d1", "1.jpg", time.Hour, folder("b1")), file("d2", "1.jpg", -time.Hour, folder("b1")), 1, 1, "d1-1"},
		{"another folder", true, file("d1", "1.jpg", time.Hour, folder("b1")), file("d2", "1.jpg", -time.Hour, folder("b2")), 1, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			withCatalogue(t, func(t *testing.T, c *Catalog) {
				takeIn(t, c, tt.first)
				if tt.advised {
					advise(t, c, "d1")
				}
				read(t, c, "d1", tt.pages)
				takeIn(t, c, tt.again)
				read(t, c, "d2", tt.more)
				if _, err := c.Assembly(t.Context(), batchOf(t, c, "d2")); tt.want != "" && !errors.Is(err, ErrBusy) {
					t.Errorf("before the first is published: %v", err)
				}
				_, err := publish(t.Context(), c, batchOf(t, c, "d1"))
				must(t, err)
				a, err := c.Assembly(t.Context(), batchOf(t, c, "d2"))
				must(t, err)
				var got []string
				for _, p := range a.InOrder() {
					got = append(got, p.Replaces)
				}
				if s := strings.Join(got, " "); s != tt.want {
					t.Errorf("replaces %q, want %q", s, tt.want)
				}
			})
		})
	}
}

func TestAFileFollowsOneWhosePagesWereSeenAsTheyWereRead(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, file("d1", "a.pdf", time.Hour, nil))
		must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 1}))
		d, look := pageRead("d1", 1), lookAt(1, 1, dossier.VerdictTooDark)
		d.Look, d.Advised = &look, []dossier.Verdict{{Page: 1, Code: dossier.VerdictTooDark}}
		must(t, c.PageDone(t.Context(), d))
		_, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, file("d2", "a.pdf", -time.Hour, nil))
		read(t, c, "d2", 1)
		a, err := c.Assembly(t.Context(), "d2")
		must(t, err)
		if got := a.Documents[0].Pages[0].Replaces; got != "d1-1" {
			t.Errorf("replaces %q", got)
		}
		advise(t, c, "d1") // the looks came late
		if got := typesOf(t, c, "d1"); got != "deposit.rescan_advised deposit.rescan_advised" {
			t.Errorf("events %s", got)
		}
	})
}

func TestAThirdFileOfANameIsAnotherPaperUnlessItsRescanWasAdvisedToo(t *testing.T) {
	for _, advised := range []bool{true, false} {
		t.Run(fmt.Sprintf("advised %v", advised), func(t *testing.T) {
			withCatalogue(t, func(t *testing.T, c *Catalog) {
				takeIn(t, c, file("d1", "a.jpg", 2*time.Hour, nil))
				advise(t, c, "d1")
				published(t, c, "d1")
				takeIn(t, c, file("d2", "a.jpg", -time.Hour, nil))
				if advised {
					advise(t, c, "d2")
				}
				read(t, c, "d2", 1)
				scannedAgain(t, c, "d2", Replacement{Page: "d1-1", By: []string{"d2-1"}})
				takeIn(t, c, file("d3", "a.jpg", -2*time.Hour, nil))
				read(t, c, "d3", 1)
				a, err := c.Assembly(t.Context(), "d3")
				must(t, err)
				if got := a.Documents[0].Pages[0].Replaces; advised != (got == "d2-1") || !advised && got != "" {
					t.Errorf("advised %v: replaces %q", advised, got)
				}
			})
		})
	}
}

func TestNamesThatRecurTellNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, file("d1", "scan.jpg", 70*24*time.Hour, nil)) // a good scan
		published(t, c, "d1")
		takeIn(t, c, file("d2", "scan.jpg", 2*time.Hour, nil))
		advise(t, c, "d2")
		published(t, c, "d2")
		takeIn(t, c, file("d3", "scan.jpg", -time.Hour, nil))
		read(t, c, "d3", 1)
		a, err := c.Assembly(t.Context(), "d3")
		must(t, err)
		if got := a.Documents[0].Pages[0].Replaces; got != "" {
			t.Errorf("replaces %q", got)
		}
	})
}

func TestALaterFileReplacesTheEarlierWithinTheBatch(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		member := func(id string, position int, ago time.Duration) {
			takeIn(t, c, file(id, id+".jpg", ago, &dossier.Batch{Grouping: dossier.GroupPrefix, Key: "b1", Position: position}))
		}
		member("d1", 1, 2*time.Hour)
		member("d2", 2, time.Hour)
		advise(t, c, "d1")
		member("d3", 1, -time.Hour)
		for _, id := range []string{"d1", "d2", "d3"} {
			read(t, c, id, 1)
		}
		closeKey(t, c, "b1")
		a, err := c.Assembly(t.Context(), "d1")
		must(t, err)
		var got []string
		for _, p := range a.InOrder() {
			got = append(got, p.ID+" by "+p.ReplacedBy)
		}
		slices.Sort(got)
		if s := strings.Join(got, ", "); s != "d1-1 by d3-1, d2-1 by , d3-1 by " {
			t.Errorf("pages %s", s)
		}
		part := Part{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d3-1", "d2-1"}}}}}
		if !part.LeaveOutAt("d3-1", LeftOut{Page: "d1-1", Reason: LeftReplaced, By: []string{"d3-1"}}) {
			t.Error("it has no place")
		}
		versions, err := c.Reserve(t.Context(), "d1", []Part{part})
		must(t, err)
		if r := versions[0].Replaced; len(r) != 1 || r[0].Page != 1 || r[0].Was != "d1-1" {
			t.Errorf("%+v", r)
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		for n, want := range map[int]string{1: "d3-1", 2: "d2-1"} {
			if page, err := c.PageOfBatch(t.Context(), "e1", "d1", n); page != want || err != nil {
				t.Errorf("page %d is %s, %v", n, page, err)
			}
		}
	})
}
