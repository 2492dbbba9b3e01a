package pipeline

import (
	"context"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// separate says which dossiers a batch becomes. A deposit of which no page has an image is rejected, and no part of them;
// where nothing is left, there are none.
func (p *Pipeline) separate(ctx context.Context, a *catalog.Assembly) ([]catalog.Part, error) {
	var plan catalog.Plan
	readable := make([]bool, len(a.Documents))
	reasons := make([]*dossier.Reason, len(a.Documents))
	ofDeposit := make([]int, len(a.Documents))
	for i, page := range a.InOrder() {
		read, err := loadPage(ctx, p.store, page.ArtifactID)
		if err != nil {
			return nil, err
		}
		if read.Image.Format != "" {
			readable[i] = true
		} else if reasons[i] == nil {
			reasons[i] = read.Reason
		}
		if ofDeposit[i] == 0 {
			plan.Documents = append(plan.Documents, catalog.PlanDocument{})
			ofDeposit[i] = len(plan.Documents)
		}
		d := &plan.Documents[ofDeposit[i]-1]
		d.Pages = append(d.Pages, page.ID)
	}
	for i, doc := range a.Documents {
		if readable[i] {
			continue
		}
		reason := reasons[i]
		if reason == nil {
			reason = noImage()
		}
		if err := p.reject(ctx, doc.Deposit, reason); err != nil {
			return nil, fmt.Errorf("reject %s: %w", doc.Deposit.ID, err)
		}
	}
	return []catalog.Part{{Plan: plan}}, nil
}
