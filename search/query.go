package search

import (
	"strings"
	"unicode"
)

// Query is what somebody asks for. Root is nil where nothing was asked.
type Query struct{ Root Node }

// Node is one of And, Or, Not, Term, Phrase and Filter.
type Node interface {
	// write adds the node's normal form; within is true where it has to hold together as one.
	write(b *strings.Builder, within bool)
}

// And wants all of two or more nodes, none of them an And. One of them at least is no Not.
type And []Node

// Or wants one of two or more nodes, none of them an Or.
type Or []Node

// Not wants that the node, which is no Not, does not fit. It stands in an And only.
type Not struct{ Node Node }

// Term is one word, as Token has it.
type Term struct {
	Folded string
	// Exact is "" for a word that was typed without marks, unless WantExact is set. Pages that have it come first.
	Exact     string
	WantExact bool // only Exact counts
	Prefix    bool // of at least two letters: any word that begins so
}

// Phrase is two words or more in a row. Only the last may be a prefix.
type Phrase struct {
	Terms []Term
	// Whole is the folded form of the compound that was typed, "" where it was none: 12-qd-ubnd for 12/QĐ-UBND. Who has the
	// token Whole (begins with it, where the last term is a prefix) has the phrase.
	Whole     string
	WantExact bool // the words count in the marks of their Exact, that of a whole compound too
	typed     string
}

// Filter wants one of Values of a field.
type Filter struct {
	// Field is department, station, procedure, kind, code, from, to, confidence, or the name of an extracted field.
	Field string
	// Op is ":", and for confidence one of <, <=, > and >=.
	Op string
	// Values are as typed, in NFC: at least one, none empty. That of from and to is one day, 2024-01-31, which is the first of
	// the year or month named, for to the last. That of confidence is one number from 0 to 1.
	Values []string
}

// fields are the filters that every page has.
var fields = []string{"department", "station", "procedure", "kind", "code", "from", "to", "confidence"}

// String is the query's normal form, which Parse reads as the same query.
func (q Query) String() string {
	if q.Root == nil {
		return ""
	}
	var b strings.Builder
	q.Root.write(&b, false)
	return b.String()
}

func (a And) write(b *strings.Builder, within bool) { writeList(b, a, " ", within) }

func (o Or) write(b *strings.Builder, within bool) { writeList(b, o, " OR ", within) }

func writeList(b *strings.Builder, nodes []Node, between string, within bool) {
	if within {
		b.WriteByte('(')
	}
	for i, n := range nodes {
		if i > 0 {
			b.WriteString(between)
		}
		n.write(b, true)
	}
	if within {
		b.WriteByte(')')
	}
}

func (n Not) write(b *strings.Builder, _ bool) {
	b.WriteByte('-')
	n.Node.write(b, true)
}

func (t Term) write(b *strings.Builder, _ bool) {
	if t.WantExact {
		b.WriteByte('=')
	}
	b.WriteString(t.text())
	if t.Prefix {
		b.WriteByte('*')
	}
}

// text is the word as it was typed.
func (t Term) text() string {
	if t.Exact != "" {
		return t.Exact
	}
	return t.Folded
}

func (p Phrase) write(b *strings.Builder, _ bool) {
	quote := `"`
	switch {
	case p.WantExact && !p.marked():
		b.WriteByte('=')
	case !p.WantExact && p.marked():
		quote = ""
	}
	b.WriteString(quote + p.typed)
	if p.Terms[len(p.Terms)-1].Prefix {
		b.WriteByte('*')
	}
	b.WriteString(quote)
}

// marked reports whether a word of the phrase has marks.
func (p Phrase) marked() bool {
	for _, t := range p.Terms {
		if t.Exact != "" && t.Exact != t.Folded {
			return true
		}
	}
	return false
}

func (f Filter) write(b *strings.Builder, _ bool) {
	b.WriteString(f.Field + f.Op)
	for i, v := range f.Values {
		if i > 0 {
			b.WriteByte(',')
		}
		if strings.ContainsAny(v, ",()|&") || strings.HasPrefix(v, "/") || strings.ContainsFunc(v, unicode.IsSpace) {
			v = `"` + v + `"`
		}
		b.WriteString(v)
	}
}
