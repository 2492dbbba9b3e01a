package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func (s *site) searchRoutes() []route {
	return []route{
		{pattern: "GET /search", right: access.Search, nav: "search.nav", do: s.search},
		{pattern: "GET /search.csv", right: access.Report, do: s.exportFound},
		{pattern: "GET /search/period", right: access.Search, do: s.searchPeriod},
		{pattern: "POST /search/saved", right: access.Search, do: s.saveSearch},
		{pattern: "POST /search/saved/{id}/drop", right: access.Search, do: s.dropSearch},
		{pattern: "GET /pages/{id}/thumb.jpg", right: access.View, do: s.thumb, sort: access.Pictures, watch: true},
	}
}

const (
	hitsAtOnce  = 50
	valuesShown = 8 // of a facet
)

// startPage is what the page of searching is given before anything was asked.
type startPage struct {
	Saved []catalog.SavedSearch
}

// foundPage is what the page of results is given.
type foundPage struct {
	asked
	Fault   string // sentence: why the question can't be answered; "" where it was
	Total   string
	Hits    []hit
	Next    string // address of the results after these; "" on the last
	Begun   bool   // results before these are on another page
	Cut     string // sentence: what was cut short; "" for nothing
	Filters []filterOn
	Facets  []facetShown
	Orders  []choice
	Told    string // sentence: what was done before
	Keeps   bool   // the visitor may keep searches
	Exports bool
	Marks   []search.Mark // that are on this page
	Tips    []string      // where nothing was found
}

// hit is a page that was found, as it is shown.
type hit struct {
	catalog.Hit
	Path, Thumb, Title, Tag string
	Weak                    bool // much of it was hard to read
}

// choice is one of several that a page offers.
type choice struct {
	Path, Text string
	Count      string
	On         bool
}

type filterOn struct{ Text, Path string }

type facetShown struct {
	Field  string
	Values []choice
	More   bool // there are more values than are shown
}

// weakPage is the confidence below which somebody should look at the scan rather than the text.
const weakPage = 0.7

func (s *site) search(v *visit) error {
	a, err := askedOf(v.r.URL.Query())
	var fault *search.SyntaxError
	switch {
	case errors.As(err, &fault):
		p := s.foundPage(v, a)
		p.Fault = fault.Message(v.Language)
		return v.render(http.StatusUnprocessableEntity, "search", p)
	case err != nil:
		return err
	case a.query.Root == nil:
		saved, err := s.savedOf(v)
		if err != nil {
			return err
		}
		return v.render(http.StatusOK, "searchstart", startPage{Saved: saved})
	}
	cursor := v.r.FormValue("after")
	found, err := s.find(v, a, catalog.Search{Limit: hitsAtOnce, Cursor: cursor, Facets: cursor == "" || !v.htmx()})
	if errors.Is(err, catalog.ErrCursor) {
		if v.htmx() { // what follows would stand within the list
			v.w.Header().Set("HX-Redirect", a.at("/search"))
			return nil
		}
		v.goTo(a.at("/search")) // an old address: its cursor is forgotten, the question is not
		return nil
	}
	if err != nil {
		return err
	}
	p := s.foundPage(v, a)
	p.fill(v, found, cursor)
	if v.htmx() && cursor != "" {
		return v.fragment("search", "hits", p)
	}
	return v.render(http.StatusOK, "search", p)
}

// find searches for the visitor, and tells the audit log.
func (s *site) find(v *visit, a asked, how catalog.Search) (catalog.Found, error) {
	how.Query, how.Who, how.Order, how.Exact = a.query, v.Who, a.Order, a.Exact
	found, err := s.catalog.Search(v.r.Context(), how)
	if err != nil {
		return found, err
	}
	return found, s.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{
		Action: catalog.ActionSearch, Details: map[string]any{"query": dossier.MaskText(a.Text), "found": found.Total.N, "shown": len(found.Hits)},
	})
}

func (s *site) foundPage(v *visit, a asked) foundPage {
	p := foundPage{asked: a, Keeps: v.Who.Kind == dossier.KindUser, Exports: v.May("report")}
	switch {
	case v.r.FormValue("kept") != "":
		p.Told = v.T("saved.kept")
	case v.r.FormValue("full") != "":
		p.Told = v.T("saved.full")
	}
	for _, o := range orders {
		other := a
		other.Order = o
		p.Orders = append(p.Orders, choice{Path: other.at("/search"), Text: v.T("search.order." + string(o)), On: o == a.Order})
	}
	return p
}

