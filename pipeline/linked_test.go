package pipeline

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage/catalog"
)

// pageOf is a page on which these lines stand.
func pageOf(lines ...string) *dossier.Page {
	var paragraph dossier.Paragraph
	for _, text := range lines {
		var line dossier.Line
		for word := range strings.FieldsSeq(text) {
			line.Words = append(line.Words, dossier.Word{Text: word, Confidence: 0.95})
		}
		paragraph.Lines = append(paragraph.Lines, line)
	}
	return &dossier.Page{Layout: dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{paragraph}}}}}
}

// resultStack is a stack of a station for results, of which two dossiers are known.
func resultStack(t *testing.T) (h *house, s *stack, known [2]string) {
	t.Helper()
	h = newHouse(t, nil, nil)
	h.run()
	for i := range known {
		h.take(fmt.Sprintf("scan 1 %d\n", i))
		known[i] = h.next(dossier.EventDossierPublished).Data.Dossier.Code
	}
	s = &stack{found: map[string]bool{}, batch: &catalog.Assembly{
		Documents: []catalog.AssemblyDocument{{Deposit: dossier.Deposit{Purpose: dossier.PurposeResults}}},
	}}
	return h, s, known
}

func (h *house) seen(s *stack, m meaning, lines ...string) meaning {
	h.t.Helper()
	must(h.t, h.lookPrinted(h.t.Context(), s, &m, pageOf(lines...)))
	s.meaning = append(s.meaning, m)
	return m
}

func TestAPrintedCodeIsThatOfADossierOrGivesNone(t *testing.T) {
	h, s, known := resultStack(t)
	const foreign = "H42.16-240112-0003"
	for text, want := range map[string]struct {
		code     string
		misprint bool
	}{
		"Mã hồ sơ: " + known[0]:                            {known[0], false},
		"Mã hồ sơ: " + foreign:                             {foreign, true},
		"Mã hồ sơ: " + known[0] + " Mã hồ sơ: " + foreign:  {known[0], false},
		"Mã hồ sơ: " + known[0] + " Mã hồ sơ: " + known[1]: {"", false},
		"theo hồ sơ " + known[0]:                           {"", false},
	} {
		m := h.seen(s, meaning{}, text)
		if m.code != want.code || m.printed != (want.code != "") || s.isMisprint(m.code) != want.misprint {
			t.Errorf("%s: %+v, misprint %v", text, m, s.isMisprint(m.code))
		}
	}
	h.seen(s, meaning{code: foreign, marker: separate.MarkerNone}) // a symbol says it, too
	if s.isMisprint(foreign) {
		t.Error("the code of a symbol is taken for a misprint")
	}
}

func TestACodeThatATicketGivesIsNoMisprint(t *testing.T) {
	s := &stack{found: map[string]bool{}, meaning: []meaning{{}}}
	if s.isMisprint("H42.16-240112-0003") || s.isMisprint("") {
		t.Error("it is taken for one")
	}
}

func TestASymbolGoesBeforeWhatIsPrinted(t *testing.T) {
	h, s, known := resultStack(t)
	printed := "Mã hồ sơ: " + known[1]
	if m := h.seen(s, meaning{code: known[0]}, printed); m.code != known[0] || m.printed {
		t.Errorf("a symbol: %+v", m)
	}
	if m := h.seen(s, meaning{disagree: true}, printed); m.code != "" {
		t.Errorf("symbols that disagree: %+v", m)
	}
	h.seen(s, meaning{marker: separate.MarkerSlip, code: known[0]})
	if m := h.seen(s, meaning{}, "Mã hồ sơ: H42.16-240112-0003"); m.code != "" {
		t.Errorf("behind a slip, a code that may be misread: %+v", m)
	}
	if m := h.seen(s, meaning{}, printed); m.code != known[1] {
		t.Errorf("behind a slip, another dossier's code: %+v", m)
	}
	h.seen(s, meaning{marker: separate.MarkerSeparator})
	if m := h.seen(s, meaning{}, "Mã hồ sơ: H42.16-240112-0003"); m.code == "" {
		t.Errorf("behind a separator: %+v", m)
	}
}

func TestPrintSaysNothingAtReceptionOrWhereATicketDoes(t *testing.T) {
	h, s, known := resultStack(t)
	printed := "Mã hồ sơ: " + known[0]
	s.batch.Batch.Reference = "H42.16-240112-0003"
	if m := h.seen(s, meaning{}, printed); m.code != "" {
		t.Errorf("a ticket names a dossier: %+v", m)
	}
	s.batch.Batch.Reference, s.batch.Documents[0].Deposit.Purpose = "", dossier.PurposeReception
	if m := h.seen(s, meaning{}, printed); m.code != "" {
		t.Errorf("at reception: %+v", m)
	}
}

// recordOf is a version of these papers: brought, result, receipt or sheet, each from a station of its name.
func recordOf(papers ...string) *record {
	r := &record{version: &catalog.Version{Pages: map[string]catalog.VersionPage{}}, metadata: NewMetadata(nil)}
	for i, paper := range papers {
		id := string(rune('a' + i))
		doc := dossier.Document{}
		if paper == "result" || paper == "receipt" {
			doc.Role = dossier.Role(paper)
		}
		r.metadata.Documents = append(r.metadata.Documents, doc)
		r.sheets = append(r.sheets, paper == "sheet")
		r.version.Plan.Documents = append(r.version.Plan.Documents, catalog.PlanDocument{Pages: []string{id}})
		r.version.Pages[id] = catalog.VersionPage{Deposit: i}
		r.version.Deposits = append(r.version.Deposits, dossier.Deposit{Station: paper})
	}
	return r
}

func TestResultsAndReceiptsOfADossierTellItsState(t *testing.T) {
	for _, tt := range []struct {
		papers  []string
		state   catalog.DossierState
		warning string
	}{
		{[]string{"brought"}, "", ""},
		{[]string{"sheet"}, "", ""},
		{[]string{"brought", "sheet"}, "", ""},
		{[]string{"brought", "result"}, catalog.DossierResult, ""},
		{[]string{"brought", "receipt"}, catalog.DossierReturned, ""},
		{[]string{"brought", "result", "receipt"}, catalog.DossierReturned, ""},
		{[]string{"result"}, "", dossier.WarnResultUnlinked},
		{[]string{"sheet", "result"}, "", dossier.WarnResultUnlinked},
		{[]string{"receipt"}, "", dossier.WarnReceiptUnlinked},
		{[]string{"receipt", "result"}, "", dossier.WarnResultUnlinked},
	} {
		r := recordOf(tt.papers...)
		state, by := r.reached()
		if state != tt.state || r.unlinkedAs() != tt.warning || r.toReview() != (tt.warning != "") {
			t.Errorf("%q: %q by %q, warning %q", tt.papers, state, by, r.unlinkedAs())
		}
		if state != "" && !slices.Contains([]string{"result", "receipt"}, by) {
			t.Errorf("%q: brought about by %q", tt.papers, by)
		}
	}
}
