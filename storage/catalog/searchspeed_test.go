package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// fits is what a condition of single terms means for a page of these words.
func fits(e expression, on map[string]bool) bool {
	switch e := e.(type) {
	case term:
		return on[string(e)]
	case allOf:
		return !slices.ContainsFunc(e, func(e expression) bool { return !fits(e, on) })
	case some:
		return slices.ContainsFunc(e, func(e expression) bool { return fits(e, on) })
	case but:
		return fits(e.what, on) && !fits(e.not, on)
	}
	panic(fmt.Sprintf("%T", e))
}

func TestWhatIsLeftOfAConditionFitsTheSamePages(t *testing.T) {
	words := []string{"a", "b", "c", "d"}
	var draw func(r *rapid.T, depth int) expression
	draw = func(r *rapid.T, depth int) expression {
		of := func() []expression {
			var list []expression
			for range rapid.IntRange(1, 3).Draw(r, "n") {
				list = append(list, draw(r, depth-1))
			}
			return list
		}
		sort := "term"
		if depth > 0 {
			sort = rapid.SampledFrom([]string{"and", "but", "or", "term"}).Draw(r, "sort")
		}
		switch sort {
		case "and":
			return both(of()...)
		case "or":
			return either(of())
		case "but":
			return but{draw(r, depth-1), draw(r, depth-1)}
		}
		return term(rapid.SampledFrom(words).Draw(r, "term"))
	}
	rapid.Check(t, func(r *rapid.T) {
		e := draw(r, 3)
		known := rapid.SliceOf(rapid.SampledFrom(words)).Draw(r, "known")
		left := besides(e, known)
		on := map[string]bool{}
		for _, w := range append(rapid.SliceOf(rapid.SampledFrom(words)).Draw(r, "on"), known...) {
			on[w] = true
		}
		if fits(e, on) != (left == nil || fits(left, on)) {
			r.Fatalf("%v of %v and %v is not %v", e, on, known, left)
		}
	})
}

func TestAWordIsBegunByTheMostFrequentFirst(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for word, pages := range map[string]int{"haut": 1, "hat": 1, "hoc": 32, "ho": 17, "hoa": 32, "ha": 16, "i": 48} {
			must(t, c.db.write(t.Context(), func(in tx) error {
				_, err := in.exec(t.Context(), `INSERT INTO search_words (word, pages) VALUES (?, ?)`, word, pages)
				return err
			}))
		}
		for most, want := range map[int]string{1: "hoa", 2: "hoa hoc", 5: "hoa hoc ho ha hat", 6: "hoa hoc ho ha hat haut"} {
			l := &looking{Catalog: c}
			words, err := l.begun(t.Context(), "h", most)
			must(t, err)
			if got := strings.Join(words, " "); got != want || (len(l.cut) > 0) != (most < 6) {
				t.Errorf("%d that begin with h: %q, cut %v, want %q", most, got, l.cut, want)
			}
		}
	})
}

func TestACodeIsFoundThatLostOneOfItsMarks(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("don", "Số 12/QĐ-UBND", "Số 12 /QĐ-UBND", "Số 12/QĐ - UBND", "Số 12 QĐ UBND", "QĐ-UBND số 12"))
		findable(t, c, given("d2", "quay-1"), paper("don", "Số 13 QĐ UBND", "QĐ-UBND số 13"))
		for text, want := range map[string]string{
			"12/QĐ-UBND":     "1/1 1/2 1/3",
			`"12 QĐ UBND"`:   "1/1 1/2 1/3 1/4",
			"13/QĐ-UBND":     "2/1", // no page has it whole
			"so 12-QĐ/UBND":  "1/1 1/2 1/3",
			"-12/QĐ-UBND so": "2/1 2/2 1/4 1/5",
		} {
			got := strings.Fields(found(t, c, text))
			if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(strings.Fields(want)))) {
				t.Errorf("%s finds %q, want %q", text, got, want)
			}
		}
	})
}

// TestAllPagesAreCountedThoughNotRanked has more pages than are ranked, and more words than make a condition narrow.
func TestAllPagesAreCountedThoughNotRanked(t *testing.T) {
	const dossiers, pages = 80, tierSize/80 + 5
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.db.write(t.Context(), func(in tx) error {
			x := c.newIndexing(in)
			for i := range dossiers {
				of := Dossier{Code: fmt.Sprint(i), Station: "quay-1", Department: fmt.Sprintf("so-%d", i%2), Year: 2024, ReceivedAt: noon, Version: 1, State: DossierDigitised}
				d := SearchDocument{Kind: "don", Title: "x"}
				for j := range pages {
					d.Pages = append(d.Pages, SearchPage{ID: fmt.Sprintf("%d-%d", i, j), Text: "tu" + strings.Repeat("a", 1+i%broad), Language: "vie"})
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
		f := look(t, c, Search{Query: query(t, "tu*"), Who: everybody, Facets: true})
		want := []FacetValue{{"so-0", Count{dossiers / 2 * pages, true}}, {"so-1", Count{dossiers / 2 * pages, true}}}
		if f.Total != (Count{dossiers * pages, true}) || !slices.Equal(f.Facets[0].Values, want) {
			t.Errorf("counted %+v, %+v", f.Total, f.Facets[0])
		}
		if f := look(t, c, Search{Query: query(t, "kind:don"), Who: everybody}); f.Total != (Count{dossiers * pages, true}) {
			t.Errorf("counted %+v without facets", f.Total)
		}
	})
}

func TestPublishingLeavesFewPiecesOfTheIndex(t *testing.T) {
	c := open(t, sqliteConfig(t))
	for i := range 24 {
		findable(t, c, given(fmt.Sprintf("d%d", i), "quay-1"), paper("don", fmt.Sprintf("trang %d", i), "trang"))
	}
	if n := count(t, c, `SELECT count(DISTINCT segid) FROM search_index_idx`); n > 6 {
		t.Errorf("%d pieces", n)
	}
	if f := look(t, c, Search{Query: query(t, "trang"), Who: everybody}); f.Total.N != 48 {
		t.Errorf("found %+v", f.Total)
	}
}
