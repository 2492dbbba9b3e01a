package access_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// people are the provider's users by id, with their groups.
type people map[string][]string

func (p people) GetUserByID(id string) *storage.User {
	if _, ok := p[id]; !ok {
		return nil
	}
	return &storage.User{ID: id, Username: strings.ToUpper(id), Password: "pw-" + id, Email: id + "@example.org"}
}

func (p people) GetUserByUsername(name string) *storage.User {
	return p.GetUserByID(strings.ToLower(name))
}

func (people) ExampleClientID() string { return "service" }

// directory is the provider's storage, which tells the groups of users.
type directory struct {
	*storage.Storage

	people people
}

func (d *directory) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, token, subject, origin string) error {
	if err := d.Storage.SetUserinfoFromToken(ctx, info, token, subject, origin); err != nil {
		return err
	}
	info.AppendClaims("realm", map[string]any{"groups": d.people[subject]})
	return nil
}

// house is a provider, dossierd's side, and a browser.
type house struct {
	access  *access.Access
	catalog *catalog.Catalog
	issuer  *httptest.Server
	app     *httptest.Server
	people  people
	browser *http.Client
	as      string // who logs in at the provider's

	session access.Session // what the last callback came to
	next    string
	err     error
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{catalog: open(t), people: people{
		"hoa": {"staff", "office-clerks"}, "lan": {"office-admins", "office-clerks"}, "guest": {"staff"},
	}}
	h.app = httptest.NewServer(http.HandlerFunc(h.serve))
	t.Cleanup(h.app.Close)
	var provider http.Handler
	h.issuer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { provider.ServeHTTP(w, r) }))
	t.Cleanup(h.issuer.Close)
	provider = h.provider(t)
	clerk := catalog.User{Role: dossier.RoleClerk, Stations: []string{"quay-1"}}
	h.access = gate(t, h.catalog, access.Config{PublicURL: h.app.URL, Provider: &access.Provider{
		Name: "Sở Nội vụ", Issuer: h.issuer.URL, ClientID: "dossierd", ClientSecret: "s3cret", Scopes: []string{"profile"},
		NameClaim: "preferred_username", RolesClaim: "realm.groups",
		Rules: []access.Rule{{Value: "office-admins", Is: catalog.User{Role: dossier.RoleAdministrator, All: true, Clear: true}}, {Value: "office-clerks", Is: clerk}},
	}})
	jar, err := cookiejar.New(nil)
	must(t, err)
	h.browser = &http.Client{Jar: jar}
	t.Cleanup(h.browser.CloseIdleConnections)
	t.Cleanup(http.DefaultClient.CloseIdleConnections)
	return h
}

func (h *house) provider(t *testing.T) http.Handler {
	t.Helper()
	client := storage.WebClient("dossierd", "s3cret", h.app.URL+access.ProviderCallback)
	d := &directory{storage.NewStorageWithClients(h.people, map[string]*storage.Client{"dossierd": client}), h.people}
	provider, err := op.NewProvider(&op.Config{CryptoKey: [32]byte{1}, CryptoKeyId: "k", CodeMethodS256: true}, d, op.StaticIssuer(h.issuer.URL),
		op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	must(t, err)
	mux := http.NewServeMux()
	mux.Handle("/", provider)
	mux.HandleFunc("/login/username", func(w http.ResponseWriter, r *http.Request) {
		id := r.FormValue("authRequestID")
		if err := d.CheckUsernamePassword(h.as, "pw-"+h.as, id); err != nil {
			http.Error(w, err.Error(), http.StatusUnauthorized)
			return
		}
		http.Redirect(w, r, op.AuthCallbackURL(provider)(op.ContextWithIssuer(r.Context(), h.issuer.URL), id), http.StatusFound)
	})
	return mux
}

func (h *house) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == access.ProviderCallback {
		h.session, h.next, h.err = h.access.FinishProvider(w, r)
		return
	}
	if err := h.access.BeginProvider(w, r, r.FormValue("next")); err != nil {
		h.err = err
	}
}

