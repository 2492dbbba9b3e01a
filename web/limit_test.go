package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWhoAsksTooOftenIsToldWhenToAskAgain(t *testing.T) {
	s := prepare(t)
	s.perSecond = 1
	s.serve(t, s.store)
	for i := range 10 {
		a := s.get(t, "/api/v1/kinds")
		if a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("RateLimit"), `"requests";r=`) ||
			a.header.Get("RateLimit-Policy") != `"requests";q=10;w=10` {
			t.Fatalf("request %d: %+v", i, a)
		}
	}
	a := s.get(t, "/api/v1/kinds", "Accept-Language", "fr")
	wantProblem(t, a, http.StatusTooManyRequests)
	if a.header.Get("Retry-After") != "1" || !strings.Contains(a.body, `"code":"too_many_requests"`) || !strings.Contains(a.body, "Trop de requêtes") {
		t.Errorf("%+v", a)
	}
	if a := s.do(t, http.MethodGet, "/healthz"); a.status != http.StatusOK {
		t.Errorf("%+v", a)
	}
}
