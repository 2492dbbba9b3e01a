package value

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestPlace is the length in letters that no name of a place exceeds.
const longestPlace = 60

var (
	// beforePlace is what French and English put before the place.
	beforePlace = regexp.MustCompile(`^(?:fait ?a|fait en|a|done at|done in|signed at)[ :]+`)
	// afterPlace is what stands between place and date.
	afterPlace = regexp.MustCompile(`(?:[\s,.;:]*[\s,](?:le|on|ngay))*[\s,.;:]*$`)
	// spoiltDate is a Vietnamese date after a place, day and month of which reading made nothing of: they are written by hand.
	spoiltDate = regexp.MustCompile(`, ?nga[^\n]{0,40}?nam[^\n]{0,12}`)
)

// parsePlaceDate reads place and date of a document: "Ninh Bình, ngày 05 tháng 01 năm 2024", "Fait à Lyon, le 1er mars
// 1998", "London, 5 January 2024". Normal form: Ninh Bình, 2024-01-05; Partial with the place alone where the date is blank or
// nothing could be made of it. Parts: place, date.
func parsePlaceDate(text string, _ Options) (Parsed, error) {
	f := foldText(text)
	found := dates(f)
	if len(found) > 1 {
		return Parsed{}, fault("there are %d dates, not one", len(found))
	}
	if len(found) == 0 {
		return placeAlone(text, f)
	}
	if !onlyAround(f.text[found[0].whole.end:]) {
		return Parsed{}, fault("there is more than a place and a date")
	}
	date, err := found[0].parsed(text, f)
	if err != nil {
		return Parsed{}, err
	}
	place, err := placeIn(text, f, found[0].whole.start)
	if err != nil {
		return Parsed{}, err
	}
	whole := span{place.Start, date.End}
	p := Parsed{
		Value: place.Value + ", " + date.Value, Raw: text[whole.start:whole.end], Repaired: date.Repaired,
		Parts: map[string]string{"place": place.Value, "date": date.Value}, Start: whole.start, End: whole.end,
	}
	if date.Repaired {
		p.OtherRaw = text[whole.start:date.Start] + date.OtherRaw
	}
	return p, nil
}

// placeAlone is the partial value of a text whose date is blank, spoilt or cut off.
func placeAlone(text string, f folded) (Parsed, error) {
	end := len(f.text)
	for _, re := range []*regexp.Regexp{blankDate, spoiltDate} {
		if g := re.FindStringIndex(f.text); g != nil {
			end = min(end, g[0])
		}
	}
	place, err := placeIn(text, f, end)
	if err != nil {
		return Parsed{}, err
	}
	place.Partial = true
	place.Parts = map[string]string{"place": place.Value}
	return place, nil
}

// placeIn is the name of the place in a text up to the given offset of its folded form.
func placeIn(text string, f folded, end int) (Parsed, error) {
	head := f.text[:end]
	head = head[:afterPlace.FindStringIndex(head)[0]]
	start := len(head) - len(strings.TrimLeft(head, " .,;:|_-\n"))
	if g := beforePlace.FindStringIndex(head[start:]); g != nil {
		start += g[1]
	}
	if start >= len(head) {
		return Parsed{}, fmt.Errorf("the place is not given: %w", ErrAbsent)
	}
	s := f.source(span{start, len(head)})
	raw := strings.TrimSpace(text[s.start:s.end])
	if err := checkPlace(raw); err != nil {
		return Parsed{}, err
	}
	return Parsed{Value: plain(raw), Raw: raw, Start: s.start, End: s.start + len(raw)}, nil
}

// checkPlace refuses what is no name of a place: a sentence, digits, scraps of letters.
func checkPlace(name string) error {
	if utf8.RuneCountInString(name) > longestPlace {
		return fault("it is too long for the name of a place")
	}
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case !unicode.Is(unicode.Mn, r) && !strings.ContainsRune(" .-–'’()\u00a0", r):
			return fault("a name of a place has letters only")
		}
	}
	if first, _ := utf8.DecodeRuneInString(name); letters < 2 || !unicode.IsUpper(first) {
		return fault("a name of a place begins with a capital")
	}
	if slices.Contains(beforeDates, foldString(name)) {
		return fault("what happened that day is no place")
	}
	return nil
}

