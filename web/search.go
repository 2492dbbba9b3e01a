package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// boxTime is how long the boxes of an answer may take, which stand in the object store.
const boxTime = 2 * time.Second

type searchInput struct {
	Query  string              `query:"q" required:"true" minLength:"1" maxLength:"10000" doc:"Words, \"phrases\", ngh*, OR, NOT, parentheses; department:, station:, procedure:, kind:, code:, from:, to:, confidence<0.6."`
	Order  catalog.SearchOrder `query:"order" enum:"relevance,newest,oldest" default:"relevance"`
	Limit  int                 `query:"limit" minimum:"1" maximum:"200" default:"20"`
	After  string              `query:"after" maxLength:"1000" doc:"The next of an earlier answer to the same question."`
	Within string              `query:"within" maxLength:"64" doc:"Code of the dossier to look in; all without it."`
	Exact  bool                `query:"exact" doc:"Words count with the marks they are typed with only."`
	Facets bool                `query:"facets" doc:"How many hits each department, station, procedure, kind and year has."`
	Boxes  bool                `query:"boxes" doc:"Where the words that were hit stand on their pages."`
}

type searchOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         searchAnswer
}

type searchAnswer struct {
	Hits   []hitAnswer   `json:"hits" nullable:"false"`
	Total  countAnswer   `json:"total"`
	Facets []facetAnswer `json:"facets" nullable:"false"`
	Next   string        `json:"next,omitempty" doc:"The after of the next request; none at the end."`
	Cut    []string      `json:"cut" nullable:"false" doc:"What was cut short, for it took too long: hits may be missing; of exact, title, near, phrase and alternatives only their order suffers, of count the total, of boxes the boxes."`
}

// hitAnswer is a page that was found.
type hitAnswer struct {
	catalog.Hit
	Boxes *hitBoxes `json:"boxes,omitempty" doc:"Of the words, where they were asked for."`
}

// hitBoxes are where words stand on a page, in pixels of page space.
type hitBoxes struct {
	Width  int          `json:"width" doc:"Of the page."`
	Height int          `json:"height"`
	Boxes  [][4]float64 `json:"boxes" nullable:"false" doc:"Left, top, right, bottom of each of the hit's words, in their order."`
}

type countAnswer struct {
	N     int  `json:"n"`
	Exact bool `json:"exact" doc:"Else n is an estimate."`
}

type facetAnswer struct {
	Field  string       `json:"field"`
	Values []facetValue `json:"values" nullable:"false"`
}

type facetValue struct {
	Value string `json:"value"`
	N     int    `json:"n"`
	Exact bool   `json:"exact" doc:"Else n is an estimate."`
}

func searchOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Search), OperationID: "search", Method: http.MethodGet, Path: "/api/v1/search",
		Summary: "Find pages by what they say",
		Description: "Words typed without tone marks find those with marks; exact ones come first. A hit that is similar has a word that may have been " +
			"misread. Every question is kept in the audit log.",
		Errors: []int{http.StatusBadRequest},
	}
}

func (s *server) search(ctx context.Context, in *searchInput) (*searchOutput, error) {
	query, err := search.Parse(in.Query)
	var syntax *search.SyntaxError
	if errors.As(err, &syntax) {
		return nil, refused("bad_query", syntax)
	}
	if err != nil {
		return nil, refused("fault")
	}
	who := access.Of(ctx)
	found, err := s.catalog.Search(ctx, catalog.Search{
		Query: query, Who: who, Order: in.Order, Limit: in.Limit, Cursor: in.After, Facets: in.Facets, Within: in.Within, Exact: in.Exact,
	})
	if err == nil {
		details := map[string]any{"query": dossier.MaskText(query.String()), "found": found.Total.N}
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionSearch, Details: details})
	}
	if err != nil {
		return nil, s.listError(ctx, err)
	}
	out := &searchOutput{CacheControl: "no-store", Body: answerOf(&found)}
	if in.Boxes && !s.addBoxes(ctx, out.Body.Hits) {
		out.Body.Cut = append(out.Body.Cut, "boxes")
	}
	return out, nil
}

func answerOf(f *catalog.Found) searchAnswer {
	a := searchAnswer{
		Hits: make([]hitAnswer, 0, len(f.Hits)), Total: countAnswer(f.Total), Facets: make([]facetAnswer, 0, len(f.Facets)), Next: f.Next,
		Cut: append([]string{}, f.Cut...),
	}
	for i := range f.Hits {
		a.Hits = append(a.Hits, hitAnswer{Hit: f.Hits[i]})
	}
	for _, facet := range f.Facets {
		values := make([]facetValue, 0, len(facet.Values))
		for _, v := range facet.Values {
			values = append(values, facetValue{v.Value, v.N, v.Exact})
		}
		a.Facets = append(a.Facets, facetAnswer{facet.Field, values})
	}
	return a
}

// addBoxes looks up where the words of hits stand, as far as time allows. It reports whether all were found.
func (s *server) addBoxes(ctx context.Context, hits []hitAnswer) bool {
	ctx, cancel := context.WithTimeout(ctx, boxTime)
	defer cancel()
	whole := true
	for i := range hits {
		page, err := s.cfg.Images.ReadPage(ctx, hits[i].ArtifactID)
		if ctx.Err() != nil { // a folder does not heed it
			return false
		}
		if err != nil {
			s.log.Warn("boxes of a hit not read", "page", hits[i].PageID, "error", err)
			whole = false
			continue
		}
		hits[i].Boxes = boxesOf(page, hits[i].Words)
	}
	return whole
}

func boxesOf(page *dossier.Page, words []int) *hitBoxes {
	var all []dossier.Box
	for line := range page.Layout.Lines {
		for i := range line.Words {
			all = append(all, line.Words[i].Box)
		}
	}
	b := &hitBoxes{Width: page.Width, Height: page.Height, Boxes: make([][4]float64, 0, len(words))}
	for _, word := range words {
		if word < len(all) {
			at := all[word]
			b.Boxes = append(b.Boxes, [4]float64{at.X0, at.Y0, at.X1, at.Y1})
		}
	}
	return b
}
