package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
	"github.com/dossierd/dossierd/web/pages"
)

// The record that some see, and beside it a file that was refused and a folder that waits. What must reach nobody else stands in hidden.
const (
	keptDepartment = "so-kin"
	keptStation    = "quay-kin"
	keptDeposit    = "01keptdeposit"
	keptRefused    = "01keptrefused"
	keptBatch      = "01keptwaiting"
	keptName       = "don-kin.pdf"
	keptText       = "chukinmat"
	keptWho        = "who decided before"
	// keptPersonal stands on page 3, an identity paper, and in private.json.
	keptPersonal = "riengtukinmat"
)

func hidden(code string) []string {
	return []string{keptDepartment, keptStation, keptDeposit, keptRefused, keptBatch, keptName, keptText, keptWho, code}
}

// asker is somebody with credentials.
type asker struct {
	who    dossier.Principal
	header [2]string
	sees   bool // the record
}

// everybody is each role by token and by session, with and without rights of its own, seeing the record or another one's. The quick
// tests ask as a third of them: by token those with rights of their own, by session those without, and no station's.
func everybody(t *testing.T, cat *catalog.Catalog) (all []asker, tokens []access.Token) {
	t.Helper()
	scopes := map[string]dossier.Scope{
		"all": catalog.Everything(), "department": {Departments: []string{keptDepartment}}, "station": {Stations: []string{"quay-9", keptStation}},
		"elsewhere": {Departments: []string{"so-khac"}, Stations: []string{"quay-9"}}, "nowhere": {},
	}
	for scope, s := range scopes {
		if testing.Short() && (scope == "station" || scope == "nowhere") {
			continue
		}
		for _, role := range append(dossier.UserRoles(), dossier.RoleCaseSystem) {
			for _, more := range []bool{false, true} {
				name := strings.ToLower(fmt.Sprintf("%s-%s-%t", scope, role, more))
				who := dossier.Principal{Kind: dossier.KindToken, Name: name, Role: role, Scope: s, Clear: more, Deposit: more, Erase: more}
				sees := s.Sees(keptDepartment, keptStation)
				if more || !testing.Short() {
					tokens = append(tokens, access.Token{SHA256: digest(name), Principal: who})
					all = append(all, asker{who, [2]string{"Authorization", "Bearer " + name}, sees})
				}
				if role == dossier.RoleCaseSystem || (more && testing.Short()) {
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

// objects are the keys of the record's, and what they hold.
func objects(code string) map[string]string {
	file := func(name string) string { return storage.DossierKey(keptDepartment, 2026, code, 1, name) }
	var pages []string
	for n := 1; n <= 3; n++ {
		pages = append(pages, fmt.Sprintf(`{"id":"%s-%d","number":%d,"width":100,"height":100,"dpi":72,"image":{"format":"jpeg"}}`, keptDeposit, n, n))
	}
	field := `{"name":"so","type":"text","value":"%s","raw":"%s","personal":true,"page":3,"box":[1,1,9,9],"confidence":1}`
	metadata := `{"deposits":[{"name":"` + keptName + `"}],"documents":[{"first_page":1,"last_page":3,"title":"` + keptText +
		`","fields":[` + fmt.Sprintf(field, "***", "") + `]}],"pages":[` + strings.Join(pages, ",") + `]}`
	private := `{"documents":[{"first_page":1,"fields":[` + fmt.Sprintf(field, keptPersonal, keptPersonal) + `]}]}`
	return map[string]string{
		file("dossier.pdf"): keptText, file("private.json"): private, file("metadata.json"): metadata,
		storage.PageKey(keptDeposit+"-2", "image.jpg"): keptText, storage.OriginalKey(storagetest.Digest([]byte(keptText)).SHA256): keptText,
	}
}

// keep publishes the record, with its objects.
func keep(t *testing.T, s *site) (code string) {
	t.Helper()
	takeKept(t, s.catalog, keptDeposit, nil)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: keptDeposit, Pages: 3}))
	var doc catalog.PlanDocument
	found := catalog.SearchDocument{Title: keptText}
	for n := 1; n <= 3; n++ {
		id := fmt.Sprintf("%s-%d", keptDeposit, n)
		must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: id, ArtifactID: id, Personal: n == 3}))
		doc.Pages = append(doc.Pages, id)
		found.Pages = append(found.Pages, catalog.SearchPage{ID: id, ArtifactID: id, Text: wordOn(id), Confidence: 1})
		s.put(t, storage.PageKey(id, "layout.json.gz"), zipped(t, pageOf(id)))
		for _, picture := range []string{"thumb.jpg", "preview.jpg"} {
			s.put(t, storage.PageKey(id, picture), []byte(wordOn(id)))
		}
	}
	versions, err := s.catalog.Reserve(t.Context(), keptDeposit, []catalog.Part{{Plan: catalog.Plan{Documents: []catalog.PlanDocument{doc}}}})
	must(t, err)
	code = versions[0].Dossier.Code
	must(t, s.catalog.Publish(t.Context(), catalog.Published{Revision: keptDeposit, Versions: []catalog.PublishedVersion{{
		Code: code, Number: 1, Pages: 3, Personal: []string{keptDeposit + "-3"}, Complete: catalog.CompleteUnknown,
		Identities: []catalog.Identity{{Hash: identityKey.Hash("001089012345"), Page: 1}}, Search: []catalog.SearchDocument{found},
		Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{
			Dossier: &dossier.DossierFacts{Code: code, Version: 1},
			Objects: map[string]dossier.Object{"metadata": {Key: metadataKey(versions[0].Dossier, 1), SHA256: "aa"}},
		}}},
	}}}))
	must(t, s.catalog.SetPlace(t.Context(), code, "Kệ 1", "", by(keptWho)))
	must(t, s.catalog.SetDossierState(t.Context(), code, catalog.DossierTransferred, "", by(keptWho)))
	for key, text := range objects(code) {
		s.put(t, key, []byte(text))
	}
	takeKept(t, s.catalog, keptRefused, nil)
	must(t, s.catalog.Reject(t.Context(), keptRefused, dossier.Reject(dossier.CodeDamaged, ""), ""))
	takeKept(t, s.catalog, keptBatch, &dossier.Batch{Grouping: dossier.GroupFolder, Key: keptText})
	return code
}

