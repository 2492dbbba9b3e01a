package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// The queues. Each subscriber has one of its own beside them, so that a slow one slows nobody.
const (
	pageQueue     = "page"
	assembleQueue = "assemble"
)

// deliverQueue names a subscriber's queue. River allows a hyphen only between letters or digits; names that differ in
// nothing else share a queue.
func deliverQueue(subscriber string) string {
	parts := strings.FieldsFunc("deliver-"+subscriber, func(r rune) bool { return r == '-' })
	return strings.Join(parts, "-")
}

// pageArgs is the job that reads a page. The page's row names the job that may do it.
type pageArgs struct {
	Page string `json:"page"`
}

func (pageArgs) Kind() string { return "page" }

func (pageArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: pageQueue, MaxAttempts: neverGivenUp}
}

// assembleArgs is the job that makes a batch into a dossier version.
type assembleArgs struct {
	Batch string `json:"batch" river:"unique"`
}

func (assembleArgs) Kind() string { return "assemble" }

func (assembleArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: assembleQueue, MaxAttempts: neverGivenUp, UniqueOpts: onceAtATime()}
}

// reviseArgs is the job that makes the versions that a decision asks for.
type reviseArgs struct {
	Revision string `json:"revision" river:"unique"`
}

func (reviseArgs) Kind() string { return "revise" }

func (reviseArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: assembleQueue, MaxAttempts: neverGivenUp, UniqueOpts: onceAtATime()}
}

// deliverArgs is the job that sends a subscriber the events about a dossier or deposit, one after the other.
type deliverArgs struct {
	Subscriber string `json:"subscriber" river:"unique"`
	Subject    string `json:"subject" river:"unique"`
}

func (deliverArgs) Kind() string { return "deliver" }

func (a deliverArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: deliverQueue(a.Subscriber), MaxAttempts: neverGivenUp, UniqueOpts: onceAtATime()}
}

// neverGivenUp is the most that River's column holds; an attempt number stays below recordedAttempts anyway.
const neverGivenUp = math.MaxInt16

// recordedAttempts is how many failures River keeps in a job's row, where each adds to what is written at the next one.
// From then on the log has them, and the attempt number stands still.
const recordedAttempts = 10

// onceAtATime allows one job that is not finished for the same arguments.
func onceAtATime() river.UniqueOpts {
	return river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled,
	}}
}

func assembleJobs(batchID string) []river.InsertManyParams {
	return []river.InsertManyParams{{Args: assembleArgs{batchID}}}
}

func deliverJob(subscriber, subject string) river.InsertManyParams {
	return river.InsertManyParams{Args: deliverArgs{subscriber, subject}}
}

// Snooze makes err into one that has a job tried again after d without counting as an attempt.
func Snooze(err error, d time.Duration) error { return &snoozed{err, max(d, 0)} }

type snoozed struct {
	err error
	d   time.Duration
}

func (s *snoozed) Error() string { return s.err.Error() }
func (s *snoozed) Unwrap() error { return s.err }

// runner works the jobs of one Run. It is River's retry policy as well.
type runner struct {
	catalog *Catalog
	cfg     RunConfig
	work    Work
	log     *slog.Logger
}

// NextRetry implements river.ClientRetryPolicy.
func (r *runner) NextRetry(job *rivertype.JobRow) time.Time {
	return time.Now().Add(r.cfg.Retry(job.Attempt + 1))
}

func (r *runner) workers() *river.Workers {
	w := river.NewWorkers()
	river.AddWorker(w, river.WorkFunc(r.page))
	river.AddWorker(w, river.WorkFunc(r.assemble))
	river.AddWorker(w, river.WorkFunc(r.revise))
	river.AddWorker(w, river.WorkFunc(r.hide))
	river.AddWorker(w, river.WorkFunc(r.erase))
	river.AddWorker(w, river.WorkFunc(r.deliver))
	return w
}

