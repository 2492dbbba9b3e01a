package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/storage/catalog"
)

// upload sends a file to quay-1 and returns the status and the answer; an error is a connection that broke.
func (h *house) upload(key, name string, size int64, data io.Reader, more ...string) (int, string, error) {
	h.t.Helper()
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	for field := range slices.Chunk(append([]string{"station", "quay-1"}, more...), 2) {
		if err := form.WriteField(field[0], field[1]); err != nil {
			h.t.Fatal(err)
		}
	}
	if _, err := form.CreateFormFile("file", name); err != nil {
		h.t.Fatal(err)
	}
	tail := "\r\n--" + form.Boundary() + "--\r\n"
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, "http://"+h.address+"/api/v1/deposits",
		io.MultiReader(bytes.NewReader(head.Bytes()), io.LimitReader(data, size), strings.NewReader(tail)))
	if err != nil {
		h.t.Fatal(err)
	}
	req.ContentLength = int64(head.Len()) + size + int64(len(tail))
	for name, value := range map[string]string{"Authorization": "Bearer " + token, "Content-Type": form.FormDataContentType(), "Idempotency-Key": key} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(said), err
}

// uploaded is the id of the deposit that an upload made.
func (h *house) uploaded(key, name string, data []byte, more ...string) string {
	h.t.Helper()
	status, said, err := h.upload(key, name, int64(len(data)), bytes.NewReader(data), more...)
	var answer struct{ ID string }
	if err != nil || status != http.StatusAccepted || json.Unmarshal([]byte(said), &answer) != nil {
		h.t.Fatalf("%d %s %v", status, said, err)
	}
	return answer.ID
}

// uploadState is what the API tells of a deposit.
type uploadState struct {
	State, Channel, Message string
	Dossiers                []string
}

func (h *house) asked(id string) (d uploadState) {
	h.t.Helper()
	if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/deposits/"+id), &d); err != nil {
		h.t.Fatal(err)
	}
	return d
}

func TestAnUploadGoesTheWayOfADroppedFile(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	const code = "H42.16-240112-0003"
	id := h.uploaded("k1", "đơn.jpg", variant(t, 1), "code", code, "procedure", "1.004873", "fields", `{"note": "gửi trực tuyến"}`)
	bad := h.uploaded("k2", "hỏng.pdf", []byte("%PDF-1.4 and nothing else"))
	h.drop("counter.jpg", variant(t, 2))
	h.settled(3, time.Minute)
	if d := h.asked(id); d.State != "published" || d.Channel != "online" || len(d.Dossiers) != 1 || d.Dossiers[0] != code {
		t.Errorf("%+v", d)
	}
	if d := h.asked(bad); d.State != "rejected" || !strings.Contains(d.Message, "hỏng.pdf") {
		t.Errorf("%+v", d)
	}
	if n := len(h.events.events(dossier.EventDepositRejected)); n != 1 {
		t.Errorf("%d events of refusals", n)
	}
	for _, e := range h.events.events(dossier.EventDossierPublished) {
		if f := e.Data.Dossier; f.Code == code && (f.Procedure != "1.004873" || f.Fields["note"] == nil) {
			t.Errorf("%+v", f)
		}
	}
	h.until("the receipt of the dropped file", func() bool { return len(files(t, filepath.Join(h.station, "_receipts"))) == 2 })
	for _, name := range files(t, h.station) {
		if !strings.HasPrefix(name, "_receipts/counter.jpg.") && !strings.HasPrefix(name, ".dossierd/") {
			t.Errorf("an upload left %s in the station's folder", name)
		}
	}
	var report struct{ Total catalog.ReportRow }
	if err := json.Unmarshal([]byte(h.command("report", "--format", "json")), &report); err != nil {
		t.Fatal(err)
	}
	if r := report.Total; r.Deposits != 3 || r.Dossiers != 2 || r.Online != 1 || r.Counter != 1 {
		t.Errorf("%+v", r)
	}
	if scratch := files(t, filepath.Join(h.data, "scratch", "uploads")); len(scratch) > 0 {
		t.Errorf("left in the scratch folder: %q", scratch)
	}
}

