package main_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/pipeline"
)

// faultPoints are the hand-overs, in the order of a page's way.
func faultPoints() []string {
	return []string{
		"intake.stored", "intake.recorded", "page.split", "page.stored", "page.recorded", "deposit.rejected",
		"assemble.reserved", "assemble.pdf", "assemble.stored", "publish.committed", "deliver.sent",
	}
}

func TestAKillAtEveryHandOverLosesNothingAndPublishesNothingTwice(t *testing.T) {
	t.Parallel()
	build(t)
	for _, point := range faultPoints() {
		t.Run("sqlite/"+point, func(t *testing.T) {
			t.Parallel()
			killAt(t, "", point)
		})
	}
	for _, point := range faultPoints() {
		t.Run("postgres/"+point, func(t *testing.T) {
			t.Parallel()
			killAt(t, "catalogue: {type: postgres, url: '"+testserver.Postgres(t)+"'}", point)
		})
	}
}

// killAt drops a page, a file of two pages and a refused one, has the daemon killed at the hand-over, and starts it again.
func killAt(t *testing.T, extra, point string) {
	h := newHouse(t, extra)
	h.start(point)
	h.drop("one.jpg", note(t, 1))
	h.drop("two.tif", twoNotes(t))
	h.drop("bad.pdf", []byte("%PDF-1.4 and nothing else"))
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.settled(3, 2*time.Minute)
	h.checkOnce(3, 2, 1)
}

// checkOnce holds catalogue, events, folders and objects against each other.
func (h *house) checkOnce(deposits, published, rejected int) {
	h.t.Helper()
	events := h.events.events(dossier.EventDossierPublished)
	if len(events) != published {
		h.t.Errorf("%d dossiers published, want %d", len(events), published)
	}
	if n := len(h.events.events(dossier.EventDepositRejected)); n != rejected {
		h.t.Errorf("%d deposits rejected, want %d", n, rejected)
	}
	expected, codes := map[string]bool{}, map[string]bool{}
	left := map[string]bool{}   // folders of pages that are left out
	thumbs := map[string]bool{} // may be missing: a look that a kill ended is not made up for once its page is read
	for _, e := range events {
		if codes[e.Data.Dossier.Code] {
			h.t.Errorf("dossier %s was published twice", e.Data.Dossier.Code)
		}
		codes[e.Data.Dossier.Code] = true
		for _, o := range e.Data.Objects {
			expected[o.Key] = true
		}
		var m pipeline.Metadata
		if err := json.Unmarshal(h.object(e.Data.Objects["metadata"]), &m); err != nil {
			h.t.Fatal(err)
		}
		for _, page := range m.Pages {
			for _, file := range []string{"layout.json.gz", "preview.jpg", "image." + page.Image.Format.Ext()} {
				expected[path.Join(path.Dir(page.Layout), file)] = true
			}
			thumbs[path.Join(path.Dir(page.Layout), "thumb.jpg")] = true
		}
		for _, l := range m.LeftOut {
			left["pages/"+l.Page] = true
		}
	}
	for _, e := range h.events.events(dossier.EventDepositRejected) {
		sha := e.Data.Deposit.SHA256
		expected["originals/"+sha[:2]+"/"+sha] = true
	}
	for _, key := range files(h.t, filepath.Join(h.data, "objects")) {
		if strings.HasPrefix(key, ".tmp/") && path.Base(key) == "lock" {
			continue // of the session that runs
		}
		if !expected[key] && !thumbs[key] && !left[path.Dir(key)] {
			h.t.Errorf("stray object %s", key)
		}
		delete(expected, key)
	}
	for key := range expected {
		h.t.Errorf("missing object %s", key)
	}
	h.awaitEmpty(filepath.Join(h.station, ".dossierd", "claimed"))
	for _, name := range files(h.t, h.station) {
		if !strings.HasPrefix(name, "_receipts/") && !strings.HasPrefix(name, "_rejected/") && !strings.HasPrefix(name, ".dossierd/") {
			h.t.Errorf("left in the station's folder: %s", name)
		}
	}
	if s := h.status(); s.Stations[0].Total != deposits {
		h.t.Errorf("%d deposits in the catalogue, want %d", s.Stations[0].Total, deposits)
	}
}

func (h *house) awaitEmpty(folder string) {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		left, err := os.ReadDir(folder)
		if os.IsNotExist(err) || (err == nil && len(left) == 0) {
			return
		}
		if time.Now().After(deadline) {
			h.t.Errorf("%s is not empty: %v", folder, left)
			return
		}
	}
}

// leastKills is how often each test kills at random, however slow the machine.
const leastKills = 6

// killing says whether a test that kills at random goes on: half a minute, and at least leastKills times. DOSSIERD_KILLING in the
// environment, as 10m, has it look for what is rarer.
func killing(t *testing.T) (goesOn func(kills int) bool) {
	t.Helper()
	d := 30 * time.Second
	if asked := os.Getenv("DOSSIERD_KILLING"); asked != "" {
		var err error
		if d, err = time.ParseDuration(asked); err != nil {
			t.Fatalf("DOSSIERD_KILLING: %v", err)
		}
	}
	end := time.Now().Add(d)
	return func(kills int) bool { return kills < leastKills || time.Now().Before(end) }
}

func TestKillsAtRandomLoseNothing(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return "catalogue: {type: postgres, url: '" + testserver.Postgres(t) + "'}" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t, extra(t))
			dropped, kills := 0, 0
			for goesOn := killing(t); goesOn(kills); kills++ {
				h.start("")
				for range 2 {
					dropped++
					h.drop(fmt.Sprintf("%d.jpg", dropped), variant(t, dropped))
				}
				time.Sleep(time.Duration(rand.Int64N(int64(4 * time.Second)))) // the moment of the kill is the test's input
				if rand.IntN(2) == 0 {
					h.killWorker()
				} else {
					h.kill()
				}
				if h.process != nil {
					time.Sleep(time.Duration(rand.Int64N(int64(time.Second)))) // likewise
					h.kill()
				}
			}
			h.start("")
			h.settled(dropped, 4*time.Minute)
			h.checkOnce(dropped, dropped, 0)
			t.Logf("%d files, killed %d times", dropped, kills)
		})
	}
}

// killWorker kills one page worker of this daemon, if it has one just now.
func (h *house) killWorker() {
	procs, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		h.t.Fatal(err)
	}
	parent := "PPid:\t" + strconv.Itoa(h.process.Process.Pid) + "\n"
	for _, proc := range procs {
		status, err := os.ReadFile(proc)
		if err == nil && strings.Contains(string(status), parent) && strings.HasPrefix(string(status), "Name:\tdossierd-page") {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(proc)))
			if err == nil {
				_ = syscall.Kill(pid, syscall.SIGKILL)
				return
			}
		}
	}
}
