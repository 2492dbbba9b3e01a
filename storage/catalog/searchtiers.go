package catalog

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dossierd/dossierd/search"
)

// How many ids a tier fetches at most, the newest first, and how long it may take on SQLite.
const (
	tierSize     = 2000
	mainPatience = 250 * time.Millisecond
	tierPatience = 25 * time.Millisecond
)

// What a page is worth for standing in a tier. Marks as they were typed count more than all the rest.
const (
	worthExact   = 64 // has all words in the marks they were typed with
	worthRow     = 24 // has them in a row
	worthTitle   = 16 // its document is called so
	worthNear    = 8  // has them near each other
	worthSimilar = -1 // has what they may have been misread as
)

// mostRanked is how many of alternatives are weighed by how rare they are.
const mostRanked = 6

// ranked is a page that was found, and what it is worth.
type ranked struct {
	id    int64
	worth int
}

func best(a, b ranked) int { return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(b.id, a.id)) }

// ids fetches the pages that fit, the newest first. What is cut short by its deadline is named.
func (l *looking) ids(ctx context.Context, what string, e expression, most int, patience time.Duration) ([]int64, bool, error) {
	return l.idsIn(ctx, what, e, l.from, l.before, `DESC`, most, patience)
}

func (l *looking) idsIn(ctx context.Context, what string, e expression, from, before int64, order string, most int, patience time.Duration) (ids []int64, cut bool, err error) {
	d := l.db.dialect()
	cut, err = l.db.within(ctx, patience*time.Duration(d.patience), func(ctx context.Context, c conn) (err error) {
		ids, err = collect(ctx, c, scanOne[int64], `SELECT rowid FROM search_index WHERE `+d.matches+` AND rowid >= ? AND rowid < ?
			ORDER BY rowid `+order+` LIMIT ?`, d.text(e), from, before, most)
		return err
	})
	if cut {
		l.wasCut(what)
	}
	return ids, cut, err
}

// rank lists the newest pages that fit, the best first. Below tail there may be more, which are not ranked; 0 for none.
func (l *looking) rank(ctx context.Context) (list []ranked, tail int64, err error) {
	ids, cut, err := l.ids(ctx, "all", l.strict, tierSize, mainPatience)
	if err != nil {
		return nil, 0, err
	}
	if len(ids) == tierSize || cut && len(ids) > 0 {
		tail = ids[len(ids)-1]
	}
	worth := map[int64]int{}
	for _, id := range ids {
		worth[id] = 0
	}
	if len(ids) > 1 && !cut {
		if err := l.weigh(ctx, worth); err != nil {
			return nil, 0, err
		}
	}
	if tail == 0 && l.similar != nil {
		more, cutToo, err := l.ids(ctx, "similar", but{l.wide, l.strict}, tierSize, mainPatience)
		if err != nil {
			return nil, 0, err
		}
		for _, id := range more {
			worth[id] = worthSimilar
		}
		cut = cut || cutToo || len(more) == tierSize
	}
	list = make([]ranked, 0, len(worth))
	for id, n := range worth {
		list = append(list, ranked{id, n})
	}
	slices.SortFunc(list, best)
	l.listed, l.cutShort = list, cut
	l.whole = tail == 0 && !cut
	return list, tail, nil
}

// tier is what makes pages worth more.
type tier struct {
	name  string
	fits  expression
	worth int
}

// weigh adds what the pages are worth that are in tiers. Pages of a tier that are older than those that were fetched come with it.
func (l *looking) weigh(ctx context.Context, worth map[int64]int) error {
	tiers, err := l.tiers(ctx)
	if err != nil {
		return err
	}
	for _, t := range tiers {
		ids, _, err := l.ids(ctx, t.name, both(t.fits, l.strict), tierSize, tierPatience)
		if err != nil {
			return err
		}
		for _, id := range ids {
			worth[id] += t.worth
		}
	}
	return nil
}

func (l *looking) tiers(ctx context.Context) ([]tier, error) {
	var list []tier
	var marked, titles []expression
	var words []string
	for _, t := range l.words {
		if t.Prefix {
			continue
		}
		if t.Exact != "" && !t.WantExact {
			marked = append(marked, term(exactTerm(t.Exact)))
		}
		titles = append(titles, term(fieldTerm(titleField, t.Folded)))
		words = append(words, t.Folded)
	}
	or := hasOr(l.Query.Root)
	if len(marked) > 0 && !or {
		list = append(list, tier{"exact", both(marked...), worthExact})
	}
	if len(titles) > 0 && !or {
		list = append(list, tier{"title", both(titles...), worthTitle})
	}
	if single := singleWords(l.Query.Root, nil); len(single) == len(l.words) && len(words) > 1 && !or {
		list = append(list, tier{"phrase", phrase(words), worthRow}, tier{"near", near(words), worthNear})
	}
	if or {
		return l.alternatives(ctx, words)
	}
	return list, nil
}

func hasOr(n search.Node) bool {
	switch n := n.(type) {
	case search.Or:
		return true
	case search.And:
		return slices.ContainsFunc(n, hasOr)
	}
	return false
}

