package value

import (
	"slices"
	"strings"
)

// digitSlips are letters that are read for digits of the same shape.
var digitSlips = strings.NewReplacer("o", "0", "O", "0", "i", "1", "I", "1", "l", "1")

// digits mends the slips of a text that should be digits alone.
func digits(text string) string { return digitSlips.Replace(text) }

// slips counts the letters that digits would mend.
func slips(text string) int {
	n := 0
	for _, c := range "oOiIl" {
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
