package pages

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// archive is all pages over a catalogue with one dossier: three pages of two papers, the second page an identity paper.
type archive struct {
	pages   http.Handler
	catalog *catalog.Catalog
	store   storage.Store
	code    string
}

const fieldOnPage1 = `{"name": "issued_on", "type": "date", "value": "2024-01-05", "raw": "5/1/2024", "page": 1, "box": [72, 36, 144, 54], "confidence": 0.5, "warnings": ["unsure"]}`

// layouts are what was read on the pages of the archive.
type layouts struct{}

func (layouts) ReadPage(context.Context, string) (*dossier.Page, error) {
	line := dossier.Line{Baseline: 50, Size: 20, Words: []dossier.Word{
		{Text: "LY", Box: dossier.Box{X0: 10, Y0: 30, X1: 40, Y1: 50}, Confidence: .9}, {Text: "<HÔN>", Box: dossier.Box{X0: 50, Y0: 30, X1: 90, Y1: 50}, Confidence: .4},
	}}
	layout := dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}}}
	return &dossier.Page{Width: 1654, Height: 2339, DPI: 200, Language: "vie", Layout: layout}, nil
}

func (layouts) FieldTitle(_, field, _ string) string { return field }

func newArchive(t *testing.T) *archive {
	t.Helper()
	store, err := fs.Open(t.TempDir())
	must(t, err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	c, err := catalog.Open(t.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(t.TempDir(), "catalogue.db")}, log)
	must(t, err)
	t.Cleanup(func() { must(t, c.Close()) })
	gate, err := access.New(access.Config{}, c, log)
	must(t, err)
	a := &archive{catalog: c, store: store}
	a.pages = New(Config{Language: "en", Location: time.UTC, Papers: layouts{}, Office: func() office.Office {
		return office.Office{Kinds: []office.Kind{{Name: "form", Fields: []string{"issued_on", "place"}}}}
	}}, gate, store, c, log)
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err = c.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: strings.Repeat("ab", 32), Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, c.Split(t.Context(), catalog.Split{DepositID: "d1", Pages: 3}))
	for n := 1; n <= 3; n++ {
		id := fmt.Sprintf("d1-%d", n)
		must(t, c.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id, Personal: n == 2}))
	}
	plan := catalog.Plan{Documents: []catalog.PlanDocument{{Pages: []string{"d1-1", "d1-2"}}, {Pages: []string{"d1-3"}}}}
	versions, err := c.Reserve(t.Context(), "d1", []catalog.Part{{Plan: plan}})
	must(t, err)
	a.code = versions[0].Dossier.Code
	a.publish(t, "d1", versions)
	return a
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// publish stores the metadata of versions as the pipeline does, and publishes them.
func (a *archive) publish(t *testing.T, revision string, versions []catalog.Version) {
	t.Helper()
	p := catalog.Published{Revision: revision}
	for _, v := range versions {
		var pages, documents []string
		first := 1
		for i, d := range v.Plan.Documents {
			fields := ""
			if i == 0 {
				fields = fieldOnPage1
			}
			documents = append(documents, fmt.Sprintf(`{"first_page": %d, "last_page": %d, "kind": "form", "title": "Đơn", "confidence": 0.9, "fields": [%s]}`,
				first, first+len(d.Pages)-1, fields))
			first += len(d.Pages)
			for _, id := range d.Pages {
				pages = append(pages, fmt.Sprintf(`{"id": %q, "width": 1654, "height": 2339, "dpi": 200, "image": {"format": "jpeg"}}`, id))
			}
		}
		text := fmt.Sprintf(`{"dossier": {}, "deposits": [{"name": "a.pdf", "sha256": %q, "bytes": 1}], "documents": [%s], "pages": [%s]}`,
			strings.Repeat("ab", 32), strings.Join(documents, ", "), strings.Join(pages, ", "))
		d := v.Dossier
		sum := sha256.Sum256([]byte(text))
		key := storage.DossierKey(d.Department, d.Year, d.Code, v.Number, "metadata.json")
		must(t, a.store.Put(t.Context(), key, strings.NewReader(text), storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(text))}))
		p.Versions = append(p.Versions, catalog.PublishedVersion{
			Code: d.Code, Number: v.Number, Pages: v.Plan.Pages(), Complete: catalog.CompleteUnknown,
			Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{Dossier: &dossier.DossierFacts{Code: d.Code, Version: v.Number}}}},
		})
	}
	must(t, a.catalog.Publish(t.Context(), p))
}