func (p *foundPage) fill(v *visit, found catalog.Found, cursor string) {
	p.Begun = cursor != ""
	p.Total = v.total(found.Total)
	for _, h := range found.Hits {
		p.Hits = append(p.Hits, v.hit(p.asked, h))
		for _, f := range h.Snippet {
			if f.Mark != search.NoMark && !slices.Contains(p.Marks, f.Mark) {
				p.Marks = append(p.Marks, f.Mark)
			}
		}
	}
	if found.Next != "" {
		p.Next = p.at("/search", "after", found.Next)
	}
	if short := found.Shortfall(); short != catalog.ShortOfNone {
		p.Cut = v.T("search.cut." + string(short))
	}
	for _, f := range found.Facets {
		if shown := v.facet(p.asked, f); len(shown.Values) > 0 {
			p.Facets = append(p.Facets, shown)
		}
	}
	p.Filters = v.filtersOn(p.asked)
	if len(found.Hits) == 0 {
		p.Tips = v.tips(p.asked)
	}
}

// total says how many pages there are: to the page where they were counted.
func (v *visit) total(n catalog.Count) string {
	if n.N == 0 {
		return v.T("search.zero")
	}
	if n.Exact {
		return v.T("search.total", n.N)
	}
	return v.T("search.about", n.N)
}

func (v *visit) hit(a asked, h catalog.Hit) hit {
	query := url.Values{"page": {strconv.Itoa(h.Page)}, "q": {a.Text}}
	shown := hit{
		Hit: h, Path: "/dossiers/" + url.PathEscape(h.Code) + "?" + query.Encode(), Thumb: "/pages/" + url.PathEscape(h.PageID) + "/thumb.jpg",
		Tag: dossier.LanguageTag(h.Language), Title: h.Title, Weak: h.Confidence < weakPage,
	}
	if shown.Title == "" {
		shown.Title = v.named("kind", h.Kind)
	}
	if shown.Title == "" {
		shown.Title = v.T("search.untitled")
	}
	return shown
}

// named is what people call the value of a field.
func (v *visit) named(field, value string) string {
	if name := v.site.cfg.Name; name != nil && value != "" && (field == "kind" || field == "procedure") {
		return name(field, value, v.Language)
	}
	return value
}

func (v *visit) facet(a asked, f catalog.Facet) facetShown {
	shown := facetShown{Field: f.Field, More: len(f.Values) > valuesShown}
	on := a.value(f.Field)
	if f.Field == "year" {
		on = a.year()
	}
	if len(f.Values) == 1 && on == "" || on != "" && len(f.Values) == 0 {
		return shown // nothing to choose from
	}
	for _, value := range largest(f.Values, valuesShown) {
		if value.Value == "" {
			continue
		}
		c := choice{Text: v.named(f.Field, value.Value), Count: v.count(value.Count), On: value.Value == on}
		switch {
		case f.Field == "year" && c.On:
			c.Path = a.between("", "").at("/search")
		case f.Field == "year":
			c.Path = a.inYear(value.Value).at("/search")
		case c.On:
			c.Path = a.narrowed(f.Field).at("/search")
		default:
			c.Path = a.narrowed(f.Field, search.Filter{Field: f.Field, Op: ":", Values: []string{value.Value}}).at("/search")
		}
		shown.Values = append(shown.Values, c)
	}
	return shown
}

func (v *visit) count(n catalog.Count) string {
	if n.Exact {
		return v.T("number", n.N)
	}
	return v.T("number.about", n.N)
}

// filtersOn are the filters of a question, each with the way to it without that one.
func (v *visit) filtersOn(a asked) []filterOn {
	var list []filterOn
	for _, f := range a.filters() {
		names := make([]string, 0, len(f.Values))
		for _, value := range f.Values {
			names = append(names, v.named(f.Field, value))
		}
		field := f.Field
		if key := "search.field." + field; say(v.Language, key) != key {
			field = v.T(key)
		}
		text := v.T("search.filter", field, strings.Join(names, ", "))
		if f.Op != ":" {
			text = field + " " + f.Op + " " + names[0]
		}
		list = append(list, filterOn{Text: text, Path: a.narrowed(f.Field).at("/search")})
	}
	return list
}

// tips are what may find more where nothing was found.
func (v *visit) tips(a asked) []string {
	var list []string
	if a.Exact {
		list = append(list, v.T("search.tip.exact"))
	}
	if phrased(a.query.Root) {
		list = append(list, v.T("search.tip.phrase"))
	}
	if len(a.filters()) > 0 {
		list = append(list, v.T("search.tip.filters"))
	}
	return append(list, v.T("search.tip.words"), v.T("search.tip.scope"))
}

// searchPeriod turns two days of a form into filters of the question.
func (s *site) searchPeriod(v *visit) error {
	a, err := askedOf(v.r.URL.Query())
	if err == nil {
		a = a.between(v.r.FormValue("from"), v.r.FormValue("to"))
	}
	v.goTo(a.at("/search"))
	return nil
}
