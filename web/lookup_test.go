package web_test

import (
	"database/sql"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

var identityKey = dossier.IdentityKey("a key of tests")

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

// reads lists who read what that is personal.
func (s *site) reads(t *testing.T) []string {
	t.Helper()
	db, err := sql.Open("sqlite", s.rows)
	must(t, err)
	defer db.Close()
	found, err := db.QueryContext(t.Context(), "SELECT who || ' ' || subject FROM audit WHERE action = 'personal.read' ORDER BY number")
	must(t, err)
	defer found.Close()
	var list []string
	for found.Next() {
		var read string
		must(t, found.Scan(&read))
		list = append(list, read)
	}
	must(t, found.Err())
	return list
}

func TestWhatIsPersonalNeedsItsPermission(t *testing.T) {
	s := start(t)
	s.put(t, privateKey, []byte("clear"))
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey), http.StatusForbidden)
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey, "Range", "bytes=0-0"), http.StatusForbidden)
	if reads := s.reads(t); len(reads) > 0 || strings.Contains(s.log.String(), "personal data read") {
		t.Errorf("%q were read", reads)
	}
}

func TestEveryReadOfWhatIsPersonalIsKeptAndLogged(t *testing.T) {
	s := cleared(t)
	s.put(t, privateKey, []byte("clear"))
	s.put(t, "dossiers/a/2026/q-1/v1/metadata.json", []byte("masked"))
	if a := s.get(t, "/api/v1/objects/"+privateKey); a.status != http.StatusOK || a.body != "clear" {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, "/api/v1/objects/"+privateKey, "Range", "bytes=0-0"); a.status != http.StatusPartialContent {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, "/api/v1/objects/dossiers/a/2026/q-1/v1/metadata.json"); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
	if got := s.reads(t); !slices.Equal(got, []string{"case-system " + privateKey, "case-system " + privateKey}) {
		t.Errorf("%q", got)
	}
	for _, status := range []string{"200", "206"} {
		if !strings.Contains(s.log.String(), `msg="personal data read" who=case-system key=`+privateKey+" status="+status) {
			t.Error(s.log.String())
		}
	}
}

func TestACatalogueAwayOpensNothing(t *testing.T) {
	s := cleared(t)
	s.put(t, privateKey, []byte("clear"))
	s.away(t)
	wantProblem(t, s.get(t, "/api/v1/objects/"+privateKey), http.StatusServiceUnavailable)
	wantProblem(t, s.ask(t, "001089012345"), http.StatusServiceUnavailable)
}

func TestANumberIsLookedUpByWhoMaySeeIt(t *testing.T) {
	wantProblem(t, start(t).ask(t, "001089012345"), http.StatusForbidden)
	s := cleared(t)
	hash := identityKey.Hash("001089012345")
	code := s.publishDossier(t, catalog.Identity{Hash: hash, Page: 1})
	a := s.ask(t, "001 089 012 345")
	if a.status != http.StatusOK || strings.TrimSpace(a.body) != `{"codes":["`+code+`"]}` {
		t.Errorf("%+v", a)
	}
	if got := s.reads(t); !slices.Equal(got, []string{"case-system lookup/" + hash}) || strings.Contains(s.log.String(), "012345") {
		t.Errorf("%q, %s", got, s.log)
	}
	wantProblem(t, s.ask(t, "------"), http.StatusUnprocessableEntity)
	if a := s.ask(t, "001089012346"); strings.TrimSpace(a.body) != `{"codes":[]}` {
		t.Errorf("%+v", a)
	}
}