// as visits a page, with a form where that is not "".
func (a *archive) as(t *testing.T, who dossier.Principal, path, form string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	if form != "" {
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", who.Language)
	who.Kind = dossier.KindToken
	w := httptest.NewRecorder()
	a.pages.ServeHTTP(w, r.WithContext(access.With(r.Context(), who)))
	return w
}

func (a *archive) path() string { return "/dossiers/" + url.PathEscape(a.code) }

func clerkOf(station string) dossier.Principal {
	return dossier.Principal{Name: "lan", Role: dossier.RoleClerk, Scope: dossier.Scope{Stations: []string{station}}}
}

func TestADossierIsShownToWhoSeesItOnly(t *testing.T) {
	a := newArchive(t)
	for _, path := range []string{a.path(), a.path() + "/compare", a.path() + "/layer/1", a.path() + "/alto.zip", a.path() + "/making", a.path() + "/whole?do=withdraw"} {
		if w := a.as(t, clerkOf("quay-2"), path, ""); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "Đơn") {
			t.Errorf("%s: a clerk of another station: %d", path, w.Code)
		}
		if w := a.as(t, dossier.Principal{}, path, ""); w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/login") {
			t.Errorf("%s: nobody: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/decisions", "/fields", "/state", "/place", "/whole"} {
		if w := a.as(t, clerkOf("quay-2"), a.path()+path, "version=1&do="+map[bool]string{true: "withdraw", false: "cut"}[path == "/whole"]+"&pages=2&state=returned&place=x&page=1"); w.Code != http.StatusNotFound {
			t.Errorf("%s: a clerk of another station: %d", path, w.Code)
		}
		if w := a.as(t, dossier.Principal{Name: "op", Role: dossier.RoleOperator, Scope: dossier.Scope{All: true}}, a.path()+path, "version=1"); w.Code != http.StatusForbidden {
			t.Errorf("%s: an operator: %d", path, w.Code)
		}
	}
	if w := a.as(t, clerkOf("quay-1"), a.path(), ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Đơn") {
		t.Errorf("a clerk of the station: %d %s", w.Code, w.Body)
	}
}

func TestAnIdentityPaperIsForThoseWhoMayReadWhatIsPersonal(t *testing.T) {
	a := newArchive(t)
	who := clerkOf("quay-1")
	body := a.as(t, who, a.path()+"?page=2", "").Body.String()
	if strings.Contains(body, "/iiif/image/d1-2") || !strings.Contains(body, say("en", "page.personal.text")) || strings.Contains(body, "dossier.pdf") {
		t.Errorf("without the right: %s", body)
	}
	for _, path := range []string{"/layer/2", "/alto.zip"} {
		if w := a.as(t, who, a.path()+path, ""); w.Code == http.StatusOK {
			t.Errorf("%s without the right: %d", path, w.Code)
		}
	}
	who.Clear = true
	body = a.as(t, who, a.path()+"?page=2", "").Body.String()
	if !strings.Contains(body, "/iiif/image/d1-2/full/") || !strings.Contains(body, "&lt;HÔN&gt;") || !strings.Contains(body, "dossier.pdf") {
		t.Errorf("with it: %s", body)
	}
	log, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionPersonal})
	if err != nil || len(log) != 1 || log[0].Subject != "pages/d1-2/layout.json.gz" || log[0].Who != "lan" {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestWhoWaitsOrWritesHasReadNothingPersonal(t *testing.T) {
	a := newArchive(t)
	d, err := a.catalog.Dossier(t.Context(), a.code)
	must(t, err)
	key := storage.DossierKey(d.Department, d.Year, d.Code, 1, "private.json")
	sum := sha256.Sum256([]byte("{}"))
	must(t, a.store.Put(t.Context(), key, strings.NewReader("{}"), storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: 2}))
	who := clerkOf("quay-1")
	who.Clear = true
	read := func() int {
		log, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionPersonal})
		must(t, err)
		return len(log)
	}
	for _, step := range []struct{ path, form string }{{"/making", ""}, {"/place", "place=x"}, {"/state", "state=transferred"}} {
		if w := a.as(t, who, a.path()+step.path, step.form); w.Code >= http.StatusBadRequest {
			t.Errorf("%s: %d %s", step.path, w.Code, w.Body)
		}
		if n := read(); n != 0 {
			t.Errorf("%s: %d reads of what is personal", step.path, n)
		}
	}
	if a.as(t, who, a.path(), ""); read() == 0 {
		t.Error("the page of the dossier tells of none")
	}
}

