package access

import (
	"context"
	"crypto/subtle"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

type sessionKey struct{}

// session is that of a request.
type session struct {
	hash string
	user userOfSession
}

// userOfSession is one of the ways in which the catalogue tells whose session it is.
type userOfSession func(ctx context.Context, hash string, times catalog.SessionTimes, now time.Time) (catalog.User, error)

// Middleware finds out who asks, by bearer token or session, and refuses what another site had a browser send. Who can't be told
// is nobody: what that one may see, the routes decide. fail answers while the catalogue is away.
func (a *Access) Middleware(fail func(w http.ResponseWriter, r *http.Request, err error), refuse Refusal) func(next http.Handler) http.Handler {
	return a.middleware(a.catalog.SessionUser, fail, refuse)
}

// Watching is Middleware for what may stand on a wall: asking for it is no use of a session, and one that was silent for too long for
// anything else still shows it, without what is personal.
func (a *Access) Watching(fail func(w http.ResponseWriter, r *http.Request, err error), refuse Refusal) func(next http.Handler) http.Handler {
	return a.middleware(a.catalog.WatchingUser, fail, refuse)
}

func (a *Access) middleware(
	user userOfSession, fail func(w http.ResponseWriter, r *http.Request, err error), refuse Refusal,
) func(next http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if token, ok := bearerOf(r); ok {
				who := a.bearer(token, time.Now())
				next.ServeHTTP(w, r.WithContext(With(r.Context(), who)))
				return
			}
			if a.origins.Check(r) != nil {
				refuse(w, r, http.StatusForbidden)
				return
			}
			ctx, err := a.ofSession(r, user)
			if err != nil {
				fail(w, r, err)
				return
			}
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// bearerOf is the token of a request; ok is true where it has credentials of any sort, whoever they are of.
func bearerOf(r *http.Request) (token string, ok bool) {
	credentials := r.Header.Get("Authorization")
	scheme, token, _ := strings.Cut(credentials, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	return strings.TrimSpace(token), credentials != ""
}

// bearer finds whose token it is; nobody's, and one that has expired, is the zero principal. It takes as long for one nearly right
// as for any other.
func (a *Access) bearer(token string, now time.Time) (who dossier.Principal) {
	given := []byte(secretHash(token))
	for _, t := range a.cfg.Tokens {
		if subtle.ConstantTimeCompare(given, []byte(t.SHA256)) == 1 && (t.Expires.IsZero() || now.Before(t.Expires)) {
			who = t.Principal
		}
	}
	return who
}

// ofSession is the context of a request, with its user where it bears the cookie of a session.
func (a *Access) ofSession(r *http.Request, user userOfSession) (context.Context, error) {
	ctx := r.Context()
	name, ok := a.cookieName(r)
	if !ok {
		return ctx, nil
	}
	cookie, err := r.Cookie(name)
	if err != nil {
		return ctx, nil //nolint:nilerr // there is none
	}
	hash := secretHash(cookie.Value)
	u, err := user(ctx, hash, sessionTimes, time.Now())
	if errors.Is(err, catalog.ErrNotFound) {
		return ctx, nil
	}
	if err != nil {
		return ctx, err
	}
	return With(context.WithValue(ctx, sessionKey{}, session{hash, user}), u.Principal()), nil
}

// StillThere reports whether the session of a request goes on: it ends when its user's role, scope or rights change. An answer that
// stays open asks before it tells more.
func (a *Access) StillThere(ctx context.Context) (bool, error) {
	s, ok := ctx.Value(sessionKey{}).(session)
	if !ok {
		return true, nil // of a token
	}
	_, err := s.user(ctx, s.hash, sessionTimes, time.Now())
	if errors.Is(err, catalog.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// The names of the cookie. A browser takes the first one only over TLS, for the host itself and all its paths: no other host can set it.
const (
	SecureCookie = "__Host-dossierd"
	plainCookie  = "dossierd"
)

// secure reports whether the browser speaks TLS, to dossierd or to a proxy before it.
func (a *Access) secure(r *http.Request) bool {
	return r.TLS != nil || strings.HasPrefix(a.cfg.PublicURL, "https://")
}

// cookieName is that of the session's cookie; ok is false where none may be set: over plain HTTP, but from this machine to itself.
func (a *Access) cookieName(r *http.Request) (name string, ok bool) {
	if a.secure(r) {
		return SecureCookie, true
	}
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	local := host == "localhost" || err == nil && ip.IsLoopback()
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return plainCookie, local && err == nil && peer.Addr().Unmap().IsLoopback()
}

// SetCookie gives the browser a session; ErrInsecure where it must not have one. Ask with CheckTransport before a password is sent.
func (a *Access) SetCookie(w http.ResponseWriter, r *http.Request, s Session) error {
	name, ok := a.cookieName(r)
	if !ok {
		return ErrInsecure
	}
	http.SetCookie(w, a.cookie(r, name, s.Token, int(sessionTimes.Whole/time.Second)))
	return nil
}

// ClearCookie takes the session from the browser.
func (a *Access) ClearCookie(w http.ResponseWriter, r *http.Request) {
	if name, ok := a.cookieName(r); ok {
		http.SetCookie(w, a.cookie(r, name, "", -1))
	}
}

// CheckTransport returns ErrInsecure for a request by which nobody can log in.
func (a *Access) CheckTransport(r *http.Request) error {
	if _, ok := a.cookieName(r); !ok {
		return ErrInsecure
	}
	return nil
}

// cookie is Lax, for a link in a message must find its reader logged in; what changes anything is not asked for by GET.
func (a *Access) cookie(r *http.Request, name, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: a.secure(r), SameSite: http.SameSiteLaxMode,
	}
}

// Address is where a request comes from: its sender, or whom a proxy of ours names.
func (a *Access) Address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	at := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && a.ours(at); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		at = hop.Unmap()
	}
	return at.String()
}

func (a *Access) ours(at netip.Addr) bool {
	for _, p := range a.cfg.Proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}

// originOf is the part of an address that browsers send as Origin.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}
