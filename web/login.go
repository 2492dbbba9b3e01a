package web

import (
	"errors"
	"net/http"

	"github.com/dossierd/dossierd/web/access"
)

// providerPath is where a browser is sent to the provider.
const providerPath = "/login/provider"

// mountProvider mounts the way in by the provider, if there is one. The page of /login says what came of it.
func (s *server) mountProvider(mux *access.Mux) {
	if s.cfg.Access.ProviderName() == "" {
		return
	}
	mux.HandleFunc("GET "+providerPath, access.Anyone, func(w http.ResponseWriter, r *http.Request) {
		if err := s.cfg.Access.BeginProvider(w, r, r.FormValue("next")); err != nil {
			s.loginFault(w, r, err)
		}
	})
	mux.HandleFunc("GET "+access.ProviderCallback, access.Anyone, func(w http.ResponseWriter, r *http.Request) {
		session, next, err := s.cfg.Access.FinishProvider(w, r)
		if err == nil {
			err = s.cfg.Access.SetCookie(w, r, session)
		}
		if err != nil {
			s.loginFault(w, r, err)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		http.Redirect(w, r, next, http.StatusSeeOther)
	})
}

// loginFault sends a browser back to log in, and says why by one of a few words.
func (s *server) loginFault(w http.ResponseWriter, r *http.Request, err error) {
	fault := "away"
	for _, known := range []struct {
		err  error
		word string
	}{
		{access.ErrProvider, "provider"},
		{access.ErrNoRole, "role"},
		{access.ErrName, "name"},
		{access.ErrCredentials, "credentials"},
		{access.ErrInsecure, "insecure"},
	} {
		if errors.Is(err, known.err) {
			fault = known.word
			break
		}
	}
	if r.Context().Err() == nil {
		s.log.Warn("nobody logged in by the provider", "fault", fault, "error", err)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, "/login?fault="+fault, http.StatusSeeOther)
}
