package web

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"sync"

	"golang.org/x/time/rate"

	"github.com/dossierd/dossierd/web/access"
)

// burstSeconds is for how long somebody may have saved up requests.
const burstSeconds = 10

// limiter bounds how often each principal asks. The zero value bounds nobody.
type limiter struct {
	perSecond int // 0: as often as anybody likes

	mu sync.Mutex
	of map[string]*rate.Limiter // by principal's name: there are as many as users and tokens
}

func (l *limiter) principal(name string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of == nil {
		l.of = map[string]*rate.Limiter{}
	}
	if l.of[name] == nil {
		l.of[name] = rate.NewLimiter(rate.Limit(l.perSecond), burstSeconds*l.perSecond)
	}
	return l.of[name]
}

// limit answers 429 to who asks more often than that, and tells everybody how much is left.
func (l *limiter) limit(next http.Handler) http.Handler {
	if l.perSecond <= 0 {
		return next
	}
	policy := fmt.Sprintf(`"requests";q=%d;w=%d`, burstSeconds*l.perSecond, burstSeconds)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of := l.principal(access.Of(r.Context()).Name)
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
