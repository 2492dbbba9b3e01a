package catalog

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"time"
)

// countedTo is up to how many hits are counted; what is more is estimated from the newest of them.
const (
	countedTo     = 10_000
	countPatience = 100 * time.Millisecond
)

// facetGroup are hits that are alike in all that facets tell.
type facetGroup struct {
	values map[string]string
	hits   int
	lowest int64 // id
}

var facetFields = []string{"department", "station", "procedure", "kind", "year"}

// count tells how many pages fit, and how they spread where facets are asked for.
func (l *looking) count(ctx context.Context) (Count, []Facet, error) {
	groups, err := l.groups(ctx)
	if err != nil {
		return Count{}, nil, err
	}
	n, lowest := 0, int64(math.MaxInt64)
	for _, g := range groups {
		n += g.hits
		lowest = min(lowest, g.lowest)
	}
	share, exact := 1.0, len(exactNodes(l.Query.Root)) == 0 && !l.cutShort && !slices.Contains(l.cut, "prefix") && !slices.Contains(l.cut, "count")
	if n > countedTo || n > 0 && !exact && (l.cutShort || slices.Contains(l.cut, "count")) {
		exact = false
		if share, err = l.shareFrom(ctx, lowest); err != nil {
			return Count{}, nil, err
		}
	}
	estimate := func(n int) Count {
		if share == 1 {
			return Count{n, exact}
		}
		return Count{rough(float64(n) / share), false}
	}
	if !l.Facets {
		return estimate(n), nil, nil
	}
	facets := make([]Facet, 0, len(facetFields))
	for _, field := range facetFields {
		facets = append(facets, facetOf(field, groups, estimate))
	}
	return estimate(n), facets, nil
}

// rough keeps two digits of an estimate.
func rough(n float64) int {
	unit := math.Pow(10, math.Floor(math.Log10(n))-1)
	return int(math.Round(n/unit) * unit)
}

func facetOf(field string, groups []facetGroup, estimate func(int) Count) Facet {
	hits := map[string]int{}
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

// groups counts the newest hits by their groups; without facets all are one.
func (l *looking) groups(ctx context.Context) ([]facetGroup, error) {
	if l.whole || l.cutShort {
		return l.listedGroups(ctx)
	}
	if l.told != nil {
		return l.toldGroups(ctx)
	}
	before, known := l.before, 0
	if !l.Facets && l.tail > 0 && l.similar == nil {
		before, known = l.tail, tierSize
	}
	d := l.db.dialect()
	hits, args := d.hits(l.wide, span{l.from, before, `DESC`, countedTo + 1 - known})
	query := groupOf + `JOIN (` + hits + `) h ON h.rowid = p.id` + ofGroup
	if !l.Facets {
		query = `SELECT '', '', '', '', 0, count(*), coalesce(min(h.rowid), 0) FROM (` + hits + `) h`
	}
	var groups []facetGroup
	cut, err := l.db.within(ctx, countPatience*time.Duration(d.patience), func(ctx context.Context, c conn) (err error) {
		groups, err = collect(ctx, c, scanGroup, query, args...)
		return err
	})
	if cut && err == nil {
		l.wasCut("count")
		return l.newestGroups(ctx)
	}
	if err == nil && known > 0 {
		if groups[0].hits == 0 {
			groups[0].lowest = l.tail
		}
		groups[0].hits += known
	}
	return groups, err
}

// newestGroups are those of the newest hits, as far as they are found in time.
func (l *looking) newestGroups(ctx context.Context) ([]facetGroup, error) {
	if len(l.listed) == 0 {
		var err error
		if l.told, _, err = l.ids(ctx, "count", l.wide, tierSize, countPatience); err != nil {
			return nil, err
		}
		return l.toldGroups(ctx)
	}
	return l.listedGroups(ctx)
}

func (l *looking) toldGroups(ctx context.Context) ([]facetGroup, error) {
	l.listed = nil
	for _, id := range l.told {
		l.listed = append(l.listed, ranked{id: id})
	}
	return l.listedGroups(ctx)
}

// listedGroups are those of what was found in full, or as much of it as was found in time.
func (l *looking) listedGroups(ctx context.Context) ([]facetGroup, error) {
	if len(l.listed) == 0 {
		return nil, nil
	}
	if !l.Facets {
		g := facetGroup{hits: len(l.listed), lowest: l.listed[0].id}
		for _, r := range l.listed {
			g.lowest = min(g.lowest, r.id)
		}
		return []facetGroup{g}, nil
	}
	var groups []facetGroup
	for in, args := range inLists(idsOf(l.listed)) {
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

// shareFrom is which share of the pages that may be found has ids from one on: above 0, 1 at most.
func (l *looking) shareFrom(ctx context.Context, id int64) (float64, error) {
	pages := func(from, before int64) (n int, err error) {
		err = l.db.queryRow(ctx, `SELECT coalesce(sum(pages), 0) FROM search_days WHERE day >= ? AND day < ?`, dayOfID(from), dayOfID(before)).Scan(&n)
		return n, err
	}
	before := min(l.before, firstOfDay(lastDay))
	total, err := pages(l.from, before)
	if err != nil {
		return 1, err
	}
	above, err := pages(id+firstOfDay(1), before)
	if err != nil {
		return 1, err
	}
	var within int // its day
	err = l.db.queryRow(ctx, `SELECT count(*) FROM search_pages WHERE id >= ? AND id < ?`, id, firstOfDay(dayOfID(id)+1)).Scan(&within)
	if err != nil || total == 0 || above+within == 0 {
		return 1, err
	}
	return min(float64(above+within)/float64(total), 1), nil
}
