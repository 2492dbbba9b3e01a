package search

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Mark says how something on a page was found.
type Mark string

// The marks, from the least sure to the surest.
const (
	NoMark  Mark = ""
	Similar Mark = "similar" // but for what may have been misread
	Folded  Mark = "folded"  // but for its marks
	Exact   Mark = "exact"   // as it was typed, marks and all
)

// rank is 0 for NoMark, and greater the surer a mark is.
func (m Mark) rank() int { return slices.Index([]Mark{NoMark, Similar, Folded, Exact}, m) }

func weaker(a, b Mark) Mark {
	if a.rank() < b.rank() {
		return a
	}
	return b
}

// Page is a text that questions are held against.
type Page struct {
	// Doubted are the words of the layout, ascending, that were read with less confidence than Doubt. Where it is nil, any may be.
	Doubted []int

	text   string
	tokens []Token
	places []int // of the sequence: place i is tokens[places[i]]
}

// Read takes in the text of a page, as Tokens does.
func Read(text, language string) *Page {
	p := &Page{text: text, tokens: Tokens(text, language)}
	p.places = make([]int, 0, len(p.tokens))
	for i := range p.tokens {
		if !p.tokens[i].Aside {
			p.places = append(p.places, i)
		}
	}
	return p
}

// Fits says how well the words that a query wants are on the page: as surely as the least sure of those that it needs; NoMark where
// it does not fit. A filter counts as fitting.
func (p *Page) Fits(q Query) Mark {
	if q.Root == nil {
		return Exact
	}
	return p.fits(q.Root)
}

func (p *Page) fits(n Node) Mark {
	switch n := n.(type) {
	case And:
		mark := Exact
		for _, one := range n {
			mark = weaker(mark, p.fits(one))
		}
		return mark
	case Or:
		mark := NoMark
		for _, one := range n {
			if m := p.fits(one); m.rank() > mark.rank() {
				mark = m
			}
		}
		return mark
	case Not:
		if m := p.fits(n.Node); m == NoMark || m == Similar {
			return Exact
		}
		return NoMark
	case Filter:
		return Exact
	default:
		mark := NoMark
		for _, h := range p.hits(n) {
			if h.mark.rank() > mark.rank() {
				mark = h.mark
			}
		}
		return mark
	}
}

// hit is where a term or a phrase is on the page.
type hit struct {
	leaf       int // which one, of those that are wanted
	start, end int // bytes
	first      int // word of the layout
	mark       Mark
}

