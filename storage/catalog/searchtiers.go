package catalog

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/dossierd/dossierd/search"
)

// How many ids a tier fetches at most, the newest first, and how long it may take on SQLite.
const (
	tierSize     = 2000
	nearSize     = mostHits // of words near each other: to find many takes long, and others are worth more
	mainPatience = 300 * time.Millisecond
	lastPatience = time.Second // where nothing at all was found in mainPatience, for one can't tell from that that there is nothing
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

func idsOf(list []ranked) []int64 {
	ids := make([]int64, 0, len(list))
	for _, r := range list {
		ids = append(ids, r.id)
	}
	return ids
}

func best(a, b ranked) int { return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(b.id, a.id)) }

// ids fetches the pages that fit, the newest first. What is cut short by its deadline is named.
func (l *looking) ids(ctx context.Context, what string, e expression, most int, patience time.Duration) ([]int64, bool, error) {
	return l.idsIn(ctx, what, e, l.from, l.before, `DESC`, most, patience)
}

func (l *looking) idsIn(ctx context.Context, what string, e expression, from, before int64, order string, most int, patience time.Duration) (ids []int64, cut bool, err error) {
	d := l.db.dialect()
	query, args := d.hits(e, span{from, before, order, most})
	cut, err = l.db.within(ctx, patience*time.Duration(d.patience), func(ctx context.Context, c conn) (err error) {
		ids, err = collect(ctx, c, scanOne[int64], query, args...)
		return err
	})
	if cut {
		l.wasCut(what)
	}
	return ids, cut, err
}

// fetch finds what is asked for. Where nothing at all was found in time, that does not tell that there is nothing: it gets longer.
func (l *looking) fetch(ctx context.Context, e expression, from, before int64, order string, most int) ([]int64, bool, error) {
	known := slices.Clone(l.cut)
	ids, cut, err := l.idsIn(ctx, "all", e, from, before, order, most, mainPatience)
	if cut && len(ids) == 0 {
		l.cut = known
		return l.idsIn(ctx, "all", e, from, before, order, most, lastPatience)
	}
	return ids, cut, err
}

// idsToRank are the newest pages that fit, and whether they were cut short. What is slow to tell of nearly all pages is told once, for
// the count too.
func (l *looking) idsToRank(ctx context.Context) ([]int64, bool, error) {
	most := l.mostToRank()
	ids, cut, err := l.fetch(ctx, l.strict, l.from, l.before, `DESC`, most)
	if l.similar == nil {
		l.newest, l.all = ids, len(ids) < most && !cut
		l.late = cut || most > tierSize && !l.Facets
	}
	return ids[:min(len(ids), tierSize)], cut, err
}

func (l *looking) mostToRank() int {
	if l.similar == nil && isBroad(l.strict) && !hasPhrase(l.strict) {
		return countedTo + 1
	}
	return tierSize
}

// rank lists the newest pages that fit, the best first. Below tail there may be more, which are not ranked; 0 for none.
func (l *looking) rank(ctx context.Context) (list []ranked, tail int64, err error) {
	ids, cut, err := l.idsToRank(ctx)
	if err != nil {
		return nil, 0, err
	}
	if len(ids) == tierSize || cut && len(ids) > 0 {
		tail = ids[len(ids)-1]
		l.countBeside(ctx)
	}
	worth := map[int64]int{}
	for _, id := range ids {
		worth[id] = 0
	}
	if len(ids) > 1 && !cut {
		if err := l.weigh(ctx, worth, tail == 0); err != nil {
			return nil, 0, err
		}
	}
	if tail == 0 && l.similar != nil {
		if err := l.addSimilar(ctx, worth, cut); err != nil {
			return nil, 0, err
		}
	}
	list = make([]ranked, 0, len(worth))
	for id, n := range worth {
		list = append(list, ranked{id, n})
	}
	slices.SortFunc(list, best)
	return list, tail, nil
}

