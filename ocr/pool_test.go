package ocr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
)

// gate makes the FIFO at which the worker that was told to wait with a page does so. reached returns when it waits
// there, which goes on when the gate is opened.
func (s *setup) gate(t *testing.T, page int) (reached func() (open func())) {
	t.Helper()
	path := filepath.Join(s.dir, "gate"+strconv.Itoa(page))
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return func() func() {
		// Opening returns once the worker has opened the other end.
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		return func() { f.Close() }
	}
}

func TestAWorkerIsKeptForTheNextPage(t *testing.T) {
	s := newSetup(t, "read:ok", nil)
	for range 3 {
		s.read(t, PageInfo{})
	}
	if p := s.asked(t, OpRead); len(slices.Compact(p)) != 1 {
		t.Errorf("asked processes %v, want one", p)
	}
}

func TestAWorkerThatDiedWhileIdleIsReplacedUnnoticed(t *testing.T) {
	s := newSetup(t, "read:ok", nil)
	s.read(t, PageInfo{})
	p := s.readers.idle[0].process
	p.kill()
	<-p.gone
	if r := s.read(t, PageInfo{}); r.Attempts != 1 {
		t.Errorf("%d attempts", r.Attempts)
	}
}

func TestAWorkerThatGrewIsReplaced(t *testing.T) {
	s := newSetup(t, "read:ok", nil)
	s.readers.recycleAbove = 1
	for range 3 {
		s.read(t, PageInfo{})
	}
	if p := s.asked(t, OpRead); len(slices.Compact(p)) != 3 {
		t.Errorf("asked processes %v, want three", p)
	}
}

