package catalog

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"time"

	"github.com/dossierd/dossierd/search"
)

// place is how far somebody has read on.
type place struct {
	kind    byte // 'r' in the ranked list, 'd' behind it or in the order of days; 0: at the beginning
	worth   int
	id      int64
	without int // tiers, a bit each
}

func (p place) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%c %d %d %d", p.kind, p.worth, p.id, p.without))
}

func cursorOf(text string) (place, error) {
	if text == "" {
		return place{}, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	var p place
	if err == nil {
		_, err = fmt.Sscanf(string(data), "%c %d %d %d", &p.kind, &p.worth, &p.id, &p.without)
	}
	if err != nil || p.kind != 'r' && p.kind != 'd' {
		return place{}, ErrCursor
	}
	return p, nil
}

// byRelevance gives a page of the ranked list, and behind it what is older.
func (l *looking) byRelevance(ctx context.Context) ([]Hit, string, error) {
	at := l.at
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
				return p.hits, place{'d', 0, tail, l.at.without}.String(), nil
			}
			if len(rest) == 0 {
				return p.hits, "", nil
			}
			return p.hits, place{'r', last.worth, last.id, l.at.without}.String(), nil
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
func (l *looking) byDay(ctx context.Context) ([]Hit, string, error) {
	at := l.at
	if at.kind == 0 && l.Order == OrderNewest && l.mostToRank() > tierSize { // slow to tell: the count goes by the same
		if _, _, err := l.idsToRank(ctx); err != nil {
			return nil, "", err
		}
	}
	l.countBeside(ctx)
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
	exact []search.Node // see exactNodes
}

func (l *looking) newPage() *page {
	patience := mainPatience * time.Duration(l.db.dialect().patience)
	return &page{looking: l, hits: []Hit{}, until: time.Now().Add(patience), exact: exactNodes(l.Query.Root)}
}

func (p *page) missing() int { return p.Limit - len(p.hits) }

// fill goes on with pages of ids between two, from the highest down or from the lowest up.
func (p *page) fill(ctx context.Context, from, before int64, order string, skip func(id int64) bool) ([]Hit, string, error) {
	for {
		ids, err := p.next(ctx, from, before, order)
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
				p.wasCut("texts")
			}
			next := before
			if order == `ASC` {
				next = from - 1
			}
			return p.hits, place{'d', 0, next, p.at.without}.String(), nil
		}
	}
}

// next gives the ids of the pages that follow, one more than are missing; those that are known are not asked for again.
func (p *page) next(ctx context.Context, from, before int64, order string) ([]int64, error) {
	most := p.missing() + 1
	if order == `DESC` {
		known := p.newest[behindID(p.newest, before):]
		if len(known) >= most || p.all {
			return known[:min(len(known), most)], nil
		}
	}
	ids, _, err := p.fetch(ctx, p.wide, from, before, order, most)
	return ids, err
}

// behindID finds the index of the first below an id in descending ids.
func behindID(ids []int64, id int64) int {
	i, _ := slices.BinarySearchFunc(ids, id, func(a, b int64) int { return cmp.Compare(b, a) })
	if i < len(ids) && ids[i] == id {
		i++
	}
	return i
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
