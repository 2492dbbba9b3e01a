package dossier

import (
	"regexp"
	"strings"
	"unicode"
)

const (
	keptFirst, keptLast = 3, 4
	// shortest is the length from which the ends of a number may be shown.
	shortest = 9
)

// Mask hides an identity number but for its first three and last four characters: 001*****2345. Of fewer than nine
// characters nothing is shown. Spaces and dots between groups stay where they are.
func Mask(number string) string {
	hidden := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }
	total := 0
	for _, r := range number {
		if hidden(r) {
			total++
		}
	}
	n := 0
	return strings.Map(func(r rune) rune {
		if !hidden(r) {
			return r
		}
		n++
		if total >= shortest && (n <= keptFirst || n > total-keptLast) {
			return r
		}
		return '*'
	}, number)
}

// The French NIR: sex, year, month, department, commune, order, and often a key.
const (
	nirWhole   = `[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{6}(?:\d{2})?`
	nirGrouped = `[12]_\d{2}_(?:0[1-9]|1[0-2])_(?:\d{2}|2[AB])_\d{3}_\d{3}(?:_\d{2})?`
)

// Identity numbers as people write them: in one piece, or in groups parted by single spaces or dots, in the names of files by
// hyphens or low lines too. The longest come first. Two groups of six with a hyphen or low line are a scanner's day and time.
var (
	wholeNumbers   = patterns(nirWhole, `\d{12}`, `\d{9}`)
	groupedNumbers = patterns(nirGrouped, `\d{3}_\d{3}_\d{3}_\d{3}`, `\d{4}_\d{4}_\d{4}`, `\d{6}[. \x{a0}\x{202f}]\d{6}`, `\d{3}_\d_\d{2}_\d{6}`,
		`\d{3}_\d{3}_\d{3}`)
)

// patterns compiles expressions that match at the beginning of a text; _ is what parts groups.
func patterns(expressions ...string) []*regexp.Regexp {
	all := make([]*regexp.Regexp, len(expressions))
	for i, e := range expressions {
		all[i] = regexp.MustCompile("^" + strings.ReplaceAll(e, "_", `[-_. \x{a0}\x{202f}]`))
	}
	return all
}

// MaskText masks every run of 9 or 12 digits in a text, and what looks like a French NIR, in one piece or in groups. It rather
// masks a sum of money too many than an identity number too few.
func MaskText(text string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(text); i++ {
		if n := identityAt(text, i); n > 0 {
			b.WriteString(text[done:i])
			b.WriteString(Mask(text[i : i+n]))
			done = i + n
			i = done - 1
		}
	}
	return b.String() + text[done:]
}

// identityAt returns the length of the identity number that begins at text[i], 0 where none does.
func identityAt(text string, i int) int {
	before, rest := text[:i], text[i:]
	if !isDigit(rest[0]) || before != "" && isDigit(before[len(before)-1]) {
		return 0
	}
	if n := longest(wholeNumbers, rest); n > 0 {
		return n
	}
	// Groups that go on with dots are another number: 1.001234.000, 1.234.567.890.
	if len(before) > 1 && before[len(before)-1] == '.' && isDigit(before[len(before)-2]) {
		return 0
	}
	n := longest(groupedNumbers, rest)
	if len(rest) > n+1 && rest[n] == '.' && isDigit(rest[n+1]) {
		return 0
	}
	return n
}

// longest is the length of the first pattern's match that ends with its digits.
func longest(all []*regexp.Regexp, text string) int {
	for _, p := range all {
		n := len(p.FindString(text))
		if n > 0 && (n == len(text) || !isDigit(text[n])) {
			return n
		}
	}
	return 0
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
