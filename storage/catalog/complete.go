package catalog

import (
	"cmp"
	"context"
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
	mostCompleted   = 2000 // pages of a dossier that are gone through
)

// Complete lists what begins as somebody wrote on the first 2,000 pages of the latest version of a dossier, 20 at most. Marks are gone
// by as in a search: without them every word fits, and those that fit with the marks that were written come first; then the most
// frequent ones. Of several words only the last one is to be completed. It returns ErrNotFound for a dossier that who does not see.
func (c *Catalog) Complete(ctx context.Context, who dossier.Principal, code, begun string) ([]Completion, error) {
	if err := sees(ctx, c.db, who.Scope, code); err != nil {
		return nil, err
	}
	asked := sequence(search.Tokens(begun, ""))
	if len(asked) == 0 {
		return nil, nil
	}
	counts := map[string]int{}
	_, err := collect(ctx, c.db, func(r row) (struct{}, error) {
		var language string
		var packed []byte
		if err := r.Scan(&language, &packed); err != nil {
			return struct{}{}, err
		}
		text, _, err := c.texts.unpack(packed)
		countBegun(counts, sequence(search.Tokens(text, language)), asked)
		return struct{}{}, err
	}, `SELECT p.language, t.text FROM search_dossiers d JOIN search_pages p ON p.id >= d.first AND p.id < d.first + d.pages
		JOIN search_texts t ON t.id = p.id WHERE d.code = ? AND p.personal <= ? ORDER BY p.page LIMIT ?`, code, asInt(who.Clear), mostCompleted)
	if err != nil {
		return nil, wrapped(err, "complete words of %s", code)
	}
	return bestOf(counts, asked), nil
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
