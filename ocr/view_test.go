package ocr

import (
	"context"
	"errors"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
)

func (s *setup) image() Image { return Image{ID: s.original.ID, Path: s.original.Path} }

func TestAViewThatIsLostCostsOnePicture(t *testing.T) {
	for act, cause := range map[string]Cause{"crash": Crashed, "garbage": Crashed, "oom": OutOfMemory, "killed": OutOfMemory, "flood": Crashed} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			s := newSetup(t, "view:"+act+" view:ok", nil)
			var lost *WorkerError
			if _, err := s.View(t.Context(), s.image(), View{}); !errors.As(err, &lost) || lost.Cause != cause {
				t.Fatalf("got %v, want %s", err, cause)
			}
			picture, err := s.View(t.Context(), s.image(), View{})
			if err != nil || string(picture) != "\xff\xd8\xffpicture" {
				t.Fatalf("got %q, %v", picture, err)
			}
			if p := s.asked(t, OpView); len(p) != 2 || p[0] == p[1] {
				t.Errorf("asked %q", p)
			}
		})
	}
}

func TestAViewThatIsNoPictureIsAWorkerLost(t *testing.T) {
	s := newSetup(t, "view:liar", nil)
	var lost *WorkerError
	if _, err := s.View(t.Context(), s.image(), View{}); !errors.As(err, &lost) {
		t.Errorf("got %v", err)
	}
}

func TestAViewThatNobodyWaitsForIsFinishedAndItsWorkerKept(t *testing.T) {
	s := newSetup(t, "view:wait view:ok", nil)
	reached := s.gate(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error, 1)
	go func() {
		_, err := s.View(ctx, s.image(), View{})
		first <- err
	}()
	open := reached()
	cancel()
	open()
	if err := <-first; err != nil {
		t.Errorf("in hand: %v", err)
	}
	if _, err := s.View(t.Context(), s.image(), View{}); err != nil {
		t.Error(err)
	}
	if p := s.asked(t, OpView); len(p) != 2 || p[0] != p[1] {
		t.Errorf("asked %q", p)
	}
}

func TestAViewThatNobodyWaitsForIsDroppedBeforeItsTurn(t *testing.T) {
	s := newSetup(t, "view:wait", nil)
	reached := s.gate(t, 0)
	first := make(chan error, 1)
	go func() {
		_, err := s.View(t.Context(), s.image(), View{})
		first <- err
	}()
	open := reached()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.View(ctx, s.image(), View{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	open()
	if err := <-first; err != nil {
		t.Error(err)
	}
	if p := s.asked(t, OpView); len(p) != 1 {
		t.Errorf("asked %q", p)
	}
}

func TestMoreViewsThanTheQueueHoldsAreRefusedAtOnce(t *testing.T) {
	s := newSetup(t, "view:wait view:ok", nil)
	reached := s.gate(t, 0)
	ctx, cancel := context.WithCancel(t.Context())
	answers := make(chan error, viewQueue)
	for range viewQueue {
		go func() {
			_, err := s.View(ctx, s.image(), View{})
			answers <- err
		}()
	}
	open := reached()
	for s.viewing.TryAcquire(1) {
		s.viewing.Release(1) // until all have come
	}
	if _, err := s.View(t.Context(), s.image(), View{}); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	cancel()
	open()
	for range viewQueue {
		if err := <-answers; err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

func TestViewsWaitForNoReadingAndGiveWayHalfAsMuch(t *testing.T) {
	s := newSetup(t, "read:wait", func(c *PoolConfig) { c.Memory, c.Nice = 1, 10 })
	reached := s.gate(t, 1)
	read := make(chan error, 1)
	go func() {
		_, err := s.Read(t.Context(), s.original, 1, PageInfo{Need: 1 << 30}, dossier.Profile{})
		read <- err
	}()
	open := reached()
	if _, err := s.View(t.Context(), s.image(), View{}); err != nil {
		t.Error(err)
	}
	open()
	if err := <-read; err != nil {
		t.Error(err)
	}
	nice, err := unix.Getpriority(unix.PRIO_PROCESS, s.viewers.idle[0].process.cmd.Process.Pid)
	if err != nil || nice != 20-5 {
		t.Errorf("%d, %v", nice, err)
	}
}
