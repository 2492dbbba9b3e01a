package access_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	password = "một mật khẩu đủ dài"
	here     = "192.0.2.7"
)

var admin = dossier.Principal{Kind: dossier.KindCommand, Name: "root"}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Open(t.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(t.TempDir(), "c.db")}, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { must(t, c.Close()) })
	return c
}

func gate(t *testing.T, c *catalog.Catalog, cfg access.Config) *access.Access {
	t.Helper()
	a, err := access.New(cfg, c, slog.New(slog.DiscardHandler))
	must(t, err)
	return a
}

// withHoa has a clerk whose password was set by a link.
func withHoa(t *testing.T) (*access.Access, *catalog.Catalog) {
	t.Helper()
	c := open(t)
	a := gate(t, c, access.Config{})
	must(t, c.AddUser(t.Context(), catalog.User{Name: "hoa", Role: dossier.RoleClerk, Stations: []string{"quay-1"}}, admin))
	path, err := access.NewLink(t.Context(), c, "hoa", admin)
	must(t, err)
	s, err := a.Redeem(t.Context(), strings.TrimPrefix(path, access.LinkPath), password, here)
	must(t, err)
	if s.User.Name != "hoa" || s.Token == "" {
		t.Fatalf("%+v", s)
	}
	return a, c
}

func logins(t *testing.T, c *catalog.Catalog) (list []string) {
	t.Helper()
	rows, err := c.AuditLog(t.Context(), catalog.AuditFilter{})
	must(t, err)
	for _, r := range slices.Backward(rows) {
		if strings.HasPrefix(string(r.Action), "login") {
			list = append(list, string(r.Action)+" "+r.Subject)
		}
	}
	return list
}

func TestWhoKnowsThePasswordLogsInAndNobodyElseLearnsWhy(t *testing.T) {
	a, c := withHoa(t)
	// Typed with combining marks, and the name in capitals.
	s, err := a.Login(t.Context(), " HOA ", "mo\u0323\u0302t m\u00e2\u0323t kh\u00e2\u0309u \u0111u\u0309 da\u0300i", here)
	if err != nil || s.User.Name != "hoa" {
		t.Fatalf("%+v, %v", s, err)
	}
	must(t, c.AddUser(t.Context(), catalog.User{Name: "without", Role: dossier.RoleClerk}, admin))
	for _, tt := range [][2]string{{"hoa", "wrong"}, {"hoa", ""}, {"nobody", password}, {"without", ""}, {"without", password}, {"../x", password}} {
		if _, err := a.Login(t.Context(), tt[0], tt[1], here); !errors.Is(err, access.ErrCredentials) {
			t.Errorf("%q: %v", tt, err)
		}
	}
	want := []string{
		"login hoa", "login hoa", "login.refused hoa", "login.refused hoa", "login.refused nobody", "login.refused without", "login.refused without",
	}
	if got := logins(t, c); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func TestANameThatIsUnknownTakesAsLong(t *testing.T) {
	a, _ := withHoa(t)
	fastest := map[string]time.Duration{}
	for i := range 4 {
		for _, name := range []string{"hoa", "nobody"} {
			began := time.Now()
			if _, err := a.Login(t.Context(), name, "wrong", "192.0.2."+string(rune('1'+i))); !errors.Is(err, access.ErrCredentials) {
				t.Fatal(err)
			}
			if took := time.Since(began); fastest[name] == 0 || took < fastest[name] {
				fastest[name] = took
			}
		}
	}
	if known, unknown := fastest["hoa"], fastest["nobody"]; unknown < known/2 || known < unknown/2 {
		t.Errorf("%s for a known name, %s for an unknown one", known, unknown)
	}
}

func TestGuessingIsSlowedDownByName(t *testing.T) {
	a, _ := withHoa(t)
	var throttled *access.Throttled
	tries := 0
	for ; tries < 20 && throttled == nil; tries++ {
		_, err := a.Login(t.Context(), "hoa", "wrong", "192.0.2."+string(rune('1'+tries)))
		errors.As(err, &throttled)
	}
	if tries != 6 || !throttled.Until.After(time.Now().Add(-time.Second)) {
		t.Fatalf("%d tries, %v", tries, throttled)
	}
	if _, err := a.Login(t.Context(), "hoa", password, here); !errors.As(err, &throttled) {
		t.Errorf("the right password does not wait: %v", err)
	}
	if _, err := a.Login(t.Context(), "nobody", "wrong", here); !errors.Is(err, access.ErrCredentials) {
		t.Errorf("another name waits: %v", err)
	}
	time.Sleep(time.Until(throttled.Until))
	if _, err := a.Login(t.Context(), "hoa", password, here); err != nil {
		t.Errorf("after the wait: %v", err)
	}
	for range 4 {
		if _, err := a.Login(t.Context(), "hoa", "wrong", here); !errors.Is(err, access.ErrCredentials) {
			t.Errorf("after a login tries are free again: %v", err)
		}
	}
}

func TestManyTriesAtOnceAreNoWayRound(t *testing.T) {
	a, _ := withHoa(t)
	var mu sync.Mutex
	looked := 0
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			_, err := a.Login(t.Context(), "hoa", "wrong", here)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, access.ErrCredentials) || errors.Is(err, access.ErrBusy) {
				looked++
			}
		})
	}
	wg.Wait()
	if looked > 5 {
		t.Errorf("%d passwords were looked at", looked)
	}
}

