package access

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// Errors of logging in by a provider, to be tested with errors.Is.
var (
	ErrProvider = errors.New("the provider can't be reached, or answers what it must not")
	ErrNoRole   = errors.New("the provider knows the user, and no rule gives a role")
	ErrName     = errors.New("the name that the provider tells is no user's, or another's")
)

// Provider is an OpenID Connect provider by which users come.
type Provider struct {
	Name         string // for people
	Issuer       string
	ClientID     string
	ClientSecret string
	Scopes       []string // beside openid
	NameClaim    string   // of the user's name here
	RolesClaim   string   // that the rules look at; dots lead into objects
	Rules        []Rule   // the first one that fits counts
}

// Rule is what users are who have a value in the provider's claim.
type Rule struct {
	Value string
	Is    catalog.User // role, scope and rights
}

// ProviderCallback is the path that the provider sends browsers back to.
const ProviderCallback = "/login/callback"

// providerTime bounds what is asked of the provider during a login.
const providerTime = 10 * time.Second

// flowTime is how long a browser may be at the provider's.
const flowTime = 10 * time.Minute

type provider struct {
	Provider

	client *http.Client
	known  atomic.Pointer[oidc.Provider] // nil until it was reached once
}

func newProvider(p Provider) *provider {
	return &provider{Provider: p, client: &http.Client{Timeout: providerTime}}
}

// ProviderName is what the provider is called; "" where there is none.
func (a *Access) ProviderName() string {
	if a.provider == nil {
		return ""
	}
	return a.provider.Name
}

// discover asks the provider where what is. It is asked again until it answers: it may start after dossierd. Of several who ask nobody
// waits for another, for one that hangs would hold up all in a row.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	if known := p.known.Load(); known != nil {
		return known, nil
	}
	// The keys are fetched by this context later on, when the request is long over.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProvider, err)
	}
	p.known.Store(known)
	return known, nil
}

func (a *Access) oauth(known *oidc.Provider) *oauth2.Config {
	p := a.provider
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: known.Endpoint(), RedirectURL: a.cfg.PublicURL + ProviderCallback,
		Scopes: append([]string{oidc.ScopeOpenID}, p.Scopes...),
	}
}

// flow is what a browser keeps while it is at the provider's.
type flow struct {
	State, Nonce, Verifier, Next string
}

// BeginProvider sends a browser to the provider; afterwards it is to go to next, a path here. It has answered unless it returns an error:
// ErrProvider or ErrInsecure.
func (a *Access) BeginProvider(w http.ResponseWriter, r *http.Request, next string) error {
	if err := a.CheckTransport(r); err != nil {
		return err
	}
	known, err := a.provider.discover(r.Context())
	if err != nil {
		return err
	}
	f := flow{newSecret(), newSecret(), oauth2.GenerateVerifier(), LocalPath(next)}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	http.SetCookie(w, a.flowCookie(r, encode(text), int(flowTime/time.Second)))
	url := a.oauth(known).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier))
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// FinishProvider begins a session for whom the provider sent back, and tells where the browser was to go. It returns ErrProvider,
// ErrNoRole, ErrName, or ErrCredentials for who was refused there or is disabled here.
func (a *Access) FinishProvider(w http.ResponseWriter, r *http.Request) (s Session, next string, err error) {
	f, err := a.flowOf(r)
	if err != nil {
		return s, "", err
	}
	http.SetCookie(w, a.flowCookie(r, "", -1)) // once
	if r.FormValue("error") != "" {
		return s, f.Next, ErrCredentials
	}
	claims, subject, err := a.provider.claims(r.Context(), a, f, r.FormValue("code"))
	if err != nil {
		return s, f.Next, err
	}
	u, err := a.provider.user(claims, subject)
	if err == nil {
		u, err = a.admit(r.Context(), u)
	}
	if errors.Is(err, ErrNoRole) || errors.Is(err, ErrName) {
		err = a.refused(r.Context(), u.ProviderID, a.Address(r), err)
	}
	if err != nil {
		return s, f.Next, err
	}
	s, err = a.start(r.Context(), catalog.NewSession{Name: u.Name, Details: map[string]string{"by": "provider", "address": a.Address(r)}})
	if errors.Is(err, catalog.ErrNotFound) {
		err = a.refused(r.Context(), u.Name, a.Address(r), ErrCredentials)
	}
	return s, f.Next, err
}

