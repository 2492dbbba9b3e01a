package pages

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
)

// asked is what the address of a page of results asks for.
type asked struct {
	Text  string
	Exact bool
	Order catalog.SearchOrder
	query search.Query
}

var orders = []catalog.SearchOrder{catalog.OrderRelevance, catalog.OrderNewest, catalog.OrderOldest}

// askedOf reads an address. The error is a *search.SyntaxError.
func askedOf(form url.Values) (a asked, err error) {
	a = asked{Text: strings.TrimSpace(form.Get("q")), Exact: form.Get("exact") != "", Order: catalog.OrderRelevance}
	if order := catalog.SearchOrder(form.Get("order")); slices.Contains(orders, order) {
		a.Order = order
	}
	a.query, err = search.Parse(a.Text)
	return a, err
}

// values are the address's query.
func (a asked) values() url.Values {
	v := url.Values{"q": {a.Text}}
	if a.Exact {
		v.Set("exact", "1")
	}
	if a.Order != catalog.OrderRelevance {
		v.Set("order", string(a.Order))
	}
	return v
}

// At is at, for templates, as are From, To and Bare: the days between which was received what is asked for, and the address of the
// same without filters.
func (a asked) At(path string) string { return a.at(path) }
func (a asked) From() string          { return a.value("from") }
func (a asked) To() string            { return a.value("to") }
func (a asked) Bare() string          { return a.bare().at("/search") }

// at is the address of another page that asks for the same.
func (a asked) at(path string, more ...string) string {
	v := a.values()
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return path + "?" + v.Encode()
}

// narrowed is the same question with filters on a field in place of those it has; none takes those away.
func (a asked) narrowed(field string, filters ...search.Filter) asked {
	var nodes []search.Node
	for _, n := range a.parts() {
		if f, ok := n.(search.Filter); !ok || f.Field != field {
			nodes = append(nodes, n)
		}
	}
	for _, f := range filters {
		nodes = append(nodes, f)
	}
	a.query = search.Query{}
	if len(nodes) == 1 {
		a.query.Root = nodes[0]
	} else if len(nodes) > 1 {
		a.query.Root = search.And(nodes)
	}
	a.Text = a.query.String()
	return a
}

// bare is the same question without its filters.
func (a asked) bare() asked {
	for _, f := range a.filters() {
		a = a.narrowed(f.Field)
	}
	return a
}

// parts are what a question wants all of.
func (a asked) parts() []search.Node {
	switch root := a.query.Root.(type) {
	case nil:
		return nil
	case search.And:
		return root
	default:
		return []search.Node{root}
	}
}

// filters are those that the whole question is under.
func (a asked) filters() []search.Filter {
	var list []search.Filter
	for _, n := range a.parts() {
		if f, ok := n.(search.Filter); ok {
			list = append(list, f)
		}
	}
	return list
}

// value is that of a filter with one value; "" without it.
func (a asked) value(field string) string {
	for _, f := range a.filters() {
		if f.Field == field && len(f.Values) == 1 {
			return f.Values[0]
		}
	}
	return ""
}

// between is the same question about what was received from one day to another, both included and either open.
func (a asked) between(from, to string) asked {
	for _, limit := range []struct{ field, day string }{{"from", from}, {"to", to}} {
		a = a.narrowed(limit.field)
		if _, err := time.Parse(time.DateOnly, limit.day); err == nil {
			a = a.narrowed(limit.field, search.Filter{Field: limit.field, Op: ":", Values: []string{limit.day}})
		}
	}
	return a
}

// inYear is the same question about what was received in a year.
func (a asked) inYear(year string) asked { return a.between(year+"-01-01", year+"-12-31") }

// year is the year that the question is about; "" where it is about another period.
func (a asked) year() string {
	from, to := a.value("from"), a.value("to")
	if year, ok := strings.CutSuffix(from, "-01-01"); ok && to == year+"-12-31" {
		return year
	}
	return ""
}

// phrased reports whether words have to stand side by side.
func phrased(n search.Node) bool {
	switch n := n.(type) {
	case search.And:
		return slices.ContainsFunc(n, phrased)
	case search.Or:
		return slices.ContainsFunc(n, phrased)
	case search.Phrase:
		return true
	}
	return false
}

// largest has the values with the most pages, the value "" last.
func largest(values []catalog.FacetValue, most int) []catalog.FacetValue {
	values = slices.Clone(values)
	slices.SortStableFunc(values, func(a, b catalog.FacetValue) int {
		return cmp.Or(cmp.Compare(b2i(a.Value == ""), b2i(b.Value == "")), cmp.Compare(b.N, a.N))
	})
	return values[:min(most, len(values))]
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
