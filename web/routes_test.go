package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/storagetest"
	"github.com/dossierd/dossierd/web"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// The record that some see. What must reach nobody else stands in hidden.
const (
	keptDepartment = "so-kin"
	keptStation    = "quay-kin"
	keptDeposit    = "01keptdeposit"
	keptName       = "don-kin.pdf"
	keptText       = "what stands on the page"
	keptWho        = "who decided before"
)

func hidden(code string) []string {
	return []string{keptDepartment, keptStation, keptDeposit, keptName, keptText, keptWho, code}
}

// route is one that may be asked: an operation of the API, or another one.
type route struct {
	method, path string // path as http.ServeMux has it
	right        access.Right
	operation    string // its id; "" of a route outside of the API
}

// routes reads the operations out of the API's own description, and the others out of the mux.
func (v *survey) routes(t *testing.T) []route {
	t.Helper()
	_, text := v.ask(t, route{method: http.MethodGet}, "/api/v1/openapi.json", [2]string{"Accept", "application/json"})
	var description struct {
		Paths map[string]map[string]struct {
			OperationID string       `json:"operationId"`
			Right       access.Right `json:"x-right"`
		}
	}
	must(t, json.NewDecoder(strings.NewReader(text)).Decode(&description))
	var all []route
	for _, path := range slices.Sorted(maps.Keys(description.Paths)) {
		for _, method := range slices.Sorted(maps.Keys(description.Paths[path])) {
			o := description.Paths[path][method]
			all = append(all, route{strings.ToUpper(method), path, o.Right, o.OperationID})
		}
	}
	for _, r := range web.Routes(v.cfg) {
		method, path, found := strings.Cut(r.Pattern, " ")
		if !found {
			method, path = http.MethodGet, r.Pattern
		}
		if !strings.HasPrefix(path, "/api/v1/") {
			all = append(all, route{method, path, r.Right, ""})
		}
	}
	return all
}

// bodies are what operations are sent; one that is not named is sent an empty object.
var bodies = map[string]string{
	"decide":           `{"do":"cut","page":2}`,
	"set-state":        `{"state":"returned"}`,
	"set-place":        `{"place":"Kệ 3"}`,
	"lookup-dossiers":  `{"number":"001089012345"}`,
	"retry-deposits":   `{"deposits":["x"]}`,
	"assign-deposits":  `{"deposits":["x"],"to":"anna"}`,
	"dismiss-deposits": `{"deposits":["x"],"reason":"blank"}`,
}

// queries are what operations are asked with that need something.
var queries = map[string]string{"search": "?q=page"}

// objects are the keys of the record's.
func objects(code string) []string {
	return []string{
		storage.DossierKey(keptDepartment, 2026, code, 1, "dossier.pdf"), storage.DossierKey(keptDepartment, 2026, code, 1, "private.json"),
		storage.DossierKey(keptDepartment, 2026, code, 1, "metadata.json"), storage.PageKey(keptDeposit+"-2", "image.jpg"),
		storage.OriginalKey(storagetest.Digest([]byte(keptText)).SHA256),
	}
}

// values are what a path's parameter is filled with, and whether that names the record.
func (v *survey) values(path, parameter string) (values []string, ofRecord bool) {
	switch parameter {
	case "":
		return []string{""}, false
	case "key":
		return objects(v.code), true
	}
	for prefix, value := range map[string]string{
		"/api/v1/dossiers/{code}": v.code, "/api/v1/deposits/{id}": keptDeposit, "/api/v1/pages/{id}": keptDeposit + "-2",
		"/api/v1/deliveries/{id}": v.delivery, "/api/v1/stations/{name}": keptStation,
		"/iiif/dossiers/{code}": v.code, "/iiif/image/{page}": keptDeposit + "-2", "/iiif/pages/{page}": keptDeposit + "-2",
	} {
		if strings.HasPrefix(path, prefix) && strings.HasSuffix(prefix, "{"+parameter+"}") {
			return []string{value}, true
		}
	}
	return []string{"1"}, false
}

