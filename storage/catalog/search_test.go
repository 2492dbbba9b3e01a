package catalog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// everybody sees all, clear what is personal too.
var (
	everybody = dossier.Principal{Scope: dossier.Scope{All: true}}
	clear     = dossier.Principal{Scope: dossier.Scope{All: true}, Clear: true}
)

// paper is a document of a test: a page for each text.
func paper(kind string, texts ...string) SearchDocument {
	d := SearchDocument{Kind: kind, Title: strings.ToUpper(kind)}
	for _, text := range texts {
		d.Pages = append(d.Pages, SearchPage{Text: text, Language: "vie", Confidence: .9})
	}
	return d
}

// findable publishes a dossier with these documents, of a deposit of its own.
func findable(t testing.TB, c *Catalog, n NewDeposit, docs ...SearchDocument) string {
	t.Helper()
	takeIn(t, c, n)
	pages := 0
	for _, d := range docs {
		pages += len(d.Pages)
	}
	read(t, c, n.Deposit.ID, pages)
	v, err := reserveWhole(t.Context(), c, n.Deposit.ID)
	must(t, err)
	publishFindable(t, c, v, docs)
	return v.Dossier.Code
}

// publishFindable publishes a version as saying what the documents say, page by page.
func publishFindable(t testing.TB, c *Catalog, v *Version, docs []SearchDocument) {
	t.Helper()
	ids := v.Plan.rendition()
	for i := range docs {
		docs[i].Pages = slices.Clone(docs[i].Pages)
		for j := range docs[i].Pages {
			docs[i].Pages[j].ID, docs[i].Pages[j].ArtifactID = ids[0], ids[0]
			ids = ids[1:]
		}
	}
	made := publishedOf(v)
	made.Search = docs
	must(t, c.Publish(t.Context(), Published{Revision: v.Revision, Versions: []PublishedVersion{made}}))
}

func query(t testing.TB, text string) search.Query {
	t.Helper()
	q, err := search.Parse(text)
	must(t, err)
	return q
}

func look(t testing.TB, c *Catalog, s Search) Found {
	t.Helper()
	for {
		f, err := c.Search(t.Context(), s)
		must(t, err)
		if len(f.Cut) == 0 { // else the machine has other things to do
			return f
		}
	}
}

// found lists the hits of a search as code/page, in order; what is similar has a ~ before it.
func found(t testing.TB, c *Catalog, text string) string {
	t.Helper()
	return places(look(t, c, Search{Query: query(t, text), Who: everybody}))
}

func places(f Found) string {
	var list []string
	for _, h := range f.Hits {
		sign := ""
		if h.Similar {
			sign = "~"
		}
		list = append(list, fmt.Sprintf("%s%s/%d", sign, strings.TrimLeft(h.Code[len(h.Code)-4:], "0"), h.Page))
	}
	return strings.Join(list, " ")
}

func on(day int, n NewDeposit) NewDeposit {
	n.Deposit.ReceivedAt = noon.AddDate(0, 0, day)
	return n
}

func TestAPageIsFoundByWhatItSays(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("don", "ĐƠN XIN LY HÔN\nKính gửi: Tòa án nhân dân", "Nguyễn Thị Hoà, số 12/QĐ-UBND ngày 05/01/2024"),
			paper("giay", "Giấy khai sinh của Nguyễn Văn Hòa"))
		findable(t, c, given("d2", "quay-1"), paper("quyetdinh", "Quyết định về việc ly hôn của bà Nguyễn Thị Hoa"))
		for text, want := range map[string]string{
			"nguyen thi hoa":          "2/1 1/2",
			"Nguyễn Thị Hòa":          "1/2 2/1",
			"nguyễn thị hoà":          "1/2 2/1",
			`"nguyễn thị hòa"`:        "1/2",
			`"thị nguyễn"`:            "",
			`"thi hoa"`:               "2/1 1/2",
			"ly hon":                  "2/1 1/1",
			"đơn":                     "1/1",
			"ngu*":                    "2/1 1/2 1/3",
			`"nguyen th*"`:            "2/1 1/2",
			"12/QĐ-UBND":              "1/2",
			"12-qd-ubnd":              "1/2",
			"ubnd":                    "1/2",
			"05/01/2024":              "1/2",
			"nguyen -hoa":             "",
			"nguyen -thi":             "1/3",
			"khai OR don":             "1/1 1/3",
			"(khai OR don) ly":        "1/1",
			"kind:giay":               "1/3",
			"kind:giay,quyetdinh hoa": "2/1 1/3",
			"nobody":                  "",
			"quay-1-20260105-0002":    "2/1",
			"title:quyetdinh":         "2/1",
		} {
			if got := found(t, c, text); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
	})
}

