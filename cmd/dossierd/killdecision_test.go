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

func TestAKillBetweenADecisionAndItsVersionsPublishesThemOnce(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		for _, point := range []string{"assemble.pdf", "assemble.stored", "publish.committed", "deliver.sent"} {
			t.Run(name+"/"+point, func(t *testing.T) {
				t.Parallel()
				killDecisionAt(t, extra(t), point)
			})
		}
	}
}

// killDecisionAt publishes a dossier of three pages, decides that another begins on its second page, has the daemon killed at a
// hand-over of the versions that this makes, and starts it again.
func killDecisionAt(t *testing.T, extra, point string) {
	h := newHouse(t, extra)
	h.configure(batchSettings("folder"))
	h.start("")
	h.dropBatch("folder", "b1", note(t, 1), twoNotes(t))
	h.settled(2, time.Minute)
	first := h.events.events(dossier.EventDossierPublished)
	if len(first) != 1 {
		t.Fatalf("%d dossiers", len(first))
	}
	code, before := first[0].Data.Dossier.Code, h.pagesOf(first[0])
	h.until("its delivery is done", func() bool { return h.status().Deliveries["pending"] == 0 })
	h.kill()
	h.start(point)
	status, said := h.post("/api/v1/dossiers/"+code+"/decisions", `{"do": "cut", "page": 2, "level": "dossier"}`, "If-Match", `"1"`)
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, said)
	}
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.until("both versions are told of", func() bool { return len(h.events.events(dossier.EventDossierPublished)) >= 3 })
	h.settled(2, time.Minute)
	h.checkDecided(code, before)
}

// checkDecided holds that the pages of a dossier stand in it and in one other, each once, in versions that were published once.
func (h *house) checkDecided(code string, before []string) {
	h.t.Helper()
	var record struct {
		Version   int
		Decisions []struct{ ID string }
		Versions  []struct{ Version int }
	}
	if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/dossiers/"+code), &record); err != nil {
		h.t.Fatal(err)
	}
	if len(record.Decisions) != 1 || record.Version != 2 || len(record.Versions) != 2 {
		h.t.Errorf("%+v", record)
	}
	seen, told := map[string]int{}, map[string]bool{}
	var after []string
	for _, e := range h.events.events(dossier.EventDossierPublished) {
		d := e.Data.Dossier
		seen[d.Code]++
		for _, o := range e.Data.Objects {
			told[o.Key] = true
		}
		switch {
		case d.Code != code && d.Version == 1, d.Code == code && d.Version == 2:
			after = append(after, h.pagesOf(e)...)
		case d.Code != code || d.Version != 1:
			h.t.Errorf("%s version %d", d.Code, d.Version)
		}
	}
	slices.Sort(after)
	if len(seen) != 2 || seen[code] != 2 || !slices.Equal(after, before) {
		h.t.Errorf("published %v, pages %q, before the decision %q", seen, after, before)
	}
	for _, key := range files(h.t, filepath.Join(h.data, "objects", "dossiers")) {
		if !told["dossiers/"+key] {
			h.t.Errorf("stray object %s", key)
		}
	}
	if status, said := h.post("/api/v1/dossiers/"+code+"/decisions", `{"do": "cut", "page": 1}`, "If-Match", `"1"`); status != http.StatusPreconditionFailed {
		h.t.Errorf("what was decided is decided again: %d %s", status, said)
	}
}

// pagesOf are the ids of the pages of a published version, sorted.
func (h *house) pagesOf(e dossier.Event) []string {
	h.t.Helper()
	var m pipeline.Metadata
	if err := json.Unmarshal(h.object(e.Data.Objects["metadata"]), &m); err != nil {
		h.t.Fatal(err)
	}
	var ids []string
	for _, p := range m.Pages {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return ids
}
