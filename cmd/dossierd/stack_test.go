package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/storage/catalog"
)

// scannedSlip is a cover slip as a scanner sees it at 200 dpi.
func (h *house) scannedSlip(args ...string) []byte {
	h.t.Helper()
	pdf := filepath.Join(h.t.TempDir(), "slip.pdf")
	h.command(append([]string{"cover", "-o", pdf}, args...)...)
	image := strings.TrimSuffix(pdf, ".pdf")
	if out, err := exec.Command("pdftoppm", "-r", "200", "-gray", "-jpeg", "-singlefile", pdf, image).CombinedOutput(); err != nil {
		h.t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	data, err := os.ReadFile(image + ".jpg")
	if err != nil {
		h.t.Fatal(err)
	}
	return data
}

// metadata reads the metadata.json that an event names.
func (h *house) metadata(e dossier.Event) (m pipeline.Metadata) {
	h.t.Helper()
	if err := json.Unmarshal(h.get(e.Data.Objects["metadata"].URL), &m); err != nil {
		h.t.Fatal(err)
	}
	return m
}

// post sends JSON to the API and returns the status and the answer.
func (h *house) post(path, body string, header ...string) (int, []byte) {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://"+h.address+path, strings.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	header = append([]string{"Authorization", "Bearer " + token, "Content-Type", "application/json"}, header...)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return resp.StatusCode, said
}

// until polls for what another process does.
func (h *house) until(what string, done func() bool) {
	h.t.Helper()
	deadline := time.Now().Add(2 * time.Minute)
	for !done() {
		if time.Now().After(deadline) {
			h.t.Fatalf("not within two minutes: %s\n%s", what, h.log)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// A clerk feeds two citizens' papers at once, each behind a slip; a person mends the second dossier afterwards.
func TestAStackWithSlipsBecomesItsDossiers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure(batchSettings("folder"))
	h.start("")
	first, second := "H42.16-240112-0003", "H42.16-240112-0004"
	h.dropBatch("folder", "b1",
		h.scannedSlip("--code", first, "--procedure", "1.004873", "--place", "Kệ 3"), variant(t, 1), variant(t, 2),
		h.scannedSlip("--code", second), variant(t, 3), variant(t, 4))
	h.until("two dossiers", func() bool { return len(h.events.events(dossier.EventDossierPublished)) == 2 })
	h.settled(6, time.Minute)
	events := h.events.events(dossier.EventDossierPublished)
	slices.SortFunc(events, func(a, b dossier.Event) int { return strings.Compare(a.Data.Dossier.Code, b.Data.Dossier.Code) })
	for i, code := range []string{first, second} {
		e := events[i]
		f := e.Data.Dossier
		if f.Code != code || f.Version != 1 || f.Pages != 2 || f.LeftOut != 1 {
			t.Errorf("%+v", f)
		}
		m := h.metadata(e)
		if len(m.LeftOut) != 1 || m.LeftOut[0].Reason != "slip" || len(m.Deposits) != 3 {
			t.Errorf("left out %+v of %d deposits", m.LeftOut, len(m.Deposits))
		}
		pdf := filepath.Join(t.TempDir(), "dossier.pdf")
		if err := os.WriteFile(pdf, h.get(e.Data.Objects["pdf"].URL), 0o600); err != nil {
			t.Fatal(err)
		}
		verify(t, "2u", scanned{lines: []scanLine{{Status: "done", PDF: pdf}}})
	}
	if p := events[0].Data.Dossier.Procedure; p != "1.004873" {
		t.Errorf("procedure %q", p)
	}
	h.mend(second)
}

// mend lets a person cut a dossier in two and put its slip back.
func (h *house) mend(code string) {
	t := h.t
	path := "/api/v1/dossiers/" + code
	status, said := h.post(path+"/decisions", `{"do":"cut","page":2,"level":"dossier"}`, "If-Match", `"1"`)
	var decided catalog.Decided
	if err := json.Unmarshal(said, &decided); status != http.StatusAccepted || err != nil || len(decided.Versions) != 2 {
		t.Fatalf("%d %s", status, said)
	}
	h.until("the decision's versions", func() bool { return len(h.events.events(dossier.EventDossierPublished)) == 4 })
	var record catalog.Record
	if err := json.Unmarshal(h.get("http://"+h.address+path), &record); err != nil {
		t.Fatal(err)
	}
	if record.Version != 2 || len(record.Plan.LeftOut) != 1 || record.Plan.Pages() != 1 || record.Place != "" || record.Decisions[0].Who != "test" {
		t.Errorf("%+v", record)
	}
	body := fmt.Sprintf(`{"do":"restore","left_out":%q}`, record.Plan.LeftOut[0].Page)
	if status, said := h.post(path+"/decisions", body, "If-Match", `"2"`); status != http.StatusAccepted {
		t.Fatalf("%d %s", status, said)
	}
	h.until("the slip is back", func() bool { return len(h.events.events(dossier.EventDossierPublished)) == 5 })
	all := h.events.events(dossier.EventDossierPublished)
	slices.SortFunc(all, func(a, b dossier.Event) int { return a.Data.Dossier.Version - b.Data.Dossier.Version })
	last := all[len(all)-1]
	if f := last.Data.Dossier; f.Code != code || f.Version != 3 || f.Pages != 2 || f.LeftOut != 0 {
		t.Errorf("%+v", last)
	}
	var firstVersion dossier.Event
	for _, e := range all {
		if e.Data.Dossier.Code == code && e.Data.Dossier.Version == 1 {
			firstVersion = e
		}
	}
	if pdf := h.get(firstVersion.Data.Objects["pdf"].URL); !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		t.Error("the first version is gone")
	}
}