// flowOf reads what the browser kept; its state must be what the provider sends back.
func (a *Access) flowOf(r *http.Request) (f flow, err error) {
	cookie, err := r.Cookie(a.flowCookie(r, "", 0).Name)
	if err != nil {
		return f, fmt.Errorf("%w: no login was begun in this browser", ErrProvider)
	}
	text, err := decode(cookie.Value)
	if err == nil {
		err = json.Unmarshal(text, &f)
	}
	if err != nil || f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(r.FormValue("state"))) != 1 {
		return f, fmt.Errorf("%w: another state than was sent", ErrProvider)
	}
	return f, nil
}

func (a *Access) flowCookie(r *http.Request, value string, age int) *http.Cookie {
	name, _ := a.cookieName(r)
	return a.cookie(r, name+"-provider", value, age)
}

// claims redeems the code, and reads what the provider tells of the user.
func (p *provider) claims(ctx context.Context, a *Access, f flow, code string) (claims map[string]any, subject string, err error) {
	known, err := p.discover(ctx)
	if err != nil {
		return nil, "", err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := a.oauth(known).Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID}).Verify(ctx, raw)
	if err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return nil, "", fmt.Errorf("%w: another nonce than was sent", ErrProvider)
	}
	if err := id.Claims(&claims); err != nil {
		return nil, "", fmt.Errorf("%w: %w", ErrProvider, err)
	}
	if len(values(claims, p.RolesClaim)) == 0 || len(values(claims, p.NameClaim)) == 0 {
		err = p.more(ctx, known, token, id.Subject, claims)
	}
	return claims, id.Subject, err
}

// more adds what stands in no token and the provider tells on request.
func (p *provider) more(ctx context.Context, known *oidc.Provider, token *oauth2.Token, subject string, claims map[string]any) error {
	if known.UserInfoEndpoint() == "" {
		return nil
	}
	info, err := known.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("%w: user info of %q: %w", ErrProvider, subject, err)
	}
	if info.Subject != subject {
		return fmt.Errorf("%w: user info of %q is that of %q", ErrProvider, subject, info.Subject)
	}
	told := map[string]any{}
	if err := info.Claims(&told); err != nil {
		return fmt.Errorf("%w: %w", ErrProvider, err)
	}
	for name, value := range told {
		if _, known := claims[name]; !known {
			claims[name] = value
		}
	}
	return nil
}

// values lists the texts of a claim.
func values(claims map[string]any, path string) (list []string) {
	var at any = claims
	if whole, ok := claims[path]; ok { // a claim's name may have dots itself
		at = whole
	} else {
		for part := range strings.SplitSeq(path, ".") {
			inner, _ := at.(map[string]any)
			at = inner[part]
		}
	}
	switch v := at.(type) {
	case string:
		return []string{v}
	case []any:
		for _, one := range v {
			if text, ok := one.(string); ok {
				list = append(list, text)
			}
		}
	}
	return list
}

// user is who the claims say, by the first rule that fits; where there is an error, too, its ProviderID says who it was.
func (p *provider) user(claims map[string]any, subject string) (u catalog.User, err error) {
	has := values(claims, p.RolesClaim)
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return slices.Contains(has, r.Value) })
	if i >= 0 {
		u = p.Rules[i].Is
	}
	u.ProviderID = p.Issuer + " " + subject
	if i < 0 {
		return u, ErrNoRole
	}
	if names := values(claims, p.NameClaim); len(names) == 1 {
		u.Name = strings.ToLower(names[0])
	}
	if !catalog.ValidUserName(u.Name) {
		return u, fmt.Errorf("%w: %q", ErrName, u.Name)
	}
	return u, nil
}

// admit brings the catalogue's user up to what the provider says: known by the provider's own id, whatever the name has become. A
// name that somebody else has is nobody's way in.
func (a *Access) admit(ctx context.Context, u catalog.User) (catalog.User, error) {
	by := dossier.Principal{Kind: dossier.KindDaemon, Name: "provider"}
	was, err := a.catalog.UserOfProvider(ctx, u.ProviderID)
	if errors.Is(err, catalog.ErrNotFound) {
		err = a.catalog.AddUser(ctx, u, by)
		if errors.Is(err, catalog.ErrTaken) {
			err = fmt.Errorf("%w: %q", ErrName, u.Name)
		}
		return u, err
	}
	if err != nil {
		return u, err
	}
	u.Name, u.Language, u.Disabled = was.Name, was.Language, was.Disabled
	return u, a.catalog.ChangeUser(ctx, u, by)
}

// LocalPath is path if that stays here, else the first page. What a browser is told to go to must not lead elsewhere.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
