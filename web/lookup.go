package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

type lookupInput struct {
	Body struct {
		Number string `json:"number" minLength:"6" maxLength:"64" doc:"The whole number; spaces, dots and hyphens are of no account."`
	}
}

type lookupOutput struct {
	CacheControl string `header:"Cache-Control"`
	Body         struct {
		Codes []string `json:"codes" doc:"Of the dossiers whose latest version has the number."`
	}
}

// lookupOperation takes the number in a body: addresses stand in the logs of proxies.
func lookupOperation() huma.Operation {
	return huma.Operation{
		Extensions: needs(access.Personal), OperationID: "lookup-dossiers", Method: http.MethodPost,
		Path:    "/api/v1/dossiers/lookup",
		Summary: "Dossiers in which an identity number stands",
	}
}

// lookup keeps who asked, and of the number its hash.
func (s *server) lookup(ctx context.Context, in *lookupInput) (*lookupOutput, error) {
	who := access.Of(ctx)
	hash := s.cfg.Identity.Hash(in.Body.Number)
	if hash == "" {
		return nil, refused("not_a_number")
	}
	err := s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionPersonal, Subject: "lookup/" + hash})
	var codes []string
	if err == nil {
		codes, err = s.catalog.Lookup(ctx, hash, who.Scope)
	}
	if err != nil {
		return nil, s.catalogError(ctx, err)
	}
	s.log.Info("personal data read", "who", who.Name, "key", "lookup/"+hash, "status", http.StatusOK)
	out := &lookupOutput{CacheControl: "no-store"}
	out.Body.Codes = append([]string{}, codes...)
	return out, nil
}
