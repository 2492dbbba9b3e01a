package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// route is one that may be asked.
type route struct {
	method, path string // path as http.ServeMux has it
	right        access.Right
	operation    string // its id in the API; method and path of any other
}

// ofPages reports whether people are shown it: it is sent forms, and leads nobody to the login.
func (r route) ofPages() bool {
	for _, programs := range []string{"/api/", "/iiif/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(r.path, programs) {
			return false
		}
	}
	return true
}

// routes are all that are mounted. What those of the API ask for stands in its description: one that is not in there fails.
func (v *survey) routes(t *testing.T) []route {
	t.Helper()
	operations := v.operations(t)
	var all []route
	for _, r := range v.mounted {
		method, path, found := strings.Cut(r.Pattern, " ")
		if !found {
			method, path = http.MethodGet, r.Pattern
		}
		next := route{method, path, r.Right, method + " " + path}
		name := method + " " + strings.Replace(path, "...}", "}", 1)
		if o, found := operations[name]; found {
			next.operation, next.right = o.OperationID, o.Right
			delete(operations, name)
		}
		if !slices.Contains(all, next) {
			all = append(all, next)
		}
	}
	for name := range operations {
		t.Errorf("%s is described, and not there", name)
	}
	return all
}

type operation struct {
	OperationID string       `json:"operationId"`
	Right       access.Right `json:"x-right"`
}

// operations reads those of the API out of its own description, by method and path.
func (v *survey) operations(t *testing.T) map[string]operation {
	t.Helper()
	_, text := v.ask(t, route{method: http.MethodGet, path: "/api/"}, "/api/v1/openapi.json", [2]string{"Accept", "application/json"})
	var description struct {
		Paths map[string]map[string]operation
	}
	must(t, json.NewDecoder(strings.NewReader(text)).Decode(&description))
	all := map[string]operation{}
	for path, methods := range description.Paths {
		for method, o := range methods {
			all[strings.ToUpper(method)+" "+path] = o
		}
	}
	return all
}

// openToAnyone are the only routes that need nobody, each with the reason.
var openToAnyone = map[string]string{
	"GET /healthz":                       "who restarts dossierd has no token",
	"GET /readyz":                        "the same",
	"GET /metrics":                       "Prometheus asks in the house's own network; there are counts of stations in it and nothing of records",
	"GET /api/v1/docs":                   "the API's description is the same in all houses",
	"GET /api/v1/docs.css":               "the same",
	"GET /api/v1/openapi.json":           "the same",
	"GET /api/v1/openapi.yaml":           "the same",
	"GET /api/v1/openapi-3.0.json":       "the same",
	"GET /api/v1/openapi-3.0.yaml":       "the same",
	"OPTIONS /iiif/":                     "a browser asks before it sends a token",
	"GET /iiif/":                         "says that nothing is there",
	"GET /":                              "the same",
	"GET /assets/":                       "style and scripts of the page of logging in",
	"GET /login":                         "logging in",
	"POST /login":                        "the same",
	"GET /login/provider":                "the same",
	"GET /login/callback":                "the same",
	"POST /logout":                       "who is somebody no more must be rid of the cookie",
	"GET " + access.LinkPath + "{link}":  "the address is the secret",
	"POST " + access.LinkPath + "{link}": "the same",
	"POST /settings":                     "language and appearance of the page of logging in",
}

// forSome are pages that refuse some who have their right and see the record, with the reason.
var forSome = map[string]string{
	"POST /account":                 "a token has no password",
	"POST /search/saved":            "and keeps no searches",
	"GET /search.csv":               "who may report and not search",
	"GET /dossiers/{code}/alto.zip": "there is an identity paper in it",
	"GET /admin/audit":              "it tells of all records",
	"POST /admin/health":            "the machine is all departments'",
	"POST /admin/audit/verify":      "the same",
	"POST /deliveries/test":         "it goes to who is told of all records",
	"POST /deliveries/on":           "the same",
	"POST /deliveries/now":          "the same",
	"POST /admin/users":             "nobody gives more than is seen",
	"POST /admin/users/{name}":      "the same",
	"POST /admin/users/{name}/link": "the same",
}

