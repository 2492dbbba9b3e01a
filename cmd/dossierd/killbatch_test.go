package main_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/storage/catalog"
)

// batchSettings are those of a station by its grouping. Batches of the tests are dropped in one go, which the pause outlasts.
func batchSettings(grouping string) string {
	switch grouping {
	case "folder":
		return "    grouping: folder\n    batch_quiet: 3s"
	case "prefix":
		return "    grouping: prefix\n    batch_quiet: 3s\n    prefix: '^(?P<dossier>b[0-9]+)-(?P<page>[0-9]+)'"
	case "ticket":
		return "    grouping: ticket\n    ticket: {type: json, files: files, dossier: code}"
	default:
		return "    grouping: separator\n    idle: 3s"
	}
}

// dropBatch puts files into the folder as a scanner does whose station has this grouping, the last page first.
func (h *house) dropBatch(grouping, batch string, pages ...[]byte) {
	h.t.Helper()
	name := func(i int) string { return fmt.Sprintf("%s-%d.jpg", batch, i+1) }
	if grouping == "folder" {
		if err := os.Mkdir(filepath.Join(h.station, batch), 0o755); err != nil {
			h.t.Fatal(err)
		}
	}
	var names []string
	for i := len(pages) - 1; i >= 0; i-- {
		if names = append(names, name(len(names))); grouping != "folder" {
			h.drop(name(i), pages[i])
			continue
		}
		h.drop("."+name(i), pages[i])
		if err := os.Rename(filepath.Join(h.station, "."+name(i)), filepath.Join(h.station, batch, name(i))); err != nil {
			h.t.Fatal(err)
		}
	}
	switch grouping {
	case "folder":
		if err := os.WriteFile(filepath.Join(h.station, batch, ".done"), nil, 0o644); err != nil {
			h.t.Fatal(err)
		}
	case "ticket":
		data, err := json.Marshal(map[string]any{"files": names, "code": batch})
		if err != nil {
			h.t.Fatal(err)
		}
		h.drop(batch+".json", data)
	}
}

// dossiers are the pages of the published dossiers, by their files' names.
func (h *house) dossiers() [][]string {
	h.t.Helper()
	var all [][]string
	for _, e := range h.events.events(dossier.EventDossierPublished) {
		var m pipeline.Metadata
		if err := json.Unmarshal(h.object(e.Data.Objects["metadata"]), &m); err != nil {
			h.t.Fatal(err)
		}
		var pages []string
		for _, p := range m.Pages {
			pages = append(pages, fmt.Sprintf("%s/%d", m.Deposits[p.Deposit].Name, p.SourcePage))
		}
		all = append(all, pages)
	}
	slices.SortFunc(all, slices.Compare)
	return all
}

// databases are the catalogues that the kill tests run on.
func databases() map[string]func(*testing.T) string {
	return map[string]func(*testing.T) string{
		"sqlite":   func(*testing.T) string { return "" },
		"postgres": func(t *testing.T) string { return "catalogue: {type: postgres, url: '" + testserver.Postgres(t) + "'}" },
	}
}

// How files are grouped is the folder's business, and not the database's: each hand-over is tried with either once.
func TestAKillAtEveryHandOverLeavesABatchOneDossier(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		grouping := map[string]string{"sqlite": "folder", "postgres": "prefix"}[name]
		for _, point := range append(faultPoints(), "batch.closed") {
			t.Run(name+"/"+grouping+"/"+point, func(t *testing.T) {
				t.Parallel()
				killBatchAt(t, extra(t), grouping, point)
			})
		}
	}
}

func killBatchAt(t *testing.T, extra, grouping, point string) {
	h := newHouse(t, extra)
	h.configure(batchSettings(grouping))
	h.start(point)
	h.dropBatch(grouping, "b1", note(t, 1), []byte("%PDF-1.4 and nothing else"), twoNotes(t))
	if state := h.wait(2 * time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("the daemon ended with %v", state)
	}
	h.start("")
	h.settled(3, 2*time.Minute)
	h.checkOnce(3, 1, 1)
	got, want := h.dossiers(), [][]string{{"b1-1.jpg/1", "b1-3.jpg/1", "b1-3.jpg/2"}}
	if len(got) != 1 || !slices.Equal(got[0], want[0]) {
		t.Errorf("dossiers %q, want %q", got, want)
	}
	if e := h.events.events(dossier.EventDossierPublished)[0]; !slices.Contains(e.Data.Dossier.Warnings, dossier.WarnFileRefused) {
		t.Errorf("warnings %v", e.Data.Dossier.Warnings)
	}
	h.checkNoBatchIsOpen(1)
}

