package separate

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/fold"
)

// sight is all that is taken from one page.
type sight struct {
	read      bool // there is text
	head      head
	annex     annex
	number    pageNumber
	symbol    symbol // of the paper, from its head; of a running head or foot where there is no head
	side      side
	running   []string // folded rows at the very top and foot that may be running heads
	cover     bool     // a few rows in the middle, and a title among them
	lower     bool     // the text begins within a sentence
	open      bool     // it ends within one
	closed    bool     // it ends as papers do: signature, recipients
	applicant string   // folded; who hands an application in
	language  string
	paper     paper
}

// paper is what a page is made of.
type paper struct{ width, height, dpi float64 } // in, in, px/in; 0 where unknown

func see(p *dossier.Page) sight {
	if p == nil {
		return sight{}
	}
	s := sight{language: p.Language, paper: paperOf(p)}
	rows := rowsOf(p)
	if len(rows) == 0 {
		return s
	}
	zone := zoneOf(rows)
	s.read = true
	s.head, s.annex, s.number = headOf(zone, rows), annexOf(zone), numberOf(rows)
	s.symbol = symbolOfPaper(zone, rows, s.head.numbered)
	s.side = sideOf(rows)
	s.running = runningOf(rows)
	s.cover = s.head.rank != titleNone && isCover(rows)
	s.lower, s.open = flowOf(rows)
	s.closed = closesIn(rows)
	if s.head.rank == titleApplication {
		s.applicant = applicantOf(rows)
	}
	return s
}

func paperOf(p *dossier.Page) paper {
	if !(p.DPI > 0) || p.Width <= 0 || p.Height <= 0 {
		return paper{}
	}
	return paper{float64(p.Width) / p.DPI, float64(p.Height) / p.DPI, p.DPI}
}

// symbolOfPaper finds the symbol beside "Số:" in the head; on a page without one, the symbol in a running head or foot.
func symbolOfPaper(zone, rows []row, numbered bool) symbol {
	if numbered {
		for i, r := range zone {
			if first := r.apart()[0]; isNumberRow(first) && !isReference(zone, i) {
				return symbolIn(first.raw)
			}
		}
	}
	for _, r := range rows {
		if isInMargin(r) && !r.isProse() && !strings.Contains(r.text, "theo") && !formLabel.MatchString(r.text) {
			if s := symbolIn(r.raw); s.number != "" {
				return s
			}
		}
	}
	return symbol{}
}

// runningOf gives the rows in the margins at top and foot without their digits, so that page numbers don't tell them apart.
func runningOf(rows []row) []string {
	const letters = 8 // of a running head, at least
	var texts []string
	for _, r := range rows {
		text := strings.Join(strings.FieldsFunc(r.text, func(c rune) bool { return c == ' ' || c >= '0' && c <= '9' }), " ")
		if isInMargin(r) && len(text) >= letters && !r.isProse() {
			texts = append(texts, text)
		}
	}
	return texts
}

// isInMargin reports whether a row stands where running heads and feet do, and titles don't.
func isInMargin(r row) bool {
	const margin = 0.065 // of the page's height: 19 mm of A4
	return r.y1 < margin || r.y0 > 1-margin
}

// textRows drops the rows at the edges that are short: page numbers, running heads and feet.
func textRows(rows []row) []row {
	const short = 6 // words
	return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return isAtEdge(r) && r.words <= short && r.capitals < 0.6 })
}

// isCover reports whether a page has nothing but a few rows in the middle, as covers do.
func isCover(rows []row) bool {
	const (
		few      = 14
		centred  = 0.8 // of them
		halfPage = 0.5 // that they reach over
	)
	middle := 0
	for _, r := range rows {
		if isCentred(r, 0, 1) || isInMargin(r) {
			middle++
		}
	}
	return len(rows) <= few && float64(middle) >= centred*float64(len(rows)) && rows[len(rows)-1].y1-rows[0].y0 > halfPage
}

// flowOf tells whether the text begins within a sentence and whether it ends in one.
func flowOf(rows []row) (lower, open bool) {
	rows = textRows(rows)
	if len(rows) == 0 {
		return false, false
	}
	const words, letters = 5, 3 // fewer are a cell of a table, or dirt
	first, last := rows[0], rows[len(rows)-1]
	begin := []rune(first.raw)
	lower = first.words >= words && len(first.text) > letters && unicode.IsLower(begin[0]) && first.x0 < 0.3 &&
		!strings.HasPrefix(first.text, "ngay ")
	end := []rune(strings.TrimSpace(last.raw))
	open = last.isProse() && last.x1 > 0.8 && (unicode.IsLetter(end[len(end)-1]) || end[len(end)-1] == ',')
	return lower, open
}

var closings = []string{
	"noi nhan", "nguoi lam don", "nguoi khai", "nguoi yeu cau", "nguoi viet don", "nguoi de nghi", "ky ghi ro ho ten", "ky va ghi ro ho ten", "chu tich", "pho chu tich",
	"giam doc", "pho giam doc", "kt giam doc", "kt chu tich", "tm uy ban nhan dan", "fait a", "veuillez agreer", "je vous prie d agreer", "yours faithfully",
	"yours sincerely", "luu vt", "dai dien ben a", "cong chung vien",
}

// closesIn reports whether a paper ends on the page: with recipients or a signature and no prose after it.
func closesIn(rows []row) bool {
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].isProse() {
			_, ok := startsWith(rows[i].text, closings)
			return ok
		}
		if _, ok := startsWith(rows[i].text, closings); ok {
			return true
		}
	}
	return false
}

var (
	applicantLabel = regexp.MustCompile(`^(\d+ )*(a )?(ho chu dem ten nguoi yeu cau|ho ten nguoi yeu cau|ho va ten nguoi yeu cau|ten toi la|toi ten la|toi la|` +
		`ten chu dau tu|ho va ten chu ho|ho va ten|ho ten|ho chu dem ten|nguoi nop don|ten nguoi nop|nguoi de nghi|nom|nom et prenom|ten)\b`)
	notAName = regexp.MustCompile(`\d`)
)

// applicantOf gives the folded name after the first label of an applicant; "" where it was not read well.
func applicantOf(rows []row) string {
	for _, r := range rows {
		if !applicantLabel.MatchString(r.text) {
			continue
		}
		_, value, ok := strings.Cut(r.raw, ":")
		if !ok {
			continue
		}
		name := fold.Words(value)
		if n := len(strings.Fields(name)); n >= 2 && n <= 6 && !notAName.MatchString(name) {
			return name
		}
		return ""
	}
	return ""
}