func TestAStationCanBeOnline(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.configure("    channel: online")
	h.start("")
	h.drop("portal.jpg", sample(t))
	h.settled(1, time.Minute)
	var report struct{ Total catalog.ReportRow }
	if err := json.Unmarshal([]byte(h.command("report", "--format", "json")), &report); err != nil {
		t.Fatal(err)
	}
	if r := report.Total; r.Online != 1 || r.Counter != 0 {
		t.Errorf("%+v", r)
	}
}

// A kill before the answer leaves the client with nothing but its key: with that it asks again, and there is one deposit.
func TestAnUploadThatAKillCutShortIsSentAgain(t *testing.T) {
	t.Parallel()
	build(t)
	for name, extra := range map[string]string{"sqlite": "", "postgres": "catalogue: {type: postgres, url: '" + testserver.Postgres(t) + "'}"} {
		for _, point := range []string{"intake.stored", "intake.recorded"} {
			if name == "postgres" && point == "intake.recorded" {
				continue // one database, and one daemon of it, is enough
			}
			t.Run(name+"/"+point, func(t *testing.T) {
				h := newHouse(t, extra)
				h.start(point)
				data := sample(t)
				if status, said, err := h.upload("k", "one.jpg", int64(len(data)), bytes.NewReader(data)); err == nil {
					t.Fatalf("answered %d %s", status, said)
				}
				if state := h.wait(time.Minute); state.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
					t.Fatalf("the daemon ended with %v", state)
				}
				h.start("")
				first := h.uploaded("k", "one.jpg", data)
				if again := h.uploaded("k", "one.jpg", data); again != first {
					t.Errorf("%s, then %s", first, again)
				}
				h.settled(1, time.Minute)
				h.checkOnce(1, 1, 0)
				if scratch := files(t, filepath.Join(h.data, "scratch", "uploads")); len(scratch) > 0 {
					t.Errorf("left in the scratch folder: %q", scratch)
				}
			})
		}
	}
}

func TestAnUploadThatBreaksOffLeavesNoTrace(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	data := bytes.Repeat([]byte("x"), 3<<20)
	if status, said, err := h.upload("k", "half.pdf", int64(len(data)), io.MultiReader(bytes.NewReader(data[:2<<20]), broken{})); err == nil {
		t.Fatalf("answered %d %s", status, said)
	}
	uploads := filepath.Join(h.data, "scratch", "uploads")
	h.until("the scratch folder is empty", func() bool { return len(files(t, uploads)) == 0 })
	for _, key := range files(t, filepath.Join(h.data, "objects")) {
		if strings.HasPrefix(key, "originals/") {
			t.Errorf("stored: %s", key)
		}
	}
	if out := h.command("deposits", "list", "--json"); strings.TrimSpace(out) != "" {
		t.Errorf("deposits: %s", out)
	}
}

func TestNoUploadIsTakenInUnderTheDiskFloor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "disk_floor: 900 TiB")
	h.start("")
	data := sample(t)
	if status, said, err := h.upload("k", "one.jpg", int64(len(data)), bytes.NewReader(data)); err != nil || status != http.StatusServiceUnavailable {
		t.Errorf("%d %s %v", status, said, err)
	}
}

// broken is a connection that ends.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// The daemon holds a piece of an upload at a time, however large it is.
func TestALargeUploadTakesNoMemory(t *testing.T) {
	const size, most = 300 << 20, 32 << 20
	h := newHouse(t, "")
	h.start("")
	h.uploaded("warm", "one.jpg", sample(t))
	h.settled(1, time.Minute)
	before := h.peak()
	status, said, err := h.upload("k", "large.bin", size, zeros{})
	if err != nil || status != http.StatusAccepted {
		t.Fatalf("%d %s %v", status, said, err)
	}
	grown := h.peak() - before
	t.Logf("%d MiB uploaded; the peak of resident memory grew from %d by %d KiB", size>>20, before>>10, grown>>10)
	if grown > most {
		t.Errorf("it grew by %d MiB", grown>>20)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// peak is the most memory that the daemon had resident, in bytes.
func (h *house) peak() int64 {
	h.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.process.Process.Pid))
	if err != nil {
		h.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				h.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	h.t.Fatal("no VmHWM")
	return 0
}
