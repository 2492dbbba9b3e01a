package main_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image/color"
	"image/jpeg"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
)

func TestADroppedScanBecomesADossierAndASignedEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("Đơn xin (1).jpg", sample(t))
	h.settled(1, time.Minute)

	events := h.events.events(dossier.EventDossierPublished)
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	facts := events[0].Data.Dossier
	code := "quay-1-" + time.Now().Format("20060102") + "-0001"
	if facts.Code != code || facts.Version != 1 || facts.Pages != 1 || facts.Department != "so-tu-phap" || events[0].Sequence != 1 {
		t.Errorf("event: %+v", facts)
	}
	pdf := h.object(events[0].Data.Objects["pdf"])
	file := filepath.Join(t.TempDir(), "dossier.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(pdf, sample(t)) {
		t.Error("the scan's bytes do not stand in the PDF")
	}
	missing := missingWords(t, pdfText(t, file))
	if len(missing) > 5 {
		t.Errorf("the PDF's text lacks %q", missing)
	}
	var m pipeline.Metadata
	if err := json.Unmarshal(h.object(events[0].Data.Objects["metadata"]), &m); err != nil {
		t.Fatal(err)
	}
	if m.Dossier.Code != code || len(m.Pages) != 1 || m.Pages[0].Paper != "a4" || m.Pages[0].Skew == 0 || m.Text.Words < 100 {
		t.Errorf("metadata: %+v", m)
	}
	for _, tool := range []string{"dossierd", "tesseract", "leptonica", "pdfium", "zxing", "gozxing", "model vie"} {
		if m.Tools[tool] == "" {
			t.Errorf("the metadata does not say which %s had a hand in it: %v", tool, m.Tools)
		}
	}
	if !bytes.Equal(h.object(events[0].Data.Objects["original"]), sample(t)) {
		t.Error("the original is not bit for bit the deposit")
	}
	h.awaitReceipt("Đơn xin (1).jpg", code)
	if left := files(t, filepath.Join(h.station, ".dossierd")); len(left) != 0 {
		t.Errorf("left in .dossierd: %q", left)
	}
}

// object fetches what an event points to, from its URL, and checks it against the event.
func (h *house) object(o dossier.Object) []byte {
	h.t.Helper()
	data := h.get(o.URL)
	sum := sha256.Sum256(data)
	if hex.EncodeToString(sum[:]) != o.SHA256 || int64(len(data)) != o.Bytes {
		h.t.Errorf("%s: %d bytes that are not what the event says", o.Key, len(data))
	}
	return data
}

func (h *house) get(url string) []byte {
	h.t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		h.t.Fatalf("GET %s: %s %v %s", url, resp.Status, err, data)
	}
	return data
}

// await returns the content of a file as soon as there is one.
func (h *house) await(path string) string {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if data, err := os.ReadFile(path); err == nil {
			return string(data)
		}
	}
	h.t.Fatalf("no %s\n%s", path, h.log)
	return ""
}

// awaitReceipt waits until a file's receipt says something, and returns it. A * in name stands for anything.
func (h *house) awaitReceipt(name, part string) string {
	h.t.Helper()
	said := ""
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		found, err := filepath.Glob(filepath.Join(h.station, "_receipts", name+".json"))
		if err != nil {
			h.t.Fatal(err)
		}
		if len(found) == 0 {
			continue
		}
		said = h.await(found[0])
		if strings.Contains(said, part) && h.await(strings.TrimSuffix(found[0], ".json")+".html") != "" {
			return said
		}
	}
	h.t.Fatalf("the receipt of %s does not say %s: %s\n%s", name, part, said, h.log)
	return ""
}

// darkened is the sample as a scanner gives it whose lamp is dying.
func darkened(t testing.TB) []byte {
	t.Helper()
	scan, err := jpeg.Decode(bytes.NewReader(sample(t)))
	if err != nil {
		t.Fatal(err)
	}
	var dark bytes.Buffer
	if err := jpeg.Encode(&dark, imaging.AdjustFunc(scan, func(c color.NRGBA) color.NRGBA {
		return color.NRGBA{c.R / 3, c.G / 3, c.B / 3, 255}
	}), nil); err != nil {
		t.Fatal(err)
	}
	return dark.Bytes()
}