// anOffice has what paths are filled with.
func anOffice() office.Office {
	return office.Office{
		Stations:    []office.Station{{Name: keptStation, Department: keptDepartment}, {Name: "quay-9", Department: "so-khac"}},
		Subscribers: []office.Subscriber{{Name: "1"}}, Procedures: []office.Procedure{{Code: "1"}}, Kinds: []office.Kind{{Name: "1"}},
	}
}

var parameter = regexp.MustCompile(`\{(\w+)(\.\.\.)?\}|\{\$\}`)

// paths are the ways to ask a route, and whether they name a record.
func (v *survey) paths(r route) (paths []string, ofRecord bool) {
	paths = []string{r.path + queries[r.operation]}
	for _, p := range parameter.FindAllStringSubmatch(r.path, -1) {
		values, names := v.values(r.path, p[1])
		ofRecord = ofRecord || names
		var filled []string
		for _, path := range paths {
			for _, value := range values {
				filled = append(filled, strings.Replace(path, p[0], value, 1))
			}
		}
		paths = filled
	}
	return paths, ofRecord
}

// asker is somebody with credentials.
type asker struct {
	who    dossier.Principal
	header [2]string
	sees   bool // the record
}

// everybody is each role by token and by session, with and without rights of its own, seeing the record or another one's.
func everybody(t *testing.T, cat *catalog.Catalog) (all []asker, tokens []access.Token) {
	t.Helper()
	scopes := map[string]dossier.Scope{
		"all": catalog.Everything(), "department": {Departments: []string{keptDepartment}}, "station": {Stations: []string{"quay-9", keptStation}},
		"elsewhere": {Departments: []string{"so-khac"}, Stations: []string{"quay-9"}}, "nowhere": {},
	}
	for scope, s := range scopes {
		for _, role := range append(dossier.UserRoles(), dossier.RoleCaseSystem) {
			for _, more := range []bool{false, true} {
				name := strings.ToLower(fmt.Sprintf("%s-%s-%t", scope, role, more))
				who := dossier.Principal{Kind: dossier.KindToken, Name: name, Role: role, Scope: s, Clear: more, Deposit: more, Erase: more}
				sees := s.Sees(keptDepartment, keptStation)
				tokens = append(tokens, access.Token{SHA256: digest(name), Principal: who})
				all = append(all, asker{who, [2]string{"Authorization", "Bearer " + name}, sees})
				if role == dossier.RoleCaseSystem {
					continue
				}
				u := catalog.User{Name: name, Role: role, All: s.All, Departments: s.Departments, Stations: s.Stations, Clear: more, Erase: more}
				must(t, cat.AddUser(t.Context(), u, by("test")))
				times := catalog.SessionTimes{Idle: time.Hour, Whole: time.Hour}
				_, err := cat.StartSession(t.Context(), catalog.NewSession{Name: name, Hash: digest("session " + name)}, times, time.Now())
				must(t, err)
				all = append(all, asker{u.Principal(), [2]string{"Cookie", access.SecureCookie + "=session " + name}, sees})
			}
		}
	}
	return all, tokens
}

