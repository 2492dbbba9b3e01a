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
	insert  string // a statement: rowid, words
	merge   string // a statement that merges pieces of the index: number of pages of the file at most; "" for none
	matches string // a condition on search_index, with an expression for its argument
	id      string // rowid, where its order or range is asked for together with matches
	ways    []scan // in which pages that fit are found, the usual one first
	// entry is the value of words for a page, write the text of an expression.
	entry func(tokens []search.Token, beside []string) string
	write func(b *strings.Builder, e expression)
	// patience is how many times as long as SQLite's the statements may take.
	patience int
	// phrases reports whether the index itself knows which words stand in a row.
	phrases bool
}

// scan is a way to find pages.
type scan struct {
	id     string // rowid, as its order and range are asked for
	before string // a statement that comes first; "" for none
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

func (d *dialect) text(e expression) string {
	var b strings.Builder
	d.write(&b, e)
	return b.String()
}

var sqliteDialect = dialect{
	insert: `INSERT INTO search_index (rowid, words) VALUES (?, ?)`,
	merge:  `INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)`, matches: `search_index MATCH ?`, id: `rowid`, ways: []scan{{id: `rowid`}},
	entry: sqliteEntry, write: writeFTS5, patience: 1, phrases: true,
}

// sqliteEntry puts what is not in the sequence behind it, each term once.
func sqliteEntry(tokens []search.Token, beside []string) string {
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
	return b.String() + rest.String()
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

// byIndex keeps PostgreSQL from holding all rows against a condition in the order of their ids.
const byIndex = `(rowid + 0)`

var postgresDialect = dialect{
	insert:  `INSERT INTO search_index (rowid, words) VALUES (?, CAST(CAST(? AS TEXT) AS tsvector))`,
	matches: `words @@ CAST(CAST(? AS TEXT) AS tsquery)`,
	id:      byIndex,
	ways:    []scan{{id: byIndex}, {id: `rowid`, before: `SET LOCAL enable_bitmapscan = off`}},
	entry:   postgresEntry, write: writeTSQuery, patience: 4,
}

// lastPosition is PostgreSQL's; behind it words are found, phrases are not.
const lastPosition = 16383

// postgresEntry puts a word with its marks, and what is aside, at the position of the word.
func postgresEntry(tokens []search.Token, beside []string) string {
	var b strings.Builder
	at := func(word string, position int) {
		b.WriteString(lexeme(word) + ":" + strconv.Itoa(min(position+1, lastPosition)) + " ")
	}
	for i := range tokens {
		at(tokens[i].Folded, tokens[i].Position)
		if tokens[i].Exact != tokens[i].Folded {
			at(exactTerm(tokens[i].Exact), tokens[i].Position)
		}
	}
	for _, t := range beside {
		b.WriteString(lexeme(t) + " ")
	}
	return b.String()
}

func lexeme(t string) string {
	return `'` + strings.NewReplacer(`'`, `''`, `\`, `\\`).Replace(t) + `'`
}

func writeTSQuery(b *strings.Builder, e expression) {
	switch e := e.(type) {
	case term:
		b.WriteString(lexeme(string(e)))
	case phrase:
		writeJoined(b, terms(e), " <-> ", writeTSQuery)
	case near:
		writeJoined(b, terms(e), " & ", writeTSQuery)
	case allOf:
		writeJoined(b, e, " & ", writeTSQuery)
	case some:
		writeJoined(b, e, " | ", writeTSQuery)
	case but:
		writeJoined(b, []expression{e.what, e.not}, " & !", writeTSQuery)
	}
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
