package access

import (
	"net/netip"
	"sync"
	"time"
)

// What the throttle lets pass.
const (
	freeOfName    = 5               // refusals of one name, before the next try has to wait
	freeOfAddress = 20              // and from one address, or one /64 of IPv6
	longestWait   = 5 * time.Minute // the wait doubles up to this
	forgive       = 5 * time.Minute // one refusal is forgotten in this time: many share an office's address
	keysMost      = 20_000          // that are kept in mind
)

// throttle slows down who guesses passwords. A try counts as refused until it succeeded, so that many at once are no way round.
type throttle struct {
	mu    sync.Mutex
	tries map[string]*tries
}

type tries struct {
	refused int
	counted time.Time // up to when refusals were forgotten
	until   time.Time // no further one before
}

// forget takes off what time has healed.
func (k *tries) forget(now time.Time) {
	n := int(now.Sub(k.counted) / forgive)
	k.refused = max(0, k.refused-n)
	k.counted = k.counted.Add(time.Duration(n) * forgive)
}

// begin counts a try, or returns a *Throttled: then nothing is to be looked at.
func (t *throttle) begin(name, address string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.makeRoom(now)
	limits := map[string]int{"name " + name: freeOfName, addressKey(address): freeOfAddress}
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
			k = &tries{counted: now}
			t.tries[key] = k
		}
		k.forget(now)
		k.refused++
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
	t.takeBack(addressKey(address), freeOfAddress)
}

// unseen takes back a try whose password was not looked at.
func (t *throttle) unseen(name, address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.takeBack("name "+name, freeOfName)
	t.takeBack(addressKey(address), freeOfAddress)
}

func (t *throttle) takeBack(key string, free int) {
	if k := t.tries[key]; k != nil {
		if k.refused--; k.refused < free {
			k.until = time.Time{}
		}
	}
}

// addressKey is what tries from an address are counted under: for IPv6 its network, the smallest that anybody is given, of which each
// machine may use 2^64 addresses.
func addressKey(address string) string {
	const network = 64
	if at, err := netip.ParseAddr(address); err == nil {
		if at = at.Unmap(); at.Is6() {
			p, _ := at.Prefix(network) // it has more bits than that
			return "address " + p.String()
		}
		address = at.String()
	}
	return "address " + address
}

// makeRoom keeps the memory small: of those that are forgiven, and where that is not enough of any.
func (t *throttle) makeRoom(now time.Time) {
	if t.tries == nil {
		t.tries = map[string]*tries{}
	}
	if len(t.tries) < keysMost {
		return
	}
	for key, k := range t.tries {
		if k.forget(now); k.refused == 0 {
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