// keep publishes the record, with its objects.
func keep(t *testing.T, s *site) (code string) {
	t.Helper()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	sum := sha256.Sum256([]byte(keptText))
	_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: keptDeposit, Station: keptStation, Department: keptDepartment, Name: keptName, SHA256: hex.EncodeToString(sum[:]), Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: keptDeposit, Pages: 3}))
	var doc catalog.PlanDocument
	for n := 1; n <= 3; n++ {
		id := fmt.Sprintf("%s-%d", keptDeposit, n)
		must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id}))
		doc.Pages = append(doc.Pages, id)
	}
	versions, err := s.catalog.Reserve(t.Context(), keptDeposit, []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	publish(t, s.catalog, keptDeposit, versions, catalog.Identity{Hash: identityKey.Hash("001089012345"), Page: 1})
	code = versions[0].Dossier.Code
	must(t, s.catalog.SetPlace(t.Context(), code, "Kệ 1", "", by(keptWho)))
	must(t, s.catalog.SetDossierState(t.Context(), code, catalog.DossierTransferred, "", by(keptWho)))
	for _, key := range objects(code) {
		data := []byte(keptText)
		if strings.HasSuffix(key, "metadata.json") {
			data = []byte(`{"documents":[{"first_page":1,"last_page":3,"title":"` + keptText + `","fields":[]}],"pages":[]}`)
		}
		s.put(t, key, data)
	}
	page := dossier.Page{Layout: dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{{
		Words: []dossier.Word{{Text: keptText}},
	}}}}}}}}
	s.put(t, storage.PageKey(keptDeposit+"-2", "layout.json.gz"), zipped(t, page))
	for _, picture := range []string{"-1/thumb.jpg", "-2/thumb.jpg", "-2/preview.jpg"} {
		s.put(t, "pages/"+keptDeposit+picture, []byte(keptText))
	}
	return code
}

// survey asks the routes of a server that keeps one record.
type survey struct {
	url    string
	client *http.Client
	cfg    web.Config
	code   string // of the record
	// delivery is the id of one that tells of the record.
	delivery string
	all      []asker
}

func newSurvey(t *testing.T, s *site) *survey {
	t.Helper()
	s.catalog.SetSubscribers([]catalog.Subscriber{{Name: "1"}})
	v := &survey{code: keep(t, s)}
	told, err := s.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{Subject: v.code})
	must(t, err)
	v.delivery = told[0].ID
	bodies["replay-deliveries"] = `{"deliveries":["` + v.delivery + `"]}`
	var tokens []access.Token
	v.all, tokens = everybody(t, s.catalog)
	// Those who see nothing are asked first: the others change the record.
	slices.SortStableFunc(v.all, func(a, b asker) int { return asInt(a.sees) - asInt(b.sees) })
	gate, err := access.New(access.Config{
		PublicURL: "https://dossiers.example", Tokens: tokens, Provider: &access.Provider{Name: "the office", Issuer: "http://127.0.0.1:1"},
	}, s.catalog, slog.New(slog.DiscardHandler))
	must(t, err)
	v.cfg = web.Config{
		Access: gate, Images: album{}, Identity: identityKey, Bytes: 1000, Uploads: &taker{}, Scratch: t.TempDir(),
		IsCode: func(string) bool { return true }, IsProcedure: func(string) bool { return true },
		Office: anOffice,
	}
	server := httptest.NewServer(web.New(v.cfg, s.store, s.catalog, nil, http.NotFoundHandler(), slog.New(slog.DiscardHandler)))
	t.Cleanup(server.Close)
	v.client = server.Client()
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	v.url = server.URL
	return v
}

// album has one page, whatever it is asked for: who draws pages is no part of this test.
type album struct{}

func (album) ReadPage(context.Context, string) (*dossier.Page, error) {
	line := dossier.Line{Words: []dossier.Word{{Text: keptText}}}
	block := dossier.Block{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}
	return &dossier.Page{
		Width: 100, Height: 100, Layout: dossier.Layout{Blocks: []dossier.Block{block}}, Image: dossier.PageImage{Format: dossier.FormatJPEG},
	}, nil
}

func (album) View(context.Context, string, dossier.View) ([]byte, error) {
	return []byte(keptText), nil
}

func (album) WriteALTO(_ context.Context, w io.Writer, _ string) error {
	_, err := io.WriteString(w, keptText)
	return err
}