func TestAClerkIsToldOfABadScanBesideTheDossierItBecomes(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("001203004567.jpg", darkened(t))
	masked := "001xxxxx4567 *.jpg"
	h.awaitReceipt(masked, `"outcome": "rescan"`)
	h.settled(1, time.Minute)
	if receipt := h.awaitReceipt(masked, `"state": "published"`); strings.Contains(receipt, "001203004567") {
		t.Errorf("an identity number stands in %s", receipt)
	}
	advised := h.events.events(dossier.EventRescanAdvised)
	if len(advised) != 1 || advised[0].Data.Deposit.Verdicts[0].Code != dossier.VerdictTooDark {
		t.Errorf("got %+v", advised)
	}
}

func pdfText(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	return string(out)
}

func missingWords(t *testing.T, text string) []string {
	t.Helper()
	truth, err := os.ReadFile("../../testdata/pages/sample.txt")
	if err != nil {
		t.Fatal(err)
	}
	have := strings.Fields(norm.NFC.String(text))
	var missing []string
	for _, w := range strings.Fields(norm.NFC.String(string(truth))) {
		if !slices.Contains(have, w) {
			missing = append(missing, w)
		}
	}
	return missing
}

func TestTheFeedGivesTheWebhooksBodiesInOrder(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	for i := range 5 {
		h.drop(fmt.Sprintf("%d.jpg", i), variant(t, i))
	}
	h.drop("empty.pdf", nil)
	h.settled(6, 2*time.Minute)
	var feed struct {
		Events []json.RawMessage `json:"events"`
		Next   string            `json:"next"`
	}
	seen := 0
	for cursor := ""; ; cursor = feed.Next {
		if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/events?limit=2&after="+cursor), &feed); err != nil {
			t.Fatal(err)
		}
		if len(feed.Events) == 0 {
			break
		}
		for _, body := range feed.Events {
			var e dossier.Event
			if err := json.Unmarshal(body, &e); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(h.events.bodies[e.ID], body) {
				t.Errorf("event %s: the feed's body is not the webhook's", e.ID)
			}
			seen++
		}
	}
	if want := 5 + 5 + 1; seen != want { // five dossiers, each published and then transferred, and a refused file
		t.Errorf("%d events in the feed, want %d", seen, want)
	}
}

func TestARefusedDepositIsExplainedAndCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("notes.xyz", []byte("these bytes are no scan"))
	h.settled(1, time.Minute)
	rejected := filepath.Join(h.station, "_rejected")
	reason := h.await(filepath.Join(rejected, "notes.xyz.reason.txt"))
	if !strings.Contains(reason, "notes.xyz") {
		t.Errorf("reason: %s", reason)
	}
	var forMachines struct {
		Code    dossier.Code `json:"code"`
		Deposit string       `json:"deposit"`
	}
	if err := json.Unmarshal([]byte(h.await(filepath.Join(rejected, "notes.xyz.reason.json"))), &forMachines); err != nil {
		t.Fatal(err)
	}
	if forMachines.Code != dossier.CodeUnknownFormat {
		t.Errorf("code %s", forMachines.Code)
	}
	if kept := h.await(filepath.Join(rejected, "notes.xyz")); kept != "these bytes are no scan" {
		t.Errorf("the refused file is %q", kept)
	}
	events := h.events.events(dossier.EventDepositRejected)
	if len(events) != 1 || events[0].Data.Deposit.Reason.Code != dossier.CodeUnknownFormat || events[0].Data.Deposit.Message == "" {
		t.Fatalf("events: %+v", events)
	}
	h.command("deposits", "requeue", events[0].Data.Deposit.ID)
	for deadline := time.Now().Add(time.Minute); len(h.events.events(dossier.EventDepositRejected)) < 2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the requeued deposit was not tried again")
		}
	}
	h.settled(1, time.Minute)
	id := events[0].Data.Deposit.ID
	h.command("deposits", "assign", "--to", "anna", id)
	h.command("deposits", "dismiss", "--reason", "no scan of 001089012345", id)
	var shown dossier.Deposit
	if err := json.Unmarshal([]byte(h.command("deposits", "show", id)), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Assigned != "anna" || shown.State != dossier.StateRejected || shown.Dismissed == nil || shown.Dismissed.Reason != "no scan of 001*****2345" {
		t.Errorf("%+v", shown)
	}
	if list := h.command("deposits", "list", "--state", "rejected"); !strings.Contains(list, "rejected (unknown_format) dismissed") {
		t.Errorf("listed as %s", list)
	}
	h.until("its dismissal is told of", func() bool { return len(h.events.events(dossier.EventDepositDismissed)) == 1 })
	if st := h.status().Stations[0]; st.Total != 1 || st.Deposits[dossier.StateRejected] != 1 || st.Dismissed != 1 {
		t.Errorf("%+v", st)
	}
}

