// Package pipeline is the way of a page: intake, page, assemble, publish, deliver, one file each, in that order.
//
// It owns what happens between two durable states and what is tried again when it fails. What a page looks like and
// says is found out by the worker processes of package ocr; what is known, and which job comes next, stands in
// storage/catalog; bytes lie in a storage.Store. It imports neither the watching of folders nor the web.
//
// The order of durability is the same everywhere: bytes are stored and fsynced, then the row commits, then what came
// before is removed. The kill tests in cmd/dossierd end the process between any two of these.
package pipeline

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/pipeline/webhook"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// Station is what the pipeline must know of a station.
type Station struct {
	Name            string
	Department      string
	Language        string // of messages to the clerk: vi, fr, en
	Profile         dossier.Profile
	DuplicateWindow time.Duration
	CutAt           float64 // confidence from which a stack is cut, 0..1; 0: 0.9
	KeepSheets      bool    // slips and separator sheets stay in the rendition
	Purpose         dossier.Purpose
	Channel         dossier.Channel
}

// Subscriber is an endpoint and the events it wants.
type Subscriber struct {
	webhook.Subscriber
	Events []dossier.EventType // empty: all
}

// Settings can change while the pipeline runs (SIGHUP).
type Settings struct {
	Stations    []Station
	Subscribers []Subscriber
	Kinds       *extract.Kinds // nil: none
	Procedures  *procedure.Set // nil: none
	// Retention says by kind how long papers are kept; a kind that is not named is kept for ever.
	Retention map[string]catalog.Period
}

// Config is fixed for the life of a Pipeline.
type Config struct {
	Scratch   string            // private folder on local disk; emptied at start
	PublicURL string            // base of the object URLs in events, without a slash at the end; "" leaves them out
	Level     dossier.Level     // of the renditions
	Limits    dossier.Limits    //
	Tools     map[string]string // name to version of everything that has a hand in a reading; part of the metadata
	Validator []string          // command of the child process that validates renditions
	Default   Station           // profile of deposits whose station is no longer configured
	Identity  dossier.IdentityKey
}

// Pipeline does the work of the catalogue's jobs. It is safe for concurrent use.
type Pipeline struct {
	cfg       Config
	store     storage.Store
	catalog   *catalog.Catalog
	workers   *ocr.Pool
	originals *originals
	images    *pageImages
	validator *Validator
	client    *http.Client
	metrics   *Metrics
	log       *slog.Logger
	settings  atomic.Pointer[settings]
	looks     *looks
	glasses   *glasses
	away      atomic.Bool // object storage, when it was last asked
}

type settings struct {
	stations    map[string]Station
	subscribers map[string]webhook.Subscriber
	kinds       *extract.Kinds
	procedures  *procedure.Set
}

// New makes a pipeline over its parts, which the caller closes. The scratch folder is emptied: nothing in it outlives
// a process.
func New(cfg Config, s storage.Store, c *catalog.Catalog, w *ocr.Pool, m *Metrics, log *slog.Logger) (*Pipeline, error) {
	for _, folder := range []string{"renditions", "uploads"} {
		if err := emptyFolder(filepath.Join(cfg.Scratch, folder)); err != nil {
			return nil, err
		}
	}
	files, err := newOriginals(filepath.Join(cfg.Scratch, "originals"), s)
	if err != nil {
		return nil, err
	}
	shown, err := newPageImages(filepath.Join(cfg.Scratch, "images"), s)
	if err != nil {
		return nil, err
	}
	p := &Pipeline{
		cfg: cfg, store: s, catalog: c, workers: w, originals: files, images: shown, validator: NewValidator(cfg.Validator...),
		client: webhook.NewClient(), metrics: m, log: log,
		looks: newLooks(), glasses: &glasses{stations: map[string][]*streak{}},
	}
	p.Apply(Settings{})
	return p, nil
}

// Close ends what the pipeline started itself, and leaves no copy of an original or page image behind. No job may be in progress.
func (p *Pipeline) Close() {
	p.validator.Close()
	p.originals.close()
	p.images.close()
}

