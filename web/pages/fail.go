package pages

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// failure is what the page of an error is given: keys of its messages.
type failure struct {
	Status      int
	Title, Text string
	Retry       bool // it may go by itself
}

// fail answers with the page of an error. What nobody foresaw is logged, and not explained.
func (v *visit) fail(err error) {
	f := failureOf(err)
	if f.Status >= http.StatusInternalServerError && v.r.Context().Err() == nil {
		v.site.log.Error("page not shown", "path", loggable(v.r.URL.Path), "error", err)
	}
	if f.Retry {
		v.w.Header().Set("Retry-After", "10")
	}
	if err := v.render(f.Status, "fault", f); err != nil {
		v.site.log.Error("page of an error not shown", "error", err)
		http.Error(v.w, http.StatusText(f.Status), f.Status)
	}
}

// loggable is the path of a page as a log may have it: that of a one-time link is a secret.
func loggable(path string) string {
	if strings.HasPrefix(path, access.LinkPath) {
		return access.LinkPath + "..."
	}
	return dossier.MaskText(path)
}

// failTooMany answers who asks too often, or holds too many answers open; wait is when to ask again, in seconds.
func (v *visit) failTooMany(wait int) {
	v.w.Header().Set("Retry-After", strconv.Itoa(wait))
	f := failure{Status: http.StatusTooManyRequests, Title: "fault.often", Text: "fault.often.text"}
	if err := v.render(f.Status, "fault", f); err != nil {
		v.site.log.Error("page of an error not shown", "error", err)
		http.Error(v.w, http.StatusText(f.Status), f.Status)
	}
}

func failureOf(err error) failure {
	var erased *catalog.Erased
	switch {
	case errors.Is(err, errForbidden):
		return failure{Status: http.StatusForbidden, Title: "fault.forbidden", Text: "fault.forbidden.text"}
	case errors.Is(err, errLink):
		return failure{Status: http.StatusGone, Title: "fault.link", Text: "fault.link.text"}
	case errors.As(err, &erased), errors.Is(err, catalog.ErrWithdrawn):
		return failure{Status: http.StatusGone, Title: "fault.gone", Text: "fault.gone.text"}
	case errors.Is(err, errNotFound), errors.Is(err, catalog.ErrNotFound), errors.Is(err, catalog.ErrCursor), errors.Is(err, storage.ErrNotFound):
		return failure{Status: http.StatusNotFound, Title: "fault.nothing", Text: "fault.nothing.text"}
	}
	return failure{Status: http.StatusServiceUnavailable, Title: "fault.away", Text: "fault.away.text", Retry: true}
}
