package catalog

import (
	"context"
	"fmt"
)

// reservedVersions lists what is reserved for a revision.
func reservedVersions(ctx context.Context, t conn, revision string) ([]Version, error) {
	type key struct {
		code   string
		number int
	}
	keys, err := collect(ctx, t, func(r row) (key, error) {
		var k key
		return k, r.Scan(&k.code, &k.number)
	}, `SELECT code, number FROM versions WHERE revision_id = ? AND state = 'reserved' ORDER BY ordinal`, revision)
	if err != nil {
		return nil, err
	}
	versions := make([]Version, 0, len(keys))
	for _, k := range keys {
		v, err := readVersion(ctx, t, k.code, k.number)
		if err != nil {
			return nil, err
		}
		versions = append(versions, v)
	}
	return versions, nil
}

// readVersion reads what a version is made of.
func readVersion(ctx context.Context, t conn, code string, number int) (Version, error) {
	v := Version{Number: number}
	var err error
	if v.Dossier, err = readDossier(ctx, t, code, ""); err != nil {
		return v, err
	}
	var at int64
	var said string
	err = t.queryRow(ctx, `SELECT r.id, r.at, r.decision FROM versions v JOIN revisions r ON r.id = v.revision_id WHERE v.code = ? AND v.number = ?`,
		code, number).Scan(&v.Revision, &at, &said)
	if err != nil {
		return v, noRow(err)
	}
	if v.Replaced, err = replacedOf(said, code); err != nil {
		return v, err
	}
	v.At = asTime(at)
	if v.Plan, err = planOf(ctx, t, code, number); err != nil {
		return v, err
	}
	return v, readPlan(ctx, t, &v)
}

// planOf reads the plan of a version. One that was made before there were plans has a document for each deposit of its batch.
func planOf(ctx context.Context, t conn, code string, number int) (Plan, error) {
	var text, batchID string
	err := t.queryRow(ctx, `SELECT v.plan, r.batch_id FROM versions v JOIN revisions r ON r.id = v.revision_id WHERE v.code = ? AND v.number = ?`,
		code, number).Scan(&text, &batchID)
	if err != nil {
		return Plan{}, fmt.Errorf("read version %d of %s: %w", number, code, noRow(err))
	}
	plan, err := fromJSON[Plan](text)
	if err != nil {
		return Plan{}, fmt.Errorf("read version %d of %s: %w", number, code, err)
	}
	if plan != nil {
		return *plan, nil
	}
	type page struct{ id, deposit string }
	pages, err := collect(ctx, t, func(r row) (page, error) {
		var p page
		return p, r.Scan(&p.id, &p.deposit)
	}, `SELECT p.id, p.deposit_id FROM pages p JOIN deposits d ON d.id = p.deposit_id WHERE d.batch_id = ? AND d.state <> 'rejected'
		AND p.state = 'done' ORDER BY d.received_at, d.id, p.number`, batchID)
	if err != nil {
		return Plan{}, err
	}
	plan, last := new(Plan), ""
	for _, p := range pages {
		if p.deposit != last {
			plan.Documents, last = append(plan.Documents, PlanDocument{}), p.deposit
		}
		d := &plan.Documents[len(plan.Documents)-1]
		d.Pages = append(d.Pages, p.id)
	}
	return *plan, nil
}

// readPlan reads the pages and deposits of v's plan.
func readPlan(ctx context.Context, t conn, v *Version) error {
	index := map[string]int{} // of deposits
	for _, id := range v.Plan.deposits() {
		d, err := deposit(ctx, t, id)
		if err != nil {
			return err
		}
		index[id] = len(v.Deposits)
		v.Deposits = append(v.Deposits, d)
	}
	all := v.Plan.All()
	v.Pages = make(map[string]VersionPage, len(all))
	for in, args := range inLists(all) {
		_, err := collect(ctx, t, func(r row) (string, error) {
			var id, deposit string
			var p VersionPage
			var personal int
			err := r.Scan(&id, &p.ArtifactID, &p.Number, &deposit, &personal)
			p.Deposit, p.Personal = index[deposit], personal != 0
			v.Pages[id] = p
			return id, err
		}, `SELECT id, artifact_id, number, deposit_id, personal FROM pages WHERE id `+in, args...)
		if err != nil {
			return err
		}
	}
	if len(v.Pages) != len(all) {
		return fmt.Errorf("%d of the %d pages of %s version %d are there", len(v.Pages), len(all), v.Dossier.Code, v.Number)
	}
	return nil
}
