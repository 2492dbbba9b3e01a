package pages

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// withOffice has the pages know an office, and what keeps it from working.
func (h *house) withOffice(t *testing.T, ready error) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	gate, err := access.New(access.Config{}, h.catalog, log)
	if err != nil {
		t.Fatal(err)
	}
	h.pages = New(Config{
		Language: "en", Location: time.UTC, Address: "https://office.example", Ready: func(context.Context) error { return ready },
		Office: func() office.Office {
			return office.Office{
				Stations: []office.Station{
					{Name: "quay-1", Department: "so-tu-phap", Language: "vi", Languages: []string{"vie"}, Grouping: "file", Purpose: "reception", Channel: "counter", Online: true},
					{Name: "quay-2", Department: "so-y-te", Language: "fr", Grouping: "ticket", Purpose: "results", Channel: "online", AwayReason: "no such share"},
				},
				Subscribers: []office.Subscriber{{Name: "case-system", Host: "cases.example"}},
				Procedures: []office.Procedure{{
					Code: "1.000894", Name: office.Text{VI: "Đăng ký kết hôn", EN: "Marriage"}, Deadline: 5,
					Papers: []office.Paper{{Kinds: []string{"form"}, Name: office.Text{VI: "Tờ khai"}, Min: 1}},
				}},
				Kinds: []office.Kind{{Name: "form", Title: office.Text{EN: "Form"}, Fields: []string{"name"}, File: "form.yaml"}},
			}
		},
	}, gate, h.store, h.catalog, log)
}

func TestAdministrationIsForAdministratorsAlone(t *testing.T) {
	h := newHouse(t)
	for _, role := range []dossier.UserRole{dossier.RoleClerk, dossier.RoleArchivist, dossier.RoleOperator, dossier.RoleCaseSystem} {
		for _, path := range []string{"/admin", "/admin/users", "/admin/users/lan", "/admin/rules", "/admin/kinds/form", "/admin/audit"} {
			says(t, h.get(t, role, path), http.StatusForbidden)
		}
		for _, path := range []string{"/admin/users", "/admin/users/lan", "/admin/users/lan/link", "/admin/audit/verify", "/admin/health", "/admin/kinds/form"} {
			says(t, h.post(t, role, path, "name=mai&role=administrator"), http.StatusForbidden)
		}
	}
	if users, err := h.catalog.Users(t.Context()); err != nil || len(users) != 0 {
		t.Errorf("%v %v", users, err)
	}
}

func TestTheOfficeIsShownAsItIs(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, errors.Join(errors.New("the store is away"), errors.New("the disk is full")))
	w := h.get(t, dossier.RoleAdministrator, "/admin")
	says(t, w, http.StatusOK, "the store is away", "the disk is full", "quay-1", "no such share", "cases.example", "By ticket")
	w = h.getSeeing(t, dossier.RoleAdministrator, dossier.Scope{Stations: []string{"quay-1"}}, "/admin")
	saysNot(t, w, "quay-2", "no such share")
	h.withOffice(t, nil)
	says(t, h.get(t, dossier.RoleAdministrator, "/admin"), http.StatusOK, say("en", "admin.ready"))
	says(t, h.get(t, dossier.RoleAdministrator, "/admin/rules"), http.StatusOK, "Marriage", "Tờ khai", "Due in 5 working days", "form.yaml")
}

