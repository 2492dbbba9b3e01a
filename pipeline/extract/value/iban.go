package value

import (
	"fmt"
	"regexp"
	"strings"
)

// ibanStart is where an IBAN may begin: a country and two check digits.
var ibanStart = regexp.MustCompile(`(?:^|[^\p{L}\p{N}])([A-Z0-9]{2}[0-9OISBZ]{2})`)

var ibanLabel = regexp.MustCompile(`^IBAN[ :.]*`)

// ibanSpans are the places that look like an IBAN: as many letters and digits as its country has, single blanks among them.
func ibanSpans(text string) []span {
	var spans []span
	from := 0
	for _, g := range ibanStart.FindAllStringSubmatchIndex(text, -1) {
		length := ibanLength(letters(text[g[2] : g[2]+2]))
		if length == 0 || g[2] < from {
			continue
		}
		if end := take(text, g[2], length); end > 0 {
			spans = append(spans, span{g[2], end})
			from = end
		}
	}
	return spans
}

// take is the end of so many capitals and digits from the given offset on, single blanks among them; 0 where something else
// stands between them, or they go on.
func take(text string, at, count int) int {
	blank := false
	for ; at < len(text) && count > 0; at++ {
		switch c := text[at]; {
		case c == ' ' && !blank:
			blank = true
		case isDigit(c) || 'A' <= c && c <= 'Z':
			blank = false
			count--
		default:
			return 0
		}
	}
	if count > 0 || beginsInside(text[at:]) {
		return 0
	}
	return at
}

// ibanLength is the length of a country's IBANs; 0 for a country that has none.
func ibanLength(country string) int {
	structure, ok := ibanStructures[country]
	if !ok {
		return 0
	}
	length := 4
	for count := range runs(structure) {
		length += count
	}
	return length
}

// runs calls yield for each count and class of a structure like 4a14n.
func runs(structure string) func(yield func(count int, class byte) bool) {
	return func(yield func(int, byte) bool) {
		count := 0
		for i := range len(structure) {
			if isDigit(structure[i]) {
				count = 10*count + int(structure[i]-'0')
				continue
			}
			if !yield(count, structure[i]) {
				return
			}
			count = 0
		}
	}
}

// letterSlips are the digits that a printed capital is read as.
var letterSlips = strings.NewReplacer("0", "O", "1", "I", "2", "Z", "5", "S", "8", "B")

func letters(text string) string { return letterSlips.Replace(text) }

// parseIBAN reads an international bank account number (ISO 13616): country, two check digits (ISO 7064 mod 97-10) and as
// many characters as the country's structure has. A letter where the structure has digits, or a digit where it has letters,
// is mended if the check digits prove it. Normal form: no blanks. Parts: country, bban.
func parseIBAN(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the IBAN is not given: %w", ErrAbsent)
	}
	s.start += len(ibanLabel.FindString(text[s.start:s.end]))
	p := Parsed{Raw: text[s.start:s.end], Start: s.start, End: s.end}
	joined := ungroup(p.Raw)
	if len(joined) < 4 {
		return Parsed{}, fault("it is too short for an IBAN")
	}
	mended, err := toStructure(joined)
	if err != nil {
		return Parsed{}, err
	}
	if ibanRemainder(mended) != 1 {
		return Parsed{}, fault("the check digits of the IBAN are wrong")
	}
	p.Value, p.Checked = mended, true
	p.Parts = map[string]string{"country": mended[:2], "bban": mended[4:]}
	if mended != joined {
		p.Repaired, p.OtherRaw = true, mended
	}
	return p, nil
}

// toStructure mends an IBAN to the structure of its country.
func toStructure(iban string) (string, error) {
	country := letters(iban[:2])
	structure, ok := ibanStructures[country]
	if !ok {
		return "", fault("no country with IBANs has the code %q", country)
	}
	if want := ibanLength(country); len(iban) != want {
		return "", fault("an IBAN of %s has %d characters, not %d", country, want, len(iban))
	}
	var b strings.Builder
	b.WriteString(country + numberSlips.Replace(iban[2:4]))
	rest := iban[4:]
	for count, class := range runs(structure) {
		part := rest[:count]
		switch class {
		case 'n':
			part = numberSlips.Replace(part)
		case 'a':
			part = letters(part)
		}
		b.WriteString(part)
		rest = rest[count:]
	}
	if !fits(b.String(), structure) {
		return "", fault("an IBAN of %s has digits and capitals in other places", country)
	}
	return b.String(), nil
}

// fits reports whether the characters are of the classes that the structure wants.
func fits(iban, structure string) bool {
	if !isDigits(iban[2:4]) {
		return false
	}
	rest := iban[4:]
	for count, class := range runs(structure) {
		for i := range count {
			digit, capital := isDigit(rest[i]), 'A' <= rest[i] && rest[i] <= 'Z'
			if !digit && !capital || class == 'n' && !digit || class == 'a' && !capital {
				return false
			}
		}
		rest = rest[count:]
	}
	return true
}

// ibanRemainder is the number of ISO 7064 that must be 1: check digits last, letters as 10 to 35.
func ibanRemainder(iban string) int {
	r := 0
	for _, c := range []byte(iban[4:] + iban[:4]) {
		if isDigit(c) {
			r = (10*r + int(c-'0')) % 97
		} else {
			r = (100*r + int(c-'A') + 10) % 97
		}
	}
	return r
}
