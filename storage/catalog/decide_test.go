package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

// planOfText makes a plan of "ab|c -d": documents of one-letter pages, and left-out pages after what they follow.
func planOfText(text string) Plan {
	var p Plan
	p.Documents = []PlanDocument{{}}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '|':
			p.Documents = append(p.Documents, PlanDocument{})
		case '-':
			i++
			p.LeftOut = append(p.LeftOut, LeftOut{Page: text[i : i+1], Reason: "blank", Before: p.Pages() + 1})
		default:
			d := &p.Documents[len(p.Documents)-1]
			d.Pages = append(d.Pages, text[i:i+1])
		}
	}
	return p
}

// textOf is the reverse of planOfText.
func textOf(p Plan) string {
	var b strings.Builder
	number := 0
	left := func() {
		for _, l := range p.LeftOut {
			if l.Before == number+1 {
				b.WriteString("-" + l.Page)
			}
		}
	}
	for i, d := range p.Documents {
		if i > 0 {
			b.WriteString("|")
		}
		for _, id := range d.Pages {
			left()
			b.WriteString(id)
			number++
		}
	}
	left()
	return b.String()
}

func TestADecisionRearrangesPages(t *testing.T) {
	for _, tt := range []struct {
		decision Decision
		plan     string
		other    string // "" for none
		want     string // code=plan, in order
	}{
		{Decision{Do: DoCut, Page: 3}, "ab-xcd|e", "", "A=ab|-xcd|e"},
		{Decision{Do: DoCut, Page: 3, Level: dossier.CutDossier}, "ab-xcd|e-y", "", "A=ab =-xcd|e-y"},
		{Decision{Do: DoCut, Page: 3, Level: dossier.CutDossier, To: "B"}, "ab|cd", "", "A=ab B=cd"},
		{Decision{Do: DoJoin, Page: 3}, "ab|cd", "", "A=abcd"},
		{Decision{Do: DoJoin, To: "B"}, "ab|c", "d-x|e", "A=ab|c|d|-xe B="},
		{Decision{Do: DoMove, Pages: []int{2, 1}}, "ab-xc|d", "", "A=-xc|d|ba"},
		{Decision{Do: DoMove, Pages: []int{1}, Before: 4}, "ab-xc|d", "", "A=b-xc|ad"},
		{Decision{Do: DoMove, Pages: []int{4}, Before: 1}, "ab-xc|d", "", "A=dab-xc"},
		{Decision{Do: DoMove, Pages: []int{2}, To: "B", Before: 2}, "ab|c", "de", "A=a|c B=dbe"},
		{Decision{Do: DoMove, Pages: []int{1, 2}, To: "B"}, "ab", "de", "A= B=de|ab"},
		{Decision{Do: DoMove, Pages: []int{1}, To: "B"}, "a-x", "d", "A=x B=d|a"},
		{Decision{Do: DoArrange, Documents: [][]int{{3}, {2, 1}}}, "ab|c", "", "A=c|ba"},
		{Decision{Do: DoRestore, LeftOut: "x"}, "ab-x-yc|d", "", "A=abx-yc|d"},
		{Decision{Do: DoRestore, LeftOut: "y"}, "ab-x-yc|d", "", "A=ab-xyc|d"},
		{Decision{Do: DoRestore, LeftOut: "x"}, "-xab|d", "", "A=xab|d"},
		{Decision{Do: DoReassign, To: "B"}, "ab|c", "", "B=ab|c A="},
		{Decision{Do: DoWithdraw, Reason: "wrong counter"}, "ab|c", "", "A="},
	} {
		var other *Plan
		if tt.other != "" {
			p := planOfText(tt.other)
			other = &p
		}
		o, err := tt.decision.apply("A", planOfText(tt.plan), other)
		if err != nil {
			t.Errorf("%+v: %v", tt.decision, err)
			continue
		}
		var got []string
		for _, code := range o.order {
			got = append(got, code+"="+textOf(o.plans[code]))
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%+v of %s and %s: %s, want %s", tt.decision, tt.plan, tt.other, s, tt.want)
		}
	}
}

