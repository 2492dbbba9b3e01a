package extract

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// look is a paper that is looked at for the fields of a kind.
type look struct {
	sheets []*sheet
	codes  []string
}

func newLook(pages []*dossier.Page, codes []string) *look {
	l := &look{codes: slices.Clone(codes)}
	for _, p := range pages {
		l.sheets = append(l.sheets, newSheet(p))
		for _, c := range codesOf(p) {
			if !slices.Contains(l.codes, c) {
				l.codes = append(l.codes, c)
			}
		}
	}
	return l
}

// passage is words in which a value may stand: what was found for a way to look.
type passage struct {
	words  []int
	phrase string // the label or choice that led there
	label  box    // where the label stands; empty for none
	choice string // the value itself where it is one of a list
	why    Why    // set where the way led nowhere
}

// join makes a text of words, a line of each row, and says where each word begins in it.
func (s *sheet) join(words []int) (text string, offsets []int) {
	var b strings.Builder
	for n, i := range words {
		switch {
		case n == 0:
		case s.words[i].box.x0 < s.words[words[n-1]].box.x0 && !sameRow(s.words[i].box, s.words[words[n-1]].box):
			b.WriteByte('\n')
		default:
			b.WriteByte(' ')
		}
		offsets = append(offsets, b.Len())
		b.WriteString(s.words[i].text)
	}
	return b.String(), offsets
}

// passages are the places where a way leads on a sheet, best first. labels are all hits of the kind's labels on the sheet.
func (s *sheet) passages(w *way, labels []hit) []passage {
	var found []passage
	switch {
	case len(w.words) > 0:
		found = s.choices(w)
	case len(w.labels) > 0:
		found = s.beside(w, labels)
	default:
		for _, row := range s.rowsOf(w.zone) {
			found = append(found, passage{words: row})
		}
	}
	if len(w.after) > 0 {
		found = s.onlyAfter(w.after, found)
	}
	if w.last {
		slices.Reverse(found)
	}
	return found
}

// onlyAfter keeps the passages that stand below the first of the phrases in its column: they, or their labels, begin where its
// line does.
func (s *sheet) onlyAfter(phrases []phrase, found []passage) []passage {
	hits := s.find(phrases)
	if len(hits) == 0 {
		return nil
	}
	from := s.runs[s.words[hits[0].first].run]
	return slices.DeleteFunc(found, func(p passage) bool {
		b := p.label
		if len(p.words) > 0 && b == (box{}) {
			b = s.runs[s.words[p.words[0]].run].box
		}
		return b.midY() < from.box.y1 || math.Abs(b.x0-from.box.x0) > columnWithin*from.size
	})
}

// columnWithin is how far the left edges of lines of a column may lie apart, in heights of letters.
const columnWithin = 4

// choices finds the words that are values themselves.
func (s *sheet) choices(w *way) []passage {
	var found []passage
	for _, h := range s.find(w.words) {
		if s.holdsWords(w.zone, h.first, h.last) {
			p := passage{phrase: w.words[h.phrase].written, choice: w.words[h.phrase].written}
			for i := h.first; i < h.last; i++ {
				p.words = append(p.words, i)
			}
			found = append(found, p)
		}
	}
	return found
}

// beside finds the labels of a way and what stands beside each.
func (s *sheet) beside(w *way, labels []hit) []passage {
	var found []passage
	for _, h := range s.findLabels(w.labels) {
		if !s.holdsWords(w.zone, h.first, h.last) || s.covered(h, labels) {
			continue
		}
		p := passage{phrase: w.labels[h.phrase].written, label: h.box}
		switch w.direction {
		case below:
			p.words = s.under(w, h, labels)
		case above:
			p.words = s.over(w, h)
		case right:
			p.words = s.after(w, h, labels)
		default:
			if p.words = s.after(w, h, labels); len(p.words) == 0 && (w.loose || !s.colonAfter(h.last)) {
				p.words = s.under(w, h, labels)
			}
		}
		if len(p.words) == 0 {
			p.why = WhyNothingBeside
		}
		found = append(found, p)
	}
	return found
}