func (r *runner) page(ctx context.Context, job *river.Job[pageArgs]) error {
	defer r.catalog.wake()
	return r.try(ctx, job.JobRow, slog.String("page", job.Args.Page), func() error {
		key, err := r.catalog.pageOf(ctx, job.Args.Page, job.ID)
		if errors.Is(err, ErrNotFound) {
			return nil // done, cancelled, or another job's by now
		}
		if err != nil {
			return err
		}
		return r.work.Page(ctx, key)
	})
}

func (r *runner) assemble(ctx context.Context, job *river.Job[assembleArgs]) error {
	return r.try(ctx, job.JobRow, slog.String("batch", job.Args.Batch), func() error {
		return r.work.Assemble(ctx, job.Args.Batch)
	})
}

func (r *runner) revise(ctx context.Context, job *river.Job[reviseArgs]) error {
	return r.try(ctx, job.JobRow, slog.String("revision", job.Args.Revision), func() error {
		return r.work.Revise(ctx, job.Args.Revision)
	})
}

func (r *runner) hide(ctx context.Context, job *river.Job[hideArgs]) error {
	return r.try(ctx, job.JobRow, slog.String("page", job.Args.Page), func() error {
		ids, err := r.catalog.alike(ctx, job.Args.Page)
		if err != nil || len(ids) == 0 {
			return err
		}
		return r.work.Hide(ctx, ids)
	})
}

func (r *runner) erase(ctx context.Context, job *river.Job[eraseArgs]) error {
	return r.try(ctx, job.JobRow, slog.String("tombstone", job.Args.Tombstone), func() error {
		return r.work.Erase(ctx, job.Args.Tombstone)
	})
}

func (r *runner) deliver(ctx context.Context, job *river.Job[deliverArgs]) error {
	about := slog.Group("delivery", "subscriber", job.Args.Subscriber, "subject", job.Args.Subject)
	return r.try(ctx, job.JobRow, about, func() error {
		if err := r.work.Deliver(ctx, job.Args.Subscriber, job.Args.Subject); err != nil {
			return err
		}
		left, err := r.catalog.finishDeliveries(ctx, job)
		if err == nil && left {
			return Snooze(errors.New("an event came in at the last moment"), 0)
		}
		return err
	})
}

// try does a job and decides when a failed one is tried again.
func (r *runner) try(ctx context.Context, job *rivertype.JobRow, about slog.Attr, do func() error) error {
	err := guarded(do)
	var s *snoozed
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil: // cancelled after the grace: no failure of the job
		return river.JobSnooze(0)
	case errors.As(err, &s):
		r.log.LogAttrs(ctx, slog.LevelDebug, "job waits", slog.String("kind", job.Kind), about,
			slog.Duration("wait", s.d), slog.Any("error", err))
		return river.JobSnooze(s.d)
	}
	r.log.LogAttrs(ctx, slog.LevelWarn, "job failed and will be tried again", slog.String("kind", job.Kind), about,
		slog.Int("attempt", job.Attempt), slog.Any("error", err))
	if job.Attempt >= recordedAttempts {
		return river.JobSnooze(r.cfg.Retry(job.Attempt + 1))
	}
	// PostgreSQL's JSON holds no NUL, and an error that River can't record keeps it from recording any job's end.
	return errors.New(strings.ReplaceAll(err.Error(), "\x00", "\uFFFD"))
}

// guarded makes a panic an error, so that it is retried by the same rules.
func guarded(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// pageOf reads what a page job needs; ErrNotFound where the page is not this job's to do.
func (c *Catalog) pageOf(ctx context.Context, pageID string, jobID int64) (PageKey, error) {
	p := PageKey{ID: pageID}
	var depositID string
	err := noRow(c.db.queryRow(ctx, `SELECT deposit_id, batch_id, number FROM pages WHERE id = ? AND state = 'queued' AND job_id = ?`,
		pageID, jobID).Scan(&depositID, &p.BatchID, &p.Number))
	if err != nil {
		return p, fmt.Errorf("read page %s: %w", pageID, err)
	}
	p.Deposit, err = deposit(ctx, c.db, depositID)
	return p, err
}
