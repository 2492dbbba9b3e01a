package value

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// parseSiren reads the number of a French enterprise: nine digits with a Luhn check digit (Code de commerce, R123-221;
// INSEE). Normal form: digits.
func parseSiren(text string, _ Options) (Parsed, error) {
	n, p, err := readNumber(text, "SIREN")
	switch {
	case err != nil:
		return Parsed{}, err
	case len(n) != 9:
		return Parsed{}, fault("a SIREN has 9 digits, not %d", len(n))
	case !luhn(n) || n == "000000000":
		return Parsed{}, fault("the check digit of the SIREN is wrong")
	}
	p.Checked = true
	return p, nil
}

// laPoste is the SIREN whose establishments, but for the head office, have numbers with a sum of digits divisible by five
// in place of the Luhn check (INSEE).
const laPoste = "356000000"

// parseSiret reads the number of an establishment: the SIREN and five digits (NIC), Luhn over both. Normal form: digits.
// Parts: siren, nic.
func parseSiret(text string, _ Options) (Parsed, error) {
	n, p, err := readNumber(text, "SIRET")
	switch {
	case err != nil:
		return Parsed{}, err
	case len(n) != 14:
		return Parsed{}, fault("a SIRET has 14 digits, not %d", len(n))
	case !luhn(n[:9]) || n[:9] == "000000000":
		return Parsed{}, fault("the check digit of the SIREN in the SIRET is wrong")
	case !luhn(n) && (n[:9] != laPoste || sum(n)%5 != 0):
		return Parsed{}, fault("the check digit of the SIRET is wrong")
	}
	p.Checked = true
	p.Parts = map[string]string{"siren": n[:9], "nic": n[9:]}
	return p, nil
}

// sum adds the digits of a number.
func sum(number string) int {
	s := 0
	for _, d := range asDigits(number) {
		s += d
	}
	return s
}

var (
	// nirForm is sex, year, month, department, commune, order and key, ungrouped. Groups: year, month, department, key.
	nirForm = regexp.MustCompile(`^([123478])([0-9]{2})([0-9]{2})([0-9]{2}|2[AB])[0-9]{3}[0-9]{3}([0-9]{2})$`)
	// nirSeen is a NIR in running text, in its usual groups or none, letters in place of digits allowed.
	nirSeen = regexp.MustCompile(`[1-478Il](?:[ .]?[0-9OoIlSBAZ]){12}[ .,/-]{0,3}(?:cl[ée] ?:? ?)?[0-9OoIlSBZ] ?[0-9OoIlSBZ]`)
	nirKey  = regexp.MustCompile(`(?i)cl[ée]|[ ./:,-]|\x{a0}`)
)

// nirSpans are the places that look like a NIR.
func nirSpans(text string) []span { return apart(text, nirSeen.FindAllStringIndex(text, -1)) }

// parseNIR reads the number of a person in the French register (INSEE; decree 82-103): sex, year and month of birth,
// department, commune, order and a key, 97 - n mod 97, with 2A counted as 19 and 2B as 18. Months 20 and above stand for
// incomplete civil status. Normal form: 15 digits, A or B of Corsica. Parts: sex, birth_year (two digits), birth_month (01-12
// only), department.
func parseNIR(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the NIR is not given: %w", ErrAbsent)
	}
	p := Parsed{Raw: text[s.start:s.end], Start: s.start, End: s.end}
	joined := nirKey.ReplaceAllString(p.Raw, "")
	if len(joined) == 13 && isDigits(numberSlips.Replace(joined)) {
		return Parsed{}, fault("the key of the NIR is missing")
	}
	if len(joined) != 15 {
		return Parsed{}, fault("a NIR has 13 digits and a key of 2, not %d", len(joined))
	}
	p.Value = joined
	err := checkNIR(p.Value)
	for _, mended := range nirReadings(joined) {
		if err == nil {
			break
		}
		if checkNIR(mended) == nil {
			p.Value, p.Repaired, p.OtherRaw, err = mended, true, mended, nil
		}
	}
	if err != nil {
		return Parsed{}, err
	}
	p.Checked = true
	g := nirForm.FindStringSubmatch(p.Value)
	sex := []string{"F", "M"}[(p.Value[0]-'0')%2]
	p.Parts = map[string]string{"sex": sex, "birth_year": g[2], "department": g[4]}
	if g[3] <= "12" {
		p.Parts["birth_month"] = g[3]
	}
	return p, nil
}

// nirReadings are what the slips of reading may have been: the department is the one place for a letter.
func nirReadings(joined string) []string {
	all := numberSlips.Replace(joined)
	readings := []string{all}
	if joined[6] == 'A' || joined[6] == 'B' || joined[6] == '8' {
		letter := strings.Replace(joined[6:7], "8", "B", 1)
		readings = append(readings, all[:6]+letter+all[7:])
	}
	return readings
}

// checkNIR says what is wrong with a NIR of 15 characters.
func checkNIR(n string) error {
	g := nirForm.FindStringSubmatch(n)
	if g == nil {
		return fault("a NIR has digits only, but for 2A and 2B of Corsica")
	}
	if m := mod(g[3], 100); m == 0 || m > 12 && m < 20 || m > 42 && m < 50 {
		return fault("%s is no month of a NIR", g[3])
	}
	if g[4] == "00" {
		return fault("00 is no department of a NIR")
	}
	plain := strings.NewReplacer("2A", "19", "2B", "18").Replace(n[5:7])
	if strconv.Itoa(97-mod(n[:5]+plain+n[7:13], 97)) != strings.TrimPrefix(g[5], "0") {
		return fault("the key of the NIR is wrong")
	}
	return nil
}

// postalTown is a French postal code and what follows it. Groups: code, town.
var postalTown = regexp.MustCompile(`(?:F ?- ?)?([0-9]{5})[ \t\x{a0}]+(\p{Lu}[\p{L}\p{M}'’.\- \t0-9]*)`)

// longestTown is longer than the town with the longest name in France (45 letters) and its CEDEX.
const longestTown = 60

// postalTownSpans are the places that look like a postal code and a town; the town ends with its line.
func postalTownSpans(text string) []span { return apart(text, postalTown.FindAllStringIndex(text, -1)) }

// parsePostalTown reads the last line of a French address (NF Z10-011): "75001 PARIS", "33077 Bordeaux Cedex". Normal form:
// code, blank, town in capitals as that standard wants it. Parts: code, town.
func parsePostalTown(text string, _ Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("postal code and town are not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	g := postalTown.FindStringSubmatch(raw)
	if g == nil || g[0] != raw || len(g[2]) > longestTown {
		return Parsed{}, fault("it is not written like a postal code and a town: 75001 PARIS")
	}
	if d := g[1][:2]; d == "00" || d == "96" || d == "99" {
		return Parsed{}, fault("no postal code begins with %s", d)
	}
	town := strings.ToUpper(plain(strings.ReplaceAll(g[2], "’", "'")))
	return Parsed{
		Value: g[1] + " " + town, Raw: raw, Start: s.start, End: s.end,
		Parts: map[string]string{"code": g[1], "town": town},
	}, nil
}
