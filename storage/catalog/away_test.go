package catalog

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/internal/testserver"
)

// line is the way to a PostgreSQL, which can be cut.
type line struct {
	t      *testing.T
	server string // the server's socket
	here   string // ours
	wg     sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener
	open     []net.Conn
}

// newLine gives a line to a new database and the URL that leads over it.
func newLine(t *testing.T) (l *line, through string) {
	t.Helper()
	u, err := url.Parse(testserver.Postgres(t))
	must(t, err)
	q := u.Query()
	name := ".s.PGSQL." + orDefault(q.Get("port"), "5432")
	dir := t.TempDir()
	l = &line{t: t, server: filepath.Join(q.Get("host"), name), here: filepath.Join(dir, name)}
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	l.join()
	t.Cleanup(func() {
		l.cut()
		l.wg.Wait()
	})
	return l, u.String()
}

func orDefault(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

func (l *line) join() {
	l.t.Helper()
	listener, err := net.Listen("unix", l.here)
	must(l.t, err)
	l.mu.Lock()
	l.listener = listener
	l.mu.Unlock()
	l.wg.Go(func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", l.server)
			if err != nil {
				near.Close()
				continue
			}
			l.mu.Lock()
			l.open = append(l.open, near, far)
			l.mu.Unlock()
			l.wg.Go(func() { io.Copy(near, far); near.Close() })
			l.wg.Go(func() { io.Copy(far, near); far.Close() })
		}
	})
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.listener.Close()
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}

func TestWithPostgreSQLAwayWorkWaitsAndGoesOn(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PostgreSQL, and waits longer than River does")
	}
	l, url := newLine(t)
	c := open(t, Config{Type: "postgres", URL: url})
	c.SetSubscribers([]Subscriber{{Name: caseSystem}})
	const deposits = 6
	sent, inHand, goOn := make(chan Delivery, 100), make(chan struct{}, 100), make(chan struct{})
	start(t, c, 2, &clerk{
		c: c, pages: 2,
		onPage: func(context.Context, PageKey) error { inHand <- struct{}{}; <-goOn; return nil },
		onSend: func(d *Delivery) error { sent <- *d; return nil },
	})
	for i := range deposits {
		takeIn(t, c, given(fmt.Sprintf("d%d", i), "quay-1"))
	}
	receive(t, inHand)
	receive(t, inHand)
	l.cut()
	close(goOn)                  // both end with nobody there to be told
	time.Sleep(20 * time.Second) // being away for a while is what is tested
	if _, err := c.TakeIn(t.Context(), given("away", "quay-1")); err == nil {
		t.Error("a deposit was taken in")
	}
	l.join()
	takeIn(t, c, given("back", "quay-1"))
	told := map[string]bool{}
	const each = 2 // that a dossier is published, and that it is transferred
	for len(told) < each*(deposits+1) {
		told[receive(t, sent).EventID] = true
	}
	if n := count(t, c, `SELECT count(*) FROM events`); n != each*(deposits+1) {
		t.Errorf("%d events", n)
	}
}
