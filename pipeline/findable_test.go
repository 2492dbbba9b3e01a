package pipeline

import (
	"context"
	"fmt"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
)

// finds lists what a query finds as code/page, with kind and text of the layout's words that it hits.
func (h *house) finds(text string, who dossier.Principal) string {
	h.t.Helper()
	q, err := search.Parse(text)
	must(h.t, err)
	f, err := h.catalog.Search(h.t.Context(), catalog.Search{Query: q, Who: who, Order: catalog.OrderOldest})
	must(h.t, err)
	found := ""
	for _, hit := range f.Hits {
		page, err := loadPage(h.t.Context(), h.store, hit.ArtifactID)
		must(h.t, err)
		var words []string
		for line := range page.Layout.Lines {
			for _, w := range line.Words {
				words = append(words, w.Text)
			}
		}
		found += fmt.Sprintf("%d %s", hit.Page, hit.Kind)
		for _, w := range hit.Words {
			found += " " + words[w]
		}
		found += "; "
	}
	return found
}

func TestWhatIsReadIsFoundOnceItIsPublishedAndAgainAfterReindexing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	known, err := extract.Load(kinds.Files)
	must(t, err)
	h.settings.Kinds = known
	h.Apply(h.settings)
	h.run()
	h.take("scan 4 form and copy\n1 form\n2 copy\n")
	h.next(dossier.EventDossierPublished)
	all := dossier.Principal{Scope: dossier.Scope{All: true}}
	cleared := all
	cleared.Clear = true
	for range 2 {
		for text, want := range map[string]string{"trang4": "4 vi-application trang4; ", "TRANG*": "4 vi-application trang4; ", "trang3": "", "nothing": ""} {
			if got := h.finds(text, all); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
		if one, both := h.finds("cuoc", all), h.finds("cuoc", cleared); one == both || both == "" {
			t.Errorf("the copy of a card: %q for all, %q in clear", one, both)
		}
		must(t, h.catalog.Reindex(t.Context(), func(ctx context.Context, of catalog.Dossier) ([]catalog.SearchDocument, error) {
			return Findable(ctx, h.store, of)
		}, func(int, int) {}))
	}
}

func TestAWordInDoubtIsFoundByWhatItMayBe(t *testing.T) {
	l := dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{
		{Words: []dossier.Word{{Text: "một", Confidence: .95}, {Text: "h ai", Confidence: .5}}}, {Words: []dossier.Word{{Text: "ba", Confidence: .2}}},
	}}}}}}
	if r := wordsRead("a page", &l); r.text != "một hai\nba" || fmt.Sprint(r.doubted) != "[1 2]" {
		t.Errorf("%+v", r)
	}
}
