package search

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/fold"
)

// letter is what becomes of a letter of the Latin script that is one rune.
type letter struct {
	exact  rune // small, eth as đ
	folded rune
	vowel  rune // exact without its tone
	tone   rune // combining; 0 where it has none
}

// doubles are the letters that become two.
const doubles = "œŒæÆßẞ"

// latin are the letters up to the last of Vietnamese that become one letter each.
var latin = func() (table [0x1f00]letter) {
	for r := rune(0); r < 0x1f00; r++ {
		exact := unicode.ToLower(r)
		if exact == 'ð' {
			exact = 'đ'
		}
		switch {
		case unicode.IsDigit(r) && r < utf8.RuneSelf:
			table[r] = letter{r, r, r, 0}
		case unicode.Is(unicode.Latin, r) && unicode.IsLetter(r) && exact < 0x1f00 && norm.NFKC.IsNormalString(string(r)):
			vowel, tone := untoned(exact)
			table[r] = letter{exact, foldLetter(exact), vowel, tone}
		}
	}
	for _, r := range doubles {
		table[r] = letter{}
	}
	return table
}()

// untoned parts a vowel from its tone mark.
func untoned(r rune) (vowel, tone rune) {
	d := []rune(norm.NFD.String(string(r)))
	if len(d) != 2 || !strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", d[1]) {
		return r, 0
	}
	return d[0], d[1]
}

// foldLetter is a small letter of the Latin script without its marks.
func foldLetter(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'ı':
		return 'i'
	default:
		return fold.Rune(r)
	}
}

// normal gives the exact and the folded form of an atom.
func normal(text string) (exact, folded string) {
	var exactRoom, foldedRoom [4 * longestAtom]byte
	e, f := exactRoom[:0], foldedRoom[:0]
	var last, before letter
	for _, r := range text {
		if int(r) >= len(latin) || latin[r].exact == 0 {
			return normalSlowly(text)
		}
		before, last = last, latin[r]
		e = utf8.AppendRune(e, last.exact)
		f = utf8.AppendRune(f, last.folded)
	}
	if misplaced(before, last) {
		e = append(e[:0], placeTone(string(e))...)
	}
	if string(e) == text {
		exact = text
	} else {
		exact = string(e)
	}
	if string(f) == exact {
		return exact, exact
	}
	return exact, string(f)
}

// normalSlowly is for what has combining marks, ligatures, or letters of other scripts or widths.
func normalSlowly(text string) (exact, folded string) {
	var b strings.Builder
	for _, r := range norm.NFKC.String(text) {
		switch {
		case r == 'Œ' || r == 'œ':
			b.WriteString("oe")
		case r == 'Æ' || r == 'æ':
			b.WriteString("ae")
		case int(r) < len(latin) && latin[r].exact != 0:
			b.WriteRune(latin[r].exact)
		case inAtom(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	exact = placeTone(norm.NFC.String(b.String()))
	return exact, Fold(exact)
}

// Fold is an exact form without its marks. Letters of other scripts than the Latin keep what they have.
func Fold(exact string) string {
	var b strings.Builder
	for _, r := range exact {
		switch {
		case r == 'ß':
			b.WriteString("ss")
		case int(r) < len(latin) && latin[r].exact != 0:
			b.WriteRune(latin[r].folded)
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// misplaced reports whether two letters at the end of a word may have their tone where it is not set here.
func misplaced(first, second letter) bool {
	if (first.tone == 0) == (second.tone == 0) {
		return false
	}
	switch second.vowel {
	case 'a', 'e':
		return first.vowel == 'o'
	case 'y':
		return first.vowel == 'u'
	default:
		return false
	}
}

// placeTone sets the tone of an open syllable in oa, oe or uy on its first vowel: hoà is hòa, thuý is thúy. After q the u is no
// vowel, and the tone is the y's.
func placeTone(exact string) string {
	r2, size2 := utf8.DecodeLastRuneInString(exact)
	r1, size1 := utf8.DecodeLastRuneInString(exact[:len(exact)-size2])
	if int(r1) >= len(latin) || int(r2) >= len(latin) || !misplaced(latin[r1], latin[r2]) {
		return exact
	}
	rest, first, second := exact[:len(exact)-size1-size2], latin[r1], latin[r2]
	tone := string(first.tone + second.tone)
	if second.vowel == 'y' && strings.HasSuffix(rest, "q") {
		return rest + "u" + norm.NFC.String("y"+tone)
	}
	return rest + norm.NFC.String(string(first.vowel)+tone) + string(second.vowel)
}
