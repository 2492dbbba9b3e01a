// Package fold compares what was printed with what was read: letters without their marks, and how far two texts are from each
// other. Tone marks are what an engine gets wrong first, and what people leave out when they type.
//
// It owns the letters of Vietnamese, French and English and knows nothing of papers: how much may differ is the caller's to
// say, and so is what becomes of punctuation.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Rune is the letter below the marks of r, in lower case: a for Ấ, d for Đ and for the eth that is read for it. A combining mark
// is -1, as strings.Map drops it; what is no letter stays as it is.
func Rune(r rune) rune {
	if r < utf8.RuneSelf {
		return unicode.ToLower(r)
	}
	switch {
	case r == 'đ' || r == 'Đ' || r == 'ð' || r == 'Ð':
		return 'd'
	case unicode.Is(unicode.Mn, r):
		return -1
	}
	if d := norm.NFD.PropertiesString(string(r)).Decomposition(); d != nil {
		r, _ = utf8.DecodeRune(d)
	}
	return unicode.ToLower(r)
}

// Words are the letters a to z and the digits of a text, folded, and one space for whatever lies between.
func Words(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch r = Rune(r); {
		case r < 0:
			continue
		case r < 'a' || r > 'z':
			if r < '0' || r > '9' {
				space = true
				continue
			}
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteByte(byte(r))
	}
	return b.String()
}

// Distance is the number of bytes to change, add or drop between two texts (Levenshtein), which for folded ones are letters.
func Distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// Near reports whether a can be made b by changing, adding or dropping one byte or none.
func Near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) == len(b) {
		return i == len(a) || a[i+1:] == b[i+1:]
	}
	return a[i:] == b[i+1:]
}
