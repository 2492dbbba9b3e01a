package separate

import (
	"cmp"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/fold"
)

// walk goes through a stack once, from the first page to the last.
type walk struct {
	opt      Options
	notBlank bool // something else than blank pages was there

	plan    Plan
	begun   bool    // there is a dossier
	paper   running // what the next page may go on with: the last document, from where a cut in it was proposed
	coded   bool    // a page of the last document told a dossier code
	pending *parted // a sheet lies before the next page

	slip      string // code of the last slip that had one
	applicant string // folded; of the first application in the last dossier
}

// parted is a certain cut between papers that is made when the next page comes.
type parted struct {
	page   int
	reason dossier.Evidence
}

func certain(code, detail string) dossier.Evidence {
	return dossier.Evidence{Code: code, Weight: 10, Detail: detail} // odds of 22,000 to 1: nothing that is weighed comes near
}

func (w *walk) current() *Dossier { return &w.plan.Dossiers[len(w.plan.Dossiers)-1] }

func (w *walk) take(i int, p Page) {
	w.notBlank = w.notBlank || !p.isBlank()
	if !w.begun {
		w.begun = true
		w.plan.Dossiers = append(w.plan.Dossiers, Dossier{})
	}
	switch {
	case p.Marker == MarkerSlip && p.Code != "" && p.Code == w.current().Code:
		w.sheet(i, LeftSlip, certain("slip", p.Code))
	case p.Marker == MarkerSlip:
		w.beginDossier(i, p.Code, certain("slip", p.Code))
		w.slip = p.Code
		w.sheet(i, LeftSlip, certain("slip", ""))
	case p.Marker == MarkerSeparator:
		w.beginDossier(i, p.Code, certain("separator", ""))
		w.sheet(i, LeftSeparator, certain("separator", ""))
	case p.Marker == MarkerDocument:
		w.sheet(i, LeftSeparator, certain("separator", ""))
	case p.isBlank():
		w.leave(i, LeftBlank)
		w.paper.blank()
	default:
		w.page(i, p)
	}
}

func (w *walk) leave(i int, why LeftReason) {
	d := w.current()
	d.Left = append(d.Left, Left{Page: i, Reason: why})
}

// sheet takes a slip or separator: what follows is another paper.
func (w *walk) sheet(i int, why LeftReason, reason dossier.Evidence) {
	if w.opt.KeepSheets {
		w.part(i, reason)
		w.beginDocument(i, sight{}, Page{})
		w.pending = &parted{0, reason}
		return
	}
	w.leave(i, why)
	if w.pending == nil {
		w.pending = &parted{i, reason}
	}
}

// part makes a certain cut between papers at page i, or at the sheet before it, where there is a paper to part from.
func (w *walk) part(i int, reason dossier.Evidence) {
	if w.pending != nil {
		reason = w.pending.reason
		if w.pending.page > 0 {
			i = w.pending.page
		}
		w.pending = nil
	}
	if len(w.current().Documents) > 0 {
		w.cut(dossier.Cut{Page: i, Level: dossier.CutDocument, Confidence: 1, Reasons: []dossier.Evidence{reason}, Made: true})
	}
}

func (w *walk) cut(c dossier.Cut) { w.plan.Cuts = append(w.plan.Cuts, c) }

// beginDossier begins another one, unless the last has nothing yet that it could be told from.
func (w *walk) beginDossier(i int, code string, reason dossier.Evidence) {
	d := w.current()
	if len(d.Documents) == 0 && (d.Code == "" || code == "") {
		d.Code = cmp.Or(d.Code, code)
		return
	}
	w.cut(dossier.Cut{Page: i, Level: dossier.CutDossier, Confidence: 1, Reasons: []dossier.Evidence{reason}, Made: true})
	w.openDossier(code)
}

func (w *walk) beginDocument(i int, s sight, p Page) {
	d := w.current()
	d.Documents = append(d.Documents, Document{Pages: []int{i}})
	w.paper, w.coded = running{}, p.Code != ""
	w.paper.add(s, p)
}

// page takes a page of a paper.
func (w *walk) page(i int, p Page) {
	s := see(p.Page)
	var c scale
	if w.paper.pages > 0 && w.pending == nil {
		c = weigh(&w.paper, s, p, w.opt.FilesAreDocuments)
	}
	if p.Code != "" && w.current().Code != "" && p.Code != w.current().Code {
		w.changeCode(i, p, c)
	} else if w.opt.PapersNameDossiers {
		w.partUnnamed(i, p, c)
	}
	d := w.current()
	found := p.Code != "" && d.Code == "" // a code, in a dossier that had none so far
	d.Code = cmp.Or(d.Code, p.Code)
	switch {
	case w.pending != nil:
		w.part(i, w.pending.reason)
		w.beginDocument(i, s, p)
	case len(d.Documents) == 0:
		w.beginDocument(i, s, p)
	default:
		w.judge(i, s, p, c, found)
	}
	if w.applicant == "" {
		w.applicant = s.applicant
	}
}

