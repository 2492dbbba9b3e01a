package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
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

// Reserve allots versions for the dossiers that a batch becomes, in order. It returns those of an earlier call for the same
// batch, if there was one, and ErrBusy while another version of one of the dossiers is being made.
func (c *Catalog) Reserve(ctx context.Context, batchID string, parts []Part) ([]Version, error) {
	var reserved []Version
	err := c.db.write(ctx, func(t tx) error {
		b, err := lockedBatch(ctx, t, batchID)
		if err != nil {
			return err
		}
		if b.state != "open" {
			return fmt.Errorf("batch is %s", b.state)
		}
		if reserved, err = reservedVersions(ctx, t, batchID); err != nil || len(reserved) > 0 {
			return err
		}
		a := &Assembly{BatchID: batchID}
		if err := readBatch(ctx, t, a); err != nil {
			return err
		}
		if err := keepPlaces(ctx, t, a); err != nil {
			return err
		}
		if err := c.reserveParts(ctx, t, a, parts); err != nil {
			return err
		}
		reserved, err = reservedVersions(ctx, t, batchID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reserve versions for batch %s: %w", batchID, err)
	}
	return reserved, nil
}

func (c *Catalog) reserveParts(ctx context.Context, t tx, a *Assembly, parts []Part) error {
	if len(parts) == 0 {
		return errors.New("nothing to be made of it")
	}
	parts, err := placed(ctx, t, a.Batch.BatchFacts, parts)
	if err != nil {
		return err
	}
	var known []string
	for _, p := range parts {
		if p.Code != "" {
			known = append(known, p.Code)
		}
	}
	if err := lockDossiers(ctx, t, known); err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO revisions (id, batch_id, state, at) VALUES (?, ?, 'reserved', ?)`, a.BatchID, a.BatchID, asMicros(a.CreatedAt))
	if err != nil {
		return err
	}
	codes := map[string][]string{} // of deposits
	var replaced []Replaced
	for i, p := range parts {
		code, gone, err := c.reservePart(ctx, t, a, p, i)
		if err != nil {
			return err
		}
		replaced = append(replaced, gone...)
		for _, id := range p.deposits() {
			codes[id] = append(codes[id], code)
		}
	}
	if err := decideReplaced(ctx, t, a, replaced); err != nil {
		return err
	}
	for id, of := range codes {
		list, err := listJSON(of)
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE deposits SET dossiers = ? WHERE id = ?`, list, id); err != nil {
			return err
		}
	}
	return nil
}

// reservePart reserves the version of one dossier, which may be there already: then its pages come first. One that the batch may not
// join is left alone: the part is a dossier of its own, for a person to look at. It returns the code and the pages that give way.
func (c *Catalog) reservePart(ctx context.Context, t tx, a *Assembly, p Part, ordinal int) (string, []Replaced, error) {
	code := p.Code
	var err error
	if code == "" {
		if code, err = c.allotCode(ctx, t, a.Station, a.CreatedAt); err != nil {
			return "", nil, err
		}
	}
	d, err := lockedDossier(ctx, t, code)
	if err == nil && !a.Batch.MayJoin(d.Department, d.Station) {
		p.Code, p.Plan.Warnings = "", append(slices.Clone(p.Plan.Warnings), dossier.WarnCodeTaken)
		return c.reservePart(ctx, t, a, p, ordinal)
	}
	if errors.Is(err, ErrNotFound) {
		first := a.Documents[0].Deposit
		d = Dossier{Code: code, Station: a.Station, Department: first.Department, ReceivedAt: a.CreatedAt, Channel: first.Channel}
		d.Year = a.CreatedAt.In(c.location.Load()).Year()
		err = insertDossier(ctx, t, d)
	}
	if err != nil {
		return "", nil, err
	}
	var before Plan
	if d.Version > 0 && d.State != DossierWithdrawn && d.State != DossierErased {
		if before, err = planOf(ctx, t, code, d.Version); err != nil {
			return "", nil, err
		}
	}
	plan, err := p.onto(before)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", code, err)
	}
	_, err = reserve(ctx, t, a.BatchID, ordinal, code, plan)
	return code, plan.replacedSince(code, before), err
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
