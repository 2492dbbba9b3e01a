package main_test

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
)

func TestAKillBetweenACorrectionAndItsVersionPublishesItOnce(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		for _, point := range []string{"assemble.pdf", "assemble.stored", "publish.committed"} {
			t.Run(name+"/"+point, func(t *testing.T) {
				t.Parallel()
				killCorrectionAt(t, extra(t), point)
			})
		}
	}
}

// killCorrectionAt publishes a dossier, corrects a field of it, has the daemon killed at a hand-over of the version that this makes,
// and starts it again.
func killCorrectionAt(t *testing.T, extra, point string) {
	const place = "Kệ 3, hộp 12"
	h := newHouse(t, extra)
	h.configure("")
	h.start("")
	h.drop("scan.jpg", sample(t))
	h.settled(1, time.Minute)
	code := h.events.events(dossier.EventDossierPublished)[0].Data.Dossier.Code
	h.until("its delivery is done", func() bool { return h.status().Deliveries["pending"] == 0 })
	h.kill()
	h.start(point)
	status, said := h.post("/api/v1/dossiers/"+code+"/decisions", `{"do": "correct", "page": 1, "field": "kept_at", "value": "`+place+`"}`, "If-Match", `"1"`)
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, said)
	}
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.until("its second version is told of", func() bool { return len(h.events.events(dossier.EventDossierPublished)) >= 2 })
	h.settled(1, time.Minute)
	told := h.events.events(dossier.EventDossierPublished)
	if len(told) != 2 || told[1].Data.Dossier.Version != 2 {
		t.Fatalf("published %+v", told)
	}
	var m pipeline.Metadata
	if err := json.Unmarshal(h.object(told[1].Data.Objects["metadata"]), &m); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(m.Documents[0].Fields, func(f dossier.Field) bool { return f.Name == "kept_at" && f.Value == "***" && f.Corrected != nil }) {
		t.Errorf("%+v", m.Documents)
	}
	known := map[string]bool{}
	for _, e := range told {
		for _, o := range e.Data.Objects {
			known[o.Key] = true
		}
	}
	for _, key := range files(t, filepath.Join(h.data, "objects", "dossiers")) {
		if !known["dossiers/"+key] {
			t.Errorf("stray object %s", key)
		}
	}
}
