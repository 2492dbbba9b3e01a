package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// atom is a run of letters and digits with nothing between them.
type atom struct {
	exact, folded string
	start, end    int
	word          int
	linked        bool   // to the next atom, by one mark in the same word
	pieces        []atom // of a word that a line's end cut in two
}

// links are the marks that hold the parts of a compound together.
const links = "/-.,:_&@+'\u2019\u02bc\u2010\u2011\u2013"

// scanner finds the atoms of a text.
type scanner struct {
	text    string
	atoms   []atom
	word    int
	start   int // of the run in hand, -1 between runs
	letters int // in the run in hand
	digit   bool
}

func scan(text string) []atom {
	s := scanner{text: text, atoms: make([]atom, 0, len(text)/5+1), word: -1, start: -1}
	between := true
	for i, r := range text {
		switch {
		case r == ' ' || r == '\n':
			s.end(i)
			between = true
			continue
		case between:
			s.word++
			between = false
		}
		s.take(i, r)
	}
	s.end(len(text))
	return s.atoms
}

// take adds a rune to the run in hand, ends the run, or begins one.
func (s *scanner) take(i int, r rune) {
	var mark, digit bool
	if int(r) < len(latin) && latin[r].exact != 0 {
		digit = '0' <= r && r <= '9'
	} else {
		mark, digit = unicode.Is(unicode.M, r), unicode.IsDigit(r)
		if !mark && !digit && !isLetter(r) {
			s.end(i)
			return
		}
	}
	n := 0
	if !mark {
		n = letters(r)
	}
	if s.start >= 0 && (s.letters+n > longestAtom || i-s.start > 4*longestAtom || !mark && digit != s.digit && s.parts(i, digit)) {
		s.end(i)
	}
	if s.start < 0 {
		s.start, s.letters = i, 0
	}
	s.letters += n
	if !mark {
		s.digit = digit
	}
}

// letters is how many letters a rune becomes.
func letters(r rune) int {
	if int(r) < len(latin) && latin[r].exact != 0 {
		return 1
	}
	n := 0
	for _, p := range norm.NFKC.String(string(r)) {
		if strings.ContainsRune(doubles, p) {
			n++
		}
		n++
	}
	return n
}

// parts reports whether the run in hand ends where letters follow its digits, or digits its letters: where a blank was not read
// (ngày05), and before the name of a currency. H42, 1er and th0ng are one.
func (s *scanner) parts(i int, digit bool) bool {
	before, after := s.text[s.start:i], s.text[i:]
	if digit {
		return same(before, isLetter, 3) && begins(after, unicode.IsDigit) >= 2
	}
	n := begins(after, isLetter)
	first, _ := utf8.DecodeRuneInString(after)
	return n >= 3 && same(before, unicode.IsDigit, 2) || n == 1 && strings.ContainsRune("đĐðÐ", first) && same(before, unicode.IsDigit, 1)
}

// same reports whether a text is of so many letters or digits or more, and all are of one class. Marks don't count.
func same(text string, class func(rune) bool, least int) bool {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.M, r):
		case !class(r):
			return false
		default:
			n += letters(r)
		}
	}
	return n >= least
}

// begins counts the letters or digits of a class that a text begins with, up to three or a few more. Marks don't count.
func begins(text string, class func(rune) bool) int {
	n := 0
	for _, r := range text {
		if unicode.Is(unicode.M, r) {
			continue
		}
		if n >= 3 || !class(r) {
			break
		}
		n += letters(r)
	}
	return n
}

// isLetter reports whether a rune is a letter, Roman numbers among them. The apostrophe that Unicode calls one is none.
func isLetter(r rune) bool {
	return (unicode.IsLetter(r) || unicode.Is(unicode.Nl, r)) && r != '\u02bb' && r != '\u02bc'
}

// end adds the run in hand, and links it to the one before it where one mark is between them.
func (s *scanner) end(i int) {
	if s.start < 0 {
		return
	}
	a := atom{start: s.start, end: i, word: s.word}
	s.start = -1
	a.exact, a.folded = normal(s.text[a.start:a.end])
	if a.folded == "" {
		return
	}
	if n := len(s.atoms); n > 0 {
		before := &s.atoms[n-1]
		before.linked = before.word == a.word && isLink(s.text[before.end:a.start])
	}
	s.atoms = append(s.atoms, a)
}

// isLink reports whether what is between two atoms is one of the links.
func isLink(between string) bool {
	r, size := utf8.DecodeRuneInString(between)
	return size > 0 && size == len(between) && strings.ContainsRune(links, r)
}
