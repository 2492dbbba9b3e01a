package ocr

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// ErrClosed means that the pool was closed before the question was answered.
var ErrClosed = errors.New("the pool of page workers is closed")

// passedOver is how often a page may be overtaken by a later one whose original the free worker has open.
const passedOver = 2

// crew is a number of workers of one mode.
type crew struct {
	mode         string
	command      []string
	env          []string
	memory       int64         // resident bytes at which a process is killed
	recycleAbove int64         // resident bytes above which a process is not given another page
	maxBlobs     int64         // bytes of all blobs of one answer
	stay         time.Duration // how long an idle process is kept; 0 for ever
	inWork       *semaphore.Weighted
	inWorkMax    int64
	spawn        func(func() error) error
	log          *slog.Logger

	ctx     context.Context // ends with the pool
	running sync.WaitGroup  // goroutines that outlive a question

	mu      sync.Mutex
	idle    []*worker // the one used last at the end
	waiting []*waiter // in order of arrival
}

type waiter struct {
	original string
	passed   int
	turn     chan *worker
}

// staff gives the crew its places.
func (c *crew) staff(size int) {
	for range size {
		c.idle = append(c.idle, &worker{crew: c})
	}
}

// ask has one request answered by a worker, the one that has the original open if it is free, once its need of memory
// fits in with what is in work. Errors are those of worker.ask.
func (c *crew) ask(ctx context.Context, original string, need int64, req Request, raster []byte, deadline time.Duration) (*Answer, [][]byte, error) {
	w, err := c.take(ctx, original)
	if err != nil {
		return nil, nil, err
	}
	defer c.give(w)
	need = min(max(0, need), c.inWorkMax) // one that needs more than there is runs alone
	if err := c.inWork.Acquire(ctx, need); err != nil {
		return nil, nil, context.Cause(ctx)
	}
	defer c.inWork.Release(need)
	return w.ask(ctx, original, req, raster, deadline)
}

// take waits for a worker.
func (c *crew) take(ctx context.Context, original string) (*worker, error) {
	c.mu.Lock()
	if w := c.pick(original); w != nil {
		c.mu.Unlock()
		return w, nil
	}
	me := &waiter{original: original, turn: make(chan *worker, 1)}
	c.waiting = append(c.waiting, me)
	c.mu.Unlock()
	select {
	case w := <-me.turn:
		return w, nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	i := slices.Index(c.waiting, me)
	if i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
	c.mu.Unlock()
	if i < 0 {
		c.give(<-me.turn)
	}
	return nil, context.Cause(ctx)
}

// pick removes the best idle worker: the one that has the original open, else one that runs, else any; nil where none
// is idle.
func (c *crew) pick(original string) *worker {
	best := -1
	for i, w := range c.idle {
		switch {
		case w.process != nil && w.original == original:
			return c.unidle(i)
		case best < 0 || (w.process != nil && c.idle[best].process == nil):
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return c.unidle(best)
}

func (c *crew) unidle(i int) *worker {
	w := c.idle[i]
	c.idle = slices.Delete(c.idle, i, i+1)
	if w.idle != nil {
		w.idle.Stop()
		w.idle = nil
	}
	return w
}

// give hands a worker on: to the first who waits with the original it has open, unless that would pass over somebody
// once too often, else to the first who waits.
func (c *crew) give(w *worker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.idle = append(c.idle, w)
		c.expire(w)
		return
	}
	next := slices.IndexFunc(c.waiting, func(o *waiter) bool { return o.original == w.original })
	if next < 0 || slices.ContainsFunc(c.waiting[:next], func(o *waiter) bool { return o.passed == passedOver }) {
		next = 0
	}
	for _, o := range c.waiting[:next] {
		o.passed++
	}
	c.waiting[next].turn <- w
	c.waiting = slices.Delete(c.waiting, next, next+1)
}

// expire ends the process of a worker that stays idle.
func (c *crew) expire(w *worker) {
	if c.stay == 0 || w.process == nil {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(c.stay, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if w.idle == timer && w.process != nil {
			w.retire()
		}
	})
	w.idle = timer
}

// dismiss waits until every process is gone. The crew's context has ended and nobody asks.
func (c *crew) dismiss() {
	c.mu.Lock()
	for _, w := range c.idle {
		if w.idle != nil {
			w.idle.Stop()
		}
		w.drop()
	}
	c.mu.Unlock()
	c.running.Wait()
}