// covered reports whether a label is only part of a longer one: "Nơi sinh" in "Nơi đăng ký khai sinh".
func (s *sheet) covered(h hit, labels []hit) bool {
	return slices.ContainsFunc(labels, func(o hit) bool {
		return o.first <= h.first && o.last >= h.last && o.last-o.first > h.last-h.first
	})
}

// Reach of a label, in heights of its letters.
const (
	reachWithin = 3.5 // gap that ends a value in a row
	reachBelow  = 2.6 // from the label's foot to the middle of the value below
	reachWrap   = 1.9 // from a line's foot to the middle of the line that goes on with it
)

// after are the words to the right of a label, up to the next label or a wide gap, and the lines that go on below.
func (s *sheet) after(w *way, h hit, labels []hit) []int {
	row := s.rowRight(h)
	first := s.untilNext(w, row, labels)
	if len(first) == 0 {
		return s.cell(w, h, labels)
	}
	return s.wrap(w, first, s.runs[s.words[h.first].run].box.x0, labels)
}

// cell are the lines of a table's cell right of its label, which stands at half their height: no line is in its row.
func (s *sheet) cell(w *way, h hit, labels []hit) []int {
	size := s.words[h.last-1].size
	rows := s.rows(s.wordsIn(box{h.box.x1, h.box.midY() - 1.3*size, math.Inf(1), h.box.midY() + 1.3*size}))
	if w.lines < 2 || len(rows) != 2 {
		return nil
	}
	var words []int
	for _, row := range rows {
		if first := s.words[row[0]]; s.begins(row[0], labels) || math.Abs(first.box.x0-s.words[rows[0][0]].box.x0) > size {
			return nil
		}
		words = append(words, s.untilNext(w, row, labels)...)
	}
	return words
}

// rowRight are the words in the row of a hit, right of it, from left to right.
func (s *sheet) rowRight(h hit) []int {
	var row []int
	size := s.words[h.last-1].size
	middle := s.words[h.last-1].box.midY()
	if h.last-h.first > 1 && s.words[h.last-1].box.y1-s.words[h.last-1].box.y0 < 0.4*size {
		middle = h.box.midY()
	}
	own := s.words[h.last-1].run
	for i, w := range s.words {
		behind := w.box.x0 >= h.box.x1-0.2*size && (i < h.first || i >= h.last) || w.run == own && i >= h.last
		goesOn := len(row) > 0 && row[len(row)-1] == i-1 && w.run == s.words[i-1].run
		if behind && (goesOn || math.Abs(w.box.midY()-middle) < 0.55*max(size, w.size*0.8)) {
			row = append(row, i)
		}
	}
	slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(s.words[a].box.x0, s.words[b].box.x0) })
	for len(row) > 0 && s.words[row[0]].fold == "" && !strings.ContainsAny(s.words[row[0]].text, "/-") {
		row = row[1:]
	}
	return row
}

// untilNext cuts a row where another label or a phrase of until begins, or where a wide gap ends it.
func (s *sheet) untilNext(w *way, row []int, labels []hit) []int {
	for n, i := range row {
		if n > 0 && !w.loose {
			gap := s.words[i].box.x0 - s.words[row[n-1]].box.x1
			if gap > reachWithin*s.words[i].size {
				return row[:n]
			}
		}
		if n > 0 && s.acrossGutter(row[n-1], i) {
			return row[:n]
		}
		if s.begins(i, labels) || s.stops(w.until, i) {
			return dropNumbering(s, row[:n])
		}
	}
	return row
}

// acrossGutter reports whether two words of a row stand in different columns of the head.
func (s *sheet) acrossGutter(a, b int) bool {
	x, y := s.words[a].box, s.words[b].box
	return s.head.gutter > 0 && y.midY() < s.head.bottom && x.midX() < s.head.gutter && y.midX() > s.head.gutter
}

// dropNumbering leaves out the number of the next label: "Nam 4. Dân tộc:".
func dropNumbering(s *sheet, row []int) []int {
	for len(row) > 0 {
		if !isNumbering(s.words[row[len(row)-1]].text) {
			break
		}
		row = row[:len(row)-1]
	}
	return row
}

// begins reports whether a label begins with the word.
func (s *sheet) begins(i int, labels []hit) bool {
	return slices.ContainsFunc(labels, func(h hit) bool { return h.first == i })
}

