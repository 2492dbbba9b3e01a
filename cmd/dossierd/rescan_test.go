package main_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// versions are the events of published versions of a dossier by their number, from 0.
func (h *house) versions(code string) []dossier.Event {
	h.t.Helper()
	events := slices.DeleteFunc(h.events.events(dossier.EventDossierPublished), func(e dossier.Event) bool { return e.Data.Dossier.Code != code })
	slices.SortFunc(events, func(a, b dossier.Event) int { return a.Data.Dossier.Version - b.Data.Dossier.Version })
	return events
}

// sheets names the files of a version's pages, and those of the pages left out with the reason.
func (h *house) sheets(e dossier.Event) string {
	h.t.Helper()
	m := h.metadata(e)
	var all []string
	for _, p := range m.Pages {
		all = append(all, m.Deposits[p.Deposit].Name)
	}
	for _, l := range m.LeftOut {
		all = append(all, m.Deposits[l.Deposit].Name+" "+l.Reason)
	}
	return strings.Join(all, ", ")
}

var slipOnReceipt = regexp.MustCompile(`"slips": \[\s*"([^"]+)"`)

func TestAPageScannedAgainBehindItsSlipReplacesTheOldOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure(batchSettings("folder"))
	h.start("")
	h.dropBatch("folder", "b1", variant(t, 1), darkened(t), variant(t, 2))
	h.settled(3, time.Minute)
	first := h.events.events(dossier.EventDossierPublished)[0].Data.Dossier
	receipt := h.awaitReceipt("b1", `"slips"`)
	slip := slipOnReceipt.FindStringSubmatch(receipt)
	if slip == nil || !strings.HasSuffix(slip[1], ":2") {
		t.Fatalf("the receipt is %s", receipt)
	}
	h.dropBatch("folder", "again", h.scannedSlip("--rescan", slip[1]), variant(t, 3))
	h.settled(5, time.Minute)
	versions := h.versions(first.Code)
	if len(versions) != 2 || len(h.events.events(dossier.EventDossierPublished)) != 2 {
		t.Fatalf("published %+v", h.events.events(dossier.EventDossierPublished))
	}
	if got, want := h.sheets(versions[1]), "b1-1.jpg, again-2.jpg, b1-3.jpg, b1-2.jpg replaced, again-1.jpg slip"; got != want {
		t.Errorf("version 2 has %s, want %s", got, want)
	}
	if got := h.sheets(versions[0]); got != "b1-1.jpg, b1-2.jpg, b1-3.jpg" {
		t.Errorf("version 1 has %s", got)
	}
	h.awaitReceipt("again", first.Code+": Page 2 was replaced by a new scan.")
	var record catalog.Record
	if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/dossiers/"+first.Code), &record); err != nil {
		t.Fatal(err)
	}
	if len(record.Decisions) != 1 || record.Decisions[0].Who != "quay-1" || !strings.Contains(string(record.Decisions[0].Decision), `"rescan"`) {
		t.Errorf("decisions %+v", record.Decisions)
	}
}

func TestAFileOfTheSamePrefixReplacesTheOneThatWasAdvised(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure(batchSettings("prefix"))
	h.start("")
	h.drop("b1-1.jpg", darkened(t))
	h.drop("b1-2.jpg", variant(t, 1))
	h.settled(2, time.Minute)
	h.until("the advice", func() bool { return len(h.events.events(dossier.EventRescanAdvised)) == 1 })
	code := h.events.events(dossier.EventDossierPublished)[0].Data.Dossier.Code
	h.drop("b1-1.jpg", variant(t, 2))
	h.settled(3, time.Minute)
	versions := h.versions(code)
	if len(versions) != 2 {
		t.Fatalf("published %+v", h.events.events(dossier.EventDossierPublished))
	}
	if got, want := h.sheets(versions[1]), "b1-1.jpg, b1-2.jpg, b1-1.jpg replaced"; got != want {
		t.Errorf("version 2 has %s, want %s", got, want)
	}
	h.drop("b1-2.jpg", variant(t, 3)) // no rescan of this one was advised
	h.settled(4, time.Minute)
	if n := len(h.versions(code)); n != 2 {
		t.Errorf("a file that nobody asked for made version %d", n)
	}
}

