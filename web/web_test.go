package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
	"github.com/dossierd/dossierd/storage/storagetest"
	"github.com/dossierd/dossierd/web"
	"github.com/dossierd/dossierd/web/access"
)

const (
	token  = "tok_case-system-0123456789"
	mender = "tok_of-an-operator"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// site is a running server.
type site struct {
	url     string
	store   storage.Store
	catalog *catalog.Catalog
	rows    string // the catalogue's file
	ready   error
	log     *bytes.Buffer
	clear   bool        // the token may read what is personal; set before serve, as are the next ones
	erase   bool        // it may erase
	uploads web.Uploads // with it, it may upload
	scratch string
	sees    dossier.Scope // zero: everything

	perSecond int // requests that each may make
}

func start(t *testing.T) *site {
	t.Helper()
	s := prepare(t)
	s.serve(t, s.store)
	return s
}

// prepare is a server that is yet to serve.
func prepare(t *testing.T) *site {
	t.Helper()
	store, err := fs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := &site{store: store, rows: filepath.Join(t.TempDir(), "catalogue.db"), log: &bytes.Buffer{}}
	s.catalog, err = catalog.Open(t.Context(), catalog.Config{Type: "sqlite", Path: s.rows}, slog.New(slog.DiscardHandler))
	must(t, err)
	t.Cleanup(func() { s.away(t) })
	return s
}

// away takes the catalogue away.
func (s *site) away(t *testing.T) {
	t.Helper()
	if s.catalog != nil {
		must(t, s.catalog.Close())
		s.catalog = nil
	}
}

func (s *site) serve(t *testing.T, store storage.Store) {
	t.Helper()
	other := caseSystem("other")
	other.Deposit = true
	who := caseSystem("case-system")
	who.Clear, who.Erase, who.Deposit = s.clear, s.erase, s.uploads != nil
	if len(s.sees.Stations) > 0 {
		who.Scope = s.sees
	}
	gate, err := access.New(access.Config{PublicURL: "https://dossiers.example", PerSecond: s.perSecond, Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Tokens: []access.Token{
		{SHA256: strings.Repeat("0", 64), Principal: other},
		{SHA256: digest(token), Principal: who},
		{SHA256: digest(mender), Principal: dossier.Principal{
			Kind: dossier.KindToken, Name: "mender", Role: dossier.RoleOperator, Scope: catalog.Everything(),
		}},
	}}, s.catalog, slog.New(slog.DiscardHandler))
	must(t, err)
	cfg := web.Config{
		PublicURL: "https://dossiers.example", Identity: identityKey,
		Access: gate, Office: anOffice,
		Images: shelf{store: store}, Uploads: s.uploads, Scratch: s.scratch, Bytes: 1000, IsCode: func(s string) bool { return strings.HasPrefix(s, "H42.16-") },
		IsProcedure: func(s string) bool { return !strings.Contains(s, " ") },
	}
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "up 1") })
	ready := func(context.Context) error { return s.ready }
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	handler := web.New(cfg, store, s.catalog, ready, metrics, slog.New(slog.NewTextHandler(s.log, nil)))
	go func() { ended <- web.Serve(ctx, l, handler, slog.New(slog.DiscardHandler)) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	s.url = "http://" + l.Addr().String()
}

// shelf is an album whose pages are those that are stored.
type shelf struct {
	album
	store storage.Store
}

func (s shelf) ReadPage(ctx context.Context, artifactID string) (*dossier.Page, error) {
	r, err := s.store.Get(ctx, storage.PageKey(artifactID, "layout.json.gz"))
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return pipeline.DecodePage(r)
}

// caseSystem is a token that sees everything.
func caseSystem(name string) dossier.Principal {
	return dossier.Principal{Kind: dossier.KindToken, Name: name, Role: dossier.RoleCaseSystem, Scope: catalog.Everything()}
}

func by(name string) dossier.Principal {
	p := caseSystem(name)
	p.Erase = true
	return p
}

func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

type answer struct {
	status int
	header http.Header
	body   string
}

// get asks with a token, and with header lines given as name, value.
func (s *site) get(t *testing.T, path string, header ...string) answer {
	t.Helper()
	return s.do(t, http.MethodGet, path, append([]string{"Authorization", "Bearer " + token}, header...)...)
}

func (s *site) do(t *testing.T, method, path string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// wantProblem checks that an error has the form of RFC 9457.
func wantProblem(t *testing.T, a answer, status int) {
	t.Helper()
	var p struct {
		Title, Detail string
		Status        int
	}
	err := json.Unmarshal([]byte(a.body), &p)
	if a.status != status || err != nil || p.Status != status || p.Title == "" || p.Detail == "" ||
		a.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("want %d, got %+v", status, a)
	}
}

