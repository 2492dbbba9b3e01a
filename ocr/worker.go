package ocr

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"
)

const (
	// startTime is generous because nothing but the machine is to blame for a slow start: without its cache, a
	// drawing worker compiles for several seconds of CPU.
	startTime = 2 * time.Minute
	// watchEvery is how often a worker's resident memory is looked at. In this time a page decodes to 20 MB or so.
	watchEvery = 50 * time.Millisecond
	// retireTime is what a worker gets to end by itself.
	retireTime = 5 * time.Second
)

// worker is one place in a crew. It has at most one process, started at first need and again after each death, and is
// used by whoever took it from the crew.
type worker struct {
	crew     *crew
	process  *process    // nil where none runs
	original string      // ID of the original that the process has open
	idle     *time.Timer // ends the process; nil where it may stay
}

// errStart means that a worker could not be had, which is the machine's fault and no page's.
var errStart = errors.New("start page worker")

// ask has one request answered. The error is a *WorkerError where the worker was lost over it, ctx's where ctx ended,
// and something else where the machine could not run a worker.
func (w *worker) ask(ctx context.Context, original string, req Request, raster []byte, deadline time.Duration) (*Answer, [][]byte, error) {
	if err := w.ready(ctx); err != nil {
		return nil, nil, err
	}
	w.original = original
	var answer Answer
	var blobs [][]byte
	err := w.watched(ctx, deadline, func() (err error) {
		answer, blobs, err = w.exchange(req, raster)
		return err
	})
	var lost *WorkerError
	if errors.As(err, &lost) {
		lost.Page = req.Page
	}
	if err != nil {
		return nil, nil, err
	}
	// It is gone already where the answer came in the moment of the kill.
	if p := w.process; p != nil && (answer.Failed != "" || p.resident() > w.crew.recycleAbove) {
		w.retire()
	}
	return &answer, blobs, nil
}

// ready starts a process unless one is there and alive.
func (w *worker) ready(ctx context.Context) error {
	if w.process != nil {
		select {
		case <-w.process.gone:
			w.drop()
		default:
			return nil
		}
	}
	var err error
	if w.process, err = w.crew.start(); err != nil {
		return fmt.Errorf("%w: %w", errStart, err)
	}
	err = w.watched(ctx, startTime, w.greet)
	var lost *WorkerError
	if errors.As(err, &lost) {
		return fmt.Errorf("%w: it %s: %s", errStart, lost.Cause, lost.Detail)
	}
	return err
}

func (w *worker) greet() error {
	var hello Hello
	if err := w.process.wire.receive(&hello); err != nil {
		return err
	}
	if hello.Protocol != protocol {
		return fmt.Errorf("%w: version %d, want %d: the binaries are of different builds", errFrame, hello.Protocol, protocol)
	}
	w.crew.log.Debug("page worker started", "mode", w.crew.mode, "pid", w.process.cmd.Process.Pid, "landlock", hello.Landlock)
	return nil
}

// exchange sends a request and reads the answer.
func (w *worker) exchange(req Request, raster []byte) (answer Answer, blobs [][]byte, err error) {
	var with [][]byte
	if req.Drawn != nil {
		with = [][]byte{raster}
	}
	if err := w.process.wire.send(req, with...); err != nil {
		return answer, nil, err
	}
	if err := w.process.wire.receive(&answer); err != nil {
		return answer, nil, err
	}
	if len(answer.Blobs) > mostBlobs {
		return answer, nil, fmt.Errorf("%w: %d blobs", errFrame, len(answer.Blobs))
	}
	rest := w.crew.maxBlobs
	for _, n := range answer.Blobs {
		if n < 0 || n > rest {
			return answer, nil, fmt.Errorf("%w: blobs of %d bytes, %d allowed in all", errFrame, answer.Blobs, w.crew.maxBlobs)
		}
		rest -= n
		blob, err := w.process.wire.blob(n)
		if err != nil {
			return answer, nil, err
		}
		blobs = append(blobs, blob)
	}
	return answer, blobs, nil
}

// watched runs talk, and kills the process when the deadline passes, the memory limit is passed or ctx ends. When talk
// can't finish the process is gone, and a *WorkerError or ctx's error says why.
func (w *worker) watched(ctx context.Context, deadline time.Duration, talk func() error) error {
	verdict := w.watch(ctx, deadline)
	err := talk()
	v := verdict()
	if err == nil && !v.killed {
		return nil
	}
	p := w.process
	p.kill()
	<-p.gone
	defer w.drop()
	switch {
	case err == nil:
		return nil // the answer was there before the kill
	case v.ended != nil:
		return v.ended
	case v.killed:
		return &WorkerError{Cause: v.cause, Detail: v.detail}
	case errors.Is(err, errFrame):
		return &WorkerError{Cause: Crashed, Detail: err.Error()}
	case p.killedByOthers() || v.peak > w.crew.memory-w.crew.memory/4:
		return &WorkerError{Cause: OutOfMemory, Detail: p.obituary()}
	default:
		return &WorkerError{Cause: Crashed, Detail: p.obituary()}
	}
}

// verdict is what a watch came to.
type verdict struct {
	killed bool
	ended  error // ctx's, where that was why
	cause  Cause // else
	detail string
	peak   int64 // most resident memory seen, bytes
}

// watch looks after the process until the function it returns is called, which says what came of it.
func (w *worker) watch(ctx context.Context, deadline time.Duration) func() verdict {
	p, limit := w.process, w.crew.memory
	done, result := make(chan struct{}), make(chan verdict)
	go func() {
		timer, ticker := time.NewTimer(deadline), time.NewTicker(watchEvery)
		defer timer.Stop()
		defer ticker.Stop()
		var v verdict
		for !v.killed {
			select {
			case <-done:
				result <- v
				return
			case <-ctx.Done():
				v.killed, v.ended = true, context.Cause(ctx)
			case <-timer.C:
				v.killed, v.cause, v.detail = true, TimedOut, fmt.Sprintf("killed after %s", deadline)
			case <-ticker.C:
				size := p.resident()
				v.peak = max(v.peak, size)
				if size > limit {
					v.killed, v.cause, v.detail = true, OutOfMemory, fmt.Sprintf("killed at %d MiB, the limit is %d", size>>20, limit>>20)
				}
			}
		}
		p.kill()
		<-done
		result <- v
	}()
	return func() verdict {
		close(done)
		return <-result
	}
}

// retire lets the process end by itself, and sees to it that it does.
func (w *worker) retire() {
	p := w.process
	w.drop()
	last := time.AfterFunc(retireTime, p.kill)
	w.crew.running.Go(func() {
		<-p.gone
		last.Stop()
	})
}

// drop forgets the process.
func (w *worker) drop() {
	if w.process != nil {
		w.process.close()
	}
	w.process, w.original = nil, ""
}

// start runs a process that the end of the crew kills.
func (c *crew) start() (*process, error) {
	cmd := exec.Command(c.command[0], c.command[1:]...)
	cmd.Env, cmd.Dir = c.env, "/"
	p, err := start(cmd, c.spawn, c.log)
	if err != nil {
		return nil, err
	}
	c.running.Go(func() {
		select {
		case <-p.gone:
		case <-c.ctx.Done():
			p.kill()
			<-p.gone
		}
	})
	return p, nil
}
