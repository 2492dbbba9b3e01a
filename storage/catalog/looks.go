package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// AddLook records what a glance at a page found, in place of what was recorded of it before. thumb says that its thumbnail
// is stored.
func (c *Catalog) AddLook(ctx context.Context, depositID string, l dossier.Look, thumb bool) error {
	err := c.db.write(ctx, func(t tx) error {
		d, _, err := lockedDeposit(ctx, t, depositID)
		if err != nil {
			return err
		}
		gap := false
		if d.State == dossier.StatePublished { // its numbers may have been read before it is looked at
			if gap, err = hasGap(ctx, t, depositID, l.Page); err != nil {
				return err
			}
		}
		if err := putLook(ctx, t, depositID, &l, thumb, nil); err != nil {
			return err
		}
		if thumb {
			if err := hideThumb(ctx, t, fmt.Sprintf("%s-%d", depositID, l.Page)); err != nil {
				return err
			}
		}
		if gap {
			if _, err := setGap(ctx, t, fmt.Sprintf("%s-%d", depositID, l.Page), true); err != nil {
				return err
			}
		}
		if l.Page > 1 && len(l.Verdicts) == 0 {
			return nil
		}
		_, err = t.exec(ctx, `UPDATE deposits SET receipt = receipt + 1 WHERE id = ?`, depositID)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the look at page %d of %s: %w", l.Page, depositID, err)
	}
	return nil
}

// putLook records a look. What is skipped gives way to what was seen as the page was read.
func putLook(ctx context.Context, t tx, depositID string, l *dossier.Look, thumb bool, untold []dossier.Verdict) error {
	look, err := asJSON(l)
	if err != nil {
		return err
	}
	later := ""
	if len(untold) > 0 {
		if later, err = asJSON(&untold); err != nil {
			return err
		}
	}
	again := `DO UPDATE SET look = excluded.look, thumb = excluded.thumb, untold = excluded.untold`
	if l.Skipped != "" {
		again = `DO NOTHING`
	}
	_, err = t.exec(ctx, `INSERT INTO looks (page_id, deposit_id, number, look, thumb, untold) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (page_id) `+again, fmt.Sprintf("%s-%d", depositID, l.Page), depositID, l.Page, look, asInt(thumb), later)
	return err
}

// addLateLook records the look at a page that had to be drawn, and was, to be read.
func addLateLook(ctx context.Context, t tx, depositID string, d PageDone) error {
	if err := putLook(ctx, t, depositID, d.Look, d.Thumb, d.Advised); err != nil {
		return err
	}
	_, err := t.exec(ctx, `UPDATE deposits SET receipt = receipt + 1 WHERE id = ?`, depositID)
	return err
}

// tellLateLooks adds to what is told of deposits what was seen of a batch's pages as they were read.
func tellLateLooks(ctx context.Context, t tx, batchID string, told map[string][]dossier.Verdict) error {
	type late struct{ page, untold string }
	all, err := collect(ctx, t, func(r row) (late, error) {
		var l late
		return l, r.Scan(&l.page, &l.untold)
	}, `SELECT l.page_id, l.untold FROM looks l JOIN deposits d ON d.id = l.deposit_id WHERE d.batch_id = ? AND l.untold <> ''
		ORDER BY l.deposit_id, l.number`, batchID)
	if err != nil || len(all) == 0 {
		return err
	}
	for _, l := range all {
		verdicts, err := fromJSON[[]dossier.Verdict](l.untold)
		if err != nil {
			return err
		}
		deposit := depositOfPage(l.page)
		told[deposit] = append(told[deposit], *verdicts...)
	}
	// From now on a file of the name is a new scan, as after LooksDone.
	_, err = t.exec(ctx, `UPDATE deposits SET advised = 1 WHERE batch_id = ? AND id IN (SELECT deposit_id FROM looks WHERE untold <> '')`, batchID)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE looks SET untold = '' WHERE deposit_id IN (SELECT id FROM deposits WHERE batch_id = ?)`, batchID)
	return err
}

// hideThumb has a thumbnail removed that was stored after its page was found to be an identity paper, or was erased.
func hideThumb(ctx context.Context, t tx, pageID string) error {
	var personal int
	err := t.queryRow(ctx, `SELECT coalesce(max(CASE state WHEN 'erased' THEN 1 ELSE personal END), 0) FROM pages WHERE id = ?`,
		pageID).Scan(&personal)
	if err != nil || personal == 0 {
		return err
	}
	return hidePictures(ctx, t, pageID)
}

// LooksDone records that nothing of a deposit is left to be looked at. Where a rescan is advised the event follows, once for
// a deposit.
func (c *Catalog) LooksDone(ctx context.Context, depositID string, advised []dossier.Verdict) error {
	err := c.db.write(ctx, func(t tx) error {
		d, _, err := lockedDeposit(ctx, t, depositID)
		if err != nil {
			return err
		}
		changed, err := t.exec(ctx, `UPDATE deposits SET looked = 1, receipt = receipt + 1 WHERE id = ? AND looked = 0`, depositID)
		if err != nil || changed == 0 || len(advised) == 0 {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE deposits SET advised = 1 WHERE id = ?`, depositID); err != nil {
			return err
		}
		facts := factsOfDeposit(d)
		facts.Verdicts = advised
		return c.commitEvent(ctx, t, d.ID, dossier.Event{Type: dossier.EventRescanAdvised, Data: dossier.EventData{Deposit: facts}})
	})
	if err != nil {
		return fmt.Errorf("record the looks at %s: %w", depositID, err)
	}
	c.wake()
	return nil
}

