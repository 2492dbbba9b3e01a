package catalog

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Assembly returns what is made of a batch whose pages are all done: its deposits and pages, and the versions that are
// reserved for it, none before Reserve was called. It is nil for a batch that was published or rejected. Rejected deposits
// of the batch are not part of it.
func (c *Catalog) Assembly(ctx context.Context, batchID string) (*Assembly, error) {
	var a *Assembly
	err := c.db.write(ctx, func(t tx) error {
		a = nil
		b, err := lockedBatch(ctx, t, batchID)
		if err != nil || b.state != "open" {
			return err
		}
		if b.openPages > 0 || b.closed == 0 {
			return fmt.Errorf("batch has %d open pages", b.openPages)
		}
		a = &Assembly{BatchID: batchID}
		if err := readBatch(ctx, t, a); err != nil {
			return err
		}
		a.Reserved, err = reservedVersions(ctx, t, batchID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the assembly of batch %s: %w", batchID, err)
	}
	return a, nil
}

// Publish makes the reserved versions of a revision those of their dossiers: versions, deposits, events, deliveries and
// notices in one transaction. A revision that is published already is left as it is.
func (c *Catalog) Publish(ctx context.Context, p Published) error {
	err := c.db.write(ctx, func(t tx) error {
		var batchID string
		err := t.queryRow(ctx, `SELECT batch_id FROM revisions WHERE id = ?`, p.Revision).Scan(&batchID)
		if err != nil {
			return noRow(err)
		}
		if batchID != "" {
			if _, err := lockedBatch(ctx, t, batchID); err != nil {
				return err
			}
		}
		var state string
		err = t.queryRow(ctx, `SELECT state FROM revisions WHERE id = ? FOR UPDATE`, p.Revision).Scan(&state)
		if err != nil || state == "published" {
			return err
		}
		return c.publish(ctx, t, p, batchID)
	})
	if err != nil {
		return fmt.Errorf("publish revision %s: %w", p.Revision, err)
	}
	c.wake()
	for _, v := range p.Versions {
		c.mergeIndex(ctx, v.Search)
	}
	return nil
}

func (c *Catalog) publish(ctx context.Context, t tx, p Published, batchID string) error {
	var reserved int
	err := t.queryRow(ctx, `SELECT count(*) FROM versions WHERE revision_id = ? AND state = 'reserved'`, p.Revision).Scan(&reserved)
	if err != nil {
		return err
	}
	if reserved != len(p.Versions) {
		return fmt.Errorf("%d versions are reserved, not %d", reserved, len(p.Versions))
	}
	codes := make([]string, 0, len(p.Versions))
	for _, v := range p.Versions {
		codes = append(codes, v.Code)
	}
	if err := lockDossiers(ctx, t, codes); err != nil {
		return err
	}
	if err := touchDossiers(ctx, t, codes); err != nil {
		return err
	}
	now := time.Now()
	for _, v := range p.Versions {
		if err := publishVersion(ctx, t, p.Revision, v, now); err != nil {
			return fmt.Errorf("%s version %d: %w", v.Code, v.Number, err)
		}
	}
	if _, err := t.exec(ctx, `UPDATE revisions SET state = 'published' WHERE id = ?`, p.Revision); err != nil {
		return err
	}
	if batchID != "" {
		if _, err := t.exec(ctx, `UPDATE batches SET state = 'published' WHERE id = ?`, batchID); err != nil {
			return err
		}
		_, err := t.exec(ctx, `UPDATE deposits SET state = 'published', `+noticeDue+` WHERE batch_id = ? AND state = 'assembling'`, batchID)
		if err != nil {
			return err
		}
	}
	if batchID != "" {
		if err := touchBatch(ctx, t, batchID); err != nil {
			return err
		}
	}
	told, err := tellGaps(ctx, t, p.Versions)
	if err == nil && batchID != "" {
		err = tellLateLooks(ctx, t, batchID, told)
	}
	if err != nil {
		return err
	}
	if err := c.publishEvents(ctx, t, p); err != nil {
		return err
	}
	if err := c.adviseRescans(ctx, t, told); err != nil {
		return err
	}
	if err := c.withdraw(ctx, t, p.Revision, now); err != nil {
		return err
	}
	return c.index(ctx, t, p)
}

func (c *Catalog) publishEvents(ctx context.Context, t tx, p Published) error {
	for _, v := range p.Versions {
		for _, e := range v.Events {
			if err := c.commitEvent(ctx, t, v.Code, e); err != nil {
				return err
			}
		}
		if err := c.reach(ctx, t, p.Revision, v); err != nil {
			return fmt.Errorf("%s to state %s: %w", v.Code, v.Reached, err)
		}
	}
	return nil
}

func publishVersion(ctx context.Context, t tx, revision string, v PublishedVersion, now time.Time) error {
	warnings, err := listJSON(v.Warnings)
	if err != nil {
		return err
	}
	notes, err := listJSON(v.Notes)
	if err != nil {
		return err
	}
	kinds, err := listJSON(v.Kinds)
	if err != nil {
		return err
	}
	papers, err := asJSON(&v.Papers)
	if err != nil {
		return err
	}
	changed, err := t.exec(ctx, `UPDATE versions SET state = 'published', pages = ?, personal = ?, warnings = ?, notes = ?, kinds = ?,
		papers = ?, published_at = ?
		WHERE code = ? AND number = ? AND revision_id = ? AND state = 'reserved'`,
		v.Pages, asInt(len(v.Personal) > 0), warnings, notes, kinds, papers, asMicros(now), v.Code, v.Number, revision)
	if err == nil && changed == 0 {
		err = errors.New("it is not reserved")
	}
	if err != nil {
		return err
	}
	for _, id := range v.Personal {
		if err := hidePage(ctx, t, id); err != nil {
			return err
		}
	}
	if err := addIdentities(ctx, t, v); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE dossiers SET version = ?, procedure = ?, complete = ?, reason = '',
		place = CASE WHEN ? = '' THEN place ELSE ? END,
		state = CASE WHEN version = 0 OR state IN ('withdrawn', 'erased') THEN 'digitised' ELSE state END WHERE code = ?`,
		v.Number, v.Procedure, v.Complete, v.Place, v.Place, v.Code)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO dossier_states (code, state, at, who) SELECT code, 'digitised', ?, station FROM dossiers
		WHERE code = ? AND state = 'digitised' AND NOT EXISTS (SELECT 1 FROM dossier_states s WHERE s.code = dossiers.code AND s.state = 'digitised')`,
		asMicros(now), v.Code)
	return err
}
