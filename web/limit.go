package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/web/access"
)

// burstSeconds is for how long somebody may have saved up requests.
const burstSeconds = 10

// limiter bounds how often each principal asks. The zero value bounds nobody.
type limiter struct {
	perSecond int // 0: as often as anybody likes

	mu sync.Mutex
	of map[caller]*rate.Limiter // there are as many as users and tokens
}

// caller is a principal: a token may have the name of a user.
type caller struct {
	kind dossier.PrincipalKind
	name string
}

func (l *limiter) principal(who caller) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[caller]*rate.Limiter{}
	}
	if l.of[who] == nil {
		l.of[who] = rate.NewLimiter(rate.Limit(l.perSecond), burstSeconds*l.perSecond)
	}
	return l.of[who]
}

// limit answers 429 to who asks more often than that, and tells everybody how much is left.
func (l *limiter) limit(next http.Handler) http.Handler {
	if l.perSecond <= 0 {
		return next
	}
	policy := fmt.Sprintf(`"requests";q=%d;w=%d`, burstSeconds*l.perSecond, burstSeconds)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := access.Of(r.Context())
		of := l.principal(caller{who.Kind, who.Name})
		allowed := of.Allow()
		left := of.Tokens()
		h := w.Header()
		h.Set("RateLimit-Policy", policy)
		h.Set("RateLimit", fmt.Sprintf(`"requests";r=%d;t=%d`, int(max(0, left)), burstSeconds))
		if !allowed {
			wait := max(1, int(math.Ceil((1-left)/float64(l.perSecond))))
			h.Set("Retry-After", strconv.Itoa(wait))
			problem(w, r, refused("too_many_requests", wait))
			return
		}
		next.ServeHTTP(w, r)
	})
}
