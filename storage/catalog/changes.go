package catalog

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// How hints are given.
const (
	gather = 100 * time.Millisecond // changes that come so close behind one another are one hint
	anyway = 10 * time.Second       // a hint that anything may have changed: ages go on, and a command may have changed a SQLite file
)

// watchers are those who look at boards. While there is one, the database is listened to.
type watchers struct {
	mu   sync.Mutex
	all  map[*watcher]bool
	stop context.CancelFunc
	over chan struct{} // closed once nobody listens any more for those who looked last; nil at first
	busy sync.WaitGroup
}

// watcher is one who looks at the boards of a scope.
type watcher struct {
	scope dossier.Scope
	wake  chan struct{}

	mu       sync.Mutex
	anything bool
	stations map[string]bool
}

// Changes gives hints that the boards of stations in a scope may have changed, by the stations' names, each once however often it
// did; an empty list is all of them, and the first one is. Hints never hold up a transaction: who is slow to receive gets fewer
// of them, and none is lost. At least every ten seconds one comes. The channel is closed once ctx is done, which must be before
// Close.
func (c *Catalog) Changes(ctx context.Context, scope dossier.Scope) <-chan []string {
	w := &watcher{scope: scope, wake: make(chan struct{}, 1), stations: map[string]bool{}}
	w.hear(nil) // whatever happened before
	hints := make(chan []string)
	c.watchers.add(w, c.db.listen)
	go func() {
		defer close(hints)
		defer c.watchers.remove(w)
		w.run(ctx, hints)
	}()
	return hints
}

func (ws *watchers) add(w *watcher, listen func(context.Context, func([]counter))) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	if ws.all == nil {
		ws.all = map[*watcher]bool{}
	}
	ws.all[w] = true
	if len(ws.all) == 1 {
		ctx, cancel := context.WithCancel(context.Background())
		former, over := ws.over, make(chan struct{})
		ws.stop, ws.over = cancel, over
		ws.busy.Go(func() {
			defer close(over)
			if former != nil {
				<-former // one that ends late would take the hearing from the next
			}
			listen(ctx, ws.hear)
		})
	}
}

func (ws *watchers) remove(w *watcher) {
	ws.mu.Lock()
	delete(ws.all, w)
	last := len(ws.all) == 0
	if last {
		ws.stop()
	}
	ws.mu.Unlock()
}

// hear is told which places changed, and does not wait.
func (ws *watchers) hear(places []counter) {
	ws.mu.Lock()
	defer ws.mu.Unlock()
	for w := range ws.all {
		w.hear(places)
	}
}

func (w *watcher) hear(places []counter) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.anything = w.anything || len(places) == 0
	seen := w.anything
	for _, p := range places {
		if w.scope.Sees(p.Department, p.Station) {
			w.stations[p.Station] = true
			seen = true
		}
	}
	if seen {
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
}

// hint takes what was heard.
func (w *watcher) hint() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	stations := slices.Sorted(maps.Keys(w.stations))
	if w.anything {
		stations = nil
	}
	w.anything, w.stations = false, map[string]bool{}
	return stations
}

func (w *watcher) run(ctx context.Context, hints chan<- []string) {
	tick := time.NewTicker(anyway)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.hear(nil)
			continue
		case <-w.wake:
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(gather):
		}
		select {
		case <-ctx.Done():
			return
		case hints <- w.hint():
			tick.Reset(anyway)
		}
	}
}
