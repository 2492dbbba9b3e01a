package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type dossierInput struct {
	Code string `path:"code" maxLength:"64" doc:"Dossier code"`
}

type dossierOutput struct {
	ETag         string `header:"ETag" doc:"For If-Match: the latest version, a dot, and what changes with state and place."`
	CacheControl string `header:"Cache-Control"`
	Body         catalog.Record
}

func dossierOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "get-dossier", Method: http.MethodGet, Path: "/api/v1/dossiers/{code}",
		Summary: "How a dossier stands, its versions and the decisions about it",
		Errors:  []int{http.StatusNotFound},
	}
}

func (s *server) dossier(ctx context.Context, in *dossierInput) (*dossierOutput, error) {
	who := access.Of(ctx)
	r, err := s.catalog.Record(ctx, in.Code, who.Scope)
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionView, Subject: in.Code, Details: map[string]int{"version": r.Version}})
	}
	if err != nil {
		return nil, s.dossierError(ctx, err)
	}
	return &dossierOutput{ETag: `"` + r.Tag() + `"`, CacheControl: "no-store", Body: r}, nil
}

type decisionInput struct {
	Code    string `path:"code" maxLength:"64" doc:"Dossier code"`
	IfMatch string `header:"If-Match" required:"true" doc:"ETag of the dossier, or the number of the version that the decision is about in quotes."`
	Keyed
	Body catalog.Decision
}

type decisionOutput struct {
	Body catalog.Decided
}

func decisionOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Decide), OperationID: "decide", Method: http.MethodPost,
		Path: "/api/v1/dossiers/{code}/decisions", DefaultStatus: http.StatusAccepted,
		Summary: "Decide how the pages of a dossier lie: cut, join, move, arrange, restore, reassign, withdraw, erase; or what a field is: correct",
		Description: "The next version of every dossier that the decision touches is made at once, and they are published together; " +
			"dossier.published and dossier.withdrawn tell of it. Who decided and when is kept. To erase, the caller needs the right to it: " +
			"from the answer on nothing of the dossier is given out, and its objects are destroyed but for those that another dossier has too; " +
			"dossier.erased tells of it, and a tombstone in the dossier's record of what was destroyed.",
		Errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusGone, http.StatusPreconditionFailed},
	}
}

func (s *server) decide(ctx context.Context, in *decisionInput) (*decisionOutput, error) {
	in.Body.Key = in.key()
	number, _, _ := strings.Cut(strings.Trim(in.IfMatch, `"`), ".") // where its paper lies is nothing to a decision
	version, err := strconv.Atoi(number)
	if err != nil {
		return nil, refused("no_etag")
	}
	decided, err := s.catalog.Decide(ctx, in.Code, version, in.Body, access.Of(ctx))
	if err != nil {
		return nil, s.dossierError(ctx, err)
	}
	s.log.Info("decision taken", "decision", decided.ID, "do", in.Body.Do, "dossier", in.Code, "who", access.Of(ctx).Name)
	return &decisionOutput{Body: decided}, nil
}

// dossierError is what a client hears of something that can't be done with a dossier.
func (s *server) dossierError(ctx context.Context, err error) error {
	var misfit *catalog.Misfit
	var erased *catalog.Erased
	switch {
	case errors.Is(err, catalog.ErrForbidden):
		return refused("forbidden")
	case errors.As(err, &erased):
		return erasedFault(erased.Since)
	case errors.As(err, &misfit):
		return refused("misfit", misfit)
	case errors.Is(err, catalog.ErrNotFound):
		return refused("unknown_dossier")
	case errors.Is(err, catalog.ErrKeyReused):
		return refused("key_reused")
	case errors.Is(err, catalog.ErrStale):
		return refused("stale")
	case errors.Is(err, catalog.ErrBusy):
		return refused("busy")
	case errors.Is(err, catalog.ErrPast):
		return refused("past_state")
	case errors.Is(err, catalog.ErrWithdrawn):
		return refused("withdrawn")
	}
	return s.catalogError(ctx, err)
}