// slowLayouts take a while for each page, as those of large papers do.
type slowLayouts struct{ layouts }

func (s slowLayouts) ReadPage(ctx context.Context, artifactID string) (*dossier.Page, error) {
	time.Sleep(100 * time.Millisecond)
	return s.layouts.ReadPage(ctx, artifactID)
}

func TestAnArchiveMayTakeLongerThanOtherAnswers(t *testing.T) {
	a := newArchive(t)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	gate, err := access.New(access.Config{}, a.catalog, log)
	must(t, err)
	pages := New(Config{Language: "en", Papers: slowLayouts{}}, gate, a.store, a.catalog, log)
	who := clerkOf("quay-1")
	who.Kind, who.Clear = dossier.KindToken, true
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		pages.ServeHTTP(w, r.WithContext(access.With(r.Context(), who)))
	}))
	server.Config.WriteTimeout = 200 * time.Millisecond
	server.Start()
	defer server.Close()
	resp, err := server.Client().Get(server.URL + a.path() + "/alto.zip")
	must(t, err)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	must(t, err)
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(z.File) != 3 {
		t.Errorf("%d bytes, %v", len(data), err)
	}
}

func TestEveryLookIsInTheAuditLog(t *testing.T) {
	a := newArchive(t)
	for _, path := range []string{"", "/layer/3", "/compare"} {
		a.as(t, clerkOf("quay-1"), a.path()+path, "")
	}
	log, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionView, Subject: a.code})
	if err != nil || len(log) != 4 || string(log[2].Details) != `{"version":1,"page":3}` { // comparing is two looks
		t.Errorf("%+v, %v", log, err)
	}
}

func TestALookByWayOfARefusedFormIsInTheAuditLogToo(t *testing.T) {
	a := newArchive(t)
	if w := a.as(t, clerkOf("quay-1"), a.path()+"/decisions", "version=1&do=nothing"); !strings.Contains(w.Body.String(), "Đơn") {
		t.Fatalf("%d", w.Code)
	}
	log, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionView, Subject: a.code})
	if err != nil || len(log) != 1 {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestAQuestionThatIsLaidOverAPageIsInTheAuditLog(t *testing.T) {
	a := newArchive(t)
	a.as(t, clerkOf("quay-1"), a.path()+"/layer/1?q=ly+001200012345", "")
	log, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionSearch, Subject: a.code})
	if err != nil || len(log) != 1 || !strings.Contains(string(log[0].Details), "ly") || strings.Contains(string(log[0].Details), "001200012345") {
		t.Errorf("%+v, %v", log, err)
	}
}

func TestAFieldIsBoxedInPixelsOfThePage(t *testing.T) {
	a := newArchive(t)
	body := a.as(t, clerkOf("quay-1"), a.path()+"/layer/1", "").Body.String()
	if !strings.Contains(body, `viewBox="0 0 1654 2339"`) || !strings.Contains(body, `data-box="1" x="200" y="100" width="200" height="50"`) {
		t.Error(body)
	}
}

