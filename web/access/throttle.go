package access

import (
	"sync"
	"time"
)

// What the throttle lets pass.
const (
	freeOfName    = 5               // refusals of one name, before the next one has to wait
	freeOfAddress = 20              // and from one address
	longestWait   = 5 * time.Minute // the wait doubles up to this
	forgotten     = time.Hour       // after the last try
	keysMost      = 20_000          // that are kept in mind
)

// throttle slows down who guesses passwords. A try counts as refused until it succeeded, so that many at once are no way round.
type throttle struct {
	mu    sync.Mutex
	tries map[string]*tries
}

type tries struct {
	refused int
	last    time.Time
	until   time.Time // no further one before
}

// begin counts a try, or returns a *Throttled: then nothing is to be looked at.
func (t *throttle) begin(name, address string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.forget(now)
	limits := map[string]int{"name " + name: freeOfName, "address " + address: freeOfAddress}
	var until time.Time
	for key := range limits {
		if k := t.tries[key]; k != nil && k.until.After(until) {
			until = k.until
		}
	}
	if until.After(now) {
		return &Throttled{until}
	}
	for key, free := range limits {
		k := t.tries[key]
		if k == nil {
			k = &tries{}
			t.tries[key] = k
		}
		k.refused++
		k.last = now
		if over := k.refused - free; over >= 0 {
			k.until = now.Add(min(time.Second<<min(over, 20), longestWait))
		}
	}
	return nil
}

// succeeded takes back a try, and for the name all before it.
func (t *throttle) succeeded(name, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.tries, "name "+name)
	if k := t.tries["address "+address]; k != nil {
		k.refused--
		k.until = time.Time{}
	}
}

// forget keeps the memory small: of those tried long ago, and where that is not enough of any.
func (t *throttle) forget(now time.Time) {
	if t.tries == nil {
		t.tries = map[string]*tries{}
	}
	if len(t.tries) < keysMost {
		return
	}
	for key, k := range t.tries {
		if now.Sub(k.last) > forgotten {
			delete(t.tries, key)
		}
	}
	for key := range t.tries {
		if len(t.tries) < keysMost/2 {
			return
		}
		delete(t.tries, key)
	}
}
