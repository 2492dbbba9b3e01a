package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/riverqueue/river"
)

// How the jobs are fetched, swept and forgotten.
const (
	fetchCooldown = 10 * time.Millisecond
	fetchPoll     = 100 * time.Millisecond
	dispatchPoll  = time.Second      // pages that another process left waiting
	sweepEvery    = 30 * time.Second // what no transaction and no wake-up has brought on its way
	keepCompleted = 5 * time.Minute
	rescueAfter   = 6 * time.Hour // River's own net under freeJobs; longer than any job takes
	deliverers    = 8             // deliveries at once to one subscriber
)

// insertingConfig is that of the client that inserts jobs whether or not they are worked in this process.
func insertingConfig(log *slog.Logger) *river.Config {
	return &river.Config{Logger: log, FetchCooldown: fetchCooldown, FetchPollInterval: fetchPoll}
}

// Run works the jobs until ctx is done, then gives those in hand cfg.Grace, cancels the contexts of the rest, and returns
// nil when all have ended; what was cancelled is done again by the next Run. On SQLite one process runs at a time.
// Before it begins it makes available what a process that died held.
func (c *Catalog) Run(ctx context.Context, cfg RunConfig, w Work) error {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	self := newID(host+"-", time.Now())
	client, err := c.begin(ctx, self, &runner{catalog: c, cfg: cfg, work: w, log: c.log})
	defer c.db.release()
	if ctx.Err() != nil && client == nil {
		return nil
	}
	if err != nil {
		return fmt.Errorf("run jobs: %w", err)
	}
	c.warnOfIndex(ctx)
	d := &dispatcher{
		catalog: c, client: client, workers: cfg.Workers, queues: map[string]bool{}, self: self, log: slog.New(newSeldom(c.log.Handler())),
	}
	d.run(ctx)
	<-client.Stopped()
	return nil
}

// begin takes over from dead processes and starts working; the client is nil where it did not come to that.
func (c *Catalog) begin(ctx context.Context, self string, r *runner) (workingClient, error) {
	if err := c.db.hold(ctx, self); err != nil {
		return nil, err
	}
	if err := c.freeJobs(ctx, self); err != nil {
		return nil, err
	}
	client, err := c.db.newWorkingClient(&river.Config{
		ID: self, Logger: slog.New(newSeldom(atLeast{c.log.Handler(), slog.LevelWarn})), Workers: r.workers(),
		Queues: map[string]river.QueueConfig{
			pageQueue:     {MaxWorkers: r.cfg.Workers},
			assembleQueue: {MaxWorkers: r.cfg.Workers},
		},
		FetchCooldown: fetchCooldown, FetchPollInterval: fetchPoll,
		RetryPolicy: r, MaxAttempts: neverGivenUp, JobTimeout: -1, RescueStuckJobsAfter: rescueAfter,
		CompletedJobRetentionPeriod: keepCompleted, SoftStopTimeout: max(r.cfg.Grace, time.Millisecond),
	})
	if err != nil {
		return nil, err
	}
	if err := client.Start(ctx); err != nil {
		return nil, err
	}
	return client, nil
}

func (c *Catalog) freeJobs(ctx context.Context, self string) error {
	n, err := c.db.freeJobs(ctx, self)
	if err != nil {
		return fmt.Errorf("free the jobs of dead processes: %w", err)
	}
	if n > 0 {
		c.log.LogAttrs(ctx, slog.LevelInfo, "jobs of a dead process are available again", slog.Int64("jobs", n))
	}
	return nil
}
