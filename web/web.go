// Package web is dossierd's HTTP side: whether it lives, its metrics, and the API that a case system calls when it wants
// to fetch rather than be told.
//
// It owns routes, tokens and the form of answers. Events come from the catalogue, objects from the store; what a person
// decides about a dossier is handed to the catalogue. Proof: tests that speak HTTP to a running server over a catalogue and a
// folder.
package web

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/iiif"
	"github.com/dossierd/dossierd/web/pages"
)

// Config is what the operator sets.
type Config struct {
	Tokens    []Token
	Identity  dossier.IdentityKey // of the hashes by which identity numbers are found
	PublicURL string              // base of the API's address as others see it, without a slash at its end; "" if nobody said
	Uploads   Uploads
	Images    iiif.Pages
	Scratch   string // private folder in which uploads lie while they come
	Bytes     int64  // that a file may have
	// IsCode and IsProcedure tell whether a text can be the code of a dossier, or of a procedure.
	IsCode, IsProcedure func(string) bool
	Pages               pages.Config
}

// Token lets its bearer use the API. The token itself is known to its bearer only.
type Token struct {
	Name    string
	SHA256  string // lower-case hex
	Clear   bool   // may read what is personal in clear
	Deposit bool   // may upload files
	Erase   bool   // may erase dossiers
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
	s := &server{cfg: cfg, store: store, catalog: cat, ready: ready, log: log}
	api := s.api()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", metrics)
	mux.Handle("GET /api/v1/openapi.json", api)
	mux.Handle("GET /api/v1/openapi.yaml", api)
	mux.Handle("/api/v1/", s.authorized(api))
	mux.Handle(iiif.Prefix, iiif.AllowOrigins(s.authorized(iiif.New(cfg.PublicURL, cfg.Images, store, cat, log))))
	machines := problems(mux)
	all := http.NewServeMux()
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/api/", iiif.Prefix} {
		all.Handle(path, machines)
	}
	all.Handle("/", pages.New(cfg.Pages, store, cat, log))
	return all
}
