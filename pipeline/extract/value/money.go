package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// amount is digits in groups; currency what is printed behind or before them.
const (
	amount   = `[0-9](?:[0-9]|[., \x{a0}\x{202f}][0-9])*`
	currency = `VNĐ|VNÐ|VND|vnđ|vnd|VNd|[đĐ]ồng|ĐỒNG|đồng|dong|₫|[đĐ]|Euros?|euros?|EUROS?|EUR|€|USD|US\$|\$`
)

var (
	moneyAfter  = regexp.MustCompile(`^([-–−] ?)?(` + amount + `),?-? ?(` + currency + `)?\.?$`)
	moneyBefore = regexp.MustCompile(`^([-–−] ?)?(` + currency + `) ?([-–−] ?)?(` + amount + `)$`)
	noAmount    = regexp.MustCompile(`^(?:` + currency + `)$`)
	moneySeen   = regexp.MustCompile(`(?:[-–−] ?)?(?:(?:` + amount + `),?-?[ \x{a0}\x{202f}]?(?:` + currency + `)|(?:VND|EUR|€|USD|US\$|\$) ?` + amount + `)`)
)

// decimals are the digits behind the point that a currency has (ISO 4217).
var decimals = map[string]int{"VND": 0, "EUR": 2, "USD": 2}

// moneySpans are the places that look like money.
func moneySpans(text string) []span {
	return slices.DeleteFunc(apart(text, moneySeen.FindAllStringIndex(text, -1)), func(s span) bool {
		last, _ := utf8.DecodeLastRuneInString(text[s.start:s.end])
		return last == utf8.RuneError
	})
}

// parseMoney reads an amount with its currency: "1.234.567 đồng", "1 234,56 €", "EUR 1,234.56". Where no currency is printed
// Options.Allowed must name a single one. Normal form: digits, point, the decimals of the currency, blank, ISO 4217 code:
// 1234567 VND, 1234.56 EUR. Parts: amount, currency.
func parseMoney(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if noAmount.MatchString(text[s.start:s.end]) || s.start == s.end {
		return Parsed{}, fmt.Errorf("the amount is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	sign, digits, printed := "", "", ""
	if g := moneyAfter.FindStringSubmatch(raw); g != nil {
		sign, digits, printed = g[1], g[2], g[3]
	} else if g := moneyBefore.FindStringSubmatch(raw); g != nil {
		sign, printed, digits = g[1]+g[3], g[2], g[4]
	} else {
		return Parsed{}, fault("it is not written like an amount of money")
	}
	code := currencyCode(printed)
	if code == "" && len(opt.Allowed) == 1 {
		code = opt.Allowed[0]
	}
	if code == "" {
		return Parsed{}, fault("no currency is printed")
	}
	if len(opt.Allowed) > 0 && !slices.Contains(opt.Allowed, code) {
		return Parsed{}, fault("%s is not allowed here", code)
	}
	number, err := decimal(digits, decimals[code])
	if err != nil {
		return Parsed{}, err
	}
	if sign != "" {
		number = "-" + number
	}
	return Parsed{
		Value: number + " " + code, Raw: raw, Start: s.start, End: s.end,
		Parts: map[string]string{"amount": number, "currency": code},
	}, nil
}

// currencyCode is the ISO 4217 code of a currency as printed.
func currencyCode(printed string) string {
	switch folded := foldString(printed); {
	case folded == "":
		return ""
	case strings.HasPrefix(folded, "eur") || folded == "€":
		return "EUR"
	case strings.Contains(folded, "usd") || strings.HasSuffix(folded, "$"):
		return "USD"
	}
	return "VND"
}

// longestAmount is how many digits an amount may have.
const longestAmount = 15

// grouped is a number in groups of three.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(?:([., ])[0-9]{3})(?:[., ][0-9]{3})*$`)

// decimal writes a number without its groups and with so many decimals. The last sign parts the decimals if it is the only
// one of its sort and at most that many digits follow it.
func decimal(printed string, places int) (string, error) {
	printed = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(printed)
	whole, fraction := printed, ""
	if i := strings.LastIndexAny(printed, ".,"); i >= 0 && strings.Count(printed, printed[i:i+1]) == 1 {
		if behind := printed[i+1:]; isDigits(behind) && len(behind) != 3 {
			whole, fraction = printed[:i], behind
		}
	}
	if strings.Trim(fraction[min(places, len(fraction)):], "0") != "" {
		return "", fault("there are more decimals than the currency has")
	}
	if !isDigits(whole) {
		g := grouped.FindStringSubmatch(whole)
		if g == nil || strings.Count(whole, g[1]) != strings.Count(whole, ".")+strings.Count(whole, ",")+strings.Count(whole, " ") {
			return "", fault("the digits of the amount are not in groups of three")
		}
		whole = strings.NewReplacer(".", "", ",", "", " ", "").Replace(whole)
	}
	if len(whole) > longestAmount {
		return "", fault("no amount is that high")
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	if places == 0 {
		return whole, nil
	}
	fraction += strings.Repeat("0", places)
	return whole + "." + fraction[:places], nil
}

// integerForm is a whole number, its groups and what repeats it in words in brackets: "05 (năm)".
var integerForm = regexp.MustCompile(`^([-−]?)([0-9](?:[0-9]|[., \x{a0}\x{202f}][0-9])*)(?: ?\([\p{L}\p{M} ]+\))?$`)

var integerSeen = regexp.MustCompile(`-?[0-9](?:[0-9]|[.][0-9]{3})*`)

// integerSpans are the runs of digits.
func integerSpans(text string) []span { return apart(text, integerSeen.FindAllStringIndex(text, -1)) }

// parseInteger reads a whole number, in groups of three or none. A sign that parts decimals in Options.Language parts no groups.
// Normal form: digits, without zeros before them.
func parseInteger(text string, opt Options) (Parsed, error) {
	s := trim(text)
	if s.start == s.end {
		return Parsed{}, fmt.Errorf("the number is not given: %w", ErrAbsent)
	}
	raw := text[s.start:s.end]
	g := integerForm.FindStringSubmatch(raw)
	if g == nil {
		return Parsed{}, fault("it is no whole number")
	}
	decimalSign := map[string]string{"vie": ",", "fra": ",", "eng": "."}[opt.Language]
	if decimalSign != "" && strings.Contains(g[2], decimalSign) {
		return Parsed{}, fault("it has decimals")
	}
	number, err := decimal(g[2], 0)
	if err != nil || strings.ContainsAny(g[2], ".,") && !grouped.MatchString(g[2]) {
		return Parsed{}, fault("it is no whole number")
	}
	if g[1] != "" && number != "0" {
		number = "-" + number
	}
	return Parsed{Value: number, Raw: raw, Start: s.start, End: s.end}, nil
}