// alternatives are the words of a query with ORs: a page is worth more the more of them it has and the rarer these are.
func (l *looking) alternatives(ctx context.Context, words []string) ([]tier, error) {
	slices.Sort(words)
	words = slices.Compact(words)
	known, err := l.frequencies(ctx, words)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(words, func(a, b string) int { return known[a] - known[b] })
	var pages int
	if err := l.db.queryRow(ctx, `SELECT coalesce(sum(pages), 0) FROM search_days`).Scan(&pages); err != nil {
		return nil, err
	}
	var list []tier
	for _, w := range words[:min(len(words), mostRanked)] {
		rarity := math.Log2(float64(pages+counted) / float64(known[w]+1))
		list = append(list, tier{"alternatives", term(w), 1 + int(max(rarity, 0))})
	}
	return list, nil
}

// place is how far somebody has read on.
type place struct {
	kind  byte // 'r' in the ranked list, 'd' behind it or in the order of days; 0: at the beginning
	worth int
	id    int64
}

func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%c %d %d", p.kind, p.worth, p.id))
}

func cursorOf(text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	var p place
	if err == nil {
		_, err = fmt.Sscanf(string(data), "%c %d %d", &p.kind, &p.worth, &p.id)
	}
	if err != nil || p.kind != 'r' && p.kind != 'd' {
		return place{}, ErrCursor
	}
	return p, nil
}

// byRelevance gives a page of the ranked list, and behind it what is older.
func (l *looking) byRelevance(ctx context.Context, at place) ([]Hit, string, error) {
	list, tail, err := l.rank(ctx)
	if err != nil {
		return nil, "", err
	}
	known := make(map[int64]bool, len(list))
	for _, r := range list {
		known[r.id] = true
	}
	rest := list
	switch at.kind {
	case 'r':
		rest = list[behind(list, ranked{at.id, at.worth}):]
	case 'd':
		rest = nil
	}
	p := l.newPage()
	for len(rest) > 0 {
		n := min(len(rest), p.missing())
		if err := p.add(ctx, rest[:n]); err != nil {
			return nil, "", err
		}
		if rest = rest[n:]; p.missing() == 0 {
			last := p.last
			if len(rest) == 0 && tail > 0 {
				return p.hits, place{'d', 0, tail}.String(), nil
			}
			if len(rest) == 0 {
				return p.hits, "", nil
			}
			return p.hits, place{'r', last.worth, last.id}.String(), nil
		}
	}
	if tail == 0 {
		return p.hits, "", nil
	}
	if at.kind == 'd' {
		tail = at.id
	}
	return p.fill(ctx, l.from, tail, `DESC`, func(id int64) bool { return known[id] })
}

// behind finds the index behind one in a ranked list.
func behind(list []ranked, one ranked) int {
	i, found := slices.BinarySearchFunc(list, one, best)
	if found {
		i++
	}
	return i
}

// byDay gives a page in the order of days.
func (l *looking) byDay(ctx context.Context, at place) ([]Hit, string, error) {
	p := l.newPage()
	if l.Order == OrderOldest {
		from := l.from
		if at.kind != 0 {
			from = max(from, at.id+1)
		}
		return p.fill(ctx, from, l.before, `ASC`, nil)
	}
	before := l.before
	if at.kind != 0 {
		before = min(before, at.id)
	}
	return p.fill(ctx, l.from, before, `DESC`, nil)
}

// page is one of results, being filled.
type page struct {
	*looking
	hits  []Hit
	last  ranked // that was looked at
	until time.Time
	exact []search.Phrase // that stand in the marks they were typed with on every hit
}

func (l *looking) newPage() *page {
	patience := mainPatience * time.Duration(l.db.dialect().patience)
	return &page{looking: l, hits: []Hit{}, until: time.Now().Add(patience), exact: exactPhrases(l.Query.Root)}
}

func (p *page) missing() int { return p.Limit - len(p.hits) }

// fill goes on with pages of ids between two, from the highest down or from the lowest up.
func (p *page) fill(ctx context.Context, from, before int64, order string, skip func(id int64) bool) ([]Hit, string, error) {
	for {
		ids, _, err := p.idsIn(ctx, "all", p.wide, from, before, order, p.missing()+1, mainPatience)
		if err != nil {
			return nil, "", err
		}
		more := len(ids) > p.missing()
		var some []ranked
		for _, id := range ids[:min(len(ids), p.missing())] {
			if skip == nil || !skip(id) {
				some = append(some, ranked{id: id})
			}
		}
		if len(ids) > 0 {
			last := ids[min(len(ids), p.missing())-1]
			if order == `ASC` {
				from = last + 1
			} else {
				before = last
			}
		}
		if err := p.markSimilar(ctx, some); err != nil {
			return nil, "", err
		}
		if err := p.add(ctx, some); err != nil {
			return nil, "", err
		}
		switch {
		case !more:
			return p.hits, "", nil
		case p.missing() == 0 || time.Now().After(p.until):
			if p.missing() > 0 {
				p.wasCut("exact")
			}
			next := before
			if order == `ASC` {
				next = from - 1
			}
			return p.hits, place{'d', 0, next}.String(), nil
		}
	}
}

// markSimilar finds out which pages have not what was asked for but something like it.
func (p *page) markSimilar(ctx context.Context, some []ranked) error {
	if p.similar == nil || len(some) == 0 {
		return nil
	}
	lowest, highest := some[0].id, some[0].id
	for _, r := range some {
		lowest, highest = min(lowest, r.id), max(highest, r.id)
	}
	ids, _, err := p.idsIn(ctx, "similar", p.strict, lowest, highest+1, `DESC`, tierSize, mainPatience)
	for i := range some {
		if !slices.Contains(ids, some[i].id) {
			some[i].worth = worthSimilar
		}
	}
	return err
}
