package pipeline

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/storage/catalog"
)

// The pages of a long paper that are looked at for what it is and says: its beginning, and where it is signed.
const (
	firstLooked = 8
	lastLooked  = 2
)

// describe finds out what the documents of a version are and what they say, and whether the dossier has the papers that its
// procedure asks for. What is personal goes into private.json, and masked into the metadata.
func (p *Pipeline) describe(ctx context.Context, r *record) error {
	first := 1
	for _, planned := range r.version.Plan.Documents {
		doc, err := p.document(ctx, r, planned, first)
		if err != nil {
			return err
		}
		r.metadata.Documents = append(r.metadata.Documents, doc)
		first = doc.LastPage + 1
	}
	r.addReplaced()
	fields := ticketFields(r.version.Plan.Facts.Fields)
	p.checkPapers(r, fields)
	if r.unlinked() {
		r.metadata.Warnings = merge(r.metadata.Warnings, []string{r.unlinkedAs()})
	}
	for i := range r.metadata.Documents {
		r.addIdentities(p.cfg.Identity, r.metadata.Documents[i].Fields)
		r.mask(&r.metadata.Documents[i])
	}
	r.addIdentities(p.cfg.Identity, fields)
	r.maskDossier(fields)
	plan := r.version.Plan
	r.metadata.Cuts = plan.Cuts
	for _, l := range plan.LeftOut {
		page := r.version.Pages[l.Page]
		r.metadata.LeftOut = append(r.metadata.LeftOut, MetadataLeftOut{
			Page: l.Page, Deposit: page.Deposit, SourcePage: page.Number, Reason: l.Reason, Before: l.Before,
		})
	}
	return nil
}

// document describes the paper whose first page is page first of the rendition.
func (p *Pipeline) document(ctx context.Context, r *record, planned catalog.PlanDocument, first int) (dossier.Document, error) {
	settings := p.settings.Load()
	looked, numbers := ends(planned.Pages)
	pages := make([]*dossier.Page, 0, len(looked))
	sheet := true
	for i, id := range looked {
		page, err := r.layouts.page(ctx, r.version.Pages[id].ArtifactID)
		if err != nil {
			return dossier.Document{}, err
		}
		says := payload.OfPage(page.Barcodes, p.knows)
		sheet = sheet && (says.Slip.Sheet || says.Separator != "")
		r.addNumbers(p.cfg.Identity, first-1+numbers[i], numbersOf(says)...)
		pages = append(pages, page)
	}
	doc := settings.kinds.Document(pages, nil)
	if r.sheets = append(r.sheets, sheet); !sheet {
		was := r.version.Plan.First(planned.Pages[0]) // it is what it was, wherever it is scanned again
		doc.Role = r.depositOf(was).Purpose.Role()
	}
	for i := range doc.Fields {
		f := &doc.Fields[i]
		f.Page, f.Confidence = first-1+numbers[f.Page-1], rounded(f.Confidence, 1000)
		for j := range f.Box {
			f.Box[j] = rounded(f.Box[j], 100)
		}
	}
	if r.correct(&doc, planned.Pages, first) {
		settings.kinds.Retitle(&doc, pages[0].Language)
	}
	doc.Confidence = rounded(doc.Confidence, 1000)
	doc.FirstPage, doc.LastPage = first, first+len(planned.Pages)-1
	kind := settings.kinds.Kind(doc.Kind)
	if kind != nil {
		r.metadata.addRule(kind.File, kind.SHA256)
	}
	r.addPersonal(planned.Pages, kind != nil && kind.Identity)
	return doc, nil
}

// addPersonal notes the pages of a paper that show an identity paper: all of one, or those that show one by themselves, which a
// copy behind a form does, and the page after such, which is its other side.
func (r *record) addPersonal(pages []string, all bool) {
	before := false
	for _, id := range pages {
		shows := r.version.Pages[id].Personal
		if all || shows || before {
			r.personal = append(r.personal, id)
		}
		before = shows
	}
}

// addReplaced notes the new scans of identity papers, and the old ones: a bad scan may not be known for what it shows.
func (r *record) addReplaced() {
	left := r.version.Plan.LeftOut
	for range left { // one may have been replaced in turn
		for _, l := range left {
			scans := append([]string{l.Page}, l.By...)
			isPersonal := func(id string) bool { return r.version.Pages[id].Personal || slices.Contains(r.personal, id) }
			if len(l.By) == 0 || !slices.ContainsFunc(scans, isPersonal) {
				continue
			}
			for _, id := range scans {
				if _, here := r.version.Pages[id]; here && !slices.Contains(r.personal, id) {
					r.personal = append(r.personal, id)
				}
			}
		}
	}
}

// rounded keeps of a figure what somebody may want to know: a hundredth of a point, a thousandth of a confidence.
func rounded(v, parts float64) float64 { return math.Round(v*parts) / parts }

// ends are the pages of a paper that are looked at, and their numbers in it, from 1.
func ends(pages []string) (looked []string, numbers []int) {
	for i, id := range pages {
		if i < firstLooked || i >= len(pages)-lastLooked {
			looked, numbers = append(looked, id), append(numbers, i+1)
		}
	}
	return looked, numbers
}

// ticketRule is the rule of a field that a ticket gives.
const ticketRule = "ticket"

// ticketFields are the fields that a scanner's ticket gives, by name. Nobody read them off a page, and whom they tell of is
// not known.
func ticketFields(told map[string]string) []dossier.Field {
	var fields []dossier.Field
	for name, value := range told {
		fields = append(fields, dossier.Field{Name: name, Type: "text", Value: value, Raw: value, Confidence: 1, Rule: ticketRule, Personal: true})
	}
	slices.SortFunc(fields, func(a, b dossier.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// mask moves the personal values of a document into private.json.
func (r *record) mask(doc *dossier.Document) {
	var personal []dossier.Field
	for i, f := range doc.Fields {
		if f.Personal {
			personal = append(personal, f)
		}
		doc.Fields[i] = f.Shown()
	}
	if len(personal) > 0 {
		r.private.Documents = append(r.private.Documents, PrivateDocument{FirstPage: doc.FirstPage, Fields: personal})
	}
	doc.Title = dossier.MaskText(doc.Title)
}

// maskDossier does the same for what is known of the dossier as a whole.
func (r *record) maskDossier(fields []dossier.Field) {
	r.private.Fields = fields
	for _, f := range fields {
		r.metadata.Fields = append(r.metadata.Fields, f.Shown())
	}
	for i := range r.metadata.Deposits {
		d := &r.metadata.Deposits[i]
		if name := dossier.MaskText(d.Name); name != d.Name {
			r.private.Names = append(r.private.Names, PrivateName{Deposit: i, Name: d.Name})
			d.Name = name
		}
	}
}

// maskedSignature hides the identity number that certificates of citizens have beside the name.
func maskedSignature(s *dossier.Signed) *dossier.Signed {
	if s == nil {
		return nil
	}
	masked := *s
	masked.Signer = dossier.MaskText(s.Signer)
	return &masked
}
