package catalog

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// conn runs statements, written with ? for each argument. FOR UPDATE at the end of a query locks the rows on PostgreSQL;
// SQLite, where a transaction has the database to itself, is not given it.
type conn interface {
	exec(ctx context.Context, query string, args ...any) (changed int64, err error)
	query(ctx context.Context, query string, args ...any) (rows, error)
	queryRow(ctx context.Context, query string, args ...any) row
}

type row interface {
	// Scan returns an error that is sql.ErrNoRows where there is no row.
	Scan(dest ...any) error
}

type rows interface {
	row
	Next() bool
	Close()
	Err() error
}

// tx is a transaction that changes catalogue and jobs together.
type tx interface {
	conn
	insertJobs(ctx context.Context, jobs []river.InsertManyParams) ([]*rivertype.JobInsertResult, error)
	// hurryJob makes a job that waits for its time available at once; a running one is left alone.
	hurryJob(ctx context.Context, id int64) error
	completeJob(ctx context.Context, job *river.Job[deliverArgs]) error
	// touch has those told who look at a station's board, once the transaction is committed.
	touch(department, station string)
}

// database is what differs between SQLite and PostgreSQL.
type database interface {
	conn // outside a transaction and for reading only
	// write commits what fn did if fn returns nil. It may call fn again where the database asks for that.
	write(ctx context.Context, fn func(tx) error) error
	migrate(ctx context.Context, own func(tx) error) error
	dialect() *dialect
	// within lets fn read for as long as it says. It reports whether fn was cut short by that; then the error is nil.
	within(ctx context.Context, patience time.Duration, fn func(context.Context, conn) error) (cut bool, err error)
	newWorkingClient(cfg *river.Config) (workingClient, error)
	// hold keeps the mark by which others know that incarnation id is alive, until the process ends or release.
	hold(ctx context.Context, id string) error
	release()
	// freeJobs makes available again what incarnations that are not alive were working on, and says how much.
	freeJobs(ctx context.Context, self string) (int64, error)
	// listen calls heard with what transactions touched that committed, of other processes too on PostgreSQL; nil is anything.
	// heard must not wait. It returns when ctx is done.
	listen(ctx context.Context, heard func([]counter))
	close() error
}

// workingClient is the part of a River client that does not depend on the database.
type workingClient interface {
	Start(ctx context.Context) error
	Stopped() <-chan struct{}
	Queues() *river.QueueBundle
}

// jobTx is the part of a tx that River does. D is its driver, T the driver's transaction.
type jobTx[D riverdriver.Driver[T], T any] struct {
	tx     T
	client *river.Client[T]
}

func (j jobTx[D, T]) insertJobs(ctx context.Context, jobs []river.InsertManyParams) ([]*rivertype.JobInsertResult, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	return j.client.InsertManyTx(ctx, j.tx, jobs)
}

func (j jobTx[D, T]) hurryJob(ctx context.Context, id int64) error {
	_, err := j.client.JobRetryTx(ctx, j.tx, id)
	return err
}

func (j jobTx[D, T]) completeJob(ctx context.Context, job *river.Job[deliverArgs]) error {
	_, err := river.JobCompleteTx[D](ctx, j.tx, job)
	return err
}

// collect reads every row of a query.
func collect[T any](ctx context.Context, c conn, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	r, err := c.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var all []T
	for r.Next() {
		one, err := scan(r)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, r.Err()
}

// scanOne reads a row of one column.
func scanOne[T any](r row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// noRow turns the databases' word for a row that does not exist into ErrNotFound.
func noRow(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// dollars rewrites the placeholders of a statement for PostgreSQL. No statement of ours has a ? of another meaning.
func dollars(query string) string {
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
		query = after
	}
}

// asTime and asMicros convert times to and from columns; the zero time is 0.
func asMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func asTime(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// asInt is what a column holds for a yes or no.
func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// asJSON gives the text of a column that holds a list or structure: "" for a nil one.
func asJSON[T any](v *T) (string, error) {
	if v == nil {
		return "", nil
	}
	data, err := json.Marshal(v)
	return string(data), err
}

func fromJSON[T any](text string) (*T, error) {
	if text == "" {
		return nil, nil
	}
	v := new(T)
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return nil, fmt.Errorf("decode %T: %w", v, err)
	}
	return v, nil
}

// listJSON is asJSON for lists of codes.
func listJSON(list []string) (string, error) {
	if len(list) == 0 {
		return "", nil
	}
	return asJSON(&list)
}

func fromListJSON(text string) ([]string, error) {
	list, err := fromJSON[[]string](text)
	if list == nil {
		return nil, err
	}
	return *list, err
}

// inLists yields ids a few hundred at a time, which both databases take in one statement: the list of a condition, and its arguments.
func inLists[T any](ids []T) iter.Seq2[string, []any] {
	const atOnce = 500
	return func(yield func(string, []any) bool) {
		for some := range slices.Chunk(ids, atOnce) {
			args := make([]any, 0, len(some))
			for _, id := range some {
				args = append(args, id)
			}
			if !yield(`IN (?`+strings.Repeat(`, ?`, len(some)-1)+`)`, args) {
				return
			}
		}
	}
}
