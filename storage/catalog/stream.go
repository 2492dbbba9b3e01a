package catalog

import (
	"context"
	"errors"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// cutStream cuts the batch of a page that was just read, while others of it are being read: before a file that begins with a sheet for
// another dossier, once a page of a paper is read that lies before it. Sheets and blank pages alone are not cut off: they belong to
// what follows. A batch that is read already is cut by its assembly. It reports whether there was something to cut; then the open
// pages are counted anew.
//
// The caller has locked the batch, and the page was open until now: so nobody assembles the batch.
func cutStream(ctx context.Context, t tx, of dossier.Deposit, batchID string, d PageDone) (bool, error) {
	at := asMicros(of.ReceivedAt)
	var first dossier.Deposit
	var err error
	switch {
	case d.Sheet == SheetBegins && d.PageID == of.ID+"-1":
		var papers int
		err = t.queryRow(ctx, `SELECT count(*) FROM deposits d JOIN pages p ON p.deposit_id = d.id WHERE d.batch_id = ?
			AND (d.received_at < ? OR d.received_at = ? AND d.id < ?) AND d.state <> 'rejected' AND p.state = 'done' AND p.blank = 0
			AND p.sheet = 0`, batchID, at, at, of.ID).Scan(&papers)
		if err != nil || papers == 0 {
			return false, err
		}
		first = of
	case d.Sheet == SheetNone && !d.Blank:
		first, err = scanDeposit(t.queryRow(ctx, `SELECT `+depositColumns+depositTables+`JOIN pages p ON p.deposit_id = d.id WHERE d.batch_id = ?
			AND (d.received_at > ? OR d.received_at = ? AND d.id > ?) AND p.number = 1 AND p.state = 'done' AND p.sheet = 2
			ORDER BY d.received_at, d.id LIMIT 1`, batchID, at, at, of.ID))
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	default:
		return false, nil
	}
	return true, cutBefore(ctx, t, first, batchID)
}

// cutBefore makes a batch of its own of a deposit and what came after it, which collects if the whole one did. What came before is
// closed.
func cutBefore(ctx context.Context, t tx, d dossier.Deposit, batchID string) error {
	next, err := openBehind(ctx, t, d, batchID)
	if err != nil {
		return err
	}
	at := asMicros(d.ReceivedAt)
	for _, move := range []struct {
		query string
		args  []any
	}{
		{`UPDATE deposits SET batch_id = ? WHERE batch_id = ? AND (received_at > ? OR received_at = ? AND id >= ?)`, []any{next, batchID, at, at, d.ID}},
		{`UPDATE pages SET batch_id = ? WHERE deposit_id IN (SELECT id FROM deposits WHERE batch_id = ?)`, []any{next, next}},
		{`UPDATE batches SET open_pages = (SELECT count(*) FROM deposits d JOIN pages p ON p.deposit_id = d.id
			WHERE d.batch_id = batches.id AND p.state IN ('waiting', 'queued')) WHERE id IN (?, ?)`, []any{batchID, next}},
		{`UPDATE deposits SET receipt = receipt + 1 WHERE batch_id IN (?, ?)`, []any{batchID, next}}, // each has one of its own now
	} {
		if _, err := t.exec(ctx, move.query, move.args...); err != nil {
			return fmt.Errorf("cut the stream before %s: %w", d.ID, err)
		}
	}
	for _, id := range []string{batchID, next} {
		if err := closePages(ctx, t, id, 0); err != nil {
			return err
		}
		if err := endBarren(ctx, t, id); err != nil { // what was cut off may all be refused
			return err
		}
	}
	return nil
}

// openBehind closes a batch and makes the one that goes on where it is cut, under the id of its first deposit if that is free: a
// batch has the id of the deposit that was recorded first, which need not be its first by time.
func openBehind(ctx context.Context, t tx, d dossier.Deposit, batchID string) (string, error) {
	next := d.ID
	var taken int
	if err := t.queryRow(ctx, `SELECT count(*) FROM batches WHERE id = ?`, next).Scan(&taken); err != nil {
		return "", err
	}
	if taken > 0 {
		next += ".0" // one that is tried again has .1 and so on
	}
	var closed int
	err := t.queryRow(ctx, `SELECT closed FROM batches WHERE id = ?`, batchID).Scan(&closed)
	if err != nil {
		return "", err
	}
	// In this order: one of a key collects.
	if _, err := t.exec(ctx, `UPDATE batches SET closed = 1 WHERE id = ?`, batchID); err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `INSERT INTO batches (id, station, closed, open_pages, state, grouping, group_key, opened_at, goes_on)
		SELECT CAST(? AS TEXT), station, CAST(? AS INTEGER), 0, state, grouping, group_key, CAST(? AS BIGINT), goes_on
		FROM batches WHERE id = ?`, next, closed, asMicros(d.ReceivedAt), batchID)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `UPDATE batches SET goes_on = ? WHERE id = ?`, next, batchID)
	return next, err
}

// beforeCut finds the batch of a deposit that is recorded late: what came before a cut of its stream belongs to what was cut off,
// while that one is being read. It returns that batch, locked, or else batchID, which goes on collecting.
func beforeCut(ctx context.Context, t tx, d dossier.Deposit, batchID string) (string, error) {
	for {
		former, err := cutOff(ctx, t, d, batchID)
		if err != nil || former == batchID {
			return batchID, err
		}
		b, err := lockedBatch(ctx, t, former)
		if err != nil {
			return "", err
		}
		if b.state != "open" || b.openPages == 0 {
			return batchID, nil // it is being assembled
		}
		if now, err := cutOff(ctx, t, d, batchID); err != nil || now == former { // it may have been cut meanwhile
			return former, err
		}
	}
}

// cutOff goes back from a batch to that which was cut off before it, as long as the deposit comes before all that is in it.
func cutOff(ctx context.Context, t tx, d dossier.Deposit, batchID string) (string, error) {
	at := asMicros(d.ReceivedAt)
	for {
		var former string
		err := noRow(t.queryRow(ctx, `SELECT id FROM batches b WHERE goes_on = ? AND goes_on <> '' AND EXISTS (SELECT 1 FROM deposits d WHERE d.batch_id = b.goes_on)
			AND NOT EXISTS (SELECT 1 FROM deposits d WHERE d.batch_id = b.goes_on AND (received_at < ? OR received_at = ? AND d.id < ?))`,
			batchID, at, at, d.ID).Scan(&former))
		if errors.Is(err, ErrNotFound) {
			return batchID, nil
		}
		if err != nil {
			return "", err
		}
		batchID = former
	}
}