func TestTheSameBytesAgainAreADuplicateAndLaterReuseThePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure("    duplicate_window: 1h")
	h.start("")
	h.drop("a.jpg", sample(t))
	h.settled(1, time.Minute)
	h.drop("b.jpg", sample(t))
	h.settled(2, time.Minute)
	if n := len(h.events.events(dossier.EventDepositDuplicate)); n != 1 {
		t.Fatalf("%d duplicate events", n)
	}
	h.awaitReceipt("b.jpg", `"outcome": "duplicate"`)

	h.configure("    duplicate_window: 0s")
	if err := h.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	h.awaitLog("settings reloaded")
	h.drop("c.jpg", sample(t))
	h.settled(3, time.Minute)
	if n := len(h.events.events(dossier.EventDossierPublished)); n != 2 {
		t.Fatalf("%d dossiers, want 2", n)
	}
	metrics := string(h.get("http://" + h.address + "/metrics"))
	if !strings.Contains(metrics, `dossierd_pages_total{outcome="reused"} 1`) {
		t.Error("the page was read again")
	}
	if !strings.Contains(metrics, `dossierd_deliveries{state="dead"} 0`) {
		t.Error("an alarm on dead letters has nothing to look at")
	}
}

func (h *house) awaitLog(text string) {
	h.t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(h.log.String(), text); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			h.t.Fatalf("%q is not in the log:\n%s", text, h.log)
		}
	}
}

func TestAFaultyConfigKeepsTheOldOne(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.configure("pdfa: 3u\n")
	if err := h.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	h.awaitLog(`"msg":"settings that changed and wait for a restart","keys":["pdfa"]`)
	h.configure("    quiet: soon")
	if err := h.process.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	h.awaitLog("settings not reloaded")
	h.drop("a.jpg", sample(t))
	for deadline := time.Now().Add(time.Minute); len(h.events.events(dossier.EventDossierPublished)) == 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing published")
		}
	}
}

func TestSIGTERMFinishesThePagesInHandAndLosesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	for i := range 6 {
		h.drop(fmt.Sprintf("%d.jpg", i), variant(t, i))
	}
	for deadline := time.Now().Add(time.Minute); len(h.events.events(dossier.EventDossierPublished)) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing published")
		}
	}
	if err := h.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if state := h.wait(35 * time.Second); !state.Exited() || state.ExitCode() != 0 {
		t.Errorf("ended with %v", state)
	}
	if left := files(t, filepath.Join(h.data, "scratch")); len(left) > 0 {
		t.Errorf("left in the scratch folder: %q", left)
	}
	h.start("")
	h.settled(6, 2*time.Minute)
	if n := len(h.events.events(dossier.EventDossierPublished)); n != 6 {
		t.Errorf("%d dossiers, want 6", n)
	}
}

func TestADataFolderFarDownServesAsWell(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.data = filepath.Join(h.dir, strings.Repeat("far", 30), strings.Repeat("down", 20))
	h.configure("")
	h.start("")
	if !h.status().Running {
		t.Error("status does not find the daemon")
	}
}

func TestALowDiskStopsClaimingAndSaysSo(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "disk_floor: 1000 TiB")
	h.start("")
	h.drop("a.jpg", sample(t))
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		s := h.status()
		if len(s.Folders) == 1 && s.Folders[0]["paused"] != nil && s.Folders[0]["paused"] != "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("status does not say that claiming is paused: %+v", s.Folders)
		}
	}
	if _, err := os.Stat(filepath.Join(h.station, "a.jpg")); err != nil {
		t.Errorf("the file was claimed: %v", err)
	}
	if metrics := string(h.get("http://" + h.address + "/metrics")); !strings.Contains(metrics, `dossierd_claiming_paused{station="quay-1"} 1`) {
		t.Error("the metrics do not say so")
	}
}

// answer is the status with which the API answers a GET.
func (h *house) answer(url string) int {
	h.t.Helper()
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		h.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
