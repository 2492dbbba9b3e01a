package extract_test

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// stackedPapers are the papers that stacks are made of, page by page, as pipeline/separate keeps them.
func stackedPapers(t *testing.T, set string) []struct {
	Template string
	Pages    []*dossier.Page
} {
	t.Helper()
	f, err := os.Open("../separate/testdata/stacks/" + set + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Template string
		Pages    []*dossier.Page
	}
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEverySideOfAnIdentityCardIsKnownAsOneAndNothingElseIs(t *testing.T) {
	known, cards := builtIn(t), 0
	for _, set := range []string{"papers", "late", "last"} {
		for _, p := range stackedPapers(t, set) {
			want := slices.Contains([]string{"can-cuoc", "chung-minh", "the-can-cuoc"}, p.Template)
			for i, page := range p.Pages {
				kind, score := known.Recognise(page)
				if got := kind != "" && known.Kind(kind).Identity; got != want {
					t.Errorf("%s, page %d of %s: %q %.2f", set, i+1, p.Template, kind, score)
				} else if got {
					cards++
				}
			}
		}
	}
	if cards < 14 {
		t.Errorf("only %d sides of cards", cards)
	}
}
