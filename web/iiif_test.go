package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// startIIIF is a server over a dossier of three pages, of which the second is an identity paper and the third has no image.
func startIIIF(t *testing.T, clear bool) (s *site, code string) {
	t.Helper()
	s = start(t)
	s.clear, s.erase = clear, true
	s.serve(t, s.store)
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: "sha", Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: "d1", Pages: 3}))
	var doc catalog.PlanDocument
	var pages []string
	for n := 1; n <= 3; n++ {
		id := fmt.Sprintf("d1-%d", n)
		must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id}))
		doc.Pages = append(doc.Pages, id)
		format := map[bool]dossier.ImageFormat{true: dossier.FormatJPEG}[n < 3]
		s.put(t, storage.PageKey(id, "layout.json.gz"), zipped(t, dossier.Page{Width: 100, Height: 100, Image: dossier.PageImage{Format: format}}))
		pages = append(pages, fmt.Sprintf(`{"id":%q,"number":%d,"width":100,"height":100,"image":{"format":%q}}`, id, n, format))
	}
	versions, err := s.catalog.Reserve(t.Context(), "d1", []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	code = versions[0].Dossier.Code
	must(t, s.catalog.Publish(t.Context(), catalog.Published{Revision: "d1", Versions: []catalog.PublishedVersion{{
		Code: code, Number: 1, Pages: 3, Complete: catalog.CompleteUnknown, Personal: []string{"d1-2"},
		Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{Dossier: &dossier.DossierFacts{Code: code, Version: 1}}}},
	}}}))
	meta := fmt.Sprintf(`{"dossier":{"code":%q,"version":1,"department":"so-tu-phap","created_at":"2026-01-05T12:00:00Z"},"documents":[{"first_page":1,"last_page":3}],"pages":[%s]}`,
		code, strings.Join(pages, ","))
	s.put(t, storage.DossierKey("so-tu-phap", 2026, code, 1, "metadata.json"), []byte(meta))
	return s, code
}

