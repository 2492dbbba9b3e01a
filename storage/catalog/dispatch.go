package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
)

// dispatcher hands waiting pages to River, one station after the other, and no more than twice as many as are worked at
// once, nor while as many dossiers wait to be assembled: River is first come, first served, and what it has can't be
// overtaken.
type dispatcher struct {
	catalog *Catalog
	client  workingClient
	workers int
	self    string
	log     *slog.Logger
	queues  map[string]bool // subscribers' queues that the client works on
	last    string          // station that had the last turn

	retained retained
}

// failing is how many pages, and how many assemblies, may wait in River for another attempt without counting against
// those in hand. So many failures are not their own, and more pages would not fare better.
const failing = 100

// run goes on until ctx is done. A database that is away is no reason to stop: it is tried again at the next tick.
func (d *dispatcher) run(ctx context.Context) {
	poll, sweep := time.NewTicker(dispatchPoll), time.NewTicker(sweepEvery)
	defer poll.Stop()
	defer sweep.Stop()
	d.step(ctx, "sweep", d.sweep)
	for {
		d.step(ctx, "dispatch", d.dispatch)
		select {
		case <-ctx.Done():
			return
		case <-d.catalog.wakeup:
		case <-poll.C:
		case <-sweep.C:
			d.step(ctx, "sweep", d.sweep)
		}
	}
}

func (d *dispatcher) step(ctx context.Context, name string, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil {
		d.log.LogAttrs(ctx, slog.LevelError, "jobs can't be handed out", slog.String("step", name), slog.Any("error", err))
	}
}

func (d *dispatcher) dispatch(ctx context.Context) error {
	if err := d.addQueues(); err != nil {
		return err
	}
	var waiting int
	err := d.catalog.db.queryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM pages WHERE state = 'waiting' LIMIT 1) w`).Scan(&waiting)
	if err != nil || waiting == 0 {
		return err
	}
	if free, err := d.free(ctx, d.catalog.db); err != nil || free <= 0 {
		return err
	}
	var last string
	err = d.catalog.db.write(ctx, func(t tx) error {
		last = d.last
		free, err := d.free(ctx, t)
		for ; err == nil && free > 0; free-- {
			last, err = queueNext(ctx, t, last)
		}
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	})
	if err == nil && last != "" {
		d.last = last
	}
	return err
}

// addQueues begins to work on the queues of subscribers that were named since.
func (d *dispatcher) addQueues() error {
	for _, s := range *d.catalog.subscribers.Load() {
		name := deliverQueue(s.Name)
		if d.queues[name] {
			continue
		}
		if err := d.client.Queues().Add(name, river.QueueConfig{MaxWorkers: deliverers}); err != nil {
			return fmt.Errorf("add the queue of %s: %w", s.Name, err)
		}
		d.queues[name] = true
	}
	return nil
}

// free is how many pages can be handed to River now. Pages whose reading is reused take no time, so that it is the
// assemblies behind them that pile up.
func (d *dispatcher) free(ctx context.Context, c conn) (int, error) {
	var pages, ready int
	err := c.queryRow(ctx, `SELECT count(*), coalesce(sum(CASE WHEN j.state IN ('available', 'running') THEN 1 ELSE 0 END), 0)
		FROM pages p JOIN river_job j ON j.id = p.job_id WHERE p.state = 'queued'`).Scan(&pages, &ready)
	if err != nil {
		return 0, err
	}
	var batches, again int
	err = c.queryRow(ctx, `SELECT (SELECT count(*) FROM batches WHERE state = 'open' AND closed = 1 AND open_pages = 0),
		(SELECT count(*) FROM river_job WHERE queue = '`+assembleQueue+`' AND state IN ('retryable', 'scheduled'))`).Scan(&batches, &again)
	return min(d.room(pages, ready), d.room(batches, batches-again)), err
}

// room is what may be added to all that there are of a kind, ready of which don't wait for another attempt.
func (d *dispatcher) room(all, ready int) int {
	return min(2*d.workers-ready, 2*d.workers+failing-all)
}

// queueNext hands over the oldest waiting page of the station whose turn it is after last, and returns that station;
// ErrNotFound, and "", where no page waits.
func queueNext(ctx context.Context, t tx, last string) (string, error) {
	var page, station string
	const next = `SELECT id, station FROM pages WHERE state = 'waiting' AND station > ?
		ORDER BY station, received_at, deposit_id, number LIMIT 1`
	err := noRow(t.queryRow(ctx, next, last).Scan(&page, &station))
	if errors.Is(err, ErrNotFound) && last != "" {
		err = noRow(t.queryRow(ctx, next, "").Scan(&page, &station))
	}
	if err != nil {
		return last, err
	}
	inserted, err := t.insertJobs(ctx, []river.InsertManyParams{{Args: pageArgs{page}}})
	if err != nil {
		return last, fmt.Errorf("queue page %s: %w", page, err)
	}
	_, err = t.exec(ctx, `UPDATE pages SET state = 'queued', job_id = ? WHERE id = ? AND state = 'waiting'`, inserted[0].Job.ID, page)
	if err != nil {
		return last, fmt.Errorf("queue page %s: %w", page, err)
	}
	return station, nil
}
