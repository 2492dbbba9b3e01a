package catalog

import (
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