func TestAHitTellsWhereItIs(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "một", "hai"), SearchDocument{Kind: "giay", Title: "Giấy 12", Pages: []SearchPage{
			{Text: "số 001089012345 của ba", Language: "vie", Confidence: .875},
		}})
		f := look(t, c, Search{Query: query(t, "ba"), Who: everybody})
		if len(f.Hits) != 1 || f.Next != "" || f.Total != (Count{1, true}) || f.Facets != nil || f.Cut != nil {
			t.Fatalf("%+v", f)
		}
		h := f.Hits[0]
		h.Snippet, h.Words = nil, nil
		want := Hit{
			Code: code, Version: 1, Department: "so-tu-phap", Station: "quay-1", ReceivedAt: noon, Document: 2, Kind: "giay", Title: "Giấy 12",
			Page: 3, PageID: "d1-3", ArtifactID: "d1-3", Language: "vie", Confidence: .875,
		}
		if fmt.Sprintf("%+v", h) != fmt.Sprintf("%+v", want) {
			t.Errorf("%+v, want %+v", h, want)
		}
	})
}

func TestIdentityNumbersAreMaskedBeforeTheyAreIndexed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("don", "số 001089012345 của ba"))
		if got := found(t, c, "001089012345"); got != "" {
			t.Errorf("found %s", got)
		}
		if n := count(t, c, `SELECT count(*) FROM search_words WHERE word = '001089012345'`); n != 0 {
			t.Error("it is kept")
		}
	})
}

func TestOnlyTheLatestVersionIsFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "xưa", "nhất"))
		made, err := c.Decide(t.Context(), code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		publishFindable(t, c, &versions[0], []SearchDocument{paper("don", "nay"), paper("don", "nhất")})
		for text, want := range map[string]string{"xua": "", "nay": "1/1", "nhat": "1/2"} {
			if got := found(t, c, text); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
		if h := look(t, c, Search{Query: query(t, "nay"), Who: everybody}).Hits; h[0].Version != 2 {
			t.Errorf("%+v", h)
		}
		if n := count(t, c, `SELECT count(*) FROM search_words WHERE word = 'xua'`); n != 0 {
			t.Error("its words are kept")
		}
	})
}

// tables are what search keeps of dossiers.
var tables = []string{"search_dossiers", "search_pages", "search_texts", "search_documents", "search_words", "search_index"}

func TestWhatIsErasedIsNotFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "Nguyễn Thị Hòa"))
		erased(t, c, code)
		if got := found(t, c, "nguyen"); got != "" {
			t.Errorf("found %s", got)
		}
		for _, table := range tables {
			if n := count(t, c, `SELECT count(*) FROM `+table); n != 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		if n := count(t, c, `SELECT sum(pages) FROM search_days`); n != 0 {
			t.Errorf("%d pages are counted", n)
		}
	})
}

func TestWhatIsWithdrawnIsNotFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, given("d1", "quay-1"), paper("don", "Nguyễn Thị Hòa"))
		made, err := c.Decide(t.Context(), code, 1, Decision{Do: DoReassign, To: "other-20260105-0007"}, by("anna"))
		must(t, err)
		if got := found(t, c, "nguyen"); got != "1/1" {
			t.Errorf("before: %q", got)
		}
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		publishFindable(t, c, &versions[0], []SearchDocument{paper("don", "Nguyễn Thị Hòa")})
		if got := found(t, c, "nguyen"); got != "7/1" {
			t.Errorf("after: %q", got)
		}
	})
}

func TestNobodyFindsWhatIsOutOfScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, department := range []string{"so-tu-phap", "so-y-te", "so-Y-te", "so_y_te"} {
			n := given(fmt.Sprintf("d%d", i), fmt.Sprintf("quay-%d", i+1))
			n.Deposit.Department = department
			findable(t, c, n, SearchDocument{Kind: "don", Title: "x", Pages: []SearchPage{{Text: "chung riêng", Language: "vie"}}, Fields: []SearchField{
				{Name: "department", Value: "so-tu-phap"}, {Name: "station", Value: "quay-1"},
			}})
		}
		for _, tt := range []struct {
			scope dossier.Scope
			want  string
		}{
			{dossier.Scope{}, ""},
			{dossier.Scope{Departments: []string{"so-tu-phap"}}, "quay-1"},
			{dossier.Scope{Departments: []string{"so-y-te"}}, "quay-2"},
			{dossier.Scope{Departments: []string{"so-y-te", "so_y_te"}, Stations: []string{"quay-1"}}, "quay-4 quay-2 quay-1"},
			{dossier.Scope{All: true}, "quay-4 quay-3 quay-2 quay-1"},
		} {
			for _, text := range []string{"chung", "chung OR x", "department:so-tu-phap,so-y-te,so-Y-te,so_y_te", "chung -nothing", "=chung", `"chung rieng"`} {
				f := look(t, c, Search{Query: query(t, text), Who: dossier.Principal{Scope: tt.scope}, Facets: true})
				var stations []string
				for _, h := range f.Hits {
					stations = append(stations, h.Station)
				}
				if got := strings.Join(stations, " "); got != tt.want {
					t.Errorf("%+v finds %s at %q, want %q", tt.scope, text, got, tt.want)
				}
				if f.Total.N != len(f.Hits) || len(f.Facets[1].Values) != len(f.Hits) {
					t.Errorf("%+v counts %+v, %+v", tt.scope, f.Total, f.Facets)
				}
			}
		}
	})
}

