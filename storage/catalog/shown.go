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

// ShownPages tells of those pages that are read and not erased, by id; others are left out, as if there were none. Whether somebody
// sees them is asked of Sees, or of the dossier that they are in.
func (c *Catalog) ShownPages(ctx context.Context, ids []string) (map[string]ShownPage, error) {
	shown := map[string]ShownPage{}
	for in, args := range inLists(ids) {
		_, err := collect(ctx, c.db, func(r row) (string, error) {
			var id string
			var p ShownPage
			var personal int
			var state dossier.State
			err := r.Scan(&id, &p.ArtifactID, &personal, &state)
			p.Personal = personal == 1 || state != dossier.StatePublished
			shown[id] = p
			return id, err
		}, `SELECT p.id, p.artifact_id, p.personal, d.state FROM pages p JOIN deposits d ON d.id = p.deposit_id
			WHERE p.state = 'done' AND p.id `+in, args...)
		if err != nil {
			return nil, fmt.Errorf("look for pages: %w", err)
		}
	}
	return shown, nil
}