func (h *house) checkNoBatchIsOpen(published int) {
	h.t.Helper()
	s := h.status()
	if got := s.Stations[0].Batches; got[catalog.BatchCollecting]+got[catalog.BatchReading] != 0 || got[catalog.BatchPublished] != published {
		h.t.Errorf("batches %+v, want %d published", got, published)
	}
	for _, name := range []string{"sets", "claimed"} {
		h.awaitEmpty(filepath.Join(h.station, ".dossierd", name))
	}
}

// Here too each grouping is tried with one of the databases.
func TestKillsAtRandomLeaveNoPageOfABatchInTwoDossiersOrNone(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		for _, grouping := range map[string][]string{"sqlite": {"folder", "ticket"}, "postgres": {"prefix"}}[name] {
			t.Run(name+"/"+grouping, func(t *testing.T) {
				t.Parallel()
				killBatchesAtRandom(t, extra(t), grouping)
			})
		}
	}
}

func killBatchesAtRandom(t *testing.T, extra, grouping string) {
	const pages = 3
	h := newHouse(t, extra)
	h.configure(batchSettings(grouping))
	batches, kills := 0, 0
	for goesOn := killing(t); goesOn(kills); kills++ {
		h.start("")
		if batches < 12 { // the rest of the time is for what was left
			batches++
			var scans [][]byte
			for i := range pages {
				scans = append(scans, note(t, batches*10+i))
			}
			h.dropBatch(grouping, fmt.Sprintf("b%02d", batches), scans...)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(6 * time.Second)))) // the moment of the kill is the test's input
		h.kill()
	}
	h.start("")
	deposits := batches * pages
	if grouping == "ticket" {
		deposits += batches
	}
	h.settled(deposits, 4*time.Minute)
	h.checkOnce(deposits, batches, 0)
	var want [][]string
	for b := 1; b <= batches; b++ {
		var names []string
		for i := 1; i <= pages; i++ {
			names = append(names, fmt.Sprintf("b%02d-%d.jpg/1", b, i))
		}
		want = append(want, names)
	}
	if got := h.dossiers(); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("after %d kills the dossiers are %q", kills, got)
	}
	h.checkNoBatchIsOpen(batches)
	t.Logf("%d batches, killed %d times", batches, kills)
}

func TestWhatABatchWaitsForIsShown(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure(batchSettings("ticket"))
	h.start("")
	h.drop("1.jpg", sample(t))
	h.drop("lot.json", []byte(`{"files": ["1.jpg", "2.jpg"]}`))
	h.drop("stray.jpg", sample(t))
	want := []string{"lot", "1 file(s) that its ticket lists", "their ticket", "2 open batch(es)"}
	var said string
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) { // polls another process
		said = h.command("status")
		if !slices.ContainsFunc(want, func(words string) bool { return !strings.Contains(said, words) }) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("status says\n%s", said)
		}
	}
	for metric, least := range map[string]float64{
		`dossierd_station_batches_waiting{station="quay-1",waits="missing"}`:   1,
		`dossierd_station_batches_waiting{station="quay-1",waits="ticket"}`:    1,
		`dossierd_station_batch_age_seconds{station="quay-1",waits="missing"}`: 0.001,
	} {
		if got := h.metric(metric); got < least {
			t.Errorf("%s is %v", metric, got)
		}
	}
	h.drop("2.jpg", variant(t, 2))
	h.settled(3, time.Minute)
	if got := h.dossiers(); len(got) != 1 || !slices.Equal(got[0], []string{"1.jpg/1", "2.jpg/1"}) {
		t.Errorf("dossiers %q", got)
	}
	e := h.events.events(dossier.EventDossierPublished)[0]
	ticket := e.Data.Objects["ticket"]
	kept, err := os.ReadFile(filepath.Join(h.data, "objects", ticket.Key)) // nobody knows whom its fields tell of: the API gives it to few
	if err != nil || string(kept) != `{"files": ["1.jpg", "2.jpg"]}` {
		t.Errorf("objects %+v: %q, %v", e.Data.Objects, kept, err)
	}
	if status := h.answer(ticket.URL); status != http.StatusForbidden {
		t.Errorf("the ticket was given to a token without the right to it: %d", status)
	}
}

