// Package pages is what people see of dossierd in a browser.
//
// It owns HTML, its messages in three languages, and the assets that go with it; everything comes out of the binary, and nothing
// from elsewhere. It renders straight from catalogue and store, never by a call of the API. README.md tells how a page is added.
// Proof: tests of templates and messages here, and a browser before the real daemon in cmd/dossierd.
package pages

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// Config is what the operator sets.
type Config struct {
	Language string         // of those whose browser asks for none of ours: vi, fr, en
	Location *time.Location // of the times that are shown
	Papers   Papers         // what is known of pages; nil where nothing of them is shown
	// Name is what people call a kind or a procedure in a language; field says which of them value is. nil: they are shown as they are.
	Name    func(field, value, language string) string
	Address string // that links to set a password begin with, without a slash at its end
	// Ready says what keeps dossierd from working, joined by errors.Join where it is more than one thing; nil: nothing.
	Ready func(context.Context) error
	// Office tells what stands in the settings now; nil: nothing.
	Office func() office.Office
	// Try says what a kind makes of a paper. Errors: office.ErrBusy, office.ErrBounds. nil: kinds are not tried.
	Try func(context.Context, office.TrialRequest) (office.Trial, error)
	// Examine looks at the machine as `dossierd doctor` does, and tells it in a language. Errors as those of Try. nil: nobody can.
	Examine func(ctx context.Context, language string) ([]office.Finding, error)
	// Stopping is closed when the daemon stops: streams end, that others need not wait for them.
	Stopping <-chan struct{}
}

// site is all pages.
type site struct {
	cfg       Config
	access    *access.Access
	store     storage.Store
	catalog   *catalog.Catalog
	assets    *assets
	templates templates
	routes    []route
	log       *slog.Logger
}

// New has all pages and their assets. Who asks it finds out by acc.
func New(cfg Config, acc *access.Access, store storage.Store, cat *catalog.Catalog, log *slog.Logger) *access.Mux {
	if cfg.Location == nil {
		cfg.Location = time.Local
	}
	if cfg.Office == nil {
		cfg.Office = func() office.Office { return office.Office{} }
	}
	s := &site{cfg: cfg, access: acc, store: store, catalog: cat, assets: loadAssets(), log: log}
	s.templates = parseTemplates(s.assets, cfg.Location)
	s.routes = s.allRoutes()
	used, watched := access.NewMux(s.refuse), access.NewMux(s.refuse)
	used.Handle("/", access.Anyone, acc.Limit(access.Requests, s.tooMany, s.handle(s.nothingHere)))
	var wall []string // what a board on a wall asks for
	for _, r := range s.routes {
		mux := used
		if r.watch {
			mux, wall = watched, append(wall, r.pattern)
		}
		mux.Handle(r.pattern, r.right, acc.Limit(cmp.Or(r.sort, access.Requests), s.tooMany, s.handle(r.do)))
	}
	all := access.NewMux(s.refuse)
	all.Handle("GET "+assetsPath, access.Anyone, s.assets)
	all.Mount(used, acc.Middleware(s.away, s.refuse)(used), "/")
	all.Mount(watched, acc.Watching(s.away, s.refuse)(watched), wall...)
	return all
}
