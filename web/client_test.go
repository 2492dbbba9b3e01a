package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/storagetest"
	"github.com/dossierd/dossierd/web/client"
)

// client speaks to the server as the case system does.
func (s *site) client(t *testing.T) *client.ClientWithResponses {
	t.Helper()
	c, err := client.NewClientWithResponses(s.url, client.WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}))
	must(t, err)
	return c
}

func ptr[T any](v T) *T { return &v }

// takeIn records deposits d1, d2, ... of one page each, a second apart.
func (s *site) takeIn(t *testing.T, n int) {
	t.Helper()
	for i := 1; i <= n; i++ {
		at := time.Date(2026, 1, i, 12, 0, 0, 0, time.UTC)
		_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
			ID: "d" + string(rune('0'+i)), Station: keptStation, Department: keptDepartment, Name: "001089012345.pdf", SHA256: "sha", Bytes: 1,
			ModifiedAt: at, ReceivedAt: at,
		}})
		must(t, err)
	}
}

func TestDepositsAreListedToTheEnd(t *testing.T) {
	s := start(t)
	s.takeIn(t, 5)
	c := s.client(t)
	var ids []string
	params := client.ListDepositsParams{Limit: ptr(int64(2)), Department: ptr(keptDepartment)}
	for {
		page, err := c.ListDepositsWithResponse(t.Context(), &params)
		must(t, err)
		if page.JSON200 == nil {
			t.Fatalf("%s", page.Body)
		}
		for _, d := range page.JSON200.Deposits {
			ids = append(ids, d.Id)
			if d.Name != "001*****2345.pdf" {
				t.Errorf("name %q", d.Name)
			}
		}
		if params.After = page.JSON200.Next; params.After == nil {
			break
		}
	}
	if want := []string{"d5", "d4", "d3", "d2", "d1"}; !slices.Equal(ids, want) {
		t.Errorf("%v", ids)
	}
	for query, want := range map[string]int{
		"from=2026-01-04": 2, "to=2026-01-01": 1, "from=2026-01-02&to=2026-01-03": 2, "station=none": 0, "state=published": 0,
	} {
		a := s.get(t, "/api/v1/deposits?"+query)
		if got := strings.Count(a.body, `"id"`); a.status != http.StatusOK || got != want {
			t.Errorf("%s: %d %s", query, got, a.body)
		}
	}
	for query, code := range map[string]string{
		"after=none": "bad_cursor", "from=2026-02-01&to=2026-01-01": "bad_period", "from=yesterday": "bad_request", "limit=0": "bad_request",
	} {
		if a := s.get(t, "/api/v1/deposits?"+query); !strings.Contains(a.body, `"code":"`+code+`"`) {
			t.Errorf("%s: %+v", query, a)
		}
	}
}

func TestAVersionIsAskedForOnce(t *testing.T) {
	s, cat, code := startWithDossier(t)
	d, err := cat.Dossier(t.Context(), code)
	must(t, err)
	s.put(t, metadataKey(d, 1), []byte(`{"documents":[{"first_page":1,"last_page":3,"kind":"vi-birth","confidence":1,
		"fields":[{"name":"holder","type":"text","value":"***","raw":"***","page":1,"box":[1,2,3,4],"confidence":0.9,"rule":"label","personal":true}]}],
		"pages":[{"number":1,"id":"d1-1"}],"papers":{"code":"1"}}`))
	c := s.client(t)
	v, err := c.GetVersionWithResponse(t.Context(), code, 1, nil)
	must(t, err)
	if v.JSON200 == nil || v.JSON200.Documents[0].Kind == nil || *v.JSON200.Documents[0].Kind != "vi-birth" || len(v.JSON200.Objects) != 1 {
		t.Fatalf("%s", v.Body)
	}
	tag := v.HTTPResponse.Header.Get("ETag")
	if again, err := c.GetVersionWithResponse(t.Context(), code, 1, &client.GetVersionParams{IfNoneMatch: &tag}); err != nil || again.StatusCode() != http.StatusNotModified {
		t.Errorf("%v, %v", again.Status(), err)
	}
	fields, err := c.ListFieldsWithResponse(t.Context(), code, 1, nil)
	must(t, err)
	if f := fields.JSON200.Fields; len(f) != 1 || f[0].Document != 0 || f[0].Value != "***" || (*f[0].Box)[3] != 4 {
		t.Errorf("%s", fields.Body)
	}
	wantProblem(t, s.get(t, "/api/v1/dossiers/"+code+"/versions/1/fields?clear=true"), http.StatusForbidden)
	wantProblem(t, s.get(t, "/api/v1/dossiers/"+code+"/versions/2"), http.StatusNotFound)
	list, err := c.ListDossiersWithResponse(t.Context(), &client.ListDossiersParams{})
	must(t, err)
	if len(list.JSON200.Dossiers) != 1 || list.JSON200.Dossiers[0].Code != code {
		t.Errorf("%s", list.Body)
	}
}

