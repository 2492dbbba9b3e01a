package access

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// burstSeconds is for how long somebody may have saved up requests.
	burstSeconds = 10
	// heldMost is how many answers that stay open somebody may have: streams of boards, and requests that wait for events.
	heldMost = 16
	// HeldAgain is when to ask again where there are so many, in seconds.
	HeldAgain = 10
)

// Sort is what is asked for, as far as limits go.
type Sort struct {
	name   string
	factor int // of the requests per second that the operator sets
}

// The sorts. Viewers and lists ask for pictures by the dozen.
var (
	Requests = Sort{"requests", 1}
	Pictures = Sort{"pictures", 10}
)

// caller is a principal, for a token may have the name of a user; of nobody it is the address.
type caller struct {
	kind dossier.PrincipalKind
	name string
}

type bucket struct {
	caller
	sort string
}

// limits bound how often each caller asks, and how many answers each holds open. The zero value bounds the latter alone.
type limits struct {
	perSecond int // 0: as often as anybody likes

	mu   sync.Mutex
	of   map[bucket]*rate.Limiter
	held map[caller]int
}

func (l *limits) limiter(b bucket, factor int) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[bucket]*rate.Limiter{}
	}
	if l.of[b] == nil {
		l.makeRoom()
		l.of[b] = rate.NewLimiter(rate.Limit(factor*l.perSecond), burstSeconds*factor*l.perSecond)
	}
	return l.of[b]
}

// makeRoom forgets who has asked for nothing lately, and where that is not enough of any: there may be many addresses.
func (l *limits) makeRoom() {
	if len(l.of) < keysMost {
		return
	}
	for b, of := range l.of {
		if of.Tokens() >= float64(of.Burst()) {
			delete(l.of, b)
		}
	}
	for b := range l.of {
		if len(l.of) < keysMost/2 {
			return
		}
		delete(l.of, b)
	}
}

func (a *Access) callerOf(r *http.Request) caller {
	if who := Of(r.Context()); who.Name != "" {
		return caller{who.Kind, who.Name}
	}
	return caller{name: addressKey(a.Address(r))}
}

// Limit bounds how often each user, token, or address of nobody is answered, and tells everybody how much is left. tooMany answers who
// asks more often; wait is when to ask again, in seconds, which stands in Retry-After.
func (a *Access) Limit(s Sort, tooMany func(w http.ResponseWriter, r *http.Request, wait int), next http.Handler) http.Handler {
	perSecond := s.factor * a.limits.perSecond
	if perSecond <= 0 {
		return next
	}
	policy := fmt.Sprintf(`"%s";q=%d;w=%d`, s.name, burstSeconds*perSecond, burstSeconds)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := a.limits.limiter(bucket{a.callerOf(r), s.name}, s.factor)
		allowed := of.Allow()
		left := of.Tokens()
		h := w.Header()
		h.Set("RateLimit-Policy", policy)
		h.Set("RateLimit", fmt.Sprintf(`"%s";r=%d;t=%d`, s.name, int(max(0, left)), burstSeconds))
		if !allowed {
			wait := max(1, int(math.Ceil((1-left)/float64(perSecond))))
			h.Set("Retry-After", strconv.Itoa(wait))
			tooMany(w, r, wait)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Hold counts an answer that stays open; ok is false where who has too many. It is no more once end is called.
func (a *Access) Hold(who dossier.Principal) (end func(), ok bool) {
	l, c := &a.limits, caller{who.Kind, who.Name}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held[c] >= heldMost {
		return nil, false
	}
	if l.held == nil {
		l.held = map[caller]int{}
	}
	l.held[c]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.held[c]--; l.held[c] == 0 {
			delete(l.held, c)
		}
	}, true
}
