package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type auditInput struct {
	Who     string         `query:"who" maxLength:"64" doc:"Only what this user or token did."`
	Action  catalog.Action `query:"action" maxLength:"32" doc:"Only this: dossier.view, search, login, ..."`
	Subject string         `query:"subject" maxLength:"1024" doc:"Only what this dossier, deposit, object or user was about."`
	Before  int64          `query:"before" minimum:"0" doc:"Number of the last row of the former answer."`
	Limit   int            `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many rows at most."`
}

type auditOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Rows []catalog.Audited `json:"rows" doc:"The last one first."`
		Head catalog.AuditHead `json:"head" doc:"The end of the log: whoever notes it elsewhere can tell later whether the log up to it is as it was."`
	}
}

func auditOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Administer), OperationID: "list-audit", Method: http.MethodGet, Path: "/api/v1/audit",
		Summary: "Who saw or did what; for administrators who see all records",
	}
}

// auditLog logs that it was read, too. It tells of all records, and so nobody who sees some of them only.
func (s *server) auditLog(ctx context.Context, in *auditInput) (*auditOutput, error) {
	if !access.Of(ctx).Scope.All {
		return nil, refused("forbidden")
	}
	filter := catalog.AuditFilter{Who: in.Who, Action: in.Action, Subject: in.Subject, Before: in.Before, Limit: in.Limit}
	out := &auditOutput{CacheControl: "no-store"}
	err := s.catalog.Audit(ctx, access.Of(ctx), catalog.Entry{Action: catalog.ActionAudit})
	if err == nil {
		out.Body.Rows, err = s.catalog.AuditLog(ctx, filter)
	}
	if err == nil {
		out.Body.Head, err = s.catalog.AuditEnd(ctx)
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	out.Body.Rows = append([]catalog.Audited{}, out.Body.Rows...)
	return out, nil
}