func TestAPasswordHasToBeOne(t *testing.T) {
	for word, want := range map[string]error{
		password: nil, "short": access.PasswordShort, strings.Repeat("dài ", 100): access.PasswordLong, "nguyen.hoa 2026!": access.PasswordName,
		"aaaaaaaaaaaaaaa": access.PasswordName, "mười hai chữ": nil,
	} {
		if err := access.CheckPassword("nguyen.hoa", word); !errors.Is(err, want) && err != want {
			t.Errorf("%q: %v, not %v", word, err, want)
		}
	}
}

func TestALinkSetsAPasswordOnce(t *testing.T) {
	a, c := withHoa(t)
	path, err := access.NewLink(t.Context(), c, "hoa", admin)
	must(t, err)
	link := strings.TrimPrefix(path, access.LinkPath)
	if _, err := a.Redeem(t.Context(), link, "short", here); !errors.Is(err, access.PasswordShort) {
		t.Errorf("%v", err)
	}
	for range 2 { // looking does not use it up
		if u, err := a.LinkUser(t.Context(), link); err != nil || u.Name != "hoa" {
			t.Errorf("%+v, %v", u, err)
		}
	}
	_, err = a.Redeem(t.Context(), link, "another password", here)
	must(t, err)
	if _, err := a.Redeem(t.Context(), link, "a third password", here); !errors.Is(err, access.ErrLink) {
		t.Errorf("%v", err)
	}
	if _, err := a.Login(t.Context(), "hoa", password, here); !errors.Is(err, access.ErrCredentials) {
		t.Errorf("the former password: %v", err)
	}
	if _, err := a.Login(t.Context(), "hoa", "another password", here); err != nil {
		t.Error(err)
	}
}

func TestWhileNoAdministratorCanLogInAStartMakesALink(t *testing.T) {
	c := open(t)
	a := gate(t, c, access.Config{})
	var former string
	for range 2 {
		path, err := a.FirstAdministrator(t.Context())
		if err != nil || path == "" || path == former {
			t.Fatalf("%q, %v", path, err)
		}
		if former != "" {
			if _, err := a.LinkUser(t.Context(), strings.TrimPrefix(former, access.LinkPath)); !errors.Is(err, access.ErrLink) {
				t.Errorf("the former link: %v", err)
			}
		}
		former = path
	}
	s, err := a.Redeem(t.Context(), strings.TrimPrefix(former, access.LinkPath), password, here)
	if err != nil || s.User.Role != dossier.RoleAdministrator || !s.User.All {
		t.Fatalf("%+v, %v", s, err)
	}
	if path, err := a.FirstAdministrator(t.Context()); err != nil || path != "" {
		t.Errorf("%q, %v", path, err)
	}
}

func TestAClerkCalledAdminBecomesNoAdministrator(t *testing.T) {
	c := open(t)
	must(t, c.AddUser(t.Context(), catalog.User{Name: "admin", Role: dossier.RoleClerk}, admin))
	a := gate(t, c, access.Config{})
	path, err := a.FirstAdministrator(t.Context())
	must(t, err)
	u, err := a.LinkUser(t.Context(), strings.TrimPrefix(path, access.LinkPath))
	if err != nil || u.Name != "admin-2" {
		t.Errorf("%+v, %v", u, err)
	}
}