// ask returns the status, 401 where a browser is sent to log in, and all that the answer tells.
func (v *survey) ask(t *testing.T, r route, path string, header [2]string) (status int, told string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, v.url+path, strings.NewReader(bodyOf(r)))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(header[0], header[1])
	if r.method != http.MethodGet {
		req.Header.Set("If-Match", `"1"`)
	}
	resp, err := v.client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(t, err)
	status = resp.StatusCode
	if status >= 300 && status < 400 && strings.HasPrefix(resp.Header.Get("Location"), "/login") {
		status = http.StatusUnauthorized
	}
	return status, string(body) + fmt.Sprint(resp.Header)
}

// fault says what is wrong with the status that somebody was answered with; "" where nothing is.
func (a asker) fault(r route, ofRecord bool, status int) string {
	may := access.May(a.who, r.right)
	switch {
	case status == http.StatusUnauthorized:
		return "is known, and taken for nobody"
	case !may && status != http.StatusForbidden:
		return "has not the right " + string(r.right)
	case may && !a.sees && ofRecord && status != http.StatusNotFound && status != http.StatusUnprocessableEntity:
		return "does not see the record"
	case may && a.sees && status == http.StatusNotFound:
		return "sees the record"
	}
	return ""
}

// leak is what an answer tells that it must not; "" for nothing. What stands in the path was known before.
func (v *survey) leak(path, told string) string {
	for _, secret := range hidden(v.code) {
		if strings.Contains(told, secret) && !strings.Contains(path, secret) {
			return secret
		}
	}
	return ""
}

// openToAnyone are the only routes that need nobody.
var openToAnyone = []string{"GET /healthz", "GET /readyz", "GET /metrics", "OPTIONS /iiif/", "GET /iiif/"}

// TestNothingReachesWhoMayNotSeeIt asks every route there is, as everybody and as nobody. A new route is asked by itself; one that names
// no right, or is open to anyone and not listed above, fails.
func TestNothingReachesWhoMayNotSeeIt(t *testing.T) {
	s := prepare(t)
	v := newSurvey(t, s)
	almighty := dossier.Principal{Name: "x", Role: dossier.RoleAdministrator, Clear: true, Deposit: true, Erase: true}
	answered := map[string]bool{}
	for _, r := range v.routes(t) {
		switch {
		case r.right == access.Anyone:
			if !slices.Contains(openToAnyone, r.method+" "+r.path) {
				t.Errorf("%s %s is open to anyone", r.method, r.path)
			}
			continue
		case !access.May(almighty, r.right):
			t.Errorf("%s %s asks for the right %q, which nobody has", r.method, r.path, r.right)
			continue
		}
		paths, ofRecord := v.paths(r)
		for _, path := range paths {
			status, told := v.ask(t, r, path, [2]string{"X-Nobody", "yes"})
			if secret := v.leak(path, told); status != http.StatusUnauthorized || secret != "" {
				t.Errorf("%s %s answers nobody with %d and tells %q", r.method, path, status, secret)
			}
			for _, a := range v.all {
				status, told := v.ask(t, r, path, a.header)
				if fault := a.fault(r, ofRecord, status); fault != "" {
					t.Errorf("%s %s answers %s, who %s, with %d", r.method, path, a.who.Name, fault, status)
				}
				secret := v.leak(path, told)
				if secret != "" && !(a.sees && access.May(a.who, r.right)) {
					t.Errorf("%s %s tells %s %q", r.method, path, a.who.Name, secret)
				}
				answered[r.operation] = answered[r.operation] || status < 300
			}
		}
	}
	for _, r := range v.routes(t) {
		if r.operation != "" && r.operation != "upload" && !answered[r.operation] {
			t.Errorf("%s was answered to nobody: give the test what it is asked with", r.operation)
		}
	}
	if _, err := s.catalog.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// zipped is the layout.json.gz of a page.
func zipped(t *testing.T, page dossier.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	must(t, json.NewEncoder(z).Encode(page))
	must(t, z.Close())
	return b.Bytes()
}

func bodyOf(r route) string {
	if r.method == http.MethodGet {
		return ""
	}
	if body, ok := bodies[r.operation]; ok {
		return body
	}
	return "{}"
}

func asInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
