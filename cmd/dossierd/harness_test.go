package main_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/storage/catalog"
)

const (
	secret = "whsec_ZG9zc2llcmQgZW5kLXRvLWVuZCB0ZXN0IHNlY3JldA=="
	token  = "end-to-end"
)

var binaries struct {
	once   sync.Once
	folder string
	err    error
}

// build makes both binaries, dossierd with its fault points, once for all tests.
func build(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("starts the real daemon")
	}
	binaries.once.Do(func() {
		folder, err := os.MkdirTemp("", "dossierd-e2e-")
		if err != nil {
			binaries.err = err
			return
		}
		binaries.folder = folder
		for _, args := range [][]string{
			{"build", "-tags", "fault", "-o", filepath.Join(folder, "dossierd"), "."},
			{"build", "-o", filepath.Join(folder, "dossierd-page"), "../dossierd-page"},
		} {
			cmd := exec.Command("go", args...)
			cmd.Env = append(os.Environ(), "CGO_ENABLED="+map[bool]string{true: "0", false: "1"}[args[1] == "-tags"])
			if out, err := cmd.CombinedOutput(); err != nil {
				binaries.err = fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
				return
			}
		}
	})
	if binaries.err != nil {
		t.Fatal(binaries.err)
	}
	return filepath.Join(binaries.folder, "dossierd")
}

func TestMain(m *testing.M) {
	code := m.Run()
	if binaries.folder != "" {
		os.RemoveAll(binaries.folder)
	}
	os.Exit(code)
}

// subscriber is a case system: it verifies signatures and remembers every delivery.
type subscriber struct {
	server *httptest.Server
	hook   *standardwebhooks.Webhook

	mu       sync.Mutex
	bodies   map[string][]byte // by event id
	order    []string          // event ids as they came, repeats included
	failing  bool
	received chan struct{}
}

func newSubscriber(t testing.TB) *subscriber {
	t.Helper()
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	s := &subscriber{hook: hook, bodies: map[string][]byte{}, received: make(chan struct{}, 1)}
	s.server = httptest.NewServer(s)
	t.Cleanup(s.server.Close)
	return s
}

