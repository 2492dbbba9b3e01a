package scanners

import (
	"path/filepath"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	// probeTime is how long the event of a file of our own may take.
	probeTime = time.Second
	// manyHints is when listing the folder is cheaper than looking at each name.
	manyHints = 1000
)

// hints collects the names of files that file-system events tell of. Events are only a reason to look: they get lost
// when there are many, and some file systems send none.
type hints struct {
	watcher *fsnotify.Watcher
	folder  string
	wake    chan struct{} // not closed
	probed  chan struct{} // closed once the probe's event has come
	ended   chan struct{}

	mu    sync.Mutex
	names map[string]struct{}
	all   bool // list the folder
}

// listen begins to collect hints from folder, whose own folder for claims exists. It returns nil where events do not
// work; touch writes the file whose event shows that they do.
func listen(folder string, wake chan struct{}, touch func() error) *hints {
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		return nil // out of inotify instances
	}
	h := &hints{
		watcher: watcher, folder: folder, wake: wake, names: map[string]struct{}{},
		probed: make(chan struct{}), ended: make(chan struct{}),
	}
	go h.collect()
	own := filepath.Join(folder, ownDir)
	if watcher.Add(folder) != nil || watcher.Add(own) != nil || touch() != nil || !h.heard() || watcher.Remove(own) != nil {
		h.close()
		return nil
	}
	return h
}

func (h *hints) heard() bool {
	timeout := time.NewTimer(probeTime)
	defer timeout.Stop()
	select {
	case <-h.probed:
		return true
	case <-timeout.C:
		return false
	}
}

// collect ends when the watcher is closed.
func (h *hints) collect() {
	defer close(h.ended)
	probe := filepath.Join(h.folder, probeFile)
	heard := false
	for {
		select {
		case e, ok := <-h.watcher.Events:
			if !ok {
				return
			}
			if e.Name == probe && !heard {
				heard = true
				close(h.probed)
			}
			h.add(e.Name)
		case _, ok := <-h.watcher.Errors:
			if !ok {
				return
			}
			h.add(h.folder) // events were lost
		}
	}
}

func (h *hints) add(path string) {
	h.mu.Lock()
	switch {
	case path == h.folder || len(h.names) >= manyHints:
		h.all = true
	case filepath.Dir(path) == h.folder && !leftAlone(filepath.Base(path)):
		h.names[filepath.Base(path)] = struct{}{}
	default:
		h.mu.Unlock()
		return
	}
	h.mu.Unlock()
	nudge(h.wake)
}

// take returns the names to look at, or that the folder must be listed, and forgets them.
func (h *hints) take() (names map[string]struct{}, all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	names, all = h.names, h.all
	h.names, h.all = map[string]struct{}{}, false
	return names, all
}

func (h *hints) close() {
	_ = h.watcher.Close() // nothing was written
	<-h.ended
}

func nudge(wake chan struct{}) {
	select {
	case wake <- struct{}{}:
	default:
	}
}
