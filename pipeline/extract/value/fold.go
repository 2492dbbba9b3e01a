package value

import (
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/fold"
)

// folded is a text for comparing: lower case, without tone marks and accents, đ and ð as d, every dash a hyphen, every space
// but the line end a blank. Patterns run over it, and at leads back to the text it came from.
type folded struct {
	text string
	at   []int // at[i] is where the byte text[i] came from; one more for the end
}

// foldText folds a text.
func foldText(text string) folded {
	var b strings.Builder
	b.Grow(len(text))
	at := make([]int, 0, len(text)+1)
	for i, r := range text {
		if isSix(text, i) {
			r = '6'
		}
		if r = foldRune(r); r < 0 {
			continue
		}
		n, _ := b.WriteRune(r)
		for range n {
			at = append(at, i)
		}
	}
	return folded{b.String(), append(at, len(text))}
}

// of is the folded text of a range.
func (f folded) of(s span) string { return f.text[s.start:s.end] }

// source is the range of the original text that a folded range came from.
func (f folded) source(s span) span { return span{f.at[s.start], f.at[s.end]} }

// foldString is the folded text alone, white space joined to single blanks.
func foldString(text string) string { return strings.Join(strings.Fields(foldText(text).text), " ") }

// foldRune folds a letter, dash, quote or space; -1 drops it.
func foldRune(r rune) rune {
	switch {
	case r == '\u00ad' || r == '\u200b' || r == '\ufeff':
		return -1
	case unicode.Is(unicode.Pd, r) || r == '−':
		return '-'
	case r == '’' || r == '‘' || r == '´':
		return '\''
	case r != '\n' && unicode.IsSpace(r):
		return ' '
	}
	return fold.Rune(r)
}
