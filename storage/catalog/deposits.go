package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ErrNotRejected says that nothing can be done about a deposit: it was not rejected, or is to be tried again and its original was
// never stored.
var ErrNotRejected = errors.New("not a rejected deposit with an original")

// depositQuery selects what scanDeposit reads; conditions on d follow.
const (
	depositColumns = `d.id, d.station, d.department, d.name, d.sha256, d.bytes, d.modified_at, d.received_at, d.state, d.pages,
		d.signature, d.duplicate_of, d.rejection, d.warnings, d.dossiers, d.channel, d.purpose, d.upload, d.assigned, d.dismissed, d.retry`
	depositTables = ` FROM deposits d `
	depositQuery  = `SELECT ` + depositColumns + depositTables
)

func scanDeposit(r row) (dossier.Deposit, error) {
	return scanDepositAnd(r)
}

// scanDepositAnd reads depositColumns and further columns behind them.
func scanDepositAnd(r row, more ...any) (dossier.Deposit, error) {
	var d dossier.Deposit
	var modified, received int64
	var signature, rejection, warnings, dossiers, dismissed, retry string
	err := r.Scan(append([]any{
		&d.ID, &d.Station, &d.Department, &d.Name, &d.SHA256, &d.Bytes, &modified, &received, &d.State,
		&d.Pages, &signature, &d.Duplicate, &rejection, &warnings, &dossiers, &d.Channel, &d.Purpose, &d.Upload,
		&d.Assigned, &dismissed, &retry,
	}, more...)...)
	if err != nil {
		return d, noRow(err)
	}
	d.ModifiedAt, d.ReceivedAt = asTime(modified), asTime(received)
	if d.Signature, err = fromJSON[dossier.Signed](signature); err != nil {
		return d, err
	}
	if d.Rejection, err = fromJSON[dossier.Reason](rejection); err != nil {
		return d, err
	}
	if d.Dismissed, err = fromJSON[dossier.Dismissal](dismissed); err != nil {
		return d, err
	}
	if d.Retry, err = fromJSON[dossier.Retry](retry); err != nil {
		return d, err
	}
	if d.Warnings, err = fromListJSON(warnings); err != nil {
		return d, err
	}
	d.Dossiers, err = fromListJSON(dossiers)
	return d, err
}

func deposit(ctx context.Context, c conn, id string) (dossier.Deposit, error) {
	d, err := scanDeposit(c.queryRow(ctx, depositQuery+`WHERE d.id = ?`, id))
	if err != nil {
		return d, fmt.Errorf("read deposit %s: %w", id, err)
	}
	return d, nil
}

// Deposit reads one deposit; ErrNotFound where there is none.
func (c *Catalog) Deposit(ctx context.Context, id string) (dossier.Deposit, error) {
	return deposit(ctx, c.db, id)
}

// DepositFilter chooses deposits; the zero value of a field but Scope chooses all.
type DepositFilter struct {
	Scope      dossier.Scope // of who asks
	State      dossier.State
	Department string
	Station    string
	From, To   time.Time // received from From on and before To
	Limit      int       // 0: 100
	Before     string    // id of the last deposit of the former page
}

// pageSize is the limit of a filter that names none.
const pageSize = 100

