package pages

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func TestNothingTellsThatTheSamePaperLiesElsewhere(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "elsewhere", "quay-1", "đơn xin")
	h.publishCopy(t, "d2", "elsewhere", "quay-2", "đơn xin")
	h.put(t, "pages/elsewhere-1/thumb.jpg", "jpeg")
	own := dossier.Scope{Stations: []string{"quay-2"}}
	w := h.getSeeing(t, dossier.RoleArchivist, own, "/search?q=don")
	says(t, w, http.StatusOK, `src="/pages/d2-1/thumb.jpg"`)
	saysNot(t, w, "elsewhere")
	w = h.getSeeing(t, dossier.RoleArchivist, own, "/pages/d2-1/thumb.jpg")
	if says(t, w, http.StatusOK, "jpeg"); w.Header().Get("Content-Type") != "image/jpeg" {
		t.Errorf("%v", w.Header())
	}
}

// publish publishes a dossier of one paper, with what its pages say.
func (h *house) publish(t *testing.T, id, station string, texts ...string) (code string) {
	t.Helper()
	return h.publishCopy(t, id, id, station, texts...)
}

// publishCopy is publish for a deposit that has the bytes of another, which was read before.
func (h *house) publishCopy(t *testing.T, id, of, station string, texts ...string) (code string) {
	t.Helper()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := h.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: id, Station: station, Department: "so-tu-phap", Name: "a.pdf", SHA256: "sha-" + id, Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, h.catalog.Split(t.Context(), catalog.Split{DepositID: id, Pages: len(texts)}))
	var doc catalog.PlanDocument
	found := catalog.SearchDocument{Kind: "vi-application", Title: "Đơn"}
	for n, text := range texts {
		page, artifact := fmt.Sprintf("%s-%d", id, n+1), fmt.Sprintf("%s-%d", of, n+1)
		must(t, h.catalog.PageDone(t.Context(), catalog.PageDone{PageID: page, ArtifactID: artifact}))
		doc.Pages = append(doc.Pages, page)
		found.Pages = append(found.Pages, catalog.SearchPage{ID: page, ArtifactID: artifact, Text: text, Language: "vie", Confidence: .9})
	}
	versions, err := h.catalog.Reserve(t.Context(), id, []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	code = versions[0].Dossier.Code
	must(t, h.catalog.Publish(t.Context(), catalog.Published{Revision: id, Versions: []catalog.PublishedVersion{{
		Code: code, Number: 1, Pages: len(texts), Complete: catalog.CompleteUnknown, Search: []catalog.SearchDocument{found},
		Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{Dossier: &dossier.DossierFacts{Code: code, Version: 1}}}},
	}}}))
	return code
}

func TestAQuestionIsNarrowedAndWidenedByItsFilters(t *testing.T) {
	for _, c := range []struct {
		asked, want string
		change      func(asked) asked
	}{
		{"hòa", "hòa from:2026-01-01 to:2026-12-31", func(a asked) asked { return a.inYear("2026") }},
		{"hòa from:2024 station:q", "hòa station:q", func(a asked) asked { return a.between("", "") }},
		{"hòa from:2024", "hòa from:2025-02-03", func(a asked) asked { return a.between("2025-02-03", "nonsense") }},
		{"hòa station:q,r kind:x", "hòa kind:x", func(a asked) asked { return a.narrowed("station") }},
		{"(hòa OR hoa) station:q", "hòa OR hoa", func(a asked) asked { return a.bare() }},
		{"station:q", "", func(a asked) asked { return a.bare() }},
	} {
		a, err := askedOf(url.Values{"q": {c.asked}})
		must(t, err)
		if got := c.change(a).Text; got != c.want {
			t.Errorf("%s becomes %q, want %q", c.asked, got, c.want)
		}
	}
	a, err := askedOf(url.Values{"q": {"x from:2026 to:2026"}})
	must(t, err)
	if a.year() != "2026" {
		t.Errorf("year %q", a.year())
	}
}

