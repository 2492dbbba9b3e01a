package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A symbol (Decree 30/2020/ND-CP, annex I, part II, 3) is number, slash, abbreviation of the type, hyphen, abbreviation of
// the agency: 123/QĐ-UBND; of a letter number, slash, agency, hyphen, unit: 123/UBND-VX. Legal documents put the year after
// the number (30/2020/NĐ-CP, 45/2019/QH14), Party documents the type before the slash (66-QĐ/TW).
const (
	blanks = `[ \t\x{a0}]*`
	filler = `[ \t\x{a0}.…_]*` // blanks and the dotted line to write a number on
	number = `([0-9OoIlóÓ]{1,6})`
	code   = `\p{Lu}[\p{L}\p{M}0-9&]*`
	year   = `(?:/` + blanks + `([12][0-9]{3})` + blanks + `)`
	party  = blanks + `[-–—]` + blanks + `(` + code + `)` + blanks
)

var (
	symbolCodes = regexp.MustCompile(`/` + blanks + `(` + code + `(?:` + blanks + `[-–—]` + blanks + code + `)*)`)
	codeHyphen  = regexp.MustCompile(blanks + `[-–—]` + blanks)
	// The ố of "Số" is read with any tone mark or none, and the number may grow together with it.
	symbolLabel = regexp.MustCompile(`(?:^|[^\p{L}])S[ốôóòọổỗộốoồỐÔÓÒỌỔỖỘOỒ]` + blanks + `(?:[:;]|[.,]+|[ \t\x{a0}]|` + number + `)`)
	// symbolHead is all that may stand between label and slash. Groups: number, year; Party number, type.
	symbolHead = regexp.MustCompile(`^` + filler + `(?:` + number + `?` + filler + year + `?|` + number + `?` + party + `)?$`)
	// symbolTail is the same at the end of running text. Group 1 is all of it.
	symbolTail = regexp.MustCompile(`(?:^|[\s(“"])(` + number + filler + year + `?|` + number + `?` + party + `)$`)
)

// farthestLabel is how many bytes before the slash the label may begin: a dotted line lies between.
const farthestLabel = 80

// symbol is a symbol that was seen: offsets in the text, and what is known of its pieces. An empty number is missing.
type symbol struct {
	whole, number, abbreviation span
	year                        string
	codes                       []string // after the slash
	party                       string   // type before the slash
}

