package catalog

import (
	"context"
	"errors"

	"github.com/dossierd/dossierd/dossier"
)

// cutStream parts the batch of a deposit that was found to begin another dossier, while it is being read: what came before the
// deposit is closed and assembled by itself, and the deposit and what came after it go on as a batch of their own, which collects
// if the whole one did. A batch that is read already is cut by its assembly. Only streams are cut, and none in which a file of fronts
// waits for that of the backs. It returns the batch that the deposit is in; where it is another one, the open pages are counted anew.
//
// The caller has locked the batch, and a page of the deposit was open until now: so nobody assembles the batch.
func cutStream(ctx context.Context, t tx, d dossier.Deposit, batchID string) (string, error) {
	var grouping dossier.Grouping
	var interleaved int
	err := t.queryRow(ctx, `SELECT grouping, fronts_then_backs FROM batches WHERE id = ?`, batchID).Scan(&grouping, &interleaved)
	if err != nil || grouping != dossier.GroupSeparator || interleaved != 0 {
		return batchID, err
	}
	const earlier = `batch_id = ? AND (received_at < ? OR received_at = ? AND id < ?)`
	at := asMicros(d.ReceivedAt)
	var before int
	err = t.queryRow(ctx, `SELECT count(*) FROM deposits WHERE `+earlier, batchID, at, at, d.ID).Scan(&before)
	if err != nil || before == 0 {
		return batchID, err
	}
	next, err := openBehind(ctx, t, d, batchID)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET batch_id = ? WHERE batch_id = ? AND NOT (`+earlier+`)`, next, batchID, batchID, at, at, d.ID)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `UPDATE pages SET batch_id = ? WHERE deposit_id IN (SELECT id FROM deposits WHERE batch_id = ?)`, next, next)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `UPDATE batches SET open_pages = (SELECT count(*) FROM deposits d JOIN pages p ON p.deposit_id = d.id
		WHERE d.batch_id = batches.id AND p.state NOT IN ('done', 'cancelled')) WHERE id IN (?, ?)`, batchID, next)
	if err != nil {
		return "", err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET receipt = receipt + 1 WHERE batch_id IN (?, ?)`, batchID, next) // each has one of its own now
	if err != nil {
		return "", err
	}
	if err := closePages(ctx, t, batchID, 0); err != nil {
		return "", err
	}
	return next, endBarren(ctx, t, batchID)
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
