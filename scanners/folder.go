package scanners

import (
	"context"
	"log/slog"
	"regexp"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// pollInterval is how often a folder is listed that sends no events, and how often any is looked for.
	pollInterval = 2 * time.Second
	// listInterval is how often a folder is listed that sends events.
	listInterval = 30 * time.Second
	// turnPause keeps a burst of events from waking us for each of them.
	turnPause = 50 * time.Millisecond
	// answerTime is how long the file system may take before the folder counts as away.
	answerTime = 30 * time.Second
)

// folder is a station's folder while it is watched.
type folder struct {
	station Station
	w       *Watcher
	log     *slog.Logger
	cancel  chan struct{} // closed to stop
	ended   chan struct{} // closed when nothing of it runs any more
	wake    chan struct{}
	slots   chan struct{} // the station's share of the hands

	// These belong to the goroutine of watch.
	here     *place               // what the folder was when it was last found; closed, for comparing; nil while it is away
	mounted  bool                 // when it was last found, a file system was mounted on it
	hints    *hints               // nil where events don't work
	files    map[string]*sighting // by path in the folder
	faults   map[string]bool      // of the files, as far as they were logged
	prefix   *regexp.Regexp       // of Station.Prefix; nil under another grouping
	listedAt time.Time            // when the last listing began that came to its end

	subfolders map[string]*subfolder // that are batches, by key
	unread     int                   // subfolders beyond those, at the last listing
	crowded    bool                  // that there are such was logged
	sets       map[string]*set       // by key
	lastClaim  time.Time             // time in the last claim's id
	scan       int
	nextScan   time.Time
	nextLook   time.Time // whether the folder is still there

	mu        sync.Mutex
	claims    map[string]*pending // claimed and not taken in, by deposit id
	groups    map[string]*group   // batches that collect, by key
	loaded    bool                // those that the catalogue knows are among them
	nextLoad  time.Time
	unclosed  bool   // that one can't be closed was logged
	found     *place // here, for the other goroutines
	away      error
	awaySince time.Time
	busySince time.Time // when the file system was last asked something it has not answered yet
	shown     FolderStatus
	untold    string // why outcomes could not be written, when that was last tried
	taken     int64
}

func newFolder(w *Watcher, s Station) *folder {
	f := &folder{
		station: s, w: w, log: w.log.With("station", s.Name), cancel: make(chan struct{}), ended: make(chan struct{}),
		wake: make(chan struct{}, 1), slots: make(chan struct{}, stationHands),
		files: map[string]*sighting{}, faults: map[string]bool{}, claims: map[string]*pending{}, groups: map[string]*group{},
	}
	if s.Grouping == dossier.GroupPrefix {
		f.prefix = regexp.MustCompile(s.Prefix) // it was validated
	}
	return f
}

// stop may be called once.
func (f *folder) stop() { close(f.cancel) }

// run watches and tells until ctx is done or stop is called, and returns when the claims in hand are taken in or given
// up. It begins when before, which was watched at the same path, has ended.
func (f *folder) run(ctx context.Context, before *folder) {
	defer close(f.ended)
	if before != nil {
		<-before.ended
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() {
		defer stop()
		select {
		case <-f.cancel:
		case <-watching.Done():
		}
	})
	all.Go(func() { f.tell(watching) })
	f.watch(watching, ctx, &all)
	all.Wait()
	if n := f.claimCount(); n > 0 && ctx.Err() == nil {
		f.log.Warn("claims were left in the folder of a station that is watched no longer", "folder", f.station.Folder, "claims", n)
	}
}

// openFound opens the folder, if it is still the one that was found when it was last looked at.
func (f *folder) openFound() (*place, error) {
	f.mu.Lock()
	found := f.found
	f.mu.Unlock()
	if found == nil {
		return nil, errAway
	}
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return nil, err
	}
	if !p.same(found) {
		p.close()
		return nil, errAway
	}
	return p, nil
}

