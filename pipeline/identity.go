package pipeline

import (
	"context"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// isIdentity reports whether a page shows an identity paper: the symbol of a card lies on it, on a form too, or it is by itself
// recognised as one, be it the copy that somebody put behind a form. A page on which somebody's number merely stands, printed or
// in the symbol of Circular 01/2023, is none: its image, layout and PDF say what the paper says, to whoever may fetch papers;
// wherever else the number is told, it is masked.
func (p *Pipeline) isIdentity(page *dossier.Page) bool {
	kinds := p.settings.Load().kinds
	kind, _ := kinds.Recognise(page)
	return p.meaningOf(page).card || kind != "" && kinds.Kind(kind).Identity
}

// addIdentities remembers the identity numbers among fields, to be found by. That of a passport is a text; what a ticket tells
// has no type.
func (r *record) addIdentities(key dossier.IdentityKey, fields []dossier.Field) {
	for _, f := range fields {
		if f.Personal && (dossier.IsNumber(f.Type) || f.Name == "number" || f.Rule == ticketRule) {
			r.addNumbers(key, f.Page, f.Value)
		}
	}
}

// addNumbers remembers numbers that stand on a page of the rendition.
func (r *record) addNumbers(key dossier.IdentityKey, page int, numbers ...string) {
	for _, number := range numbers {
		next := catalog.Identity{Hash: key.Hash(number), Page: page}
		if next.Hash != "" && !slices.Contains(r.identities, next) {
			r.identities = append(r.identities, next)
		}
	}
}

// numbersOf are the identity numbers that the symbols of a page tell.
func numbersOf(says payload.Page) []string {
	var numbers []string
	for _, card := range says.Cards {
		numbers = append(numbers, card.Number, card.OldNumber)
	}
	return append(numbers, says.Slip.Person)
}

// hide removes preview and thumbnail of pages.
func (p *Pipeline) hide(ctx context.Context, pageIDs []string) error {
	for _, id := range pageIDs {
		for _, picture := range []string{"preview.jpg", "thumb.jpg"} {
			if err := p.store.Delete(ctx, storage.PageKey(id, picture)); err != nil {
				return err
			}
		}
	}
	return nil
}
