package catalog

import (
	"context"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Correction is what a person says that a field of a paper is. It holds wherever the page lies that it stands on, and rests while
// that is left out.
type Correction struct {
	Page  string        `json:"page"`  // its id
	Field dossier.Field `json:"field"` // in clear; its Page is that of no version
}

// Corrector says what a decision to correct a field of a version comes to: the pipeline's business, for it knows fields and their
// types. Raw of the field is what the decision says; By and At of Corrected are the catalogue's. It returns a *Misfit where the
// decision does not fit.
type Corrector func(ctx context.Context, d Dossier, version int, said Decision) (Correction, error)

// SetCorrector says who judges corrections. Until then none fits.
func (c *Catalog) SetCorrector(judge Corrector) { c.corrector.Store(&judge) }

// correction has a decision to correct a field judged, outside of any transaction. In the decision, which is kept in the record, the
// value is as anybody may see it.
func (c *Catalog) correction(ctx context.Context, code string, number int, d *Decision, who string) error {
	judge := c.corrector.Load()
	if judge == nil {
		return misfit("Nobody is here who judges corrections.")
	}
	of, err := readDossier(ctx, c.db, code, "")
	if err == nil {
		err = ended(ctx, c.db, of)
	}
	switch {
	case err != nil:
		return err
	case of.Version != number || number == 0:
		return ErrStale
	}
	made, err := (*judge)(ctx, of, number, *d)
	if err != nil {
		return err
	}
	made.Field.Corrected.By, made.Field.Corrected.At = who, time.Now().UTC().Truncate(time.Millisecond)
	d.made, d.Value = &made, made.Field.Shown().Value
	return nil
}

// corrected is the plan with a correction, in place of an earlier one of the same field on the same page.
func (p *Plan) corrected(c Correction) Plan {
	next := p.clone()
	next.Corrections = slices.DeleteFunc(next.Corrections, func(old Correction) bool {
		return old.Page == c.Page && old.Field.Name == c.Field.Name
	})
	next.Corrections = append(next.Corrections, c)
	return next
}

// keepCorrections gives each plan of an outcome the corrections of the pages that it has, of all that there are.
func (o *outcome) keepCorrections(all []Correction) {
	for code, plan := range o.plans {
		pages := plan.All()
		plan.Corrections = nil
		for _, c := range all {
			if slices.Contains(pages, c.Page) {
				plan.Corrections = append(plan.Corrections, c)
			}
		}
		o.plans[code] = plan
	}
}
