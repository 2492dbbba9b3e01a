package catalog

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// saidAgain is how often the same is logged while it lasts: with the database away, every poll fails anew.
const saidAgain = time.Minute

// seldom passes a message on once a minute, however often it is logged.
type seldom struct {
	slog.Handler
	said *said
}

type said struct {
	mu   sync.Mutex
	last map[string]time.Time // by message; messages are constants, so that they are few
}

func newSeldom(h slog.Handler) seldom { return seldom{h, &said{last: map[string]time.Time{}}} }

func (h seldom) Handle(ctx context.Context, r slog.Record) error {
	h.said.mu.Lock()
	again := r.Time.Sub(h.said.last[r.Message]) < saidAgain
	if !again {
		h.said.last[r.Message] = r.Time
	}
	h.said.mu.Unlock()
	if again {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h seldom) WithAttrs(attrs []slog.Attr) slog.Handler {
	return seldom{h.Handler.WithAttrs(attrs), h.said}
}

func (h seldom) WithGroup(name string) slog.Handler { return seldom{h.Handler.WithGroup(name), h.said} }
