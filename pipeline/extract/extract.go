// Package extract tells what sort of paper a document is and reads its fields, each with the place it was read from and
// how sure it is.
//
// It owns the kinds: the YAML files that describe them, the recognition of a kind and the search for its fields, on word boxes
// and not on reading order. How a type of value is written, and whether it can be, pipeline/extract/value knows; which pages
// form a document, pipeline/separate. Nothing is decided silently: a field that was read weakly, mended, or read differently
// by two sources says so in its warnings.
//
// Its tests measure it on made papers (testdata/papers) and on real notices: share of exact values, wrong values that carry no
// warning, and whether confidence keeps its word.
package extract

import (
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// Kinds are the sorts of paper that are known. They are safe for concurrent use.
type Kinds struct {
	list []*Kind // by name
}

// With gives the kinds and one more, in the place of one of the same name.
func (k *Kinds) With(other *Kind) *Kinds {
	list := slices.DeleteFunc(slices.Clone(k.list), func(old *Kind) bool { return old.Name == other.Name })
	return &Kinds{list: append(list, other)}
}

// All lists the kinds by name.
func (k *Kinds) All() []*Kind { return slices.Clone(k.list) }

// Kind is the kind of a name; nil where there is none.
func (k *Kinds) Kind(name string) *Kind {
	i, found := slices.BinarySearchFunc(k.list, name, func(k *Kind, name string) int { return strings.Compare(k.Name, name) })
	if !found {
		return nil
	}
	return k.list[i]
}

// Recognise tells the kind of the paper that begins with a page, and how sure that is, 0..1: "" and the best score where no
// kind reaches its threshold.
func (k *Kinds) Recognise(page *dossier.Page) (kind string, score float64) {
	best, score := k.recognise(newSheet(page), codesOf(page))
	if best == nil {
		return "", score
	}
	return best.Name, score
}

// Document describes the paper that is made of the pages. Fields count pages from 1 within them; FirstPage and LastPage do as
// well. codes are the texts of the paper's symbols, beside those that the pages carry.
func (k *Kinds) Document(pages []*dossier.Page, codes []string) dossier.Document {
	doc := dossier.Document{FirstPage: 1, LastPage: len(pages)}
	l := newLook(pages, codes)
	// The first page tells the kind, as its head does; of a card its other side may have been scanned first.
	var kind *Kind
	for _, s := range l.sheets {
		best, score := k.recognise(s, l.codes)
		if best != nil && (kind == nil || score > doc.Confidence+0.2) {
			kind, doc.Confidence = best, score
		}
	}
	if kind == nil {
		return doc
	}
	doc.Kind = kind.Name
	for _, t := range kind.try(l) {
		if t.Field != nil {
			doc.Fields = append(doc.Fields, *t.Field)
		}
	}
	doc.Title = kind.titleOf(&doc, pages[0].Language)
	return doc
}

// titleOf is the first of the kind's titles whose values are all known and sure enough to be shown.
func (k *Kind) titleOf(doc *dossier.Document, language string) string {
	values := map[string]string{}
	for _, f := range doc.Fields {
		if f.Confidence >= 0.5 {
			values[f.Name] = f.Value
		}
	}
	for _, pattern := range k.titles {
		if title, ok := fill(pattern, values); ok {
			return title
		}
	}
	return k.Title(map[string]string{"vie": "vi", "fra": "fr", "eng": "en"}[language])
}

// codesOf are the texts of the symbols on a page.
func codesOf(p *dossier.Page) []string {
	var codes []string
	for _, b := range p.Barcodes {
		codes = append(codes, b.Text)
	}
	return codes
}

// recognise finds the kind with the highest score that reaches its threshold.
func (k *Kinds) recognise(s *sheet, codes []string) (*Kind, float64) {
	var best *Kind
	top, below := 0.0, 0.0
	for _, kind := range k.list {
		switch score := kind.score(s, codes); {
		case score >= kind.threshold && score > top:
			best, top = kind, score
		case score < kind.threshold:
			below = max(below, score)
		}
	}
	if best == nil {
		return nil, below
	}
	return best, min(1, top)
}

// score adds up the weights of the clues that the sheet shows. It may exceed 1: of two kinds that are both certain, the one
// with more to say for it wins.
func (k *Kind) score(s *sheet, codes []string) float64 {
	score := 0.0
	for i := range k.clues {
		if k.clues[i].shown(s, codes) {
			score += k.clues[i].weight
		}
	}
	return max(0, score)
}

func (c *clue) shown(s *sheet, codes []string) bool {
	switch {
	case c.mrz:
		return s.mrz() != nil
	case c.code != nil:
		return slices.ContainsFunc(codes, c.code.MatchString)
	case c.pattern != nil:
		return slices.ContainsFunc(s.runs, func(r run) bool {
			return s.holdsWords(c.zone, r.first, r.last) && c.pattern.MatchString(foldLine(s.text(r)))
		})
	}
	for i := range s.words {
		for n := range c.words {
			if last, _, ok := c.words[n].at(s, i); ok && s.holdsWords(c.zone, i, last) {
				return true
			}
		}
	}
	return false
}

// Clue is one thing by which a kind is recognised, and whether a page shows it.
type Clue struct {
	Says   string // the words, the pattern, "mrz"
	Weight float64
	Shown  bool
}

// Clues says of each of the kind's clues, in its order, whether a page shows it.
func (k *Kind) Clues(page *dossier.Page, codes []string) []Clue {
	s := newSheet(page)
	codes = append(codesOf(page), codes...)
	clues := make([]Clue, 0, len(k.clues))
	for i := range k.clues {
		c := &k.clues[i]
		clues = append(clues, Clue{Says: c.says(), Weight: c.weight, Shown: c.shown(s, codes)})
	}
	return clues
}

func (c *clue) says() string {
	switch {
	case c.mrz:
		return "mrz"
	case c.code != nil:
		return c.code.String()
	case c.pattern != nil:
		return c.pattern.String()
	}
	written := make([]string, 0, len(c.words))
	for _, p := range c.words {
		written = append(written, p.written)
	}
	return strings.Join(written, " | ")
}
