package main_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite" // to set a clock back

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestAnErasureThatIsKilledIsFinishedAfterTheRestart(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		// At the fifth deletion the original and the pages are gone, and the version's files are written down and about to go.
		for _, point := range []string{"erase.decided", "erase.deleted", "erase.deleted:3", "erase.deleted:5"} {
			t.Run(name+"/"+point, func(t *testing.T) {
				t.Parallel()
				killErasureAt(t, extra(t), point)
			})
		}
	}
}

func killErasureAt(t *testing.T, extra, point string) {
	h := newHouse(t, extra)
	h.mayErase()
	h.start(point)
	h.drop("two.tif", twoNotes(t))
	h.settled(1, time.Minute)
	published := h.events.events(dossier.EventDossierPublished)[0]
	code := published.Data.Dossier.Code
	h.erase(code)
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.destroyed(code, published)
	h.settled(1, time.Minute)
	if n := len(h.events.events(dossier.EventDossierErased)); n != 1 {
		t.Errorf("%d events tell of the erasure", n)
	}
	h.drop("again.tif", twoNotes(t)) // the same bytes, and no duplicate
	h.settled(2, time.Minute)
	all := h.events.events(dossier.EventDossierPublished)
	if len(all) != 2 {
		t.Fatalf("%d dossiers are published, want 2", len(all))
	}
	for name, o := range all[1].Data.Objects {
		if data := h.object(o); int64(len(data)) != o.Bytes {
			t.Errorf("%s of the second dossier has %d bytes, not %d", name, len(data), o.Bytes)
		}
	}
}

// mayErase gives the token of the tests the right to erase.
func (h *house) mayErase() {
	h.t.Helper()
	settings, err := os.ReadFile(h.config)
	if err == nil {
		err = os.WriteFile(h.config, bytes.Replace(settings, []byte("name: test,"), []byte("name: test, erase: true,"), 1), 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// erase decides to erase a dossier. The daemon may die of it before it has answered.
func (h *house) erase(code string) {
	h.t.Helper()
	url := "http://" + h.address + "/api/v1/dossiers/" + code + "/decisions"
	req, err := http.NewRequest(http.MethodPost, url, strings.NewReader(`{"do": "erase", "reason": "asked for"}`))
	if err != nil {
		h.t.Fatal(err)
	}
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "Content-Type": "application/json", "If-Match": `"1"`} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		h.t.Fatalf("the erasure was answered with %s", resp.Status)
	}
}

// destroyed waits for the complete tombstone of a dossier, and holds it against what was published.
func (h *house) destroyed(code string, published dossier.Event) {
	h.t.Helper()
	var r catalog.Record
	h.until("the tombstone is complete", func() bool {
		if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/dossiers/"+code), &r); err != nil {
			h.t.Fatal(err)
		}
		return len(r.Tombstones) == 1 && !r.Tombstones[0].DestroyedAt.IsZero()
	})
	told := map[string]catalog.TombstoneObject{}
	for _, o := range r.Tombstones[0].Objects {
		told[o.Key] = o
	}
	for name, o := range published.Data.Objects {
		if got := told[o.Key]; got.SHA256 != o.SHA256 || got.Bytes != o.Bytes || got.Disposition != catalog.DispositionDestroyed {
			h.t.Errorf("%s: the tombstone says %+v", name, got)
		}
		if status := h.answer(o.URL); status != http.StatusGone {
			h.t.Errorf("%s is answered with %d", name, status)
		}
	}
	for _, key := range files(h.t, filepath.Join(h.data, "objects")) {
		if !strings.HasPrefix(key, ".tmp/") || path.Base(key) != "lock" {
			h.t.Errorf("object %s is left", key)
		}
	}
}

// age sets everything that happened to a dossier back, while no daemon runs.
func (h *house) age(code string, by time.Duration) {
	h.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(h.data, "catalogue.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range []string{
		`UPDATE versions SET published_at = published_at - ? WHERE code = ?`, `UPDATE dossier_states SET at = at - ? WHERE code = ?`,
	} {
		if _, err := db.Exec(statement, by.Microseconds(), code); err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestADossierIsErasedOnceItsRetentionIsOver(t *testing.T) {
	t.Parallel()
	kinds := t.TempDir()
	const kind = "name: sample\ntitles: {vi: Mẫu}\nrecognise:\n  - {words: [PHÒNG HỘ TỊCH], weight: 1}\n  - {words: [quầy bưu điện], weight: 1}\n"
	if err := os.WriteFile(filepath.Join(kinds, "sample.yaml"), []byte(kind), 0o600); err != nil {
		t.Fatal(err)
	}
	h := newHouse(t, "kinds: "+kinds)
	h.start("")
	h.drop("a.jpg", sample(t))
	h.settled(1, time.Minute)
	e := h.events.events(dossier.EventDossierPublished)[0]
	if got := e.Data.Dossier.Documents[0].Kind; got != "sample" {
		t.Fatalf("the sample is of kind %q", got)
	}
	h.kill()
	h.age(e.Data.Dossier.Code, 42*24*time.Hour)
	for _, tt := range []struct {
		rules  string
		erased int
	}{{"{}", 0}, {"{vi-birth: 1d, sample: 42d}", 0}, {"{sample: 40d}", 1}} {
		h.extra = "kinds: " + kinds + "\nretention: " + tt.rules
		h.configure("")
		h.start("")
		if tt.erased > 0 {
			h.destroyed(e.Data.Dossier.Code, e)
			h.settled(1, time.Minute)
		}
		h.kill()
		if n := len(h.events.events(dossier.EventDossierErased)); n != tt.erased {
			t.Errorf("with the rules %s %d are erased", tt.rules, n)
		}
	}
}
