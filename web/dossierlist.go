package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type dossiersInput struct {
	ListInput
	Period
	Department string               `query:"department" maxLength:"64"`
	Station    string               `query:"station" maxLength:"32"`
	Procedure  string               `query:"procedure" maxLength:"64" doc:"Code of the procedure."`
	State      catalog.DossierState `query:"state" enum:"received,digitised,transferred,result_received,returned,withdrawn,erased" doc:"Without it all but withdrawn and erased ones."`
}

type dossiersOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Dossiers []catalog.Dossier `json:"dossiers" nullable:"false" doc:"The last received first."`
		Next     string            `json:"next,omitempty" doc:"The after of the next request; none at the end of the list."`
	}
}

func dossiersOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-dossiers", Method: http.MethodGet, Path: "/api/v1/dossiers",
		Summary: "Dossiers, the last received first", Errors: []int{http.StatusBadRequest},
	}
}

func (s *server) dossiers(ctx context.Context, in *dossiersInput) (*dossiersOutput, error) {
	from, to, err := in.within(s.cfg.office().Location)
	if err != nil {
		return nil, err
	}
	list, err := s.catalog.Dossiers(ctx, catalog.DossierFilter{
		Scope: access.Of(ctx).Scope, Department: in.Department, Station: in.Station, Procedure: in.Procedure, State: in.State,
		From: from, To: to, Limit: in.Limit, Before: in.After,
	})
	if err == nil {
		err = s.listed(ctx, "dossiers")
	}
	if err != nil {
		return nil, s.listError(ctx, err)
	}
	out := &dossiersOutput{CacheControl: "no-store"}
	out.Body.Dossiers = append([]catalog.Dossier{}, list...)
	out.Body.Next = next(list, in.Limit, func(d *catalog.Dossier) string { return d.Code })
	return out, nil
}

type versionsOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Versions []catalog.VersionInfo `json:"versions" nullable:"false" doc:"The first one first; one without published_at is being made."`
	}
}

func versionsOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.View), OperationID: "list-versions", Method: http.MethodGet,
		Path: "/api/v1/dossiers/{code}/versions", Summary: "The versions of a dossier", Errors: []int{http.StatusNotFound},
	}
}

func (s *server) versions(ctx context.Context, in *dossierInput) (*versionsOutput, error) {
	who := access.Of(ctx)
	list, err := s.catalog.Versions(ctx, who.Scope, in.Code)
	if err == nil {
		err = s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionView, Subject: in.Code})
	}
	if err != nil {
		return nil, s.dossierError(ctx, err)
	}
	out := &versionsOutput{CacheControl: "no-store"}
	out.Body.Versions = append([]catalog.VersionInfo{}, list...)
	return out, nil
}
