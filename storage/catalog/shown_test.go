package catalog

import (
	"maps"
	"testing"
)

func TestPagesAreShownOnceTheyAreReadAndUntilTheyAreErased(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		shows := func(when string, want map[string]ShownPage) {
			t.Helper()
			got, err := c.ShownPages(t.Context(), []string{"a-1", "b-1", "nobodys-1"})
			if err != nil || !maps.Equal(got, want) {
				t.Errorf("%s: %v, %v; want %v", when, got, err, want)
			}
		}
		takeIn(t, c, given("a", "quay-1"))
		shows("waiting", map[string]ShownPage{})
		read(t, c, "a", 1)
		shows("read", map[string]ShownPage{"a-1": {ArtifactID: "a-1", Personal: true}})
		takeIn(t, c, given("b", "quay-1"))
		v := published(t, c, "b")
		publishPersonal(t, c, "a", "h")
		shows("published", map[string]ShownPage{"a-1": {ArtifactID: "a-1", Personal: true}, "b-1": {ArtifactID: "b-1"}})
		_, err := c.Decide(t.Context(), v.Dossier.Code, 1, Decision{Do: DoErase, Reason: "asked for"}, by("anna"))
		must(t, err)
		shows("erased", map[string]ShownPage{"a-1": {ArtifactID: "a-1", Personal: true}})
	})
}
