package separate

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
)

// Place is what a page of a paper says of its place in it, and what lies around it.
type Place struct {
	Number, Of int  // as printed: 2 of 5; Of is 0 where the whole is not told, Number where nothing is
	Blanks     int  // blank pages before it that the paper is spared
	MayBegin   bool // it is proposed that another paper begins here
	Begins     bool // and it would have been cut here, had the paper before come to its end; see HeldBack
}

// HeldBack reports whether nothing but page numbers speak against a cut: the paper before it ends short of its last page.
func HeldBack(c dossier.Cut, opt Options) bool {
	for _, r := range c.Reasons {
		if r.Code == "held_back" && r.Detail == unendedPaper && c.Confidence < 1 {
			sum := math.Log(c.Confidence/(1-c.Confidence)) - r.Weight
			return 1/(1+math.Exp(-sum)) >= opt.cutAt()
		}
	}
	return false
}

// PlaceOf reads a page's number.
func PlaceOf(p *dossier.Page) Place {
	if p == nil {
		return Place{}
	}
	n := numberOf(rowsOf(p))
	return Place{Number: n.n, Of: n.of}
}

// Gaps tells before which pages of a paper its page numbers leave some out: their places in it, from 0. One past the last page
// means that pages are missing at its end. blanks are the blank pages after the last one.
//
// A sheet that was not fed leaves the numbers of those after it ahead of where they lie. So does a number that was read wrongly:
// one alone is not believed unless it says of how many, and numbers that leave pages out all the time count something else.
func Gaps(pages []Place, blanks int) []int {
	var gaps []int
	numbered := 0
	for from := 0; from < len(pages); {
		r := runAt(pages, from, blanks)
		gaps = append(gaps, r.gaps()...)
		numbered += len(r.at)
		from = r.to
	}
	const seldom = 3 // of the numbers
	if len(gaps) > 1 && seldom*len(gaps) > numbered {
		return nil
	}
	return gaps
}

// run is a piece of a paper in which numbers go up: an annex may begin another one.
type run struct {
	pages    []Place
	from, to int
	at       []int // the pages that tell a number, from 0 in pages
	of       int   // the whole that most of them tell; 0 where none does
	after    int   // blank pages after it
	counted  bool  // blank pages may have numbers
}

func runAt(pages []Place, from, blanks int) run {
	r := run{pages: pages, from: from, to: len(pages), after: blanks, counted: true}
	last := Place{}
	for i := from; i < len(pages); i++ {
		p := pages[i]
		if i > from && (p.MayBegin || p.Number > 0 && p.Number <= last.Number) {
			r.to, r.after = i, p.Blanks
			break
		}
		if p.Number > 0 {
			r.at = append(r.at, i)
			last = p
		}
	}
	told := map[int]int{}
	for _, i := range r.at {
		if whole := pages[i].Of; whole > 0 {
			if told[whole]++; told[whole] > told[r.of] {
				r.of = whole
			}
		}
	}
	r.counted = r.countsBlanks()
	return r
}

// countsBlanks is false where numbers follow one another over blank pages, or blank pages follow the last number.
func (r run) countsBlanks() bool {
	for k, i := range r.at {
		to := r.to
		if k+1 < len(r.at) {
			to = r.at[k+1]
		}
		blanks := r.between(i, to)
		if to < r.to {
			blanks += r.pages[to].Blanks
		} else {
			blanks += r.after
		}
		if p := r.pages[i]; blanks > 0 && (p.Number == p.Of || to < r.to && r.pages[to].Number-p.Number == to-i) {
			return false
		}
	}
	return true
}

// between counts the blank pages between two pages.
func (r run) between(i, j int) int {
	n := 0
	for i++; i < j; i++ {
		n += r.pages[i].Blanks
	}
	return n
}

// blanks counts the blank pages between two pages, and others, that may have numbers.
func (r run) blanks(i, j, others int) int {
	if !r.counted {
		return 0
	}
	return r.between(i, j) + others
}

func (r run) gaps() []int {
	var gaps []int
	for k := 1; k < len(r.at); k++ {
		if r.missing(k) > 0 && r.believes(k) {
			gaps = append(gaps, r.at[k])
		}
	}
	if r.of == 0 {
		return gaps
	}
	first, last := r.at[0], r.at[len(r.at)-1]
	if p := r.pages[first]; p.Of == r.of && r.begins() && p.Number > 1+first-r.from+r.blanks(r.from-1, first+1, 0) {
		gaps = append([]int{r.from}, gaps...)
	}
	if p := r.pages[last]; p.Of == r.of && r.ends() && r.of-p.Number > r.to-1-last+r.blanks(last, r.to, r.after) {
		gaps = append(gaps, r.to)
	}
	return gaps
}

// begins reports whether no page before is of the same run.
func (r run) begins() bool {
	if r.from == 0 {
		return true
	}
	before := r.pages[r.from-1]
	return before.Of > 0 && before.Number == before.Of
}

// ends reports whether no page that follows is of the same run.
func (r run) ends() bool {
	return r.to == len(r.pages) || r.pages[r.to].Number == 1 || r.pages[r.to].Begins
}

// missing is how many numbers are left out before the k-th; less than 1 for none.
func (r run) missing(k int) int {
	i, j := r.at[k-1], r.at[k]
	return r.pages[j].Number - r.pages[i].Number - (j - i) - r.blanks(i, j+1, 0)
}

// believes reports whether there is a gap before the k-th number: both sides tell the same whole, or others confirm what they
// say.
func (r run) believes(k int) bool {
	const most = 2 // pages: a sheet has two sides
	i, j := r.at[k-1], r.at[k]
	if r.of > 0 && r.pages[i].Of == r.of && r.pages[j].Of == r.of {
		return true
	}
	if r.missing(k) > most {
		return false
	}
	before := k > 1 && r.missing(k-1) == 0
	place := r.pages[i].Number == i-r.from+1
	after := k+1 < len(r.at) && r.missing(k+1) == 0
	return after && (before || place) || before && place
}
