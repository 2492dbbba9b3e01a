package web_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
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

func TestPagesAndPicturesAreCountedEachByThemselves(t *testing.T) {
	s := prepare(t)
	s.perSecond = 1
	s.serve(t, s.store)
	asked := func(path string) (answered int, last answer) {
		for answered = 0; answered < 1000; answered++ {
			if last = s.get(t, path); last.status == http.StatusTooManyRequests {
				break
			}
		}
		return answered, last
	}
	const tile = "/iiif/image/d1-1/0,0,512,512/512,512/0/default.jpg"
	if n, last := asked(tile); n < 100 || n > 200 || last.header.Get("Retry-After") != "1" || last.header.Get("Content-Type") != "application/problem+json" ||
		last.header.Get("RateLimit-Policy") != `"pictures";q=100;w=10` {
		t.Errorf("%d tiles, then %+v", n, last)
	}
	if n, last := asked("/counters"); n < 10 || n > 20 || last.header.Get("Retry-After") != "1" || !strings.Contains(last.body, "<h1>") {
		t.Errorf("%d pages, then %+v", n, last)
	}
	if a := s.get(t, "/iiif/dossiers/x/manifest.json"); a.header.Get("RateLimit-Policy") != `"requests";q=10;w=10` {
		t.Errorf("a manifest counts as a picture: %+v", a)
	}
}

func TestWhoIsNobodyIsCountedByAddress(t *testing.T) {
	s := prepare(t)
	s.perSecond = 1
	s.serve(t, s.store)
	from := func(address string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/login", http.NoBody)
		must(t, err)
		req.Header.Set("X-Forwarded-For", address)
		resp, err := http.DefaultClient.Do(req)
		must(t, err)
		must(t, resp.Body.Close())
		return resp.StatusCode
	}
	status := 0
	for i := 0; i < 30 && status != http.StatusTooManyRequests; i++ {
		status = from("2001:db8:1:2::7")
	}
	if other := from("2001:db8:1:2::8"); status != http.StatusTooManyRequests || other != http.StatusTooManyRequests {
		t.Errorf("%d, then another address of the network %d", status, other)
	}
	if other := from("192.0.2.7"); other != http.StatusOK {
		t.Errorf("another network: %d", other)
	}
}

// stream opens a board's stream, and returns once it has told how things stand. ended is closed when it ends.
func (s *site) stream(t *testing.T, ctx context.Context, header [2]string) (status int, ended <-chan struct{}) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/counters/live", http.NoBody)
	must(t, err)
	req.Header.Set(header[0], header[1])
	resp, err := http.DefaultClient.Do(req) //nolint:bodyclose // it is closed below, once it has ended
	must(t, err)
	lines := bufio.NewScanner(resp.Body)
	for resp.StatusCode == http.StatusOK && lines.Scan() && lines.Text() != ": here" {
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		for lines.Scan() {
		}
		_ = resp.Body.Close()
	}()
	return resp.StatusCode, over
}

func TestNobodyHoldsManyStreamsAndLongPollsOpen(t *testing.T) {
	s := start(t)
	bearer := [2]string{"Authorization", "Bearer " + token}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all []<-chan struct{}
	for i := range 16 {
		status, ended := s.stream(t, ctx, bearer)
		if status != http.StatusOK {
			t.Fatalf("stream %d: %d", i, status)
		}
		all = append(all, ended)
	}
	if a := s.get(t, "/counters/live"); a.status != http.StatusTooManyRequests || a.header.Get("Retry-After") != "10" {
		t.Errorf("one more stream: %+v", a)
	}
	a := s.get(t, "/api/v1/events?wait=1")
	if wantProblem(t, a, http.StatusTooManyRequests); a.header.Get("Retry-After") != "10" {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, "/api/v1/events"); a.status != http.StatusOK {
		t.Errorf("who does not wait: %+v", a)
	}
	stop()
	for _, ended := range all {
		<-ended
	}
	for status := 0; status != http.StatusOK; { // dossierd hears of a client gone a little later
		status = s.get(t, "/api/v1/events?wait=1").status
	}
}

func TestAStreamEndsWithTheSessionItBelongsTo(t *testing.T) {
	s := start(t)
	u := catalog.User{Name: "hoa", Role: dossier.RoleClerk, Stations: []string{"quay-1"}}
	must(t, s.catalog.AddUser(t.Context(), u, by("test")))
	times := catalog.SessionTimes{Idle: time.Hour, Whole: time.Hour}
	_, err := s.catalog.StartSession(t.Context(), catalog.NewSession{Name: "hoa", Hash: digest("session")}, times, time.Now())
	must(t, err)
	status, ended := s.stream(t, t.Context(), [2]string{"Cookie", access.SecureCookie + "=session"})
	if status != http.StatusOK {
		t.Fatal(status)
	}
	u.Stations = []string{"quay-2"}
	must(t, s.catalog.ChangeUser(t.Context(), u, by("test")))
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("it goes on")
	}
}

func TestManyLongPollsAreAnsweredOneAfterTheOther(t *testing.T) {
	s := start(t)
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if a := s.get(t, "/api/v1/events?wait=1"); a.status != http.StatusOK && a.status != http.StatusTooManyRequests {
				t.Errorf("%+v", a)
			}
		})
	}
	wg.Wait()
	if a := s.get(t, "/api/v1/events?wait=1"); a.status != http.StatusOK {
		t.Errorf("after them: %+v", a)
	}
}
