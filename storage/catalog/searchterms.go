package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dossierd/dossierd/search"
)

// What the index has of a page is a row of terms. First come its words, folded, in their sequence: of these phrases are made.
// Terms of other sorts are known by how they begin, which no word does:
//
//	=quyết                       a word with its marks, where it has some
//	?quyet                       a word that may have been misread
//	@department:so-tu-phap       what the catalogue knows of the page
//	:issuer:ubnd                 a word of a field of its document; :title: of the document's title
const (
	everyPage    = "@page"
	noPage       = "@none"
	personalPage = "@personal"
)

func doubtedTerm(word string) string { return "?" + word }

func exactTerm(word string) string { return "=" + word }

// knownTerm is the term of what the catalogue knows of a page. Other values make other terms, whatever is in them: who may see
// what hangs on it.
func knownTerm(field, value string) string { return "@" + field + ":" + escaped(value) }

func fieldTerm(field, word string) string { return ":" + escaped(field) + ":" + word }

// titleField is the name that a document's title has among its fields.
const titleField = "title"

func dayTerm(day int) string { return "@day:" + strconv.Itoa(day) }

// confidenceTerm counts hundredths, rounded down.
func confidenceTerm(hundredths int) string { return "@confidence:" + strconv.Itoa(hundredths) }

func escaped(value string) string {
	var b strings.Builder
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "_%02x", c)
		}
	}
	return b.String()
}

// expression is a condition on terms. Its zero value, nil, is none.
type expression interface{ isExpression() }

type (
	term   string
	phrase []string // terms in a row; one at least
	near   []string // terms with at most ten others between them
	allOf  []expression
	some   []expression
	but    struct{ what, not expression }
)

func (term) isExpression()   {}
func (phrase) isExpression() {}
func (near) isExpression()   {}
func (allOf) isExpression()  {}
func (some) isExpression()   {}
func (but) isExpression()    {}

// both is what fits all expressions that are not nil.
func both(of ...expression) expression {
	of = slices.DeleteFunc(of, func(e expression) bool { return e == nil })
	if len(of) == 1 {
		return of[0]
	}
	return allOf(of)
}

// either is what fits one of the expressions; nothing does where there is none.
func either(of []expression) expression {
	switch len(of) {
	case 0:
		return term(noPage)
	case 1:
		return of[0]
	}
	return some(of)
}

// besides is what is left of a condition where all these words are known to be on a page; nil for nothing.
func besides(e expression, words []string) expression {
	switch e := e.(type) {
	case term:
		if slices.Contains(words, string(e)) {
			return nil
		}
	case allOf:
		var left []expression
		for _, one := range e {
			if one = besides(one, words); one != nil {
				left = append(left, one)
			}
		}
		if len(left) == 0 {
			return nil
		}
		return both(left...)
	case but:
		if what := besides(e.what, words); what != nil {
			return but{what, e.not}
		}
	}
	return e
}

func terms(of []string) []expression {
	list := make([]expression, 0, len(of))
	for _, t := range of {
		list = append(list, term(t))
	}
	return list
}

// dialect is how a database's index is written and asked.
type dialect struct {
	insert string // a statement: rowid, and what entry gives for it
	merge  string // a statement that merges pieces of the index: number of pages of the file at most; "" for none
	// settled is a statement that follows when rows were inserted: rowid of the last, number of rows; "" for none.
	settled string
	// entry is what is kept of a page's terms.
	entry func(tokens []search.Token, beside []string) []any
	// hits is a statement for the rowids of pages that fit.
	hits func(e expression, in span) (string, []any)
	// patience is how many times as long as SQLite's the statements may take.
	patience int
	// near reports whether the index knows which words are near each other.
	near bool
}

// span is which of the pages that fit are wanted, in the order of their ids.
type span struct {
	from   int64  // lowest id
	before int64  // lowest that is too high
	order  string // ASC or DESC
	most   int
}

// broad is the number of alternatives from which on a condition is taken to fit nearly every page: a prefix of two letters.
const broad = 64

func isBroad(e expression) bool {
	switch e := e.(type) {
	case some:
		return len(e) >= broad || slices.ContainsFunc(e, isBroad)
	case allOf:
		return slices.ContainsFunc(e, isBroad)
	case but:
		return isBroad(e.what)
	}
	return false
}

var sqliteDialect = dialect{
	insert: `INSERT INTO search_index (rowid, words) VALUES (?, ?)`,
	merge:  `INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)`,
	entry:  sqliteEntry, hits: sqliteHits, patience: 1, near: true,
}

func sqliteHits(e expression, in span) (string, []any) {
	var b strings.Builder
	writeFTS5(&b, e)
	return `SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid ` + in.order + ` LIMIT ?`,
		[]any{b.String(), in.from, in.before, in.most}
}

// sqliteEntry puts what is not in the sequence behind it, each term once.
func sqliteEntry(tokens []search.Token, beside []string) []any {
	var b, rest strings.Builder
	known := make(map[string]bool, len(tokens))
	more := func(t string) {
		if !known[t] {
			known[t] = true
			rest.WriteByte(' ')
			rest.WriteString(t)
		}
	}
	for i := range tokens {
		t := &tokens[i]
		if t.Aside {
			more(t.Folded)
		} else {
			b.WriteByte(' ')
			b.WriteString(t.Folded)
		}
		if t.Exact != t.Folded {
			more(exactTerm(t.Exact))
		}
	}
	for _, t := range beside {
		more(t)
	}
	return []any{b.String() + rest.String()}
}

func writeFTS5(b *strings.Builder, e expression) {
	switch e := e.(type) {
	case term:
		b.WriteString(`"` + string(e) + `"`)
	case phrase:
		b.WriteString(`"` + strings.Join(e, " ") + `"`)
	case near:
		b.WriteString(`NEAR("` + strings.Join(e, `" "`) + `", 10)`)
	case allOf:
		writeJoined(b, e, " AND ", writeFTS5)
	case some:
		writeJoined(b, e, " OR ", writeFTS5)
	case but:
		writeJoined(b, []expression{e.what, e.not}, " NOT ", writeFTS5)
	}
}

func writeJoined(b *strings.Builder, of []expression, between string, write func(*strings.Builder, expression)) {
	b.WriteByte('(')
	for i, e := range of {
		if i > 0 {
			b.WriteString(between)
		}
		write(b, e)
	}
	b.WriteByte(')')
}

// relaxed is a condition that the index can tell alone where it does not know which words stand in a row, and that all fit which fit e.
func relaxed(e expression) expression {
	switch e := e.(type) {
	case phrase:
		return both(terms(e)...)
	case near:
		return both(terms(e)...)
	case allOf:
		return both(eachRelaxed(e)...)
	case some:
		return either(eachRelaxed(e))
	case but:
		if hasPhrase(e.not) {
			return relaxed(e.what)
		}
		return but{relaxed(e.what), e.not}
	}
	return e
}

func eachRelaxed(of []expression) []expression {
	list := make([]expression, 0, len(of))
	for _, e := range of {
		list = append(list, relaxed(e))
	}
	return list
}

func hasPhrase(e expression) bool {
	switch e := e.(type) {
	case phrase:
		return true
	case allOf:
		return slices.ContainsFunc(e, hasPhrase)
	case some:
		return slices.ContainsFunc(e, hasPhrase)
	case but:
		return hasPhrase(e.what) || hasPhrase(e.not)
	}
	return false
}

// longestTerm is what both databases take; no word is nearly as long.
const longestTerm = 500

func fitting(t string) bool {
	return len(t) <= longestTerm && utf8.ValidString(t) && !strings.ContainsRune(t, 0)
}