func TestFieldsOfTheKindThatWereNotReadCanBeAdded(t *testing.T) {
	a := newArchive(t)
	w := a.as(t, clerkOf("quay-1"), a.path(), "")
	says(t, w, http.StatusOK, `<select id="add-field-1" name="field"><option value="place">place</option></select>`, `<option value="issued_on">issued on</option><option value="place">`)
	saysNot(t, w, `id="add-page-1"`) // the other page is not the clerk's to see
	who := clerkOf("quay-1")
	who.Clear = true
	says(t, a.as(t, who, a.path()+"?page=2", ""), http.StatusOK, `<option value="1">Page 1</option><option value="2" selected>Page 2</option>`)
	if w := a.as(t, clerkOf("quay-1"), a.path()+"/decisions", "version=1&do=cut&pages=2"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d", w.Code)
	}
	a.make(t, a.code)
	says(t, a.as(t, who, a.path()+"?version=1", ""), http.StatusOK, "issued on")
	saysNot(t, a.as(t, who, a.path()+"?version=1", ""), "data-place")
	saysNot(t, a.as(t, clerkOf("quay-1"), a.path(), ""), `id="add-field-2"`) // a paper of which nothing may be seen
	says(t, a.as(t, who, a.path(), ""), http.StatusOK, `id="add-field-2"`)
}

func TestWhatIsNotDoneIsSaidInPlainWords(t *testing.T) {
	a := newArchive(t)
	who := clerkOf("quay-1")
	post := func(path, form string) *httptest.ResponseRecorder { return a.as(t, who, a.path()+path, form) }
	for _, c := range []struct {
		path, form, says string
		status           int
	}{
		{"/decisions", "version=1&do=cut&pages=2&pages=3", "decide.one-page", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=cut&pages=3", "decide.misfit.cut", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=join&pages=2", "decide.misfit.join", http.StatusUnprocessableEntity},
		{"/fields", "version=1&page=1&field=place&value=x&box=1+2+3", "decide.form", http.StatusUnprocessableEntity},
		{"/fields", "version=1&page=1&field=place&value=x&box=a+b+c+d", "decide.form", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=move&before=1", "decide.some-pages", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=arrange&documents=[[1]]", "decide.misfit.arrange", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=restore&left_out=d1-1", "decide.misfit.restore", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=withdraw&reason=x", "decide.form", http.StatusUnprocessableEntity},
		{"/decisions", "version=1&do=erase&reason=x", "decide.form", http.StatusUnprocessableEntity},
		{"/whole", "version=1&do=withdraw", "decide.reason", http.StatusUnprocessableEntity},
		{"/whole", "version=1&do=join", "whole.which", http.StatusUnprocessableEntity},
		{"/decisions", "version=7&do=cut&pages=2", "decide.stale", http.StatusPreconditionFailed},
		{"/place", "place=" + strings.Repeat("x", 201), "decide.place-long", http.StatusUnprocessableEntity},
	} {
		for _, lang := range languages {
			who.Language = lang
			w := post(c.path, c.form)
			if want := strings.ReplaceAll(say(lang, c.says), "'", "&#39;"); w.Code != c.status || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s in %s: %d, without %q", c.form, lang, w.Code, want)
			}
		}
	}
}

func TestADecisionMeetsOneThatIsJustBeingCarriedOut(t *testing.T) {
	a := newArchive(t)
	w := a.as(t, clerkOf("quay-1"), a.path()+"/decisions", "version=1&do=cut&pages=2")
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != a.path()+"?after=2&page=2" {
		t.Fatalf("%d to %s", w.Code, to)
	}
	if w := a.as(t, clerkOf("quay-1"), a.path()+"?after=2", ""); !strings.Contains(w.Body.String(), "Version 2 is being made") {
		t.Error(w.Body)
	}
	w = a.as(t, clerkOf("quay-1"), a.path()+"/decisions", "version=1&do=join&pages=3")
	if w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), `<input type="hidden" name="pages" value="3">`) || !strings.Contains(w.Body.String(), say("en", "decide.again")) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := a.as(t, clerkOf("quay-1"), a.path()+"/making?after=2", ""); w.Header().Get("HX-Redirect") != "" {
		t.Error("it is not made yet")
	}
	record, err := a.catalog.Record(t.Context(), a.code, catalog.Everything())
	must(t, err)
	versions, err := a.catalog.Revision(t.Context(), record.Decisions[0].ID)
	must(t, err)
	a.publish(t, record.Decisions[0].ID, versions)
	if w := a.as(t, clerkOf("quay-1"), a.path()+"/making?after=2", ""); w.Header().Get("HX-Redirect") != a.path()+"?after=2" {
		t.Errorf("%v", w.Header())
	}
	body := a.as(t, clerkOf("quay-1"), a.path()+"?after=2", "").Body.String()
	if !strings.Contains(body, "version 2 is ready") && !strings.Contains(body, "Version 2 is ready") && !strings.Contains(body, say("en", "dossier.made", 2)) {
		t.Error(body)
	}
	if !strings.Contains(body, say("en", "history.cut", 2)) {
		t.Error("the history does not tell of the cut")
	}
}

