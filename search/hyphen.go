package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// joinAtLineEnds makes one atom of the two pieces of a word that the end of a line cut. Vietnamese syllables are not cut.
func joinAtLineEnds(text string, atoms []atom, language string) []atom {
	if language == "vie" || language == "vi" {
		return atoms
	}
	joined := atoms[:0]
	for i := 0; i < len(atoms); i++ {
		a := atoms[i]
		if i+1 < len(atoms) && cut(text, &a, &atoms[i+1]) {
			a = join(a, atoms[i+1])
			i++
		}
		joined = append(joined, a)
	}
	return joined
}

// cut reports whether a and b are the pieces of one word: only a hyphen and the end of a line are between them, and b goes on in
// the letters, small or capital, that a ends with.
func cut(text string, a, b *atom) bool {
	hyphen, ok := strings.CutSuffix(text[a.end:b.start], "\n")
	if !ok || hyphen != "-" && hyphen != "\u2010" && hyphen != "\u00ad" && hyphen != "¬" {
		return false
	}
	if !word(a) || !word(b) || utf8.RuneCountInString(a.exact)+utf8.RuneCountInString(b.exact) > longestAtom {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRightFunc(text[a.start:a.end], unicode.IsMark))
	after, _ := utf8.DecodeRuneInString(text[b.start:b.end])
	return unicode.IsLower(after) && unicode.IsLetter(before) || unicode.IsUpper(after) && unicode.IsUpper(before)
}

// word reports whether an atom has letters only.
func word(a *atom) bool {
	return strings.IndexFunc(a.exact, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

func join(a, b atom) atom {
	pieces := []atom{a, b}
	exact, folded := normal(a.exact + b.exact)
	return atom{exact: exact, folded: folded, start: a.start, end: b.end, word: a.word, linked: b.linked, pieces: pieces}
}
