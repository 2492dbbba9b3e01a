package catalog

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"
)

// countedTo is up to how many hits are counted; of more a sample is taken.
const (
	countedTo     = 10_000
	countPatience = 100 * time.Millisecond
)

// facetGroup are hits that are alike in all that facets tell.
type facetGroup struct {
	values map[string]string
	hits   float64 // what they stand for
	lowest int64   // id
}

var facetFields = []string{"department", "station", "procedure", "kind", "year"}

// inAll is what there is in all.
type inAll struct {
	total  Count
	facets []Facet
	cut    []string // what was cut short
	err    error
}

// countBeside begins to count while the best hits are looked for: from here on both go by what is known now.
func (l *looking) countBeside(ctx context.Context) {
	beside, done := *l, make(chan inAll, 1)
	beside.cut = slices.Clone(l.cut)
	l.counting = done
	go func() { done <- beside.count(ctx) }()
}

// count tells how many pages fit, and how they spread where facets are asked for.
func (l *looking) count(ctx context.Context) inAll {
	ids, all, err := l.countable(ctx)
	if err != nil {
		return inAll{err: err}
	}
	var groups []facetGroup
	switch {
	case !all:
		groups, err = l.estimated(ctx, ids)
	case l.Facets:
		groups, err = l.groups(ctx, ids)
	}
	if err != nil {
		return inAll{err: err}
	}
	c := inAll{total: Count{len(ids), all && len(exactNodes(l.Query.Root)) == 0 && !slices.Contains(l.cut, "prefix")}, cut: l.cut}
	estimate := func(n float64) Count { return Count{int(n), c.total.Exact} }
	if !all {
		estimate = func(n float64) Count { return Count{rough(n), false} }
		sum := 0.0
		for _, g := range groups {
			sum += g.hits
		}
		c.total.N = max(rough(sum), min(len(ids), countedTo))
	}
	if l.Facets {
		for _, field := range facetFields {
			c.facets = append(c.facets, facetOf(field, groups, estimate))
		}
	}
	return c
}

// countable are the newest pages that fit, one more at most than are counted, and whether these are all.
func (l *looking) countable(ctx context.Context) (ids []int64, all bool, err error) {
	ids = l.newest
	most := countedTo + 1 - len(ids)
	if l.all || l.late || most == 0 {
		return ids, l.all, nil
	}
	before := l.before
	if len(ids) > 0 {
		before = ids[len(ids)-1]
	}
	more, cut, err := l.idsIn(ctx, "count", l.wide, l.from, before, `DESC`, most, countPatience)
	return slices.Concat(ids, more), len(more) < most && !cut, err
}

// rough keeps two digits of an estimate.
func rough(n float64) int {
	if n < 1 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	return int(math.Round(n/unit) * unit)
}

func facetOf(field string, groups []facetGroup, estimate func(float64) Count) Facet {
	hits := map[string]float64{}
	for _, g := range groups {
		hits[g.values[field]] += g.hits
	}
	f := Facet{Field: field, Values: []FacetValue{}}
	for value, n := range hits {
		f.Values = append(f.Values, FacetValue{value, estimate(n)})
	}
	slices.SortFunc(f.Values, func(a, b FacetValue) int { return cmp.Or(b.N-a.N, cmp.Compare(a.Value, b.Value)) })
	return f
}

const groupOf = `SELECT g.department, g.station, g.procedure, g.kind, g.year, c.hits, c.lowest FROM (SELECT p.group_id, count(*) AS hits, min(p.id) AS lowest
	FROM search_pages p `

const ofGroup = ` GROUP BY p.group_id) c JOIN search_groups g ON g.id = c.group_id`

func (l *looking) groups(ctx context.Context, ids []int64) ([]facetGroup, error) {
	var groups []facetGroup
	for in, args := range inLists(ids) {
		more, err := collect(ctx, l.db, scanGroup, groupOf+`WHERE p.id `+in+ofGroup, args...)
		if err != nil {
			return nil, err
		}
		groups = append(groups, more...)
	}
	return groups, nil
}

func scanGroup(r row) (facetGroup, error) {
	var g facetGroup
	var department, station, procedure, kind string
	var year int
	err := r.Scan(&department, &station, &procedure, &kind, &year, &g.hits, &g.lowest)
	g.values = map[string]string{"department": department, "station": station, "procedure": procedure, "kind": kind, "year": strconv.Itoa(year)}
	return g, err
}

// lastDay is behind all days.
const lastDay = 1 << 30
