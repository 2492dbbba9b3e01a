package web

import (
	"net/http"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

// protected finds out who asks before anything else.
func (s *server) protected(next http.Handler) http.Handler {
	return s.cfg.Access.Middleware(s.catalogProblem, s.refuse)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if who := access.Of(r.Context()); who.Name != "" {
			s.log.Debug("request", "who", who.Name, "kind", who.Kind, "method", r.Method, "path", dossier.MaskText(r.URL.Path))
		}
		next.ServeHTTP(w, r)
	}))
}

// refuse answers who may not.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, status int) {
	switch {
	case status == http.StatusForbidden:
		problem(w, r, refused("forbidden"))
	case r.Header.Get("Authorization") == "":
		w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd"`)
		problem(w, r, refused("token_needed"))
	default:
		w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd", error="invalid_token"`)
		problem(w, r, refused("token_unknown"))
	}
}