// stops reports whether a phrase begins with the word.
func (s *sheet) stops(phrases []phrase, i int) bool {
	return slices.ContainsFunc(phrases, func(p phrase) bool {
		last, _, ok := p.at(s, i)
		return ok && (!p.capital || s.inCapitals(i, last)) && (!p.colon || s.colonAfter(last))
	})
}

// wrap adds the lines that go on with a value, as many as the way allows. A line goes on where the one before it was full: its
// next word would not have fitted before the edge that its neighbours keep to.
func (s *sheet) wrap(w *way, words []int, left float64, labels []hit) []int {
	lineStart := 0
	for n := 1; n < w.lines; n++ {
		last := s.around(words[lineStart:])
		next := s.nextRow(last, left, labels, w)
		if len(next) == 0 {
			break
		}
		size := s.words[next[0]].size
		fits := last.x1 + 0.3*size + s.words[next[0]].box.x1 - s.words[next[0]].box.x0
		if fits < s.edge(last)-0.5*size {
			break
		}
		lineStart = len(words)
		words = append(words, next...)
	}
	return words
}

// around is the box around words.
func (s *sheet) around(words []int) box {
	b := s.words[words[0]].box
	for _, i := range words[1:] {
		b = b.union(s.words[i].box)
	}
	return b
}

// edge is how far right the lines around a box reach.
func (s *sheet) edge(b box) float64 {
	far := b.x1
	reach := 8 * (b.y1 - b.y0)
	inHead := s.head.gutter > b.midX() && b.midY() < s.head.bottom
	for _, r := range s.runs {
		if inHead && (r.box.midY() > s.head.bottom || r.box.midX() > s.head.gutter) {
			continue
		}
		if r.box.y1 > b.y0-reach && r.box.y0 < b.y1+reach && r.box.x0 < b.x1 {
			far = max(far, r.box.x1)
		}
	}
	return far
}

// nextRow is the line below a box that begins no further left than left, and with no label.
func (s *sheet) nextRow(b box, left float64, labels []hit, w *way) []int {
	size := b.y1 - b.y0
	var nearest []int
	for _, row := range s.rows(s.wordsIn(box{left - 1.2*size, b.y1 - 0.3*size, math.Inf(1), b.y1 + reachWrap*size})) {
		if s.around(row).midY() > b.y1 {
			nearest = row
			break
		}
	}
	if len(nearest) == 0 || s.runs[s.words[nearest[0]].run].first != nearest[0] || isNumbering(s.words[nearest[0]].text) ||
		s.begins(nearest[0], labels) || s.stops(w.until, nearest[0]) {
		return nil
	}
	// Another row of the form: "8. Nơi ở hiện tại".
	for n, i := range nearest {
		if n > 0 && n < 3 && s.begins(i, labels) && len(dropNumbering(s, nearest[:n:n])) == 0 {
			return nil
		}
	}
	return s.untilNext(w, nearest, labels)
}

// wordsIn are the words whose left edge and middle lie in a box.
func (s *sheet) wordsIn(b box) []int {
	var in []int
	for i, w := range s.words {
		if y := w.box.midY(); w.box.x0 >= b.x0 && w.box.x0 < b.x1 && y >= b.y0 && y < b.y1 {
			in = append(in, i)
		}
	}
	return in
}

// rowsOf are the words of a zone in rows, each row parted where its runs are.
func (s *sheet) rowsOf(z zone) [][]int {
	var rows [][]int
	for _, r := range s.runs {
		if !s.holdsWords(z, r.first, r.last) {
			continue
		}
		row := make([]int, 0, r.last-r.first)
		for i := r.first; i < r.last; i++ {
			row = append(row, i)
		}
		// Pieces of one line that were read apart belong together where no wide gap lies between.
		if n := len(rows); n > 0 {
			before := s.words[rows[n-1][len(rows[n-1])-1]]
			if gap := s.words[row[0]].box.x0 - before.box.x1; sameRow(before.box, s.words[row[0]].box) && gap >= -before.size && gap <= wideGap*before.size {
				rows[n-1] = append(rows[n-1], row...)
				continue
			}
		}
		rows = append(rows, row)
	}
	return rows
}
