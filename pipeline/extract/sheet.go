package extract

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

// box is a rectangle in pt from the upright page's top left.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) union(o box) box {
	return box{min(b.x0, o.x0), min(b.y0, o.y0), max(b.x1, o.x1), max(b.y1, o.y1)}
}

func (b box) midX() float64 { return (b.x0 + b.x1) / 2 }
func (b box) midY() float64 { return (b.y0 + b.y1) / 2 }

// word is a word of a page, with what looking for it needs.
type word struct {
	text string
	fold string // letters and digits only
	box  box
	conf float64
	size float64 // height of its line's letters, pt
	run  int     // the run it stands in
}

// run is a stretch of a line without a wide gap: a column's line, a table's cell, a label.
type run struct {
	first, last int // words, last exclusive
	box         box
	size        float64
}

// sheet is a page prepared for looking things up by place. Everything on it works on word boxes: whether the reading joined
// two columns of a head into one line or delivered them in pieces makes no difference.
type sheet struct {
	page          *dossier.Page
	words         []word
	runs          []run // from top to bottom, then left to right
	width, height float64
	left, right   float64 // of the text
	size          float64 // median height of letters, pt
	head          head
	hatless       bool // Ộ was read as Ọ, Ậ as Ạ or Ệ as Ẹ where it is known what is printed
}

// head is the upper part of a page that is set in two columns: agency and number beside national title and date.
type head struct {
	bottom float64 // where it ends, pt
	gutter float64 // between its columns, pt; 0 where there is one column
}

// wideGap parts the words of a line, in heights of its letters: justified print stays under 2.5, columns have 4 and more
// (measured on Vietnamese notices); labels in a row of a form have 2 and more.
const wideGap = 2.0

func newSheet(p *dossier.Page) *sheet {
	scale := 72.0
	if p.DPI > 0 {
		scale /= p.DPI
	} else {
		scale = 72.0 / 200
	}
	s := &sheet{page: p, width: float64(p.Width) * scale, height: float64(p.Height) * scale}
	for line := range p.Layout.Lines {
		s.addLine(line, scale)
	}
	s.measure()
	s.dropCrumbs()
	s.findHead()
	s.splitAtGutter()
	s.order()
	s.endHead()
	s.noteHats()
	return s
}

// addLine takes over the words of a line and parts it at its wide gaps.
func (s *sheet) addLine(line *dossier.Line, scale float64) {
	size := line.Size * scale
	if size <= 0 {
		size = line.Box.Height() * scale
	}
	pieces := make([]word, 0, len(line.Words))
	for _, w := range line.Words {
		b := box{w.Box.X0 * scale, w.Box.Y0 * scale, w.Box.X1 * scale, w.Box.Y1 * scale}
		if isLeader(w.Text) {
			// The comma after "......., ngày" is the text's.
			if n := len(pieces); n > 0 && strings.HasSuffix(w.Text, ",") && !strings.HasSuffix(pieces[n-1].text, ",") && !pieces[n-1].colon() {
				pieces[n-1].text += ","
				pieces[n-1].box.x1 = b.x1
			}
			continue
		}
		if isSpeck(w.Text, b, size) {
			continue
		}
		for _, p := range splitWord(w.Text, b) {
			p.conf, p.size = w.Confidence, size
			pieces = append(pieces, p)
		}
	}
	slices.SortStableFunc(pieces, func(a, b word) int { return cmp.Compare(a.box.x0, b.box.x0) })
	for i, w := range pieces {
		if i == 0 || w.box.x0-pieces[i-1].box.x1 > wideGap*size {
			s.runs = append(s.runs, run{first: len(s.words), size: size})
		}
		w.run = len(s.runs) - 1
		s.words = append(s.words, w)
		s.runs[w.run].last = len(s.words)
	}
}

// isSpeck tells dust that was read as letters: it is much lower than the line's. Dashes are meant.
func isSpeck(text string, b box, size float64) bool {
	w, h := b.x1-b.x0, b.y1-b.y0
	switch {
	case strings.ContainsAny(text, "-–—/"):
		return false
	case folded(text) != "":
		return h < 0.3*size
	}
	return h < 0.2*size && w < 0.2*size
}

// isLeader tells dots and rules to write on, and specks, from words.
func isLeader(text string) bool {
	marks := 0
	for _, r := range text {
		if !strings.ContainsRune("._…·•*'`~|¦¬^=", r) && r != '-' && r != ',' {
			return false
		}
		marks++
	}
	return marks > 1 || strings.ContainsAny(text, "_…·•`~|¦¬^=*.'")
}

