package pages

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func TestDeliveriesAreForWhoMends(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	for _, role := range []dossier.UserRole{dossier.RoleClerk, dossier.RoleArchivist} {
		says(t, h.get(t, role, "/deliveries"), http.StatusForbidden)
		for _, path := range []string{"/deliveries/test", "/deliveries/replay", "/deliveries/on"} {
			says(t, h.post(t, role, path, "subscriber=case-system&id=1"), http.StatusForbidden)
		}
	}
	list, err := h.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{})
	if err != nil || len(list) != 0 {
		t.Errorf("%v %+v", err, list)
	}
}

func TestATestEventIsSentToWhomTheSettingsName(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	h.catalog.SetSubscribers([]catalog.Subscriber{{Name: "case-system"}})
	says(t, h.post(t, dossier.RoleOperator, "/deliveries/test", "subscriber=nobody"), http.StatusNotFound)
	w := h.post(t, dossier.RoleOperator, "/deliveries/test", "subscriber=case-system")
	says(t, w, http.StatusSeeOther)
	says(t, h.get(t, dossier.RoleOperator, w.Header().Get("Location")), http.StatusOK, "case-system", "Pending", "Not tried yet.", "&#34;type&#34;: &#34;test&#34;")
	says(t, h.get(t, dossier.RoleOperator, "/deliveries?state=pending"), http.StatusOK, "test case-system")
	saysNot(t, h.get(t, dossier.RoleOperator, "/deliveries?state=dead"), "test case-system")
	says(t, h.get(t, dossier.RoleOperator, "/deliveries/nothing"), http.StatusNotFound)
	log, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionMend})
	if err != nil || len(log) != 1 || !strings.HasPrefix(log[0].Subject, "subscriber/") {
		t.Errorf("%v %+v", err, log)
	}
}

// told is the delivery of a refused file of quay-1.
func (h *house) told(t *testing.T) catalog.Delivery {
	t.Helper()
	h.catalog.SetSubscribers([]catalog.Subscriber{{Name: "case-system", Events: []dossier.EventType{dossier.EventDepositRejected}}})
	h.refuse(t, "d1", "quay-1", "a.pdf")
	list, err := h.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{})
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %+v", err, list)
	}
	return list[0]
}

func TestWhoIsShownADeliveryOrTheQuarantineStandsInTheAuditLog(t *testing.T) {
	h := newHouse(t)
	d := h.told(t)
	says(t, h.get(t, dossier.RoleOperator, "/deliveries/"+d.ID), http.StatusOK)
	for range 2 {
		says(t, h.get(t, dossier.RoleOperator, "/waiting"), http.StatusOK, "a.pdf")
	}
	log, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{Limit: 10})
	if err != nil || len(log) != 2 || log[1].Action != catalog.ActionDeposit || log[1].Subject != "d1" || log[0].Action != catalog.ActionExport || log[0].Subject != "quarantine" {
		t.Errorf("%v %+v", err, log)
	}
}

func TestADeliveryOutsideOfTheScopeIsNotThere(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	d := h.told(t)
	says(t, h.getSeeing(t, dossier.RoleOperator, dossier.Scope{Stations: []string{"quay-1"}}, "/deliveries"), http.StatusOK, d.ID)
	elsewhere := dossier.Scope{Stations: []string{"quay-2"}}
	says(t, h.getSeeing(t, dossier.RoleOperator, elsewhere, "/deliveries/"+d.ID), http.StatusNotFound)
	saysNot(t, h.getSeeing(t, dossier.RoleOperator, elsewhere, "/deliveries"), d.ID)
}

func TestADeliveryThatWasGivenUpIsShownWithItsAttemptsAndSentAgain(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	d := h.told(t)
	attempt := catalog.Attempt{
		At: time.Now(), Took: 1500 * time.Millisecond, Status: http.StatusBadGateway, Error: "502 Bad Gateway",
		Headers: map[string]string{"webhook-id": d.EventID}, Answer: "no <b>upstream</b>",
	}
	if err := h.catalog.DeliveryFailed(t.Context(), d.ID, attempt, time.Now(), true); err != nil {
		t.Fatal(err)
	}
	says(t, h.get(t, dossier.RoleOperator, "/deliveries/"+d.ID), http.StatusOK,
		"Given up", "502", "1.50 s", "webhook-id: "+d.EventID, "no &lt;b&gt;upstream&lt;/b&gt;")
	w := h.post(t, dossier.RoleOperator, "/deliveries/replay", "id="+d.ID+"&back=one")
	if to := w.Header().Get("Location"); to != "/deliveries/"+d.ID+"?replayed=1" {
		t.Errorf("leads to %s", to)
	}
	if again, _, err := h.catalog.Delivery(t.Context(), catalog.Everything(), d.ID); err != nil || again.State != catalog.DeliveryPending {
		t.Errorf("%v %+v", err, again)
	}
}

func TestASubscriberThatIsSwitchedOffIsSwitchedOnAgain(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	d := h.told(t)
	if err := h.catalog.SwitchOff(t.Context(), d.ID, catalog.Attempt{At: time.Now(), Status: http.StatusGone, Error: "410 Gone"}); err != nil {
		t.Fatal(err)
	}
	says(t, h.get(t, dossier.RoleOperator, "/deliveries"), http.StatusOK, "Switched off since", "410 Gone", `action="/deliveries/on"`)
	says(t, h.get(t, dossier.RoleAdministrator, "/admin"), http.StatusOK, say("en", "admin.off"))
	w := h.post(t, dossier.RoleOperator, "/deliveries/on", "subscriber=case-system")
	w = h.get(t, dossier.RoleOperator, w.Header().Get("Location"))
	says(t, w, http.StatusOK, "case-system is told of events again.")
	saysNot(t, w, "Switched off since")
}

func TestASubscriberIsSeenToByWhoSeesAllRecords(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	d := h.told(t)
	h.refuse(t, "d2", "quay-2", "b.pdf")
	must(t, h.catalog.SwitchOff(t.Context(), d.ID, catalog.Attempt{At: time.Now(), Status: http.StatusGone, Error: "410 Gone"}))
	who := dossier.Principal{Name: "lan", Role: dossier.RoleOperator, Scope: dossier.Scope{Stations: []string{"quay-1"}}}
	post := func(path, form string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(access.With(t.Context(), who), http.MethodPost, path, strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return h.serve(r)
	}
	says(t, post("/deliveries/on", "subscriber=case-system"), http.StatusForbidden)
	says(t, post("/deliveries/test", "subscriber=case-system"), http.StatusForbidden)
	says(t, post("/deliveries/replay", "id="+d.ID), http.StatusSeeOther)
	w := h.getAs(t, who, "/deliveries")
	says(t, w, http.StatusOK, say("en", "admin.off"))
	saysNot(t, w, "held back", `action="/deliveries/on"`, `action="/deliveries/test"`)
	off, err := h.catalog.SwitchedOff(t.Context())
	if err != nil || len(off) != 1 || off[0].Pending != 2 {
		t.Errorf("%v %+v", err, off)
	}
}
