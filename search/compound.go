package search

import (
	"strings"
	"unicode/utf8"
)

// wholeOf makes one token of atoms that are linked to each other; ok is false for a single one, and for what is longer than a
// code may be.
func wholeOf(text string, atoms []atom) (whole Token, ok bool) {
	if len(atoms) < 2 || len(atoms) > longestWhole/2 {
		return Token{}, false
	}
	first, last := &atoms[0], &atoms[len(atoms)-1]
	if len(atoms) == 3 && digits(first.folded, 1, 2) && digits(atoms[1].folded, 1, 2) && digits(last.folded, 4, 4) {
		date := dateForm(first.folded, atoms[1].folded, last.folded)
		return Token{Exact: date, Folded: date, Word: first.word, Aside: true, Start: first.start, End: last.end}, true
	}
	var exact, folded strings.Builder
	for i := range atoms {
		if i > 0 && !thousands(text, atoms[:i+1]) {
			exact.WriteByte('-')
			folded.WriteByte('-')
		}
		exact.WriteString(atoms[i].exact)
		folded.WriteString(atoms[i].folded)
	}
	if utf8.RuneCountInString(exact.String()) > longestWhole || utf8.RuneCountInString(folded.String()) > longestWhole {
		return Token{}, false
	}
	return Token{
		Exact: exact.String(), Folded: folded.String(), Word: first.word, Aside: true, Start: first.start, End: last.end,
	}, true
}

// thousands reports whether the last of the atoms goes on with the number that those before it begin: three digits after one
// to three, parted from them by the mark that parts all of them.
func thousands(text string, atoms []atom) bool {
	i := len(atoms) - 1
	if !digits(atoms[i].folded, 3, 3) {
		return false
	}
	mark := text[atoms[i-1].end:atoms[i].start]
	if mark != "." && mark != "," && mark != "'" && mark != "\u2019" {
		return false
	}
	for i--; i > 0 && digits(atoms[i].folded, 3, 3) && text[atoms[i-1].end:atoms[i].start] == mark; i-- {
	}
	return digits(atoms[i].folded, 1, 3) && (i == 0 || text[atoms[i-1].end:atoms[i].start] != mark)
}

// digits reports whether a text is a number of so many digits.
func digits(text string, least, most int) bool {
	if len(text) < least || len(text) > most {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// spacedNumber makes one token of the groups of a number with blanks between them, 1 234 567, the first of which is at atoms[i].
func spacedNumber(text string, atoms []atom, i int) (number Token, ok bool) {
	if !digits(atoms[i].folded, 1, 3) || atoms[i].linked || i > 0 && (atoms[i-1].linked || groupFollows(text, atoms, i-1)) {
		return Token{}, false
	}
	last := i
	for last < i+6 && groupFollows(text, atoms, last) {
		last++
	}
	if last == i {
		return Token{}, false
	}
	var b strings.Builder
	for _, a := range atoms[i : last+1] {
		b.WriteString(a.folded)
	}
	return Token{
		Exact: b.String(), Folded: b.String(), Word: atoms[i].word, Aside: true, Start: atoms[i].start, End: atoms[last].end,
	}, true
}

// groupFollows reports whether the atom after atoms[i], a number, is one more group of three digits of it.
func groupFollows(text string, atoms []atom, i int) bool {
	if i+1 >= len(atoms) || !digits(atoms[i].folded, 1, 3) || !digits(atoms[i+1].folded, 3, 3) || atoms[i+1].linked {
		return false
	}
	gap := text[atoms[i].end:atoms[i+1].start]
	return gap == " " || gap == "\u00a0" || gap == "\u202f"
}
