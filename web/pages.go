package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// pageAnswer is what is known of a page.
type pageAnswer struct {
	ID         string                `json:"id"`
	Deposit    string                `json:"deposit" doc:"Id of the deposit that it is a page of."`
	Number     int                   `json:"number" doc:"In its deposit, from 1."`
	State      catalog.PageState     `json:"state" enum:"waiting,queued,done,cancelled,erased" doc:"done: it was read."`
	Verdicts   []dossier.VerdictCode `json:"verdicts" nullable:"false" doc:"What is wrong with the scan, the gravest first."`
	Rescan     bool                  `json:"rescan" doc:"A verdict advises to scan the page again."`
	Look       *dossier.Look         `json:"look,omitempty" doc:"Measures of the scan, from a glance at it before it was read."`
	Language   string                `json:"language,omitempty" doc:"That it was read in: a name of tessdata."`
	Words      int                   `json:"words"`
	Confidence float64               `json:"confidence" minimum:"0" maximum:"1" doc:"Mean of its words."`
	Blank      bool                  `json:"blank"`
	Personal   bool                  `json:"personal" doc:"An identity paper, as far as is known: who may not read what is personal is not shown it."`
	Thumb      bool                  `json:"thumb" doc:"There is a thumbnail."`
	Warnings   []string              `json:"warnings" nullable:"false"`
}

func newPageAnswer(p *catalog.PageInfo) pageAnswer {
	a := pageAnswer{
		ID: p.ID, Deposit: p.DepositID, Number: p.Number, State: p.State, Verdicts: append([]dossier.VerdictCode{}, p.Verdicts...),
		Look: p.Look, Language: p.Language, Words: p.Words, Confidence: p.Confidence, Blank: p.Blank, Personal: p.Personal, Thumb: p.Thumb,
		Warnings: append([]string{}, p.Warnings...),
	}
	for _, v := range p.Verdicts {
		a.Rescan = a.Rescan || v.AdvisesRescan()
	}
	return a
}

type pageInput struct {
	ID string `path:"id" maxLength:"80" doc:"Of the page: of a deposit's pages, or of a version's."`
}

type pageOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         pageAnswer
}

func pageOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-page", Method: http.MethodGet, Path: "/api/v1/pages/{id}",
		Summary: "What was seen and read of a page", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) page(ctx context.Context, in *pageInput) (*pageOutput, error) {
	who := access.Of(ctx)
	p, err := s.catalog.Page(ctx, who.Scope, in.ID)
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionDeposit, Subject: p.DepositID})
	}
	if errors.Is(err, catalog.ErrNotFound) {
		return nil, refused("unknown_page")
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	return &pageOutput{CacheControl: "no-store", Body: newPageAnswer(&p)}, nil
}

type depositPagesOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Pages []pageAnswer `json:"pages" nullable:"false" doc:"In their order; those that are known so far."`
	}
}

func depositPagesOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-pages", Method: http.MethodGet, Path: depositsPath + "/{id}/pages",
		Summary: "The pages of a deposit, with verdicts", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) depositPages(ctx context.Context, in *depositInput) (*depositPagesOutput, error) {
	d, err := s.seenDeposit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.catalog.PagesOf(ctx, d.ID)
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out := &depositPagesOutput{CacheControl: "no-store"}
	out.Body.Pages = make([]pageAnswer, 0, len(list))
	for i := range list {
		out.Body.Pages = append(out.Body.Pages, newPageAnswer(&list[i]))
	}
	return out, nil
}
