package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// arrival is one call of TakeIn.
type arrival struct {
	deposit NewDeposit
	state   dossier.State // set by the transaction
}

// neverDue is more changes than the receipt of a deposit will ever see.
const neverDue = 1 << 30

// TakeIn records a deposit and returns the state it was taken in with: received with its first page waiting, duplicate,
// or rejected; the ticket of a batch, which has no pages, is assembling. A deposit of a batch joins the one that collects under
// its key, or opens it. An id that was taken in before changes nothing and returns what it returned then. Concurrent calls
// share a transaction. Where ctx ends before the answer, the deposit may have been recorded or not.
func (c *Catalog) TakeIn(ctx context.Context, n NewDeposit) (dossier.State, error) {
	a := &arrival{deposit: n}
	if err := c.intake.bring(ctx, a); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("take in %s: %w", n.Deposit.ID, err)
	}
	return a.state, nil
}

func (c *Catalog) takeInAll(ctx context.Context, arrivals []*arrival) error {
	defer c.wake()
	return c.db.write(ctx, func(t tx) error {
		batches, err := collectingFor(ctx, t, arrivals)
		for i := 0; err == nil && i < len(arrivals); i++ {
			arrivals[i].state, err = c.takeIn(ctx, t, arrivals[i].deposit, batches)
		}
		return err
	})
}

func (c *Catalog) takeIn(ctx context.Context, t tx, n NewDeposit, batches *collecting) (dossier.State, error) {
	var former dossier.State
	err := noRow(t.queryRow(ctx, `SELECT outcome FROM deposits WHERE id = ?`, n.Deposit.ID).Scan(&former))
	if !errors.Is(err, ErrNotFound) {
		return former, err
	}
	d := n.Deposit
	d.State, d.Rejection, d.Duplicate = dossier.StateReceived, n.Rejection, ""
	if d.Rejection != nil {
		d.State = dossier.StateRejected
	} else if d.Duplicate, err = firstOf(ctx, t, n); err != nil {
		return "", err
	} else if d.Duplicate != "" {
		d.State = dossier.StateDuplicate
	}
	if d.State == dossier.StateReceived && n.Batch != nil && n.Batch.Ticket {
		d.State = dossier.StateAssembling // there is nothing to read
	}
	own := "" // batch
	if n.Batch == nil && d.State == dossier.StateReceived {
		own = d.ID
	}
	t.touch(d.Department, d.Station)
	if err := insertDeposit(ctx, t, d, own); err != nil {
		return "", err
	}
	if err := batches.place(ctx, t, n, d); err != nil {
		return "", err
	}
	switch d.State {
	case dossier.StateRejected:
		return d.State, c.commitDepositEvent(ctx, t, dossier.EventDepositRejected, d, n.Message)
	case dossier.StateDuplicate:
		return d.State, c.commitDepositEvent(ctx, t, dossier.EventDepositDuplicate, d, "")
	default:
		return d.State, nil
	}
}

// firstOf finds the deposit that n is a duplicate of, "" if it is none. Bytes of which something was erased are new. The window
// is open to both sides, for claims are not always recorded in the order in which they were made. An upload for one dossier is no
// duplicate of what came for another: a person needs the same paper twice.
func firstOf(ctx context.Context, t tx, n NewDeposit) (string, error) {
	if n.DuplicateWindow <= 0 || n.Batch != nil && n.Batch.Ticket { // two tickets may say the same of different files
		return "", nil
	}
	at := n.Deposit.ReceivedAt
	forCode := ""
	if n.Deposit.Upload != "" && n.Batch != nil {
		forCode = n.Batch.Facts.Reference
	}
	type earlier struct{ id, facts string }
	all, err := collect(ctx, t, func(r row) (earlier, error) {
		var e earlier
		return e, r.Scan(&e.id, &e.facts)
	}, `SELECT d.id, coalesce(b.facts, '') FROM deposits d LEFT JOIN batches b ON b.id = d.batch_id
		WHERE d.sha256 = ? AND d.received_at BETWEEN ? AND ? AND d.station = ?
		AND d.state NOT IN ('duplicate', 'rejected') AND d.ticket = 0 AND d.erased = 0 ORDER BY d.received_at, d.id`,
		n.Deposit.SHA256, asMicros(at.Add(-n.DuplicateWindow)), asMicros(at.Add(n.DuplicateWindow)), n.Deposit.Station)
	if err != nil {
		return "", err
	}
	for _, e := range all {
		facts, err := fromJSON[dossier.BatchFacts](e.facts)
		if err != nil {
			return "", err
		}
		if forCode == "" || facts != nil && facts.Reference == forCode {
			return e.id, nil
		}
	}
	return "", nil
}

func insertDeposit(ctx context.Context, t tx, d dossier.Deposit, batchID string) error {
	rejection, err := asJSON(d.Rejection)
	if err != nil {
		return err
	}
	notice, told := 0, 0
	switch {
	case d.Upload != "":
		told = neverDue // no folder is to be told of it
	case d.State == dossier.StateDuplicate || d.State == dossier.StateRejected:
		notice = 1
	}
	_, err = t.exec(ctx, `INSERT INTO deposits (id, station, department, name, sha256, bytes, modified_at, received_at, state, outcome,
		duplicate_of, rejection, batch_id, notice, receipt_told, channel, purpose, upload)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.ID, d.Station, d.Department, d.Name, d.SHA256, d.Bytes, asMicros(d.ModifiedAt), asMicros(d.ReceivedAt), d.State, d.State,
		d.Duplicate, rejection, batchID, notice, told, cmp.Or(d.Channel, dossier.ChannelCounter), cmp.Or(d.Purpose, dossier.PurposeReception), d.Upload)
	return err
}

// insertBatch makes the batch that a received deposit has for itself, closed, and its first page. The page count is not known before the
// original was opened; page 1 always exists, and the job that reads it finds out.
func insertBatch(ctx context.Context, t tx, d dossier.Deposit, batchID string) error {
	_, err := t.exec(ctx, `INSERT INTO batches (id, station, closed, open_pages, state) VALUES (?, ?, 1, 1, 'open')`, batchID, d.Station)
	if err != nil {
		return err
	}
	return insertPages(ctx, t, d, batchID, 1, 1)
}
