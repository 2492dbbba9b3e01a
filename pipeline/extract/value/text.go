package value

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// whole is the one candidate of a type without a shape of its own.
func whole(text string) []span { return []span{{0, len(text)}} }

// parseText reads the type text: NFC, white space joined to single blanks, without the punctuation and specks that reading
// leaves at its end. A closing bracket or quotation mark stays.
func parseText(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, ErrAbsent
	}
	raw := text[s.start:s.end]
	return Parsed{Value: plain(raw), Raw: raw, Start: s.start, End: s.end}, nil
}

// plain is a text in NFC with its white space joined to single blanks.
func plain(text string) string { return strings.Join(strings.Fields(norm.NFC.String(text)), " ") }

// trim leaves out what is no part of a value: white space and specks before it, and these and punctuation after it.
func trim(text string) span {
	start := strings.IndexFunc(text, func(r rune) bool { return !isSpeck(r) && !strings.ContainsRune(".,;:", r) })
	end := strings.LastIndexFunc(text, func(r rune) bool { return !isSpeck(r) && !strings.ContainsRune(".,;:-/", r) })
	if end < 0 {
		return span{}
	}
	return span{start, end + sizeAt(text, end)}
}

// isSpeck is for white space and the signs that dust, ruled and dotted lines are read as; the last three are Greek signs that
// NFC makes such of.
func isSpeck(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("|_…·•~`^*¬¦\u1fef\u0387\u037e", r)
}

// sizeAt is the length in bytes of the rune at i.
func sizeAt(text string, i int) int {
	for n := range text[i:] {
		if n > 0 {
			return n
		}
	}
	return len(text) - i
}