// asked sends a request through the middleware and tells who asks; the status is that of a refusal.
func asked(t *testing.T, a *access.Access, r *http.Request) (who dossier.Principal, ctx context.Context, status int) {
	t.Helper()
	fail := func(_ http.ResponseWriter, _ *http.Request, err error) { t.Error(err) }
	refuse := func(w http.ResponseWriter, _ *http.Request, status int) { w.WriteHeader(status) }
	w := httptest.NewRecorder()
	a.Middleware(fail, refuse)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		who, ctx = access.Of(r.Context()), r.Context()
	})).ServeHTTP(w, r)
	return who, ctx, w.Code
}

// request is one from a browser on the same machine.
func request(method, url string, header ...string) *http.Request {
	r := httptest.NewRequest(method, url, http.NoBody)
	r.RemoteAddr = "127.0.0.1:1234"
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

func TestTheCookieOfASessionSaysWhoAsks(t *testing.T) {
	a, _ := withHoa(t)
	s, err := a.Login(t.Context(), "hoa", password, here)
	must(t, err)
	w := httptest.NewRecorder()
	must(t, a.SetCookie(w, request("POST", "http://127.0.0.1:8480/login"), s))
	cookie := w.Result().Cookies()[0]
	if cookie.Name != "dossierd" || !cookie.HttpOnly || cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("%+v", cookie)
	}
	who, ctx, _ := asked(t, a, request("GET", "http://127.0.0.1:8480/", "Cookie", "dossierd="+s.Token))
	if who.Name != "hoa" || who.Kind != dossier.KindUser {
		t.Errorf("%+v", who)
	}
	for _, cookie := range []string{"dossierd=x", "dossierd=", "__Host-dossierd=" + s.Token, "dossierd=" + s.Token + "x"} {
		if who, _, _ := asked(t, a, request("GET", "http://127.0.0.1:8480/", "Cookie", cookie)); who.Name != "" {
			t.Errorf("%s: %+v", cookie, who)
		}
	}
	must(t, a.Logout(ctx))
	if who, _, _ := asked(t, a, request("GET", "http://127.0.0.1:8480/", "Cookie", "dossierd="+s.Token)); who.Name != "" {
		t.Errorf("after logout: %+v", who)
	}
}

func TestOverTLSTheCookieIsBoundToTheHost(t *testing.T) {
	a := gate(t, open(t), access.Config{PublicURL: "https://dossiers.example"})
	w := httptest.NewRecorder()
	must(t, a.SetCookie(w, request("POST", "http://10.0.0.7:8480/login"), access.Session{Token: "x"}))
	if set := w.Header().Get("Set-Cookie"); set != "__Host-dossierd=x; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax" {
		t.Error(set)
	}
}

