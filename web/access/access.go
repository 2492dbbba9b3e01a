// Package access tells who asks, and what that one may do.
//
// It owns the way from a request's credentials, a session's cookie or a token, to a principal in its context, the table of roles and
// rights, logging in and out, and what protects the browser. Which records a principal sees is narrowed where they are read. Proof:
// its own tests, and those of package web, which ask every route as everybody.
package access

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

type principalKey struct{}

// With returns a context in which p asks.
func With(ctx context.Context, p dossier.Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// Of returns who asks; the zero principal, who may do nothing, if nobody said.
func Of(ctx context.Context) dossier.Principal {
	p, _ := ctx.Value(principalKey{}).(dossier.Principal)
	return p
}

// Config is what the operator sets.
type Config struct {
	Tokens    []Token
	PublicURL string         // base of the address as browsers see it, without a slash at its end; "" if nobody said
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
	Provider  *Provider      // by which users come too; nil: by password only
	PerSecond int            // requests that each caller may make on the average, see Limit; 0: any number
}

// Token lets its bearer in. The token itself is known to its bearer only.
type Token struct {
	SHA256    string    // lower-case hex
	Expires   time.Time // zero: never
	Principal dossier.Principal
}

// Access is safe for concurrent use.
type Access struct {
	cfg      Config
	catalog  *catalog.Catalog
	log      *slog.Logger
	origins  *http.CrossOriginProtection
	throttle throttle
	limits   limits
	hashing  hashing
	provider *provider // nil: none
}

// New returns the Access of a catalogue's users and the settings' tokens.
func New(cfg Config, cat *catalog.Catalog, log *slog.Logger) (*Access, error) {
	a := &Access{cfg: cfg, catalog: cat, log: log, origins: http.NewCrossOriginProtection(), hashing: newHashing()}
	a.limits.perSecond = cfg.PerSecond
	if cfg.PublicURL != "" {
		if err := a.origins.AddTrustedOrigin(originOf(cfg.PublicURL)); err != nil {
			return nil, err
		}
	}
	if cfg.Provider != nil {
		a.provider = newProvider(*cfg.Provider)
	}
	return a, nil
}