// partUnnamed begins a dossier at page i where a paper surely begins there, unless it names the dossier it lies in or that
// has a slip.
func (w *walk) partUnnamed(i int, p Page, c scale) {
	d := w.current()
	confidence := c.confidence()
	if len(d.Documents) == 0 || w.pending != nil || confidence < w.opt.CutAt || d.Code != "" && (p.Code == d.Code || w.slip == d.Code) {
		return
	}
	w.cut(dossier.Cut{Page: i, Level: dossier.CutDossier, Confidence: confidence, Reasons: c.reasons(), Made: true})
	w.openDossier(p.Code)
}

func (w *walk) openDossier(code string) {
	w.plan.Dossiers = append(w.plan.Dossiers, Dossier{Code: code})
	w.paper, w.pending, w.applicant = running{}, nil, ""
}

// changeCode begins a dossier at page i, which tells another code. Where the page plainly goes on with a paper that
// told none, the dossier begins with that paper.
func (w *walk) changeCode(i int, p Page, c scale) {
	const plainly = -4.0
	reason := certain("code", w.current().Code+" → "+p.Code)
	d := w.current()
	last := len(d.Documents) - 1
	if last < 1 || w.coded || c.sum > plainly {
		w.beginDossier(i, p.Code, reason)
		return
	}
	doc, paper := d.Documents[last], w.paper
	before := d.Documents[last-1].Pages
	from := w.takeBack(before[len(before)-1])
	d.Documents = d.Documents[:last]
	kept := slices.IndexFunc(d.Left, func(l Left) bool { return l.Page >= from })
	if kept < 0 {
		kept = len(d.Left)
	}
	left := d.Left[kept:]
	d.Left = d.Left[:kept:kept]
	w.beginDossier(from, p.Code, reason)
	next := w.current()
	next.Documents, next.Left = []Document{doc}, left
	w.paper = paper
}

// takeBack takes back the cuts made and proposed after a page, which are those before the last document, and gives the
// page where they were.
func (w *walk) takeBack(after int) (page int) {
	i := slices.IndexFunc(w.plan.Cuts, func(c dossier.Cut) bool { return c.Page > after })
	page = w.plan.Cuts[i].Page
	w.plan.Cuts = w.plan.Cuts[:i]
	return page
}

// judge cuts before page i, proposes to, or has the paper go on.
func (w *walk) judge(i int, s sight, p Page, c scale, found bool) {
	confidence := c.confidence()
	made := confidence >= w.opt.CutAt
	if confidence >= w.opt.ProposeAt || made {
		w.cut(dossier.Cut{Page: i, Level: dossier.CutDocument, Confidence: confidence, Reasons: c.reasons(), Made: made})
		w.paper = running{}
	}
	if !made {
		d := w.current()
		doc := &d.Documents[len(d.Documents)-1]
		doc.Pages = append(doc.Pages, i)
		w.coded = w.coded || p.Code != ""
		w.paper.add(s, p)
		return
	}
	w.proposeDossier(i, s, found)
	w.beginDocument(i, s, p)
}

// proposeDossier asks a person whether a paper that surely begins at page i begins a dossier too: it is the first to tell
// a code, or an application by somebody else than the last one.
func (w *walk) proposeDossier(i int, s sight, found bool) {
	const confidence = 0.6 // of two papers, one for each spouse or heir is as likely
	code := ""
	switch {
	case found:
		code = "code_appears"
	case s.applicant != "" && w.applicant != "" && 3*fold.Distance(s.applicant, w.applicant) > len(w.applicant):
		code = "applicant_changes"
	default:
		return
	}
	if confidence < w.opt.ProposeAt {
		return
	}
	reason := dossier.Evidence{Code: code, Weight: 0.4} // log-odds of the confidence
	w.cut(dossier.Cut{Page: i, Level: dossier.CutDossier, Confidence: confidence, Reasons: []dossier.Evidence{reason}})
}

func (w *walk) finish() Plan {
	if w.begun && !w.notBlank {
		d := w.current()
		var doc Document
		for _, l := range d.Left {
			doc.Pages = append(doc.Pages, l.Page)
		}
		d.Documents, d.Left = []Document{doc}, nil
	}
	slices.SortStableFunc(w.plan.Cuts, func(a, b dossier.Cut) int { return cmp.Compare(a.Page, b.Page) })
	return w.plan
}