func TestADecisionThatDoesNotFitIsToldSo(t *testing.T) {
	for _, d := range []Decision{
		{Do: "burn"},
		{Do: DoCut, Page: 1},
		{Do: DoCut, Page: 3}, // a document begins there
		{Do: DoCut, Page: 9},
		{Do: DoJoin, Page: 1},
		{Do: DoJoin, Page: 2},
		{Do: DoJoin, To: "C"},
		{Do: DoMove},
		{Do: DoMove, Pages: []int{1, 1}},
		{Do: DoMove, Pages: []int{1}, Before: 1},
		{Do: DoMove, Pages: []int{1}, Before: 8},
		{Do: DoArrange, Documents: [][]int{{1, 2}}},
		{Do: DoArrange, Documents: [][]int{{1, 2}, {2}}},
		{Do: DoArrange, Documents: [][]int{{1, 2, 3}, {}}},
		{Do: DoRestore, LeftOut: "a"},
		{Do: DoReassign},
		{Do: DoWithdraw},
	} {
		_, err := d.apply("A", planOfText("ab|c"), nil)
		if misfit := (*Misfit)(nil); !errors.As(err, &misfit) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

// Whatever is decided, every page is in one place afterwards, and what was corrected on it with it.
func TestNoDecisionLosesOrDoublesAPage(t *testing.T) {
	letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	rapid.Check(t, func(t *rapid.T) {
		next := 0
		draw := func(name string) Plan {
			var b strings.Builder
			for d := range rapid.IntRange(1, 4).Draw(t, name+" documents") {
				if d > 0 {
					b.WriteByte('|')
				}
				for range rapid.IntRange(1, 3).Draw(t, "pages") {
					b.WriteByte(letters[next])
					next++
				}
				if rapid.Bool().Draw(t, "blank") {
					b.WriteString("-" + letters[next:next+1])
					next++
				}
			}
			p := planOfText(b.String())
			for _, id := range p.All() {
				if rapid.Bool().Draw(t, "corrected") {
					p.Corrections = append(p.Corrections, Correction{Page: id, Field: dossier.Field{Name: "of " + id}})
				}
			}
			return p
		}
		plan := draw("plan")
		var other *Plan
		if rapid.Bool().Draw(t, "other") {
			p := draw("other")
			other = &p
		}
		page := rapid.IntRange(0, plan.Pages()+1)
		d := Decision{
			Do:     rapid.SampledFrom([]string{DoCut, DoJoin, DoMove, DoRestore, DoReassign}).Draw(t, "do"),
			Page:   page.Draw(t, "page"),
			Level:  rapid.SampledFrom([]dossier.CutLevel{"", dossier.CutDossier}).Draw(t, "level"),
			To:     rapid.SampledFrom([]string{"", "B"}).Draw(t, "to"),
			Pages:  rapid.SliceOfN(page, 0, 4).Draw(t, "moved"),
			Before: page.Draw(t, "before"),
		}
		if len(plan.LeftOut) > 0 {
			d.LeftOut = plan.LeftOut[0].Page
		}
		before := plan.All()
		corrected := correctedPages(plan)
		if other != nil {
			before = append(before, other.All()...)
			corrected = append(corrected, correctedPages(*other)...)
		}
		was := fmt.Sprint(plan, other)
		o, err := d.apply("A", plan, other)
		if fmt.Sprint(plan, other) != was {
			t.Fatalf("%+v changed what it was given", d)
		}
		if err != nil {
			return // it does not fit, and nothing was done
		}
		var after, still []string
		if _, touched := o.plans["B"]; other != nil && !touched {
			after, still = other.All(), correctedPages(*other)
		}
		for code, p := range o.plans {
			after = append(after, p.All()...)
			still = append(still, correctedPages(p)...)
			for _, id := range correctedPages(p) {
				if !slices.Contains(p.All(), id) {
					t.Fatalf("%s has a correction of %s, and not the page", code, id)
				}
			}
			if len(p.Documents) == 0 {
				if len(p.LeftOut) > 0 {
					t.Fatalf("%s ends and has pages", code)
				}
				continue
			}
			if err := p.check(); err != nil {
				t.Fatalf("%s: %v", code, err)
			}
			for _, l := range p.LeftOut {
				if l.Before < 1 || l.Before > p.Pages()+1 {
					t.Fatalf("%s: %+v of %d pages", code, l, p.Pages())
				}
			}
		}
		slices.Sort(before)
		slices.Sort(after)
		slices.Sort(corrected)
		slices.Sort(still)
		if !slices.Equal(corrected, still) {
			t.Fatalf("%+v: corrections of %q became those of %q", d, corrected, still)
		}
		ends := d.Do == DoReassign // the plan moves as a whole
		if !ends && !slices.Equal(before, after) || ends && len(after) != len(before) {
			t.Fatalf("%+v: %q became %q", d, before, after)
		}
	})
}

// correctedPages are the pages on which something was corrected.
func correctedPages(p Plan) []string {
	var ids []string
	for _, c := range p.Corrections {
		ids = append(ids, c.Page)
	}
	return ids
}

// decided lets a decision be taken and its versions be made.
func decided(t testing.TB, c *Catalog, code string, version int, d Decision) Decided {
	t.Helper()
	made, err := c.Decide(t.Context(), code, version, d, by("anna"))
	must(t, err)
	must(t, (&clerk{c: c}).Revise(t.Context(), made.ID))
	return made
}

func TestADecisionMakesTheNextVersionOfEveryDossierItTouches(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, given("d2", "quay-1"))
		b := published(t, c, "d2")
		made := decided(t, c, a.Dossier.Code, 1, Decision{Do: DoMove, Pages: []int{3}, To: b.Dossier.Code})
		want := []VersionKey{{a.Dossier.Code, 2}, {b.Dossier.Code, 2}}
		if !slices.Equal(made.Versions, want) {
			t.Errorf("made %+v", made.Versions)
		}
		for _, k := range want {
			if d, err := c.Dossier(t.Context(), k.Code); err != nil || d.Version != 2 {
				t.Errorf("%+v, %v", d, err)
			}
		}
		if got := depositOf(t, c, "d1").Dossiers; !slices.Equal(got, []string{a.Dossier.Code, b.Dossier.Code}) {
			t.Errorf("the deposit's dossiers are %q", got)
		}
		if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("about an old version: %v", err)
		}
	})
}

