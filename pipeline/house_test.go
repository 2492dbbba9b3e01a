package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/webhook"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
)

const (
	quay       = "quay-1"
	caseSystem = "case-system"
	secret     = "whsec_ZG9zc2llcmQgZGVtb25zdHJhdGlvbiBzZWNyZXQ="
	// patience bounds what a test waits for.
	patience = 30 * time.Second
)

// house is a pipeline over a real catalogue, store and pool, whose workers do as the original says, and a subscriber.
type house struct {
	*Pipeline
	t        testing.TB
	dir      string
	hook     *hook
	log      *logged
	settings Settings
	claims   int
}

// newHouse changes the configuration by change, and what the store is by wrap, where these are not nil.
func newHouse(t testing.TB, change func(*Config), wrap func(storage.Store) storage.Store) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), hook: newHook(t), log: &logged{more: make(chan struct{})}}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(h.log, t.Output()), nil))
	folder, err := fs.Open(filepath.Join(h.dir, "objects"))
	must(t, err)
	cat, err := catalog.Open(t.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(h.dir, "catalogue.db")}, log)
	must(t, err)
	t.Cleanup(func() { _ = cat.Close() })
	cat.SetLocation(time.FixedZone("", 7*3600))
	scratch := filepath.Join(h.dir, "scratch")
	pool, err := ocr.NewPool(ocr.PoolConfig{
		Workers: 2, Command: writeDouble(t, h.dir), Scratch: scratch, Cache: filepath.Join(h.dir, "cache"), PageTime: 10 * time.Second,
	}, log)
	must(t, err)
	t.Cleanup(pool.Close)
	self, err := os.Executable()
	must(t, err)
	cfg := Config{
		Scratch: scratch, PublicURL: "https://dossiers.example", Level: dossier.Level2u, Limits: dossier.DefaultLimits(),
		Tools: map[string]string{"dossierd": "test", "tesseract": "5.3.0"}, Validator: []string{self, "validate"},
		Identity: dossier.IdentityKey("the identity key of these tests."),
	}
	if change != nil {
		change(&cfg)
	}
	var store storage.Store = folder
	if wrap != nil {
		store = wrap(store)
	}
	h.Pipeline, err = New(cfg, store, cat, pool, NewMetrics(prometheus.NewRegistry()), log)
	must(t, err)
	t.Cleanup(h.Close)
	cat.SetCorrector(h.Correction)
	h.settings = Settings{
		Stations: []Station{{
			Name: quay, Department: "so-tu-phap", Language: "vi", Profile: dossier.Profile{Languages: []string{"vie"}}, DuplicateWindow: time.Minute,
		}},
		Subscribers: []Subscriber{{Subscriber: webhook.Subscriber{Name: caseSystem, URL: h.hook.url, Secrets: []string{secret}}}},
	}
	h.Apply(h.settings)
	return h
}

// run works the jobs until the test ends or stop is called.
func (h *house) run() (stop func()) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	cfg := catalog.RunConfig{Workers: 2, Grace: 10 * time.Second, Retry: func(int) time.Duration { return 20 * time.Millisecond }}
	go func() { done <- h.catalog.Run(ctx, cfg, h.Pipeline) }()
	stop = sync.OnceFunc(func() {
		cancel()
		must(h.t, <-done)
	})
	h.t.Cleanup(stop)
	return stop
}

// noon is the local time at which claims are made, each a day after the one before.
func noon(n int) time.Time { return time.Date(2026, 1, 5+n, 5, 0, 0, 0, time.UTC) }

// claim is a new claim of a file with these contents.
func (h *house) claim(name, contents string) dossier.Claim {
	h.t.Helper()
	h.claims++
	path := filepath.Join(h.dir, fmt.Sprint("claim", h.claims))
	must(h.t, os.WriteFile(path, []byte(contents), 0o600))
	at := noon(h.claims)
	return dossier.Claim{
		DepositID: fmt.Sprintf("%026d", h.claims), Station: quay, Department: "so-tu-phap", Name: name,
		Open: func() (*os.File, error) { return os.Open(path) }, ModifiedAt: at, ClaimedAt: at,
	}
}