// canvases tells of each page of a manifest whether it is painted, and what is said of it.
func canvases(t *testing.T, a answer) (painted []bool, said []string) {
	t.Helper()
	var m struct {
		Items []struct {
			Summary struct{ En []string }
			Items   []struct{ Items []any }
		}
		Rendering []any
	}
	if err := json.Unmarshal([]byte(a.body), &m); err != nil || a.status != http.StatusOK {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, c := range m.Items {
		painted = append(painted, len(c.Items[0].Items) == 1)
		said = append(said, strings.Join(c.Summary.En, ""))
	}
	return painted, said
}

const (
	wholeView = "/full/max/0/default.jpg"
	smallView = "/full/200,/0/default.jpg"
)

func TestAnIdentityPaperIsShownToNobodyWithoutTheRight(t *testing.T) {
	s, code := startIIIF(t, false)
	for _, path := range []string{
		"/iiif/image/d1-2", "/iiif/image/d1-2/info.json", "/iiif/image/d1-2" + wholeView, "/iiif/image/d1-2/full/50,/0/default.jpg",
		"/iiif/pages/d1-2/words.json", "/iiif/pages/d1-2/alto.xml",
	} {
		wantProblem(t, s.get(t, path), http.StatusForbidden)
	}
	painted, said := canvases(t, s.get(t, "/iiif/dossiers/"+code+"/manifest.json"))
	if !slices.Equal(painted, []bool{true, false, false}) || !strings.Contains(said[1], "identity paper") || !strings.Contains(said[2], "No image") {
		t.Errorf("%v, %q", painted, said)
	}
	if a := s.get(t, "/iiif/dossiers/"+code+"/manifest.json"); strings.Contains(a.body, "dossier.pdf") {
		t.Error("the manifest leads to the PDF, which may not be read")
	}
}

func TestWhoMayReadAnIdentityPaperIsRecordedBeforeItIsShown(t *testing.T) {
	s, code := startIIIF(t, true)
	for range 3 {
		a := s.get(t, "/iiif/image/d1-2"+wholeView)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("%+v", a)
		}
	}
	if got, want := s.reads(t), []string{"case-system pages/d1-2/image"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	painted, _ := canvases(t, s.get(t, "/iiif/dossiers/"+code+"/manifest.json"))
	if !slices.Equal(painted, []bool{true, true, false}) {
		t.Errorf("%v", painted)
	}
}

func TestAPictureThatTheBrowserHasIsNotDrawnAgain(t *testing.T) {
	s, _ := startIIIF(t, false)
	first := s.get(t, "/iiif/image/d1-1"+wholeView)
	tag := first.header.Get("ETag")
	if first.status != http.StatusOK || tag == "" || !strings.HasPrefix(first.header.Get("Cache-Control"), "private") {
		t.Fatalf("%+v", first)
	}
	if a := s.get(t, "/iiif/image/d1-1/0,0,100,100/100,100/0/color.jpg", "If-None-Match", tag); a.status != http.StatusNotModified || a.body != "" {
		t.Errorf("the same view, asked for otherwise: %+v", a)
	}
	if a := s.get(t, "/iiif/image/d1-1/full/max/90/default.jpg", "If-None-Match", tag); a.status != http.StatusOK {
		t.Errorf("another view: %+v", a)
	}
	if want := `<https://dossiers.example/iiif/image/d1-1/full/max/0/default.jpg>;rel="canonical"`; !strings.Contains(first.header.Get("Link"), want) {
		t.Errorf("%s", first.header.Get("Link"))
	}
}

func TestAManifestThatDidNotChangeIsNotSentAgain(t *testing.T) {
	s, code := startIIIF(t, false)
	first := s.get(t, "/iiif/dossiers/"+code+"/manifest.json")
	if a := s.get(t, "/iiif/dossiers/"+code+"/manifest.json", "If-None-Match", first.header.Get("ETag")); a.status != http.StatusNotModified {
		t.Errorf("%+v", a)
	}
}

func TestWhatIsNotThereIsAProblem(t *testing.T) {
	s, code := startIIIF(t, false)
	for _, path := range []string{
		"/iiif/image/d1-9/info.json", "/iiif/image/%2e%2e/info.json", "/iiif/dossiers/none/manifest.json",
		"/iiif/dossiers/" + code + "/versions/2/manifest.json", "/iiif/dossiers/" + code + "/versions/one/manifest.json", "/iiif/dossiers/none/search?q=a",
	} {
		wantProblem(t, s.get(t, path), http.StatusNotFound)
	}
	wantProblem(t, s.get(t, "/iiif/image/d1-1/full/max/12/default.jpg"), http.StatusBadRequest)
}

func TestAnErasedDossierIsShownNoMore(t *testing.T) {
	s, code := startIIIF(t, true)
	if a := s.post(t, "/api/v1/dossiers/"+code+"/decisions", eraseBody, "If-Match", `"1"`); a.status != http.StatusAccepted {
		t.Fatalf("%+v", a)
	}
	wantProblem(t, s.get(t, "/iiif/dossiers/"+code+"/manifest.json"), http.StatusGone)
	wantProblem(t, s.get(t, "/iiif/dossiers/"+code+"/search?q=a"), http.StatusGone)
	wantProblem(t, s.get(t, "/iiif/image/d1-1"+smallView), http.StatusNotFound)
}

func TestAPageOfAnotherOriginMayAskWithAToken(t *testing.T) {
	s, code := startIIIF(t, false)
	path := "/iiif/dossiers/" + code + "/manifest.json"
	before := s.do(t, http.MethodOptions, path, "Origin", "https://viewer.example", "Access-Control-Request-Headers", "authorization")
	if before.status != http.StatusNoContent || before.header.Get("Access-Control-Allow-Origin") != "*" ||
		!strings.Contains(before.header.Get("Access-Control-Allow-Headers"), "Authorization") {
		t.Errorf("%+v", before)
	}
	a := s.get(t, path, "Origin", "https://viewer.example")
	if a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Access-Control-Allow-Credentials") != "" ||
		a.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("%+v", a.header)
	}
}