// splitWord parts a label from the value that it has grown together with, as in "Số:864/QĐ-UBND", and a value from the
// dots before and after it.
func splitWord(text string, b box) []word {
	text = strings.Trim(text, "…_")
	if rest := strings.TrimLeft(text, ".,'‘`“\""); rest != text && rest != "" {
		if r, _ := utf8.DecodeRuneInString(rest); unicode.IsUpper(r) {
			text = rest // a speck before the word
		}
	}
	for strings.HasPrefix(text, "..") {
		text = strings.TrimLeft(text, ".")
	}
	if trimmed := strings.TrimRight(text, "."); len(text)-len(trimmed) > 1 {
		text = trimmed
	}
	if text == "" {
		return nil
	}
	i := strings.IndexByte(text, ':')
	if i > 0 && i+1 < len(text) {
		before, after := text[:i], text[i+1:]
		r, _ := utf8.DecodeLastRuneInString(before)
		if (unicode.IsLetter(r) || strings.ContainsRune(".)°", r) && folded(before) != "") && !strings.HasPrefix(after, "//") {
			at := b.x0 + (b.x1-b.x0)*float64(utf8.RuneCountInString(before)+1)/float64(utf8.RuneCountInString(text))
			left, right := b, b
			left.x1, right.x0 = at, at
			return append([]word{newWord(before+":", left)}, splitWord(after, right)...)
		}
	}
	return []word{newWord(text, b)}
}

// colon reports whether the word ends a label.
func (w *word) colon() bool { return strings.HasSuffix(w.text, ":") }

func newWord(text string, b box) word { return word{text: text, fold: folded(text), box: b} }

// measure finds the margins of the text and the usual height of letters.
func (s *sheet) measure() {
	s.left, s.right, s.size = 0, s.width, 10
	if len(s.words) == 0 {
		return
	}
	sizes := make([]float64, 0, len(s.words))
	x0, x1 := s.width, 0.0
	for _, w := range s.words {
		sizes = append(sizes, w.size)
		if len(w.fold) > 0 {
			x0, x1 = min(x0, w.box.x0), max(x1, w.box.x1)
		}
	}
	slices.Sort(sizes)
	s.size = sizes[len(sizes)/2]
	if x0 < x1 {
		s.left, s.right = x0, x1
	}
}

// dropCrumbs leaves out runs that are lower than half the usual letters: tone marks of large print and dust that were read as
// lines of their own.
func (s *sheet) dropCrumbs() {
	s.runs = slices.DeleteFunc(s.runs, func(r run) bool {
		b := s.boxOf(r.first, r.last)
		return b.y1-b.y0 < 0.45*s.size
	})
	words := make([]word, 0, len(s.words))
	for i := range s.runs {
		r := &s.runs[i]
		first := len(words)
		words = append(words, s.words[r.first:r.last]...)
		r.first, r.last = first, len(words)
	}
	s.words = words
}

// boxOf is the box around the words from first to last, exclusive.
func (s *sheet) boxOf(first, last int) box {
	b := s.words[first].box
	for _, w := range s.words[first+1 : last] {
		b = b.union(w.box)
	}
	return b
}

// order gives the runs their boxes and puts them, with their words, from top to bottom.
func (s *sheet) order() {
	for i := range s.runs {
		s.runs[i].box = s.boxOf(s.runs[i].first, s.runs[i].last)
	}
	slices.SortStableFunc(s.runs, func(a, b run) int { return cmp.Compare(a.box.midY(), b.box.midY()) })
	// Runs of one row follow each other from left to right.
	for i := 0; i < len(s.runs); {
		j := i + 1
		for j < len(s.runs) && sameRow(s.runs[i].box, s.runs[j].box) {
			j++
		}
		slices.SortStableFunc(s.runs[i:j], func(a, b run) int { return cmp.Compare(a.box.x0, b.box.x0) })
		i = j
	}
	words := make([]word, 0, len(s.words))
	for i := range s.runs {
		r := &s.runs[i]
		first := len(words)
		for _, w := range s.words[r.first:r.last] {
			w.run = i
			words = append(words, w)
		}
		r.first, r.last = first, len(words)
	}
	s.words = words
}

// sameRow reports whether two boxes stand beside each other: they share more than half of the lower one's height.
func sameRow(a, b box) bool {
	shared := min(a.y1, b.y1) - max(a.y0, b.y0)
	return shared > 0.5*min(a.y1-a.y0, b.y1-b.y0)
}

// text is what a run says.
func (s *sheet) text(r run) string {
	parts := make([]string, 0, r.last-r.first)
	for _, w := range s.words[r.first:r.last] {
		parts = append(parts, w.text)
	}
	return strings.Join(parts, " ")
}
