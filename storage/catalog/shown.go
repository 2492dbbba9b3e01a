package catalog

import (
	"context"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// ShownPage is a page that can be looked at.
type ShownPage struct {
	ArtifactID string // its artifacts lie under pages/<artifact id>/
	// Personal pages are for those only who may read what is personal: identity papers, and what nobody knows yet because it is not
	// published.
	Personal bool
}

// ShownPages tells of those pages that are read, not erased, and in a scope: because their deposit is, or a dossier that has pages of
// that deposit. Others are left out, as if there were none.
func (c *Catalog) ShownPages(ctx context.Context, scope dossier.Scope, ids []string) (map[string]ShownPage, error) {
	type found struct {
		id, deposit, department, station string
		ShownPage
	}
	shown := map[string]ShownPage{}
	known := map[string]bool{} // deposits, by whether the scope has them
	for in, args := range inLists(ids) {
		pages, err := collect(ctx, c.db, func(r row) (found, error) {
			var f found
			var personal int
			var state dossier.State
			err := r.Scan(&f.id, &f.ArtifactID, &personal, &f.deposit, &f.department, &f.station, &state)
			f.Personal = personal == 1 || state != dossier.StatePublished
			return f, err
		}, `SELECT p.id, p.artifact_id, p.personal, d.id, d.department, d.station, d.state FROM pages p JOIN deposits d ON d.id = p.deposit_id
			WHERE p.state = 'done' AND p.id `+in, args...)
		if err != nil {
			return nil, fmt.Errorf("look for pages: %w", err)
		}
		for _, f := range pages {
			sees, asked := known[f.deposit]
			if !asked {
				sees = scope.Sees(f.department, f.station)
				if !sees {
					if sees, err = c.seesDossierOf(ctx, scope, f.deposit); err != nil {
						return nil, fmt.Errorf("look for pages: %w", err)
					}
				}
				known[f.deposit] = sees
			}
			if sees {
				shown[f.id] = f.ShownPage
			}
		}
	}
	return shown, nil
}

// seesDossierOf reports whether a dossier that has pages of a deposit is in a scope.
func (c *Catalog) seesDossierOf(ctx context.Context, scope dossier.Scope, deposit string) (bool, error) {
	type owner struct{ department, station string }
	owners, err := collect(ctx, c.db, func(r row) (owner, error) {
		var o owner
		return o, r.Scan(&o.department, &o.station)
	}, `SELECT s.department, s.station FROM dossiers s JOIN dossier_deposits b ON b.code = s.code WHERE b.deposit_id = ?`, deposit)
	for _, o := range owners {
		if scope.Sees(o.department, o.station) {
			return true, nil
		}
	}
	return false, err
}