func TestPagesOfIdentityPapersAreForThoseWhoMayReadThem(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		v, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		made := publishedOf(v)
		made.Personal = []string{"d1-2"}
		made.Search = []SearchDocument{{Pages: []SearchPage{{ID: "d1-1", Text: "chung", Language: "vie"}, {ID: "d1-2", Text: "chung", Language: "vie"}}}}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{made}}))
		for want, who := range map[string]dossier.Principal{"1/1": everybody, "1/1 1/2": clear} {
			f := look(t, c, Search{Query: query(t, "chung"), Who: who, Facets: true})
			if got := places(f); got != want || f.Total.N != len(f.Hits) || f.Facets[0].Values[0].N != len(f.Hits) {
				t.Errorf("%+v: %q, %+v", who, got, f)
			}
		}
	})
}

// A card that is known for what it is by a later scan of the same bytes.
func TestAPageThatBecomesPersonalIsFoundNoMore(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("don", "chung", "thẻ"))
		must(t, c.db.write(t.Context(), func(tx tx) error { return hidePage(t.Context(), tx, "d1-2") }))
		must(t, c.db.write(t.Context(), func(tx tx) error { return c.hideFound(t.Context(), tx, "d1-2") }))
		for text, want := range map[string]string{"chung": "1/1", "the": ""} {
			if got := found(t, c, text); got != want {
				t.Errorf("%s: %q", text, got)
			}
		}
		if got := places(look(t, c, Search{Query: query(t, "thẻ"), Who: clear})); got != "1/2" {
			t.Errorf("clear: %q", got)
		}
	})
}

func TestHitsAreNarrowedByWhatIsKnownOfThem(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := findable(t, c, on(0, given("d1", "quay-1")), SearchDocument{
			Kind: "quyet-dinh", Title: "Quyết định", Fields: []SearchField{{Name: "symbol", Value: "12/QĐ-UBND", Raw: "12 /QĐ-UBND"}, {Name: "issuer", Value: "UBND tỉnh Hòa Bình"}},
			Pages: []SearchPage{{Text: "chung", Language: "vie", Confidence: .595}},
		})
		findable(t, c, on(1, given("d2", "quay-2")), paper("don", "chung"))
		findable(t, c, on(40, given("d3", "quay-2")), SearchDocument{Pages: []SearchPage{{Text: ""}}})
		for text, want := range map[string]string{
			"station:quay-2":                "1/1 1/1",
			"station:quay-1,quay-2 chung":   "1/1 1/1",
			"code:" + code:                  "1/1",
			"symbol:12/QĐ-UBND":             "1/1",
			"symbol:12/qd-ubnd chung":       "1/1",
			"symbol:13/QĐ-UBND":             "",
			"symbol:ubnd":                   "1/1",
			`issuer:"hoa binh"`:             "1/1",
			"issuer:hanoi":                  "",
			"confidence<0.6":                "1/1",
			"confidence<0.59":               "",
			"confidence>=0.9":               "1/1",
			"from:2026-01-06 chung":         "1/1",
			"from:2026-01-07 chung":         "",
			"to:2026-01-05":                 "1/1",
			"from:2026-02":                  "1/1",
			"from:2026-02 OR to:2026-01-05": "1/1 1/1",
			"chung -to:2026-01-05":          "1/1",
			"department:so-tu-phap":         "1/1 1/1 1/1",
			"department:so-y-te":            "",
		} {
			if got := found(t, c, text); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
		if got := look(t, c, Search{Query: query(t, "chung"), Who: everybody, Within: code}); len(got.Hits) != 1 || got.Hits[0].Code != code {
			t.Errorf("within: %+v", got.Hits)
		}
	})
}