// takeKept takes in a deposit whose bytes are the kept text.
func takeKept(t *testing.T, c *catalog.Catalog, id string, b *dossier.Batch) {
	t.Helper()
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := c.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: id, Station: keptStation, Department: keptDepartment, Name: keptName, SHA256: storagetest.Digest([]byte(keptText)).SHA256, Bytes: 1,
		ModifiedAt: at, ReceivedAt: at,
	}, Batch: b})
	must(t, err)
}

// wordOn is what stands on a page.
func wordOn(id string) string {
	if strings.HasSuffix(id, "-3") {
		return keptPersonal
	}
	return keptText
}

func pageOf(id string) dossier.Page {
	line := dossier.Line{Box: dossier.Box{X1: 9, Y1: 9}, Words: []dossier.Word{{Text: wordOn(id), Box: dossier.Box{X1: 9, Y1: 9}}}}
	layout := dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}}}
	return dossier.Page{Width: 100, Height: 100, DPI: 72, Layout: layout, Image: dossier.PageImage{Format: dossier.FormatJPEG}}
}

// anOffice has what paths are filled with.
func anOffice() office.Office {
	return office.Office{
		Stations:    []office.Station{{Name: keptStation, Department: keptDepartment}, {Name: "quay-9", Department: "so-khac"}},
		Subscribers: []office.Subscriber{{Name: "1"}}, Procedures: []office.Procedure{{Code: "1"}}, Kinds: []office.Kind{{Name: "1"}},
	}
}

// survey asks the routes of a server that keeps one record.
type survey struct {
	url     string
	client  *http.Client
	catalog *catalog.Catalog
	mounted []access.Route
	code    string // of the record
	// delivery is the id of one that tells of the record.
	delivery string
	all      []asker
}

func newSurvey(t *testing.T, s *site) *survey {
	t.Helper()
	s.catalog.SetSubscribers([]catalog.Subscriber{{Name: "1"}})
	v := &survey{code: keep(t, s), catalog: s.catalog}
	told, err := s.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{Subject: v.code})
	must(t, err)
	v.delivery = told[0].ID
	must(t, s.catalog.AddUser(t.Context(), catalog.User{Name: someUser, Role: dossier.RoleClerk, Stations: []string{"quay-9"}}, by("test")))
	var tokens []access.Token
	v.all, tokens = everybody(t, s.catalog)
	// Those who see nothing are asked first: the others change the record.
	slices.SortStableFunc(v.all, func(a, b asker) int { return asInt(a.sees) - asInt(b.sees) })
	log := slog.New(slog.DiscardHandler)
	gate, err := access.New(access.Config{
		PublicURL: "https://dossiers.example", Tokens: tokens, Provider: &access.Provider{Name: "the office", Issuer: "http://127.0.0.1:1"},
	}, s.catalog, log)
	must(t, err)
	cfg := web.Config{
		Access: gate, Images: album{}, Identity: identityKey, Bytes: 1000, Uploads: &taker{}, Scratch: t.TempDir(),
		IsCode: func(string) bool { return true }, IsProcedure: func(string) bool { return true },
		Office: anOffice, Pages: pages.Config{
			Language: "en", Papers: album{}, Office: anOffice,
			Try:     func(context.Context, office.TrialRequest) (office.Trial, error) { return office.Trial{}, nil },
			Examine: func(context.Context, string) ([]office.Finding, error) { return nil, nil },
		},
	}
	healthy := func(context.Context) error { return nil }
	mux := web.Mount(cfg, s.store, s.catalog, healthy, http.NotFoundHandler(), log)
	v.mounted = mux.Routes()
	server := httptest.NewServer(gate.Headers(mux))
	t.Cleanup(server.Close)
	v.client = server.Client()
	v.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	v.url = server.URL
	return v
}

// album has one page, whatever it is asked for: who draws pages is no part of this test.
type album struct{}

func (album) ReadPage(_ context.Context, artifactID string) (*dossier.Page, error) {
	p := pageOf(artifactID)
	return &p, nil
}

func (album) View(_ context.Context, artifactID string, _ dossier.View) ([]byte, error) {
	return []byte(wordOn(artifactID)), nil
}

func (album) FieldTitle(_, field, _ string) string { return field }

// zipped is the layout.json.gz of a page.
func zipped(t *testing.T, page dossier.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	must(t, json.NewEncoder(z).Encode(page))
	must(t, z.Close())
	return b.Bytes()
}

func asInt(yes bool) int {
	if yes {
		return 1
	}
	return 0
}
