package web

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage"
)

// away is when to ask again for what is unavailable, in seconds.
const away = "10"

// problem answers as RFC 9457 has it, in the form of the API's other errors.
func problem(w http.ResponseWriter, status int, detail string, reasons ...error) {
	body := huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}
	for _, reason := range reasons {
		body.Add(reason)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client gone is its own affair
}

// storeProblem answers for a store that did not give what was asked of it.
func (s *server) storeProblem(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, storage.ErrNotFound):
		problem(w, http.StatusNotFound, "No object has this key.")
	case r.Context().Err() != nil:
		// Nobody is there to be answered.
	case errors.Is(err, storage.ErrUnavailable):
		s.log.Warn("object not served", "error", err)
		w.Header().Set("Retry-After", away)
		problem(w, http.StatusServiceUnavailable, "Object storage can't be reached.")
	default:
		s.log.Error("object not served", "error", err)
		problem(w, http.StatusInternalServerError, "The object can't be read.")
	}
}