func (s *site) put(t *testing.T, key string, data []byte) {
	t.Helper()
	if err := s.store.Put(t.Context(), key, bytes.NewReader(data), storagetest.Digest(data)); err != nil {
		t.Fatal(err)
	}
}

func TestAProcessThatLivesSaysSo(t *testing.T) {
	s := start(t)
	s.ready = errors.New("storage away")
	if a := s.do(t, http.MethodGet, "/healthz"); a.status != http.StatusOK || a.body != "ok\n" {
		t.Errorf("%+v", a)
	}
}

func TestReadinessNamesWhatIsInTheWay(t *testing.T) {
	s := start(t)
	if a := s.do(t, http.MethodGet, "/readyz"); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
	s.ready = errors.Join(errors.New("object storage is away"), errors.New("disk nearly full"))
	a := s.do(t, http.MethodGet, "/readyz")
	wantProblem(t, a, http.StatusServiceUnavailable)
	var p struct{ Errors []struct{ Message string } }
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || len(p.Errors) != 2 || p.Errors[1].Message != "disk nearly full" {
		t.Errorf("%s, %v", a.body, err)
	}
}

func TestMetricsNeedNoToken(t *testing.T) {
	if a := start(t).do(t, http.MethodGet, "/metrics"); a.status != http.StatusOK || a.body != "up 1\n" {
		t.Errorf("%+v", a)
	}
}

func TestTheAPINeedsAToken(t *testing.T) {
	s := start(t)
	s.put(t, "originals/ab/x", []byte("x"))
	for _, path := range []string{"/api/v1/events", "/api/v1/status", "/api/v1/objects/originals/ab/x", "/api/v1/nothing"} {
		for _, credentials := range []string{
			"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + token, token, "Bearer " + token + "x", "Bearer " + token[1:],
			"Bearer " + strings.Repeat("0", 64),
		} {
			a := s.do(t, http.MethodGet, path, "Authorization", credentials)
			wantProblem(t, a, http.StatusUnauthorized)
			if !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer ") {
				t.Errorf("%s: %v", path, a.header)
			}
		}
	}
	if a := s.do(t, http.MethodGet, "/api/v1/events", "Authorization", "bearer "+token); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
}

func TestTheFeedCarriesEventsByteForByte(t *testing.T) {
	s, cat, code := startWithDossier(t)
	must(t, cat.SetDossierState(t.Context(), code, catalog.DossierResult, "", by("<q>&é")))
	must(t, cat.SetDossierState(t.Context(), code, catalog.DossierReturned, "", by("case-system")))
	events, _, err := cat.Events(t.Context(), "", 10, catalog.Everything())
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v", len(events), err)
	}
	a := s.get(t, "/api/v1/events?limit=2")
	want := fmt.Sprintf(`{"events":[%s,%s],"next":"%s"}`+"\n", events[0].Body, events[1].Body, events[1].Cursor)
	if a.status != http.StatusOK || a.body != want || a.header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v, want %s", a, want)
	}
	want = fmt.Sprintf(`{"events":[%s],"next":"%s"}`+"\n", events[2].Body, events[2].Cursor)
	if a := s.get(t, "/api/v1/events?after="+events[1].Cursor); a.body != want {
		t.Errorf("%+v, want %s", a, want)
	}
	want = fmt.Sprintf(`{"events":[],"next":"%s"}`+"\n", events[2].Cursor)
	if a := s.get(t, "/api/v1/events?after="+events[2].Cursor); a.body != want {
		t.Errorf("%+v, want %s", a, want)
	}
}

func TestAFaultyQuestionIsAProblem(t *testing.T) {
	s := start(t)
	wantProblem(t, s.get(t, "/api/v1/events?after=nonsense"), http.StatusBadRequest)
	for _, query := range []string{"limit=0", "limit=1001", "limit=many", "after=" + strings.Repeat("1", 101)} {
		wantProblem(t, s.get(t, "/api/v1/events?"+query), http.StatusUnprocessableEntity)
	}
	for _, path := range []string{"/api/", "/api/v1/", "/api/v1/nothing", "/api/v1/objects/"} {
		wantProblem(t, s.get(t, path), http.StatusNotFound)
	}
}

func TestAMethodThatAPathDoesNotHaveIsToldThoseItHas(t *testing.T) {
	s := start(t)
	for path, allow := range map[string]string{
		"/healthz": "GET, HEAD", "/api/v1/events": "GET, HEAD", "/api/v1/objects/originals/ab/x": "GET, HEAD",
		"/api/v1/dossiers/lookup": "GET, HEAD, POST", "/api/v1/dossiers/a/place": "PUT",
	} {
		a := s.do(t, http.MethodDelete, path, "Authorization", "Bearer "+token)
		wantProblem(t, a, http.StatusMethodNotAllowed)
		if got := a.header.Get("Allow"); got != allow {
			t.Errorf("%s allows %q, want %q", path, got, allow)
		}
	}
	wantProblem(t, s.do(t, http.MethodPost, "/api/v1/nothing", "Authorization", "Bearer "+token), http.StatusNotFound)
}