func TestAUserIsAddedAndTheLinkShownOnce(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	w := h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=clerk&station=quay-1&language=vi")
	link := regexp.MustCompile(`value="https://office.example(/link/[^"]+)"`).FindStringSubmatch(w.Body.String())
	if w.Code != http.StatusOK || link == nil || w.Header().Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	u, err := h.catalog.User(t.Context(), "mai")
	if err != nil || u.Role != dossier.RoleClerk || u.All || len(u.Stations) != 1 || u.Stations[0] != "quay-1" || u.Language != "vi" {
		t.Errorf("%v %+v", err, u)
	}
	says(t, h.get(t, "", link[1]), http.StatusOK, "mai")
	saysNot(t, h.get(t, dossier.RoleAdministrator, "/admin/users/mai"), "/link/")
	says(t, h.get(t, dossier.RoleAdministrator, "/admin/users"), http.StatusOK, "mai", say("en", "user.state.invited"))

	says(t, h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=clerk"), http.StatusUnprocessableEntity, say("en", "user.name.taken"))
	for _, name := range []string{"", "Mai", "mai%20anh", "-mai", "m%C3%A0i", strings.Repeat("m", 65)} {
		says(t, h.post(t, dossier.RoleAdministrator, "/admin/users", "role=clerk&name="+name), http.StatusUnprocessableEntity)
	}
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/users", "name=hoa&role=case_system"), http.StatusNotFound)

	w = h.post(t, dossier.RoleAdministrator, "/admin/users/mai/link", "")
	says(t, w, http.StatusOK, "https://office.example/link/")
	says(t, h.get(t, "", link[1]), http.StatusGone)
}

func TestAUserIsChangedAndDisabled(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=clerk&station=quay-1")
	chief := dossier.Principal{Kind: dossier.KindUser, Name: "lan", Role: dossier.RoleAdministrator, Scope: catalog.Everything(), Clear: true}
	w := h.postAs(t, chief, "/admin/users/mai", "role=archivist&department=so-y-te&clear=1")
	says(t, w, http.StatusSeeOther)
	u, err := h.catalog.User(t.Context(), "mai")
	if err != nil || u.Role != dossier.RoleArchivist || len(u.Stations) != 0 || len(u.Departments) != 1 || !u.Clear || u.Erase || u.Disabled {
		t.Errorf("%v %+v", err, u)
	}
	h.post(t, dossier.RoleAdministrator, "/admin/users/mai", "role=archivist&disabled=1")
	if u, err := h.catalog.User(t.Context(), "mai"); err != nil || !u.Disabled {
		t.Errorf("%v %+v", err, u)
	}
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/users/mai/link", ""), http.StatusNotFound)
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/users/mai", "role=king"), http.StatusForbidden)
	says(t, h.get(t, dossier.RoleAdministrator, "/admin/users/nobody"), http.StatusNotFound)
}

func TestNobodyChangesTheOwnRights(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=administrator&all=1")
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/admin/users/mai", strings.NewReader("role=clerk"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mai := dossier.Principal{Kind: dossier.KindUser, Name: "mai", Role: dossier.RoleAdministrator, Scope: dossier.Scope{All: true}}
	says(t, h.visit(t, "", r.WithContext(access.With(r.Context(), mai))), http.StatusForbidden)
	if u, err := h.catalog.User(t.Context(), "mai"); err != nil || u.Role != dossier.RoleAdministrator || !u.All {
		t.Errorf("%v %+v", err, u)
	}
}

func TestTheAuditLogIsListedAndItsChainVerified(t *testing.T) {
	h := newHouse(t)
	h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=clerk")
	for range auditedAtOnce {
		err := h.catalog.Audit(t.Context(), dossier.Principal{Kind: dossier.KindUser, Name: "hoa"}, catalog.Entry{Action: catalog.ActionView, Subject: "D-1"})
		if err != nil {
			t.Fatal(err)
		}
	}
	w := h.get(t, dossier.RoleAdministrator, "/admin/audit")
	says(t, w, http.StatusOK, "D-1", "Viewed a dossier", "before=3")
	saysNot(t, w, ">Changed a user</td>")
	says(t, h.get(t, dossier.RoleAdministrator, "/admin/audit?before=3"), http.StatusOK, ">Changed a user</td>", "mai")
	saysNot(t, h.get(t, dossier.RoleAdministrator, "/admin/audit?who=lan&action=user.change"), "D-1")
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/audit/verify", ""), http.StatusOK, "Whole: 105 rows", "105:")
}

func TestAnAdministratorGivesNobodyMoreThanIsSeen(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	h.post(t, dossier.RoleAdministrator, "/admin/users", "name=chief&role=administrator&all=1")
	h.post(t, dossier.RoleAdministrator, "/admin/users", "name=mai&role=clerk&station=quay-1")
	who := dossier.Principal{Name: "lan", Role: dossier.RoleAdministrator, Scope: dossier.Scope{Departments: []string{"so-tu-phap"}}}
	post := func(path, form string) *httptest.ResponseRecorder { return h.postAs(t, who, path, form) }
	for _, c := range []struct{ path, form string }{
		{"/admin/users", "name=own&role=administrator&all=1"},
		{"/admin/users", "name=own&role=clerk&department=so-y-te"},
		{"/admin/users", "name=own&role=clerk&station=quay-2"},
		{"/admin/users/chief/link", ""},
		{"/admin/users/chief", "role=clerk&disabled=1"},
		{"/admin/users/mai", "role=clerk&station=quay-1&station=quay-2"},
	} {
		says(t, post(c.path, c.form), http.StatusForbidden)
	}
	if users, err := h.catalog.Users(t.Context()); err != nil || len(users) != 2 || users[0].Disabled || len(users[1].Stations) != 1 {
		t.Errorf("%v %+v", err, users)
	}
	says(t, post("/admin/users", "name=own&role=archivist&department=so-tu-phap&station=quay-1"), http.StatusOK)
	says(t, post("/admin/users/mai", "role=archivist&station=quay-1"), http.StatusSeeOther)
	says(t, post("/admin/users/mai/link", ""), http.StatusOK)
	saysNot(t, h.getAs(t, who, "/admin/users/mai"), "so-y-te", "quay-2")
}

func TestAnAdministratorGivesNobodyARightWithoutHavingIt(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	full := dossier.Principal{Name: "chief", Role: dossier.RoleAdministrator, Scope: catalog.Everything(), Clear: true, Erase: true}
	plain := dossier.Principal{Name: "lan", Role: dossier.RoleAdministrator, Scope: catalog.Everything()}
	says(t, h.postAs(t, full, "/admin/users", "name=mai&role=archivist&all=1&clear=1&erase=1"), http.StatusOK)
	says(t, h.postAs(t, full, "/admin/users", "name=an&role=clerk&all=1"), http.StatusOK)
	for _, c := range []struct{ path, form string }{
		{"/admin/users", "name=own&role=clerk&all=1&clear=1"},
		{"/admin/users", "name=own&role=clerk&all=1&erase=1&disabled=1"},
		{"/admin/users/an", "role=clerk&all=1&clear=1"},
		{"/admin/users/an", "role=clerk&all=1&erase=1&disabled=1"},
		{"/admin/users/mai", "role=administrator&all=1&clear=1"},
		{"/admin/users/mai/link", ""},
	} {
		says(t, h.postAs(t, plain, c.path, c.form), http.StatusForbidden)
	}
	says(t, h.postAs(t, plain, "/admin/users/mai", "role=archivist&all=1&clear=1&erase=1"), http.StatusForbidden, "or disable the account.")
	if users, err := h.catalog.Users(t.Context()); err != nil || len(users) != 2 || users[0].Clear || !users[1].Clear || !users[1].Erase {
		t.Errorf("%v %+v", err, users)
	}
	says(t, h.getAs(t, plain, "/admin/users/an"), http.StatusOK, `name="clear" value="1" disabled`, say("en", "user.also.help"))
	saysNot(t, h.getAs(t, full, "/admin/users/an"), "disabled>", say("en", "user.also.help"))
	says(t, h.postAs(t, plain, "/admin/users/mai", "role=archivist&all=1&clear=1&erase=1&disabled=1"), http.StatusSeeOther)
	says(t, h.postAs(t, plain, "/admin/users/mai", "role=archivist&all=1&clear=1"), http.StatusForbidden)
	says(t, h.postAs(t, plain, "/admin/users/mai", "role=archivist&all=1"), http.StatusSeeOther)
}

// examined has the pages tell what an examination of the machine says.
func (h *house) examined(t *testing.T, findings []office.Finding, err error) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	gate, failed := access.New(access.Config{}, h.catalog, log)
	if failed != nil {
		t.Fatal(failed)
	}
	h.pages = New(Config{Language: "en", Location: time.UTC, Examine: func(context.Context, string) ([]office.Finding, error) {
		return findings, err
	}}, gate, h.store, h.catalog, log)
}

