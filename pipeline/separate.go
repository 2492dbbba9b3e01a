package pipeline

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage/catalog"
)

// stack is a batch on its way through the separation: its pages in order, and what their symbols say.
type stack struct {
	batch   *catalog.Assembly
	layouts *shelf
	refused []bool // files
	ids     []string
	meaning []meaning
	reasons []*dossier.Reason // by file: why none of its pages has an image, or nil
	found   map[string]bool   // by printed code: a dossier has it
	slipped bool              // the last page lay behind a slip with a code

	rescans  rescans
	replaced []catalog.AssemblyPage // scanned again within the batch
}

// meaning is what the symbols on a page say together.
type meaning struct {
	marker    separate.Marker
	code      string // of the dossier
	procedure string
	place     string
	rescan    payload.Rescan
	card      bool // an identity card
	disagree  bool // they name several dossiers
	printed   bool // the code stands in print, and in no symbol
}

// separate says which dossiers a batch becomes. A file of which no page has an image is rejected, and no part of them; where
// nothing is left, there are none.
func (p *Pipeline) separate(ctx context.Context, a *catalog.Assembly, layouts *shelf) ([]catalog.Part, error) {
	s := &stack{batch: a, layouts: layouts, refused: make([]bool, len(a.Documents))}
	warnings := a.Warnings
	plan, err := p.walk(ctx, s)
	for err == nil && s.refuse() {
		for i, reason := range s.reasons {
			if reason == nil {
				continue
			}
			if err := p.reject(ctx, a.Documents[i].Deposit, reason); err != nil {
				return nil, err
			}
		}
		warnings = merge(warnings, []string{dossier.WarnFileRefused})
		plan, err = p.walk(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	if len(s.ids)+len(s.rescans.done) == 0 {
		for _, ticket := range a.Tickets {
			if err := p.reject(ctx, ticket, dossier.Reject(dossier.CodeNoPages, "none of the files that it lists is left")); err != nil {
				return nil, err
			}
		}
		return nil, nil
	}
	parts := s.parts(plan)
	if len(parts) > 0 {
		parts[0].Plan.Facts.Folder = p.procedureOf(a.Batch)
	}
	if len(s.rescans.done) > 0 {
		parts = append(parts, catalog.Part{Replaces: s.rescans.done})
	}
	for i := range parts {
		parts[i].Plan.Warnings = warnings
	}
	s.warnUnplaced(parts)
	s.leaveReplaced(parts)
	for _, t := range a.Tickets {
		parts[0].Plan.Tickets = append(parts[0].Plan.Tickets, t.ID)
	}
	return parts, nil
}

// walk reads the pages of a batch, one after the other and without those of refused files, and separates them.
func (p *Pipeline) walk(ctx context.Context, s *stack) (separate.Plan, error) {
	a, st, kinds := s.batch, p.station(s.batch.Station), p.settings.Load().kinds
	s.ids, s.meaning, s.found, s.slipped, s.reasons = nil, nil, map[string]bool{}, false, make([]*dossier.Reason, len(a.Documents))
	s.replaced = nil
	readable := make([]bool, len(a.Documents))
	var failed error
	pages := func(yield func(separate.Page) bool) {
		s.rescans = rescans{pipeline: p, batch: a.BatchID, facts: a.Batch.BatchFacts, file: -1}
		s.rescans.give = func(sh sheet) bool {
			m := sh.meaning
			s.ids, s.meaning = append(s.ids, sh.page.ID), append(s.meaning, m)
			next := separate.Page{Page: sh.read, Deposit: a.Documents[sh.file].Deposit.ID, Marker: m.marker, Code: m.code}
			if kind, score := kinds.Recognise(sh.read); kind != "" && !kinds.Kind(kind).General {
				next.Kind, next.KindScore = kind, score
			}
			return yield(next)
		}
		for file, page := range a.InOrder() {
			if s.refused[file] {
				continue
			}
			if page.ReplacedBy != "" && !s.refusedPage(page.ReplacedBy) {
				s.replaced = append(s.replaced, page)
				continue
			}
			var read *dossier.Page
			if read, failed = s.layouts.page(ctx, page.ArtifactID); failed != nil {
				return
			}
			if read.Image.Format != "" {
				readable[file], s.reasons[file] = true, nil
			} else if !readable[file] && s.reasons[file] == nil {
				s.reasons[file] = cmp.Or(read.Reason, noImage())
			}
			m := p.meaningOf(read)
			if failed = p.lookPrinted(ctx, s, &m, read); failed != nil {
				return
			}
			if failed = s.rescans.take(ctx, sheet{file, page, read, m}); failed != nil {
				return
			}
		}
		s.rescans.end()
	}
	plan := separate.Cuts(pages, separate.Options{
		CutAt: st.CutAt, KeepSheets: st.KeepSheets, FilesAreDocuments: s.filesAreDocuments(), PapersNameDossiers: s.namesDossiers(),
	})
	return plan, failed
}

// namesDossiers reports whether each paper is to say itself to which dossier it belongs: results and receipts whose batch doesn't.
func (s *stack) namesDossiers() bool {
	_, told := payload.ParseCode(s.batch.Batch.Reference)
	return !told && len(s.batch.Documents) > 0 && s.batch.Documents[0].Deposit.Purpose.Role() != ""
}

// refusedPage reports whether a page is one of a refused file.
func (s *stack) refusedPage(id string) bool {
	for file, doc := range s.batch.Documents {
		if s.refused[file] && slices.ContainsFunc(doc.Pages, func(p catalog.AssemblyPage) bool { return p.ID == id }) {
			return true
		}
	}
	return false
}

// refuse notes the files of which no page has an image, and reports whether there were any.
func (s *stack) refuse() bool {
	found := false
	for i, reason := range s.reasons {
		if reason != nil {
			s.refused[i], found = true, true
		}
	}
	return found
}

// meaningOf says what the symbols on a page mean for the stack.
func (p *Pipeline) meaningOf(page *dossier.Page) meaning {
	says := payload.OfPage(page.Barcodes, p.knows)
	m := meaning{
		code: says.Slip.Code, procedure: says.Slip.Procedure, place: says.Slip.Place, rescan: rescanOf(says), card: says.Personal, disagree: says.Disagree,
	}
	switch {
	case m.rescan.Valid():
	case says.Slip.Sheet:
		m.marker = separate.MarkerSlip
	case says.Separator == payload.Separator(dossier.CutDossier):
		m.marker = separate.MarkerSeparator
	case says.Separator == payload.Separator(dossier.CutDocument):
		m.marker = separate.MarkerDocument
	}
	return m
}

// filesAreDocuments reports whether a person put papers into files: then some have several pages.
func (s *stack) filesAreDocuments() bool {
	switch s.batch.Batch.Grouping {
	case dossier.GroupFolder, dossier.GroupTicket:
		return slices.ContainsFunc(s.batch.Documents, func(d catalog.AssemblyDocument) bool { return len(d.Pages) > 1 })
	case dossier.GroupFile, dossier.GroupPrefix, dossier.GroupSeparator:
	}
	return false
}

// parts are the dossiers of a plan. Those that name one code are one.
func (s *stack) parts(plan separate.Plan) []catalog.Part {
	var parts []catalog.Part
	maskReasons(plan.Cuts)
	from := 1
	for i, d := range plan.Dossiers {
		part := s.part(d)
		to := len(s.ids)
		if i+1 < len(plan.Dossiers) {
			to = firstPage(plan.Dossiers[i+1]) - 1
		}
		part.Plan.Cuts = cutsWithin(plan.Cuts, d, from, to)
		from = to + 1
		if i == 0 {
			s.addBatchFacts(&part)
		}
		parts = join(parts, part)
	}
	for i := range parts {
		if s.isMisprint(parts[i].Code) {
			parts[i].Code = ""
		}
	}
	return parts
}

// maskReasons hides identity numbers in what the reasons for cuts quote from pages.
func maskReasons(cuts []dossier.Cut) {
	for _, c := range cuts {
		for i := range c.Reasons {
			c.Reasons[i].Detail = dossier.MaskText(c.Reasons[i].Detail)
		}
	}
}

// procedureOf is the code of one of the office's procedures that stands in the name of a batch's folder, among other words; "" for
// none.
func (p *Pipeline) procedureOf(b catalog.AssemblyBatch) string {
	if b.Grouping != dossier.GroupFolder {
		return ""
	}
	for word := range strings.FieldsFuncSeq(b.Key, func(r rune) bool { return unicode.IsSpace(r) || r == '_' }) {
		if p.settings.Load().procedures.ByCode(word) != nil {
			return word
		}
	}
	return ""
}

// addBatchFacts adds what ticket and file names say of the batch as a whole.
func (s *stack) addBatchFacts(part *catalog.Part) {
	b := s.batch.Batch
	part.Plan.Facts.Ticket, part.Plan.Facts.Fields = b.Procedure, b.Fields
	if code, ok := payload.ParseCode(b.Reference); ok && part.Code == "" {
		part.Code = string(code)
	}
}

func join(parts []catalog.Part, part catalog.Part) []catalog.Part {
	for i := range parts {
		if part.Code != "" && parts[i].Code == part.Code {
			parts[i].Plan.Append(part.Plan)
			return parts
		}
	}
	return append(parts, part)
}

// part is one dossier of a plan. One that would have no page keeps what was left out of it, blank pages rather than sheets.
func (s *stack) part(d separate.Dossier) catalog.Part {
	part := catalog.Part{Code: d.Code}
	if len(d.Documents) == 0 {
		d = putBack(d)
	}
	for _, doc := range d.Documents {
		var next catalog.PlanDocument
		for _, page := range doc.Pages {
			next.Pages = append(next.Pages, s.ids[page-1])
			s.addFacts(&part, page)
		}
		part.Plan.Documents = append(part.Plan.Documents, next)
	}
	for _, l := range d.Left {
		s.addFacts(&part, l.Page)
		part.Plan.LeftOut = append(part.Plan.LeftOut, catalog.LeftOut{
			Page: s.ids[l.Page-1], Reason: string(l.Reason), Before: 1 + pagesBefore(d, l.Page),
		})
	}
	return part
}

func (s *stack) addFacts(part *catalog.Part, page int) {
	m, facts := s.meaning[page-1], &part.Plan.Facts
	if facts.Slip == "" {
		facts.Slip = m.procedure
	}
	if facts.Place == "" {
		facts.Place = m.place
	}
}

// putBack makes one document of the pages that were left out.
func putBack(d separate.Dossier) separate.Dossier {
	reason := separate.LeftSeparator
	for _, l := range d.Left {
		switch {
		case l.Reason == separate.LeftBlank:
			reason = l.Reason
		case l.Reason == separate.LeftSlip && reason != separate.LeftBlank:
			reason = l.Reason
		}
	}
	var doc separate.Document
	var left []separate.Left
	for _, l := range d.Left {
		if l.Reason == reason {
			doc.Pages = append(doc.Pages, l.Page)
		} else {
			left = append(left, l)
		}
	}
	return separate.Dossier{Code: d.Code, Documents: []separate.Document{doc}, Left: left}
}

// pagesBefore counts the pages of a dossier's rendition that lie before a page of the stack.
func pagesBefore(d separate.Dossier, page int) int {
	n := 0
	for _, doc := range d.Documents {
		for _, p := range doc.Pages {
			if p < page {
				n++
			}
		}
	}
	return n
}

func firstPage(d separate.Dossier) int {
	first := 0
	for _, doc := range d.Documents {
		if first == 0 || doc.Pages[0] < first {
			first = doc.Pages[0]
		}
	}
	for _, l := range d.Left {
		if first == 0 || l.Page < first {
			first = l.Page
		}
	}
	return first
}

// cutsWithin are the cuts at pages from to to of the stack, counted in pages of the dossier's rendition.
func cutsWithin(cuts []dossier.Cut, d separate.Dossier, from, to int) []dossier.Cut {
	var within []dossier.Cut
	for _, c := range cuts {
		if c.Page >= from && c.Page <= to {
			c.Page = 1 + pagesBefore(d, c.Page)
			within = append(within, c)
		}
	}
	return within
}
