package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// numberSlips are the letters that a printed number is read with, by shape; ó is what the Vietnamese model makes of a 6. A check
// digit has to prove them.
var numberSlips = strings.NewReplacer("ó", "6", "O", "0", "o", "0", "I", "1", "l", "1", "i", "1", "Z", "2", "z", "2", "S", "5", "s", "5", "B", "8")

// errUnproved is why a number with a letter in it is refused.
var errUnproved = fault("there is a letter among the digits, and no check proves which digit it was")

// readNumber takes a number out of the text that should be it: the digits without the blanks, dots and hyphens that group
// them, and the Parsed to be completed. Where letters stand for digits, Repaired is set: the caller proves it or refuses.
func readNumber(text, what string) (string, Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return "", Parsed{}, fmt.Errorf("the %s is not given: %w", what, ErrAbsent)
	}
	raw := text[s.start:s.end]
	joined := ungroup(raw)
	mended := numberSlips.Replace(joined)
	if !isDigits(mended) || 2*readDigits(joined) < len(mended) {
		return "", Parsed{}, fault("something else than digits stands there")
	}
	p := Parsed{Value: mended, Raw: raw, Start: s.start, End: s.end}
	if joined != mended {
		p.Repaired, p.OtherRaw = true, numberSlips.Replace(raw)
	}
	return mended, p, nil
}

// ungroup takes the blanks, dots and hyphens out of a number.
func ungroup(number string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" .-\u00a0\u202f\u2009\t", r) {
			return -1
		}
		return r
	}, number)
}

// readDigits counts the digits that were read as such.
func readDigits(text string) int {
	n := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			n++
		}
	}
	return n
}

// asDigits are the values of the digits of a text that has nothing else.
func asDigits(text string) []int {
	d := make([]int, len(text))
	for i := range text {
		d[i] = int(text[i] - '0')
	}
	return d
}

// mod is the remainder of a decimal number of any length.
func mod(number string, m int) int {
	r := 0
	for i := range len(number) {
		r = (r*10 + int(number[i]-'0')) % m
	}
	return r
}

// token is a run of letters and digits.
var token = regexp.MustCompile(`[\p{L}\p{M}\p{N}]+`)

// numberSpans gives a finder of numbers with one of the wanted counts of digits, in groups that the given signs (one, or
// a sign and a blank) part; of two at one place the longer counts.
func numberSpans(signs string, wanted ...int) func(string) []span {
	slices.SortFunc(wanted, func(a, b int) int { return b - a })
	return func(text string) []span {
		tokens := token.FindAllStringIndex(text, -1)
		var spans []span
		for i := 0; i < len(tokens); {
			n := groupsOf(text, tokens[i:], signs, wanted)
			if n > 0 {
				spans = append(spans, span{tokens[i][0], tokens[i+n-1][1]})
			}
			i += max(1, n)
		}
		return spans
	}
}

// groupsOf counts the tokens, from the first on, that make a number of a wanted length; 0 for none.
func groupsOf(text string, tokens [][]int, signs string, wanted []int) int {
	best, length := 0, 0
	for i, t := range tokens {
		mended := numberSlips.Replace(text[t[0]:t[1]])
		if !isDigits(mended) || length+len(mended) > wanted[0] {
			break
		}
		if i > 0 && !mayPart(text[tokens[i-1][1]:t[0]], signs) {
			break
		}
		length += len(mended)
		if slices.Contains(wanted, length) {
			best = i + 1
		}
	}
	return best
}

// mayPart reports whether a text may part the groups of a number.
func mayPart(gap, signs string) bool {
	gap = strings.TrimSpace(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ").Replace(gap))
	return gap == "" || len(gap) == 1 && strings.Contains(signs, gap)
}

// luhn reports whether the Luhn sum (ISO/IEC 7812-1, annex B) of a number of digits is a multiple of ten.
func luhn(number string) bool {
	sum := 0
	for i, d := range asDigits(number) {
		if (len(number)-i)%2 == 0 {
			d *= 2
			d -= 9 * (d / 10)
		}
		sum += d
	}
	return sum%10 == 0
}