// login has the browser go to the provider and come back.
func (h *house) login(t *testing.T, as, next string) {
	t.Helper()
	h.as, h.session, h.next, h.err = as, access.Session{}, "", errors.New("never came back")
	h.visit(t, h.app.URL+"/begin?next="+url.QueryEscape(next))
}

// visit returns where the last answer sends the browser, if it does not go there.
func (h *house) visit(t *testing.T, at string) (location string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at, http.NoBody)
	must(t, err)
	resp, err := h.browser.Do(req)
	must(t, err)
	_, err = io.Copy(io.Discard, resp.Body)
	must(t, errors.Join(err, resp.Body.Close()))
	return resp.Header.Get("Location")
}

func TestWhoComesByTheProviderIsWhatTheFirstRuleSays(t *testing.T) {
	h := newHouse(t)
	h.login(t, "hoa", "/search?q=ly+h%C3%B4n")
	u := h.session.User
	if h.err != nil || u.Name != "hoa" || u.Role != dossier.RoleClerk || u.All || u.Stations[0] != "quay-1" || u.HasPassword ||
		u.ProviderID != h.issuer.URL+" hoa" || h.next != "/search?q=ly+h%C3%B4n" || h.access.ProviderName() != "Sở Nội vụ" {
		t.Errorf("%+v, %q, %v", h.session, h.next, h.err)
	}
	h.login(t, "lan", "https://evil.example/")
	if u := h.session.User; h.err != nil || u.Role != dossier.RoleAdministrator || !u.All || !u.Clear || h.next != "/" {
		t.Errorf("%+v, %q, %v", u, h.next, h.err)
	}
	if h.login(t, "guest", "/"); !errors.Is(h.err, access.ErrNoRole) || h.session.Token != "" {
		t.Errorf("%+v, %v", h.session, h.err)
	}
	if got, want := logins(t, h.catalog), []string{"login hoa", "login lan", "login.refused " + h.issuer.URL + " guest"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestWhoComesByTheProviderAndIsRefusedStandsInTheAuditLog(t *testing.T) {
	h := newHouse(t)
	must(t, h.catalog.AddUser(t.Context(), catalog.User{Name: "hoa", Role: dossier.RoleArchivist, All: true}, admin))
	for _, who := range []string{"guest", "hoa"} {
		if h.login(t, who, "/"); h.err == nil {
			t.Errorf("%+v", h.session)
		}
		rows, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionLoginRefused})
		must(t, err)
		if len(rows) == 0 || rows[0].Subject != h.issuer.URL+" "+who {
			t.Errorf("%s: %+v", who, rows)
		}
	}
}

func TestARoleTakenAwayAtTheProviderIsGoneWithTheNextLogin(t *testing.T) {
	h := newHouse(t)
	h.login(t, "hoa", "/")
	former := h.session.Token
	h.people["hoa"] = []string{"office-admins"}
	h.login(t, "hoa", "/")
	if h.err != nil || h.session.User.Role != dossier.RoleAdministrator || len(h.session.User.Stations) > 0 {
		t.Errorf("%+v, %v", h.session, h.err)
	}
	for token, want := range map[string]string{former: "", h.session.Token: "hoa"} {
		if who, _, _ := asked(t, h.access, request("GET", h.app.URL, "Cookie", "dossierd="+token)); who.Name != want {
			t.Errorf("%+v", who)
		}
	}
	u, err := h.catalog.User(t.Context(), "hoa")
	must(t, err)
	u.Disabled = true
	must(t, h.catalog.ChangeUser(t.Context(), u, admin))
	if h.login(t, "hoa", "/"); !errors.Is(h.err, access.ErrCredentials) {
		t.Errorf("a disabled one: %+v, %v", h.session, h.err)
	}
}

func TestAProvidersUserTakesNobodysName(t *testing.T) {
	h := newHouse(t)
	must(t, h.catalog.AddUser(t.Context(), catalog.User{Name: "hoa", Role: dossier.RoleArchivist, All: true}, admin))
	if h.login(t, "hoa", "/"); !errors.Is(h.err, access.ErrName) {
		t.Errorf("%+v, %v", h.session, h.err)
	}
	if u, err := h.catalog.User(t.Context(), "hoa"); err != nil || u.Role != dossier.RoleArchivist || u.ProviderID != "" {
		t.Errorf("%+v, %v", u, err)
	}
}