// addSimilar adds pages that have what may have been misread. Those that have what was asked for are known, unless they were cut short.
func (l *looking) addSimilar(ctx context.Context, worth map[int64]int, cut bool) error {
	beside, most := l.wide, tierSize+len(worth)
	if cut {
		beside = but{l.wide, l.strict}
	}
	ids, cutToo, err := l.ids(ctx, "similar", beside, most, mainPatience)
	for _, id := range ids {
		if _, known := worth[id]; !known {
			worth[id] = worthSimilar
		}
	}
	l.newest, l.late = ids, cut || cutToo || len(ids) == most
	l.all = !l.late
	return err
}

// The names of tiers, which tell in what order pages come and never which.
const (
	tierExact        = "exact"
	tierTitle        = "title"
	tierNear         = "near"
	tierPhrase       = "phrase"
	tierAlternatives = "alternatives"
)

// tier is what makes pages worth more.
type tier struct {
	name  string
	fits  expression
	worth int
	has   []string // words that are on all pages that fit
}

// weigh adds what the pages are worth that are in tiers. Pages of a tier that are older than those that were fetched come with it.
// A tier that was cut short on the first page of results counts on none, so that all pages are of one list. Where complete says that
// all pages that fit are known, phrases are not looked for again.
func (l *looking) weigh(ctx context.Context, worth map[int64]int, complete bool) error {
	tiers, err := l.tiers(ctx)
	if err != nil {
		return err
	}
	asked := l.strict
	if complete {
		asked = relaxed(asked)
	}
	for i, t := range tiers {
		patience := tierPatience
		if l.at.kind != 0 {
			patience = mainPatience
		}
		if l.at.without&(1<<i) != 0 {
			l.wasCut(t.name)
			continue
		}
		most := tierSize
		if t.name == tierNear {
			most = nearSize
		}
		ids, cut, err := l.ids(ctx, t.name, both(t.fits, besides(asked, t.has)), most, patience)
		if err != nil {
			return err
		}
		if cut {
			l.at.without |= 1 << i
			continue
		}
		for _, id := range ids {
			if _, known := worth[id]; known || !complete {
				worth[id] += t.worth
			}
		}
		if t.name == tierNear && len(ids) == 0 { // then none are in a row either, which comes next
			return nil
		}
	}
	return nil
}

func (l *looking) tiers(ctx context.Context) ([]tier, error) {
	var list []tier
	var marked, titles []expression
	var words, markedWords []string
	for _, t := range l.words {
		if t.Prefix {
			continue
		}
		if t.Exact != "" && t.Exact != t.Folded && !t.WantExact {
			marked = append(marked, term(exactTerm(t.Exact)))
			markedWords = append(markedWords, t.Folded)
		}
		titles = append(titles, term(fieldTerm(titleField, t.Folded)))
		words = append(words, t.Folded)
	}
	or := hasOr(l.Query.Root)
	if len(marked) > 0 && !or {
		list = append(list, tier{tierExact, both(marked...), worthExact, markedWords})
	}
	if len(titles) > 0 && !or {
		list = append(list, tier{tierTitle, both(titles...), worthTitle, nil})
	}
	if single := singleWords(l.Query.Root, nil); len(single) == len(l.words) && len(words) > 1 && !or {
		if l.db.dialect().near {
			list = append(list, tier{tierNear, near(words), worthNear, words})
		}
		list = append(list, tier{tierPhrase, phrase(words), worthRow, words})
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
	pages, err := l.pagesIndexed(ctx)
	if err != nil {
		return nil, err
	}
	var list []tier
	for _, w := range words[:min(len(words), mostRanked)] {
		rarity := math.Log2(float64(pages+counted) / float64(known[w]+1))
		list = append(list, tier{tierAlternatives, term(w), 1 + int(max(rarity, 0)), []string{w}})
	}
	return list, nil
}
