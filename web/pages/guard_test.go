package pages

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func TestADecisionByAFormHasTheBoundsOfTheAPI(t *testing.T) {
	a := newArchive(t)
	long := strings.Repeat("ă", 5001)
	for path, form := range map[string]string{
		"/decisions": "version=1&do=withdraw&reason=" + long[:1002], "/fields": "version=1&page=1&field=issued_on&force=1&reason=x&value=" + long,
	} {
		if w := a.as(t, clerkOf("quay-1"), a.path()+path, form); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	for _, path := range []string{"/decisions", "/fields", "/state", "/place"} { // and no form is read that has no end
		if w := a.as(t, clerkOf("quay-1"), a.path()+path, "do=withdraw&reason="+strings.Repeat("a", formMost)); w.Code < 400 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	r, err := a.catalog.Record(t.Context(), a.code, catalog.Everything())
	if must(t, err); len(r.Decisions) > 0 || r.Place != "" || r.State != catalog.DossierDigitised {
		t.Errorf("%+v", r)
	}
}

func TestNoCellBeginsAFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "-2": "'-2", "@a": "'@a", "\n=1": "'\n=1", "＝1": "'＝1", "a=1": "a=1", "": "", "đơn": "đơn",
	} {
		if got := harmless(cell); got != want {
			t.Errorf("%q is written %q", cell, got)
		}
	}
}

func TestThePictureOfAnIdentityPaperIsKeptByNoBrowser(t *testing.T) {
	h := newHouse(t)
	h.publish(t, "d1", "quay-1", "đơn")
	h.takeIn(t, "d2", "quay-1", "a.pdf")
	must(t, h.catalog.Split(t.Context(), catalog.Split{DepositID: "d2", Pages: 1}))
	must(t, h.catalog.PageDone(t.Context(), catalog.PageDone{PageID: "d2-1", ArtifactID: "d2-1", Personal: true}))
	for _, page := range []string{"d1-1", "d2-1"} {
		h.put(t, storage.PageKey(page, "thumb.jpg"), "picture")
	}
	who := dossier.Principal{Kind: dossier.KindToken, Name: "lan", Role: dossier.RoleArchivist, Scope: catalog.Everything(), Clear: true}
	for page, want := range map[string]string{"d1-1": "private, no-cache", "d2-1": "no-store"} {
		w := h.getAs(t, who, "/pages/"+page+"/thumb.jpg")
		if w.Code != http.StatusOK || w.Header().Get("Cache-Control") != want {
			t.Errorf("%s: %d %v", page, w.Code, w.Header())
		}
	}
}

func TestAFilesNameEndsNoEventOfAStream(t *testing.T) {
	for _, sign := range []string{"\r", "\n", "\r\n"} {
		got := streamed("counter", "a"+sign+"event: counter"+sign+"data: <b>")
		if got != "event: counter\ndata: a\ndata: event: counter\ndata: data: <b>\n\n" {
			t.Errorf("%q", got)
		}
	}
}

func TestAOneTimeLinkStandsInNoLog(t *testing.T) {
	h := newHouse(t)
	var log bytes.Buffer
	gate, err := access.New(access.Config{}, h.catalog, slog.New(slog.DiscardHandler))
	must(t, err)
	pages := New(Config{Language: "en", Location: time.UTC}, gate, h.store, h.catalog, slog.New(slog.NewTextHandler(&log, nil)))
	path, err := gate.FirstAdministrator(t.Context())
	must(t, err)
	must(t, h.catalog.Close()) // it is away
	w := httptest.NewRecorder()
	pages.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
	if w.Code != http.StatusServiceUnavailable || log.Len() == 0 || strings.Contains(log.String(), strings.TrimPrefix(path, access.LinkPath)) {
		t.Errorf("%d, and the log says %s", w.Code, log.String())
	}
}
