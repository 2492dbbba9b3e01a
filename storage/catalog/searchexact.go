package catalog

import (
	"slices"

	"github.com/dossierd/dossierd/search"
)

// exactly wants all words of a query in the marks they were typed with.
func exactly(q search.Query) search.Query {
	return search.Query{Root: exactNode(q.Root)}
}

func exactNode(n search.Node) search.Node {
	switch n := n.(type) {
	case search.And:
		return search.And(eachExact(n))
	case search.Or:
		return search.Or(eachExact(n))
	case search.Not:
		return search.Not{Node: exactNode(n.Node)}
	case search.Term:
		return exactWord(n)
	case search.Phrase:
		n.Terms = slices.Clone(n.Terms)
		for i := range n.Terms {
			n.Terms[i] = exactWord(n.Terms[i])
			n.Terms[i].WantExact = false
		}
		n.WantExact = true
		return n
	}
	return n
}

func eachExact(of []search.Node) []search.Node {
	list := make([]search.Node, 0, len(of))
	for _, n := range of {
		list = append(list, exactNode(n))
	}
	return list
}

func exactWord(t search.Term) search.Term {
	if t.Exact == "" {
		t.Exact = t.Folded
	}
	t.WantExact = true
	return t
}

// exactNodes lists what every hit has in the marks it was typed with, where the index alone does not tell: phrases, and words that
// have none.
func exactNodes(n search.Node) []search.Node {
	switch n := n.(type) {
	case search.And:
		var list []search.Node
		for _, n := range n {
			list = append(list, exactNodes(n)...)
		}
		return list
	case search.Phrase:
		if n.WantExact {
			return []search.Node{n}
		}
	case search.Term:
		if n.WantExact && n.Exact == n.Folded {
			return []search.Node{n}
		}
	}
	return nil
}
