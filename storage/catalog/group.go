package catalog

import (
	"context"
	"sync"
)

// group is the most that one transaction takes in; more would only make the first ones wait.
const group = 64

// grouped commits what concurrent callers bring together: what arrives while one transaction is being made durable shares the next
// one.
type grouped[T any] struct {
	commit func(context.Context, []T) error
	ctx    context.Context //nolint:containedctx // the life of the catalogue: a group has many callers
	cancel context.CancelFunc
	busy   sync.WaitGroup

	mu      sync.Mutex
	running bool
	waiting []*brought[T]
}

// brought is one call of bring. err is set before done is closed.
type brought[T any] struct {
	what T
	done chan struct{}
	err  error
}

func (g *grouped[T]) start(commit func(context.Context, []T) error) {
	g.commit = commit
	g.ctx, g.cancel = context.WithCancel(context.Background())
}

func (g *grouped[T]) stop() {
	g.cancel()
	g.busy.Wait()
}

// bring returns nil once what is committed. Where ctx ends before that, it may have been or not.
func (g *grouped[T]) bring(ctx context.Context, what T) error {
	b := &brought[T]{what: what, done: make(chan struct{})}
	g.join(b)
	select {
	case <-b.done:
		return b.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *grouped[T]) join(b *brought[T]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, b)
	if !g.running {
		g.running = true
		g.busy.Go(g.run)
	}
}

// run commits groups until nobody waits.
func (g *grouped[T]) run() {
	for {
		g.mu.Lock()
		n := min(len(g.waiting), group)
		together := g.waiting[:n:n]
		g.waiting = g.waiting[n:]
		if n == 0 {
			g.running, g.waiting = false, nil
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		g.commitAll(together)
		for _, b := range together {
			close(b.done)
		}
	}
}

func (g *grouped[T]) commitAll(together []*brought[T]) {
	all := make([]T, 0, len(together))
	for _, b := range together {
		all = append(all, b.what)
	}
	err := g.commit(g.ctx, all)
	if err != nil && len(all) == 1 {
		together[0].err = err
	} else if err != nil {
		for _, b := range together { // one that can't be recorded must not hold up the others
			b.err = g.commit(g.ctx, []T{b.what})
		}
	}
}
