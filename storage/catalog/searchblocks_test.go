package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/search"
)

func TestPagesOfSeveralBlocksComeInOneOrder(t *testing.T) {
	c := open(t, postgresConfig(t))
	const days = 4
	for day := range days {
		findable(t, c, on(day, given(fmt.Sprintf("d%d", day), fmt.Sprintf("quay-%d", day))), paper("don", "đơn chung", fmt.Sprintf("chung đơn ngày%d", day)))
		must(t, c.db.write(t.Context(), func(in tx) error { // as if there were as many pages as a block has
			_, err := in.exec(t.Context(), `UPDATE search_blocks SET pages = pages + `+pagesOfBlock)
			return err
		}))
	}
	findable(t, c, on(1, given("late", "quay-1")), paper("don", "đơn chung"))            // in the midst of others
	if n := count(t, c, `SELECT count(DISTINCT block) FROM search_index`); n != days-1 { // the first is full from the second day on
		t.Errorf("they are in %d blocks", n)
	}
	for asked, want := range map[string]string{
		"chung": "quay-3/1 quay-3/2 quay-2/1 quay-2/2 quay-1/1 quay-1/1 quay-1/2 quay-0/1 quay-0/2", `"chung don"`: "quay-3/2 quay-2/2 quay-1/2 quay-0/2",
		"ngay1 OR ngay3": "quay-3/2 quay-1/2", "to:6/1/2026 from:6/1/2026 chung": "quay-1/1 quay-1/1 quay-1/2", "chung -ngay2 to:7/1/2026 from:7/1/2026": "quay-2/1",
	} {
		for _, order := range []SearchOrder{OrderNewest, OrderOldest} {
			s := Search{Query: query(t, asked), Who: everybody, Order: order, Limit: 2}
			var got []string
			for {
				f := look(t, c, s)
				for _, h := range f.Hits {
					got = append(got, fmt.Sprintf("%s/%d", h.Station, h.Page))
				}
				if n := len(strings.Fields(want)); f.Total != (Count{n, true}) {
					t.Errorf("%s: counted %+v, want %d", asked, f.Total, n)
				}
				if s.Cursor = f.Next; s.Cursor == "" {
					break
				}
			}
			if order == OrderOldest {
				slices.Reverse(got)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s, %s: %q, want %q", asked, order, got, want)
			}
		}
	}
}

func TestAnIndexOfBeforeThereWereBlocksIsMadeAnew(t *testing.T) {
	cfg := postgresConfig(t)
	c := open(t, cfg)
	k, _ := someKept(t, c, 2)
	want := found(t, c, "chung")
	before, err := schema.ReadFile("schema/postgres/0011_search.sql")
	must(t, err)
	must(t, c.db.write(t.Context(), func(in tx) error {
		_, err := in.exec(t.Context(), `DELETE FROM catalogue_migrations WHERE number >= 16; DROP INDEX deliveries_subject;
			DROP TABLE search_index, search_blocks; DROP FUNCTION search_terms; `+string(before))
		return err
	}))
	c = open(t, cfg)
	if n := count(t, c, `SELECT open FROM search_stamp`); n != 1 {
		t.Error("nobody is told that there is something to be done")
	}
	must(t, c.Reindex(t.Context(), k.read, func(int, int) {}))
	if got := found(t, c, "chung"); got != want {
		t.Errorf("found %q, before %q", got, want)
	}
}

// TestBothIndexesFindTheSamePages compares conditions that no question makes, too.
func TestBothIndexesFindTheSamePages(t *testing.T) {
	indexes := []*Catalog{open(t, sqliteConfig(t)), open(t, postgresConfig(t))}
	station, day := knownTerm("station", "quay-1"), 0
	rapid.Check(t, func(r *rapid.T) {
		day++ // each run has its own
		first := firstOfDay(day)
		for id := first; id < first+5; id++ {
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"an", "ba", "bà", "co"}), 0, 6).Draw(r, "text"), " ")
			beside := rapid.SampledFrom([][]string{{everyPage}, {everyPage, station}, {everyPage, station, "ngoai"}}).Draw(r, "beside")
			for _, c := range indexes {
				must(t, c.db.write(t.Context(), func(in tx) error {
					x := c.newIndexing(in)
					x.rows = []indexRow{{id, c.db.dialect().entry(search.Tokens(text, "vie"), beside)}}
					return x.settle(t.Context())
				}))
			}
		}
		e := drawCondition(r, 3, []string{"an", "ba", "co", exactTerm("bà"), station, "ngoai", everyPage, noPage})
		in := span{first, first + 5, rapid.SampledFrom([]string{"ASC", "DESC"}).Draw(r, "order"), rapid.IntRange(1, 5).Draw(r, "most")}
		var found [][]int64
		for _, c := range indexes {
			hits, args := c.db.dialect().hits(e, in)
			ids, err := collect(t.Context(), c.db, scanOne[int64], hits, args...)
			must(t, err)
			found = append(found, ids)
		}
		if !slices.Equal(found[0], found[1]) {
			r.Fatalf("%#v in %+v: SQLite finds %d, PostgreSQL %d", e, in, found[0], found[1])
		}
	})
}

func drawCondition(r *rapid.T, depth int, terms []string) expression {
	sorts := []string{"term", "phrase"}
	if depth > 0 {
		sorts = append(sorts, "all", "some", "but")
	}
	of := func() []expression {
		var list []expression
		for range rapid.IntRange(1, 3).Draw(r, "n") {
			list = append(list, drawCondition(r, depth-1, terms))
		}
		return list
	}
	switch rapid.SampledFrom(sorts).Draw(r, "sort") {
	case "phrase":
		return phrase(rapid.SliceOfN(rapid.SampledFrom([]string{"an", "ba", "co"}), 1, 3).Draw(r, "phrase"))
	case "all":
		return both(of()...)
	case "some":
		return either(of())
	case "but":
		return but{drawCondition(r, depth-1, terms), drawCondition(r, depth-1, terms)}
	}
	return term(rapid.SampledFrom(terms).Draw(r, "term"))
}