func TestMarksCountWhereTheyAreWanted(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, text := range []string{"ma túy", "má tuy", "mã tùy"} {
			findable(t, c, given(fmt.Sprintf("d%d", i), "quay-1"), paper("don", text))
		}
		for text, want := range map[string]string{"má": "2/1 3/1 1/1", "=má": "2/1", "=ma": "1/1", "ma": "3/1 2/1 1/1", `="ma túy"`: "1/1", `="ma tuy"`: ""} {
			if got := found(t, c, text); got != want {
				t.Errorf("%s: %q, want %q", text, got, want)
			}
		}
		if got := places(look(t, c, Search{Query: query(t, "ma"), Who: everybody, Exact: true})); got != "1/1" {
			t.Errorf("exact: %q", got)
		}
	})
}

func TestFacetsCountWhatIsFound(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, on(-30, given("d1", "quay-1")), paper("don", "chung"), paper("giay", "chung", "riêng"))
		findable(t, c, given("d2", "quay-2"), paper("don", "chung"))
		f := look(t, c, Search{Query: query(t, "chung"), Who: everybody, Facets: true})
		got := map[string]string{}
		for _, facet := range f.Facets {
			for _, v := range facet.Values {
				got[facet.Field] += fmt.Sprintf("%s:%d ", v.Value, v.N)
			}
		}
		want := map[string]string{"department": "so-tu-phap:3 ", "station": "quay-1:2 quay-2:1 ", "procedure": ":3 ", "kind": "don:2 giay:1 ", "year": "2025:2 2026:1 "}
		if f.Total != (Count{3, true}) || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%+v: %v", f.Total, got)
		}
	})
}

func TestPagesOfResultsFollowEachOther(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const dossiers, each = 7, 3
		for i := range dossiers {
			texts := []string{"chung một", "chung hai", "một chung"}
			if i%2 == 0 {
				texts[1] = "Chúng"
			}
			findable(t, c, on(i%3, given(fmt.Sprintf("d%d", i), "quay-1")), paper("don", texts...))
		}
		for _, order := range []SearchOrder{OrderRelevance, OrderNewest, OrderOldest} {
			for _, text := range []string{"chung", "chúng", "chung mot", "chung OR mot"} {
				s := Search{Query: query(t, text), Who: everybody, Order: order, Limit: 50}
				whole := look(t, c, s)
				var parts Found
				for s.Limit = 4; ; {
					f := look(t, c, s)
					parts.Hits = append(parts.Hits, f.Hits...)
					if f.Total != whole.Total {
						t.Errorf("%s: total %+v, then %+v", text, whole.Total, f.Total)
					}
					if s.Cursor = f.Next; s.Cursor == "" {
						break
					}
				}
				if got, want := places(parts), places(whole); got != want || whole.Total.N != len(parts.Hits) {
					t.Errorf("%s by %s: %s, want %s", text, order, got, want)
				}
			}
		}
	})
}

func TestNewestAndOldestGoByDay(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, day := range []int{5, 1, 3} {
			findable(t, c, on(day, given(fmt.Sprintf("d%d", i), fmt.Sprintf("quay-%d", day))), paper("don", "chung"))
		}
		for order, want := range map[SearchOrder]string{OrderNewest: "quay-5 quay-3 quay-1", OrderOldest: "quay-1 quay-3 quay-5"} {
			var got []string
			for _, h := range look(t, c, Search{Query: query(t, "chung"), Who: everybody, Order: order}).Hits {
				got = append(got, h.Station)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%s: %q", order, got)
			}
		}
	})
}

func TestAForeignCursorIsRefused(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, cursor := range []string{"x", "!", "eA", "eCAxIDI"} {
			if _, err := c.Search(t.Context(), Search{Query: query(t, "chung"), Who: everybody, Cursor: cursor}); !isError(err, ErrCursor) {
				t.Errorf("%q: %v", cursor, err)
			}
		}
	})
}

func TestAQuestionOfAHundredWordsIsAnswered(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		findable(t, c, given("d1", "quay-1"), paper("don", "từ 37"))
		var words []string
		for i := range 99 {
			words = append(words, fmt.Sprintf("x%d", i))
		}
		begun := time.Now()
		f, err := c.Search(t.Context(), Search{Query: query(t, strings.Join(words, " OR ")+" OR 37"), Who: everybody})
		must(t, err)
		if got := places(f); got != "1/1" {
			t.Errorf("%q", got)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}

func TestOfManyRareWordsSomeAreLookedForAsMisreadAndThatIsSaid(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var words []string
		for i := range mostRare + 1 {
			words = append(words, "quyet"+string(rune('a'+i))+"inh")
		}
		for n, want := range map[int]bool{mostRare: false, mostRare + 1: true} {
			f, err := c.Search(t.Context(), Search{Query: query(t, strings.Join(words[:n], " ")), Who: everybody})
			must(t, err)
			if got := slices.Contains(f.Cut, "similar"); got != want {
				t.Errorf("of %d words %q was cut short", n, f.Cut)
			}
		}
	})
}
