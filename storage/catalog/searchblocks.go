package catalog

import (
	"crypto/sha256"
	"encoding/hex"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/search"
)

// In PostgreSQL terms are hashes, and each stands in the index once for each block of pages that has it. A search asks one block after
// another until it has what it wants, so that words that most pages have cost no more where there are more pages.

var postgresDialect = dialect{
	insert: `WITH page (rowid, known, ways, words, more, pairs) AS (SELECT CAST(? AS BIGINT), CAST(? AS SMALLINT), CAST(? AS SMALLINT),
			CAST(? AS BYTEA), CAST(? AS BYTEA), CAST(? AS BYTEA))
		INSERT INTO search_index (rowid, block, known, ways, words, more, pairs) SELECT p.rowid, b.number, p.known, p.ways, p.words, p.more, p.pairs
		FROM page p JOIN search_blocks b ON b.first = (SELECT max(first) FROM search_blocks WHERE first <= p.rowid)`,
	settled: `WITH grown AS (UPDATE search_blocks SET pages = pages + v.n FROM (SELECT CAST(? AS BIGINT) AS id, CAST(? AS INTEGER) AS n) v
			WHERE first = (SELECT max(first) FROM search_blocks WHERE first <= v.id) RETURNING first, pages)
		INSERT INTO search_blocks (first) SELECT (SELECT max(rowid) + 1 FROM search_index) FROM grown
			WHERE pages >= ` + pagesOfBlock + ` AND first = (SELECT max(first) FROM search_blocks) ON CONFLICT DO NOTHING`,
	entry: postgresEntry, hits: postgresHits, patience: 4,
}

// pagesOfBlock is from how many pages on the next block is begun. The fewer, the sooner the newest that have a frequent word are known, and
// the later that there are none of a rare one.
const pagesOfBlock = `16384`

// How much is kept of a term's hash. On what is known of a page it hangs who may see it. In what way a word is written is asked for
// together with the word.
const (
	knownSize = 8
	hashSize  = 5
	waySize   = 4
)

func hashed(t string) []byte {
	sum := sha256.Sum256([]byte(t))
	switch t[0] {
	case '@':
		return sum[:knownSize]
	case '=', '?':
		return sum[:waySize]
	}
	return sum[:hashSize]
}

// isWord reports whether a term is a word as it stands in the sequence.
func isWord(t string) bool { return !strings.ContainsRune("@=?:", rune(t[0])) }

// postgresEntry puts words that are not in the sequence behind it, as sqliteEntry does, with a gap that no phrase goes across.
func postgresEntry(tokens []search.Token, beside []string) []any {
	words, known := []byte{}, []byte{} // nil would be NULL
	var aside, fields, ways []byte
	there := make(map[string]bool, len(tokens))
	for i := range tokens {
		if t := &tokens[i]; !t.Aside {
			there[t.Folded] = true
			words = append(words, hashed(t.Folded)...)
		}
	}
	more := func(t string) {
		if there[t] {
			return
		}
		there[t] = true
		switch h := hashed(t); {
		case isWord(t):
			aside = append(aside, h...)
		case len(h) == knownSize:
			known = append(known, h...)
		case len(h) == waySize:
			ways = append(ways, h...)
		default:
			fields = append(fields, h...)
		}
	}
	for i := range tokens {
		t := &tokens[i]
		more(t.Folded)
		if t.Exact != t.Folded {
			more(exactTerm(t.Exact))
		}
	}
	for _, t := range beside {
		more(t)
	}
	if len(aside) > 0 {
		words = append(append(words, make([]byte, hashSize)...), aside...)
	}
	return []any{len(known) / knownSize, len(ways) / waySize, words, slices.Concat(known, fields, ways), pairsOf(words)}
}

// postgresHits asks block after block. The order of ids is asked for in a way that keeps PostgreSQL from going by it. Where the words of
// pages are to be looked at, that is done in this order (OFFSET 0 sees to it) and ends when there are enough.
func postgresHits(e expression, in span) (string, []any) {
	var b strings.Builder
	writeTSQuery(&b, e)
	args := []any{in.before, in.from, b.String(), in.from, in.before}
	hits := `SELECT i.rowid, i.words, i.more FROM search_index i
		WHERE search_terms(i.block, i.known, i.ways, i.words, i.more) @@ CAST(replace(CAST(? AS TEXT), '#', b.number || '.') AS TSQUERY)
		AND i.rowid + 0 >= ? AND i.rowid + 0 < ?`
	order := ` ORDER BY i.rowid + 0 ` + in.order
	if hasPhrase(e) {
		var quick, sure rowCheck
		if hasPairs(e) {
			quick.WriteString(` AND `)
			quick.pairs(e)
		}
		sure.needed(e)
		hits = `SELECT i.rowid FROM (` + hits + quick.String() + order + ` OFFSET 0) i WHERE ` + sure.String()
		order = ``
		args = slices.Concat(args, quick.args, sure.args)
	}
	return `SELECT h.rowid FROM (SELECT number FROM (SELECT number, first, lead(first) OVER (ORDER BY first) AS next FROM search_blocks) every
		WHERE first < ? AND (next > ? OR next IS NULL) ORDER BY first ` + in.order + `) b CROSS JOIN LATERAL (` + hits + order + ` LIMIT ?) h LIMIT ?`,
		append(args, in.most, in.most)
}

// wordOf is the word of which a term says how it is written; "" for other terms.
func wordOf(t string) string {
	switch t[0] {
	case '=':
		return search.Fold(t[1:])
	case '?':
		return t[1:]
	}
	return ""
}