// Unlooked lists deposits that are not looked at to the end and not read yet, the first received first: those that a process
// left that died.
func (c *Catalog) Unlooked(ctx context.Context) ([]dossier.Deposit, error) {
	all, err := collect(ctx, c.db, scanDeposit, depositQuery+`WHERE d.looked = 0 AND d.state IN ('received', 'reading') AND d.ticket = 0
		ORDER BY d.received_at, d.id`)
	if err != nil {
		return nil, fmt.Errorf("list what is to be looked at: %w", err)
	}
	return all, nil
}

// Receipts lists what a station's folder is to be told anew, the first received first. Deposits of one batch share a receipt.
func (c *Catalog) Receipts(ctx context.Context, station string, limit int) ([]dossier.Receipt, error) {
	due, err := collect(ctx, c.db, scanOne[string], `SELECT id FROM deposits WHERE station = ? AND receipt > receipt_told AND erased < 2
		ORDER BY received_at, id LIMIT ?`, station, orPageSize(limit))
	if err != nil {
		return nil, fmt.Errorf("list receipts of %s: %w", station, err)
	}
	var all []dossier.Receipt
	told := map[string]bool{}
	for _, id := range due {
		if told[id] {
			continue
		}
		r, err := c.Receipt(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("list receipts of %s: %w", station, err)
		}
		if len(r.Files) == 0 { // erased just now
			continue
		}
		for _, f := range r.Files {
			told[f.Deposit.ID] = true
		}
		all = append(all, r)
	}
	return all, nil
}

// Receipt reads what is to be told of a deposit and those of its batch. It has no files for a ticket that is alone, and for what was
// erased.
func (c *Catalog) Receipt(ctx context.Context, depositID string) (dossier.Receipt, error) {
	r, err := c.receipt(ctx, depositID)
	if err != nil {
		return r, fmt.Errorf("read the receipt of %s: %w", depositID, err)
	}
	return r, nil
}

func (c *Catalog) receipt(ctx context.Context, depositID string) (r dossier.Receipt, err error) {
	var batchID, state string
	var grouping dossier.Grouping
	err = c.db.queryRow(ctx, `SELECT d.batch_id, coalesce(b.grouping, 'file'), coalesce(b.state, ''),
		CASE WHEN coalesce(b.grouping, 'file') = 'file' THEN d.name ELSE b.group_key END
		FROM deposits d LEFT JOIN batches b ON b.id = d.batch_id WHERE d.id = ?`, depositID).Scan(&batchID, &grouping, &state, &r.Name)
	if err != nil {
		return r, noRow(err)
	}
	deposits, err := collect(ctx, c.db, func(row row) (dossier.ReceiptFile, error) {
		var f dossier.ReceiptFile
		var looked int
		d, err := scanDepositAnd(row, &looked, &f.Change)
		f.Deposit, f.Looked = d, looked == 1
		return f, err
	}, `SELECT `+depositColumns+`, d.looked, d.receipt`+depositTables+`
		WHERE (d.id = ? OR (d.batch_id = ? AND d.batch_id <> '')) AND d.ticket = 0 AND d.erased < 2
		ORDER BY d.received_at, d.id`, depositID, batchID)
	if err != nil {
		return r, err
	}
	for _, f := range deposits {
		if f.Notice, err = noticeOf(ctx, c.db, f.Deposit); err != nil {
			return r, err
		}
		if f.Looks, err = c.looks(ctx, f.Deposit.ID); err != nil {
			return r, err
		}
		r.Files = append(r.Files, f)
	}
	if grouping == dossier.GroupSeparator && len(r.Files) > 0 { // of which a station has one key
		r.Name = r.Files[0].Deposit.Name
	}
	if grouping == dossier.GroupFile || state == string(BatchPublished) {
		err = nameSlips(ctx, c.db, &r, batchID, grouping)
	}
	return r, err
}