// refusedHere are routes that nobody is answered by in this test: it has no file, no password, and no kind with a field.
var refusedHere = []string{"upload", "POST /account", "POST /dossiers/{code}/fields"}

// ask returns the status, 401 where a browser is sent to log in, and all that the answer tells.
func (v *survey) ask(t *testing.T, r route, path string, header [2]string) (status int, told string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, r.method, v.url+path, strings.NewReader(v.body(r)))
	must(t, err)
	req.Header.Set("Content-Type", "application/json")
	if r.ofPages() {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set(header[0], header[1])
	if r.operation == "decide" {
		req.Header.Set("If-Match", `"1"`)
	}
	resp, err := v.client.Do(req)
	must(t, err)
	defer resp.Body.Close()
	body, err := allOf(resp)
	if err != nil {
		t.Fatalf("%s %s: %v", r.method, path, err)
	}
	status = resp.StatusCode
	if status >= 300 && status < 400 && strings.HasPrefix(resp.Header.Get("Location"), "/login") {
		status = http.StatusUnauthorized
	}
	return status, body + fmt.Sprint(resp.Header)
}

// allOf is an answer's body; of a stream what it sends at first.
func allOf(resp *http.Response) (string, error) {
	if resp.Header.Get("Content-Type") != "text/event-stream" {
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}
	var told strings.Builder
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		told.WriteString(lines.Text() + "\n")
		if lines.Text() == ": here" {
			return told.String(), nil
		}
	}
	return told.String(), io.ErrUnexpectedEOF
}

// fault says what is wrong with the status that somebody was answered with; "" where nothing is.
func (a asker) fault(r route, path string, ofRecord bool, status int) string {
	may := access.May(a.who, r.right)
	personal := strings.Contains(path, keptDeposit+"-3") && !a.who.Clear
	switch {
	case status >= http.StatusInternalServerError:
		return "is told of a fault"
	case status == http.StatusUnauthorized:
		return "is known, and taken for nobody"
	case !may && status != http.StatusForbidden:
		return "has not the right " + string(r.right)
	case may && !a.sees && ofRecord && status != http.StatusNotFound && status != http.StatusUnprocessableEntity:
		return "does not see the record"
	case may && a.sees && status == http.StatusNotFound && !personal:
		return "sees the record"
	case may && a.sees && status == http.StatusForbidden && r.ofPages() && forSome[r.operation] == "":
		return "has the right " + string(r.right)
	}
	return ""
}

// leak is what an answer tells somebody that it must not; "" for nothing. What was asked with was known before.
func (v *survey) leak(r route, path, told string, sees, clear bool) string {
	known := path + v.body(r)
	if strings.HasPrefix(r.path, "/admin/users") {
		known += keptDepartment + keptStation // what users see is no secret of administrators'
	}
	for _, secret := range hidden(v.code) {
		if !sees && strings.Contains(told, secret) && !strings.Contains(known, secret) {
			return secret
		}
	}
	if !(sees && clear) && strings.Contains(told, keptPersonal) {
		return keptPersonal
	}
	return ""
}

// kept is the record and what lies beside it as they are now.
func (v *survey) kept(t *testing.T) string {
	t.Helper()
	record, err := v.catalog.Record(t.Context(), v.code, catalog.Everything())
	must(t, err)
	refused, err := v.catalog.Deposit(t.Context(), keptRefused)
	must(t, err)
	waiting, err := v.catalog.Waiting(t.Context(), catalog.Everything())
	must(t, err)
	deliveries, err := v.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{Subject: v.code})
	must(t, err)
	text, err := json.Marshal([]any{record, refused, waiting, deliveries})
	must(t, err)
	return string(text)
}

