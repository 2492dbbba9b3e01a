package web_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// startWithDossier is a server over a catalogue with one published dossier.
func startWithDossier(t *testing.T) (s *site, cat *catalog.Catalog, code string) {
	t.Helper()
	s = start(t)
	return s, s.catalog, s.publishDossier(t)
}

// publishDossier publishes a dossier of three pages, on which identity numbers stand.
func (s *site) publishDossier(t *testing.T, identities ...catalog.Identity) (code string) {
	t.Helper()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: "sha", Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: "d1", Pages: 3}))
	var doc catalog.PlanDocument
	for n := 1; n <= 3; n++ {
		id := fmt.Sprintf("d1-%d", n)
		must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id}))
		doc.Pages = append(doc.Pages, id)
	}
	versions, err := s.catalog.Reserve(t.Context(), "d1", []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	publish(t, s.catalog, "d1", versions, identities...)
	return versions[0].Dossier.Code
}

func publish(t *testing.T, cat *catalog.Catalog, revision string, versions []catalog.Version, identities ...catalog.Identity) {
	t.Helper()
	p := catalog.Published{Revision: revision}
	for _, v := range versions {
		facts := &dossier.DossierFacts{Code: v.Dossier.Code, Version: v.Number}
		p.Versions = append(p.Versions, catalog.PublishedVersion{
			Code: v.Dossier.Code, Number: v.Number, Pages: v.Plan.Pages(), Complete: catalog.CompleteUnknown, Identities: identities,
			Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{
				Dossier: facts, Objects: map[string]dossier.Object{"metadata": {Key: metadataKey(v.Dossier, v.Number), SHA256: "aa"}},
			}}},
		})
	}
	must(t, cat.Publish(t.Context(), p))
}

func metadataKey(d catalog.Dossier, version int) string {
	return storage.DossierKey(d.Department, d.Year, d.Code, version, "metadata.json")
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// post sends JSON with the token.
func (s *site) post(t *testing.T, path, body string, header ...string) answer {
	t.Helper()
	return s.send(t, http.MethodPost, path, body, header...)
}

func (s *site) send(t *testing.T, method, path, body string, header ...string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	must(t, err)
	header = append([]string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, header...)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	must(t, err)
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	must(t, err)
	return answer{resp.StatusCode, resp.Header, string(said)}
}

func TestADecisionIsTakenAboutTheVersionThatWasSeen(t *testing.T) {
	s, cat, code := startWithDossier(t)
	path := "/api/v1/dossiers/" + code
	seen := s.get(t, path)
	tag := seen.header.Get("ETag")
	if seen.status != http.StatusOK || !strings.HasPrefix(tag, `"1.`) || !strings.Contains(seen.body, `"decisions":[]`) {
		t.Fatalf("%+v", seen)
	}
	a := s.post(t, path+"/decisions", `{"do":"cut","page":2}`, "If-Match", tag)
	if a.status != http.StatusAccepted {
		t.Fatalf("%+v", a)
	}
	var decided catalog.Decided
	must(t, json.Unmarshal([]byte(a.body), &decided))
	if a := s.post(t, path+"/decisions", `{"do":"cut","page":3}`, "If-Match", tag); a.status != http.StatusConflict {
		t.Errorf("while a version is made: %+v", a)
	}
	versions, err := cat.Revision(t.Context(), decided.ID)
	must(t, err)
	publish(t, cat, decided.ID, versions)
	if a := s.post(t, path+"/decisions", `{"do":"cut","page":3}`, "If-Match", tag); a.status != http.StatusPreconditionFailed {
		t.Errorf("about a version that is gone: %+v", a)
	}
	var record catalog.Record
	must(t, json.Unmarshal([]byte(s.get(t, path).body), &record))
	if record.Version != 2 || len(record.Plan.Documents) != 2 || len(record.Versions) != 2 || len(record.Decisions) != 1 ||
		record.Decisions[0].Who != "case-system" || record.Decisions[0].At.IsZero() {
		t.Errorf("%+v", record)
	}
}

func TestAPlaceIsSetWhereTheDossierIsStillAsItWasSeen(t *testing.T) {
	s, _, code := startWithDossier(t)
	path := "/api/v1/dossiers/" + code
	tag := s.get(t, path).header.Get("ETag")
	put := func(place string, header ...string) answer {
		return s.send(t, http.MethodPut, path+"/place", `{"place":"`+place+`"}`, header...)
	}
	if a := put("Kệ 3", "If-Match", tag); a.status != http.StatusNoContent {
		t.Fatalf("%+v", a)
	}
	wantProblem(t, put("Kệ 4", "If-Match", tag), http.StatusPreconditionFailed)
	wantProblem(t, s.post(t, path+"/states", `{"state":"returned"}`, "If-Match", tag), http.StatusPreconditionFailed)
	for _, header := range [][]string{{"If-Match", s.get(t, path).header.Get("ETag")}, {"If-Match", "*"}, nil} {
		if a := put("Kệ 5", header...); a.status != http.StatusNoContent {
			t.Errorf("%q: %+v", header, a)
		}
	}
	if a := s.post(t, path+"/decisions", `{"do":"cut","page":2}`, "If-Match", tag); a.status != http.StatusAccepted {
		t.Errorf("a decision, to which its place is nothing: %+v", a)
	}
}

func TestADecisionThatCantBeTakenIsAProblem(t *testing.T) {
	s, _, code := startWithDossier(t)
	path := "/api/v1/dossiers/" + code + "/decisions"
	for _, tt := range []struct {
		path, body, tag string
		status          int
	}{
		{path, `{"do":"cut","page":9}`, `"1"`, http.StatusUnprocessableEntity},
		{path, `{"do":"burn"}`, `"1"`, http.StatusUnprocessableEntity},
		{path, `{"do":"cut","pages":"all"}`, `"1"`, http.StatusUnprocessableEntity},
		{path, `{"do":"cut","page":2}`, `"2"`, http.StatusPreconditionFailed},
		{path, `{"do":"cut","page":2}`, `x`, http.StatusPreconditionFailed},
		{path, `{"do":"cut","page":2}`, ``, http.StatusUnprocessableEntity},
		{"/api/v1/dossiers/none/decisions", `{"do":"cut","page":2}`, `"1"`, http.StatusNotFound},
	} {
		var header []string
		if tt.tag != "" {
			header = []string{"If-Match", tt.tag}
		}
		a := s.post(t, tt.path, tt.body, header...)
		if a.status != tt.status || a.header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s with %s: %d %s", tt.body, tt.tag, a.status, a.body)
		}
	}
	if a := s.post(t, path, `{"do":"withdraw","reason":"wrong counter"}`, "If-Match", `"1"`); a.status != http.StatusAccepted {
		t.Fatalf("%+v", a)
	}
	if a := s.post(t, path, `{"do":"withdraw","reason":"again"}`, "If-Match", `"1"`); a.status != http.StatusGone {
		t.Errorf("%+v", a)
	}
}

