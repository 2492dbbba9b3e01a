package catalog

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

func TestPartsAreAskedEachOnceTheNewestFirst(t *testing.T) {
	for n := 1; n <= 40; n++ {
		got := spread(n)
		if got[0] != n-1 {
			t.Errorf("%d parts begin with %d", n, got[0])
		}
		if n > 2 && got[1] > n/2 {
			t.Errorf("of %d parts the second asked is %d", n, got[1])
		}
		if slices.Sort(got); len(slices.Compact(got)) != n || got[n-1] != n-1 || got[0] != 0 {
			t.Errorf("of %d parts %v are asked", n, got)
		}
	}
}

func TestPartsOfAYearHaveAsManyPagesAndAllPagesAreInOne(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var line timeline
		day := 20_000
		for range rapid.IntRange(1, 40).Draw(r, "days") {
			day += rapid.IntRange(1, 100).Draw(r, "later")
			last := rapid.Int64Range(1, 5000).Draw(r, "last")
			d := dayOfPages{firstOfDay(day) + 1, firstOfDay(day) + last, line.total, float64(rapid.Int64Range(1, last).Draw(r, "pages"))}
			line.days, line.total = append(line.days, d), line.total+d.pages
		}
		line.before = firstOfDay(lastDay)
		sum, ofYear := 0.0, map[int][]float64{}
		parts := line.parts()
		for i, p := range parts {
			if i > 0 && p.from != parts[i-1].before {
				r.Fatalf("part %d begins at %d, not at %d", i, p.from, parts[i-1].before)
			}
			n := line.pages(p)
			sum += n
			ofYear[yearOf(p.from)] = append(ofYear[yearOf(p.from)], n)
		}
		if math.Abs(sum-line.total) > .1 || parts[0].from != line.days[0].first {
			r.Fatalf("%.1f pages of %.0f are in the parts", sum, line.total)
		}
		for year, n := range ofYear {
			if slices.Max(n)-slices.Min(n) > 2 {
				r.Fatalf("the parts of %d have %.1f pages", year, n)
			}
		}
	})
}

// TestMorePagesThanAreCountedAreEstimatedOfAllYears has as many pages in each of three years, those of two counted at most.
func TestMorePagesThanAreCountedAreEstimatedOfAllYears(t *testing.T) {
	if testing.Short() {
		t.Skip("indexes 15,000 pages")
	}
	const dossiers, pages = 600, 25
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.db.write(t.Context(), func(in tx) error {
			x := c.newIndexing(in)
			for i := range dossiers {
				at := noon.AddDate(-3+i*3/dossiers, 0, i*3%dossiers/10)
				of := Dossier{Code: fmt.Sprint(i), Station: "quay-1", Department: fmt.Sprintf("so-%d", i%4/3), Year: at.Year(), ReceivedAt: at, Version: 1, State: DossierDigitised}
				d := SearchDocument{Kind: "don", Title: "x"}
				for j := range pages {
					d.Pages = append(d.Pages, SearchPage{ID: fmt.Sprintf("%d-%d", i, j), Text: "trang"})
				}
				if err := insertMade(t.Context(), in, of); err != nil {
					return err
				}
				if err := x.version(t.Context(), of, 1, []SearchDocument{d}); err != nil {
					return err
				}
			}
			return x.settle(t.Context())
		}))
		f := look(t, c, Search{Query: query(t, "trang"), Who: dossier.Principal{Scope: dossier.Scope{All: true}, Clear: true}, Facets: true})
		about := func(what string, got Count, want int) {
			if got.Exact || math.Abs(float64(got.N-want)) > .2*float64(want) {
				t.Errorf("%s: %+v, want about %d", what, got, want)
			}
		}
		about("all", f.Total, dossiers*pages)
		if years := f.Facets[4].Values; len(years) != 3 {
			t.Errorf("years %+v", years)
		} else {
			for _, y := range years {
				about(y.Value, y.Count, dossiers*pages/3)
			}
		}
		for _, v := range f.Facets[0].Values {
			about(v.Value, v.Count, map[string]int{"so-0": dossiers * pages * 3 / 4, "so-1": dossiers * pages / 4}[v.Value])
		}
	})
}
