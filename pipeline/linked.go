package pipeline

import (
	"context"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/storage/catalog"
)

// quoted is the code that is printed on a page as that of its dossier, "" unless it is the code of exactly one that there is.
func (p *Pipeline) quoted(ctx context.Context, page *dossier.Page) (string, error) {
	codes := extract.DossierCodes(page, func(word string) (string, bool) {
		code, ok := payload.ParseCode(word)
		return string(code), ok && code.Station() != "" && p.knows(code.Station())
	})
	if len(codes) == 0 {
		return "", nil
	}
	known, err := p.catalog.InUse(ctx, codes)
	if err != nil || len(known) != 1 {
		return "", err
	}
	return known[0], nil
}

// depositOf is the deposit that a page of the version came in.
func (r *record) depositOf(pageID string) dossier.Deposit {
	return r.version.Deposits[r.version.Pages[pageID].Deposit]
}

// unlinked reports whether the version has a result or receipt and not one paper that it could belong to: its dossier was not
// found, and it is one of its own until a person joins the two.
func (r *record) unlinked() bool {
	return !slices.ContainsFunc(r.metadata.Documents, func(d dossier.Document) bool { return d.Role == "" })
}

func unlinkedAs(role dossier.Role) string {
	if role == dossier.RoleReceipt {
		return dossier.WarnReceiptUnlinked
	}
	return dossier.WarnResultUnlinked
}

// reached is the state that the papers of the version tell, and the station that scanned the one that tells it; "" for none.
func (r *record) reached() (state catalog.DossierState, by string) {
	if r.unlinked() {
		return "", ""
	}
	for i, d := range r.metadata.Documents {
		station := r.depositOf(r.version.Plan.Documents[i].Pages[0]).Station
		switch d.Role {
		case dossier.RoleReceipt:
			return catalog.DossierReturned, station
		case dossier.RoleResult:
			if state == "" {
				state, by = catalog.DossierResult, station
			}
		}
	}
	return state, by
}