// wanted are the hits of all terms and phrases that a query does not negate, by place; of two on the same words the surer.
func (p *Page) wanted(q Query) []hit {
	var all []hit
	for i, leaf := range leaves(q.Root, nil) {
		for _, h := range p.hits(leaf) {
			h.leaf = i
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b hit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	return all
}

// leaves are the terms and phrases that a tree wants.
func leaves(n Node, found []Node) []Node {
	switch n := n.(type) {
	case And:
		for _, one := range n {
			found = leaves(one, found)
		}
	case Or:
		for _, one := range n {
			found = leaves(one, found)
		}
	case Term, Phrase:
		found = append(found, n)
	}
	return found
}

// hits are those of one term or phrase. What is similar counts only where nothing surer is on the page.
func (p *Page) hits(n Node) []hit {
	switch n := n.(type) {
	case Term:
		if found := p.termHits(n, Term.sure); found != nil {
			return found
		}
		return p.likest(n)
	case Phrase:
		if found := p.phraseHits(n, Term.sure); found != nil {
			return found
		}
		return p.phraseHits(n, p.near)
	default:
		return nil
	}
}

// likest are the words that are most like a term, of those that are.
func (p *Page) likest(t Term) []hit {
	var found []hit
	best := 0.0
	for i := range p.tokens {
		token := &p.tokens[i]
		weight := p.likeness(t, token)
		if weight == 0 || weight < best {
			continue
		}
		if weight > best {
			best, found = weight, nil
		}
		found = append(found, hit{start: token.Start, end: token.End, first: token.Word, mark: Similar})
	}
	return found
}

func (p *Page) termHits(t Term, fit func(Term, *Token) Mark) []hit {
	var found []hit
	for i := range p.tokens {
		token := &p.tokens[i]
		if mark := fit(t, token); mark != NoMark {
			found = append(found, hit{start: token.Start, end: token.End, first: token.Word, mark: mark})
		}
	}
	return found
}

func (p *Page) phraseHits(phrase Phrase, fit func(Term, *Token) Mark) []hit {
	var found []hit
	if phrase.Whole != "" {
		found = p.termHits(phrase.whole(), fit)
	}
	for i := range p.places {
		if mark := p.phraseAt(phrase, i, fit); mark != NoMark {
			first, last := &p.tokens[p.places[i]], &p.tokens[p.places[i+len(phrase.Terms)-1]]
			found = append(found, hit{start: first.Start, end: last.End, first: first.Word, mark: mark})
		}
	}
	return found
}

// phraseAt says how the phrase fits that would begin at place i. One word in two may be similar.
func (p *Page) phraseAt(phrase Phrase, i int, fit func(Term, *Token) Mark) Mark {
	if i+len(phrase.Terms) > len(p.places) {
		return NoMark
	}
	mark, similar := Exact, 0
	for j, t := range phrase.Terms {
		t.WantExact = t.WantExact || phrase.WantExact
		m := fit(t, &p.tokens[p.places[i+j]])
		if m == NoMark {
			return NoMark
		}
		if m == Similar {
			similar++
		}
		mark = weaker(mark, m)
	}
	if 2*similar > len(phrase.Terms) {
		return NoMark
	}
	return mark
}

// whole is the term that finds the compound of a phrase in one piece.
func (p Phrase) whole() Term {
	t := Term{Folded: p.Whole, Prefix: p.Terms[len(p.Terms)-1].Prefix}
	if p.WantExact || p.marked() {
		var b strings.Builder
		rest := p.Whole
		for _, part := range p.Terms {
			exact := part.text()
			b.WriteString(exact)
			rest = rest[len(part.Folded):]
			if strings.HasPrefix(rest, "-") {
				b.WriteByte('-')
				rest = rest[1:]
			}
		}
		t.Exact, t.WantExact = b.String(), p.WantExact
	}
	return t
}

// sure says whether a token is the term, but for its marks.
func (t Term) sure(token *Token) Mark {
	if t.Prefix {
		if !strings.HasPrefix(token.Folded, t.Folded) {
			return NoMark
		}
	} else if token.Folded != t.Folded {
		return NoMark
	}
	switch {
	case t.exactly(token.Exact):
		return Exact
	case t.WantExact:
		return NoMark
	default:
		return Folded
	}
}

// exactly reports whether a word has the term's marks. The tone of a prefix is where the whole word has it: hòa* is the beginning of
// hoàng too.
func (t Term) exactly(exact string) bool {
	want := t.text()
	if !t.Prefix || len(exact) < len(want) {
		return exact == want
	}
	if strings.HasPrefix(exact, want) {
		return true
	}
	n := utf8.RuneCountInString(want)
	for i := range exact {
		if n == 0 {
			return placeTone(exact[:i]) == want
		}
		n--
	}
	return placeTone(exact) == want
}

// near says whether a token is the term, or may be a misreading of it.
func (p *Page) near(t Term, token *Token) Mark {
	if mark := t.sure(token); mark != NoMark || p.likeness(t, token) == 0 {
		return mark
	}
	return Similar
}

// likeness is that of a token to the term, 0 where only the word itself is wanted, and where a short one was read without doubt.
func (p *Page) likeness(t Term, token *Token) float64 {
	if t.WantExact || t.Prefix {
		return 0
	}
	if p.Doubted != nil && short(t.Folded) {
		if _, doubted := slices.BinarySearch(p.Doubted, token.Word); !doubted {
			return 0
		}
	}
	return Likeness(t.Folded, token.Folded)
}

// Words are the words of the layout, from 0, that a query hits, in ascending order, each once.
func (p *Page) Words(q Query) []int {
	var words []int
	for _, h := range p.wanted(q) {
		word, blank := h.first, false
		words = append(words, word)
		for i := h.start; i < h.end; i++ {
			switch c := p.text[i]; {
			case c == ' ' || c == '\n':
				blank = true
			case blank:
				word, blank = word+1, false
				words = append(words, word)
			}
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}
