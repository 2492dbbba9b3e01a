package pages

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// getSeeing visits a page as somebody of a scope.
func (h *house) getSeeing(t *testing.T, role dossier.UserRole, scope dossier.Scope, path string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	who := dossier.Principal{Kind: dossier.KindToken, Name: "lan", Role: role, Scope: scope}
	return h.visit(t, "", r.WithContext(access.With(r.Context(), who)))
}

// takeIn takes a file of a station in.
func (h *house) takeIn(t *testing.T, id, station, name string) {
	t.Helper()
	_, err := h.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: id, Station: station, Department: "so-tu-phap", Name: name, SHA256: "sha-of-" + id, Bytes: 100_000,
		ModifiedAt: time.Now(), ReceivedAt: time.Now(),
	}})
	if err != nil {
		t.Fatal(err)
	}
}

// refuse takes a file in that is damaged.
func (h *house) refuse(t *testing.T, id, station, name string) {
	t.Helper()
	h.takeIn(t, id, station, name)
	if err := h.catalog.Reject(t.Context(), id, dossier.Reject(dossier.CodeDamaged, ""), ""); err != nil {
		t.Fatal(err)
	}
}

func (h *house) state(t *testing.T, id string) dossier.Deposit {
	t.Helper()
	d, err := h.catalog.Deposit(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func says(t *testing.T, w *httptest.ResponseRecorder, status int, texts ...string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	for _, text := range texts {
		if !strings.Contains(w.Body.String(), text) {
			t.Errorf("it does not say %q", text)
		}
	}
}

func saysNot(t *testing.T, w *httptest.ResponseRecorder, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(w.Body.String(), text) {
			t.Errorf("it says %q", text)
		}
	}
}

func TestARefusedFileIsShownWithItsReasonToWhoSeesItsStation(t *testing.T) {
	h := newHouse(t)
	h.refuse(t, "d1", "quay-1", "hong 001085012345.pdf")
	h.refuse(t, "d2", "quay-2", "khac.pdf")
	w := h.getSeeing(t, dossier.RoleOperator, dossier.Scope{Stations: []string{"quay-1"}}, "/waiting")
	says(t, w, http.StatusOK, "damaged", `value="d1"`, `formaction="/waiting/dismiss"`)
	saysNot(t, w, "khac.pdf", "001085012345")
	saysNot(t, h.getSeeing(t, dossier.RoleOperator, dossier.Scope{All: true}, "/waiting?station=quay-2"), `value="d1"`)
	w = h.getSeeing(t, dossier.RoleClerk, dossier.Scope{All: true}, "/waiting")
	says(t, w, http.StatusOK, "khac.pdf")
	saysNot(t, w, "<button class=\"button small\"", "/waiting/dismiss", `type="checkbox" name="id"`)
}

func TestOnlyWhoMayMendActsOnWhatWasRefused(t *testing.T) {
	h := newHouse(t)
	h.refuse(t, "d1", "quay-1", "hong.pdf")
	for _, path := range []string{"/waiting/retry", "/waiting/assign", "/waiting/dismiss", "/waiting/close"} {
		says(t, h.post(t, dossier.RoleClerk, path, "id=d1&reason=x&to=lan"), http.StatusForbidden)
	}
	if d := h.state(t, "d1"); d.State != dossier.StateRejected || d.Assigned != "" || d.Dismissed != nil {
		t.Errorf("%+v", d)
	}
}

func TestWhatIsTickedIsAssignedDismissedAndTriedAgain(t *testing.T) {
	h := newHouse(t)
	h.refuse(t, "d1", "quay-1", "mot.pdf")
	h.refuse(t, "d2", "quay-1", "hai.pdf")
	back := "&back=" + url.QueryEscape("/waiting?station=quay-1")
	w := h.post(t, dossier.RoleOperator, "/waiting/assign", "id=d1&id=d2&to=+anna+"+back)
	if to := w.Header().Get("Location"); to != "/waiting?did=assign&done=2&left=0&station=quay-1" {
		t.Errorf("leads to %s", to)
	}
	says(t, h.get(t, dossier.RoleOperator, w.Header().Get("Location")), http.StatusOK, "2 files are assigned.", "Seen to by anna")

	w = h.post(t, dossier.RoleOperator, "/waiting/dismiss", "id=d1&reason=+"+back)
	says(t, h.get(t, dossier.RoleOperator, w.Header().Get("Location")), http.StatusOK, say("en", "waiting.told.reason"))
	if d := h.state(t, "d1"); d.Dismissed != nil {
		t.Error("dismissed without a reason")
	}
	h.post(t, dossier.RoleOperator, "/waiting/dismiss", "id=d1&reason=a+test+page")
	if d := h.state(t, "d1"); d.Dismissed == nil || d.Dismissed.By != "lan" || d.Dismissed.Reason != "a test page" {
		t.Errorf("%+v", d.Dismissed)
	}
	saysNot(t, h.get(t, dossier.RoleOperator, "/waiting"), "mot.pdf")
	says(t, h.get(t, dossier.RoleOperator, "/waiting?dismissed=1"), http.StatusOK, "mot.pdf", "Dismissed by lan: a test page")

	h.post(t, dossier.RoleOperator, "/waiting/retry", "id=d1&only=d2&plain=1")
	if d := h.state(t, "d2"); d.State != dossier.StateReceived || d.Retry == nil || !d.Retry.Plain {
		t.Errorf("%+v", d)
	}
	if d := h.state(t, "d1"); d.State != dossier.StateRejected {
		t.Error("the button of one file tried another one again")
	}
	w = h.post(t, dossier.RoleOperator, "/waiting/retry", "id=d2")
	says(t, h.get(t, dossier.RoleOperator, w.Header().Get("Location")), http.StatusOK, "1 file is left as it is")
	w = h.post(t, dossier.RoleOperator, "/waiting/retry", "")
	says(t, h.get(t, dossier.RoleOperator, w.Header().Get("Location")), http.StatusOK, say("en", "waiting.told.none"))
}

func TestAListOfRefusedFilesGoesOnWhereItEnded(t *testing.T) {
	h := newHouse(t)
	for i := range refusedAtOnce + 1 {
		h.refuse(t, "d"+string(rune('0'+i/10))+string(rune('0'+i%10)), "quay-1", "tep.pdf")
	}
	w := h.get(t, dossier.RoleOperator, "/waiting?station=quay-1")
	says(t, w, http.StatusOK, "/waiting?after=d49&amp;station=quay-1")
	w = h.get(t, dossier.RoleOperator, "/waiting?after=d49&station=quay-1")
	says(t, w, http.StatusOK, `value="d50"`)
	saysNot(t, w, `value="d49"`, `href="/waiting?after=`)
}

func TestABatchThatIsOpenIsClosedByHand(t *testing.T) {
	h := newHouse(t)
	_, err := h.catalog.TakeIn(t.Context(), catalog.NewDeposit{
		Deposit: dossier.Deposit{
			ID: "d1", Station: "quay-1", Department: "so-tu-phap", Name: "a.pdf", SHA256: "s", Bytes: 1, ModifiedAt: time.Now(), ReceivedAt: time.Now(),
		},
		Batch: &dossier.Batch{Grouping: dossier.GroupFolder, Key: "lo-7"},
	})
	if err != nil {
		t.Fatal(err)
	}
	says(t, h.get(t, dossier.RoleOperator, "/waiting"), http.StatusOK, "lo-7", `action="/waiting/close"`)
	saysNot(t, h.getSeeing(t, dossier.RoleOperator, dossier.Scope{Stations: []string{"quay-2"}}, "/waiting"), "lo-7")
	list, err := h.catalog.Waiting(t.Context(), catalog.Everything())
	if err != nil || len(list) != 1 {
		t.Fatalf("%v %v", list, err)
	}
	says(t, h.post(t, dossier.RoleOperator, "/waiting/close", "batch="+list[0].ID), http.StatusSeeOther)
	saysNot(t, h.get(t, dossier.RoleOperator, "/waiting"), "lo-7")
	says(t, h.post(t, dossier.RoleOperator, "/waiting/close", "batch=nothing"), http.StatusNotFound)
}

func TestAFormIsAboutNoMoreThanAPageOffers(t *testing.T) {
	h := newHouse(t)
	many := strings.Repeat("id=d1&", mostAtOnce+1)
	for _, path := range []string{"/waiting/retry", "/waiting/assign", "/waiting/dismiss", "/deliveries/replay"} {
		says(t, h.post(t, dossier.RoleOperator, path, many+"reason=x"), http.StatusNotFound)
	}
	if log, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{}); err != nil || len(log) != 0 {
		t.Errorf("%v %d", err, len(log))
	}
}