func TestADossierGoesOnToItsReturnAndNeverBack(t *testing.T) {
	s, _, code := startWithDossier(t)
	path := "/api/v1/dossiers/" + code
	for _, tt := range []struct {
		state  string
		status int
	}{
		{"digitised", http.StatusUnprocessableEntity},
		{"result_received", http.StatusNoContent},
		{"returned", http.StatusNoContent},
		{"returned", http.StatusNoContent},
		{"transferred", http.StatusConflict},
	} {
		if a := s.post(t, path+"/states", `{"state":"`+tt.state+`"}`); a.status != tt.status {
			t.Errorf("%s: %d %s", tt.state, a.status, a.body)
		}
	}
	var history struct {
		States []catalog.DossierStep `json:"states"`
	}
	must(t, json.Unmarshal([]byte(s.get(t, path+"/states").body), &history))
	var states []string
	for _, step := range history.States {
		states = append(states, string(step.State))
	}
	if got := strings.Join(states, " "); got != "received digitised result_received returned" || history.States[3].Who != "case-system" {
		t.Errorf("%+v", history)
	}
	if a := s.post(t, "/api/v1/dossiers/none/states", `{"state":"returned"}`); a.status != http.StatusNotFound {
		t.Errorf("%+v", a)
	}
}

func TestThePlaceOfThePaperIsKept(t *testing.T) {
	s, cat, code := startWithDossier(t)
	if a := s.send(t, http.MethodPut, "/api/v1/dossiers/"+code+"/place", `{"place":"Kệ 3, hộp 12"}`); a.status != http.StatusNoContent {
		t.Fatalf("%+v", a)
	}
	if d, err := cat.Dossier(t.Context(), code); err != nil || d.Place != "Kệ 3, hộp 12" {
		t.Errorf("%+v, %v", d, err)
	}
}
