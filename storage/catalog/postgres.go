package catalog

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// pgConn is a conn over pgx.
type pgConn struct {
	on interface {
		Exec(ctx context.Context, query string, args ...any) (pgconn.CommandTag, error)
		Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
		QueryRow(ctx context.Context, query string, args ...any) pgx.Row
	}
}

func (c pgConn) exec(ctx context.Context, query string, args ...any) (int64, error) {
	tag, err := c.on.Exec(ctx, dollars(query), pgArgs(args)...)
	return tag.RowsAffected(), err
}

func (c pgConn) query(ctx context.Context, query string, args ...any) (rows, error) {
	return c.on.Query(ctx, dollars(query), pgArgs(args)...) //nolint:sqlclosecheck // the caller closes
}

func (c pgConn) queryRow(ctx context.Context, query string, args ...any) row {
	return c.on.QueryRow(ctx, dollars(query), pgArgs(args)...)
}

// pgArgs makes texts storable: PostgreSQL has none with a NUL or a byte that is no UTF-8, and fails where SQLite finds nothing.
func pgArgs(args []any) []any {
	for i, arg := range args {
		if v := reflect.ValueOf(arg); v.Kind() == reflect.String && storable(v.String()) != v.String() {
			args = slices.Clone(args)
			args[i] = storable(v.String())
		}
	}
	return args
}

type pgTx struct {
	pgConn
	jobTx[*riverpgxv5.Driver, pgx.Tx]
	*touched
}

// postgres is the shared database.
type postgres struct {
	pgConn
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
	log    *slog.Logger
	holder *pgxpool.Conn // its session has the lock of this incarnation
}

// Advisory locks are pairs of a class and a key; these are our classes.
const (
	migrationLocks   = 0x646f7301 // "dos", 1
	incarnationLocks = 0x646f7302
)

// connections: River listens on one, holds one for the incarnation's lock, and works on the others.
const connections = 16

func openPostgres(ctx context.Context, url string, log *slog.Logger) (*postgres, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = max(cfg.MaxConns, connections)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	client, err := river.NewClient(riverpgxv5.New(pool), insertingConfig(log))
	if err != nil {
		pool.Close()
		return nil, err
	}
	return &postgres{pgConn: pgConn{pool}, pool: pool, client: client, log: log}, nil
}

// rounds is how often a transaction is tried that PostgreSQL ends for the sake of another one.
const rounds = 5

func (p *postgres) write(ctx context.Context, fn func(tx) error) error {
	for round := 1; ; round++ {
		err := pgx.BeginFunc(ctx, p.pool, func(t pgx.Tx) error {
			var places touched
			if err := fn(pgTx{pgConn{t}, jobTx[*riverpgxv5.Driver, pgx.Tx]{t, p.client}, &places}); err != nil || len(places) == 0 {
				return err
			}
			said, err := places.said()
			if err == nil {
				_, err = t.Exec(ctx, `SELECT pg_notify($1, $2)`, boards, said)
			}
			return err
		})
		var pgErr *pgconn.PgError
		if round == rounds || !errors.As(err, &pgErr) || (pgErr.Code != "40001" && pgErr.Code != "40P01") {
			return err
		}
	}
}

func (p *postgres) migrate(ctx context.Context, own func(tx) error) error {
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock($1, 0)`, int32(migrationLocks)); err != nil {
		return err
	}
	defer func() {
		if _, err := c.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1, 0)`, int32(migrationLocks)); err != nil {
			_ = c.Conn().Close(context.WithoutCancel(ctx)) // the lock ends with the session
		}
	}()
	m, err := rivermigrate.New(riverpgxv5.New(p.pool), &rivermigrate.Config{Logger: p.log})
	if err != nil {
		return err
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate jobs: %w", err)
	}
	return p.write(ctx, own)
}

func (p *postgres) dialect() *dialect { return &postgresDialect }

// searching are settings for statements on the index. The planner does not know what it costs to hold a row against a query, for
// which its words are fetched from where long values are kept: reading all rows seems cheap to it. Helpers would be started for each
// block of pages anew.
const searching = `SET LOCAL jit = off; SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0;
	SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = `

// within lets the server watch the time: a connection whose query is given up by its client is lost.
func (p *postgres) within(ctx context.Context, patience time.Duration, fn func(context.Context, conn) error) (bool, error) {
	err := pgx.BeginTxFunc(ctx, p.pool, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(t pgx.Tx) error {
		if _, err := t.Exec(ctx, searching+strconv.FormatInt(max(patience.Milliseconds(), 1), 10)); err != nil {
			return err
		}
		return fn(ctx, pgConn{t})
	})
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) && pgErr.Code == "57014" && ctx.Err() == nil {
		return true, nil
	}
	return false, err
}

func (p *postgres) newWorkingClient(cfg *river.Config) (workingClient, error) {
	return river.NewClient(riverpgxv5.New(p.pool), cfg)
}

func lockKey(id string) int32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // never fails
	return int32(h.Sum32())
}

// hold takes the incarnation's lock on a connection of its own, and again where that connection was lost.
func (p *postgres) hold(ctx context.Context, id string) error {
	if p.holder != nil {
		if p.holder.Ping(ctx) == nil {
			return nil
		}
		p.release()
	}
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	if _, err := c.Exec(ctx, `SELECT pg_advisory_lock($1, $2)`, int32(incarnationLocks), lockKey(id)); err != nil {
		c.Release()
		return err
	}
	p.holder = c
	return nil
}

func (p *postgres) release() {
	if p.holder != nil {
		_ = p.holder.Conn().Close(context.Background()) // and with the session the lock
		p.holder.Release()
		p.holder = nil
	}
}

// freeJobs finds out who is alive by trying for the lock that each incarnation holds.
func (p *postgres) freeJobs(ctx context.Context, self string) (int64, error) {
	ids, err := collect(ctx, p, scanOne[string], `
		SELECT DISTINCT attempted_by[array_upper(attempted_by, 1)] FROM river_job WHERE state = 'running' AND attempted_by <> '{}'
		UNION SELECT leader_id FROM river_leader`)
	if err != nil {
		return 0, err
	}
	var freed int64
	for _, id := range ids {
		if id == self {
			continue
		}
		var n int64
		err := p.write(ctx, func(t tx) error {
			var err error
			n, err = freeJobsOf(ctx, t, id)
			return err
		})
		if err != nil {
			return freed, err
		}
		freed += n
	}
	return freed, nil
}

func freeJobsOf(ctx context.Context, t tx, id string) (int64, error) {
	var dead bool
	err := t.queryRow(ctx, `SELECT pg_try_advisory_xact_lock(?, ?)`, int32(incarnationLocks), lockKey(id)).Scan(&dead)
	if err != nil || !dead {
		return 0, err
	}
	n, err := t.exec(ctx, `UPDATE river_job SET state = 'available', attempt = greatest(attempt - 1, 0)
		WHERE state = 'running' AND attempted_by[array_upper(attempted_by, 1)] = ?`, id)
	if err != nil {
		return 0, err
	}
	_, err = t.exec(ctx, `DELETE FROM river_leader WHERE leader_id = ?`, id)
	return n, err
}

func (p *postgres) close() error {
	p.release()
	p.pool.Close()
	return nil
}
