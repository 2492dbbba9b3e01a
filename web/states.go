package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type historyOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		States []catalog.DossierStep `json:"states" doc:"The first one first."`
	}
}

func historyOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-states", Method: http.MethodGet,
		Path:    "/api/v1/dossiers/{code}/states",
		Summary: "The states that a dossier came into, when, and who saw to it",
		Errors:  []int{http.StatusNotFound},
	}
}

func (s *server) history(ctx context.Context, in *dossierInput) (*historyOutput, error) {
	who := access.Of(ctx)
	steps, err := s.catalog.History(ctx, in.Code, who.Scope)
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionView, Subject: in.Code})
	}
	if err != nil {
		return nil, s.dossierError(ctx, err)
	}
	out := &historyOutput{CacheControl: "no-store"}
	out.Body.States = steps
	return out, nil
}

// Seen is a change of a dossier that may name what it is a change of.
type Seen struct {
	Code    string `path:"code" maxLength:"64" doc:"Dossier code"`
	IfMatch string `header:"If-Match" maxLength:"100" doc:"ETag of the dossier, or the number of its version in quotes: where it is another one by now, nothing is changed. Without it the last word counts."`
}

// tag is the one that was sent, "" for any.
func (s *Seen) tag() string {
	if s.IfMatch == "*" {
		return ""
	}
	return strings.Trim(s.IfMatch, `"`)
}

type stateInput struct {
	Seen
	Body struct {
		State catalog.DossierState `json:"state" enum:"transferred,result_received,returned"`
	}
}

func stateOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Decide), OperationID: "set-state", Method: http.MethodPost,
		Path: "/api/v1/dossiers/{code}/states", DefaultStatus: http.StatusNoContent,
		Summary: "A dossier was transferred, its result has come, or the citizen has it back",
		Description: "dossier.state tells of it. The state that a dossier is in already changes nothing; one that it is past is a conflict. " +
			"The caller's name is kept as who saw to it.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusPreconditionFailed},
	}
}

func (s *server) setState(ctx context.Context, in *stateInput) (*struct{}, error) {
	if err := s.catalog.SetDossierState(ctx, in.Code, in.Body.State, in.tag(), access.Of(ctx)); err != nil {
		return nil, s.dossierError(ctx, err)
	}
	return nil, nil
}

type placeInput struct {
	Seen
	Body struct {
		Place string `json:"place" maxLength:"200" doc:"Box and shelf, in the office's words; empty where nobody knows any more."`
	}
}

func placeOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Decide), OperationID: "set-place", Method: http.MethodPut, Path: "/api/v1/dossiers/{code}/place",
		DefaultStatus: http.StatusNoContent,
		Summary:       "Where the paper of a dossier lies",
		Errors:        []int{http.StatusNotFound, http.StatusGone, http.StatusPreconditionFailed},
	}
}

func (s *server) setPlace(ctx context.Context, in *placeInput) (*struct{}, error) {
	if err := s.catalog.SetPlace(ctx, in.Code, in.Body.Place, in.tag(), access.Of(ctx)); err != nil {
		return nil, s.dossierError(ctx, err)
	}
	return nil, nil
}
