package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a question may have at most.
const (
	mostLetters = 10_000
	mostWords   = 100   // and values of filters, each counted once where it is repeated in one list
	mostTyped   = 1_000 // words, however often one is repeated
	mostDepth   = 20    // of parentheses
)

// Parse reads a question. All of its words are wanted (AND), or one of those between OR or |, of which AND binds more tightly;
// what follows NOT or - is not; "..." is a phrase, * the rest of a word, = what is wanted in the marks that it is typed
// with, as is a phrase that is typed with marks; field:value,value is a filter.
//
// What is meant is read where it is plain: a quotation mark or parenthesis that is not closed, an OR with nothing on one side, a
// sign on its own. The error is a *SyntaxError.
func Parse(text string) (Query, error) {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	p := parser{lexer: lexer{text: text}}
	if utf8.RuneCountInString(text) > mostLetters {
		return Query{}, p.fault(0, TooLong)
	}
	if strings.TrimSpace(text) == "" {
		return Query{}, nil
	}
	if err := p.advance(); err != nil {
		return Query{}, err
	}
	root, err := p.or(0)
	switch {
	case err != nil:
		return Query{}, err
	case root == nil:
		return Query{}, p.fault(0, NoWords)
	case !positive(root):
		return Query{}, p.fault(p.firstNot, OnlyNot)
	case count(root) > mostWords:
		return Query{}, p.fault(0, TooManyWords)
	}
	return Query{root}, nil
}

// parser builds the tree. A nil node is one that nothing was left of.
type parser struct {
	lexer
	now      lexeme
	typed    int // words so far
	nots     int
	firstNot int
}

func (p *parser) advance() (err error) {
	p.now, err = p.next()
	return err
}

func (p *parser) or(depth int) (Node, error) {
	var nodes []Node
	for {
		node, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		if or, ok := node.(Or); ok {
			nodes = append(nodes, or...)
		} else if node != nil {
			nodes = append(nodes, node)
		}
		if p.now.sort != sortOr {
			break
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	nodes = distinct(nodes)
	if len(nodes) > 1 {
		return Or(nodes), nil
	}
	return only(nodes), nil
}

func (p *parser) and(depth int) (Node, error) {
	var nodes []Node
	for p.now.sort != sortOr && p.now.sort != sortEnd && (p.now.sort != sortClose || depth == 0) {
		node, err := p.one(depth)
		if err != nil {
			return nil, err
		}
		if and, ok := node.(And); ok {
			nodes = append(nodes, and...)
		} else if node != nil {
			nodes = append(nodes, node)
		}
	}
	nodes = distinct(nodes)
	if len(nodes) > 1 {
		return And(nodes), nil
	}
	return only(nodes), nil
}

// one reads a word, phrase, filter or group, with what negates it. AND, and a parenthesis that closes nothing, are passed over.
func (p *parser) one(depth int) (Node, error) {
	now := p.now
	if err := p.advance(); err != nil {
		return nil, err
	}
	switch now.sort {
	case sortWord, sortPhrase:
		return p.leaf(now)
	case sortFilter:
		return now.filter, nil
	case sortNot:
		return p.not(now.at, depth)
	case sortOpen:
		return p.group(now.at, depth)
	default:
		return nil, nil
	}
}

// not reads what follows one NOT or several.
func (p *parser) not(at, depth int) (Node, error) {
	if p.nots++; p.nots == 1 {
		p.firstNot = at
	}
	odd := true
	for p.now.sort == sortNot {
		odd = !odd
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if p.now.sort == sortEnd || p.now.sort == sortOr || p.now.sort == sortClose && depth > 0 {
		return nil, nil
	}
	node, err := p.one(depth)
	if err != nil || node == nil || !odd {
		return node, err
	}
	if not, ok := node.(Not); ok {
		return not.Node, nil
	}
	return Not{node}, nil
}

func (p *parser) group(at, depth int) (Node, error) {
	if depth == mostDepth {
		return nil, p.fault(at, TooDeep)
	}
	node, err := p.or(depth + 1)
	if err == nil && p.now.sort == sortClose {
		err = p.advance()
	}
	return node, err
}

func only(nodes []Node) Node {
	if len(nodes) == 0 {
		return nil
	}
	return nodes[0]
}

// distinct drops the nodes that stand in the list already.
func distinct(nodes []Node) []Node {
	if len(nodes) < 2 {
		return nodes
	}
	seen := make(map[string]bool, len(nodes))
	kept := nodes[:0]
	for _, n := range nodes {
		text := Query{n}.String()
		if !seen[text] {
			seen[text] = true
			kept = append(kept, n)
		}
	}
	return kept
}

// positive reports whether a node, and each one in it that has to, says what is wanted and not only what is not.
func positive(n Node) bool {
	switch n := n.(type) {
	case And:
		found := false
		for _, one := range n {
			not, negated := one.(Not)
			if negated && !positive(not.Node) || !negated && !positive(one) {
				return false
			}
			found = found || !negated
		}
		return found
	case Or:
		for _, one := range n {
			if !positive(one) {
				return false
			}
		}
		return true
	case Not:
		return false
	default:
		return true
	}
}

// count is the number of words and values in a tree.
func count(n Node) int {
	switch n := n.(type) {
	case And:
		return countAll(n)
	case Or:
		return countAll(n)
	case Not:
		return count(n.Node)
	case Phrase:
		return len(n.Terms)
	case Filter:
		return len(n.Values)
	default:
		return 1
	}
}

func countAll(nodes []Node) int {
	sum := 0
	for _, n := range nodes {
		sum += count(n)
	}
	return sum
}