func TestTheMachineIsExaminedWhenSomebodyAsksForIt(t *testing.T) {
	h := newHouse(t)
	h.examined(t, []office.Finding{
		{What: "tesseract", Name: "tesseract", State: "good", Detail: "5.3.0"},
		{What: "model vie", Name: "model vie", State: "missing", Remedy: "apt install tesseract-ocr-vie"},
	}, nil)
	saysNot(t, h.get(t, dossier.RoleAdministrator, "/admin"), "5.3.0")
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/health", ""), http.StatusOK, "5.3.0", "apt install tesseract-ocr-vie", say("en", "health.missing", 1))
	for _, role := range []dossier.UserRole{dossier.RoleClerk, dossier.RoleOperator} {
		says(t, h.post(t, role, "/admin/health", ""), http.StatusForbidden)
	}
	h.examined(t, nil, office.ErrBusy)
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/health", ""), http.StatusServiceUnavailable, say("en", "admin.busy"))
	h.examined(t, nil, office.ErrBounds)
	says(t, h.post(t, dossier.RoleAdministrator, "/admin/health", ""), http.StatusServiceUnavailable, say("en", "health.bounds"))
}

func TestWhoSeesSomeStationsDoesNotHaveTheMachineExamined(t *testing.T) {
	h := newHouse(t)
	h.examined(t, []office.Finding{{What: "stations", State: "missing", Detail: "quay-9"}}, nil)
	who := dossier.Principal{Name: "lan", Role: dossier.RoleAdministrator, Scope: dossier.Scope{Departments: []string{"so-tu-phap"}}}
	saysNot(t, h.getAs(t, who, "/admin"), "/admin/health")
	r := httptest.NewRequestWithContext(access.With(t.Context(), who), http.MethodPost, "/admin/health", http.NoBody)
	says(t, h.serve(r), http.StatusForbidden)
}
