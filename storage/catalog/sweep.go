package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
)

// overdue is how long a delivery may be due before the sweeper looks whether it still has a job, and sweepAtOnce how
// many it looks at; an attempt moves a delivery to the end of the line.
const (
	overdue     = time.Minute
	sweepAtOnce = 500
)

// sweep is the net under everything else: jobs whose process died, pages and batches and deliveries without a job.
func (d *dispatcher) sweep(ctx context.Context) error {
	c := d.catalog
	return errors.Join(
		c.db.hold(ctx, d.self),
		c.freeJobs(ctx, d.self),
		c.sweepPages(ctx),
		c.sweepBatches(ctx),
		c.sweepRevisions(ctx),
		c.sweepTombstones(ctx),
		c.sweepClock(ctx),
		c.sweepDeliveries(ctx),
		c.sweepRetention(ctx, &d.retained, time.Now()),
	)
}

// sweepPages lets pages wait again whose job ended without recording them.
func (c *Catalog) sweepPages(ctx context.Context) error {
	const lost = `state = 'queued' AND NOT EXISTS (SELECT 1 FROM river_job j
		WHERE j.id = pages.job_id AND j.state NOT IN ('completed', 'cancelled', 'discarded'))`
	var n int
	err := c.db.queryRow(ctx, `SELECT count(*) FROM pages WHERE `+lost).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	err = c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE pages SET state = 'waiting', job_id = 0 WHERE `+lost)
		return err
	})
	if err != nil {
		return fmt.Errorf("sweep pages: %w", err)
	}
	return nil
}

// sweepBatches gives each batch that is ready an assemble job, unless it has one.
func (c *Catalog) sweepBatches(ctx context.Context) error {
	ids, err := collect(ctx, c.db, scanOne[string],
		`SELECT id FROM batches WHERE state = 'open' AND closed = 1 AND open_pages = 0 ORDER BY id LIMIT ?`, sweepAtOnce)
	if err == nil && len(ids) > 0 {
		err = c.db.write(ctx, func(t tx) error {
			for _, id := range ids {
				if _, err := t.insertJobs(ctx, assembleJobs(id)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("sweep batches: %w", err)
	}
	return nil
}

// sweepRevisions gives each decision whose versions are not made a job, unless it has one.
func (c *Catalog) sweepRevisions(ctx context.Context) error {
	ids, err := collect(ctx, c.db, scanOne[string],
		`SELECT id FROM revisions WHERE state = 'reserved' AND batch_id = '' ORDER BY id LIMIT ?`, sweepAtOnce)
	if err == nil && len(ids) > 0 {
		err = c.db.write(ctx, func(t tx) error {
			for _, id := range ids {
				if _, err := t.insertJobs(ctx, []river.InsertManyParams{{Args: reviseArgs{id}}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("sweep revisions: %w", err)
	}
	return nil
}

// sweepClock lets what waits for a time from which the clock was set back go on at once. No page and no assembly waits as
// long as overdue by itself, and no event is made in the future.
func (c *Catalog) sweepClock(ctx context.Context) error {
	now := time.Now()
	jobs, err := collect(ctx, c.db, func(r row) (waitingJob, error) {
		var j waitingJob
		return j, r.Scan(&j.id, &j.until)
	}, `SELECT id, scheduled_at FROM river_job WHERE queue IN ('`+pageQueue+`', '`+assembleQueue+`')
		AND state IN ('available', 'retryable', 'scheduled')`)
	if err != nil {
		return fmt.Errorf("sweep jobs: %w", err)
	}
	jobs = slices.DeleteFunc(jobs, func(j waitingJob) bool { return j.until.Before(now.Add(overdue)) })
	var events int
	const early = `state = 'pending' AND attempts = 0 AND next_at > ? AND created_at > ?`
	ahead := asMicros(now.Add(overdue))
	err = c.db.queryRow(ctx, `SELECT count(*) FROM deliveries WHERE `+early, ahead, ahead).Scan(&events)
	if err == nil && len(jobs)+events > 0 {
		err = c.db.write(ctx, func(t tx) error {
			for _, j := range jobs {
				if err := t.hurryJob(ctx, j.id); err != nil {
					return err
				}
			}
			_, err := t.exec(ctx, `UPDATE deliveries SET next_at = ? WHERE `+early, asMicros(now.Add(-2*overdue)), ahead, ahead)
			return err // they are overdue now
		})
	}
	if err != nil {
		return fmt.Errorf("sweep jobs: %w", err)
	}
	return nil
}

// waitingJob is a job of River's that is not running.
type waitingJob struct {
	id    int64
	until time.Time
}

// sweepDeliveries gives a job to those that are overdue and next in their sequence. Those for nobody stay as they are.
func (c *Catalog) sweepDeliveries(ctx context.Context) error {
	subscribers := *c.subscribers.Load()
	if len(subscribers) == 0 {
		return nil
	}
	args := []any{asMicros(time.Now().Add(-overdue))}
	for _, s := range subscribers {
		args = append(args, s.Name)
	}
	type pair struct{ subscriber, subject string }
	pairs, err := collect(ctx, c.db, func(r row) (pair, error) {
		var p pair
		return p, r.Scan(&p.subscriber, &p.subject)
	}, `SELECT v.subscriber, v.subject FROM deliveries v WHERE v.state = 'pending' AND v.next_at < ?
		AND v.subscriber IN (?`+strings.Repeat(`, ?`, len(subscribers)-1)+`)
		AND NOT EXISTS (SELECT 1 FROM switched_off s WHERE s.subscriber = v.subscriber)
		AND NOT EXISTS (SELECT 1 FROM deliveries w WHERE w.subscriber = v.subscriber AND w.subject = v.subject
			AND w.state = 'pending' AND w.sequence < v.sequence)
		ORDER BY v.next_at LIMIT ?`, append(args, sweepAtOnce)...)
	if err == nil && len(pairs) > 0 {
		err = c.db.write(ctx, func(t tx) error {
			for _, p := range pairs {
				if err := deliverNow(ctx, t, p.subscriber, p.subject); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return fmt.Errorf("sweep deliveries: %w", err)
	}
	return nil
}