func TestWhileAVersionIsMadeNoOtherIsDecided(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		first, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		must(t, err)
		for _, d := range []Decision{{Do: DoCut, Page: 3}, {Do: DoWithdraw, Reason: "wrong"}} {
			if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, d, by("anna")); !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", d.Do, err)
			}
		}
		must(t, (&clerk{c: c}).Revise(t.Context(), first.ID))
		decided(t, c, a.Dossier.Code, 2, Decision{Do: DoCut, Page: 3})
	})
}

func TestAReassignedDossierIsVersionOneThereAndWithdrawnHere(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		const code = "H42.16-240112-0003"
		decided(t, c, a.Dossier.Code, 1, Decision{Do: DoReassign, To: code})
		here, err := c.Dossier(t.Context(), a.Dossier.Code)
		must(t, err)
		there, err := c.Dossier(t.Context(), code)
		must(t, err)
		if here.State != DossierWithdrawn || here.Reason == "" || there.Version != 1 || there.State != DossierDigitised {
			t.Errorf("here %+v, there %+v", here, there)
		}
		if got := typesOf(t, c, a.Dossier.Code); got != "dossier.published dossier.withdrawn" {
			t.Errorf("events here: %s", got)
		}
		if got := typesOf(t, c, code); got != "dossier.published" {
			t.Errorf("events there: %s", got)
		}
		if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoWithdraw, Reason: "again"}, by("anna")); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("about a withdrawn one: %v", err)
		}
	})
}

func TestAWithdrawnDossierTellsItsReason(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		if made := decided(t, c, a.Dossier.Code, 1, Decision{Do: DoWithdraw, Reason: "wrong counter"}); len(made.Versions) != 0 {
			t.Errorf("made %+v", made)
		}
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		var e dossier.Event
		must(t, json.Unmarshal(events[len(events)-1].Body, &e))
		if e.Type != dossier.EventDossierWithdrawn || e.Sequence != 2 || e.Data.Dossier.Reason != "wrong counter" {
			t.Errorf("%+v", e)
		}
	})
}

func TestPapersThatNameADossierJoinItAsItsNextVersion(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const code = "H42.16-240112-0003"
		for i, id := range []string{"d1", "d2"} {
			takeIn(t, c, given(id, "quay-1"))
			read(t, c, id, 2)
			a, err := c.Assembly(t.Context(), id)
			must(t, err)
			part := whole(a)
			part.Code = code
			versions, err := c.Reserve(t.Context(), id, []Part{part})
			must(t, err)
			if v := versions[0]; v.Number != i+1 || v.Plan.Pages() != 2*(i+1) || v.Dossier.Year != 2026 {
				t.Errorf("%+v", v)
			}
			if i == 0 { // while it is being made, another batch waits
				takeIn(t, c, given("d3", "quay-1"))
				read(t, c, "d3", 1)
				other, err := c.Assembly(t.Context(), "d3")
				must(t, err)
				late := whole(other)
				late.Code = code
				if _, err := c.Reserve(t.Context(), "d3", []Part{late}); !errors.Is(err, ErrBusy) {
					t.Errorf("%v", err)
				}
			}
			must(t, c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		}
	})
}

func TestABatchThatBecomesTwoDossiersPublishesBothAtOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		parts := []Part{
			{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-1"}}}}},
			{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-2"}}}}},
		}
		versions, err := c.Reserve(t.Context(), "d1", parts)
		must(t, err)
		one := Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(&versions[0])}}
		if err := c.Publish(t.Context(), one); err == nil {
			t.Error("one of two was published")
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: append(one.Versions, publishedOf(&versions[1]))}))
		if got := depositOf(t, c, "d1").Dossiers; len(got) != 2 || got[0] == got[1] {
			t.Errorf("the deposit's dossiers are %q", got)
		}
	})
}