// take takes in a new deposit and returns its id.
func (h *house) take(contents string) string {
	h.t.Helper()
	c := h.claim("đơn xin.tif", contents)
	must(h.t, h.Take(h.t.Context(), c))
	return c.DepositID
}

func (h *house) deposit(id string) dossier.Deposit {
	h.t.Helper()
	d, err := h.catalog.Deposit(h.t.Context(), id)
	must(h.t, err)
	return d
}

// requeue lets a rejected deposit be tried again.
func (h *house) requeue(id string) {
	h.t.Helper()
	refused, err := h.catalog.Requeue(h.t.Context(), dossier.Principal{Scope: dossier.Scope{All: true}}, []string{id}, nil)
	if must(h.t, err); len(refused) > 0 {
		h.t.Fatal(refused[0].Err)
	}
}

// object reads a stored object.
func (h *house) object(key string) []byte {
	h.t.Helper()
	r, err := h.store.Get(h.t.Context(), key)
	must(h.t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	must(h.t, err)
	return data
}

// keys lists what is stored under a prefix.
func (h *house) keys(prefix string) []string {
	h.t.Helper()
	var keys []string
	must(h.t, h.store.List(h.t.Context(), prefix, func(i storage.Info) bool {
		keys = append(keys, i.Key)
		return true
	}))
	return keys
}

// asked lists what workers were asked: "read 2 <name>".
func (h *house) asked() []string {
	h.t.Helper()
	data, err := os.ReadFile(filepath.Join(h.dir, "asked"))
	if err != nil && !os.IsNotExist(err) {
		h.t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func (h *house) askedOf(op ocr.Op) int {
	n := 0
	for _, line := range h.asked() {
		if strings.HasPrefix(line, string(op)+" ") {
			n++
		}
	}
	return n
}

// next waits for the next event.
func (h *house) next(want dossier.EventType) dossier.Event {
	h.t.Helper()
	late := time.After(patience)
	for {
		select {
		case e := <-h.hook.events:
			switch e.Type {
			case want:
				return e
			case dossier.EventDossierState: // follows by itself from what was acknowledged
			default:
				h.t.Fatalf("%+v, want %s", e, want)
			}
		case <-late:
			h.t.Fatalf("no %s came", want)
		}
	}
}

// hook is a subscriber's endpoint. answer decides what it says to an event; nil is 204.
type hook struct {
	url    string
	events chan dossier.Event // that were accepted

	mu     sync.Mutex
	answer func(w http.ResponseWriter, e dossier.Event) (accepted bool)
}

func newHook(t testing.TB) *hook {
	h := &hook{events: make(chan dossier.Event, 1000)}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

func (h *hook) say(answer func(w http.ResponseWriter, e dossier.Event) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answer = answer
}

func (h *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var e dossier.Event
	if err := json.NewDecoder(r.Body).Decode(&e); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.mu.Lock()
	answer := h.answer
	h.mu.Unlock()
	if answer == nil || answer(w, e) {
		h.events <- e
	}
}

// logged keeps what was logged.
type logged struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{} // closed at the next line
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.b.Write(p)
}

// await waits until something was logged.
func (l *logged) await(t testing.TB, text string) {
	t.Helper()
	l.awaitTimes(t, text, 1)
}

func (l *logged) awaitTimes(t testing.TB, text string, times int) {
	t.Helper()
	for timeout := time.After(patience); ; {
		l.mu.Lock()
		found, more := strings.Count(l.b.String(), text) >= times, l.more
		l.mu.Unlock()
		if found {
			return
		}
		select {
		case <-more:
		case <-timeout:
			t.Fatalf("%q was not logged %d times", text, times)
		}
	}
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// keep stores an original and returns its hash.
func keep(t testing.TB, s storage.Store, contents string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(contents))
	sha := hex.EncodeToString(sum[:])
	must(t, s.Put(t.Context(), storage.OriginalKey(sha), strings.NewReader(contents), storage.Digest{SHA256: sha, Bytes: int64(len(contents))}))
	return sha
}

// by is a user who sees and may do everything.
func by(name string) dossier.Principal {
	return dossier.Principal{Kind: dossier.KindUser, Name: name, Role: dossier.RoleAdministrator, Scope: catalog.Everything(), Erase: true}
}
