package pipeline

import (
	"context"

	"github.com/dossierd/dossierd/dossier"
)

// describe finds out what the documents of a version are and what they say.
func (p *Pipeline) describe(_ context.Context, r *record) error {
	first := 1
	for _, d := range r.version.Plan.Documents {
		last := first + len(d.Pages) - 1
		r.metadata.Documents = append(r.metadata.Documents, dossier.Document{FirstPage: first, LastPage: last})
		first = last + 1
	}
	return nil
}
