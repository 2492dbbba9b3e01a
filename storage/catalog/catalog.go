// Package catalog knows what became of every deposit: deposits, pages, batches, dossier versions, events and their
// deliveries, and the jobs that follow from them, in SQLite or PostgreSQL.
//
// It owns what is true and what comes next: a change and the jobs that follow from it commit in one transaction, and
// each method does its whole step in one. It decides the order in which waiting pages are worked and sees to it that no
// job is forgotten or given up. What the jobs do, and the bytes that the rows speak of, is left to package pipeline
// and a storage.Store; sending an event is left to pipeline, remembering that it has to be sent is not.
//
// Whoever changes a batch, its deposits or its pages locks the batch's row first; whoever changes dossiers locks their rows
// after that, in the order of their codes; whoever commits an event locks the feed's row, last; whoever has that row changes what
// is found. An erasure or another decision, whose batches are all at their end, locks its deposits after its dossiers, in the order of
// their ids. Every test of the package runs against both databases; kill_test.go ends the process in the middle of its jobs.
package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Config says where the catalogue is kept.
type Config struct {
	Type string // sqlite or postgres
	Path string // sqlite: the database's file; others are made beside it
	URL  string // postgres: connection URL
}

// Catalog is safe for concurrent use.
type Catalog struct {
	db          database
	log         *slog.Logger
	subscribers atomic.Pointer[[]Subscriber]
	location    atomic.Pointer[time.Location]
	retention   atomic.Pointer[map[string]Period]
	intake      grouped[*arrival]
	audit       grouped[audited]
	texts       textCodec
	views       views
	wakeup      chan struct{} // work for the dispatcher may have turned up
	watchers    watchers
	corrector   atomic.Pointer[Corrector]
}

// Open connects to the catalogue and brings its tables up to date.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (*Catalog, error) {
	quiet := slog.New(newSeldom(atLeast{log.Handler(), slog.LevelWarn}))
	var db database
	var err error
	switch cfg.Type {
	case "sqlite":
		db, err = openSQLite(cfg.Path, quiet)
	case "postgres":
		db, err = openPostgres(ctx, cfg.URL, quiet)
	default:
		return nil, fmt.Errorf("open catalogue: unknown type %q", cfg.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("open catalogue: %w", err)
	}
	if err := db.migrate(ctx, migrateOwn(ctx, cfg.Type)); err != nil {
		return nil, errors.Join(fmt.Errorf("migrate catalogue: %w", err), db.close())
	}
	texts, err := newTextCodec()
	if err != nil {
		return nil, errors.Join(err, db.close())
	}
	c := &Catalog{db: db, log: log, texts: texts, wakeup: make(chan struct{}, 1)}
	c.intake.start(c.takeInAll)
	c.audit.start(c.auditAll)
	c.SetSubscribers(nil)
	c.SetLocation(time.Local)
	c.SetRetention(nil)
	return c, nil
}

// Close disconnects. Run must have returned, and no other call be in progress.
func (c *Catalog) Close() error {
	c.intake.stop()
	c.audit.stop()
	c.watchers.busy.Wait()
	c.texts.out.Close()
	return errors.Join(c.texts.in.Close(), c.db.close())
}

// SetSubscribers says for whom deliveries are made of the events that commit from now on.
func (c *Catalog) SetSubscribers(subs []Subscriber) {
	subs = slices.Clone(subs)
	c.subscribers.Store(&subs)
	c.wake()
}

// SetLocation sets the time zone of the day in dossier codes and of the days that retention counts; the machine's until then.
func (c *Catalog) SetLocation(loc *time.Location) { c.location.Store(loc) }

func (s Subscriber) wants(t dossier.EventType) bool {
	return len(s.Events) == 0 || slices.Contains(s.Events, t)
}

// wake tells the dispatcher to look, if one is running in this process.
func (c *Catalog) wake() {
	select {
	case c.wakeup <- struct{}{}:
	default:
	}
}

// atLeast keeps a library's chatter out of the log.
type atLeast struct {
	slog.Handler
	level slog.Level
}

func (h atLeast) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}

func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}

func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
