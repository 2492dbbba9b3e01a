package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// lockedDeposit locks the batch of a deposit that is going to be changed and then reads the deposit. batchID is "" for one that has
// no batch: then its own row is locked.
func lockedDeposit(ctx context.Context, t tx, id string) (d dossier.Deposit, batchID string, err error) {
	for {
		err = t.queryRow(ctx, `SELECT batch_id FROM deposits WHERE id = ?`, id).Scan(&batchID)
		if err != nil {
			return d, "", fmt.Errorf("read deposit %s: %w", id, noRow(err))
		}
		lock := ` FOR UPDATE`
		if batchID != "" {
			lock = ``
			if _, err := lockedBatch(ctx, t, batchID); err != nil {
				return d, "", err
			}
		}
		var now string
		d, err = scanDepositAnd(t.queryRow(ctx, `SELECT `+depositColumns+`, d.batch_id`+depositTables+`WHERE d.id = ?`+lock, id), &now)
		if err != nil || now == batchID {
			t.touch(d.Department, d.Station)
			return d, batchID, err
		}
	}
}

// lockedFormer locks the row of a deposit whose batch is at its end, and reads the deposit.
func lockedFormer(ctx context.Context, t tx, id string) (dossier.Deposit, error) {
	d, err := scanDeposit(t.queryRow(ctx, depositQuery+`WHERE d.id = ? FOR UPDATE`, id))
	return d, wrapped(err, "read deposit %s", id)
}

// batch is a row of batches.
type batch struct {
	closed    int
	openPages int
	state     string
}

func lockedBatch(ctx context.Context, t tx, id string) (batch, error) {
	var b batch
	err := t.queryRow(ctx, `SELECT closed, open_pages, state FROM batches WHERE id = ? FOR UPDATE`, id).
		Scan(&b.closed, &b.openPages, &b.state)
	if err != nil {
		return b, fmt.Errorf("lock batch %s: %w", id, noRow(err))
	}
	return b, nil
}

// insertPages adds pages first to last of a deposit, waiting.
func insertPages(ctx context.Context, t tx, d dossier.Deposit, batchID string, first, last int) error {
	const rowsAtOnce = 500
	for first <= last {
		end := min(first+rowsAtOnce-1, last)
		values := make([]string, 0, rowsAtOnce)
		args := make([]any, 0, 6*rowsAtOnce)
		for n := first; n <= end; n++ {
			values = append(values, `(?, ?, ?, ?, ?, ?, 'waiting')`)
			args = append(args, fmt.Sprintf("%s-%d", d.ID, n), d.ID, batchID, n, d.Station, asMicros(d.ReceivedAt))
		}
		_, err := t.exec(ctx, `INSERT INTO pages (id, deposit_id, batch_id, number, station, received_at, state) VALUES `+
			strings.Join(values, ", "), args...)
		if err != nil {
			return err
		}
		first = end + 1
	}
	return nil
}

// Split records what opening a deposit found: it is being read, and its pages 2 to s.Pages wait. A deposit that is past
// that, or rejected, is left as it is.
func (c *Catalog) Split(ctx context.Context, s Split) error {
	err := c.db.write(ctx, func(t tx) error { return split(ctx, t, s) })
	if err != nil {
		return fmt.Errorf("split %s: %w", s.DepositID, err)
	}
	c.wake()
	return nil
}

func split(ctx context.Context, t tx, s Split) error {
	if s.Pages < 1 {
		return fmt.Errorf("%d pages", s.Pages)
	}
	d, batchID, err := lockedDeposit(ctx, t, s.DepositID)
	if err != nil || d.State != dossier.StateReceived {
		return err
	}
	signature, err := asJSON(s.Signature)
	if err != nil {
		return err
	}
	warnings, err := listJSON(s.Warnings)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET state = 'reading', pages = ?, signature = ?, warnings = ? WHERE id = ?`,
		s.Pages, signature, warnings, d.ID)
	if err != nil {
		return err
	}
	if err := insertPages(ctx, t, d, batchID, 2, s.Pages); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE batches SET open_pages = open_pages + ? WHERE id = ?`, s.Pages-1, batchID)
	return err
}

// PageDone records a page as read; with the last one of a closed batch the assembly follows. A page that is done or
// cancelled already is left as it is.
func (c *Catalog) PageDone(ctx context.Context, d PageDone) error {
	err := c.db.write(ctx, func(t tx) error {
		if d.Split != nil {
			if err := split(ctx, t, *d.Split); err != nil {
				return err
			}
		}
		if err := pageDone(ctx, t, d); err != nil || !d.Personal {
			return err
		}
		return c.hideFound(ctx, t, d.PageID)
	})
	if err != nil {
		return fmt.Errorf("record page %s: %w", d.PageID, err)
	}
	c.wake()
	return nil
}

