package catalog

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func saved(t *testing.T, c *Catalog, owner string) []string {
	t.Helper()
	list, err := c.SavedSearches(t.Context(), owner)
	must(t, err)
	var names []string
	for _, s := range list {
		names = append(names, s.Name+": "+s.Query)
	}
	return names
}

func TestASavedSearchIsItsUsersOwn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, name := range []string{"lan", "mai"} {
			must(t, c.AddUser(t.Context(), User{Name: name, Role: dossier.RoleArchivist}, by("admin")))
		}
		must(t, c.SaveSearch(t.Context(), "lan", "ly hôn", "q=ly+hon"))
		must(t, c.SaveSearch(t.Context(), "lan", "đất", "q=dat"))
		must(t, c.SaveSearch(t.Context(), "lan", "đất", "q=dat&order=newest"))
		must(t, c.SaveSearch(t.Context(), "mai", "ly hôn", "q=other"))
		if got, want := saved(t, c, "lan"), []string{"ly hôn: q=ly+hon", "đất: q=dat&order=newest"}; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		list, err := c.SavedSearches(t.Context(), "mai")
		must(t, err)
		must(t, c.DropSearch(t.Context(), "lan", list[0].ID))
		if got := saved(t, c, "mai"); len(got) != 1 {
			t.Errorf("another dropped it: %q", got)
		}
		must(t, c.DropSearch(t.Context(), "mai", list[0].ID))
		if got := saved(t, c, "mai"); len(got) != 0 {
			t.Errorf("%q", got)
		}
	})
}

func TestAUserKeepsAHundredSearchesAtMost(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.AddUser(t.Context(), User{Name: "lan", Role: dossier.RoleArchivist}, by("admin")))
		for n := range mostSaved {
			must(t, c.SaveSearch(t.Context(), "lan", fmt.Sprint(n), "q=x"))
		}
		if err := c.SaveSearch(t.Context(), "lan", "one more", "q=x"); !errors.Is(err, ErrTooManySaved) {
			t.Errorf("%v", err)
		}
		must(t, c.SaveSearch(t.Context(), "lan", "7", "q=changed"))
		if err := c.SaveSearch(t.Context(), "nobody", "x", "q=x"); !errors.Is(err, ErrNotFound) {
			t.Errorf("%v", err)
		}
	})
}
