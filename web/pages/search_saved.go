package pages

import (
	"errors"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// longestName is how many characters the name of a saved search may have.
const longestName = 80

// savedOf lists what the visitor keeps; a token keeps nothing.
func (s *site) savedOf(v *visit) ([]catalog.SavedSearch, error) {
	if v.Who.Kind != dossier.KindUser {
		return nil, nil
	}
	return s.catalog.SavedSearches(v.r.Context(), v.Who.Name)
}

// saveSearch keeps a search under a name, or under what it asks for where none is given.
func (s *site) saveSearch(v *visit) error {
	if err := v.r.ParseForm(); err != nil || v.Who.Kind != dossier.KindUser {
		return errForbidden
	}
	a, err := askedOf(v.r.PostForm)
	if err != nil || a.query.Root == nil {
		v.goTo(a.at("/search")) // it says what is wrong
		return nil
	}
	name := strings.Join(strings.Fields(v.r.PostFormValue("name")), " ")
	if name == "" {
		name = a.Text
	}
	masked := a
	masked.Text = dossier.MaskText(a.Text)
	err = s.catalog.SaveSearch(v.r.Context(), v.Who.Name, atMost(dossier.MaskText(name), longestName), masked.values().Encode())
	if errors.Is(err, catalog.ErrTooManySaved) {
		v.goTo(a.at("/search", "full", "1"))
		return nil
	}
	if err != nil {
		return err
	}
	v.goTo(a.at("/search", "kept", "1"))
	return nil
}

func (s *site) dropSearch(v *visit) error {
	if err := s.catalog.DropSearch(v.r.Context(), v.Who.Name, v.r.PathValue("id")); err != nil {
		return err
	}
	v.goTo("/search")
	return nil
}