// typesOf names the events of a dossier in their sequence.
func typesOf(t testing.TB, c *Catalog, subject string) string {
	t.Helper()
	types, err := collect(t.Context(), c.db, scanOne[string], `SELECT type FROM events WHERE subject = ? ORDER BY sequence`, subject)
	must(t, err)
	return strings.Join(types, " ")
}

func TestFieldsThatCameBeforeStayUnlessTheyAreToldAnew(t *testing.T) {
	p := Plan{Facts: PlanFacts{Fields: map[string]string{"applicant": "An", "phone": "1"}}}
	p.Append(Plan{Facts: PlanFacts{Fields: map[string]string{"phone": "2"}}})
	if got := fmt.Sprint(p.Facts.Fields); got != "map[applicant:An phone:2]" {
		t.Errorf("fields %s", got)
	}
}

func TestACorrectionUnderAKeyIsTakenOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := correctable(t, c)
		d := Decision{Do: DoCorrect, Page: 1, Field: "holder", Value: "Nguyễn Văn An", Key: "k"}
		first, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		must(t, err)
		again, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		if err != nil || again.ID != first.ID || !slices.Equal(again.Versions, first.Versions) {
			t.Errorf("%+v after %+v, %v", again, first, err)
		}
		for _, other := range []Decision{
			{Do: DoCorrect, Page: 1, Field: "holder", Value: "Nguyễn Văn Ân", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "holder", Value: "***", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "place", Value: "Nguyễn Văn An", Key: "k"},
			{Do: DoCorrect, Page: 2, Field: "holder", Value: "Nguyễn Văn An", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "holder", Absent: true, Key: "k"},
		} {
			if _, err := c.Decide(t.Context(), code, 1, other, by("anna")); !errors.Is(err, ErrKeyReused) {
				t.Errorf("%+v: %v", other, err)
			}
		}
	})
}

func TestADecisionUnderAKeyIsTakenOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 3)
		v, err := publish(t.Context(), c, "a")
		must(t, err)
		code, d := v.Dossier.Code, Decision{Do: DoCut, Page: 2, Key: "k"}
		first, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		must(t, err)
		again, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		if err != nil || again.ID != first.ID || !slices.Equal(again.Versions, first.Versions) || len(first.Versions) != 1 {
			t.Errorf("%+v after %+v, %v", again, first, err)
		}
		if _, err := c.Decide(t.Context(), code, 1, Decision{Do: DoCut, Page: 3, Key: "k"}, by("anna")); !errors.Is(err, ErrKeyReused) {
			t.Error(err)
		}
		if _, err := c.Decide(t.Context(), code, 1, d, by("bao")); !errors.Is(err, ErrBusy) {
			t.Errorf("another one's key: %v", err)
		}
		token := by("anna")
		token.Kind = dossier.KindToken
		if _, err := c.Decide(t.Context(), code, 1, d, token); !errors.Is(err, ErrBusy) {
			t.Errorf("the key of a token that is called as a user: %v", err)
		}
		if _, err := c.Decide(t.Context(), code, 1, d, dossier.Principal{Name: "anna", Scope: ofHealth}); !errors.Is(err, ErrNotFound) {
			t.Errorf("out of scope: %v", err)
		}
	})
}

func TestAJoinIsAboutTheVersionsOfBothThatWereSeen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		one, two := findable(t, c, given("d1", "quay-1"), paper("don", "a")), findable(t, c, given("d2", "quay-1"), paper("don", "b"))
		join := Decision{Do: DoJoin, To: two, ToVersion: 2}
		if _, err := c.Decide(t.Context(), one, 1, join, by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("of a version that is not there: %v", err)
		}
		join.ToVersion = 1
		if _, err := c.Decide(t.Context(), one, 1, join, by("anna")); err != nil {
			t.Error(err)
		}
	})
}

func TestADossierThatWasJoinedSaysWhereItsPagesAre(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		one, two := findable(t, c, given("d1", "quay-1"), paper("don", "a")), findable(t, c, given("d2", "quay-1"), paper("don", "b"))
		decided, err := c.Decide(t.Context(), one, 1, Decision{Do: DoJoin, To: two}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), decided.ID)
		must(t, err)
		must(t, c.Publish(t.Context(), Published{Revision: decided.ID, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		record, err := c.Record(t.Context(), two, Everything())
		must(t, err)
		if record.State != DossierWithdrawn || record.Reason != "its pages are in "+one {
			t.Errorf("%s: %q", record.State, record.Reason)
		}
		if to := JoinedTo(record.Reason); to != one {
			t.Errorf("its pages are in %q", to)
		}
		if to := JoinedTo("its pages are in the drawer"); to != "" {
			t.Errorf("a person's reason leads to %q", to)
		}
	})
}
