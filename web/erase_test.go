package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

const eraseBody = `{"do":"erase","reason":"asked for by 001089012345"}`

// mayErase gives the site's token the right to erase.
func (s *site) mayErase(t *testing.T) {
	t.Helper()
	s.erase = true
	s.serve(t, s.store)
}

func TestErasingNeedsItsOwnRight(t *testing.T) {
	s, cat, code := startWithDossier(t)
	a := s.post(t, "/api/v1/dossiers/"+code+"/decisions", eraseBody, "If-Match", `"1"`)
	wantProblem(t, a, http.StatusForbidden)
	a = s.post(t, "/api/v1/dossiers/nobody/decisions", eraseBody, "If-Match", `"1"`)
	wantProblem(t, a, http.StatusForbidden)
	if d, err := cat.Dossier(t.Context(), code); err != nil || d.State != catalog.DossierDigitised {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestAnErasureThatCantBeIsAProblem(t *testing.T) {
	s, _, code := startWithDossier(t)
	s.mayErase(t)
	path := "/api/v1/dossiers/" + code + "/decisions"
	for _, tt := range []struct {
		path, body, tag string
		status          int
	}{
		{path, eraseBody, `"2"`, http.StatusPreconditionFailed},
		{path, eraseBody, ``, http.StatusUnprocessableEntity},
		{path, `{"do":"erase"}`, `"1"`, http.StatusUnprocessableEntity},
		{"/api/v1/dossiers/nobody/decisions", eraseBody, `"1"`, http.StatusNotFound},
		{path, `{"do":"cut","page":2}`, `"1"`, http.StatusAccepted},
		{path, eraseBody, `"1"`, http.StatusConflict}, // a version is being made
	} {
		var header []string
		if tt.tag != "" {
			header = []string{"If-Match", tt.tag}
		}
		if a := s.post(t, tt.path, tt.body, header...); a.status != tt.status {
			t.Errorf("%s with %s: %d %s", tt.body, tt.tag, a.status, a.body)
		}
	}
}

func TestOfAnErasedDossierTheTombstoneIsToldAndNothingElse(t *testing.T) {
	s, _, code := startWithDossier(t)
	s.mayErase(t)
	path := "/api/v1/dossiers/" + code
	pdf := storage.DossierKey("so-tu-phap", 2026, code, 1, "dossier.pdf")
	keys := []string{pdf, storage.OriginalKey("sha"), storage.PageKey("d1-2", "layout.json.gz"), storage.PageKey("d1-3", "thumb.jpg")}
	for _, key := range keys {
		s.put(t, key, []byte("still stored"))
	}
	if a := s.post(t, path+"/decisions", `{"do":"withdraw","reason":"wrong counter"}`, "If-Match", `"1"`); a.status != http.StatusAccepted {
		t.Fatalf("%+v", a)
	}
	if a := s.post(t, path+"/decisions", eraseBody, "If-Match", `"1"`); a.status != http.StatusAccepted || !strings.Contains(a.body, `"versions":[]`) {
		t.Fatalf("%+v", a)
	}
	for _, key := range keys {
		a := s.get(t, "/api/v1/objects/"+key)
		wantProblem(t, a, http.StatusGone)
		if !strings.Contains(a.body, "The dossier was erased on 20") || strings.Contains(a.body, "still stored") {
			t.Errorf("%s: %s", key, a.body)
		}
	}
	var record catalog.Record
	seen := s.get(t, path)
	must(t, json.Unmarshal([]byte(seen.body), &record))
	if seen.status != http.StatusOK || record.State != catalog.DossierErased || len(record.Tombstones) != 1 || len(record.Decisions) != 2 {
		t.Fatalf("%s", seen.body)
	}
	stone := record.Tombstones[0]
	if stone.Who != "case-system" || stone.Reason != "asked for by 001*****2345" || stone.Version != 1 || stone.Pages != 3 || stone.At.IsZero() ||
		len(stone.Objects) != 1 || stone.Objects[0].SHA256 != "sha" || stone.Objects[0].Disposition != catalog.DispositionPending {
		t.Errorf("%+v", stone)
	}
	if strings.Contains(seen.body, "wrong counter") || strings.Contains(seen.body, "001089012345") {
		t.Errorf("%s", seen.body)
	}
	for _, a := range []answer{
		s.post(t, path+"/decisions", eraseBody, "If-Match", `"1"`),
		s.post(t, path+"/decisions", `{"do":"cut","page":2}`, "If-Match", `"1"`),
		s.post(t, path+"/states", `{"state":"returned"}`),
		s.send(t, http.MethodPut, path+"/place", `{"place":"Kệ 3"}`),
	} {
		wantProblem(t, a, http.StatusGone)
	}
	if a := s.get(t, path+"/states"); a.status != http.StatusOK || !strings.Contains(a.body, `"erased"`) {
		t.Errorf("%+v", a)
	}
}