// parseSymbol reads number and symbol of a Vietnamese official document, with or without its label. Normal form:
// 123/QĐ-UBND, the number as printed, no blanks, Đ for the eth that looks like it. A number that is not there or is none
// (it is written by hand) leaves a Partial /QĐ-UBND. Parts: number, year, type (the abbreviation), agency; unit of a letter.
// Mended are letters in the number, and in the abbreviation what makes it one of the list. Options.Allowed are the
// abbreviations to accept; CV stands for letters, which print none.
func parseSymbol(text string, opt Options) (Parsed, error) {
	all := symbolCodes.FindAllStringSubmatchIndex(text, -1)
	if trim(text) == (span{}) {
		return Parsed{}, fmt.Errorf("number and symbol are not given: %w", ErrAbsent)
	}
	if all == nil {
		return Parsed{}, fault("it is not written like a symbol: no slash with capitals behind it")
	}
	g := all[0]
	s := symbol{whole: span{0, g[1]}}
	if l := lastLabel(text[:g[0]]); l >= 0 {
		s.whole.start = l
	}
	s.readHead(text, g[0])
	if !s.readCodes(text, span{g[2], g[3]}) {
		return Parsed{}, fault("it is not written like a symbol: what follows the slash is no abbreviation")
	}
	if strings.IndexFunc(text[s.whole.end:], isWordRune) >= 0 {
		return Parsed{}, fault("there is more than a symbol")
	}
	return s.parsed(text, opt.Allowed)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// lastLabel is where the last "Số:" of a text ends, or -1. The number that grew together with it is not part of it.
func lastLabel(text string) int {
	all := symbolLabel.FindAllStringSubmatchIndex(text, -1)
	if all == nil {
		return -1
	}
	if last := all[len(all)-1]; last[2] >= 0 {
		return last[2]
	}
	return all[len(all)-1][1]
}

// readHead reads what stands before the slash.
func (s *symbol) readHead(text string, slash int) {
	head := text[s.whole.start:slash]
	skipped := len(head) - len(strings.TrimLeftFunc(head, func(r rune) bool { return isSpeck(r) || r == '.' || r == ':' }))
	g := symbolHead.FindStringSubmatchIndex(head)
	group := func(n int) span {
		if g == nil || g[2*n] < 0 {
			return span{}
		}
		return span{s.whole.start + g[2*n], s.whole.start + g[2*n+1]}
	}
	s.number, s.year = group(1), text[group(2).start:group(2).end]
	if abbreviation := group(4); abbreviation != (span{}) {
		s.number, s.abbreviation = group(3), abbreviation
		s.party = plainCode(text[abbreviation.start:abbreviation.end])
	}
	if n := text[s.number.start:s.number.end]; 2*slips(n) > utf8.RuneCountInString(n) || strings.Trim(digits(n), "0") == "" {
		s.number = span{}
	}
	s.whole.start += skipped
}

// readCodes reads the abbreviations behind the slash up to the first word that is none. It fails where there is none.
func (s *symbol) readCodes(text string, all span) bool {
	at := all.start
	for at < all.end {
		end := all.end
		next := end
		if h := codeHyphen.FindStringIndex(text[at:end]); h != nil {
			end, next = at+h[0], at+h[1]
		}
		if !isCode(text[at:end]) {
			break
		}
		if len(s.codes) == 0 && s.abbreviation == (span{}) {
			s.abbreviation = span{at, end}
		}
		s.codes = append(s.codes, plainCode(text[at:end]))
		s.whole.end = end
		at = next
	}
	return len(s.codes) > 0
}

// plainCode is an abbreviation in NFC, with Đ for the eth that looks like it.
func plainCode(code string) string { return norm.NFC.String(strings.ReplaceAll(code, "Ð", "Đ")) }

// isCode tells abbreviations from words: at least two capitals or digits, few small letters, no tone marks.
func isCode(code string) bool {
	var big, small int
	for _, r := range norm.NFD.String(code) {
		switch {
		case strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r):
			return false
		case unicode.IsLower(r):
			small++
		case unicode.IsUpper(r) || unicode.IsDigit(r):
			big++
		}
	}
	return big >= 2 && small <= 2 && utf8.RuneCountInString(code) <= 15
}

// parsed makes the value.
func (s *symbol) parsed(text string, allowed []string) (Parsed, error) {
	first := s.codes[0]
	if s.party != "" {
		first = s.party
	}
	abbreviation, ok := matchAbbreviation(first, allowed)
	if !ok && len(allowed) > 0 && (s.party != "" || !slices.Contains(allowed, "CV")) {
		return Parsed{}, fault("the abbreviation %s is none of those that are allowed here", first)
	}
	if !ok && s.party != "" {
		return Parsed{}, fault("the abbreviation %s is no type of document", first)
	}
	if ok && s.party != "" {
		s.party = abbreviation
	} else if ok {
		s.codes[0] = abbreviation
	}
	read := text[s.number.start:s.number.end]
	p := Parsed{
		Value: s.normal(digits(read)), Raw: text[s.whole.start:s.whole.end], Partial: read == "",
		Parts: s.parts(digits(read), abbreviation), Start: s.whole.start, End: s.whole.end,
	}
	if digits(read) != read || ok && abbreviation != first {
		p.Repaired, p.OtherRaw = true, s.mended(text, abbreviation, ok)
	}
	return p, nil
}