// Deposits lists deposits, the last received first. It returns ErrCursor where Before is no deposit of the scope.
func (c *Catalog) Deposits(ctx context.Context, f DepositFilter) ([]dossier.Deposit, error) {
	var q conditions
	q.within(f.Scope, "d")
	q.equal("d.state", string(f.State))
	q.equal("d.department", f.Department)
	q.equal("d.station", f.Station)
	q.received("d.received_at", f.From, f.To)
	if f.Before != "" {
		at, err := c.cursor(ctx, depositCursor, f.Before, f.Scope)
		if err != nil {
			return nil, fmt.Errorf("list deposits before %q: %w", f.Before, err)
		}
		q.add(`(d.received_at, d.id) < (?, ?)`, at, f.Before)
	}
	all, err := collect(ctx, c.db, scanDeposit,
		depositQuery+q.where()+` ORDER BY d.received_at DESC, d.id DESC LIMIT ?`, append(q.args, orPageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("list deposits: %w", err)
	}
	return all, nil
}

// depositCursor is the query of cursor for deposits.
const depositCursor = `SELECT r.received_at FROM deposits r WHERE r.id = ?`

// cursor reads the time at which a list goes on behind one of its rows, r, which is in the scope: of others not even that they are
// there.
func (c *Catalog) cursor(ctx context.Context, query, id string, s dossier.Scope) (at int64, err error) {
	in, args := within(s, "r")
	err = noRow(c.db.queryRow(ctx, query+` AND `+in, append([]any{id}, args...)...).Scan(&at))
	if errors.Is(err, ErrNotFound) {
		err = ErrCursor
	}
	return at, err
}

func orPageSize(limit int) int {
	if limit <= 0 {
		return pageSize
	}
	return limit
}

// conditions collects what a filter asks for.
type conditions struct {
	all  []string
	args []any
}

func (q *conditions) add(condition string, args ...any) {
	q.all = append(q.all, condition)
	q.args = append(q.args, args...)
}

// within narrows to what a scope sees. alias is that of the table with department and station.
func (q *conditions) within(s dossier.Scope, alias string) {
	if in, args := within(s, alias); !s.All {
		q.add(in, args...)
	}
}

// subjectWithin narrows to events about what a scope sees, by the column of their subject. Test events are about nobody's records.
func (q *conditions) subjectWithin(s dossier.Scope, column string) {
	if s.All {
		return
	}
	dossiers, args := within(s, `s`)
	deposits, more := within(s, `d`)
	q.add(`(EXISTS (SELECT 1 FROM dossiers s WHERE s.code = `+column+` AND `+dossiers+`)
		OR EXISTS (SELECT 1 FROM deposits d WHERE d.id = `+column+` AND `+deposits+`))`, append(args, more...)...)
}

// equal asks for a value in a column; "" asks for nothing.
func (q *conditions) equal(column, value string) {
	if value != "" {
		q.add(column+` = ?`, value)
	}
}

// received asks for a time from one on and before another; a zero one asks for nothing.
func (q *conditions) received(column string, from, to time.Time) {
	if !from.IsZero() {
		q.add(column+` >= ?`, asMicros(from))
	}
	if !to.IsZero() {
		q.add(column+` < ?`, asMicros(to))
	}
}

func (q *conditions) where() string {
	if len(q.all) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(q.all, " AND ")
}

// Notices lists deposits of a station whose outcome its folder has not been told, the first received first.
func (c *Catalog) Notices(ctx context.Context, station string, limit int) ([]dossier.Notice, error) {
	deposits, err := collect(ctx, c.db, scanDeposit, depositQuery+`WHERE d.station = ? AND d.notice = 1 ORDER BY d.received_at, d.id LIMIT ?`,
		station, orPageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list notices of %s: %w", station, err)
	}
	all := make([]dossier.Notice, 0, len(deposits))
	for _, d := range deposits {
		n, err := noticeOf(ctx, c.db, d)
		if err != nil {
			return nil, fmt.Errorf("list notices of %s: %w", station, err)
		}
		all = append(all, n)
	}
	return all, nil
}

// noticeDue has the folder that a deposit came in told of its outcome.
const noticeDue = `notice = CASE upload WHEN '' THEN 1 ELSE 0 END`

func noticeOf(ctx context.Context, c conn, d dossier.Deposit) (dossier.Notice, error) {
	n := dossier.Notice{Deposit: d, Codes: d.Dossiers}
	switch d.State {
	case dossier.StateDuplicate:
		first, err := deposit(ctx, c, d.Duplicate)
		n.Codes = first.Dossiers
		return n, err
	case dossier.StatePublished:
	case dossier.StateReceived, dossier.StateReading, dossier.StateAssembling, dossier.StateRejected:
		return n, nil
	}
	for _, code := range d.Dossiers {
		var pages int
		var warnings, notes string
		var complete Completeness
		err := noRow(c.queryRow(ctx, `SELECT v.pages, v.warnings, v.notes, s.complete FROM versions v
			JOIN dossiers s ON s.code = v.code AND s.version = v.number WHERE v.code = ?`, code).Scan(&pages, &warnings, &notes, &complete))
		if errors.Is(err, ErrNotFound) {
			continue // a decision is just making its first version
		}
		if err != nil {
			return n, fmt.Errorf("read dossier %s: %w", code, err)
		}
		list, err := fromListJSON(warnings)
		if err != nil {
			return n, err
		}
		told, err := fromListJSON(notes)
		if err != nil {
			return n, err
		}
		for _, note := range told {
			n.Notes = append(n.Notes, code+": "+note)
		}
		n.Incomplete = n.Incomplete || complete == Incomplete
		n.Pages += pages
		n.Warning = append(n.Warning, list...)
	}
	slices.Sort(n.Warning)
	n.Warning = slices.Compact(n.Warning)
	return n, nil
}

// NoticeWritten records that the station's folder was told.
func (c *Catalog) NoticeWritten(ctx context.Context, depositID string) error {
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE deposits SET notice = 2 WHERE id = ? AND notice = 1`, depositID)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the notice of %s: %w", depositID, err)
	}
	return nil
}