func TestAPageIsGivenAsTextLayoutAndALTO(t *testing.T) {
	s, _, _ := startWithDossier(t)
	page := dossier.Page{Number: 1, Width: 100, Height: 200, DPI: 300, Language: "vie", Layout: dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{{
		Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{
			{Words: []dossier.Word{{Text: "Giấy"}, {Text: "khai"}}}, {Words: []dossier.Word{{Text: "sinh"}}},
		}}},
	}}}}
	s.put(t, storage.PageKey("d1-1", "layout.json.gz"), zipped(t, page))
	s.put(t, storage.PageKey("d1-1", "preview.jpg"), storagetest.Bytes(1, 100))
	for path, want := range map[string][2]string{
		"text": {"text/plain; charset=utf-8", "Giấy khai\nsinh\n"}, "layout": {"application/json", `"width":100`}, "alto": {"application/alto+xml", `CONTENT="khai"`},
		"preview": {"image/jpeg", string(storagetest.Bytes(1, 100))},
	} {
		a := s.get(t, "/api/v1/pages/d1-1/"+path)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != want[0] || !strings.Contains(a.body, want[1]) {
			t.Errorf("%s: %+v", path, a)
		}
		if again := s.get(t, "/api/v1/pages/d1-1/"+path, "If-None-Match", a.header.Get("ETag")); again.status != http.StatusNotModified {
			t.Errorf("%s: %+v", path, again)
		}
	}
	wantProblem(t, s.get(t, "/api/v1/pages/d1-1/thumb"), http.StatusNotFound)
	wantProblem(t, s.get(t, "/api/v1/pages/d1-9/text"), http.StatusNotFound)
	p, err := s.client(t).GetPageWithResponse(t.Context(), "d1-1")
	must(t, err)
	if p.JSON200 == nil || p.JSON200.State != "done" || p.JSON200.Rescan {
		t.Errorf("%s", p.Body)
	}
}

func TestAnErrorSpeaksTheCallersLanguage(t *testing.T) {
	s := start(t)
	for lang, want := range map[string]string{"vi": "Không có hồ sơ nào", "fr": "Aucun dossier", "en": "No dossier", "de": "No dossier"} {
		a := s.get(t, "/api/v1/dossiers/none", "Accept-Language", lang)
		wantProblem(t, a, http.StatusNotFound)
		if !strings.Contains(a.body, want) || !strings.Contains(a.body, `"code":"unknown_dossier"`) {
			t.Errorf("%s: %s", lang, a.body)
		}
	}
	a := s.get(t, "/api/v1/search?q=n*", "Accept-Language", "fr")
	wantProblem(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "au moins deux lettres") {
		t.Error(a.body)
	}
	wantProblem(t, s.get(t, "/api/v1/nothing", "Accept-Language", "vi"), http.StatusNotFound)
}