func TestAFoundPageIsShownLitAndLedTo(t *testing.T) {
	h := newHouse(t)
	code := h.publish(t, "d1", "quay-1", "mở đầu", "Nguyễn Thị Hòa xin ly hôn")
	w := h.get(t, dossier.RoleArchivist, "/search?q=hoa+h%C3%B4n")
	body := w.Body.String()
	for _, want := range []string{
		`<mark class="folded">Hòa</mark>`, `<mark class="exact">hôn</mark>`, `href="/dossiers/` + code + `?page=2&amp;q=hoa&#43;h%C3%B4n"`,
		`src="/pages/d1-2/thumb.jpg"`, `<p class="found-total" role="status">1 page</p>`, `lang="vi"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("no %s in\n%s", want, body)
		}
	}
}

func TestAFaultyQuestionIsToldHowToAskInstead(t *testing.T) {
	w := newHouse(t).get(t, dossier.RoleArchivist, "/search?q=a*", "Accept-Language", "fr")
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), "au moins deux lettres") ||
		!strings.Contains(w.Body.String(), `value="a*"`) {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

func TestMoreResultsComeAsAPieceOrAsAPage(t *testing.T) {
	h := newHouse(t)
	texts := make([]string, 2*hitsAtOnce+5)
	for i := range texts {
		texts[i] = fmt.Sprintf("đơn xin số %d", i)
	}
	h.publish(t, "d1", "quay-1", texts...)
	seen := map[string]bool{}
	path := "/search?q=don"
	next := regexp.MustCompile(`hx-get="([^"]*)"`)
	linked := regexp.MustCompile(`class="hit-link" href="([^"]*)"`)
	for n := range 3 {
		w := h.get(t, dossier.RoleArchivist, path, "HX-Request", "true")
		body := w.Body.String()
		if whole := strings.Contains(body, "<html"); whole != (n == 0) {
			t.Errorf("answer %d is a whole page: %v", n, whole)
		}
		if w := h.get(t, dossier.RoleArchivist, path); !strings.Contains(w.Body.String(), "<html") {
			t.Error("without htmx it is no page")
		}
		for _, m := range linked.FindAllStringSubmatch(body, -1) {
			if seen[m[1]] {
				t.Errorf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		m := next.FindStringSubmatch(body)
		if (m == nil) != (n == 2) {
			t.Fatalf("answer %d leads on: %q", n, m)
		}
		if m != nil {
			path = strings.ReplaceAll(strings.ReplaceAll(m[1], "&amp;", "&"), "&#43;", "+")
		}
	}
	if len(seen) != len(texts) {
		t.Errorf("%d pages seen", len(seen))
	}
}

func TestAnOldAddressKeepsItsQuestion(t *testing.T) {
	w := newHouse(t).get(t, dossier.RoleArchivist, "/search?q=don&after=nonsense")
	if got := w.Header().Get("Location"); got != "/search?q=don" {
		t.Errorf("%d, leads to %s", w.Code, got)
	}
	w = newHouse(t).get(t, dossier.RoleArchivist, "/search?q=don&after=nonsense", "HX-Request", "true")
	if w.Code != http.StatusOK || w.Header().Get("HX-Redirect") != "/search?q=don" || w.Body.Len() > 0 {
		t.Errorf("as a piece: %d to %q", w.Code, w.Header().Get("HX-Redirect"))
	}
}

func TestResultsAreTakenAwayForSpreadsheets(t *testing.T) {
	h := newHouse(t)
	texts := make([]string, 450)
	for i := range texts {
		texts[i] = fmt.Sprintf("=1+%d đơn xin", i)
	}
	code := h.publish(t, "d1", "quay-1", texts...)
	w := h.get(t, dossier.RoleArchivist, "/search.csv?q=don")
	text, marked := strings.CutPrefix(w.Body.String(), "\ufeff")
	reader := csv.NewReader(strings.NewReader(text))
	reader.FieldsPerRecord = -1
	rows, err := reader.ReadAll()
	must(t, err)
	if !marked || len(rows) != 452 || rows[0][0] != "Dossier" || rows[1][0] != code || rows[451][0] != "End of the list: 450 pages" {
		t.Fatalf("%d rows, %q ... %q", len(rows), rows[:2], rows[len(rows)-1])
	}
	if excerpt := rows[1][11]; !strings.HasPrefix(excerpt, "'=1+") {
		t.Errorf("a spreadsheet would compute %q", excerpt)
	}
	for _, role := range []dossier.UserRole{dossier.RoleClerk, dossier.RoleOperator} {
		if w := h.get(t, role, "/search.csv?q=don"); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", role, w.Code)
		}
	}
}

func TestSearchesAndExportsStandInTheAuditLogWithoutIdentityNumbers(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "d1", "quay-1", "đơn xin")
	h.get(t, dossier.RoleArchivist, "/search?q=don+001200012345")
	h.get(t, dossier.RoleArchivist, "/search.csv?q=don+001200012345")
	entries, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{Limit: 100})
	must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, string(e.Action))
		if e.Who != "lan" || strings.Contains(string(e.Details), "001200012345") || !strings.Contains(string(e.Details), "don") {
			t.Errorf("%+v", e)
		}
	}
	slices.Sort(got)
	if want := []string{string(catalog.ActionExport), string(catalog.ActionSearch)}; !slices.Equal(got, want) {
		t.Errorf("logged %q", got)
	}
}

func TestTheNameOfASavedSearchIsCutAfterItsIdentityNumbersAreMasked(t *testing.T) {
	h := newHouse(t)
	must(t, h.catalog.AddUser(t.Context(), catalog.User{Name: "lan", Role: dossier.RoleArchivist, All: true}, dossier.Principal{}))
	lan := dossier.Principal{Kind: dossier.KindUser, Name: "lan", Role: dossier.RoleArchivist, Scope: dossier.Scope{All: true}}
	form := url.Values{"q": {"don"}, "name": {strings.Repeat("ơ", longestName-8) + " 001200012345"}}.Encode()
	r := httptest.NewRequestWithContext(access.With(t.Context(), lan), http.MethodPost, "/search/saved", strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := h.serve(r)
	saved, err := h.catalog.SavedSearches(t.Context(), "lan")
	if err != nil || len(saved) != 1 || strings.Contains(saved[0].Name, "00120") || utf8.RuneCountInString(saved[0].Name) > longestName {
		t.Errorf("%d: %+v, %v", w.Code, saved, err)
	}
}

func TestASmallPictureIsOnlyForWhoSeesThePage(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "d1", "quay-1", "đơn xin")
	w := h.get(t, dossier.RoleArchivist, "/pages/d1-1/thumb.jpg")
	if w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("a page without a picture: %d %v", w.Code, w.Header())
	}
	h.put(t, "pages/d1-1/thumb.jpg", "jpeg")
	w = h.get(t, dossier.RoleArchivist, "/pages/d1-1/thumb.jpg")
	if w.Code != http.StatusOK || w.Body.String() != "jpeg" || w.Header().Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := h.getAs(t, dossier.Principal{Name: "mai", Role: dossier.RoleArchivist, Scope: dossier.Scope{Departments: []string{"other"}}},
		"/pages/d1-1/thumb.jpg"); w.Code != http.StatusNotFound {
		t.Errorf("another department: %d", w.Code)
	}
}
