package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// authorized lets through who bears a token.
func (s *server) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd"`)
			problem(w, http.StatusUnauthorized, "A bearer token is needed.")
			return
		}
		name, ok := s.bearer(strings.TrimSpace(token))
		if !ok {
			w.Header().Set("WWW-Authenticate", `Bearer realm="dossierd", error="invalid_token"`)
			problem(w, http.StatusUnauthorized, "The bearer token is not known.")
			return
		}
		s.log.Debug("api request", "token", name, "method", r.Method, "path", dossier.MaskText(r.URL.Path))
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), bearerKey{}, name)))
	})
}

// bearerKey is the context's key of the name of the token that a request bears.
type bearerKey struct{}

func bearerOf(ctx context.Context) string {
	name, _ := ctx.Value(bearerKey{}).(string)
	return name
}

// maySeeClear reports whether the token of a name may read what is personal.
func (s *server) maySeeClear(name string) bool {
	return slices.ContainsFunc(s.cfg.Tokens, func(t Token) bool { return t.Name == name && t.Clear })
}

// mayErase reports whether the token of a name may erase dossiers.
func (s *server) mayErase(name string) bool {
	return slices.ContainsFunc(s.cfg.Tokens, func(t Token) bool { return t.Name == name && t.Erase })
}

// mayDeposit reports whether the token of a name may upload files.
func (s *server) mayDeposit(name string) bool {
	return slices.ContainsFunc(s.cfg.Tokens, func(t Token) bool { return t.Name == name && t.Deposit })
}

// bearer finds whose token it is. It takes as long for one nearly right as for any other.
func (s *server) bearer(token string) (name string, ok bool) {
	sum := sha256.Sum256([]byte(token))
	given := []byte(hex.EncodeToString(sum[:]))
	for _, t := range s.cfg.Tokens {
		if subtle.ConstantTimeCompare(given, []byte(t.SHA256)) == 1 {
			name, ok = t.Name, true
		}
	}
	return name, ok
}