// searchAnswer is part of an answer to a search, with the addresses it names.
type searchAnswer struct {
	ID     string
	Next   struct{ ID, Type string }
	PartOf struct{ First struct{ ID, Type string } }
	Items  []struct{ Target string }
}

// findable publishes a dossier of pages that all say "khai sinh".
func (s *site) findable(t *testing.T, pages int) (code string) {
	t.Helper()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: "sha", Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: "d1", Pages: pages}))
	page := dossier.Page{Width: 100, Height: 100, Layout: dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{
		Lines: []dossier.Line{{Words: []dossier.Word{{Text: "khai"}, {Text: "sinh"}}}},
	}}}}}}
	var doc catalog.PlanDocument
	var found catalog.SearchDocument
	for n := 1; n <= pages; n++ {
		id := fmt.Sprintf("d1-%d", n)
		must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id}))
		s.put(t, storage.PageKey(id, "layout.json.gz"), zipped(t, page))
		doc.Pages = append(doc.Pages, id)
		found.Pages = append(found.Pages, catalog.SearchPage{ID: id, ArtifactID: id, Text: page.Layout.Text(), Confidence: 1})
	}
	versions, err := s.catalog.Reserve(t.Context(), "d1", []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	code = versions[0].Dossier.Code
	must(t, s.catalog.Publish(t.Context(), catalog.Published{Revision: "d1", Versions: []catalog.PublishedVersion{{
		Code: code, Number: 1, Pages: pages, Complete: catalog.CompleteUnknown, Search: []catalog.SearchDocument{found},
	}}}))
	return code
}

func TestASearchThatFindsManyPagesLeadsFromPartToPart(t *testing.T) {
	const pages = 51
	s := start(t)
	code := s.findable(t, pages)
	base := "https://dossiers.example"
	asked := base + "/iiif/dossiers/" + code + "/search?q=sinh"
	hits := map[string]bool{}
	for next := asked; next != ""; {
		got := s.get(t, strings.TrimPrefix(next, base))
		var a searchAnswer
		must(t, json.Unmarshal([]byte(got.body), &a))
		if a.ID != next || a.PartOf.First.ID != asked || a.PartOf.First.Type != "AnnotationPage" || len(a.Items) == 0 {
			t.Fatalf("%s: %s", next, got.body)
		}
		for _, item := range a.Items {
			hits[item.Target] = true
		}
		if next = a.Next.ID; next != "" && a.Next.Type != "AnnotationPage" {
			t.Errorf("%+v", a.Next)
		}
	}
	if len(hits) != pages {
		t.Errorf("%d pages", len(hits))
	}
}

func TestWordsAreCompletedFromWhatStandsInADossier(t *testing.T) {
	s := start(t)
	code := s.findable(t, 2)
	base := "/iiif/dossiers/" + code + "/autocomplete"
	for query, want := range map[string]string{
		"?q=kh&user=x": `{"@context":"http://iiif.io/api/search/2/context.json","id":"https://dossiers.example` + base +
			`?q=kh","type":"TermPage","ignored":["user"],"items":[{"type":"Term","value":"khai","total":2}]}`,
		"?q=khai+s&min=2": `"items":[{"type":"Term","value":"khai sinh","total":2}]`,
		"?q=kh&min=3":     `"items":[]`,
		"?q=":             `"items":[]`,
	} {
		if a := s.get(t, base+query); a.status != http.StatusOK || !strings.Contains(a.body, want) || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %+v", query, a)
		}
	}
	for _, query := range []string{"", "?q=kh&min=few", "?q=kh&min=0"} {
		wantProblem(t, s.get(t, base+query), http.StatusBadRequest)
	}
	wantProblem(t, s.get(t, "/iiif/dossiers/none/autocomplete?q=kh"), http.StatusNotFound)
	log, err := s.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionSearch, Subject: code})
	if err != nil || len(log) != 1 || !strings.Contains(string(log[0].Details), "autocomplete") {
		t.Errorf("%+v, %v", log, err)
	}
}