func (s *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if err := s.hook.Verify(body, r.Header); err != nil {
		http.Error(w, err.Error(), http.StatusForbidden)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failing {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	id := r.Header.Get("webhook-id")
	if old, again := s.bodies[id]; again && !bytes.Equal(old, body) {
		http.Error(w, "another body under the same id", http.StatusConflict)
		return
	}
	s.bodies[id] = body
	s.order = append(s.order, id)
	select {
	case s.received <- struct{}{}:
	default:
	}
}

// events are the distinct events received so far, of one type.
func (s *subscriber) events(kind dossier.EventType) []dossier.Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []dossier.Event
	for _, body := range s.bodies {
		var e dossier.Event
		if err := json.Unmarshal(body, &e); err == nil && e.Type == kind {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b dossier.Event) int { return strings.Compare(a.ID, b.ID) })
	return list
}

// house is a daemon's surroundings: folders, settings, a subscriber. The daemon in it can die and come back.
type house struct {
	t       testing.TB
	binary  string
	dir     string
	data    string
	station string
	config  string
	address string
	events  *subscriber
	extra   string // more settings
	process *exec.Cmd
	ended   chan struct{} // closed when process was waited for
	log     *lockedBuffer
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newHouse sets up a house; extra is YAML that stands beside the usual settings.
func newHouse(t testing.TB, extra string) *house {
	t.Helper()
	binary := build(t)
	dir := t.TempDir()
	h := &house{
		t: t, binary: binary, dir: dir, data: filepath.Join(dir, "data"), station: filepath.Join(dir, "quay-1"),
		config: filepath.Join(dir, "dossierd.yaml"), events: newSubscriber(t), extra: extra, log: &lockedBuffer{},
	}
	h.address = testserver.Address(t)
	cache := filepath.Join(filepath.Dir(binary), "cache") // PDFium, which takes seconds to compile: once for all houses
	if err := errors.Join(os.MkdirAll(cache, 0o700), os.Mkdir(h.station, 0o755), os.Mkdir(h.data, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cache, filepath.Join(h.data, "cache")); err != nil {
		t.Fatal(err)
	}
	h.configure("")
	t.Cleanup(func() {
		h.kill()
		if t.Failed() {
			log := h.log.String()
			t.Logf("the daemon's log:\n%s", log[max(0, len(log)-8000):])
		}
	})
	return h
}

// configure writes the settings; station is YAML that goes into the station's mapping.
func (h *house) configure(station string) {
	h.t.Helper()
	settings := fmt.Sprintf(`language: en
data: %s
workers: 2
http:
  listen: %s
  public_url: http://%s
  tokens: [{name: test, sha256: %s, deposit: true}]
stations:
  - name: quay-1
    folder: %s
    department: so-tu-phap
    quiet: 300ms
    incomplete_after: 3s
%s
subscribers:
  - {name: case-system, url: %q, secret: %s}
%s
`, h.data, h.address, h.address, sha256Hex(token), h.station, station, h.events.server.URL, secret, h.extra)
	if err := os.WriteFile(h.config, []byte(settings), 0o600); err != nil {
		h.t.Fatal(err)
	}
}

// start runs the daemon until it is ready. fault names the hand-over at which it is to kill itself.
func (h *house) start(fault string) {
	h.t.Helper()
	h.launch(fault)
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		resp, err := http.Get("http://" + h.address + "/readyz")
		if err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		if h.dead() && fault != "" {
			return
		}
		time.Sleep(20 * time.Millisecond) // the daemon gives no other sign of being up than its port
	}
	h.t.Fatalf("the daemon is not ready:\n%s", h.log)
}

func (h *house) launch(fault string) {
	h.t.Helper()
	cmd := exec.Command(h.binary, "serve", "--config", h.config)
	cmd.Env = append(os.Environ(), "DOSSIERD_FAULT="+fault)
	cmd.Stderr, cmd.Stdout = h.log, h.log
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	ended := make(chan struct{})
	h.process, h.ended = cmd, ended
	go func() {
		_ = cmd.Wait() // how it ended stands in ProcessState
		close(ended)
	}()
}

func (h *house) dead() bool {
	if h.process == nil {
		return true
	}
	select {
	case <-h.ended:
		return true
	default:
		return false
	}
}

// wait blocks until the daemon has ended and returns how.
func (h *house) wait(within time.Duration) *os.ProcessState {
	h.t.Helper()
	select {
	case <-h.ended:
		state := h.process.ProcessState
		h.process = nil
		return state
	case <-time.After(within):
		h.t.Fatalf("the daemon did not end within %s:\n%s", within, h.log)
		return nil
	}
}

func (h *house) kill() {
	if h.process != nil {
		_ = h.process.Process.Kill()
		<-h.ended
		h.process = nil
	}
}

// drop puts bytes into the station's folder as a good scanner does.
func (h *house) drop(name string, data []byte) {
	h.t.Helper()
	hidden := filepath.Join(h.station, "."+name+".part")
	if err := os.WriteFile(hidden, data, 0o644); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Rename(hidden, filepath.Join(h.station, name)); err != nil {
		h.t.Fatal(err)
	}
}

// command runs a subcommand beside the daemon and returns what it printed.
func (h *house) command(args ...string) string {
	h.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.binary, append(args, "--config", h.config)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		h.t.Fatalf("dossierd %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// status is `dossierd status --json`.
func (h *house) status() (s struct {
	Running    bool                    `json:"running"`
	Stations   []catalog.StationStatus `json:"stations"`
	Deliveries map[string]int          `json:"deliveries"`
	Folders    []map[string]any        `json:"folders"`
},
) {
	h.t.Helper()
	if err := json.Unmarshal([]byte(h.command("status", "--json")), &s); err != nil {
		h.t.Fatal(err)
	}
	return s
}

// settled waits until every one of total deposits is at an end and every event delivered. Nothing at all may happen for as long
// as within.
func (h *house) settled(total int, within time.Duration) {
	h.t.Helper()
	var before string
	for deadline := time.Now().Add(within); ; {
		var s catalog.Status // the command's, without starting a process at each look
		if err := json.Unmarshal(h.get("http://"+h.address+"/api/v1/status"), &s); err != nil {
			h.t.Fatal(err)
		}
		if now := fmt.Sprint(s.Stations, s.Deliveries); now != before {
			before, deadline = now, time.Now().Add(within)
		}
		ended, all := 0, 0
		for _, st := range s.Stations {
			all += st.Total
			ended += st.Deposits[dossier.StatePublished] + st.Deposits[dossier.StateRejected] + st.Deposits[dossier.StateDuplicate]
		}
		if all == total && ended == total && s.Deliveries["pending"] == 0 {
			return
		}
		if time.Now().After(deadline) {
			h.t.Fatalf("nothing happened for %s: %d of %d at an end, %+v\n%s", within, ended, total, s, h.log)
		}
		time.Sleep(100 * time.Millisecond) // the daemon gives no sign of having nothing to do
	}
}

// files lists what lies under a folder, relative to it.
func files(t testing.TB, root string) []string {
	t.Helper()
	var list []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil && !d.IsDir() {
			rel, relErr := filepath.Rel(root, path)
			list = append(list, rel)
			return relErr
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func sha256Hex(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// metric is the value of one line of /metrics.
func (h *house) metric(name string) float64 {
	h.t.Helper()
	for line := range strings.Lines(string(h.get("http://" + h.address + "/metrics"))) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			v, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				h.t.Fatal(err)
			}
			return v
		}
	}
	h.t.Fatalf("no metric %s", name)
	return 0
}