// watch is the folder's loop. Claims are handed over under life, which goes on when the station is dropped.
func (f *folder) watch(ctx, life context.Context, all *sync.WaitGroup) {
	defer f.depart()
	for ctx.Err() == nil {
		again := f.turn(ctx, life, all)
		f.rest(ctx, again)
	}
}

// turn looks at the folder once and returns when to look again.
func (f *folder) turn(ctx, life context.Context, all *sync.WaitGroup) time.Time {
	now := time.Now()
	var hinted map[string]struct{}
	if f.hints != nil {
		var list bool
		if hinted, list = f.hints.take(); list {
			f.nextScan = now
		}
	}
	if !now.Before(f.nextScan) {
		f.report(f.list(now))
	} else if err := f.refresh(hinted, now); err != nil {
		f.report(err)
	}
	f.loadGroups(life, all, now)
	again := earlier(f.nextScan, f.nextLook)
	switch {
	case f.here == nil:
	case f.w.disk.reason() != "":
		again = earlier(again, now.Add(diskInterval))
	default:
		again = earlier(again, f.claimDue(ctx, life, all))
		again = earlier(again, f.closeDue(life, all, time.Now()))
	}
	f.show()
	return again
}

// report notes whether the folder is there, and logs it when that changes.
func (f *folder) report(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.found = f.here
	switch {
	case err == nil && f.away != nil:
		f.log.Info("the folder is back", "away_since", f.awaySince)
		f.away, f.awaySince = nil, time.Time{}
	case err != nil && f.away == nil:
		f.awaySince = time.Now()
		f.log.Warn("the folder is away", "folder", f.station.Folder, "reason", blame(err))
		fallthrough
	case err != nil:
		f.away, f.found = err, nil
		f.depart()
		f.nextScan = time.Now().Add(pollInterval)
		f.nextLook = f.nextScan
	}
}

// depart forgets the folder, so that it is met anew.
func (f *folder) depart() {
	if f.hints != nil {
		f.hints.close()
	}
	f.here, f.hints, f.files = nil, nil, map[string]*sighting{}
	f.subfolders, f.sets = map[string]*subfolder{}, map[string]*set{}
}

// rest waits until then, or until something happens.
func (f *folder) rest(ctx context.Context, until time.Time) {
	wait := time.NewTimer(time.Until(until))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return
	case <-wait.C:
		return
	case <-f.wake:
	}
	sleep(ctx, turnPause)
}

// asking notes that the file system is being asked; the function it returns, that it answered.
func (f *folder) asking() (answered func()) {
	f.mu.Lock()
	f.busySince = time.Now()
	f.mu.Unlock()
	return func() {
		f.mu.Lock()
		f.busySince = time.Time{}
		f.mu.Unlock()
	}
}

// show puts into the status what only the loop knows.
func (f *folder) show() {
	s := FolderStatus{Inotify: f.hints != nil, Waiting: len(f.files), Unread: f.unread}
	lasting := map[string]bool{}
	for _, file := range f.files {
		if file.fault != "" {
			s.Faults, s.Fault = s.Faults+1, file.fault
			lasting[file.fault] = true
		}
		if s.Oldest.IsZero() || file.since.Before(s.Oldest) {
			s.Oldest = file.since
		}
	}
	f.faults = lasting
	f.mu.Lock()
	s.Batches = f.batches()
	f.shown = s
	f.mu.Unlock()
}

func (f *folder) status() FolderStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.shown
	s.Station, s.Department, s.Folder = f.station.Name, f.station.Department, f.station.Folder
	s.Untold, s.Claimed, s.Taken = f.untold, len(f.claims), f.taken
	switch {
	case f.away != nil:
		s.Since, s.Reason = f.awaySince, blame(f.away)
	case !f.busySince.IsZero() && time.Since(f.busySince) > answerTime:
		s.Since, s.Reason = f.busySince, "the file system does not answer"
	}
	return s
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