// Reuse records that a deposit has the pages of an earlier one, from: what opening it would have found, and every page as
// done. Being one transaction, it leaves no page to be read in between. It is an error where pages of the earlier one were
// erased meanwhile.
func (c *Catalog) Reuse(ctx context.Context, from string, s Split, pages []PageDone) error {
	err := c.db.write(ctx, func(t tx) error {
		left, err := collect(ctx, t, scanOne[string], `SELECT id FROM pages WHERE deposit_id = ? AND state = 'done' FOR UPDATE`, from)
		if err == nil && len(left) < len(pages) {
			err = fmt.Errorf("pages of %s are erased", from)
		}
		if err != nil {
			return err
		}
		if err := split(ctx, t, s); err != nil {
			return err
		}
		for _, d := range pages {
			if err := pageDone(ctx, t, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reuse pages for %s: %w", s.DepositID, err)
	}
	c.wake()
	return nil
}

func pageDone(ctx context.Context, t tx, d PageDone) error {
	var depositID string
	var stream int
	err := noRow(t.queryRow(ctx, `SELECT p.deposit_id, CASE WHEN b.grouping = 'separator' AND b.fronts_then_backs = 0 THEN 1 ELSE 0 END
		FROM pages p JOIN batches b ON b.id = p.batch_id WHERE p.id = ?`, d.PageID).Scan(&depositID, &stream))
	if errors.Is(err, ErrNotFound) {
		return nil // the deposit was rejected meanwhile, and is being tried again
	}
	if err != nil {
		return err
	}
	of, batchID, err := lockedDeposit(ctx, t, depositID)
	if err != nil {
		return err
	}
	if of.State == dossier.StateReceived {
		return fmt.Errorf("deposit %s was not split", of.ID)
	}
	warnings, err := listJSON(d.Warnings)
	if err != nil {
		return err
	}
	changed, err := t.exec(ctx, `UPDATE pages SET state = 'done', artifact_id = ?, profile_key = ?, language = ?, words = ?,
		confidence = ?, blank = ?, rotation = ?, sheet = ?, warnings = ?, seconds = ? WHERE id = ? AND state NOT IN ('done', 'cancelled')`,
		d.ArtifactID, d.ProfileKey, d.Language, d.Words, d.Confidence, asInt(d.Blank), d.Rotation, d.Sheet, warnings, d.Seconds, d.PageID)
	if err != nil || changed == 0 {
		return err
	}
	if d.Personal {
		if err := hidePage(ctx, t, d.PageID); err != nil {
			return err
		}
	}
	if d.Look != nil {
		if err := addLateLook(ctx, t, of.ID, d); err != nil {
			return err
		}
	}
	if stream == 1 {
		if cut, err := cutStream(ctx, t, of, batchID, d); cut || err != nil {
			return err
		}
	}
	return closePages(ctx, t, batchID, 1)
}

// closePages counts n pages of a batch as done or cancelled. Where none is left open and the batch is closed, its
// deposits are assembled.
func closePages(ctx context.Context, t tx, batchID string, n int64) error {
	var open, closed int
	err := t.queryRow(ctx, `UPDATE batches SET open_pages = open_pages - ? WHERE id = ? RETURNING open_pages, closed`, n, batchID).
		Scan(&open, &closed)
	if err != nil || open > 0 || closed == 0 {
		return err
	}
	changed, err := t.exec(ctx, `UPDATE deposits SET state = 'assembling' WHERE batch_id = ? AND state = 'reading'`, batchID)
	if err == nil && changed == 0 { // but a ticket, or pages that were read before the batch was closed, may be left
		err = t.queryRow(ctx, `SELECT count(*) FROM deposits WHERE batch_id = ? AND state = 'assembling'`, batchID).Scan(&changed)
	}
	if err != nil || changed == 0 {
		return err
	}
	_, err = t.insertJobs(ctx, assembleJobs(batchID))
	return err
}

// Reusable finds the pages of the latest deposit with these bytes all of whose pages were read with profileKey; nil
// where there is none. Its Split names the deposit they come from.
func (c *Catalog) Reusable(ctx context.Context, sha256, profileKey string) ([]ReusablePage, *Split, error) {
	d, err := scanDeposit(c.db.queryRow(ctx, depositQuery+`WHERE d.sha256 = ? AND d.state IN ('assembling', 'published') AND d.ticket = 0
		AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.deposit_id = d.id AND (p.state <> 'done' OR p.profile_key <> ?))
		ORDER BY d.received_at DESC LIMIT 1`, sha256, profileKey))
	if errors.Is(err, ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("find pages of %s: %w", sha256, err)
	}
	pages, err := collect(ctx, c.db, scanReusable, `SELECT number, artifact_id, language, words, confidence, blank, rotation, personal, sheet, warnings
		FROM pages WHERE deposit_id = ? ORDER BY number`, d.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("find pages of %s: %w", sha256, err)
	}
	return pages, &Split{DepositID: d.ID, Pages: d.Pages, Signature: d.Signature, Warnings: d.Warnings}, nil
}

func scanReusable(r row) (ReusablePage, error) {
	var p ReusablePage
	var blank, personal int
	var warnings string
	err := r.Scan(&p.Number, &p.ArtifactID, &p.Language, &p.Words, &p.Confidence, &blank, &p.Rotation, &personal, &p.Sheet, &warnings)
	if err != nil {
		return p, err
	}
	p.Blank, p.Personal = blank != 0, personal != 0
	p.Warnings, err = fromListJSON(warnings)
	return p, err
}
