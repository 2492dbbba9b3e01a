package ocr

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
)

func TestALookThatIsLostIsTriedOnceAndTheNextOneIsAnswered(t *testing.T) {
	for act, cause := range map[string]Cause{
		"crash": Crashed, "hang": TimedOut, "garbage": Crashed, "oom": OutOfMemory, "killed": OutOfMemory, "flood": Crashed,
	} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, "look:"+act+" look:ok", func(c *PoolConfig) {
				if act == "hang" {
					c.PageTime = time.Second
				}
			})
			var lost *WorkerError
			if _, err := s.Look(t.Context(), s.original, 2); !errors.As(err, &lost) || lost.Cause != cause {
				t.Fatalf("got %v, want %s", err, cause)
			}
			looked, err := s.Look(t.Context(), s.original, 3)
			if err != nil {
				t.Fatal(err)
			}
			if looked.Look.Page != 3 || looked.Look.Pages != 9 || len(looked.Thumb) == 0 {
				t.Errorf("got %+v", looked)
			}
			if p := s.asked(t, OpLook); len(p) != 2 || p[0] == p[1] {
				t.Errorf("asked %q", p)
			}
		})
	}
}

func TestALookThatIsNoneIsAWorkerLost(t *testing.T) {
	s := newSetup(t, "look:liar", nil)
	var lost *WorkerError
	if _, err := s.Look(t.Context(), s.original, 1); !errors.As(err, &lost) {
		t.Errorf("got %v", err)
	}
}

func TestALookWaitsForNoReading(t *testing.T) {
	s := newSetup(t, "read:wait", func(c *PoolConfig) { c.Memory = 1 })
	gate := filepath.Join(s.dir, "gate1")
	if err := unix.Mkfifo(gate, 0o600); err != nil {
		t.Fatal(err)
	}
	read := make(chan error, 1)
	go func() {
		_, err := s.Read(t.Context(), s.original, 1, PageInfo{Need: 1 << 30}, dossier.Profile{})
		read <- err
	}()
	opened, err := os.OpenFile(gate, os.O_WRONLY, 0) // once the reader has begun
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Look(t.Context(), s.original, 1); err != nil {
		t.Error(err)
	}
	opened.Close()
	if err := <-read; err != nil {
		t.Error(err)
	}
}

func TestReadersGiveWayAndTheLookDoesNot(t *testing.T) {
	s := newSetup(t, "look:ok", func(c *PoolConfig) { c.Nice = 10 })
	if _, err := s.Look(t.Context(), s.original, 1); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), s.original, dossier.Profile{}); err != nil {
		t.Fatal(err)
	}
	here, err := unix.Getpriority(unix.PRIO_PROCESS, 0)
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range map[*crew]int{s.readers: 20 - 10, s.lookers: here} { // the kernel says 20 less the niceness
		nice, err := unix.Getpriority(unix.PRIO_PROCESS, c.idle[len(c.idle)-1].process.cmd.Process.Pid)
		if err != nil || nice != want {
			t.Errorf("%s: %d, want %d, %v", c.mode, nice, want, err)
		}
	}
}
