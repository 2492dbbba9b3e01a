// Package scanners watches the stations' drop folders: it notices a file, waits until it is whole, claims it, hands it
// over, and tells the folder what became of it.
//
// It owns everything that happens inside a station's folder. What a deposit is worth and where its bytes are kept is
// the intake's business (package pipeline); what became of it, the outcomes' (the catalogue and the object store). When
// a file may be taken for whole is told by scanners/whole.
//
// The order is: rename into .dossierd/claimed/<deposit id>/, fsync, hand over, remove. Whatever lies claimed at the start
// is handed over again under the same id. The tests deliver files of every format in pieces, take folders away, and kill
// the process at random.
//
// By a station's grouping it also says which files belong together. A file is claimed when it is whole, with a note of its batch
// beside it; a batch is closed in the catalogue when nothing of it lies in the folder or is in hand and the grouping's rule says
// that nothing more comes. What a crash left open is found in the catalogue and closed by the same rule. A ticket of a scanner's
// software is parsed here, in the daemon, see package ticket.
package scanners

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"reflect"
	"sync"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// hands is how many claims of all stations are handed over at once; waiting stations are served in turn.
	hands = 12
	// stationHands is how many of them one station may have, so that folders whose file system hangs don't keep all.
	stationHands = 4
)

// Intake takes claims in.
type Intake interface {
	// Take returns nil once bytes and deposit are durable. An error means: try again later with the same claim, which
	// may have been taken in or not.
	Take(ctx context.Context, c dossier.Claim) error
	// OpenBatches lists the batches of a station that still collect.
	OpenBatches(ctx context.Context, station string) ([]dossier.OpenBatch, error)
	// CloseBatch returns nil once it is durable that no further claim joins the batch that collects under a key. Where none
	// does, nothing changes.
	CloseBatch(ctx context.Context, station, key string) error
}

// Outcomes knows what became of deposits.
type Outcomes interface {
	// Notices lists at most limit deposits of a station that came to an end which its folder was not told, oldest first.
	Notices(ctx context.Context, station string, limit int) ([]dossier.Notice, error)
	// NoticeWritten records that the folder was told.
	NoticeWritten(ctx context.Context, depositID string) error
	// Receipts lists at most limit receipts of a station that have changed since they were written.
	Receipts(ctx context.Context, station string, limit int) ([]dossier.Receipt, error)
	// Receipt is the receipt that a deposit belongs to, as things stand.
	Receipt(ctx context.Context, depositID string) (dossier.Receipt, error)
	// ReceiptWritten records that the folder was told of a deposit up to a change.
	ReceiptWritten(ctx context.Context, depositID string, change int) error
	// OpenThumb reads a page's thumbnail, a JPEG. The caller closes the reader.
	OpenThumb(ctx context.Context, pageID string) (io.ReadCloser, error)
	// OpenOriginal reads a deposit's bytes. The caller closes the reader.
	OpenOriginal(ctx context.Context, sha256 string) (io.ReadCloser, error)
}

// Config is what New needs to know.
type Config struct {
	Stations  []Station
	Data      string // folder on whose file system space must be left
	DiskFloor int64  // bytes free under Data below which nothing is claimed; 0: no floor
}

// Watcher watches the folders of all stations.
type Watcher struct {
	intake   Intake
	outcomes Outcomes
	log      *slog.Logger
	disk     *disk
	hands    chan struct{}
	polling  bool // take no file-system events

	mu       sync.Mutex
	stations []Station
	folders  map[string]*folder // by station
	changed  chan struct{}
}

// New makes a watcher that does nothing until Run. The error names every fault of the stations.
func New(cfg Config, intake Intake, outcomes Outcomes, log *slog.Logger) (*Watcher, error) {
	w := &Watcher{
		intake: intake, outcomes: outcomes, log: log, disk: newDisk(cfg, log),
		hands: make(chan struct{}, hands), folders: map[string]*folder{}, changed: make(chan struct{}, 1),
	}
	if err := w.SetStations(cfg.Stations); err != nil {
		return nil, err
	}
	return w, nil
}

// SetStations replaces the stations, also while Run runs. A station that is gone is no longer watched, once what it has
// in hand is taken in; what could not be taken in yet stays claimed in its folder until the station is back. An error
// leaves everything as it was.
func (w *Watcher) SetStations(stations []Station) error {
	if err := validate(stations); err != nil {
		return err
	}
	w.mu.Lock()
	w.stations = make([]Station, 0, len(stations))
	for _, s := range stations {
		w.stations = append(w.stations, s.withDefaults())
	}
	w.mu.Unlock()
	select {
	case w.changed <- struct{}{}:
	default:
	}
	return nil
}

// Run watches until ctx is done, and returns when everything it started has ended. Claims in hand are then left where
// they lie, for the next start.
func (w *Watcher) Run(ctx context.Context) error {
	var running sync.WaitGroup
	defer running.Wait()
	w.disk.check()
	running.Go(func() { w.disk.watch(ctx) })
	stopping := map[string]*folder{} // by path: the last one that was watched there
	for {
		w.reconcile(ctx, &running, stopping)
		select {
		case <-ctx.Done():
			return nil
		case <-w.changed:
		}
	}
}

// reconcile stops the folders whose station is gone or changed and starts those that are missing. A folder starts only
// after the last one at the same path has ended.
func (w *Watcher) reconcile(ctx context.Context, running *sync.WaitGroup, stopping map[string]*folder) {
	w.mu.Lock()
	defer w.mu.Unlock()
	wanted := map[string]Station{}
	for _, s := range w.stations {
		wanted[s.Name] = s
	}
	for name, f := range w.folders {
		if s, ok := wanted[name]; !ok || !reflect.DeepEqual(s, f.station) {
			f.stop()
			stopping[f.station.Folder] = f
			delete(w.folders, name)
		}
	}
	for _, s := range w.stations {
		if w.folders[s.Name] != nil {
			continue
		}
		f := newFolder(w, s)
		w.folders[s.Name] = f
		before := stopping[s.Folder]
		running.Go(func() { f.run(ctx, before) })
	}
}

// Status tells how each station's folder is, in the order of the stations.
func (w *Watcher) Status() []FolderStatus {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]FolderStatus, 0, len(w.stations))
	for _, s := range w.stations {
		status := FolderStatus{Station: s.Name, Department: s.Department, Folder: s.Folder}
		if f := w.folders[s.Name]; f != nil {
			status = f.status()
		}
		status.Paused = w.disk.reason()
		all = append(all, status)
	}
	return all
}

// Paused says why nothing is to be taken in now, "" where something is.
func (w *Watcher) Paused() string {
	w.disk.check()
	return w.disk.reason()
}

func validate(stations []Station) error {
	var faults []error
	names, folders := map[string]bool{}, map[string]bool{}
	for _, s := range stations {
		if err := s.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("station %q: %w", s.Name, err))
		}
		if names[s.Name] {
			faults = append(faults, fmt.Errorf("station %q: the name is used twice", s.Name))
		}
		folder := filepath.Clean(s.Folder)
		if folders[folder] {
			faults = append(faults, fmt.Errorf("station %q: folder %s belongs to another station", s.Name, s.Folder))
		}
		names[s.Name], folders[folder] = true, true
	}
	return errors.Join(faults...)
}
