package catalog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// Completion is what stands in a dossier and begins as somebody wrote.
type Completion struct {
	Text  string // in lower case, with its marks
	Count int    // how often it stands there
}

const (
	mostCompletions = 20
	mostCompleted   = 200 // pages whose texts are read for one answer
)

// Complete lists what begins as somebody wrote in the latest version of a dossier, 20 at most. Marks are gone by as in a search:
// without them every word fits, and those that fit with the marks that were written come first; then the most frequent ones. Of several
// words only the last one is to be completed. The texts of 200 pages are read: in a longer dossier the first ones that have such words
// by the index, or where a single letter alone was written the first ones. It returns ErrNotFound for a dossier that who does not see; of
// pages that who does not see nothing is told.
func (c *Catalog) Complete(ctx context.Context, who dossier.Principal, code, begun string) ([]Completion, error) {
	if err := sees(ctx, c.db, who.Scope, code); err != nil {
		return nil, err
	}
	asked := sequence(search.Tokens(begun, ""))
	if len(asked) == 0 {
		return nil, nil
	}
	counts, err := c.countCompletions(ctx, who, code, asked)
	if err != nil {
		return nil, wrapped(err, "complete words of %s", code)
	}
	return bestOf(counts, asked), nil
}

func (c *Catalog) countCompletions(ctx context.Context, who dossier.Principal, code string, asked []search.Token) (map[string]int, error) {
	beginning, ids, err := c.pagesBegun(ctx, who, code, asked)
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	count := func(r row) (struct{}, error) {
		var language string
		var packed []byte
		if err := r.Scan(&language, &packed); err != nil {
			return struct{}{}, err
		}
		text, _, err := c.texts.unpack(packed)
		countBegun(counts, sequence(search.Tokens(text, language)), asked)
		return struct{}{}, err
	}
	const texts = `SELECT p.language, t.text FROM search_dossiers d JOIN search_pages p ON p.id >= d.first AND p.id < d.first + d.pages
		JOIN search_texts t ON t.id = p.id WHERE d.code = ? AND p.personal <= ?`
	if beginning {
		_, err = collect(ctx, c.db, count, texts+` ORDER BY p.page LIMIT ?`, code, asInt(who.Clear), mostCompleted)
		return counts, err
	}
	for in, args := range inLists(ids) {
		if _, err = collect(ctx, c.db, count, texts+` AND p.id `+in, append([]any{code, asInt(who.Clear)}, args...)...); err != nil {
			return nil, err
		}
	}
	return counts, nil
}

// pagesBegun asks the index for pages of a long dossier that have words that begin so. beginning is true where the first pages are to be
// gone through instead: of one that is not long, for a single letter alone, and where the index does not tell in time.
func (c *Catalog) pagesBegun(ctx context.Context, who dossier.Principal, code string, asked []search.Token) (beginning bool, ids []int64, err error) {
	var first, pages int64
	err = c.db.queryRow(ctx, `SELECT first, pages FROM search_dossiers WHERE code = ?`, code).Scan(&first, &pages)
	if errors.Is(noRow(err), ErrNotFound) {
		return true, nil, nil
	}
	if err != nil || pages <= mostCompleted {
		return true, nil, err
	}
	l := &looking{Catalog: c}
	var wanted []expression
	last := len(asked) - 1
	for _, t := range asked[:last] {
		wanted = append(wanted, term(t.Folded))
	}
	if begun := asked[last].Folded; len(begun) > 1 {
		words, err := l.begun(ctx, begun, mostBegun)
		if err != nil {
			return false, nil, err
		}
		wanted = append(wanted, either(terms(words)))
	}
	if len(wanted) == 0 {
		return true, nil, nil
	}
	e := both(wanted...)
	if !who.Clear {
		e = but{e, term(personalPage)}
	}
	ids, cut, err := l.idsIn(ctx, "all", e, first, first+pages, `DESC`, mostCompleted, mainPatience)
	return cut, ids, err
}

// sequence are the tokens that stand one after the other.
func sequence(tokens []search.Token) []search.Token {
	return slices.DeleteFunc(tokens, func(t search.Token) bool { return t.Aside })
}

// countBegun counts the rows of words that begin as those asked for.
func countBegun(in map[string]int, words, asked []search.Token) {
	last := len(asked) - 1
	for end := last; end < len(words); end++ {
		row := words[end-last : end+1]
		if strings.HasPrefix(row[last].Folded, asked[last].Folded) &&
			slices.EqualFunc(row[:last], asked[:last], func(a, b search.Token) bool { return a.Folded == b.Folded }) {
			in[exactRow(row)]++
		}
	}
}

func exactRow(row []search.Token) string {
	words := make([]string, 0, len(row))
	for i := range row {
		words = append(words, row[i].Exact)
	}
	return strings.Join(words, " ")
}

func bestOf(counts map[string]int, asked []search.Token) []Completion {
	all := make([]Completion, 0, len(counts))
	for text, n := range counts {
		all = append(all, Completion{text, n})
	}
	written := exactRow(asked)
	other := func(c Completion) int { return asInt(!strings.HasPrefix(c.Text, written)) }
	slices.SortFunc(all, func(a, b Completion) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Text, b.Text))
	})
	return all[:min(len(all), mostCompletions)]
}
