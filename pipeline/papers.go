package pipeline

import (
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/storage/catalog"
)

// checkPapers finds the dossier's procedure and holds its documents against the papers that it asks for.
func (p *Pipeline) checkPapers(r *record, fields []dossier.Field) {
	facts := r.version.Plan.Facts
	hints := procedure.Hints{Slip: facts.Slip, Ticket: facts.Ticket, Folder: facts.Folder}
	brought := r.brought()
	for _, d := range brought {
		hints.Titles = append(hints.Titles, titlesOf(d)...)
	}
	found := p.settings.Load().procedures.Find(hints)
	r.metadata.Dossier.Procedure = found.Code
	if len(found.Against) > 0 {
		r.metadata.Warnings = merge(r.metadata.Warnings, []string{dossier.WarnProceduresDiffer})
	}
	if found.Procedure == nil || len(brought) == 0 {
		return
	}
	r.metadata.addRule(found.Procedure.File.Name, found.Procedure.File.SHA256)
	result := found.Procedure.Check(brought, fields)
	for i := range result.Unexpected {
		result.Unexpected[i].Title = dossier.MaskText(result.Unexpected[i].Title)
	}
	result.LeaveToEyes(func(kind string) bool { return p.settings.Load().kinds.Kind(kind) != nil })
	r.metadata.Papers = &result
}

// titlesOf are the titles that a form may be known by.
func titlesOf(d dossier.Document) []string {
	var titles []string
	for _, f := range d.Fields {
		if f.Name == "form" || f.Name == "title" || f.Name == "type" {
			titles = append(titles, f.Value, f.Raw)
		}
	}
	return append(titles, d.Title)
}

func (r *record) complete() catalog.Completeness {
	switch {
	case r.metadata.Papers == nil:
		return catalog.CompleteUnknown
	case r.metadata.Papers.Complete:
		return catalog.Complete
	case len(r.metadata.Papers.Missing) > 0:
		return catalog.Incomplete
	}
	return catalog.CompleteUnknown
}

// toReview reports whether a person is asked about the version.
func (r *record) toReview() bool {
	return r.cutsProposed() || r.unlinked() || slices.ContainsFunc(r.metadata.Warnings, func(code string) bool {
		return code == dossier.WarnRescanUnplaced || code == dossier.WarnCodeTaken
	})
}

func (r *record) cutsProposed() bool {
	for _, c := range r.metadata.Cuts {
		if !c.Made {
			return true
		}
	}
	return false
}

// notes are the sentences for the clerk.
func (r *record) notes(language string) []string {
	var notes []string
	if r.metadata.Papers != nil {
		notes = r.metadata.Papers.Sentences(language)
	}
	if r.unlinked() {
		notes = append(notes, dossier.WarningText(language, r.unlinkedAs(), 0))
	}
	for _, replaced := range r.version.Replaced {
		notes = append(notes, fmt.Sprintf(map[string]string{
			"vi": "Trang %d đã được thay bằng bản quét lại.",
			"fr": "La page %d a été remplacée par une nouvelle numérisation.",
			"en": "Page %d was replaced by a new scan.",
		}[language], replaced.Page))
	}
	if r.cutsProposed() {
		notes = append(notes, map[string]string{
			"vi": "Có thể có nhiều giấy tờ hoặc hồ sơ khác nhau trong tập này. Đề nghị kiểm tra chỗ tách đã được đề xuất.",
			"fr": "Cette pile contient peut-être plusieurs pièces ou dossiers : vérifiez les coupures proposées.",
			"en": "This stack may hold several papers or dossiers: check the cuts that are proposed.",
		}[language])
	}
	return notes
}

// papers are what the procedure asks for, as the stations' boards show it.
func (r *record) papers() []catalog.Paper {
	if r.metadata.Papers == nil {
		return nil
	}
	var papers []catalog.Paper
	for _, a := range r.metadata.Papers.Asked {
		name := map[string]string{}
		for _, language := range []string{"vi", "fr", "en"} {
			name[language] = a.Name.In(language)
		}
		papers = append(papers, catalog.Paper{Name: name, State: string(a.State)})
	}
	return papers
}
