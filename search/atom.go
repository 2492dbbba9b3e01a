package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/fold"
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
	mark, digit := unicode.Is(unicode.M, r), unicode.IsDigit(r)
	if !mark && !digit && !unicode.IsLetter(r) && !unicode.Is(unicode.Nl, r) {
		s.end(i)
		return
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
	switch {
	case r == 'œ' || r == 'Œ' || r == 'æ' || r == 'Æ' || r == 'ß' || r == 'ẞ':
		return 2
	case r < 0x2000:
		return 1
	default:
		return max(1, utf8.RuneCountInString(norm.NFKC.String(string(r))))
	}
}

// parts reports whether the run in hand ends where letters follow its digits, or digits its letters: where a blank was not read
// (ngày05), and before the name of a currency. H42, 1er and th0ng are one.
func (s *scanner) parts(i int, digit bool) bool {
	before, after := s.text[s.start:i], s.text[i:]
	if digit {
		return same(before, unicode.IsLetter, 3) && begins(after, unicode.IsDigit) >= 2
	}
	if !same(before, unicode.IsDigit, 1) {
		return false
	}
	n := begins(after, unicode.IsLetter)
	return n >= 3 && len(before) >= 2 || n == 1 && (after[0] == "đ"[0] && strings.HasPrefix(after, "đ") || strings.HasPrefix(after, "Đ"))
}

// same reports whether a text has so many runes or more, and all are of one class.
func same(text string, class func(rune) bool, least int) bool {
	return strings.IndexFunc(text, func(r rune) bool { return !class(r) }) < 0 && utf8.RuneCountInString(text) >= least
}

// begins counts the runes of a class that a text begins with, up to three.
func begins(text string, class func(rune) bool) int {
	n := 0
	for _, r := range text {
		if n == 3 || !class(r) {
			break
		}
		n++
	}
	return n
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

// normal gives the exact and the folded form of an atom.
func normal(text string) (exact, folded string) {
	if plain(text) {
		return text, text
	}
	exact = placeTone(lower(text))
	return exact, foldLetters(exact)
}

// plain reports whether a text consists of a to z and digits.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// lower is a text in small letters and NFC, eth read as đ, ligatures and letters of other widths as plain ones.
func lower(text string) string {
	text = norm.NFC.String(text)
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		switch r {
		case 'Ð', 'ð':
			b.WriteString("đ")
		case 'Œ', 'œ':
			b.WriteString("oe")
		case 'Æ', 'æ':
			b.WriteString("ae")
		default:
			if r < 0x2000 {
				b.WriteRune(unicode.ToLower(r))
				continue
			}
			for _, p := range norm.NFKC.String(string(r)) {
				if unicode.IsLetter(p) || unicode.IsDigit(p) || unicode.Is(unicode.M, p) {
					b.WriteRune(unicode.ToLower(p))
				}
			}
		}
	}
	return norm.NFC.String(b.String())
}

// foldLetters is a text in lower case without its marks. Letters of other scripts than Latin keep theirs.
func foldLetters(exact string) string {
	var b strings.Builder
	b.Grow(len(exact))
	for _, r := range exact {
		switch {
		case r == 'ß':
			b.WriteString("ss")
		case r == 'ø':
			b.WriteByte('o')
		case r == 'ł':
			b.WriteByte('l')
		case r == 'ı':
			b.WriteByte('i')
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.Is(unicode.Latin, r):
			b.WriteRune(fold.Rune(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// placeTone sets the tone of an open syllable in oa, oe or uy on its first vowel: hoà is hòa, thuý is thúy. After q the u is no
// vowel, and the tone is the y's.
func placeTone(exact string) string {
	last, size := utf8.DecodeLastRuneInString(exact)
	rest := exact[:len(exact)-size]
	first, size := utf8.DecodeLastRuneInString(rest)
	rest = rest[:len(rest)-size]
	a, tone := untoned(last)
	o, other := untoned(first)
	switch {
	case (tone == 0) == (other == 0):
		return exact
	case o == 'u' && a == 'y' && strings.HasSuffix(rest, "q"):
		return rest + "u" + norm.NFC.String("y"+string(tone+other))
	case o == 'o' && (a == 'a' || a == 'e') || o == 'u' && a == 'y':
		return rest + norm.NFC.String(string(o)+string(tone+other)) + string(a)
	default:
		return exact
	}
}

// untoned parts a vowel from its tone mark, 0 where it has none.
func untoned(r rune) (vowel, tone rune) {
	if r < utf8.RuneSelf {
		return r, 0
	}
	d := []rune(norm.NFD.String(string(r)))
	if len(d) != 2 || !strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", d[1]) {
		return r, 0
	}
	return d[0], d[1]
}
