package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// leaf makes a term or a phrase of a word, which may be a compound, or of what stood in quotation marks.
func (p *parser) leaf(x lexeme) (Node, error) {
	text := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return ' '
		}
		return r
	}, x.text)
	atoms := scan(text)
	p.typed += len(atoms)
	switch {
	case len(atoms) == 0:
		return nil, nil
	case len(atoms) > mostWords || p.typed > mostTyped:
		return nil, p.fault(x.at, TooManyWords)
	}
	phrase := Phrase{Terms: make([]Term, len(atoms))}
	for i, a := range atoms {
		phrase.Terms[i] = Term{Folded: a.folded, Exact: a.exact}
	}
	phrase.WantExact = x.strict || x.sort == sortPhrase && phrase.marked()
	last := &phrase.Terms[len(atoms)-1]
	last.Prefix = x.prefix
	if last.Prefix && utf8.RuneCountInString(last.Folded) < 2 {
		return nil, p.fault(x.at, ShortPrefix)
	}
	if !phrase.WantExact {
		phrase.dropPlain()
	}
	if len(atoms) == 1 {
		last.WantExact = phrase.WantExact
		return *last, nil
	}
	phrase.Whole = wholeTyped(text, atoms)
	phrase.typed = phrase.spelled(text, atoms)
	return phrase, nil
}

// dropPlain forgets the exact forms of words that were typed without marks.
func (p *Phrase) dropPlain() {
	for i := range p.Terms {
		if t := &p.Terms[i]; t.Exact == t.Folded {
			t.Exact = ""
		}
	}
}

// wholeTyped is the folded whole of a compound or spaced number, "" where the atoms are more or less than one.
func wholeTyped(text string, atoms []atom) string {
	if whole, ok := wholeOf(text, atoms); ok && linkedThrough(atoms) {
		return whole.Folded
	}
	if number, ok := spacedNumber(text, atoms, 0); ok && number.End == atoms[len(atoms)-1].end {
		return number.Folded
	}
	return ""
}

func linkedThrough(atoms []atom) bool {
	for _, a := range atoms[:len(atoms)-1] {
		if !a.linked {
			return false
		}
	}
	return true
}

// spelled is the text that reads as the same phrase: with the marks of a compound in it, or with what parts the words without
// making one.
func (p *Phrase) spelled(text string, atoms []atom) string {
	var b strings.Builder
	for i := range atoms {
		if i > 0 {
			b.WriteString(p.between(text, atoms[:i+1]))
		}
		b.WriteString(atoms[i].exact)
	}
	return b.String()
}

// between is what parts the last of the atoms from the one before.
func (p *Phrase) between(text string, atoms []atom) string {
	i := len(atoms) - 1
	gap := text[atoms[i-1].end:atoms[i].start]
	bare := p.marked() && !p.WantExact // not in quotation marks
	number := gap != " " && digits(atoms[i].folded, 3, 3) && digits(atoms[i-1].folded, 1, 3)
	switch {
	case p.Whole == "" && (bare || number):
		return ".."
	case p.Whole == "" || gap == " ":
		return " "
	case thousands(text, atoms):
		return gap
	default:
		return "-"
	}
}