// beforeDates is what stands before other dates than that of writing: "Sinh ngày 05/01/1994", "Née le 5 janvier 1994".
var beforeDates = []string{
	"sinh", "cap", "ky", "lap", "nhan", "tra", "hen", "hen tra", "het han", "den", "tu", "tinh den", "co gia tri den", "dang ky",
	"ne", "nee", "ne(e)", "date", "delivre", "delivree", "valable", "expire", "recu", "born", "issued", "valid",
}

// parsePlace reads the place a document was issued at: the name alone, or followed by the date. Normal form: as printed.
func parsePlace(text string, opt Options) (Parsed, error) {
	p, err := parsePlaceDate(text, opt)
	if err != nil {
		return Parsed{}, err
	}
	place := p.Parts["place"]
	raw := text[p.Start:p.End]
	if end := strings.LastIndexByte(raw, ','); !p.Partial && end >= 0 {
		raw = strings.TrimSpace(raw[:end])
	}
	return Parsed{Value: place, Raw: raw, Start: p.Start, End: p.Start + len(raw)}, nil
}

// placeDateSpans are the places of a longer text where the name of a place and a comma, or "le", stand before a date. What
// precedes the name in its line is another column's.
func placeDateSpans(text string) []span {
	f := foldText(text)
	var seen []span // of the dates, in the folded text
	for _, m := range dates(f) {
		seen = append(seen, m.whole)
	}
	for _, re := range []*regexp.Regexp{blankDate, spoiltDate} {
		for _, g := range re.FindAllStringIndex(f.text, -1) {
			seen = append(seen, span{g[0], g[1]})
		}
	}
	slices.SortStableFunc(seen, func(a, b span) int { return a.start - b.start })
	var spans []span
	from := 0
	for _, s := range seen {
		if s.start < from {
			continue
		}
		head := f.text[max(from, s.start-2*longestPlace):s.start]
		link := afterPlace.FindStringIndex(head)
		if strings.Trim(head[link[0]:], " \n") == "" && f.text[s.start] != ',' {
			continue // nothing links what precedes to the date
		}
		end := f.at[s.start-len(head)+link[0]]
		start := placeStart(text[:end], f.at[s.start-len(head)])
		if start < end {
			spans = append(spans, span{start, f.at[s.end]})
			from = s.end
		}
	}
	return spans
}

// placeStart goes back from the end of a text over the words of a name: they begin with a capital, or join such words.
// It returns the end of the text where there is none.
func placeStart(text string, from int) int {
	start, at := len(text), len(text)
	for range 8 {
		word, i := lastWord(text[from:at])
		for strings.IndexAny(word, ".:,|'") == 0 {
			word, i = word[1:], i+1
		}
		switch first, _ := utf8.DecodeRuneInString(word); {
		case word == "" || strings.ContainsAny(word, "0123456789/:,;()"):
			return start
		case unicode.IsUpper(first) && (start == len(text) || isCapitals(word) == isCapitals(text[start:]) || strings.HasSuffix(word, ".")):
			start = from + i
		case word != "-" && !slices.Contains(placeLinks, word):
			return start
		}
		at = from + i
	}
	return start
}

// placeLinks are the words in small letters inside names of places.
var placeLinks = []string{
	"sur", "sous", "en", "la", "le", "les", "de", "du", "des", "lès", "aux", "on", "upon", "of", "the",
	"phố", "tỉnh", "xã", "phường", "huyện", "quận",
}

// lastWord is the last word of a line and where it begins.
func lastWord(line string) (string, int) {
	if i := strings.LastIndexByte(line, '\n'); i >= 0 {
		w, at := lastWord(line[i+1:])
		return w, i + 1 + at
	}
	line = strings.TrimRightFunc(line, unicode.IsSpace)
	i := strings.LastIndexFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == ':' })
	if i < 0 || i == len(line)-1 {
		return line, 0
	}
	i += sizeAt(line, i)
	return line[i:], i
}

// isCapitals reports whether a text has no small letter.
func isCapitals(text string) bool { return strings.IndexFunc(text, unicode.IsLower) < 0 }
