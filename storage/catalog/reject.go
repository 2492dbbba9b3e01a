package catalog

import (
	"context"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// Reject ends a deposit with a reason: its pages are cancelled, the event and the notice follow. message is the clerk's
// sentence. A deposit that has come to another end is left as it is.
func (c *Catalog) Reject(ctx context.Context, depositID string, r *dossier.Reason, message string) error {
	err := c.db.write(ctx, func(t tx) error {
		d, batchID, err := lockedDeposit(ctx, t, depositID)
		if err != nil {
			return err
		}
		switch d.State {
		case dossier.StatePublished, dossier.StateDuplicate, dossier.StateRejected:
			return nil
		case dossier.StateReceived, dossier.StateReading, dossier.StateAssembling:
		}
		return c.reject(ctx, t, d, batchID, r, message)
	})
	if err != nil {
		return fmt.Errorf("reject %s: %w", depositID, err)
	}
	c.wake()
	return nil
}

func (c *Catalog) reject(ctx context.Context, t tx, d dossier.Deposit, batchID string, r *dossier.Reason, message string) error {
	rejection, err := asJSON(r)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET state = 'rejected', rejection = ?, `+noticeDue+` WHERE id = ?`, rejection, d.ID)
	if err != nil {
		return err
	}
	cancelled, err := t.exec(ctx, `UPDATE pages SET state = 'cancelled', job_id = 0 WHERE deposit_id = ? AND state IN ('waiting', 'queued')`, d.ID)
	if err != nil {
		return err
	}
	if err := closePages(ctx, t, batchID, cancelled); err != nil {
		return err
	}
	if err := endBarren(ctx, t, batchID); err != nil {
		return err
	}
	d.State, d.Rejection = dossier.StateRejected, r
	return c.commitDepositEvent(ctx, t, dossier.EventDepositRejected, d, message)
}

// requeue lets a rejected deposit, whose batch is locked, begin anew. retry is its column.
func requeue(ctx context.Context, t tx, d dossier.Deposit, batchID, retry string) error {
	var round int // rejected once for each event that says so
	err := t.queryRow(ctx, `SELECT count(*) FROM events WHERE subject = ?`, d.ID).Scan(&round)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `DELETE FROM pages WHERE deposit_id = ?`, d.ID); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET state = 'received', pages = 0, signature = '', warnings = '', rejection = '',
		notice = 0, dismissed = '', retry = ? WHERE id = ?`, retry, d.ID)
	if err != nil {
		return err
	}
	return requeueInto(ctx, t, d, batchID, fmt.Sprintf("%s.%d", d.ID, round))
}