// Apply replaces all settings; jobs in hand finish with what they began with. Deposits that a station left which
// is not named any more are read as it wanted them, until the next start.
func (p *Pipeline) Apply(s Settings) {
	next := &settings{stations: map[string]Station{}, subscribers: map[string]webhook.Subscriber{}, kinds: s.Kinds, procedures: s.Procedures}
	if next.kinds == nil {
		next.kinds = &extract.Kinds{}
	}
	if next.procedures == nil {
		next.procedures = &procedure.Set{}
	}
	if former := p.settings.Load(); former != nil {
		maps.Copy(next.stations, former.stations)
	}
	for _, st := range s.Stations {
		next.stations[st.Name] = st
	}
	names := make([]catalog.Subscriber, 0, len(s.Subscribers))
	for _, sub := range s.Subscribers {
		next.subscribers[sub.Name] = sub.Subscriber
		names = append(names, catalog.Subscriber{Name: sub.Name, Events: sub.Events})
	}
	p.settings.Store(next)
	p.catalog.SetSubscribers(names)
	p.catalog.SetRetention(s.Retention)
}

// knows reports whether there is a station of a name.
func (p *Pipeline) knows(station string) bool {
	_, ok := p.settings.Load().stations[station]
	return ok
}

func (p *Pipeline) station(name string) Station {
	if st, ok := p.settings.Load().stations[name]; ok {
		return st
	}
	st := p.cfg.Default
	st.Name = name
	return st
}

// Station tells the department of a station and the language of its messages; ok is false where none has the name.
func (p *Pipeline) Station(name string) (department, language string, ok bool) {
	st := p.station(name)
	return st.Department, st.Language, p.knows(name)
}

// How failed work is tried again. Storage that is away is waited for and is nobody's failure; everything else is
// tried again soon, then every ten seconds for as long as it takes: a job is never given up.
const (
	storageAway  = 2 * time.Second
	retryFirst   = 200 * time.Millisecond
	retryLongest = 10 * time.Second
)

// Retry is the pause before the given attempt (2 is the first retry).
func Retry(attempt int) time.Duration {
	pause := retryLongest
	if attempt < 8 {
		pause = min(retryLongest, retryFirst<<max(0, attempt-2))
	}
	return pause/2 + rand.N(pause/2)
}

// settle has a job wait for storage that is away.
func (p *Pipeline) settle(err error) error {
	p.noteStorage(err)
	if errors.Is(err, storage.ErrUnavailable) {
		return catalog.Snooze(err, storageAway)
	}
	return err
}

// noteStorage logs when object storage goes away and when it is back: jobs that wait for it say nothing.
func (p *Pipeline) noteStorage(err error) {
	if errors.Is(err, storage.ErrUnavailable) {
		if !p.away.Swap(true) {
			p.log.Error("object storage is away; work waits for it", "error", err)
		}
	} else if err == nil && p.away.Swap(false) {
		p.log.Info("object storage is back")
	}
}

// Page reads one page: the job of the catalogue.
func (p *Pipeline) Page(ctx context.Context, key catalog.PageKey) error {
	return p.settle(p.page(ctx, key))
}

// Assemble makes and publishes the rendition of a batch whose pages are all read: the job of the catalogue.
func (p *Pipeline) Assemble(ctx context.Context, batchID string) error {
	return p.settle(p.assemble(ctx, batchID))
}

// Revise makes and publishes the versions that a decision asks for: the job of the catalogue.
func (p *Pipeline) Revise(ctx context.Context, revision string) error {
	return p.settle(p.decided(ctx, revision))
}

// Hide removes the pictures of identity papers: the job of the catalogue.
func (p *Pipeline) Hide(ctx context.Context, pageIDs []string) error {
	return p.settle(p.hide(ctx, pageIDs))
}

// Erase destroys what an erasure takes: the job of the catalogue.
func (p *Pipeline) Erase(ctx context.Context, tombstone string) error {
	return p.settle(p.erase(ctx, tombstone))
}

func emptyFolder(dir string) error {
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o700)
}
