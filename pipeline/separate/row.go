package separate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/fold"
)

// row is a line of print as this package looks at it: places are shares of the page's width and height, 0..1.
type row struct {
	raw            string // as read
	text           string // folded
	x0, y0, x1, y1 float64
	size           float64 // height of its letters, a share of the page's height
	capitals       float64 // share of its letters that are capitals
	words          int
	pieces         []piece // what stands between gaps wider than those of a sentence: one in running text
}

// piece is a part of a row.
type piece struct {
	raw    string
	x0, x1 float64
	words  int
}

func (r row) width() float64  { return r.x1 - r.x0 }
func (r row) middle() float64 { return (r.x0 + r.x1) / 2 }

// isProse reports whether a row is a line of running text.
func (r row) isProse() bool {
	const wide, words, capitals = 0.5, 8, 0.4
	return len(r.pieces) == 1 && r.width() > wide && r.words >= words && r.capitals < capitals && !strings.HasPrefix(r.raw, "(") &&
		!strings.Contains(r.text, "kem theo")
}

// level reports whether two rows overlap by half the height of the lower one.
func (r row) level(o row) bool {
	return min(r.y1, o.y1)-max(r.y0, o.y0) > min(r.y1-r.y0, o.y1-o.y0)/2
}

// rowsOf gives the rows of a page from top to bottom. Rows without a letter or a digit are dirt and rules.
func rowsOf(p *dossier.Page) []row {
	width, height := extent(p)
	var rows []row
	for line := range p.Layout.Lines {
		r := row{words: len(line.Words)}
		texts := make([]string, len(line.Words))
		for i, w := range line.Words {
			texts[i] = w.Text
		}
		r.raw = strings.Join(texts, " ")
		if r.text = fold.Words(r.raw); r.text == "" {
			continue
		}
		r.x0, r.x1 = share(line.Box.X0, width), share(line.Box.X1, width)
		r.y0, r.y1 = share(line.Box.Y0, height), share(line.Box.Y1, height)
		r.size, r.capitals = share(line.Size, height), capitals(r.raw)
		r.pieces = piecesOf(line.Words, texts, width)
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.y0, b.y0), cmp.Compare(a.x0, b.x0)) })
	return rows
}

// piecesOf parts a row at gaps that are wider than any between words of a sentence.
func piecesOf(words []dossier.Word, texts []string, width float64) []piece {
	const gap = 0.05 // of the page's width
	var pieces []piece
	from := 0
	for i := 1; i <= len(words); i++ {
		if i < len(words) && !(words[i].Box.X0-words[i-1].Box.X1 > gap*width) {
			continue
		}
		pieces = append(pieces, piece{
			raw: strings.Join(texts[from:i], " "), words: i - from,
			x0: share(words[from].Box.X0, width), x1: share(words[i-1].Box.X1, width),
		})
		from = i
	}
	return pieces
}

// apart gives a row's pieces as rows: in a head, sender and date or agency and title stand beside each other.
func (r row) apart() []row {
	if len(r.pieces) == 1 {
		return []row{r}
	}
	var rows []row
	for _, p := range r.pieces {
		part := r
		part.raw, part.text, part.x0, part.x1, part.words = p.raw, fold.Words(p.raw), p.x0, p.x1, p.words
		part.capitals, part.pieces = capitals(p.raw), []piece{p}
		if part.text != "" {
			rows = append(rows, part)
		}
	}
	return rows
}

// extent is the size of the page; where it is not told, as far as the lines reach.
func extent(p *dossier.Page) (width, height float64) {
	width, height = float64(p.Width), float64(p.Height)
	if width > 0 && height > 0 {
		return width, height
	}
	for line := range p.Layout.Lines {
		width, height = math.Max(width, line.Box.X1), math.Max(height, line.Box.Y1)
	}
	return width, height
}

func share(v, of float64) float64 {
	if s := v / of; s > 0 { // false for what is no number
		return min(s, 1)
	}
	return 0
}

func capitals(s string) float64 {
	var upper, letters float64
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				upper++
			}
		}
	}
	if letters == 0 {
		return 0
	}
	return upper / letters
}

// medianSize is the letter height of most rows.
func medianSize(rows []row) float64 {
	if len(rows) == 0 {
		return 0
	}
	sizes := make([]float64, len(rows))
	for i, r := range rows {
		sizes[i] = r.size
	}
	slices.Sort(sizes)
	return sizes[len(sizes)/2]
}
