package catalog

import (
	"context"
	"slices"

	"github.com/dossierd/dossierd/search"
)

// rareShare is one in how many pages a word may be on, for words to be looked for that it may have been misread as: where more have
// it, few of those are right.
const rareShare = 10_000

// mostRare is for how many rare words of a question that is looked up: each takes a thousand variants and up to three milliseconds.
const mostRare = 16

// findSimilar finds words of the index that rare ones among those asked for may have been misread as.
func (l *looking) findSimilar(ctx context.Context) error {
	rare, err := l.rareWords(ctx)
	if err != nil {
		return err
	}
	for _, word := range rare {
		variants := search.Variants(word)
		folded := make([]string, 0, len(variants))
		for _, v := range variants {
			folded = append(folded, v.Folded)
		}
		known, err := l.frequencies(ctx, folded)
		if err != nil {
			return err
		}
		for _, v := range variants {
			if known[v.Folded] > 0 && len(l.similar[word]) < mostSimilar {
				if l.similar == nil {
					l.similar = map[string][]term{}
				}
				t := term(v.Folded)
				if v.Doubted {
					t = term(doubtedTerm(v.Folded))
				}
				l.similar[word] = append(l.similar[word], t)
			}
		}
	}
	return nil
}

// rareWords lists the words asked for by themselves, marks or no marks, that few pages have or none.
func (l *looking) rareWords(ctx context.Context) ([]string, error) {
	var words []string
	for _, t := range singleWords(l.Query.Root, nil) {
		if !t.Prefix && !t.WantExact {
			words = append(words, t.Folded)
		}
	}
	if len(words) == 0 {
		return nil, nil
	}
	pages, err := l.pagesIndexed(ctx)
	if err != nil {
		return nil, err
	}
	known, err := l.frequencies(ctx, words)
	if err != nil {
		return nil, err
	}
	words = slices.DeleteFunc(words, func(w string) bool { return known[w] > pages/rareShare })
	if len(words) > mostRare {
		l.wasCut("similar")
		words = words[:mostRare]
	}
	return words, nil
}

// pagesIndexed is how many pages can be found, by everybody together.
func (l *looking) pagesIndexed(ctx context.Context) (n int, err error) {
	err = l.db.queryRow(ctx, `SELECT coalesce(sum(pages), 0) FROM search_days`).Scan(&n)
	return n, err
}

// frequencies are the numbers of pages of words, about.
func (l *looking) frequencies(ctx context.Context, words []string) (map[string]int, error) {
	known := map[string]int{}
	for in, args := range inLists(words) {
		_, err := collect(ctx, l.db, func(r row) (struct{}, error) {
			var w string
			var n int
			err := r.Scan(&w, &n)
			known[w] = n
			return struct{}{}, err
		}, `SELECT word, pages FROM search_words WHERE word `+in, args...)
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

func singleWords(n search.Node, list []search.Term) []search.Term {
	switch n := n.(type) {
	case search.And:
		for _, n := range n {
			list = singleWords(n, list)
		}
	case search.Or:
		for _, n := range n {
			list = singleWords(n, list)
		}
	case search.Term:
		list = append(list, n)
	}
	return list
}