func TestWhatIsLeftOfAWithdrawnDossierIsItsHistory(t *testing.T) {
	a := newArchive(t)
	w := a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&do=withdraw&reason=filed+twice&confirm="+a.code)
	if w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w = a.as(t, clerkOf("quay-1"), a.path(), "")
	if w.Code != http.StatusGone || !strings.Contains(w.Body.String(), "filed twice") || strings.Contains(w.Body.String(), "/iiif/") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestPagesOutOfTheLargestCommonOrderWereMoved(t *testing.T) {
	letters := []string{"a", "b", "c", "d", "e", "f", "g"}
	for range 500 {
		was, is := slices.Clone(letters)[:rand.IntN(8)], slices.Clone(letters)
		rand.Shuffle(len(is), func(i, j int) { is[i], is[j] = is[j], is[i] })
		is = is[:rand.IntN(8)]
		kept := commonOrder(was, is)
		in := func(list []string) []string {
			return slices.DeleteFunc(slices.Clone(list), func(id string) bool { return !kept[id] })
		}
		if !slices.Equal(in(was), in(is)) || len(kept) != longest(was, is) {
			t.Fatalf("of %q and %q %v", was, is, kept)
		}
	}
}

// longest is the length of the longest common subsequence, by trying.
func longest(a, b []string) int {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if a[0] == b[0] {
		return 1 + longest(a[1:], b[1:])
	}
	return max(longest(a[1:], b), longest(a, b[1:]))
}

func TestPageNumbersAreListedAsPeopleDo(t *testing.T) {
	for want, pages := range map[string][]int{"": nil, "3": {3}, "1–3": {1, 2, 3}, "1, 3–4, 9": {1, 3, 4, 9}} {
		if got := pageList(pages); got != want {
			t.Errorf("%v: %q", pages, got)
		}
	}
}

func TestWordsThatFollowEachOtherAreOneRun(t *testing.T) {
	if got := fmt.Sprint(inRuns([]int{1, 2, 5, 7, 8, 9})); got != "[[1 2] [5] [7 8 9]]" {
		t.Error(got)
	}
}

func TestTheTextOfAllPagesComesInOneArchive(t *testing.T) {
	a := newArchive(t)
	who := clerkOf("quay-1")
	who.Clear = true
	w := a.as(t, who, a.path()+"/alto.zip", "")
	if w.Code != http.StatusOK || !bytes.HasPrefix(w.Body.Bytes(), []byte("PK")) || !strings.Contains(w.Body.String(), "0003.xml") {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestWithoutScriptsThePageOfADecisionLooksByItselfAndNoOtherDoes(t *testing.T) {
	a := newArchive(t)
	a.as(t, clerkOf("quay-1"), a.path()+"/decisions", "version=1&do=cut&pages=2")
	const looks = `<noscript><meta http-equiv="refresh" content="2"></noscript>`
	if body := a.as(t, clerkOf("quay-1"), a.path()+"?after=2", "").Body.String(); !strings.Contains(body, looks) {
		t.Error("who decided does not see it made")
	}
	if body := a.as(t, clerkOf("quay-1"), a.path(), "").Body.String(); !strings.Contains(body, "Version 2 is being made") || strings.Contains(body, looks) {
		t.Error("somebody else's page is drawn again under the hands")
	}
}
