package separate

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// gapsIn gives the pages of a stack before which pages are missing in the papers of its plan; one after a paper's last for its end.
func gapsIn(pages []Page, plan Plan) []int {
	cuts := map[int]dossier.Cut{}
	for _, c := range plan.Cuts {
		if !c.Made {
			cuts[c.Page] = c
		}
	}
	var gaps []int
	for _, d := range plan.Dossiers {
		for n, doc := range d.Documents {
			until := len(pages) + 1
			if n+1 < len(d.Documents) {
				until = d.Documents[n+1].Pages[0]
			}
			last := doc.Pages[0] - 1
			blanks := func(to int) (n int) {
				for _, l := range d.Left {
					if l.Page > last && l.Page < to && l.Reason == LeftBlank {
						n++
					}
				}
				return n
			}
			places := make([]Place, 0, len(doc.Pages))
			for _, at := range doc.Pages {
				p := PlaceOf(pages[at-1].Page)
				c, proposed := cuts[at]
				p.Blanks, p.MayBegin, p.Begins = blanks(at), proposed, HeldBack(c, Options{})
				places = append(places, p)
				last = at
			}
			for _, g := range Gaps(places, blanks(until)) {
				if g < len(doc.Pages) {
					gaps = append(gaps, doc.Pages[g])
				} else {
					gaps = append(gaps, last+1)
				}
			}
		}
	}
	return gaps
}

func TestNoPageIsMissingFromAWholeStack(t *testing.T) {
	for _, set := range allSets {
		everyStack(t, set, stacks, false, func(s stack) {
			if gaps := gapsIn(s.pages, cuts(s.pages, Options{})); len(gaps) > 0 {
				t.Errorf("%s: pages are said to be missing before %v", set, gaps)
			}
		})
	}
}

// TestAPageThatWasNotFedIsMissed takes a page out of each stack whose paper shows it: the numbers of the pages before and after it
// were read.
func TestAPageThatWasNotFedIsMissed(t *testing.T) {
	found, of := 0, 0
	for _, set := range allSets {
		d := rand.New(rand.NewPCG(3, 3))
		everyStack(t, set, stacks, false, func(s stack) {
			var between []int
			for i := range s.pages {
				if isBetween(s.pages, i) {
					between = append(between, i)
				}
			}
			if len(between) == 0 {
				return
			}
			i := between[d.IntN(len(between))]
			rest := slices.Delete(slices.Clone(s.pages), i, i+1)
			next := i + 1
			for next < len(rest) && rest[next-1].Page.Blank {
				next++
			}
			of++
			if gaps := gapsIn(rest, cuts(rest, Options{})); slices.Equal(gaps, []int{next}) {
				found++
			} else {
				t.Logf("%s: without page %d of %d, pages are said to be missing before %v, not %d", set, i+1, len(s.pages), gaps, next)
			}
		})
	}
	t.Logf("%d of %d are missed", found, of)
	if of < 40 || found*100 < of*95 {
		t.Errorf("%d of %d are missed", found, of)
	}
}

// isBetween reports whether the numbers on a page and on those before and after it follow one another.
func isBetween(pages []Page, i int) bool {
	numbered := func(i, step int) Place {
		for i += step; i >= 0 && i < len(pages); i += step {
			if !pages[i].Page.Blank {
				return PlaceOf(pages[i].Page)
			}
		}
		return Place{}
	}
	n := PlaceOf(pages[i].Page)
	before, after := numbered(i, -1), numbered(i, 1)
	return before.Number > 0 && n.Number == before.Number+1 && after.Number == n.Number+1
}

func TestGapsInPageNumbers(t *testing.T) {
	lone := func(numbers ...int) (pages []Place) {
		for _, n := range numbers {
			pages = append(pages, Place{Number: n})
		}
		return pages
	}
	of := func(whole int, numbers ...int) (pages []Place) {
		for _, n := range numbers {
			pages = append(pages, Place{Number: n, Of: whole})
		}
		return pages
	}
	withBlanks := func(pages []Place) []Place {
		for i := 1; i < len(pages); i++ {
			pages[i].Blanks = 1
		}
		return pages
	}
	for name, c := range map[string]struct {
		pages  []Place
		blanks int
		want   []int
	}{
		"none":                                {pages: lone(1, 2, 3, 4)},
		"the first page has no number":        {pages: lone(0, 2, 3, 4)},
		"one is not read":                     {pages: lone(1, 2, 0, 4)},
		"one is left out":                     {pages: lone(1, 2, 4, 5), want: []int{2}},
		"a sheet of two pages is left out":    {pages: lone(0, 2, 5, 6), want: []int{2}},
		"one number alone was read wrongly":   {pages: lone(1, 2, 8, 4, 5)},
		"a last number alone is not believed": {pages: lone(0, 0, 7)},
		"the whole is told":                   {pages: of(5, 1, 2, 4, 5), want: []int{2}},
		"the last is missing":                 {pages: of(5, 1, 2, 3, 4), want: []int{4}},
		"the last is blank":                   {pages: of(4, 1, 2, 3), blanks: 1},
		"the first is missing":                {pages: of(3, 2, 3), want: []int{0}},
		"an annex begins anew":                {pages: slices.Concat(of(2, 1, 2), of(3, 1, 2, 3))},
		"an annex begins before the end":      {pages: slices.Concat(of(3, 1, 2), of(2, 1, 2)), want: []int{2}},
		"backs that are blank are numbered":   {pages: withBlanks(of(7, 1, 3, 5, 7))},
		"backs that are blank are not":        {pages: withBlanks(of(4, 1, 2, 4)), blanks: 1, want: []int{2}},
		"two to a sheet":                      {pages: lone(2, 4, 6, 8, 10)},
		"the wrong way round":                 {pages: of(4, 4, 3, 2, 1)},
	} {
		if got := Gaps(c.pages, c.blanks); !slices.Equal(got, c.want) {
			t.Errorf("%s: gaps before %v, not %v", name, got, c.want)
		}
	}
}
