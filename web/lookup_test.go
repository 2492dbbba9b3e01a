package web_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

const privateKey = "dossiers/a/2026/q-1/v1/private.json"

// cleared is a site whose token may read what is personal.
func cleared(t *testing.T) *site {
	t.Helper()
	s := start(t)
	s.clear = true
	s.serve(t, s.store)
	return s
}

func (s *site) ask(t *testing.T, number string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/dossiers/lookup", strings.NewReader(`{"number": "`+number+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
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

func TestWhatIsPersonalNeedsItsPermission(t *testing.T) {
	s := start(t)
	s.put(t, privateKey, []byte("clear"))
	s.catalog.personal = []string{privateKey}
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey), http.StatusForbidden)
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey, "Range", "bytes=0-0"), http.StatusForbidden)
	if len(s.catalog.reads) > 0 || strings.Contains(s.log.String(), "personal data read") {
		t.Errorf("%q were read", s.catalog.reads)
	}
}

func TestEveryReadOfWhatIsPersonalIsKeptAndLogged(t *testing.T) {
	s := cleared(t)
	s.put(t, privateKey, []byte("clear"))
	s.put(t, "dossiers/a/2026/q-1/v1/metadata.json", []byte("masked"))
	s.catalog.personal = []string{privateKey}
	if a := s.get(t, "/api/v1/objects/"+privateKey); a.status != http.StatusOK || a.body != "clear" {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, "/api/v1/objects/"+privateKey, "Range", "bytes=0-0"); a.status != http.StatusPartialContent {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, "/api/v1/objects/dossiers/a/2026/q-1/v1/metadata.json"); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
	if got := strings.Join(s.catalog.reads, ", "); got != "case-system "+privateKey+", case-system "+privateKey {
		t.Error(got)
	}
	for _, status := range []string{"200", "206"} {
		if !strings.Contains(s.log.String(), `msg="personal data read" token=case-system key=`+privateKey+" status="+status) {
			t.Error(s.log.String())
		}
	}
}

func TestACatalogueAwayOpensNothing(t *testing.T) {
	s := cleared(t)
	s.put(t, privateKey, []byte("clear"))
	s.catalog.err = errors.New("away")
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey), http.StatusServiceUnavailable)
	wantProblem(t, s.ask(t, "001089012345"), http.StatusServiceUnavailable)
}

func TestANumberIsLookedUpByWhoMaySeeIt(t *testing.T) {
	s := start(t)
	s.catalog.found = []string{"quay-1-20260105-0001"}
	wantProblem(t, s.ask(t, "001089012345"), http.StatusForbidden)
	s = cleared(t)
	s.catalog.found = []string{"quay-1-20260105-0001"}
	a := s.ask(t, "001 089 012 345")
	if a.status != http.StatusOK || strings.TrimSpace(a.body) != `{"codes":["quay-1-20260105-0001"]}` {
		t.Errorf("%+v", a)
	}
	hash := dossier.IdentityKey("a key of tests").Hash("001089012345")
	if got := strings.Join(s.catalog.reads, ", "); got != "case-system lookup/"+hash || strings.Contains(s.log.String(), "012345") {
		t.Errorf("%s, %s", got, s.log)
	}
	wantProblem(t, s.ask(t, "------"), http.StatusUnprocessableEntity)
	s.catalog.found = nil
	if a := s.ask(t, "001089012345"); strings.TrimSpace(a.body) != `{"codes":[]}` {
		t.Errorf("%+v", a)
	}
}
