package catalog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver
)

// sqlConn is a conn over database/sql.
type sqlConn struct {
	on interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
		QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	}
}

func (c sqlConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := c.on.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (c sqlConn) query(ctx context.Context, query string, args ...any) (rows, error) {
	r, err := c.on.QueryContext(ctx, withoutLock(query), args...) //nolint:rowserrcheck // the caller checks and closes
	return sqlRows{r}, err
}

func (c sqlConn) queryRow(ctx context.Context, query string, args ...any) row {
	return c.on.QueryRowContext(ctx, withoutLock(query), args...)
}

func withoutLock(query string) string { return strings.TrimSuffix(query, " FOR UPDATE") }

type sqlRows struct{ *sql.Rows }

func (r sqlRows) Close() { _ = r.Rows.Close() } // Err has told what went wrong

type sqliteTx struct {
	sqlConn
	jobTx[*riversqlite.Driver, *sql.Tx]
	*touched
}

// sqlite is the embedded database: one connection writes, as River needs it, and others read beside it (WAL).
type sqlite struct {
	sqlConn // on the reading connections
	reading *sql.DB
	writing *sql.DB
	client  *river.Client[*sql.Tx]
	log     *slog.Logger
	path    string
	lock    *os.File // held while the jobs are worked
	heard   atomic.Pointer[func([]counter)]
}

// readers is how many reads go on at once; more would only contend for the page cache.
const readers = 4

func openSQLite(path string, log *slog.Logger) (*sqlite, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if err := makePrivate(path); err != nil {
		return nil, err
	}
	dsn := func(more string) string {
		u := url.URL{Scheme: "file", Path: path, RawQuery: "_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&" + more}
		return u.String()
	}
	writing, err := sql.Open("sqlite", dsn("_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=journal_size_limit(67108864)"))
	if err != nil {
		return nil, err
	}
	writing.SetMaxOpenConns(1)
	// 16 MB each: a search reads the same upper pages of the index for each of its words.
	reading, err := sql.Open("sqlite", dsn("mode=ro&_pragma=query_only(1)&_pragma=cache_size(-16384)"))
	if err != nil {
		return nil, errors.Join(err, writing.Close())
	}
	reading.SetMaxOpenConns(readers)
	reading.SetMaxIdleConns(readers)
	s := &sqlite{sqlConn: sqlConn{reading}, reading: reading, writing: writing, log: log, path: path}
	if s.client, err = river.NewClient(riversqlite.New(writing), insertingConfig(log)); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

// makePrivate makes a new database's file, which SQLite would let everybody read; the files beside it get its mode. One
// that exists is not touched: closing it would end the locks that SQLite holds on it in this process.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func (s *sqlite) write(ctx context.Context, fn func(tx) error) error {
	t, err := s.writing.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer t.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	var places touched
	if err := fn(sqliteTx{sqlConn{t}, jobTx[*riversqlite.Driver, *sql.Tx]{t, s.client}, &places}); err != nil {
		return err
	}
	if err := t.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	if heard := s.heard.Load(); heard != nil && len(places) > 0 {
		(*heard)(places)
	}
	return nil
}

func (s *sqlite) listen(ctx context.Context, heard func([]counter)) {
	s.heard.Store(&heard)
	heard(nil)
	<-ctx.Done()
	s.heard.CompareAndSwap(&heard, nil)
}

func (s *sqlite) migrate(ctx context.Context, own func(tx) error) error {
	m, err := rivermigrate.New(riversqlite.New(s.writing), &rivermigrate.Config{Logger: s.log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	return s.write(ctx, own)
}

func (s *sqlite) dialect() *dialect { return &sqliteDialect }

func (s *sqlite) within(ctx context.Context, patience time.Duration, fn func(context.Context, conn) error) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := fn(limited, s)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return true, nil
	}
	return false, err
}

func (s *sqlite) newWorkingClient(cfg *river.Config) (workingClient, error) {
	return river.NewClient(riversqlite.New(s.writing), cfg)
}

// hold locks a file beside the database: two processes that work the jobs of one SQLite catalogue would take each
// other for dead.
func (s *sqlite) hold(context.Context, string) error {
	if s.lock != nil {
		return nil
	}
	f, err := os.OpenFile(s.path+"-lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return errors.Join(fmt.Errorf("another process works on %s: %w", s.path, err), f.Close())
	}
	s.lock = f
	return nil
}

func (s *sqlite) release() {
	if s.lock != nil {
		_ = s.lock.Close() // and with it the lock
		s.lock = nil
	}
}

// freeJobs: whoever holds a job and is not this incarnation is dead, for there is one at a time.
func (s *sqlite) freeJobs(ctx context.Context, self string) (int64, error) {
	var freed int64
	err := s.write(ctx, func(t tx) error {
		var err error
		freed, err = t.exec(ctx, `UPDATE river_job SET state = 'available', attempt = max(attempt - 1, 0)
			WHERE state = 'running' AND coalesce(json_extract(attempted_by, '$[#-1]'), '') <> ?`, self)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `DELETE FROM river_leader WHERE leader_id <> ?`, self)
		return err
	})
	return freed, err
}

func (s *sqlite) close() error {
	s.release()
	return errors.Join(s.reading.Close(), s.writing.Close())
}
