package extract

import (
	"cmp"
	"math"
	"slices"
)

// The two-column head of a page, in shares of the page unless said.
const (
	headLimit   = 0.40 // a head ends here at the latest
	headDefault = 0.27 // where it ends when it has one column
	gutterLeft  = 0.20 // between these two the gutter lies
	gutterRight = 0.72
	gutterWidth = 0.9 // at least, in heights of letters
	gutterAgain = 0.6 // how much of that is enough for what further rows leave of it
)

// interval is a stretch of a row that holds no print.
type interval struct{ x0, x1 float64 }

// findHead looks for the gutter that the first rows of a page have in common, and for the row that closes it: one that
// crosses, or a title that stands alone in the middle.
func (s *sheet) findHead() {
	s.head = head{bottom: headDefault * s.height}
	common := []interval{{gutterLeft * s.width, gutterRight * s.width}}
	var columns [2]box // what both columns of the first row with two reach over
	bottom, both, lefts, rights := 0.0, 0, 0, 0
	for _, row := range s.upperRows() {
		wide := gutterWidth * max(s.size, s.heightOf(row))
		if both > 0 {
			wide *= gutterAgain
		}
		next := intersect(common, s.gaps(row), wide)
		if len(next) == 0 {
			break
		}
		at := widest(next).middle()
		left, right := s.sides(row, at)
		b := s.around(row)
		switch {
		case len(left) > 0 && len(right) > 0:
			if both == 0 {
				columns = [2]box{s.around(left), s.around(right)}
			}
			both++
		case both > 0 && s.alone(b, columns):
			both = -both
		case both == 0 && len(row) >= 3 && s.middled(b):
			return // the page begins with one column
		case both > 0 && len(left) > 0:
			lefts++
		case both > 0:
			rights++
		}
		if both < 0 {
			break
		}
		if both > 0 || len(right) == 0 {
			common = next
		}
		bottom = b.y1
	}
	// Lines of the columns may lie half a line apart, all but their first.
	if both = max(both, -both); both >= 2 || both == 1 && lefts > 0 && rights > 0 {
		s.head = head{bottom: bottom + 0.3*s.size, gutter: widest(common).middle()}
	}
}

// endHead ends a head of one column where a line of the body begins: a date there is not the document's.
func (s *sheet) endHead() {
	if s.head.gutter > 0 {
		return
	}
	for _, r := range s.runs {
		if s.full(r.box) && !s.capitals(r) {
			s.head.bottom = min(s.head.bottom, r.box.y0)
		}
	}
}

// heightOf is the median height of the words of a row: in larger print a space is wider.
func (s *sheet) heightOf(row []int) float64 {
	heights := make([]float64, 0, len(row))
	for _, i := range row {
		heights = append(heights, s.words[i].box.y1-s.words[i].box.y0)
	}
	slices.Sort(heights)
	return heights[len(heights)/2]
}

// sides are the words of a row left and right of a place.
func (s *sheet) sides(row []int, at float64) (left, right []int) {
	n := 0
	for n < len(row) && s.words[row[n]].box.midX() < at {
		n++
	}
	return row[:n], row[n:]
}

// middled reports whether a line's middle is that of the text, within a sixteenth.
func (s *sheet) middled(b box) bool {
	return math.Abs(b.midX()-(s.left+s.right)/2) < (s.right-s.left)/16
}

// alone reports whether a line is centred on the page rather than in one of the head's columns.
func (s *sheet) alone(b box, columns [2]box) bool {
	middle := math.Abs(b.midX() - (s.left+s.right)/2)
	return middle < math.Abs(b.midX()-columns[0].midX()) && middle < math.Abs(b.midX()-columns[1].midX())
}

func (i interval) middle() float64 { return (i.x0 + i.x1) / 2 }

func widest(list []interval) interval {
	return slices.MaxFunc(list, func(a, b interval) int { return cmp.Compare(a.x1-a.x0, b.x1-b.x0) })
}

// upperRows are the words of the upper part of a page in rows, each from left to right. A row is made of words that share
// half their height with its first one: lines of two columns that lie half a line apart stay rows of their own.
func (s *sheet) upperRows() [][]int {
	var upper []int
	for i, w := range s.words {
		if w.box.y1 < headLimit*s.height && len(w.fold) > 0 {
			upper = append(upper, i)
		}
	}
	return s.rows(upper)
}

// rows groups words into rows from top to bottom, each from left to right.
func (s *sheet) rows(words []int) [][]int {
	slices.SortStableFunc(words, func(a, b int) int { return cmp.Compare(s.words[a].box.midY(), s.words[b].box.midY()) })
	var rows [][]int
	for _, i := range words {
		if n := len(rows); n > 0 && sameRow(s.words[rows[n-1][0]].box, s.words[i].box) {
			rows[n-1] = append(rows[n-1], i)
			continue
		}
		rows = append(rows, []int{i})
	}
	for _, row := range rows {
		slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(s.words[a].box.x0, s.words[b].box.x0) })
	}
	return rows
}

// gaps are the stretches of a row between its words, and to the page's edges.
func (s *sheet) gaps(row []int) []interval {
	var gaps []interval
	at := 0.0
	for _, i := range row {
		if b := s.words[i].box; b.x0 > at {
			gaps = append(gaps, interval{at, b.x0})
		}
		at = max(at, s.words[i].box.x1)
	}
	return append(gaps, interval{at, s.width})
}

// intersect keeps what two lists have in common, where it is at least width wide.
func intersect(a, b []interval, width float64) []interval {
	var common []interval
	for _, x := range a {
		for _, y := range b {
			if i := (interval{max(x.x0, y.x0), min(x.x1, y.x1)}); i.x1-i.x0 >= width {
				common = append(common, i)
			}
		}
	}
	return common
}

// splitAtGutter parts the runs of the head that reach over the gutter.
func (s *sheet) splitAtGutter() {
	if s.head.gutter == 0 {
		return
	}
	var runs []run
	for _, r := range s.runs {
		at := r.first
		for at < r.last && s.words[at].box.midX() < s.head.gutter {
			at++
		}
		if at == r.first || at == r.last || s.words[r.first].box.y1 > s.head.bottom {
			runs = append(runs, r)
			continue
		}
		left, right := r, r
		left.last, right.first = at, at
		runs = append(runs, left, right)
	}
	s.runs = runs
}
