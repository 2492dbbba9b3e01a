package extract

import (
	"math"
	"slices"
)

// under are the lines below a label in its column. Below a centred line the lines are centred too, and end with the first that
// is not.
func (s *sheet) under(w *way, h hit, labels []hit) []int {
	owner := s.runs[s.words[h.first].run]
	column := s.column(owner)
	var words []int
	last, lines := owner.box, 0
	centred := w.lines > 1 && s.isTitle(owner)
	for _, r := range column {
		limit := w.reach
		if limit == 0 && len(words) == 0 {
			limit = reachBelow
		} else if limit == 0 {
			limit = reachWrap
		}
		size := max(last.y1-last.y0, owner.size*0.8)
		if r.box.midY() > last.y1+limit*size || s.blocks(w, r, labels) {
			break
		}
		if centred && !sameMiddle(owner.box, r.box, owner.size) && !s.wide(r.box) {
			break
		}
		if centred && len(words) > 0 && (s.full(r.box) && !s.full(last) || s.capitals(r) && !s.capitals(s.runs[s.words[words[0]].run])) {
			break // the body begins, or the line of who decides
		}
		for i := r.first; i < r.last; i++ {
			words = append(words, i)
		}
		last = r.box
		if lines++; lines == w.lines {
			break
		}
	}
	return words
}

// blocks reports whether a run ends what stands above it: a label or one of the way's phrases begins it.
func (s *sheet) blocks(w *way, r run, labels []hit) bool {
	return s.begins(r.first, labels) || s.stops(w.until, r.first)
}

// sameMiddle reports whether two lines are centred on each other.
func sameMiddle(a, b box, size float64) bool { return math.Abs(a.midX()-b.midX()) < 1.2*size }

// wide and full tell lines that reach over most, and over all of the text's width.
func (s *sheet) wide(b box) bool { return b.x1-b.x0 > 0.8*(s.right-s.left) }
func (s *sheet) full(b box) bool { return b.x1-b.x0 > 0.93*(s.right-s.left) }

// column are the runs below a run that share its column, from top to bottom.
func (s *sheet) column(owner run) []run {
	var runs []run
	inHead := s.head.gutter > 0 && owner.box.midY() < s.head.bottom
	for _, r := range s.runs {
		if r.box.midY() <= owner.box.y1 {
			continue
		}
		if inHead {
			sameSide := (r.box.midX() < s.head.gutter) == (owner.box.midX() < s.head.gutter)
			if r.box.midY() < s.head.bottom && sameSide {
				runs = append(runs, r)
			}
			continue
		}
		if r.box.x0 < owner.box.x1 && r.box.x1 > owner.box.x0 {
			runs = append(runs, r)
		}
	}
	return runs
}

// over are the lines above a label in its zone, those in capitals.
func (s *sheet) over(w *way, h hit) []int {
	var words []int
	for _, r := range s.runs {
		if r.box.y1 > h.box.y0+0.3*(h.box.y1-h.box.y0) || !s.holdsWords(w.zone, r.first, r.last) || !s.capitals(r) || !s.hasWord(r) {
			continue
		}
		for r.last > r.first && s.words[r.last-1].fold == "" {
			r.last-- // a rule under the name
		}
		for i := r.first; i < r.last; i++ {
			words = append(words, i)
		}
	}
	return words
}

// hasWord reports whether a run holds more than specks.
func (s *sheet) hasWord(r run) bool {
	return slices.ContainsFunc(s.words[r.first:r.last], func(w word) bool { return len(w.fold) > 1 })
}
