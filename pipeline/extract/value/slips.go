package value

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// digitSlips are letters that are read for digits of the same shape.
var digitSlips = strings.NewReplacer("o", "0", "O", "0", "i", "1", "I", "1", "l", "1", "ó", "6", "Ó", "6")

// digits mends the slips of a text that should be digits alone.
func digits(text string) string { return digitSlips.Replace(text) }

// isSix reports whether the ó at text[i] is a six: the Vietnamese model takes the one for the other in some faces. No letter stands
// beside it but more of them.
func isSix(text string, i int) bool {
	const accented = "óÓ"
	if !strings.HasPrefix(text[i:], "ó") && !strings.HasPrefix(text[i:], "Ó") {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(strings.TrimRight(text[:i], accented))
	after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[i:], accented))
	return !unicode.IsLetter(before) && !unicode.IsLetter(after)
}

// slips counts the letters that digits would mend.
func slips(text string) int {
	n := 0
	for _, c := range "oOiIlóÓ" {
		n += strings.Count(text, string(c))
	}
	return n
}

// mend writes the range of the original text anew, with the slips mended in those of the parts that should be digits. Parts
// that hold words stay as they are.
func (f folded) mend(text string, whole span, parts ...span) string {
	slices.SortFunc(parts, func(a, b span) int { return a.start - b.start })
	var b strings.Builder
	last := f.source(whole).start
	for _, part := range parts {
		s := f.source(part)
		b.WriteString(text[last:s.start])
		if mended := digits(text[s.start:s.end]); isDigits(mended) {
			b.WriteString(mended)
		} else {
			b.WriteString(text[s.start:s.end])
		}
		last = s.end
	}
	b.WriteString(text[last:f.source(whole).end])
	return b.String()
}

// isDigits reports whether a text is ASCII digits and nothing else.
func isDigits(text string) bool {
	for i := range len(text) {
		if !isDigit(text[i]) {
			return false
		}
	}
	return text != ""
}