func TestAPageThatIsNotWaitedForAnyMoreEndsItsWorker(t *testing.T) {
	s := newSetup(t, "read:wait", nil)
	reached := s.gate(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	var g errgroup.Group
	g.Go(func() error {
		_, err := s.Read(ctx, s.original, 1, PageInfo{}, dossier.Profile{})
		return err
	})
	open := reached()
	defer open()
	cancel()
	if err := g.Wait(); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCloseEndsWorkersAndCallsInWork(t *testing.T) {
	s := newSetup(t, "read:wait", nil)
	reached := s.gate(t, 1)
	var g errgroup.Group
	for range 2 { // one of them waits for the worker
		g.Go(func() error {
			if _, err := s.Read(t.Context(), s.original, 1, PageInfo{}, dossier.Profile{}); !errors.Is(err, ErrClosed) {
				return fmt.Errorf("got %w", err)
			}
			return nil
		})
	}
	defer reached()()
	pid, err := strconv.Atoi(s.asked(t, OpRead)[0])
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", pid, err)
	}
	if _, err := s.Read(t.Context(), s.original, 1, PageInfo{}, dossier.Profile{}); !errors.Is(err, ErrClosed) {
		t.Errorf("after closing: %v", err)
	}
}

func TestAnIdleDrawingWorkerEnds(t *testing.T) {
	s := newSetup(t, "draw:ok", nil)
	s.drawers.stay = time.Millisecond
	s.read(t, PageInfo{Draw: true})
	s.awaitEnd(t, s.asked(t, OpDraw)[0])
	s.read(t, PageInfo{Draw: true})
}

// awaitEnd waits until a process is gone.
func (s *setup) awaitEnd(t *testing.T, process string) {
	t.Helper()
	pid, err := strconv.Atoi(process)
	if err != nil {
		t.Fatal(err)
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	const patience = 10_000 // ms
	if n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, patience); n != 1 || err != nil {
		t.Errorf("process %d is still there: %v", pid, err)
	}
}

func TestAWorkerIsAsNiceAsAskedAndKnowsNothingOfTheDaemonsEnvironment(t *testing.T) {
	t.Setenv("DOSSIERD_SECRET", "hush")
	s := newSetup(t, "read:ok", func(c *PoolConfig) { c.Nice = 7 })
	s.read(t, PageInfo{})
	pid, err := strconv.Atoi(s.asked(t, OpRead)[0])
	if err != nil {
		t.Fatal(err)
	}
	const plain = 20 // what the kernel answers for a niceness of 0
	if p, err := unix.Getpriority(unix.PRIO_PROCESS, pid); err != nil || p != plain-7 {
		t.Errorf("niceness %d, %v", plain-p, err)
	}
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil || !strings.Contains(string(env), "OMP_THREAD_LIMIT=1") || strings.Contains(string(env), "hush") {
		t.Errorf("environment %q, %v", env, err)
	}
}

func TestADaemonKilledLeavesNoWorkerBehind(t *testing.T) {
	s := newSetup(t, "read:wait", nil)
	reached := s.gate(t, 1)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command(self)
	daemon.Env = append(os.Environ(), daemonEnv+"="+s.dir)
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	defer reached()()
	worker := s.asked(t, OpRead)[0]
	if err := daemon.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = daemon.Wait() // it was killed
	s.awaitEnd(t, worker)
}

func TestAMissingWorkerBinaryIsNoticedAtOnce(t *testing.T) {
	_, err := NewPool(PoolConfig{Command: filepath.Join(t.TempDir(), "dossierd-page")}, slog.New(slog.DiscardHandler))
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestPagesThatNeedMoreThanThereIsWaitForEachOther(t *testing.T) {
	s := newSetup(t, "read:wait", func(c *PoolConfig) { c.Workers, c.Memory = 2, 100 })
	first, second := s.gate(t, 1), s.gate(t, 2)
	read := func(page int) error {
		_, err := s.Read(t.Context(), s.original, page, PageInfo{Need: 1000}, dossier.Profile{})
		return err
	}
	var g errgroup.Group
	g.Go(func() error { return read(1) })
	open := first()
	g.Go(func() error { return read(2) })
	for s.idle() > 0 { // until the second has its worker, and waits for the memory
		runtime.Gosched()
	}
	if p := s.asked(t, OpRead); len(p) != 1 {
		t.Errorf("%d pages in work at once", len(p))
	}
	open()
	second()()
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
}

func (s *setup) idle() int {
	s.readers.mu.Lock()
	defer s.readers.mu.Unlock()
	return len(s.readers.idle)
}

// office is a crew without processes.
func office(size int) *crew {
	c := &crew{}
	c.staff(size)
	return c
}

func TestTheWorkerThatHasTheOriginalOpenIsPreferred(t *testing.T) {
	c := office(3)
	c.idle[1].process, c.idle[1].original = &process{}, "a"
	c.idle[2].process, c.idle[2].original = &process{}, "b"
	a, b := c.idle[1], c.idle[2]
	for _, want := range []struct {
		original string
		worker   *worker
	}{{"b", b}, {"a", a}, {"c", b}} {
		got, err := c.take(t.Context(), want.original)
		if err != nil || got != want.worker {
			t.Errorf("%s went to the worker with %q open", want.original, got.original)
		}
		c.give(got)
	}
}

func TestNobodyIsPassedOverMoreThanTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := office(1)
		w, err := c.take(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		w.process, w.original = &process{}, "a"
		order := make(chan string, 6)
		for _, original := range []string{"b", "a", "a", "a", "b", "a"} {
			go func() {
				w, err := c.take(t.Context(), original)
				if err != nil {
					t.Error(err)
					return
				}
				w.original = original
				order <- original
				c.give(w)
			}()
			synctest.Wait()
		}
		c.give(w)
		synctest.Wait()
		close(order)
		var got []string
		for original := range order {
			got = append(got, original)
		}
		if want := []string{"a", "a", "b", "b", "a", "a"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestWhoeverStopsWaitingGivesHisTurnAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := office(1)
		w, err := c.take(t.Context(), "a")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := c.take(ctx, "a")
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		c.give(w)
		if len(c.idle) != 1 || len(c.waiting) != 0 {
			t.Errorf("%d idle, %d waiting", len(c.idle), len(c.waiting))
		}
	})
}
