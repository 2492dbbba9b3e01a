package catalog

import (
	"context"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/search"
)

func wordsOf(tokens []search.Token) map[string]bool {
	words := make(map[string]bool, len(tokens))
	for i := range tokens {
		words[tokens[i].Folded] = true
	}
	return words
}

// counted is how many pages the one stands for whose words are counted.
const counted = 16

func countWords(in map[string]int, id int64, words map[string]bool) {
	n := 0
	if id%counted == 0 {
		n = counted
	}
	for w := range words {
		in[w] += n
	}
}

// forgetWords notes the words of the pages that go.
func (x *indexing) forgetWords(ctx context.Context, code string) error {
	docs, ids, err := x.kept(ctx, code)
	if err != nil {
		return err
	}
	for _, d := range docs {
		for i, p := range d.Pages {
			words := wordsOf(search.Tokens(p.Text, p.Language))
			if i == 0 {
				maps.Copy(words, wordsOf(search.Tokens(d.Title+"\n"+code, "")))
			}
			countWords(x.gone, ids[p.ID], words)
		}
	}
	return nil
}

// rare is on how many pages a word at most is by its count that may have left the index with the last of them.
const rare = 4 * counted

// settle ends it: rows go into the index, words that came and went are counted, and those forgotten that are on no page any more.
func (x *indexing) settle(ctx context.Context) error {
	for _, kind := range []struct {
		then   string
		counts bool
	}{
		{`DO NOTHING`, false}, {`DO UPDATE SET pages = search_words.pages + excluded.pages`, true},
	} {
		var words []string
		for _, w := range slices.Sorted(maps.Keys(x.added)) {
			if x.added[w] > 0 == kind.counts {
				words = append(words, w)
			}
		}
		for some := range slices.Chunk(words, wordsAtOnce) {
			args := make([]any, 0, 2*len(some))
			for _, w := range some {
				args = append(args, w, max(x.added[w], 1))
			}
			_, err := x.t.exec(ctx, `INSERT INTO search_words (word, pages) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(some)-1)+` ON CONFLICT (word) `+kind.then, args...)
			if err != nil {
				return err
			}
		}
	}
	if err := x.insert(ctx); err != nil {
		return err
	}
	return x.forgotten(ctx)
}

func (x *indexing) insert(ctx context.Context) error {
	d := x.db.dialect()
	for _, r := range x.rows {
		if _, err := x.t.exec(ctx, d.insert, append([]any{r.id}, r.entry...)...); err != nil {
			return err
		}
	}
	if d.settled == "" || len(x.rows) == 0 {
		return nil
	}
	_, err := x.t.exec(ctx, d.settled, x.rows[len(x.rows)-1].id, len(x.rows))
	return err
}

const wordsAtOnce = 500

func (x *indexing) forgotten(ctx context.Context) error {
	var left []string
	for _, w := range slices.Sorted(maps.Keys(x.gone)) {
		if n := x.gone[w]; n > 0 {
			_, err := x.t.exec(ctx, `UPDATE search_words SET pages = CASE WHEN pages > ? THEN pages - ? ELSE 1 END WHERE word = ?`, n, n, w)
			if err != nil {
				return err
			}
		}
		if _, still := x.added[w]; !still {
			left = append(left, w)
		}
	}
	for in, args := range inLists(left) {
		words, err := collect(ctx, x.t, scanOne[string], `SELECT word FROM search_words WHERE word `+in+` AND pages <= ?`, append(args, rare)...)
		if err != nil {
			return err
		}
		for _, w := range words {
			var there int
			hits, args := x.db.dialect().hits(term(w), span{0, math.MaxInt64, `DESC`, 1})
			err := x.t.queryRow(ctx, `SELECT count(*) FROM (`+hits+`) any_page`, args...).Scan(&there)
			if err == nil && there == 0 {
				_, err = x.t.exec(ctx, `DELETE FROM search_words WHERE word = ?`, w)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