func TestOverPlainHTTPNobodyLogsInFromElsewhere(t *testing.T) {
	a := gate(t, open(t), access.Config{})
	for _, tt := range []struct {
		url, from string
		want      error
	}{
		{"http://127.0.0.1:8480/", "127.0.0.1:5", nil},
		{"http://localhost:8480/", "[::1]:5", nil},
		{"http://[::1]:8480/", "[::1]:5", nil},
		{"http://dossiers.example/", "127.0.0.1:5", access.ErrInsecure}, // a proxy that was not told of
		{"http://localhost:8480/", "192.0.2.7:5", access.ErrInsecure},
		{"http://192.0.2.1:8480/", "192.0.2.7:5", access.ErrInsecure},
	} {
		r := request("POST", tt.url)
		r.RemoteAddr = tt.from
		if err := a.CheckTransport(r); !errors.Is(err, tt.want) && err != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
		if err := a.SetCookie(httptest.NewRecorder(), r, access.Session{Token: "x"}); !errors.Is(err, tt.want) && err != tt.want {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestAnotherSiteCantHaveABrowserAct(t *testing.T) {
	a := gate(t, open(t), access.Config{PublicURL: "https://dossiers.example"})
	for _, tt := range []struct {
		method string
		header []string
		want   int
	}{
		{"POST", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusForbidden},
		{"POST", []string{"Sec-Fetch-Site", "same-site"}, http.StatusForbidden},
		{"DELETE", []string{"Origin", "https://evil.example"}, http.StatusForbidden},
		{"POST", []string{"Origin", "null"}, http.StatusForbidden},
		{"POST", []string{"Sec-Fetch-Site", "same-origin"}, http.StatusOK},
		{"POST", []string{"Origin", "https://dossiers.example"}, http.StatusOK}, // a proxy calls us by another name
		{"POST", nil, http.StatusOK},                                            // no browser
		{"GET", []string{"Sec-Fetch-Site", "cross-site"}, http.StatusOK},
	} {
		if _, _, status := asked(t, a, request(tt.method, "http://127.0.0.1:8480/x", tt.header...)); status != tt.want {
			t.Errorf("%+v: %d", tt, status)
		}
	}
}

func TestATokenIsGoodUntilItExpires(t *testing.T) {
	who := dossier.Principal{Kind: dossier.KindToken, Name: "portal", Role: dossier.RoleCaseSystem}
	const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" // of "secret"
	for expires, want := range map[time.Time]string{{}: "portal", time.Now().Add(time.Hour): "portal", time.Now().Add(-time.Second): ""} {
		a := gate(t, open(t), access.Config{Tokens: []access.Token{{SHA256: hash, Expires: expires, Principal: who}}})
		if got, _, _ := asked(t, a, request("GET", "http://127.0.0.1/", "Authorization", "Bearer secret")); got.Name != want {
			t.Errorf("%s: %+v", expires, got)
		}
	}
}

func TestCredentialsOfAnotherSortAreNobodysWhateverTheCookie(t *testing.T) {
	a, _ := withHoa(t)
	s, err := a.Login(t.Context(), "hoa", password, here)
	must(t, err)
	for _, credentials := range []string{"Basic aG9hOmhvYQ==", "Bearer wrong", "Bearer"} {
		if who, _, _ := asked(t, a, request("POST", "http://127.0.0.1/", "Authorization", credentials, "Cookie", "dossierd="+s.Token)); who.Name != "" {
			t.Errorf("%s: %+v", credentials, who)
		}
	}
}

func TestAnAddressIsWhatOurOwnProxiesSay(t *testing.T) {
	a := gate(t, open(t), access.Config{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/24")}})
	for _, tt := range [][3]string{
		{"192.0.2.7:1", "", "192.0.2.7"},
		{"192.0.2.7:1", "198.51.100.1", "192.0.2.7"},
		{"127.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"127.0.0.1:1", "1.2.3.4, 198.51.100.1, 10.0.0.9", "198.51.100.1"},
		{"127.0.0.1:1", "nonsense", "127.0.0.1"},
		{"[::ffff:127.0.0.1]:1", "2001:db8::1", "2001:db8::1"},
	} {
		r := request("GET", "http://localhost/")
		r.RemoteAddr = tt[0]
		if tt[1] != "" {
			r.Header.Set("X-Forwarded-For", tt[1])
		}
		if got := a.Address(r); got != tt[2] {
			t.Errorf("%q: %s", tt, got)
		}
	}
}

func TestWhoAsksMayChangeTheOwnPassword(t *testing.T) {
	a, _ := withHoa(t)
	s, err := a.Login(t.Context(), "hoa", password, here)
	must(t, err)
	_, ctx, _ := asked(t, a, request("GET", "http://127.0.0.1/", "Cookie", "dossierd="+s.Token))
	if _, err := a.SetPassword(ctx, "wrong", "another password", here); !errors.Is(err, access.ErrCredentials) {
		t.Errorf("%v", err)
	}
	if _, err := a.SetPassword(t.Context(), password, "another password", here); !errors.Is(err, access.ErrCredentials) {
		t.Errorf("nobody: %v", err)
	}
	next, err := a.SetPassword(ctx, password, "another password", here)
	must(t, err)
	for token, want := range map[string]string{s.Token: "", next.Token: "hoa"} {
		if who, _, _ := asked(t, a, request("GET", "http://127.0.0.1/", "Cookie", "dossierd="+token)); who.Name != want {
			t.Errorf("%+v", who)
		}
	}
}

func TestARoleThatIsUnknownMayDoNothing(t *testing.T) {
	for _, who := range []dossier.Principal{
		{}, {Name: "x"}, {Name: "x", Role: "king", Clear: true, Erase: true, Deposit: true}, {Role: dossier.RoleAdministrator, Clear: true},
	} {
		for _, r := range []access.Right{
			access.Somebody, access.View, access.Search, access.Decide, access.Correct, access.Mend, access.Report, access.Administer, access.Deposit,
			access.Erase, access.Personal, "", "more",
		} {
			if access.May(who, r) {
				t.Errorf("%+v may %s", who, r)
			}
		}
	}
	if access.May(dossier.Principal{Name: "x", Role: dossier.RoleAdministrator}, "") {
		t.Error("a route without a right is open")
	}
}
