package value

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Years of dates on paper; what lies outside was misread.
const (
	firstYear = 1800
	lastYear  = 2199
)

// months are the French and English names of the months, folded, with the short forms that certificates and cards print.
var months = map[string]int{
	"janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6, "juillet": 7, "aout": 8, "septembre": 9,
	"octobre": 10, "novembre": 11, "decembre": 12, "janv": 1, "fevr": 2, "avr": 4, "juil": 7, "sept": 9,
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9,
	"october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
	"sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

// monthNames is an alternative of a pattern, longest name first, so that none is taken for its beginning.
func monthNames() string {
	names := make([]string, 0, len(months))
	for n := range months {
		names = append(names, n)
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return "(" + strings.Join(names, "|") + `)\.?`
}

// datePattern is one way to write a date in folded text. Its groups are day, month and year, in the order of d, m and y; a text
// with none of the needed pieces is not worth the pattern's time.
type datePattern struct {
	re      *regexp.Regexp
	d, m, y int
	needs   []string
}

// monthBeginnings are the first three letters of all names of months.
var monthBeginnings = strings.Fields("jan fev feb mar avr apr mai may jui jun jul aou aug sep oct nov dec")

// Of the digits, o, i and l stand for 0 and 1: the slips that a valid date may prove.
var datePatterns = []datePattern{
	// Decree 30/2020/ND-CP, annex I: "ngày 05 tháng 01 năm 2024". Forms have dotted lines to write on.
	{regexp.MustCompile(
		`(?:ngay[\s.,:…_]*)?([0-9oil]{1,2})[\s.,…_]*thang[\s.,:…_]*([0-9oil]{1,2})[\s.,…_]*nam[\s.,:…_]*([0-9oil]{4})`,
	), 1, 2, 3, []string{"thang"}},
	{regexp.MustCompile(`([0-9oil]{1,2}) ?/ ?([0-9oil]{1,2}) ?/ ?([0-9oil]{4}|[0-9]{2})`), 1, 2, 3, []string{"/"}},
	{regexp.MustCompile(`([0-9oil]{1,2}) ?\. ?([0-9oil]{1,2}) ?\. ?([0-9oil]{4}|[0-9]{2})`), 1, 2, 3, []string{"."}},
	{regexp.MustCompile(`([0-9oil]{1,2}) ?- ?([0-9oil]{1,2}) ?- ?([0-9oil]{4}|[0-9]{2})`), 1, 2, 3, []string{"-"}},
	{regexp.MustCompile(`([0-9]{4})-([0-9]{2})-([0-9]{2})`), 3, 2, 1, []string{"-"}}, // the normal form, ISO 8601
	// "5 janvier 2024", "1er mars 1998", "5 January 2024", "5th of January, 2024"
	{regexp.MustCompile(`([0-9oil]{1,2}) ?(?:er|st|nd|rd|th)?\.?\s(?:of\s)?` + monthNames() + `,?\s?([0-9oil]{4})`), 1, 2, 3, monthBeginnings},
	// "January 5, 2024"
	{regexp.MustCompile(monthNames() + `\s?([0-9oil]{1,2})(?:st|nd|rd|th)?,?\s([0-9oil]{4})`), 2, 1, 3, monthBeginnings},
}

// blankDate is a printed date whose day or month nobody has written in.
var blankDate = regexp.MustCompile(`ngay[\s.,:…_]*(?:[0-9]{1,2}[\s.,…_]*)?thang[\s.,:…_]*(?:[0-9]{1,2}[\s.,…_]*)?nam`)

// halfDay is "ngày" and something between it and the day that is no word.
var halfDay = regexp.MustCompile(`(?:^|[^a-z])ngay?[\s.,:…_]*[^\sa-z.,:…_][^a-z]*$`)

// match is a date that was seen in a folded text, and where its day, month and year stand.
type match struct{ whole, day, month, year span }

// dates are the places of a folded text that are written like dates, in order; of two that overlap the longer stays.
func dates(f folded) []match {
	var found []match
	for _, w := range f.aroundDigits() {
		for _, p := range datePatterns {
			if !slices.ContainsFunc(p.needs, func(piece string) bool { return strings.Contains(f.of(w), piece) }) {
				continue
			}
			for _, g := range p.re.FindAllStringSubmatchIndex(f.of(w), -1) {
				group := func(n int) span { return span{w.start + g[2*n], w.start + g[2*n+1]} }
				m := match{group(0), group(p.d), group(p.m), group(p.y)}
				if standsAlone(f.text, m.whole.start, m.whole.end) && f.mostlyDigits(m.day) && f.mostlyDigits(m.year) {
					found = append(found, m)
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b match) int {
		if a.whole.start != b.whole.start {
			return a.whole.start - b.whole.start
		}
		return b.whole.end - a.whole.end
	})
	var apart []match
	for _, m := range found {
		if n := len(apart); n == 0 || m.whole.start >= apart[n-1].whole.end {
			apart = append(apart, m)
		}
	}
	return apart
}

// farthestDigit is how far from a digit, in bytes, a date may begin or go on: a dotted line lies between.
const farthestDigit = 48

// aroundDigits are the ranges that a date can lie in, so that patterns need not run over the words between.
func (f folded) aroundDigits() []span {
	var spans []span
	for i := range len(f.text) {
		if !isDigit(f.text[i]) {
			continue
		}
		s := span{max(0, i-farthestDigit), min(len(f.text), i+farthestDigit)}
		for s.start > 0 && !utf8.RuneStart(f.text[s.start]) {
			s.start--
		}
		if n := len(spans); n > 0 && s.start <= spans[n-1].end {
			spans[n-1].end = s.end
		} else {
			spans = append(spans, s)
		}
	}
	return spans
}

// mostlyDigits keeps words like "il" from being days: no more than half of a number may be slips, but for a lone 1.
func (f folded) mostlyDigits(s span) bool {
	length := s.end - s.start
	return length == 1 || 2*slips(f.of(s)) <= length
}

// standsAlone reports whether no letter, digit or sign continues the folded range on either side. A sign before it may be
// half of a digit ("ngày|5"), and so may be what stands between "ngày" and the day: then nobody knows the day.
func standsAlone(text string, start, end int) bool {
	if start > 0 && strings.IndexByte(" \n(\"',:;.-", text[start-1]) < 0 && !strings.HasSuffix(text[:start], "“") {
		return false
	}
	if start > 1 && strings.IndexByte(".-,", text[start-1]) >= 0 && isDigit(text[start-2]) {
		return false
	}
	if halfDay.MatchString(text[max(0, start-12):start]) {
		return false
	}
	if end == len(text) {
		return true
	}
	return !isWord(text[end]) && (end+1 == len(text) || strings.IndexByte("/.-", text[end]) < 0 || !isDigit(text[end+1]))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWord(c byte) bool { return isDigit(c) || 'a' <= c && c <= 'z' || c >= 0x80 }

// dateSpans are the candidates of the type date.
func dateSpans(text string) []span {
	f := foldText(text)
	var spans []span
	for _, m := range dates(f) {
		spans = append(spans, f.source(m.whole))
	}
	return spans
}

// parseDate reads a date in words (Vietnamese, French, English) or digits, day before month. Normal form: yyyy-mm-dd.
func parseDate(text string, _ Options) (Parsed, error) {
	f := foldText(text)
	found := dates(f)
	switch {
	case len(found) == 0 && (trim(text) == span{} || blankDate.MatchString(f.text)):
		return Parsed{}, fmt.Errorf("the date is not filled in: %w", ErrAbsent)
	case len(found) == 0:
		return parseJoinedDate(text)
	case len(found) > 1:
		return Parsed{}, fault("there are %d dates, not one", len(found))
	}
	if rest := f.text[:found[0].whole.start] + " " + f.text[found[0].whole.end:]; !onlyAround(rest) {
		return Parsed{}, fault("there is more than a date")
	}
	return found[0].parsed(text, f)
}

// joinedDates are dates with slashes that were lost or read as a 1 or what is like it, and the ddmmyyyy of the symbol on identity
// cards. Only a text that is nothing else is read so. Groups: day, month, year.
var joinedDates = []*regexp.Regexp{
	regexp.MustCompile(`^([0-9]{2})([0-9]{2})([0-9]{4})$`),
	regexp.MustCompile(`^([0-9]{2})[/1Il|]([0-9]{2})[/1Il|]([0-9]{4})$`),
	regexp.MustCompile(`^([0-9]{2})([0-9]{2})/([0-9]{4})$`),
	regexp.MustCompile(`^([0-9]{2})/([0-9]{2})([0-9]{4})$`),
}

// parseJoinedDate reads one of joinedDates; that the date exists proves where its slashes were.
func parseJoinedDate(text string) (Parsed, error) {
	s := trim(text)
	raw := text[s.start:s.end]
	for i, re := range joinedDates {
		g := re.FindStringSubmatch(raw)
		if g == nil {
			continue
		}
		iso, err := isoDate(mod(g[3], 10000), mod(g[2], 100), mod(g[1], 100))
		if err != nil {
			return Parsed{}, err
		}
		p := Parsed{Value: iso, Raw: raw, Start: s.start, End: s.end}
		if i > 0 {
			p.Repaired, p.OtherRaw = true, g[1]+"/"+g[2]+"/"+g[3]
		}
		return p, nil
	}
	return Parsed{}, fault("it is not written like a date")
}

// onlyAround reports whether what stands around a date says nothing: an article, the day of the week, punctuation.
func onlyAround(rest string) bool {
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return isSpeck(r) || strings.ContainsRune(".,;:()-", r) }) {
		if !slices.Contains(aroundDates, w) {
			return false
		}
	}
	return true
}

var aroundDates = []string{
	"ngay", "le", "on", "the", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
	"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
}

// parsed makes the value of a date that was seen in the text.
func (m match) parsed(text string, f folded) (Parsed, error) {
	iso, err := m.iso(f)
	if err != nil {
		return Parsed{}, err
	}
	s := f.source(m.whole)
	p := Parsed{Value: iso, Raw: text[s.start:s.end], Start: s.start, End: s.end}
	p.OtherRaw = f.mend(text, m.whole, m.day, m.month, m.year)
	if p.Repaired = p.OtherRaw != p.Raw; !p.Repaired {
		p.OtherRaw = ""
	}
	return p, nil
}

// iso is the date as yyyy-mm-dd.
func (m match) iso(f folded) (string, error) {
	day, _ := strconv.Atoi(digits(f.of(m.day)))
	month := months[f.of(m.month)]
	if month == 0 {
		month, _ = strconv.Atoi(digits(f.of(m.month)))
	}
	year, _ := strconv.Atoi(digits(f.of(m.year)))
	if m.year.end-m.year.start == 2 {
		return "", fault("the year has two digits only")
	}
	return isoDate(year, month, day)
}

// isoDate writes a date that the calendar has.
func isoDate(year, month, day int) (string, error) {
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || int(t.Month()) != month {
		return "", fault("%02d/%02d is no date", day, month)
	}
	if year < firstYear || year > lastYear {
		return "", fault("no paper is of the year %d", year)
	}
	return t.Format(time.DateOnly), nil
}