func TestACatalogueThatIsAwayIsLoggedAndNotExplained(t *testing.T) {
	s := start(t)
	s.away(t)
	for _, path := range []string{"/api/v1/events", "/api/v1/status", "/api/v1/dossiers/a"} {
		a := s.get(t, path)
		wantProblem(t, a, http.StatusServiceUnavailable)
		if strings.Contains(a.body, "closed") || a.header.Get("Retry-After") == "" {
			t.Errorf("%+v", a)
		}
	}
	if strings.Count(s.log.String(), "closed") != 3 {
		t.Errorf("logged %q", s.log)
	}
}

func TestStatusIsTheCataloguesOwn(t *testing.T) {
	s, _, _ := startWithDossier(t)
	a := s.get(t, "/api/v1/status")
	var got catalog.Status
	err := json.Unmarshal([]byte(a.body), &got)
	if a.status != http.StatusOK || err != nil || got.Stations[0].Deposits[dossier.StatePublished] != 1 || strings.Contains(a.body, "$schema") {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestTheAPIDescribesItself(t *testing.T) {
	a := start(t).do(t, http.MethodGet, "/api/v1/openapi.json")
	var description struct {
		OpenAPI string
		Servers []struct{ URL string }
		Paths   map[string]map[string]struct {
			OperationID string
			Tags        []string
			Right       string `json:"x-right"`
			Responses   map[string]struct{ Content map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(a.body), &description); err != nil || description.OpenAPI != "3.1.0" {
		t.Fatalf("%+v, %v", a, err)
	}
	for path, item := range description.Paths {
		for method, op := range item {
			if op.Right == "" || len(op.Tags) != 1 || op.OperationID == "" || op.Responses["429"].Content["application/problem+json"] == nil {
				t.Errorf("%s %s: %+v", method, path, op)
			}
		}
	}
	if description.Servers[0].URL != "https://dossiers.example" || !strings.Contains(a.body, `"bearer"`) {
		t.Error(a.body)
	}
	if content := description.Paths["/api/v1/events"]["get"].Responses["200"].Content; content["application/json"] == nil {
		t.Errorf("%v", content)
	}
}

func TestServingEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	inHand, finish := make(chan struct{}), make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			close(inHand)
			<-finish
			fmt.Fprint(w, "whole")
		}), slog.New(slog.DiscardHandler))
	}()
	answered := make(chan string, 1)
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answered <- string(body)
	}()
	<-inHand
	stop()
	close(finish)
	if got := <-answered; got != "whole" {
		t.Error(got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", l.Addr().String()); err == nil {
		c.Close()
		t.Error("still listens")
	}
}

func TestALostListenerIsAnError(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if err := web.Serve(t.Context(), l, http.NotFoundHandler(), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("no error")
	}
}

func TestEveryAnswerProtectsTheBrowser(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/healthz", "/nothing", "/api/v1/status", "/api/v1/openapi.json"} {
		if a := s.do(t, http.MethodGet, path); !strings.HasPrefix(a.header.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", path, a.header)
		}
	}
}

func TestAViewIsLoggedBeforeItIsAnswered(t *testing.T) {
	s, cat, code := startWithDossier(t)
	must(t, cat.SetPlace(t.Context(), code, "Kệ 1", "", by("anna")))
	if a := s.get(t, "/api/v1/dossiers/"+code); a.status != http.StatusOK {
		t.Fatalf("%+v", a)
	}
	if a := s.get(t, "/api/v1/dossiers/none"); a.status != http.StatusNotFound {
		t.Fatalf("%+v", a)
	}
	rows, err := cat.AuditLog(t.Context(), catalog.AuditFilter{})
	if err != nil || len(rows) != 2 || rows[0].Action != catalog.ActionView || rows[0].Subject != code || rows[0].Who != "case-system" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestStatesAndListsAreLoggedAsTheyAreRead(t *testing.T) {
	s, cat, code := startWithDossier(t)
	for _, path := range []string{"/api/v1/dossiers/" + code + "/states", "/api/v1/dossiers", "/api/v1/dossiers?limit=1", "/api/v1/deposits"} {
		if a := s.get(t, path); a.status != http.StatusOK {
			t.Fatalf("%s: %+v", path, a)
		}
	}
	rows, err := cat.AuditLog(t.Context(), catalog.AuditFilter{})
	must(t, err)
	var got []string
	for _, r := range rows {
		got = append(got, string(r.Action)+" "+r.Subject)
	}
	if want := []string{"export deposits", "export dossiers", "dossier.view " + code}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
