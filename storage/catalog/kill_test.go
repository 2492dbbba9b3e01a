package catalog

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"
)

// victimEnv holds, in the processes that the tests below kill, the Config of the catalogue they work on.
const victimEnv = "CATALOG_TEST_VICTIM"

// victim works jobs until it is killed. It says "page" on stdout when it has begun with a page, and ends that page only
// where victimPagesEnv is set.
func victim() {
	var cfg Config
	if err := json.Unmarshal([]byte(os.Getenv(victimEnv)), &cfg); err != nil {
		panic(err)
	}
	ctx := context.Background()
	c, err := Open(ctx, cfg, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		panic(err)
	}
	c.SetSubscribers([]Subscriber{{Name: caseSystem}})
	run := RunConfig{Workers: 2, Grace: time.Second, Retry: func(int) time.Duration { return 50 * time.Millisecond }}
	panic(c.Run(ctx, run, &clerk{c: c, pages: 3, onPage: func(context.Context, PageKey) error {
		fmt.Println("page")
		if os.Getenv(victimPagesEnv) == "" {
			select {}
		}
		return nil
	}}))
}

const victimPagesEnv = "CATALOG_TEST_VICTIM_PAGES"

// startVictim returns the process and what it says.
func startVictim(t *testing.T, cfg Config, env ...string) (kill func(), out io.Reader) {
	t.Helper()
	data, err := json.Marshal(cfg)
	must(t, err)
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(append(os.Environ(), victimEnv+"="+string(data)), env...)
	cmd.Stderr = os.Stderr
	out, err = cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	killed := false
	kill = func() {
		if !killed {
			killed = true
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	}
	t.Cleanup(kill)
	return kill, out
}

func TestWhatAKilledProcessHeldIsDoneByTheNext(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	onBoth(t, func(t *testing.T, cfg Config) {
		c := open(t, cfg)
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		takeIn(t, c, given("d1", "quay-1"))
		kill, out := startVictim(t, cfg)
		if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		if cfg.Type == "postgres" { // where several processes run, the living keep what they hold
			n, err := c.db.freeJobs(t.Context(), "somebody")
			must(t, err)
			if n != 0 {
				t.Errorf("%d jobs were taken from a living process", n)
			}
		} else if err := c.Run(t.Context(), RunConfig{}, &clerk{c: c}); err == nil {
			t.Error("two processes run on one SQLite catalogue")
		}
		kill()
		sent := make(chan Delivery, 1)
		begin := time.Now()
		start(t, c, 1, &clerk{c: c, onSend: func(d *Delivery) error { sent <- *d; return nil }})
		receive(t, sent)
		t.Logf("delivered %v after the restart", time.Since(begin))
	})
}

func TestKilledAgainAndAgainEveryDepositIsPublishedOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	onBoth(t, func(t *testing.T, cfg Config) {
		const deposits, rounds = 40, 6
		c := open(t, cfg)
		for i := range deposits {
			takeIn(t, c, given(fmt.Sprintf("d%d", i), fmt.Sprintf("quay-%d", i%3)))
		}
		for round := range rounds {
			kill, out := startVictim(t, cfg, victimPagesEnv+"=1")
			lines := bufio.NewScanner(out)
			for range 3 + 4*round { // somewhere between two transactions
				if !lines.Scan() {
					t.Fatal("the process ended by itself")
				}
			}
			kill()
		}
		all := make(chan struct{})
		sent := 0
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		stop := start(t, c, 2, &clerk{c: c, pages: 3, onSend: func(*Delivery) error { return nil }})
		go func() {
			defer close(all)
			for sent < 2*deposits && !t.Failed() { // that it is published, and that it is transferred
				s, err := c.Status(context.Background(), Everything())
				if err != nil {
					t.Error(err)
				}
				sent = s.Deliveries[DeliveryDelivered]
			}
		}()
		receive(t, all)
		stop()
		events, _, err := c.Events(t.Context(), "", 1000, Everything())
		must(t, err)
		codes := count(t, c, `SELECT count(DISTINCT code) FROM versions WHERE state = 'published'`)
		batches := count(t, c, `SELECT count(*) FROM batches WHERE state = 'published'`)
		published := count(t, c, `SELECT count(*) FROM events WHERE type = 'dossier.published'`)
		if len(events) != 2*deposits || published != deposits || codes != deposits || batches != deposits {
			t.Errorf("%d events, %d of them publish, %d dossiers, %d batches of %d deposits", len(events), published, codes, batches, deposits)
		}
		if n := count(t, c, `SELECT count(*) FROM versions WHERE state <> 'published'`); n != 0 {
			t.Errorf("%d versions are not published", n)
		}
	})
}
