package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// A model of what is found: the words of each page of the latest version of each dossier.
type model map[string]*modelled

type modelled struct {
	department, station string
	version             int
	pages               [][]string
}

var lexicon = []string{"hòa", "hoa", "hoà", "đường", "duong", "nguyễn", "12/QĐ-UBND", "2024", "mười", "muoi"}

// TestWhatIsAnnouncedIsFindableAndNothingElse publishes, replaces and erases, and compares every search with the model, for
// everybody and for those who see a part.
func TestWhatIsAnnouncedIsFindableAndNothingElse(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg Config) {
		c := open(t, cfg)
		known := model{} // of all runs: the catalogue is one
		n := 0
		rapid.Check(t, func(r *rapid.T) {
			for range rapid.IntRange(1, 4).Draw(r, "steps") {
				codes := slices.Sorted(keys(known))
				switch do := rapid.SampledFrom([]string{"publish", "publish", "revise", "erase"}).Draw(r, "do"); {
				case do == "publish" || len(codes) == 0:
					n++
					known.publish(t, c, r, fmt.Sprintf("d%d", n))
				case do == "revise":
					known.revise(t, c, r, rapid.SampledFrom(codes).Draw(r, "code"))
				default:
					code := rapid.SampledFrom(codes).Draw(r, "code")
					erased(t, c, code)
					delete(known, code)
				}
			}
			known.compare(t, c, r)
		})
	})
}

func keys(m model) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func drawPages(r *rapid.T, n int) (SearchDocument, [][]string) {
	d := SearchDocument{Kind: "don", Title: "x"}
	var pages [][]string
	for range n {
		words := rapid.SliceOfN(rapid.SampledFrom(lexicon), 0, 5).Draw(r, "words")
		d.Pages = append(d.Pages, SearchPage{Text: strings.Join(words, " "), Language: "vie"})
		pages = append(pages, words)
	}
	return d, pages
}

func (m model) publish(t *testing.T, c *Catalog, r *rapid.T, id string) {
	station := rapid.IntRange(1, 3).Draw(r, "station")
	given := given(id, fmt.Sprintf("quay-%d", station))
	given.Deposit.Department = fmt.Sprintf("so-%d", station/2)
	doc, pages := drawPages(r, rapid.IntRange(2, 3).Draw(r, "pages"))
	code := findable(t, c, given, doc)
	m[code] = &modelled{given.Deposit.Department, given.Deposit.Station, 1, pages}
}

func (m model) revise(t *testing.T, c *Catalog, r *rapid.T, code string) {
	of := m[code]
	n := len(of.pages)
	made, err := c.Decide(t.Context(), code, of.version, Decision{Do: DoArrange, Documents: [][]int{slices.Collect(numbers(n))}}, by("anna"))
	if err != nil { // it is arranged so already
		return
	}
	versions, err := c.Revision(t.Context(), made.ID)
	must(t, err)
	doc, pages := drawPages(r, n)
	publishFindable(t, c, &versions[0], []SearchDocument{doc})
	of.pages, of.version = pages, versions[0].Number
}

// numbers are 2, 3, ... n, 1.
func numbers(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield((i+1)%n + 1) {
				return
			}
		}
	}
}

func (m model) compare(t *testing.T, c *Catalog, r *rapid.T) {
	word := rapid.SampledFrom(lexicon).Draw(r, "asked")
	exact := rapid.Bool().Draw(r, "exact")
	scope := rapid.SampledFrom([]dossier.Scope{
		{All: true}, {}, {Departments: []string{"so-0"}}, {Departments: []string{"so-1"}}, {Stations: []string{"quay-2"}}, {Departments: []string{"so-0"}, Stations: []string{"quay-3"}},
	}).Draw(r, "scope")
	var want []string
	for code, d := range m {
		for i, words := range d.pages {
			if scope.Sees(d.department, d.station) && slices.ContainsFunc(words, func(w string) bool { return same(w, word, exact) }) {
				want = append(want, fmt.Sprintf("%s/%d v%d", code, i+1, d.version))
			}
		}
	}
	s := Search{Query: query(t, word), Who: dossier.Principal{Scope: scope}, Exact: exact, Facets: true, Limit: 7, Order: rapid.SampledFrom([]SearchOrder{
		OrderRelevance, OrderNewest, OrderOldest,
	}).Draw(r, "order")}
	var got []string
	for {
		f := look(t, c, s)
		for _, h := range f.Hits {
			if !h.Similar {
				got = append(got, fmt.Sprintf("%s/%d v%d", h.Code, h.Page, h.Version))
			}
		}
		if !exact && f.Total.N != len(want) {
			r.Fatalf("%s in %+v: total %+v, want %d", word, scope, f.Total, len(want))
		}
		for _, v := range f.Facets[0].Values {
			if !scope.Sees(v.Value, "") && len(scope.Stations) == 0 {
				r.Fatalf("%+v is shown %s", scope, v.Value)
			}
		}
		if s.Cursor = f.Next; s.Cursor == "" {
			break
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		r.Fatalf("%s in %+v, exact %v, %s: found %q, want %q", word, scope, exact, s.Order, got, want)
	}
}

// same says whether two words are one to who searches.
func same(a, b string, exact bool) bool {
	of := func(word string) string {
		t := search.Tokens(word, "vie")[0]
		if exact {
			return t.Exact
		}
		return t.Folded
	}
	return of(a) == of(b)
}
