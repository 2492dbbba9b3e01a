package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func TestANewScanStandsWhereTheOldOneStood(t *testing.T) {
	for _, tt := range []struct{ plan, page, by, left, want string }{
		{"ab|c", "a", "n", "", "-anb|c"},
		{"ab|c", "b", "n", "", "a-bn|c"},
		{"ab|c", "c", "n", "", "ab|-cn"},
		{"a-xb|c", "b", "nm", "", "a-x-bnm|c"},
		{"a-xb|c", "x", "n", "", "a-xnb|c"},
		{"ab-x|c", "x", "n", "", "ab-xn|c"},
		{"-xab|c", "x", "n", "", "-xnab|c"},
		{"ab|c", "b", "nm", "1s2y", "a-s-bn-ym|c"},
		{"ab|c", "b", "nm", "3y", "a-bnm|-yc"},
	} {
		r := Replacement{Page: tt.page, By: strings.Split(tt.by, "")}
		for i := 0; i < len(tt.left); i += 2 {
			r.LeftOut = append(r.LeftOut, LeftOut{Page: tt.left[i+1 : i+2], Reason: "blank", Before: int(tt.left[i] - '0')})
		}
		plan := planOfText(tt.plan)
		got, ok := plan.replace(r)
		slices.SortStableFunc(got.LeftOut, func(a, b LeftOut) int { // what was left out in one place may lie there in any order
			if a.Before == b.Before && a.Reason != b.Reason {
				return strings.Compare(a.Reason, b.Reason)
			}
			return a.Before - b.Before
		})
		if !ok || textOf(got) != tt.want {
			t.Errorf("%s in place of %s of %s: %s, want %s", tt.by, tt.page, tt.plan, textOf(got), tt.want)
		}
	}
}

func TestACutBeforeAPageStaysBeforeWhatReplacesIt(t *testing.T) {
	plan := planOfText("ab|cd|e")
	for _, page := range []int{3, 5} {
		plan.Cuts = append(plan.Cuts, dossier.Cut{Page: page, Level: dossier.CutDocument, Made: true})
	}
	next, _ := plan.replace(Replacement{Page: "c", By: []string{"n", "m"}})
	if next.Cuts[0].Page != 3 || next.Cuts[1].Page != 6 {
		t.Errorf("%+v", next.Cuts)
	}
}

func TestAPageIsScannedAgainAndAgain(t *testing.T) {
	plan := planOfText("ab|c")
	plan.Documents[0].Kind = "form"
	first, _ := plan.replace(Replacement{Page: "b", By: []string{"n", "m"}})
	second, ok := first.replace(Replacement{Page: "b", By: []string{"o"}}) // by the same slip
	if want := [][]string{{"a", "o"}, {"c"}}; !ok || !slices.Equal(second.Documents[0].Pages, want[0]) || second.Documents[0].Kind != "form" {
		t.Errorf("%+v", second)
	}
	if got := second.replacedSince("A", first); len(got) != 2 || got[0].Page != 2 || got[1].Page != 2 {
		t.Errorf("%+v", got)
	}
	third, ok := second.replace(Replacement{Page: "o", By: []string{"p"}})
	if got := third.replacedSince("A", second); !ok || len(got) != 1 || got[0].Was != "o" || got[0].Page != 2 {
		t.Errorf("%+v", got)
	}
	if _, ok := third.replace(Replacement{Page: "z", By: []string{"q"}}); ok {
		t.Error("a page was replaced that is not there")
	}
}

// Whatever is replaced, in any order, by any way, every page is in one place afterwards and what stands keeps its order.
func TestNoNewScanLosesOrDoublesAPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var plan Plan
		next := 0
		page := func() string { next++; return fmt.Sprintf("d%d-1", next) }
		for range rapid.IntRange(1, 3).Draw(t, "documents") {
			var d PlanDocument
			for range rapid.IntRange(1, 3).Draw(t, "pages") {
				d.Pages = append(d.Pages, page())
			}
			if plan.Pages() > 0 && rapid.Bool().Draw(t, "cut") {
				plan.Cuts = append(plan.Cuts, dossier.Cut{Page: plan.Pages() + 1, Level: dossier.CutDocument})
			}
			plan.Documents = append(plan.Documents, d)
			if rapid.Bool().Draw(t, "blank") {
				plan.LeftOut = append(plan.LeftOut, LeftOut{Page: page(), Reason: "blank", Before: plan.Pages() + 1})
			}
		}
		for range rapid.IntRange(1, 5).Draw(t, "rescans") {
			before, was := plan.All(), fmt.Sprint(plan)
			heads := firstPages(plan)
			r := Replacement{Page: rapid.SampledFrom(before).Draw(t, "page")}
			for range rapid.IntRange(1, 3).Draw(t, "by") {
				r.By = append(r.By, page())
			}
			for i := range r.By {
				if rapid.Bool().Draw(t, "left") {
					r.LeftOut = append(r.LeftOut, LeftOut{Page: page(), Reason: "blank", Before: i + 1})
				}
			}
			stood := len(plan.standsIn(r.Page)) > 0
			got, ok := plan.replace(r)
			if !ok || fmt.Sprint(plan) != was {
				t.Fatalf("%+v of %s: %v", r, was, ok)
			}
			want := append(before, r.By...)
			for _, l := range r.LeftOut {
				want = append(want, l.Page)
			}
			all := got.All()
			slices.Sort(want)
			slices.Sort(all)
			if err := got.check(); err != nil || !slices.Equal(all, want) {
				t.Fatalf("%+v of %s: %v, %v", r, was, all, err)
			}
			for i, l := range got.LeftOut {
				if l.Before < 1 || l.Before > got.Pages()+1 || i > 0 && l.Before < got.LeftOut[i-1].Before {
					t.Fatalf("%+v of %d pages", got.LeftOut, got.Pages())
				}
			}
			if stood && len(got.Documents) == len(plan.Documents) {
				checkCuts(t, plan, got, heads)
			}
			if replaced := got.replacedSince("A", plan); len(replaced) == 0 || !slices.Equal(got.standsIn(r.Page), r.By) {
				t.Fatalf("%+v: %v stands for it, told %+v", r, got.standsIn(r.Page), replaced)
			}
			plan = got
		}
	})
}

// firstPages are the numbers of the pages that documents begin with.
func firstPages(p Plan) []int {
	var first []int
	n := 1
	for _, d := range p.Documents {
		first = append(first, n)
		n += len(d.Pages)
	}
	return first
}

// checkCuts finds a cut that no longer lies where its document begins.
func checkCuts(t *rapid.T, was, now Plan, heads []int) {
	for i, c := range was.Cuts {
		doc := slices.Index(heads, c.Page)
		if want := firstPages(now)[doc]; now.Cuts[i].Page != want {
			t.Fatalf("the cut at %d is at %d, its document begins at %d", c.Page, now.Cuts[i].Page, want)
		}
	}
}
