package extract

import (
	"strings"
	"unicode"

	"github.com/dossierd/dossierd/fold"
)

// folded keeps the letters and digits of a text, in lower case and without tone marks and accents; đ, and the eth that is
// read for it, become d.
func folded(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range text {
		if r = foldRune(r); unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// foldLine folds a text and keeps its spaces and punctuation, for the patterns of recognise.
func foldLine(text string) string {
	return strings.Map(foldRune, text)
}

// foldRune is the letter below its marks, o for œ; a combining mark is dropped.
func foldRune(r rune) rune {
	if r == 'œ' || r == 'Œ' {
		return 'o'
	}
	return fold.Rune(r)
}
