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

const catalogAway = "The catalogue can't be reached."

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

func unavailable(w http.ResponseWriter, detail string) {
	w.Header().Set("Retry-After", away)
	problem(w, http.StatusServiceUnavailable, detail)
}

// problems answers what no route of a mux matches: the mux knows which methods a path has, and says it in plain text.
func problems(mux interface {
	http.Handler
	Handler(r *http.Request) (http.Handler, string)
},
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refused := refusal{ResponseWriter: w}
		mux.ServeHTTP(&refused, r)
		if refused.status == http.StatusMethodNotAllowed {
			problem(w, refused.status, "Only "+w.Header().Get("Allow")+" is answered here.")
			return
		}
		problem(w, refused.status, "Nothing is here.")
	})
}

// refusal keeps an answer's headers and status, and drops its text.
type refusal struct {
	http.ResponseWriter
	status int
}

func (r *refusal) WriteHeader(status int) { r.status = status }

func (r *refusal) Write(b []byte) (int, error) { return len(b), nil }

// storeProblem answers for a store that did not give what was asked of it.
func (s *server) storeProblem(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, storage.ErrNotFound):
		problem(w, http.StatusNotFound, "No object has this key.")
	case r.Context().Err() != nil:
		// Nobody is there to be answered.
	case errors.Is(err, storage.ErrUnavailable):
		s.log.Warn("object not served", "error", err)
		unavailable(w, "Object storage can't be reached.")
	default:
		s.log.Error("object not served", "error", err)
		problem(w, http.StatusInternalServerError, "The object can't be read.")
	}
}