func TestWhatIsWrongWithAPartOfARequestIsSaidInTheCallersLanguage(t *testing.T) {
	s, _, code := startWithDossier(t)
	asked := func(query string) func(string) answer {
		return func(lang string) answer { return s.get(t, "/api/v1/"+query, "Accept-Language", lang) }
	}
	decided := func(body string) func(string) answer {
		return func(lang string) answer {
			return s.post(t, "/api/v1/dossiers/"+code+"/decisions", body, "If-Match", `"1"`, "Accept-Language", lang)
		}
	}
	for _, c := range []struct {
		answer  func(lang string) answer
		vi, fr  string
		located string
	}{
		{asked("deposits?limit=0"), "Phải từ 1 trở lên.", "Il faut 1 ou plus.", "query.limit"},
		{asked("deposits?limit=many"), "số nguyên", "entier", "query.limit"},
		{asked("deposits?from=2026-02-30"), "ngày có thật", "un jour qui existe", "query.from"},
		{asked("search"), "Thiếu", "manque", "query.q"},
		{decided(`{"do":"burn"}`), "Phải là một trong: cut", "l'un de : cut", "body.do"},
		{decided(`{"do":"cut","pages":"all"}`), "danh sách", "une liste", "body.pages"},
		{decided(`{"paper":1}`), "Thiếu do.", "Il manque do.", "body"},
		{decided(`{"do":`), "Không đọc được", "ne se lit pas", "body"},
		{decided(`{"do":"cut","page":9}`), "trước một trang từ 2 đến 3.", "l'une des pages 2 à 3.", ""},
	} {
		for lang, want := range map[string]string{"vi": c.vi, "fr": c.fr} {
			a := c.answer(lang)
			if !strings.Contains(a.body, want) || c.located != "" && !strings.Contains(a.body, `"location":"`+c.located+`"`) ||
				strings.Contains(a.body, "expected") || strings.Contains(a.body, "..") {
				t.Errorf("%s: %d %s", lang, a.status, a.body)
			}
		}
	}
}

func TestThePageOfTheDescriptionNeedsNoScript(t *testing.T) {
	s := start(t)
	a := s.do(t, http.MethodGet, "/api/v1/docs")
	if a.status != http.StatusOK || strings.Contains(a.body, "<script") || strings.Contains(a.body, " style=") ||
		!strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") || len(a.body) > 300_000 {
		t.Errorf("%d, %d bytes, %v", a.status, len(a.body), a.header)
	}
	for _, want := range []string{"/api/v1/dossiers/{code}/decisions", `id="type-Problem"`, "right: mend"} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %q", want)
		}
	}
	if a := s.do(t, http.MethodGet, "/api/v1/docs.css"); a.status != http.StatusOK || a.header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%+v", a)
	}
}

func TestStationsTellWhatTheyWaitForToWhoSeesThem(t *testing.T) {
	s := start(t)
	s.takeIn(t, 2)
	got, err := s.client(t).GetStationWithResponse(t.Context(), keptStation)
	must(t, err)
	if got.JSON200 == nil || got.JSON200.Counts == nil || got.JSON200.Counts.Total != 2 || got.JSON200.LagSeconds <= 0 {
		t.Errorf("%s", got.Body)
	}
	report, err := s.client(t).GetReportWithResponse(t.Context(), &client.GetReportParams{})
	must(t, err)
	if report.JSON200 == nil {
		t.Errorf("%s", report.Body)
	}
}

func TestAReportIsOfOneStationAloneWhereThatIsNamed(t *testing.T) {
	s := start(t)
	s.takeIn(t, 2)
	for station, want := range map[string]int64{keptStation: 2, "quay-9": 0} {
		report, err := s.client(t).GetReportWithResponse(t.Context(), &client.GetReportParams{
			Station: &station, From: &types.Date{Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)},
		})
		must(t, err)
		if r := report.JSON200; r == nil || r.Total.Deposits != want || *r.Station != station {
			t.Errorf("of %s: %s", station, report.Body)
		}
	}
}

func TestAReaderOfTheFeedWaitsForAnEvent(t *testing.T) {
	s := start(t)
	told := make(chan answer, 1)
	go func() { told <- s.get(t, "/api/v1/events?wait=8") }()
	code := s.publishDossier(t)
	if a := <-told; a.status != http.StatusOK || !strings.Contains(a.body, code) {
		t.Errorf("%+v", a)
	}
	began := time.Now()
	var next struct{ Next string }
	must(t, json.Unmarshal([]byte(s.get(t, "/api/v1/events").body), &next))
	if a := s.get(t, "/api/v1/events?wait=1&after="+next.Next); !strings.Contains(a.body, `"events":[]`) || time.Since(began) < time.Second {
		t.Errorf("%+v after %s", a, time.Since(began))
	}
}
