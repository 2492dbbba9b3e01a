package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

// authorized lets through who bears a token.
func (s *server) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd"`)
			problem(w, r, refused("token_needed"))
			return
		}
		who := s.bearer(strings.TrimSpace(token))
		if who.Name == "" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd", error="invalid_token"`)
			problem(w, r, refused("token_unknown"))
			return
		}
		s.log.Debug("api request", "token", who.Name, "method", r.Method, "path", dossier.MaskText(r.URL.Path))
		next.ServeHTTP(w, r.WithContext(access.With(r.Context(), who)))
	})
}

// bearer finds whose token it is; nobody's is the zero principal. It takes as long for one nearly right as for any other.
func (s *server) bearer(token string) (who dossier.Principal) {
	sum := sha256.Sum256([]byte(token))
	given := []byte(hex.EncodeToString(sum[:]))
	for _, t := range s.cfg.Tokens {
		if subtle.ConstantTimeCompare(given, []byte(t.SHA256)) == 1 {
			who = dossier.Principal{
				Name: t.Name, Role: dossier.RoleCaseSystem, Scope: dossier.Scope{All: true}, Clear: t.Clear, Deposit: t.Deposit, Erase: t.Erase,
			}
		}
	}
	return who
}
