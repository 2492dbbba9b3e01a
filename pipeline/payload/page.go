package payload

import (
	"cmp"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Page is what the symbols of one page say together.
type Page struct {
	// Slip is that of the cover slip that the page is, or what the page, as a paper, says of its dossier. Without a code and
	// without Sheet there is none.
	Slip Slip
	// Separator is what the page parts as a separator sheet, "" where it is none.
	Separator Separator
	// Cards are the identity cards that lie on the page, each once.
	Cards []Card
	// Personal says that an identity card lies on the page, be it one that can't be read or contradicts itself.
	Personal bool
	// Disagree says that symbols name different slips, separators or dossiers: then there is neither Slip nor Separator.
	Disagree bool
}

// OfPage tells what the symbols of a page mean. On a sheet only what makes it one counts; it carries its symbol twice. A
// code on a paper that looks like ours may be anybody's number: isStation decides whether it is one of our stations'.
func OfPage(symbols []dossier.Barcode, isStation func(name string) bool) Page {
	var page Page
	var sheets []Meaning
	var papers []Slip
	paper := func(s Slip) {
		if station := Code(s.Code).Station(); station == "" || isStation(station) {
			papers = append(papers, s)
		}
	}
	for _, s := range symbols {
		switch m := Parse(s.Text).(type) {
		case Slip:
			if m.Sheet {
				sheets = append(sheets, m)
			} else {
				paper(m)
			}
		case Separator:
			sheets = append(sheets, m)
		case Code:
			paper(Slip{Code: string(m)})
		case Unknown:
			page.Personal = page.Personal || cardShape.MatchString(string(m))
		case Card:
			page.Personal = true
			if !slices.Contains(page.Cards, m) {
				page.Cards = append(page.Cards, m)
			}
		}
	}
	if len(sheets) > 0 {
		page.takeSheet(sheets)
	} else {
		page.takePapers(papers)
	}
	return page
}

func (p *Page) takeSheet(sheets []Meaning) {
	if slices.ContainsFunc(sheets, func(m Meaning) bool { return m != sheets[0] }) {
		p.Disagree = true
		return
	}
	switch m := sheets[0].(type) {
	case Slip:
		p.Slip = m
	case Separator:
		p.Separator = m
	}
}

// takePapers joins what symbols of one dossier say.
func (p *Page) takePapers(papers []Slip) {
	for _, s := range papers {
		if p.Slip.Code != "" && p.Slip.Code != s.Code {
			p.Slip, p.Disagree = Slip{}, true
			return
		}
		p.Slip = Slip{
			Code: s.Code, Procedure: cmp.Or(p.Slip.Procedure, s.Procedure), Person: cmp.Or(p.Slip.Person, s.Person),
			Document: cmp.Or(p.Slip.Document, s.Document),
		}
	}
}
