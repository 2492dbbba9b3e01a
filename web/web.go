// Package web is dossierd's HTTP side: whether it lives, its metrics, and the API that a case system calls when it wants
// to fetch rather than be told.
//
// It owns routes and the form of answers; who asks and what that one may, package access knows. Events come from the catalogue,
// objects from the store; what a person decides about a dossier is handed to the catalogue. Proof: tests that speak HTTP to a
// running server over a catalogue and a folder.
package web

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/iiif"
	"github.com/dossierd/dossierd/web/office"
	"github.com/dossierd/dossierd/web/pages"
)

// Config is what the operator sets.
type Config struct {
	Access    *access.Access
	Identity  dossier.IdentityKey // of the hashes by which identity numbers are found
	PublicURL string              // base of the API's address as others see it, without a slash at its end; "" if nobody said
	Uploads   Uploads
	Images    iiif.Pages
	Scratch   string // private folder in which uploads lie while they come
	Bytes     int64  // that a file may have
	// Office tells what stands in the settings now; nil: nothing.
	Office func() office.Office
	// IsCode and IsProcedure tell whether a text can be the code of a dossier, or of a procedure.
	IsCode, IsProcedure func(string) bool
	Pages               pages.Config
}

type server struct {
	cfg     Config
	store   storage.Store
	catalog *catalog.Catalog
	ready   func(context.Context) error
	inHand  inHand
	log     *slog.Logger
}

// New returns the handler of everything that dossierd answers. ready says what keeps it from working, joined by
// errors.Join where it is more than one thing.
func New(cfg Config, store storage.Store, cat *catalog.Catalog, ready func(context.Context) error, metrics http.Handler, log *slog.Logger) http.Handler {
	return cfg.Access.Headers(mount(cfg, store, cat, ready, metrics, log))
}

// mount has every route there is: what is registered anywhere else than on a Mux that is mounted here, nobody can ask for.
func mount(cfg Config, store storage.Store, cat *catalog.Catalog, ready func(context.Context) error, metrics http.Handler, log *slog.Logger) *access.Mux {
	s := &server{cfg: cfg, store: store, catalog: cat, ready: ready, log: log}
	cfg.Pages.Ready = ready
	mux := access.NewMux(s.refuse)
	programs := s.routes(metrics)
	mux.Mount(programs, s.protected(problems(programs)), "/healthz", "/readyz", "/metrics", "/api/", "/iiif/")
	people := pages.New(cfg.Pages, cfg.Access, store, cat, log)
	mux.Mount(people, people, "/")
	return mux
}

// routes are all that programs are answered, each with the right that it asks for. Those of the API's operations stand in its description.
func (s *server) routes(metrics http.Handler) *access.Mux {
	mux := access.NewMux(s.refuse)
	mux.HandleFunc("GET /healthz", access.Anyone, s.healthz)
	mux.Handle("GET /readyz", access.Anyone, s.cfg.Access.Limit(access.Requests, tooMany, http.HandlerFunc(s.readyz)))
	mux.Handle("GET /metrics", access.Anyone, s.cfg.Access.Limit(access.Requests, tooMany, metrics))
	s.mountAPI(mux)
	iiif.Mount(mux, s.cfg.Access, s.cfg.PublicURL, s.cfg.office().Location, s.cfg.Images, s.store, s.catalog, s.log)
	return mux
}
