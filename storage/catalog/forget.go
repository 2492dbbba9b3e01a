package catalog

import (
	"context"
	"maps"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// UploadErased stands for the hash of a request whose deposit was erased: fields could be found from it by trying.
const UploadErased = "erased"

// forget takes out of the rows what an erasure leaves nothing of, and whatever tells of a person.
func forget(ctx context.Context, t tx, code, reason string, x *extent) error {
	if err := forgetPages(ctx, t, x); err != nil {
		return err
	}
	if err := forgetDeposits(ctx, t, x); err != nil {
		return err
	}
	if err := forgetReasons(ctx, t, code); err != nil {
		return err
	}
	return forgetDossier(ctx, t, code, reason)
}

// forgetPages marks pages as erased: no other deposit is given their reading from now on.
func forgetPages(ctx context.Context, t tx, x *extent) error {
	for in, args := range inLists(x.pages) {
		if _, err := t.exec(ctx, `UPDATE pages SET state = 'erased' WHERE id `+in, args...); err != nil {
			return err
		}
		if _, err := t.exec(ctx, `DELETE FROM looks WHERE page_id `+in, args...); err != nil {
			return err
		}
	}
	return nil
}

// forgetDeposits takes from deposits what tells of a person, where nothing else of them is left, and from what they came with.
func forgetDeposits(ctx context.Context, t tx, x *extent) error {
	erased := map[string]bool{}
	for _, id := range x.pages {
		erased[depositOfPage(id)] = true
	}
	batches := map[string]bool{}
	for _, d := range x.deposits {
		if !x.gone(d) {
			if erased[d.ID] {
				if _, err := t.exec(ctx, `UPDATE deposits SET erased = 1 WHERE id = ?`, d.ID); err != nil {
					return err
				}
			}
			continue
		}
		// Its station is told nothing more: the name would be missing.
		_, err := t.exec(ctx, `UPDATE deposits SET erased = 2, name = '', signature = '', notice = 2, receipt_told = receipt,
			upload = CASE upload WHEN '' THEN '' ELSE ? END WHERE id = ? OR (sha256 = ? AND duplicate_of = ?)`, UploadErased, d.ID, d.SHA256, d.ID)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE delivery_attempts SET answer = '' WHERE delivery_id IN (SELECT v.id FROM deliveries v
			JOIN deposits d ON d.id = v.subject WHERE d.id = ? OR (d.sha256 = ? AND d.duplicate_of = ?))`, d.ID, d.SHA256, d.ID)
		if err != nil {
			return err
		}
		if err := forgetLeft(ctx, t, d.ID); err != nil {
			return err
		}
		var batch string
		if err := t.queryRow(ctx, `SELECT batch_id FROM deposits WHERE id = ?`, d.ID).Scan(&batch); err != nil {
			return err
		}
		batches[batch] = true
	}
	for _, id := range slices.Sorted(maps.Keys(batches)) {
		if err := forgetBatch(ctx, t, id); err != nil {
			return err
		}
	}
	return nil
}

// forgetLeft takes what tells of a person from batches that a deposit or a duplicate of it opened, and in which nothing is: a
// duplicate joins none, and what is tried again leaves the one it was refused from.
func forgetLeft(ctx context.Context, t tx, depositID string) error {
	_, err := t.exec(ctx, `UPDATE batches SET facts = '', group_key = '' WHERE closed = 1
		AND (id = ? OR id LIKE ? OR id IN (SELECT id FROM deposits WHERE duplicate_of = ?))
		AND NOT EXISTS (SELECT 1 FROM deposits d WHERE d.batch_id = batches.id)`, depositID, depositID+".%", depositID)
	return err
}

// forgetBatch takes from a batch what tells of a person, unless a dossier that is left came of it. What its tickets called it
// stays for files of it that were refused: they may still be tried again.
func forgetBatch(ctx context.Context, t tx, id string) error {
	var left, refused int
	err := t.queryRow(ctx, `SELECT coalesce(sum(CASE state WHEN 'rejected' THEN 0 ELSE 1 END), 0), count(*)
		FROM deposits WHERE batch_id = ? AND erased < 2`, id).Scan(&left, &refused)
	if err != nil || left > 0 {
		return err
	}
	var text string
	if err := t.queryRow(ctx, `SELECT facts FROM batches WHERE id = ?`, id).Scan(&text); err != nil {
		return noRow(err)
	}
	facts, err := fromJSON[dossier.BatchFacts](text)
	if err != nil {
		return err
	}
	text = ""
	if facts != nil && refused > 0 {
		facts.Fields = nil
		if text, err = asJSON(facts); err != nil {
			return err
		}
	}
	_, err = t.exec(ctx, `UPDATE batches SET facts = ?, group_key = '' WHERE id = ? AND closed = 1`, text, id)
	return err
}

// forgetReasons takes out of the decisions about a dossier what people wrote freely. Who decided what, and when, stays.
func forgetReasons(ctx context.Context, t tx, code string) error {
	type taken struct{ id, said string }
	all, err := collect(ctx, t, func(r row) (taken, error) {
		var d taken
		return d, r.Scan(&d.id, &d.said)
	}, `SELECT id, decision FROM revisions WHERE code = ? AND decision <> ''`, code)
	if err != nil {
		return err
	}
	for _, one := range all {
		d, err := fromJSON[Decision](one.said)
		if err != nil {
			return err
		}
		if d.Reason == "" && d.Value == "" || d.Do == DoErase { // tombstones keep theirs
			continue
		}
		d.Reason, d.Value = "", ""
		text, err := asJSON(d)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE revisions SET decision = ? WHERE id = ?`, text, one.id); err != nil {
			return err
		}
	}
	return nil
}

func forgetDossier(ctx context.Context, t tx, code, reason string) error {
	for _, statement := range []string{
		`UPDATE versions SET plan = '', notes = '', papers = '', state = CASE state WHEN 'published' THEN 'erased' ELSE state END WHERE code = ?`,
		`DELETE FROM identity_hashes WHERE code = ?`,
		`DELETE FROM dossier_deposits WHERE code = ?`,
		// What subscribers answered may repeat what they were told.
		`UPDATE delivery_attempts SET answer = '' WHERE delivery_id IN (SELECT id FROM deliveries WHERE subject = ?)`,
	} {
		if _, err := t.exec(ctx, statement, code); err != nil {
			return err
		}
	}
	_, err := t.exec(ctx, `UPDATE dossiers SET state = 'erased', place = '', reason = ? WHERE code = ?`, reason, code)
	return err
}