// began is where the provider sends a browser back to, and what the browser keeps.
func (h *house) began(t *testing.T) (back string, kept map[string]string) {
	t.Helper()
	w := httptest.NewRecorder()
	must(t, h.access.BeginProvider(w, request("GET", h.app.URL+"/begin"), "/"))
	at, err := url.Parse(w.Header().Get("Location"))
	must(t, err)
	if at.Query().Get("code_challenge_method") != "S256" || at.Query().Get("nonce") == "" {
		t.Errorf("%s", at)
	}
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.MaxAge != 600 || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("%+v", cookie)
	}
	text, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	must(t, err)
	must(t, json.Unmarshal(text, &kept))
	h.keep(t, kept)
	// The provider answers to this request as to the browser's own.
	h.browser.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if req.URL.Path == access.ProviderCallback {
			return http.ErrUseLastResponse
		}
		return nil
	}
	back = h.visit(t, at.String())
	h.browser.CheckRedirect = nil
	if !strings.HasPrefix(back, h.app.URL+access.ProviderCallback) {
		t.Fatal(back)
	}
	return back, kept
}

// keep puts what a browser keeps into its jar.
func (h *house) keep(t *testing.T, kept map[string]string) {
	t.Helper()
	text, err := json.Marshal(kept)
	must(t, err)
	at, err := url.Parse(h.app.URL)
	must(t, err)
	h.browser.Jar.SetCookies(at, []*http.Cookie{{Name: "dossierd-provider", Value: base64.RawURLEncoding.EncodeToString(text), Path: "/"}})
}

func TestALoginThatThisBrowserDidNotBeginComesToNothing(t *testing.T) {
	h := newHouse(t)
	h.as = "hoa"
	for _, what := range []string{"State", "Nonce", "Verifier", "code", "used"} {
		back, kept := h.began(t)
		switch what {
		case "code":
			back = strings.Replace(back, "code=", "code=x", 1)
		case "used":
			if h.visit(t, back); h.err != nil || h.session.User.Name != "hoa" {
				t.Fatalf("%+v, %v", h.session, h.err)
			}
		default:
			kept[what] = strings.Repeat("x", 43)
			h.keep(t, kept)
		}
		h.session, h.err = access.Session{}, nil
		if h.visit(t, back); !errors.Is(h.err, access.ErrProvider) || h.session.Token != "" {
			t.Errorf("another %s: %+v, %v", what, h.session, h.err)
		}
	}
}

func TestAProviderThatIsAwayIsToldAndAskedAgain(t *testing.T) {
	h := newHouse(t)
	away := true
	inner := h.issuer.Config.Handler
	h.issuer.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		inner.ServeHTTP(w, r)
	})
	if h.login(t, "hoa", "/"); !errors.Is(h.err, access.ErrProvider) {
		t.Errorf("%v", h.err)
	}
	away = false
	if h.login(t, "hoa", "/"); h.err != nil {
		t.Errorf("%v", h.err)
	}
}

func TestNobodyWaitsUntilAnotherHasAskedTheProvider(t *testing.T) {
	h := newHouse(t)
	var asked sync.WaitGroup
	asked.Add(2)
	inner := h.issuer.Config.Handler
	h.issuer.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Done() // one that is alone waits longer than it is given
		asked.Wait()
		inner.ServeHTTP(w, r)
	})
	var g errgroup.Group
	for range 2 {
		g.Go(func() error {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost/login/provider", http.NoBody)
			r.RemoteAddr = "127.0.0.1:1"
			return h.access.BeginProvider(httptest.NewRecorder(), r, "/")
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

func TestPathsThatLeadElsewhereAreTheFirstPage(t *testing.T) {
	for path, want := range map[string]string{
		"/a?b=c": "/a?b=c", "": "/", "a": "/", "//evil.example": "/", "/\\evil.example": "/", "https://evil.example": "/", "/\n/evil": "/", "javascript:1": "/",
	} {
		if got := access.LocalPath(path); got != want {
			t.Errorf("%q: %q", path, got)
		}
	}
}
