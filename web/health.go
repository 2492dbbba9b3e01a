package web

import (
	"context"
	"io"
	"net/http"
	"time"
)

// readyTime bounds the check behind /readyz; who asks gives up soon.
const readyTime = 5 * time.Second

// healthz says that the process lives, and nothing of what it needs.
func (s *server) healthz(w http.ResponseWriter, _ *http.Request) {
	plainText(w, "ok\n")
}

// readyz says whether work can be done now, and else what is in the way.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTime)
	defer cancel()
	if err := s.ready(ctx); err != nil {
		problem(w, r, refused("not_ready"), reasons(err)...)
		return
	}
	plainText(w, "ready\n")
}

// reasons takes what errors.Join joined apart.
func reasons(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func plainText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, text) // a client gone is its own affair
}
