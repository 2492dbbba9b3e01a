package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"time"
)

// boards is the channel of PostgreSQL's notifications by which processes tell each other of changed boards.
const boards = "dossierd_boards"

// counter is a station, and the department that its records are of.
type counter struct {
	Department string `json:"d"`
	Station    string `json:"s"`
}

// touched are the counters that a transaction changed something of.
type touched []counter

func (t *touched) touch(department, station string) {
	if p := (counter{department, station}); !slices.Contains(*t, p) {
		*t = append(*t, p)
	}
}

// sayable is how long a notification may be; PostgreSQL takes less than 8,000 bytes.
const sayable = 7000

// said is what is notified of the places: "" where they are too many to be named.
func (t touched) said() (string, error) {
	text, err := json.Marshal(t)
	if err != nil || len(text) > sayable {
		return "", err
	}
	return string(text), nil
}

// relisten is the pause before a connection that was lost is made again.
const relisten = time.Second

func (p *postgres) listen(ctx context.Context, heard func([]counter)) {
	for ctx.Err() == nil {
		if err := p.listenOnce(ctx, heard); err != nil && ctx.Err() == nil {
			p.log.LogAttrs(ctx, slog.LevelWarn, "changes of boards are not heard", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(relisten):
		}
	}
}

// listenOnce listens until the connection is lost. What was said meanwhile may be anything.
func (p *postgres) listenOnce(ctx context.Context, heard func([]counter)) (err error) {
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	defer func() { // it must not go back to the others with what it listens to
		err = errors.Join(err, c.Conn().Close(context.WithoutCancel(ctx)))
	}()
	if _, err := c.Exec(ctx, `LISTEN `+boards); err != nil {
		return err
	}
	heard(nil)
	for {
		n, err := c.Conn().WaitForNotification(ctx)
		if err != nil {
			return err
		}
		var places []counter
		if n.Payload != "" {
			if err := json.Unmarshal([]byte(n.Payload), &places); err != nil {
				return err
			}
		}
		heard(places)
	}
}