func TestAKillWhileAPageIsReplacedMakesOneVersion(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		for _, point := range []string{"page.recorded", "assemble.reserved", "assemble.pdf", "assemble.stored", "publish.committed"} {
			t.Run(name+"/"+point, func(t *testing.T) {
				t.Parallel()
				killRescanAt(t, extra(t), point)
			})
		}
	}
}

func killRescanAt(t *testing.T, extra, point string) {
	h := newHouse(t, extra)
	h.configure(batchSettings("folder"))
	h.start("")
	h.dropBatch("folder", "b1", note(t, 1), note(t, 2))
	h.settled(2, 2*time.Minute)
	code := h.events.events(dossier.EventDossierPublished)[0].Data.Dossier.Code
	slip := h.scannedSlip("--rescan", h.batchOf(code)+":2")
	h.kill()
	h.start(point)
	h.dropBatch("folder", "again", slip, note(t, 3))
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.settled(4, 2*time.Minute)
	versions := h.versions(code)
	if len(versions) != 2 || len(h.events.events(dossier.EventDossierPublished)) != 2 {
		t.Fatalf("%d versions, %d dossiers published", len(versions), len(h.events.events(dossier.EventDossierPublished)))
	}
	if got, want := h.sheets(versions[1]), "b1-1.jpg, again-2.jpg, b1-2.jpg replaced, again-1.jpg slip"; got != want {
		t.Errorf("version 2 has %s, want %s", got, want)
	}
}

func TestKillsAtRandomLeaveAPageAndItsNewScanInOnePlaceEach(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killRescansAtRandom(t, extra(t))
		})
	}
}

// killRescansAtRandom scans again the second page of each batch that is there. A slip waits for a batch that is in work.
func killRescansAtRandom(t *testing.T, extra string) {
	h := newHouse(t, extra)
	h.configure(batchSettings("folder"))
	batches, kills := 0, 0
	again := map[string]string{} // codes, to what their new scans are called
	for goesOn := killing(t); goesOn(kills); kills++ {
		h.start("")
		if batches < 5 {
			batches++
			h.dropBatch("folder", fmt.Sprintf("b%02d", batches), note(t, batches*10+1), note(t, batches*10+2))
		}
		for _, e := range h.events.events(dossier.EventDossierPublished) {
			f := e.Data.Dossier
			if f.Version > 1 || again[f.Code] != "" {
				continue
			}
			again[f.Code] = fmt.Sprintf("r%02d", len(again)+1)
			slip := h.scannedSlip("--rescan", h.batchOf(f.Code)+":2")
			h.dropBatch("folder", again[f.Code], slip, note(t, 1000+len(again)))
		}
		time.Sleep(time.Duration(rand.Int64N(int64(6 * time.Second)))) // the moment of the kill is the test's input
		h.kill()
	}
	h.start("")
	h.settled(2*batches+2*len(again), 4*time.Minute)
	all := h.events.events(dossier.EventDossierPublished)
	if len(all) != batches+len(again) {
		t.Errorf("%d versions of %d batches and %d new scans", len(all), batches, len(again))
	}
	for code, name := range again {
		versions := h.versions(code)
		if len(versions) != 2 {
			t.Errorf("%s has %d versions", code, len(versions))
			continue
		}
		batch := strings.Split(h.sheets(versions[0]), "-")[0]
		want := fmt.Sprintf("%[1]s-1.jpg, %[2]s-2.jpg, %[1]s-2.jpg replaced, %[2]s-1.jpg slip", batch, name)
		if got := h.sheets(versions[1]); got != want {
			t.Errorf("%s has %s, want %s", code, got, want)
		}
	}
	t.Logf("%d batches, %d scanned again, killed %d times", batches, len(again), kills)
}

// batchOf is the id of the batch that made the first version of a dossier.
func (h *house) batchOf(code string) string {
	h.t.Helper()
	var record catalog.Record
	if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/dossiers/"+code), &record); err != nil {
		h.t.Fatal(err)
	}
	return record.Versions[0].Revision
}