// normal is the normal form.
func (s *symbol) normal(number string) string {
	after := "/" + strings.Join(s.codes, "-")
	switch {
	case s.party != "":
		return number + "-" + s.party + after
	case s.year != "":
		return number + "/" + s.year + after
	}
	return number + after
}

// parts names the pieces.
func (s *symbol) parts(number, abbreviation string) map[string]string {
	parts := map[string]string{}
	set := func(name, value string) {
		if value != "" {
			parts[name] = value
		}
	}
	set("number", number)
	set("year", s.year)
	set("type", abbreviation)
	switch {
	case s.party != "":
		set("agency", strings.Join(s.codes, "-"))
	case abbreviation != "":
		set("agency", strings.Join(s.codes[1:], "-"))
	default:
		set("agency", s.codes[0])
		set("unit", strings.Join(s.codes[1:], "-"))
	}
	return parts
}

// mended is the text of the symbol with number and abbreviation mended.
func (s *symbol) mended(text, abbreviation string, known bool) string {
	number := func() string { return digits(text[s.number.start:s.number.end]) }
	code := text[s.abbreviation.start:s.abbreviation.end]
	if known {
		code = abbreviation
	}
	if s.number == (span{}) {
		return text[s.whole.start:s.abbreviation.start] + code + text[s.abbreviation.end:s.whole.end]
	}
	return text[s.whole.start:s.number.start] + number() + text[s.number.end:s.abbreviation.start] + code +
		text[s.abbreviation.end:s.whole.end]
}

// matchAbbreviation finds the abbreviation, of those allowed or else of all, that was read, or the only one that known slips make of it: D for Đ,
// 8 for B, capitals for the small letters of TTr and QyĐ.
func matchAbbreviation(read string, allowed []string) (string, bool) {
	list := allowed
	if len(list) == 0 {
		for _, d := range documentTypes {
			list = append(list, d.abbreviation)
		}
	}
	var near []string
	for _, abbreviation := range list {
		switch {
		case abbreviation == read:
			return read, true
		case sameShape(abbreviation) == sameShape(read):
			near = append(near, abbreviation)
		}
	}
	if len(near) != 1 {
		return "", false
	}
	return near[0], true
}

var shapes = strings.NewReplacer("Đ", "D", "8", "B")

// sameShape writes abbreviations alike that reading takes for each other.
func sameShape(code string) string { return shapes.Replace(strings.ToUpper(code)) }

// symbolSpans are the places of running text that look like a symbol: its label before the slash, or a number before it and
// two abbreviations behind it, or a known abbreviation.
func symbolSpans(text string) []span {
	var spans []span
	from := 0
	for _, g := range symbolCodes.FindAllStringSubmatchIndex(text, -1) {
		if g[0] < from {
			continue
		}
		line := max(from, strings.LastIndexByte(text[:g[0]], '\n')+1, g[0]-farthestLabel)
		for line < g[0] && !utf8.RuneStart(text[line]) {
			line++
		}
		start, ok := symbolStart(text[line:g[0]], text[g[2]:g[3]])
		if !ok {
			continue
		}
		s := symbol{whole: span{line + start, g[1]}}
		if s.readCodes(text, span{g[2], g[3]}) {
			spans = append(spans, s.whole)
			from = s.whole.end
		}
	}
	return spans
}

// symbolStart finds where in the text before a slash the symbol begins that the codes behind the slash end.
func symbolStart(head, codes string) (int, bool) {
	if l := lastLabel(head); l >= 0 {
		return l, true
	}
	joined := codeHyphen.FindStringIndex(codes)
	if g := symbolTail.FindStringSubmatchIndex(head); g != nil {
		withYearOrType := g[6] >= 0 || g[10] >= 0
		return g[2], joined != nil || withYearOrType
	}
	if joined == nil {
		return 0, false
	}
	_, known := typeOfAbbreviation(plainCode(codes[:joined[0]]))
	return len(head), known
}