func TestAStreamOfASeparatorStationBecomesADossierWithItsPause(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure(batchSettings("separator") + "\n    duplex: fronts_then_backs")
	h.start("")
	for i, data := range [][]byte{twoPages(t), append(twoPages(t), 0)} {
		h.drop(fmt.Sprintf("%d.tif", i), data)
		time.Sleep(20 * time.Millisecond) // their times are their order
	}
	h.settled(2, time.Minute)
	if got, want := h.dossiers(), []string{"0.tif/1", "1.tif/2", "0.tif/2", "1.tif/1"}; len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("dossiers %q, want %q", got, want)
	}
	h.checkNoBatchIsOpen(1)
}

// dropStream drops files whose times are their order.
func (h *house) dropStream(files map[string][]byte) {
	h.t.Helper()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h.drop(name, files[name])
		time.Sleep(20 * time.Millisecond)
	}
}

func TestAStreamIsCutWhileItRuns(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure("    grouping: separator\n    idle: 1h")
	h.start("")
	codes := []string{"H42.16-240112-0001", "H42.16-240112-0002", "H42.16-240112-0003"}
	h.dropStream(map[string][]byte{
		"1.jpg": h.scannedSlip("--code", codes[0]), "2.jpg": variant(t, 1), "3.jpg": variant(t, 2),
		"4.jpg": h.scannedSlip("--code", codes[1]), "5.jpg": variant(t, 3),
	})
	h.until("the first dossier", func() bool { return len(h.versions(codes[0])) == 1 })
	if got := h.sheets(h.versions(codes[0])[0]); got != "2.jpg, 3.jpg, 1.jpg slip" {
		t.Errorf("the first dossier has %s", got)
	}
	if b := h.status().Stations[0].Batches; b[catalog.BatchCollecting] != 1 || b[catalog.BatchPublished] != 1 {
		t.Errorf("batches %+v", b)
	}
	h.kill() // what goes on is found again
	h.start("")
	h.dropStream(map[string][]byte{"6.jpg": variant(t, 4), "7.jpg": h.scannedSlip("--code", codes[2])})
	h.until("the second dossier", func() bool { return len(h.versions(codes[1])) == 1 })
	if got := h.sheets(h.versions(codes[1])[0]); got != "5.jpg, 6.jpg, 4.jpg slip" {
		t.Errorf("the second dossier has %s", got)
	}
	h.awaitReceipt("1.jpg", codes[0])
	h.awaitReceipt("4.jpg", codes[1])
}

func TestAStreamIsCutAtEachSlipOnceThroughKillsAtRandom(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range databases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			killStreamAtRandom(t, extra(t))
		})
	}
}

func killStreamAtRandom(t *testing.T, extra string) {
	h := newHouse(t, extra)
	h.configure("    grouping: separator\n    idle: 8s")
	stacks, kills := 0, 0
	for goesOn := killing(t); goesOn(kills); kills++ {
		h.start("")
		if stacks < 10 {
			stacks++
			files := map[string][]byte{fmt.Sprintf("b%02d-0.jpg", stacks): h.scannedSlip("--code", fmt.Sprintf("H42.16-240112-%04d", stacks))}
			for i := 1; i <= 2; i++ {
				files[fmt.Sprintf("b%02d-%d.jpg", stacks, i)] = note(t, stacks*10+i)
			}
			h.dropStream(files)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(6 * time.Second)))) // the moment of the kill is the test's input
		h.kill()
	}
	h.start("")
	h.settled(3*stacks, 4*time.Minute)
	h.checkOnce(3*stacks, stacks, 0)
	var want [][]string
	for b := 1; b <= stacks; b++ {
		want = append(want, []string{fmt.Sprintf("b%02d-1.jpg/1", b), fmt.Sprintf("b%02d-2.jpg/1", b)})
	}
	if got := h.dossiers(); !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("after %d kills the dossiers are %q", kills, got)
	}
	s := h.status()
	t.Logf("%d stacks, killed %d times, batches %v", stacks, kills, s.Stations[0].Batches)
}

func TestABatchLeftOpenUnderOtherSettingsIsClosed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure("    grouping: prefix\n    batch_quiet: 1h\n    prefix: '^(?P<dossier>b[0-9]+)'")
	h.start("")
	h.drop("b1-1.jpg", sample(t))
	var told catalog.Status
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) { // polls another process
		if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/status"), &told); err != nil {
			t.Fatal(err)
		}
		if len(told.Stations) == 1 && told.Stations[0].Batches[catalog.BatchCollecting] == 1 && !told.Stations[0].OldestBatch.IsZero() {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the API's status: %+v", told.Stations)
		}
	}
	h.configure("    grouping: folder\n    batch_quiet: 1s")
	if err := h.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	h.awaitLog("settings reloaded")
	h.settled(1, time.Minute)
	h.checkNoBatchIsOpen(1)
}
