package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"github.com/dossierd/dossierd/storage"
)

// away is when to ask again for what is unavailable, in seconds.
const away = "10"

// Problem is an error as RFC 9457 has it.
type Problem struct {
	Title  string              `json:"title" doc:"Of the status."`
	Status int                 `json:"status"`
	Code   string              `json:"code" doc:"For machines: it stays, whatever the sentence becomes."`
	Detail string              `json:"detail" doc:"For people, in the first language of Accept-Language among vi, fr and en; else in English."`
	Errors []*huma.ErrorDetail `json:"errors,omitempty" doc:"What is wrong with which part of a request, in the same language."`
}

// fault is why a request is not done. It is a sentence once it is known who hears it.
type fault struct {
	code string // of sentences
	args []any
}

func refused(code string, args ...any) *fault { return &fault{code, args} }

// passing has a fault that passes say when to ask again.
func passing(f *fault) error {
	if f.GetStatus() != http.StatusServiceUnavailable {
		return f
	}
	return huma.ErrorWithHeaders(f, http.Header{"Retry-After": {away}})
}

func (f *fault) Error() string { return f.say(english) }

// GetStatus implements huma.StatusError.
func (f *fault) GetStatus() int { return sentences[f.code].status }

// ContentType implements huma.ContentTypeFilter.
func (f *fault) ContentType(string) string { return problemType }

// spokenFault is an argument that has words of its own for each language.
type spokenFault interface{ Message(lang string) string }

func (f *fault) say(lang int) string {
	args := slices.Clone(f.args)
	for i, arg := range args {
		if s, ok := arg.(spokenFault); ok {
			args[i] = s.Message([]string{"en", "vi", "fr"}[lang])
		}
	}
	return fmt.Sprintf(sentences[f.code].text[lang], args...)
}

func (f *fault) problem(accept string) *Problem {
	status := f.GetStatus()
	return &Problem{Title: http.StatusText(status), Status: status, Code: f.code, Detail: f.say(spoken(accept))}
}

const problemType = "application/problem+json"

// spoken is the language that an Accept-Language asks for.
func spoken(accept string) int {
	_, index := language.MatchStrings(languages, accept)
	return index
}

// languages are in the order of a sentence's texts; the first one is spoken to who asks for none of them.
var languages = language.NewMatcher([]language.Tag{language.English, language.Vietnamese, language.French})

const english = 0

// translate gives errors their words.
func translate(ctx huma.Context, _ string, v any) (any, error) {
	accept := ctx.Header("Accept-Language")
	switch e := v.(type) {
	case *fault:
		return e.problem(accept), nil
	case *huma.ErrorModel: // of a request that does not fit its description
		p := &Problem{Title: http.StatusText(e.Status), Status: e.Status, Code: "bad_request", Errors: spokenErrors(e.Errors, spoken(accept))}
		if e.Status == http.StatusInternalServerError {
			p.Code = "fault"
		}
		p.Detail = refused(p.Code).say(spoken(accept))
		return p, nil
	}
	return v, nil
}

// problemSchema describes a problem; every error of the API is one.
func problemSchema(api huma.API) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{
		problemType: {Schema: api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")},
	}
}

// problem answers for a fault, outside of huma; one that passes says when to ask again.
func problem(w http.ResponseWriter, r *http.Request, f *fault, reasons ...error) {
	body := f.problem(r.Header.Get("Accept-Language"))
	for _, reason := range reasons {
		body.Errors = append(body.Errors, &huma.ErrorDetail{Message: reason.Error()})
	}
	if body.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", away)
	}
	w.Header().Set("Content-Type", problemType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(body.Status)
	_ = json.NewEncoder(w).Encode(body) // a client gone is its own affair
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
		held := refusal{ResponseWriter: w}
		mux.ServeHTTP(&held, r)
		if held.status == http.StatusMethodNotAllowed {
			problem(w, r, refused("wrong_method", w.Header().Get("Allow")))
			return
		}
		problem(w, r, refused("nothing_here"))
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
	if f := s.storeFault(r.Context(), err); r.Context().Err() == nil {
		problem(w, r, f)
	}
}

// storedError is the same in huma's way.
func (s *server) storedError(ctx context.Context, err error) error {
	return passing(s.storeFault(ctx, err))
}

// storeFault is what a client hears of an object that can't be read; the log hears why.
func (s *server) storeFault(ctx context.Context, err error) *fault {
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return refused("unknown_object")
	case errors.Is(err, storage.ErrUnavailable):
		if ctx.Err() == nil {
			s.log.Warn("object not served", "error", err)
		}
		return refused("store_away")
	case ctx.Err() == nil:
		s.log.Error("object not served", "error", err)
	}
	return refused("object_unreadable")
}
