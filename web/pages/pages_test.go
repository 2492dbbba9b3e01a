package pages

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
	"github.com/dossierd/dossierd/web/access"
)

// house is all pages over an empty catalogue, without a network between.
type house struct {
	pages   http.Handler
	catalog *catalog.Catalog
	store   storage.Store
}

func newHouse(t *testing.T) *house {
	t.Helper()
	store, err := fs.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	c, err := catalog.Open(t.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(t.TempDir(), "catalogue.db")}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	gate, err := access.New(access.Config{}, c, log)
	if err != nil {
		t.Fatal(err)
	}
	return &house{pages: New(Config{Language: "en", Location: time.UTC}, gate, store, c, log), catalog: c, store: store}
}

func (h *house) put(t *testing.T, key, data string) {
	t.Helper()
	sum := sha256.Sum256([]byte(data))
	digest := storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
	if err := h.store.Put(t.Context(), key, strings.NewReader(data), digest); err != nil {
		t.Fatal(err)
	}
}

// get visits a page as somebody of a role, or as nobody; header lines are given as name, value.
func (h *house) get(t *testing.T, role dossier.UserRole, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	return h.visit(t, role, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody), header...)
}

// post fills in a form, given as encoded.
func (h *house) post(t *testing.T, role dossier.UserRole, path, form string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return h.visit(t, role, r, header...)
}

func (h *house) visit(t *testing.T, role dossier.UserRole, r *http.Request, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	if role != "" {
		r = r.WithContext(access.With(r.Context(), dossier.Principal{Kind: dossier.KindToken, Name: "lan", Role: role, Scope: dossier.Scope{All: true}}))
	}
	return h.serve(r)
}

// getAs is get as somebody in particular.
func (h *house) getAs(t *testing.T, who dossier.Principal, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(access.With(t.Context(), who), http.MethodGet, path, http.NoBody)
	return h.serve(r)
}

// postAs is post as somebody in particular.
func (h *house) postAs(t *testing.T, who dossier.Principal, path, form string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(access.With(t.Context(), who), http.MethodPost, path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return h.serve(r)
}

func (h *house) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.pages.ServeHTTP(w, r)
	return w
}

func TestNobodyIsLedToTheLoginAndBack(t *testing.T) {
	h := newHouse(t)
	w := h.get(t, "", "/search?q=ng%C3%A0y")
	if want := "/login?next=%2Fsearch%3Fq%3Dng%25C3%25A0y"; w.Code != http.StatusSeeOther || w.Header().Get("Location") != want {
		t.Errorf("%d to %s, want %s", w.Code, w.Header().Get("Location"), want)
	}
	if w := h.get(t, "", "/login?next=/search"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `name="next" value="/search"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAFormLeadsNowhereElse(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "evil", "", "/a\nb"} {
		w := h.post(t, "", "/settings", "language=fr&back="+path)
		if got := w.Header().Get("Location"); got != "/" {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

func TestTheLanguageIsTheOneChosenElseTheBrowsersElseTheHouses(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct{ accept, cookie, want string }{
		{"", "", "en"},
		{"fr-CA,fr;q=0.9,en;q=0.8", "", "fr"},
		{"de,vi;q=0.5", "", "vi"},
		{"de", "", "en"},
		{"fr", "vi", "vi"},
		{"fr", "de", "fr"},
	} {
		w := h.get(t, "", "/login", "Accept-Language", c.accept, "Cookie", languageCookie+"="+c.cookie)
		if got := w.Header().Get("Content-Language"); got != c.want || !strings.Contains(w.Body.String(), `<html lang="`+c.want+`"`) {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestWhoLacksTheRightIsToldSo(t *testing.T) {
	w := newHouse(t).get(t, dossier.RoleOperator, "/search")
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), say("en", "fault.forbidden")) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestAPageThatIsNotThereSaysSoInTheDesign(t *testing.T) {
	for _, role := range []dossier.UserRole{"", dossier.RoleClerk} {
		w := newHouse(t).get(t, role, "/nothing")
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), say("en", "fault.nothing")) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
}

func TestAnAssetIsKeptForEverUnderTheHashOfItsContent(t *testing.T) {
	h := newHouse(t)
	a := loadAssets()
	for name := range a.files {
		path, err := a.path(name)
		if err != nil {
			t.Fatal(err)
		}
		w := h.get(t, "", path)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") == "" || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if w := h.get(t, "", strings.Replace(path, a.hash, "000000000000", 1)); w.Code != http.StatusNotFound {
			t.Errorf("another hash: %d", w.Code)
		}
	}
	if _, err := a.path("nothing.css"); err == nil {
		t.Error("an asset that is not there has a path")
	}
}

func TestAPageComesCompressedToWhoTakesIt(t *testing.T) {
	h := newHouse(t)
	plain := h.get(t, "", "/login").Body.String()
	w := h.get(t, "", "/login", "Accept-Encoding", "gzip, br")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil || string(got) != plain || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%v, %v, %d bytes", err, w.Header(), len(got))
	}
}

func TestEveryRouteIsClosedToWhoLacksItsRight(t *testing.T) {
	h := newHouse(t)
	part := regexp.MustCompile(`\{[^}]*\}`)
	for _, r := range (&site{}).allRoutes() {
		method, pattern, _ := strings.Cut(r.pattern, " ")
		path := part.ReplaceAllString(strings.TrimSuffix(pattern, "{$}"), "x")
		for _, role := range append(dossier.UserRoles(), "") {
			w := h.visit(t, role, httptest.NewRequestWithContext(t.Context(), method, path, http.NoBody))
			may := access.May(dossier.Principal{Name: "lan", Role: role}, r.right) && role != "" || r.right == access.Anyone
			toLogin := w.Code == http.StatusSeeOther && strings.HasPrefix(w.Header().Get("Location"), "/login?next=")
			if !may && w.Code != http.StatusForbidden && !(role == "" && method == http.MethodGet && toLogin) {
				t.Errorf("%s lets in %q: %d", r.pattern, role, w.Code)
			}
			if may && toLogin {
				t.Errorf("%s sends %q to sign in", r.pattern, role)
			}
		}
	}
}

func TestAnotherSiteCanNotHaveABrowserDoAnything(t *testing.T) {
	h := newHouse(t)
	w := h.post(t, dossier.RoleArchivist, "/search/saved", "q=x", "Sec-Fetch-Site", "cross-site")
	if w.Code != http.StatusForbidden {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// endless is a form that never ends; taken counts what was read of it.
type endless struct{ taken int }

func (e *endless) Read(b []byte) (int, error) {
	e.taken += len(b)
	if e.taken > 64<<20 {
		return 0, io.EOF
	}
	return len(b), nil
}

func TestNobodyHasAFormOfAnySizeRead(t *testing.T) {
	h := newHouse(t)
	for _, kind := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
		head := strings.NewReader("--x\r\nContent-Disposition: form-data; name=\"name\"; filename=\"a\"\r\n\r\n")
		body := &endless{}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/login", io.MultiReader(head, body))
		r.Header.Set("Content-Type", kind)
		h.serve(r)
		if body.taken > 2<<20 {
			t.Errorf("%s: %d bytes were read", kind, body.taken)
		}
	}
}
