// Package iiif shows pages and dossiers as the International Image Interoperability Framework has it: parts of a page as pictures
// (Image API 3, level 2), a dossier as a manifest (Presentation API 3), and where words stand in it (Content Search API 2).
//
// It owns the addresses below /iiif and the form of these answers. A page is shown in page space, upright and straight; who
// draws it is a page worker, behind Pages. What a principal may see, the catalogue knows. Proof: the IIIF image validator,
// iiif-prezi3 and Mirador, each against the real daemon (cmd/dossierd).
package iiif

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// Pages reads and draws pages whose artifacts are stored. The errors are the store's, storage.ErrNotFound where a page has no image
// or nothing is stored of it, and for View a *dossier.Reason where it can't be drawn and others where it can't be drawn now.
type Pages interface {
	ReadPage(ctx context.Context, artifactID string) (*dossier.Page, error)
	View(ctx context.Context, artifactID string, v dossier.View) ([]byte, error)
}

type server struct {
	publicURL string
	place     *time.Location // of days
	pages     Pages
	store     storage.Store
	catalog   *catalog.Catalog
	known     headers
	log       *slog.Logger
}

// Mount adds the routes below /iiif to a mux. publicURL is the base of the daemon's address as others see it, without a slash at its
// end; where it is "", addresses are those of the request. place is where days begin.
func Mount(
	mux *access.Mux, acc *access.Access, publicURL string, place *time.Location, pages Pages, store storage.Store, cat *catalog.Catalog, log *slog.Logger,
) {
	s := &server{publicURL: publicURL, place: place, pages: pages, store: store, catalog: cat, log: log}
	for _, route := range []struct {
		path    string
		right   access.Right
		sort    access.Sort
		handler http.HandlerFunc
	}{
		{"image/{page}", access.View, access.Pictures, s.image},
		{"image/{page}/info.json", access.View, access.Pictures, s.info},
		{"image/{page}/{region}/{size}/{rotation}/{file}", access.View, access.Pictures, s.view},
		{"pages/{page}/words.json", access.View, access.Requests, s.words},
		{"pages/{page}/alto.xml", access.View, access.Requests, s.alto},
		{"dossiers/{code}/manifest.json", access.View, access.Requests, s.manifest},
		{"dossiers/{code}/versions/{version}/manifest.json", access.View, access.Requests, s.manifest},
		{"dossiers/{code}/search", access.Search, access.Requests, s.search},
		{"dossiers/{code}/autocomplete", access.Search, access.Requests, s.autocomplete},
		{"", access.Anyone, access.Requests, func(w http.ResponseWriter, r *http.Request) { s.refuseError(w, r, storage.ErrNotFound) }},
	} {
		mux.Handle("GET /iiif/"+route.path, route.right, allowOrigins(acc.Limit(route.sort, tooMany, route.handler)))
	}
	mux.Handle("OPTIONS /iiif/", access.Anyone, allowOrigins(http.HandlerFunc(preflight)))
}

// allowOrigins lets pages of other origins read an answer, as IIIF wants it: with a token in hand, never by the cookies of a browser.
func allowOrigins(next http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Expose-Headers", "ETag, Link")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin") // pictures that are no scripts' to read ask without CORS
		next.ServeHTTP(w, r)
	}
}

func tooMany(w http.ResponseWriter, _ *http.Request, wait int) {
	refuse(w, http.StatusTooManyRequests, fmt.Sprintf("Too many requests: ask again in %d s.", wait))
}

// preflight is what a browser asks before it sends a token.
func preflight(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Access-Control-Allow-Headers", "Authorization, Accept")
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// base is what addresses of this server begin with, without a slash at the end.
func (s *server) base(r *http.Request) string {
	if s.publicURL != "" {
		return s.publicURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (s *server) imageID(r *http.Request, page string) string {
	return s.base(r) + "/iiif/image/" + url.PathEscape(page)
}

func (s *server) dossierID(r *http.Request, code string) string {
	return s.base(r) + "/iiif/dossiers/" + url.PathEscape(code)
}

const (
	imageContext        = "http://iiif.io/api/image/3/context.json"
	presentationContext = "http://iiif.io/api/presentation/3/context.json"
	searchContext       = "http://iiif.io/api/search/2/context.json"
)

// writeJSON answers with JSON-LD of a context where that is asked for or preferred is set, else with JSON.
func writeJSON(w http.ResponseWriter, r *http.Request, context string, preferred bool, body any) {
	kind := "application/json"
	if preferred || strings.Contains(r.Header.Get("Accept"), "application/ld+json") {
		kind = `application/ld+json;profile="` + context + `"`
	}
	w.Header().Set("Content-Type", kind)
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	_ = out.Encode(body) // a client gone is its own affair
}

// refuse answers as RFC 9457 has it, in English and without a code: viewers show it to nobody.
func refuse(w http.ResponseWriter, status int, detail string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: detail}) // see writeJSON
}

// refuseError answers for an error, which is logged where it is ours.
func (s *server) refuseError(w http.ResponseWriter, r *http.Request, err error) {
	var wrong fault
	var erased *catalog.Erased
	var undrawn *dossier.Reason
	switch {
	case errors.As(err, &wrong):
		refuse(w, http.StatusBadRequest, wrong.Error())
	case errors.As(err, &erased):
		refuse(w, http.StatusGone, "The dossier was erased on "+erased.Since.In(s.place).Format(time.DateOnly)+".")
	case errors.As(err, &undrawn):
		refuse(w, http.StatusNotFound, "The image of this page can't be drawn.")
	case errors.Is(err, catalog.ErrNotFound), errors.Is(err, storage.ErrNotFound):
		refuse(w, http.StatusNotFound, "Nothing is here.")
	case errors.Is(err, catalog.ErrWithdrawn):
		refuse(w, http.StatusGone, "The dossier was withdrawn.")
	case errors.Is(err, errPersonal):
		refuse(w, http.StatusForbidden, "You may not read what is personal.")
	case r.Context().Err() != nil:
		// Nobody is there to be answered.
	default:
		s.log.Error("not shown", "path", dossier.MaskText(r.URL.Path), "error", err)
		w.Header().Set("Retry-After", "10")
		refuse(w, http.StatusServiceUnavailable, "This can't be shown now.")
	}
}