// refuseAgain has the refused file refused and of concern, whatever was done about it before.
func (v *survey) refuseAgain(t *testing.T) {
	t.Helper()
	_, err := v.catalog.Requeue(t.Context(), dossier.Principal{Scope: catalog.Everything()}, []string{keptRefused}, nil)
	must(t, err)
	must(t, v.catalog.Reject(t.Context(), keptRefused, dossier.Reject(dossier.CodeDamaged, ""), ""))
}

// askNobody asks as who is nobody.
func (v *survey) askNobody(t *testing.T, r route, path string) {
	t.Helper()
	status, told := v.ask(t, r, path, [2]string{"X-Nobody", "yes"})
	if secret := v.leak(r, path, told, false, false); secret != "" {
		t.Errorf("%s %s tells nobody %q", r.method, path, secret)
	}
	want := http.StatusUnauthorized
	switch {
	case r.right == access.Anyone:
		return
	case r.ofPages() && r.method != http.MethodGet:
		want = http.StatusForbidden
	}
	if status != want {
		t.Errorf("%s %s answers nobody with %d", r.method, path, status)
	}
}

// askAll asks as everybody, and reports whether somebody was answered.
func (v *survey) askAll(t *testing.T, r route, path string, ofRecord bool) (answered bool) {
	t.Helper()
	v.refuseAgain(t)
	before := v.kept(t)
	untouched := true
	for _, a := range v.all {
		if a.sees && untouched {
			if after := v.kept(t); after != before {
				t.Errorf("%s %s lets the record be changed by who does not see it:\n%s\n%s", r.method, path, before, after)
			}
			untouched = false
		}
		status, told := v.ask(t, r, path, a.header)
		if fault := a.fault(r, path, ofRecord, status); fault != "" {
			t.Errorf("%s %s answers %s, who %s, with %d", r.method, path, a.who.Name, fault, status)
		}
		if secret := v.leak(r, path, told, a.sees && access.May(a.who, r.right), a.who.Clear); secret != "" {
			t.Errorf("%s %s tells %s %q", r.method, path, a.who.Name, secret)
		}
		if strings.Contains(told, keptPersonal) && !strings.Contains(told, "Cache-Control:[no-store]") {
			t.Errorf("%s %s lets a browser keep what is personal", r.method, path)
		}
		answered = answered || status < 400 || status == http.StatusConflict // it has just been decided about
	}
	return answered
}

// TestNothingReachesWhoMayNotSeeIt asks every route there is, as everybody and as nobody. A new route is asked by itself; one that names
// no right, or is open to anyone and not listed above, fails.
func TestNothingReachesWhoMayNotSeeIt(t *testing.T) {
	s := prepare(t)
	v := newSurvey(t, s)
	almighty := dossier.Principal{Name: "x", Role: dossier.RoleAdministrator, Clear: true, Deposit: true, Erase: true}
	for _, r := range v.routes(t) {
		switch {
		case r.right == access.Anyone && openToAnyone[r.method+" "+r.path] == "":
			t.Errorf("%s %s is open to anyone", r.method, r.path)
		case !access.May(almighty, r.right):
			t.Errorf("%s %s asks for the right %q, which nobody has", r.method, r.path, r.right)
			continue
		}
		paths, ofRecord := v.paths(r)
		answered := r.right == access.Anyone || slices.Contains(refusedHere, r.operation)
		for _, path := range paths {
			v.askNobody(t, r, path)
			if r.right != access.Anyone {
				answered = v.askAll(t, r, path, ofRecord) || answered
			}
		}
		if !answered {
			t.Errorf("%s was answered to nobody: give the test what it is asked with", r.operation)
		}
	}
	if _, err := s.catalog.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRoutesAreMountedWhereTheyAreListed holds the survey above to what is there: a mux of one's own would hide its routes from it.
func TestRoutesAreMountedWhereTheyAreListed(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, _ os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") || path == filepath.Join("access", "mux.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if regexp.MustCompile(`http\.(NewServeMux|Handle|HandleFunc)\(|[&(*]http\.ServeMux\b`).Match(text) {
			t.Errorf("%s has routes that access.Mux does not list", path)
		}
		return err
	})
	must(t, err)
}
