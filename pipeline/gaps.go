package pipeline

import (
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage/catalog"
)

// findGaps says beside which pages of a version pages are missing, by the numbers on them. places are what the pages of the
// rendition say of themselves, in order.
func (r *record) findGaps(places []separate.Place, cutAt float64, language string) {
	plan := &r.version.Plan
	blanks := func(page int) (n int) {
		for _, l := range plan.LeftOut {
			if l.Before == page && l.Reason == string(separate.LeftBlank) {
				n++
			}
		}
		return n
	}
	for _, c := range plan.Cuts {
		if !c.Made && c.Page <= len(places) {
			p := &places[c.Page-1]
			p.MayBegin, p.Begins = true, p.Begins || separate.HeldBack(c, separate.Options{CutAt: cutAt})
		}
	}
	for i := range places {
		places[i].Blanks = blanks(i + 1)
	}
	first := 0
	for _, doc := range plan.Documents {
		next := first + len(doc.Pages)
		for _, at := range separate.Gaps(places[first:next], blanks(next+1)) {
			id := doc.Pages[min(at, len(doc.Pages)-1)]
			number := r.version.Pages[id].Number
			r.gaps = append(r.gaps, catalog.Gap{Page: id, Verdict: dossier.Verdict{
				Page: number, Code: dossier.VerdictPageGap, Message: dossier.VerdictText(language, dossier.VerdictPageGap, number),
			}})
		}
		first = next
	}
	if len(r.gaps) > 0 {
		r.metadata.Warnings = merge(r.metadata.Warnings, []string{dossier.WarnPageGap})
	}
}
