package main_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// configureWay sets up a counter's way back: quay-1 beside a station for results and one for receipts.
func (h *house) configureWay() {
	h.t.Helper()
	more := ""
	for _, purpose := range []string{"results", "receipts"} {
		folder := filepath.Join(h.dir, purpose)
		if err := os.Mkdir(folder, 0o755); err != nil {
			h.t.Fatal(err)
		}
		more += "\n  - {name: " + purpose + ", folder: " + folder + ", department: so-tu-phap, purpose: " + purpose + ", quiet: 300ms}"
	}
	h.configure(strings.TrimPrefix(more, "\n"))
}

// dropAt puts a file into the folder of another station than quay-1.
func (h *house) dropAt(station, name string, data []byte) {
	h.t.Helper()
	own := h.station
	h.station = filepath.Join(h.dir, station)
	h.drop(name, data)
	h.station = own
}

// stackOf is one TIFF of several pages.
func stackOf(t testing.TB, pages ...[]byte) []byte {
	t.Helper()
	dir := t.TempDir()
	var args []string
	for i, page := range pages {
		name := filepath.Join(dir, string(rune('a'+i))+".jpg")
		if err := os.WriteFile(name, page, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, name)
	}
	file := filepath.Join(dir, "stack.tif")
	if out, err := exec.Command("convert", append(args, "-compress", "jpeg", file)...).CombinedOutput(); err != nil {
		t.Fatalf("convert: %v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// resultOf is a printed result of a dossier, an A4 page at 200 dpi.
func resultOf(t testing.TB, code string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.jpg")
	text := strings.Join([]string{"SỞ TƯ PHÁP", "PHIẾU TRẢ KẾT QUẢ", "", "Mã hồ sơ: " + code, "Kết quả: Đồng ý cấp phiếu lý lịch tư pháp"}, "\n")
	cmd := exec.Command("convert", "-size", "1654x2339", "xc:white", "-density", "200", "-font", "DejaVu-Sans", "-pointsize", "12",
		"-fill", "black", "-annotate", "+200+300", text, "-units", "PixelsPerInch", file)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("convert: %v\n%s", err, out)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// about lists the events about a dossier in their sequence, and what of them tells a state or a role.
func (h *house) about(code string) []string {
	h.t.Helper()
	var events []dossier.Event
	for _, kind := range dossier.EventTypes() {
		for _, e := range h.events.events(kind) {
			if e.Data.Dossier != nil && e.Data.Dossier.Code == code {
				events = append(events, e)
			}
		}
	}
	slices.SortFunc(events, func(a, b dossier.Event) int { return a.Sequence - b.Sequence })
	said := make([]string, 0, len(events))
	for _, e := range events {
		text := strings.TrimPrefix(string(e.Type), "dossier.")
		if e.Data.Dossier.State != "" {
			text += " " + e.Data.Dossier.State
		}
		for _, d := range e.Data.Dossier.Documents {
			if d.Role != "" {
				text += " " + string(d.Role)
			}
		}
		said = append(said, text)
	}
	return said
}

// history lists who brought a dossier into which state.
func (h *house) history(code string) string {
	h.t.Helper()
	var states struct{ States []catalog.DossierStep }
	if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/dossiers/"+code+"/states"), &states); err != nil {
		h.t.Fatal(err)
	}
	said := make([]string, 0, len(states.States))
	for _, s := range states.States {
		said = append(said, string(s.State)+" by "+s.Who)
	}
	return strings.Join(said, ", ")
}

func (h *house) wantAbout(code string, want ...string) {
	h.t.Helper()
	h.until(code+": "+strings.Join(want, "; "), func() bool { return len(h.about(code)) >= len(want) })
	if got := h.about(code); !slices.Equal(got, want) {
		h.t.Errorf("%s: %q, want %q", code, got, want)
	}
}

// Three citizens' papers come, then their results in one stack and a page of print, and the receipt that one of them signed.
func TestResultsAndReceiptsFindTheirDossiers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configureWay()
	h.start("")
	const one, two, three = "H42.16-240112-0003", "H42.16-240112-0004", "H42.16-240112-0005"
	slip := map[string][]byte{}
	for _, code := range []string{one, two, three} {
		slip[code] = h.scannedSlip("--code", code)
	}
	came := []string{"published", "state transferred"}
	h.drop("papers.tif", stackOf(t, slip[one], variant(t, 1), slip[two], variant(t, 2), slip[three], variant(t, 3)))
	for _, code := range []string{one, two, three} {
		h.wantAbout(code, came...)
	}
	h.dropAt("results", "results.tif", stackOf(t, slip[one], variant(t, 4), slip[two], variant(t, 5)))
	resolved := append(slices.Clone(came), "published result", "state result_received")
	h.wantAbout(one, resolved...)
	h.wantAbout(two, resolved...)
	h.dropAt("results", "printed.tif", stackOf(t, resultOf(t, three), resultOf(t, "H42.16-240112-0009")))
	h.wantAbout(three, resolved...)
	h.until("the other page's own dossier", func() bool { return len(h.events.events(dossier.EventDossierReview)) == 1 })
	if f := h.events.events(dossier.EventDossierReview)[0].Data.Dossier; f.Pages != 1 || !strings.HasPrefix(f.Code, "results-") {
		t.Errorf("%+v", f)
	}
	for _, e := range h.events.events(dossier.EventDossierPublished) {
		if m := h.metadata(e); m.Dossier.Code == three && m.Dossier.Version == 2 && (len(m.Documents) != 2 || m.Documents[0].Role != "" ||
			m.Documents[1].Role != dossier.RoleResult || slices.Contains(m.Warnings, dossier.WarnResultUnlinked)) {
			t.Errorf("%+v, warnings %q", m.Documents, m.Warnings)
		}
	}
	h.dropAt("receipts", "receipt.tif", stackOf(t, slip[one], variant(t, 6)))
	h.wantAbout(one, append(resolved, "published result receipt", "state returned")...)
	if got, want := h.history(one), "received by quay-1, digitised by quay-1, transferred by case-system, result_received by results, returned by receipts"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	h.dropAt("results", "late.tif", stackOf(t, slip[one], variant(t, 7)))
	h.wantAbout(one, append(resolved, "published result receipt", "state returned", "published result receipt result")...)
	h.settled(5, time.Minute)
}

// A result whose dossier is not found is one of its own, until a person joins it to the papers that it answers.
func TestAResultWithoutItsDossierAsksForAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configureWay()
	h.start("")
	const code = "H42.16-240112-0003"
	h.drop("papers.tif", stackOf(t, h.scannedSlip("--code", code), variant(t, 1)))
	h.wantAbout(code, "published", "state transferred")
	h.dropAt("results", "unknown.jpg", resultOf(t, "H42.16-240112-0009"))
	h.until("a review", func() bool { return len(h.events.events(dossier.EventDossierReview)) == 1 })
	lost := h.events.events(dossier.EventDossierReview)[0].Data.Dossier
	h.wantAbout(lost.Code, "published result", "review result", "state transferred")
	if !strings.HasPrefix(lost.Code, "results-") || !slices.Contains(lost.Warnings, dossier.WarnResultUnlinked) {
		t.Errorf("%+v", lost)
	}
	h.until("the receipt says so", func() bool {
		receipt := h.await(filepath.Join(h.dir, "results", "_receipts", "unknown.jpg.json"))
		return strings.Contains(receipt, "The dossier of this result was not found")
	})
	status, said := h.post("/api/v1/dossiers/"+code+"/decisions", `{"do":"join","to":"`+lost.Code+`"}`, "If-Match", `"1"`)
	if status != http.StatusAccepted {
		t.Fatalf("%d %s", status, said)
	}
	h.wantAbout(code, "published", "state transferred", "published result", "state result_received")
	h.wantAbout(lost.Code, "published result", "review result", "state transferred", "withdrawn")
	if got, want := h.history(code), "received by quay-1, digitised by quay-1, transferred by case-system, result_received by test"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