// nameSlips says by which slips the pages are scanned again that the clerk is advised to.
func nameSlips(ctx context.Context, t conn, r *dossier.Receipt, batchID string, grouping dossier.Grouping) error {
	for _, f := range r.Files {
		if batchID == "" || f.Deposit.State == dossier.StateRejected {
			continue
		}
		for i := range f.Looks {
			l := &f.Looks[i]
			if !slices.ContainsFunc(l.Verdicts, dossier.VerdictCode.AdvisesRescan) {
				continue
			}
			place := l.Number
			if grouping != dossier.GroupFile {
				if err := t.queryRow(ctx, `SELECT coalesce(max(place), 0) FROM pages WHERE id = ?`, l.PageID).Scan(&place); err != nil {
					return err
				}
			}
			if place > 0 {
				l.Slip = fmt.Sprintf("%s:%d", batchID, place)
			}
		}
	}
	return nil
}

// looks lists what was found about the pages of a deposit.
func (c *Catalog) looks(ctx context.Context, depositID string) ([]dossier.PageLook, error) {
	return collect(ctx, c.db, scanLook, `SELECT `+lookColumns+` FROM looks l LEFT JOIN pages p ON p.id = l.page_id
		WHERE l.deposit_id = ? ORDER BY l.number`, depositID)
}

// lookColumns are what scanLook reads of a look l and its page p.
const lookColumns = `l.page_id, l.number, l.look, l.thumb, coalesce(p.rotation, -1), coalesce(p.blank, 0), coalesce(p.personal, 0)`

// scanLook adds what only the reading knows: that a page lay another way up, or is blank that was not looked at. Pages of
// identity papers have no thumbnail.
func scanLook(r row) (dossier.PageLook, error) {
	var p dossier.PageLook
	var text string
	var thumb, rotation, blank, personal int
	if err := r.Scan(&p.PageID, &p.Number, &text, &thumb, &rotation, &blank, &personal); err != nil {
		return p, err
	}
	look, err := fromJSON[dossier.Look](text)
	if err != nil || look == nil {
		return p, err
	}
	p.Verdicts, p.Thumb = verdicts(look, rotation, blank == 1), thumb == 1 && personal == 0
	return p, nil
}

// verdicts are those of a look and of the reading, which turned the page by a rotation or, for -1, is to come; the gravest first.
func verdicts(look *dossier.Look, rotation int, blank bool) []dossier.VerdictCode {
	all := slices.Clone(look.Verdicts)
	if rotation >= 0 && rotation != look.Rotation && look.Skipped == "" {
		all = append(all, dossier.VerdictUpsideDown)
	}
	if blank && look.Skipped != "" {
		all = append(all, dossier.VerdictBlank)
	}
	order := dossier.VerdictCodes()
	slices.SortFunc(all, func(a, b dossier.VerdictCode) int { return cmp.Compare(slices.Index(order, a), slices.Index(order, b)) })
	return slices.Compact(all)
}

// ReceiptWritten records that the folder was told of a deposit up to a change.
func (c *Catalog) ReceiptWritten(ctx context.Context, depositID string, change int) error {
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `UPDATE deposits SET receipt_told = ? WHERE id = ? AND receipt_told < ?`, change, depositID, change)
		return err
	})
	if err != nil {
		return fmt.Errorf("record the receipt of %s: %w", depositID, err)
	}
	return nil
}
