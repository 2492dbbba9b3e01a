package scanners

import (
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
)

func TestMain(m *testing.M) {
	if child := os.Getenv("DOSSIERD_SCANNERS_CHILD"); child != "" {
		runChild(child)
		return
	}
	goleak.VerifyTestMain(m)
}

// patient is how long a test waits for something that must happen.
const patient = 20 * time.Second

// desk takes claims in and keeps their bytes; it is the test's end of the hand-over.
type desk struct {
	mu     sync.Mutex
	refuse error // what Take returns without taking in
	bytes  map[string][]byte
	claims map[string]dossier.Claim
	taken  chan dossier.Claim
	open   []dossier.OpenBatch // that the catalogue knows
	closed chan string
	gate   chan struct{} // nil, or CloseBatch waits until it is closed
}

func newDesk() *desk {
	return &desk{bytes: map[string][]byte{}, claims: map[string]dossier.Claim{}, taken: make(chan dossier.Claim, 100_000), closed: make(chan string, 1000)}
}

func (d *desk) Take(_ context.Context, c dossier.Claim) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse != nil {
		return d.refuse
	}
	var b []byte
	if c.Irregular == "" {
		var err error
		if b, err = contents(c); err != nil {
			return err
		}
	}
	if _, again := d.claims[c.DepositID]; again {
		return nil
	}
	d.claims[c.DepositID], d.bytes[c.DepositID] = c, b
	d.taken <- c
	return nil
}

// fileDesk is the part of an intake that stations of single files don't need.
type fileDesk struct{}

func (fileDesk) OpenBatches(context.Context, string) ([]dossier.OpenBatch, error) { return nil, nil }
func (fileDesk) CloseBatch(context.Context, string, string) error                 { return nil }

func (d *desk) OpenBatches(_ context.Context, _ string) ([]dossier.OpenBatch, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.open, d.refuse
}

func (d *desk) CloseBatch(_ context.Context, _, key string) error {
	d.mu.Lock()
	gate := d.gate
	d.mu.Unlock()
	if gate != nil {
		<-gate
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse == nil {
		d.closed <- key
	}
	return d.refuse
}

func contents(c dossier.Claim) ([]byte, error) {
	f, err := c.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

func (d *desk) setRefusal(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse = err
}

func (d *desk) bytesOf(c dossier.Claim) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return string(d.bytes[c.DepositID])
}

// next waits for a claim to be taken in.
func (d *desk) next(t testing.TB) dossier.Claim {
	t.Helper()
	select {
	case c := <-d.taken:
		return c
	case <-time.After(patient):
		t.Fatal("nothing was taken in")
		return dossier.Claim{}
	}
}

// board holds the outcomes that folders are to be told.
type board struct {
	mu        sync.Mutex
	notices   []dossier.Notice
	receipts  []dossier.Receipt // that have changed
	thumbs    map[string]string // by page
	originals map[string]string // by SHA-256
	written   chan string
}

func newBoard() *board {
	return &board{thumbs: map[string]string{}, originals: map[string]string{}, written: make(chan string, 1000)}
}

func (b *board) post(n dossier.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notices = append(b.notices, n)
}

func (b *board) Notices(_ context.Context, station string, limit int) ([]dossier.Notice, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var open []dossier.Notice
	for _, n := range b.notices {
		if n.Deposit.Station == station && len(open) < limit {
			open = append(open, n)
		}
	}
	return open, nil
}

func (b *board) NoticeWritten(_ context.Context, id string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, n := range b.notices {
		if n.Deposit.ID == id {
			b.notices = append(b.notices[:i:i], b.notices[i+1:]...)
			b.written <- id
			break
		}
	}
	return nil
}

// show posts a receipt of what is in work, or of what was.
func (b *board) show(r dossier.Receipt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.receipts = append(b.receipts, r)
}

func (b *board) Receipts(_ context.Context, station string, _ int) ([]dossier.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var due []dossier.Receipt
	for _, r := range b.receipts {
		if r.Files[0].Deposit.Station == station {
			due = append(due, r)
		}
	}
	return due, nil
}

func (b *board) Receipt(_ context.Context, id string) (dossier.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.notices {
		if n.Deposit.ID == id {
			return dossier.Receipt{Name: n.Deposit.Name, Files: []dossier.ReceiptFile{{Notice: n, Looked: true}}}, nil
		}
	}
	return dossier.Receipt{}, os.ErrNotExist
}

func (b *board) ReceiptWritten(_ context.Context, id string, change int) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, r := range b.receipts {
		if f := r.Files[0]; f.Deposit.ID == id && f.Change <= change {
			b.receipts = append(b.receipts[:i:i], b.receipts[i+1:]...)
			b.written <- id
			break
		}
	}
	return nil
}

func (b *board) OpenThumb(_ context.Context, page string) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	thumb, ok := b.thumbs[page]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(thumb)), nil
}

func (b *board) OpenOriginal(_ context.Context, sha string) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text, ok := b.originals[sha]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(strings.NewReader(text)), nil
}

// told waits until the outcome of a deposit stands in its folder.
func (b *board) told(t testing.TB) string {
	t.Helper()
	select {
	case id := <-b.written:
		return id
	case <-time.After(patient):
		t.Fatal("the folder was not told")
		return ""
	}
}

func station(folder string) Station {
	return Station{Name: "quay-1", Folder: folder, Department: "so-tu-phap", Language: "en", Quiet: 20 * time.Millisecond, IncompleteAfter: 60 * time.Millisecond}
}

func newWatcher(t testing.TB, intake Intake, outcomes Outcomes, stations ...Station) *Watcher {
	t.Helper()
	w, err := New(Config{Stations: stations, Data: os.TempDir()}, intake, outcomes, slog.New(slog.NewTextHandler(testLog{t}, nil)))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// testLog shows the log of a test that fails.
type testLog struct{ t testing.TB }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(string(p))
	return len(p), nil
}

// start runs the watcher until the test ends, or until the function it returns is called.
func start(t testing.TB, w *Watcher) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// await polls until ok is true.
func await(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(patient); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s did not come about", what)
		}
	}
}

// arrived waits until the folder was listed for the first time.
func arrived(t testing.TB, w *Watcher, station string) {
	t.Helper()
	await(t, "the first listing", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		f := w.folders[station]
		if f == nil {
			return false
		}
		p, err := f.openFound()
		if err == nil {
			p.close()
		}
		return err == nil
	})
}

// inFolder lists what lies in a folder, without our own.
func inFolder(t testing.TB, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != ownDir {
			names = append(names, e.Name())
		}
	}
	return names
}

// claimsLeft lists the claims in a folder.
func claimsLeft(t testing.TB, dir string) []string {
	t.Helper()
	return inFolder(t, filepath.Join(dir, claimedDir))
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("whole", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
}
