package value

import (
	"fmt"
	"regexp"
	"strings"
)

// phoneSeen is a run of digits in groups that may be a telephone number.
var phoneSeen = regexp.MustCompile(`(?:\+|\(\+?)?[0-9](?:[ .\-/()\x{a0}]{0,2}[0-9]){7,16}`)

// phoneSpans are the places that look like a telephone number; groups of digits behind it that make it too long are others'.
func phoneSpans(text string) []span {
	spans := apart(text, phoneSeen.FindAllStringIndex(text, -1))
	for i, s := range spans {
		for end := s.end; end > s.start; end = s.start + max(0, strings.LastIndexAny(text[s.start:end], " .-/()")) {
			if seen := strings.TrimRight(text[s.start:end], " .-/()"); possiblePhone(seen) {
				spans[i].end = s.start + len(seen)
				break
			}
		}
	}
	return spans
}

// possiblePhone reports whether some country has the number.
func possiblePhone(text string) bool {
	for _, language := range []string{"vie", "fra"} {
		if _, err := parsePhone(text, Options{Language: language}); err == nil {
			return true
		}
	}
	return false
}

var (
	// vietnamesePhone: mobile numbers begin with 3, 5, 7, 8 or 9 since 2018 (plan of the Ministry of Information and
	// Communications), fixed ones with 2 and the province.
	vietnamesePhone = regexp.MustCompile(`^(?:[35789][0-9]{8}|2[0-9]{9})$`)
	// frenchPhone: the numbering plan of ARCEP, nine digits behind the 0.
	frenchPhone = regexp.MustCompile(`^[1-9][0-9]{8}$`)
	// abroad is a number of ITU-T E.164 in full.
	abroad = regexp.MustCompile(`^[1-9][0-9]{7,14}$`)
	pairs  = regexp.MustCompile(`^0[0-9](?:[ .-][0-9]{2}){4}$`)
)

// parsePhone reads a Vietnamese or French telephone number, or one of another country that is written with its +. A number
// without country is taken for one of the country of Options.Language; where that leaves both, groups of two are French, and
// what is possible in both countries is refused. Normal form: +84912345678 (ITU-T E.164).
func parsePhone(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the telephone number is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	compact := strings.NewReplacer("(0)", "").Replace(raw)
	compact = strings.NewReplacer("(", "", ")", "", "/", "").Replace(ungroup(compact))
	international := strings.HasPrefix(compact, "+") || strings.HasPrefix(compact, "00")
	compact = strings.TrimPrefix(strings.TrimPrefix(compact, "+"), "00")
	if !isDigits(compact) {
		return Parsed{}, fault("a telephone number has digits only")
	}
	number, err := fullNumber(compact, raw, international, opt.Language)
	if err != nil {
		return Parsed{}, err
	}
	return Parsed{Value: "+" + number, Raw: raw, Start: s.start, End: s.end}, nil
}

// fullNumber is the number with its country.
func fullNumber(compact, raw string, international bool, language string) (string, error) {
	national, trunk := strings.CutPrefix(compact, "0")
	switch {
	case international:
		return checkCountry(compact)
	case !trunk:
		return "", fault("a telephone number begins with 0 or +")
	case language == "vie" || language == "fra":
		return checkCountry(map[string]string{"vie": "84", "fra": "33"}[language] + national)
	case pairs.MatchString(raw) && frenchPhone.MatchString(national):
		return "33" + national, nil
	case vietnamesePhone.MatchString(national) && frenchPhone.MatchString(national):
		return "", fault("the telephone number could be Vietnamese or French")
	case vietnamesePhone.MatchString(national):
		return "84" + national, nil
	}
	return checkCountry("33" + national)
}

// checkCountry refuses numbers that their country's plan does not have, where it is known.
func checkCountry(number string) (string, error) {
	if national, ok := strings.CutPrefix(number, "84"); ok && !vietnamesePhone.MatchString(strings.TrimPrefix(national, "0")) {
		return "", fault("no telephone number in Vietnam is like it")
	} else if ok {
		return "84" + strings.TrimPrefix(national, "0"), nil
	}
	if national, ok := strings.CutPrefix(number, "33"); ok && !frenchPhone.MatchString(strings.TrimPrefix(national, "0")) {
		return "", fault("no telephone number in France is like it")
	} else if ok {
		return "33" + strings.TrimPrefix(national, "0"), nil
	}
	if !abroad.MatchString(number) {
		return "", fault("no telephone number is that long or that short")
	}
	return number, nil
}