// writeTSQuery writes what the index can tell: of a phrase that its words are there.
func writeTSQuery(b *strings.Builder, e expression) {
	switch e := e.(type) {
	case term:
		if word := wordOf(string(e)); word != "" {
			b.WriteString("(#" + hex.EncodeToString(hashed(string(e))) + "&#" + hex.EncodeToString(hashed(word)) + ")")
		} else {
			b.WriteString("#" + hex.EncodeToString(hashed(string(e))))
		}
	case phrase:
		writeJoined(b, terms(e), "&", writeTSQuery)
	case near:
		writeJoined(b, terms(e), "&", writeTSQuery)
	case allOf:
		writeJoined(b, e, "&", writeTSQuery)
	case some:
		writeJoined(b, e, "|", writeTSQuery)
	case but:
		if hasPhrase(e.not) {
			writeTSQuery(b, e.what)
		} else {
			writeJoined(b, []expression{e.what, e.not}, "&!", writeTSQuery)
		}
	}
}

// pairsOf has eight bits for each three words, and for each two in a row sets two of them: of seven pairs that are not there two seem
// to be. Pages of very many words get no more, for a row is to have room in a block of the file.
func pairsOf(words []byte) []byte {
	const most = 2000
	bits := make([]byte, min(len(words)/hashSize/3+1, most))
	for at := 0; at+2*hashSize <= len(words); at += hashSize {
		for _, n := range pair(words[at:]) {
			n %= 8 * int32(len(bits))
			bits[n/8] |= 1 << (n % 8) // as get_bit counts
		}
	}
	return bits
}

// pair gives two numbers for the first two of hashed words.
func pair(words []byte) [2]int32 {
	h := fnv.New64a()
	_, _ = h.Write(words[:2*hashSize]) // never fails
	sum := h.Sum64()
	return [2]int32{int32(sum >> 33), int32(sum & math.MaxInt32)}
}

// rowCheck is a condition on a row of search_index with its arguments.
type rowCheck struct {
	strings.Builder
	args []any
}

// needed is what pages are to be held against that the index has told to have what writeTSQuery says.
func (w *rowCheck) needed(e expression) {
	switch e := e.(type) {
	case allOf:
		w.joined(slices.DeleteFunc(slices.Clone(e), func(e expression) bool { return !hasPhrase(e) }), " AND ", w.needed)
	case but:
		switch {
		case !hasPhrase(e.not):
			w.needed(e.what)
		case !hasPhrase(e.what):
			w.not(e.not)
		default:
			w.needed(e.what)
			w.WriteString(" AND ")
			w.not(e.not)
		}
	default:
		w.fits(e)
	}
}

func (w *rowCheck) not(e expression) {
	w.WriteString("NOT ")
	w.fits(e)
}

func (w *rowCheck) fits(e expression) {
	switch e := e.(type) {
	case term:
		if word := wordOf(string(e)); word != "" {
			w.WriteByte('(')
			w.has(hashed(word), true)
			w.WriteString(" AND ")
			w.has(hashed(string(e)), false)
			w.WriteByte(')')
		} else {
			w.has(hashed(string(e)), isWord(string(e)))
		}
	case phrase:
		w.has(rowOf(e), true)
	case near:
		w.joined(terms(e), " AND ", w.fits)
	case allOf:
		w.joined(e, " AND ", w.fits)
	case some:
		w.joined(e, " OR ", w.fits)
	case but:
		w.WriteByte('(')
		w.fits(e.what)
		w.WriteString(" AND ")
		w.not(e.not)
		w.WriteByte(')')
	}
}

// hasPairs reports whether there is something for pairs to write.
func hasPairs(e expression) bool {
	switch e := e.(type) {
	case phrase:
		return len(e) > 1
	case allOf:
		return slices.ContainsFunc(e, hasPairs)
	case some:
		return !slices.ContainsFunc(e, func(e expression) bool { return !hasPairs(e) })
	case but:
		return hasPairs(e.what)
	}
	return false
}

// pairs is what all pages have that fit, and few of the others.
func (w *rowCheck) pairs(e expression) {
	switch e := e.(type) {
	case phrase:
		row := rowOf(e)
		between := "("
		for at := 0; at+2*hashSize <= len(row); at += hashSize {
			for _, n := range pair(row[at:]) {
				w.WriteString(between + `get_bit(i.pairs, CAST(? AS INTEGER) % bit_length(i.pairs)) = 1`)
				w.args = append(w.args, n)
				between = " AND "
			}
		}
		w.WriteByte(')')
	case allOf:
		w.joined(slices.DeleteFunc(slices.Clone(e), func(e expression) bool { return !hasPairs(e) }), " AND ", w.pairs)
	case some:
		w.joined(e, " OR ", w.pairs)
	case but:
		w.pairs(e.what)
	}
}

func rowOf(words phrase) []byte {
	var row []byte
	for _, t := range words {
		row = append(row, hashed(t)...)
	}
	return row
}

func (w *rowCheck) joined(of []expression, between string, write func(expression)) {
	writeJoined(&w.Builder, of, between, func(_ *strings.Builder, e expression) { write(e) })
}

func (w *rowCheck) has(hashes []byte, word bool) {
	column := "more"
	if word {
		column = "words"
	}
	w.WriteString(`position(CAST(? AS BYTEA) IN i.` + column + `) > 0`)
	w.args = append(w.args, hashes)
}
