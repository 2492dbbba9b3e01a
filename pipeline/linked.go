package pipeline

import (
	"context"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage/catalog"
)

// lookPrinted takes the code that is printed on a page for its dossier's, where the papers say themselves to which dossier they
// belong. Behind a slip only a code that a dossier has counts against the slip's.
func (p *Pipeline) lookPrinted(ctx context.Context, s *stack, m *meaning, page *dossier.Page) error {
	if m.marker == separate.MarkerSlip || m.marker == separate.MarkerSeparator {
		s.slipped = m.marker == separate.MarkerSlip && m.code != ""
	}
	if !s.namesDossiers() || m.code != "" || m.marker != separate.MarkerNone || m.rescan.Valid() || m.disagree {
		return nil
	}
	code, found, err := p.quoted(ctx, page)
	if err != nil || code == "" || s.slipped && !found {
		return err
	}
	m.code, m.printed, s.found[code] = code, true, found
	return nil
}

// quoted is the code that is printed on a page as that of its dossier, and whether a dossier has it; "" where the page names
// several dossiers or none.
func (p *Pipeline) quoted(ctx context.Context, page *dossier.Page) (code string, found bool, err error) {
	codes := extract.DossierCodes(page, func(word string) (string, bool) {
		code, ok := payload.ParseCode(word)
		return string(code), ok && code.Station() != "" && p.knows(code.Station())
	})
	known, err := p.catalog.InUse(ctx, codes)
	switch {
	case err != nil:
		return "", false, err
	case len(known) == 1:
		return known[0], true, nil
	case len(codes) == 1:
		return codes[0], false, nil
	}
	return "", false, nil
}

// isMisprint reports whether a code stands in print alone and no dossier has it: the page belongs to none of the others, but as
// it may have been misread, it gives no dossier its code.
func (s *stack) isMisprint(code string) bool {
	found, printed := s.found[code]
	return printed && !found && !slices.ContainsFunc(s.meaning, func(m meaning) bool { return m.code == code && !m.printed })
}

// depositOf is the deposit that a page of the version came in.
func (r *record) depositOf(pageID string) dossier.Deposit {
	return r.version.Deposits[r.version.Pages[pageID].Deposit]
}

// brought are the papers that the citizen brought.
func (r *record) brought() []dossier.Document {
	var papers []dossier.Document
	for i, d := range r.metadata.Documents {
		if d.Role == "" && !r.sheets[i] {
			papers = append(papers, d)
		}
	}
	return papers
}

// later is the document of a role that comes first, -1 for none.
func (r *record) later(role dossier.Role) int {
	return slices.IndexFunc(r.metadata.Documents, func(d dossier.Document) bool { return d.Role == role })
}

// unlinked reports whether the version has a result or receipt and not one paper that it could belong to: its dossier was not
// found, and it is one of its own until a person joins the two.
func (r *record) unlinked() bool { return r.unlinkedAs() != "" }

func (r *record) unlinkedAs() (warning string) {
	switch {
	case len(r.brought()) > 0:
	case r.later(dossier.RoleResult) >= 0:
		return dossier.WarnResultUnlinked
	case r.later(dossier.RoleReceipt) >= 0:
		return dossier.WarnReceiptUnlinked
	}
	return ""
}

// reached is the state that the papers of the version tell, and the station that scanned the one that tells it; "" for none.
func (r *record) reached() (state catalog.DossierState, by string) {
	if len(r.brought()) == 0 {
		return "", ""
	}
	for _, told := range []struct {
		role  dossier.Role
		state catalog.DossierState
	}{{dossier.RoleReceipt, catalog.DossierReturned}, {dossier.RoleResult, catalog.DossierResult}} {
		if i := r.later(told.role); i >= 0 {
			return told.state, r.depositOf(r.version.Plan.Documents[i].Pages[0]).Station
		}
	}
	return "", ""
}
