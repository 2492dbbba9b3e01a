package value

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// mrzFormat is a machine-readable zone: so many lines of a width, and where in all of them, one behind the other, the fields
// stand. An empty span is a field that the format has not.
type mrzFormat struct {
	name         string
	lines, width int

	country, names, family, given span
	number, birth, expiry         span // each with its check digit behind it
	nationality, sex              span
	personal, spare               span // optional data, and the rest of it
	personalCheck, composite      int  // offsets of check digits; personalCheck 0 for none
	composed                      []span
	numeric                       bool // the number has digits only
}

// The formats of ICAO Doc 9303, parts 4 to 6 (2021), and the French identity card of 1988 to 2021, which has its own.
var (
	td1 = mrzFormat{
		name: "TD1", lines: 3, width: 30, country: span{2, 5}, names: span{60, 90}, number: span{5, 14}, birth: span{30, 36},
		expiry: span{38, 44}, nationality: span{45, 48}, sex: span{37, 38}, personal: span{15, 30}, spare: span{48, 59}, composite: 59,
		composed: []span{{5, 30}, {30, 37}, {38, 45}, {48, 59}},
	}
	td2 = mrzFormat{
		name: "TD2", lines: 2, width: 36, country: span{2, 5}, names: span{5, 36}, number: span{36, 45}, birth: span{49, 55},
		expiry: span{57, 63}, nationality: span{46, 49}, sex: span{56, 57}, personal: span{64, 71}, composite: 71,
		composed: []span{{36, 46}, {49, 56}, {57, 71}},
	}
	td3 = mrzFormat{
		name: "TD3", lines: 2, width: 44, country: span{2, 5}, names: span{5, 44}, number: span{44, 53}, birth: span{57, 63},
		expiry: span{65, 71}, nationality: span{54, 57}, sex: span{64, 65}, personal: span{72, 86}, personalCheck: 86, composite: 87,
		composed: []span{{44, 54}, {57, 64}, {65, 87}},
	}
	cni = mrzFormat{
		name: "CNI", lines: 2, width: 36, country: span{2, 5}, family: span{5, 30}, given: span{49, 63}, number: span{36, 48},
		birth: span{63, 69}, sex: span{70, 71}, composite: 71, composed: []span{{0, 71}}, numeric: true,
	}
)

// lastLine is the format of the second line alone: it has all check digits of a TD2 or TD3 zone, but no name.
func (f mrzFormat) lastLine() *mrzFormat {
	back := func(s span) span { return span{s.start - f.width, s.end - f.width} }
	last := mrzFormat{
		name: f.name, lines: 1, width: f.width, number: back(f.number), birth: back(f.birth), expiry: back(f.expiry),
		nationality: back(f.nationality), sex: back(f.sex), personal: back(f.personal), composite: f.composite - f.width,
	}
	if f.personalCheck > 0 {
		last.personalCheck = f.personalCheck - f.width
	}
	for _, s := range f.composed {
		last.composed = append(last.composed, back(s))
	}
	return &last
}

// mrzSlack is how many fillers a line may have too many or too few.
const mrzSlack = 4

// parseMRZ reads the machine-readable zone of an identity document: TD1 (cards, the Vietnamese one included), TD2, TD3
// (passports), or the old French card. Letters are mended to digits and digits to letters where the field has no others, and in
// the document's number where that alone makes its check digit right; every check digit must be right. Where the first line of TD2
// or TD3 is lost the second is a Partial zone without the name. Normal form: the lines. Parts: format, country, number, family_name, given_names, born_on, expires_on (yyyy-mm-dd), sex (M, F or X), nationality,
// personal_number (optional data; the citizen number of a Vietnamese card).
func parseMRZ(text string, _ Options) (Parsed, error) {
	spans := lineSpans(text)
	var lines []string
	for _, s := range spans {
		lines = append(lines, mrzLine(text[s.start:s.end]))
	}
	if trim(text) == (span{}) {
		return Parsed{}, fmt.Errorf("there is no machine-readable zone: %w", ErrAbsent)
	}
	last := lines[len(lines)-1:]
	err := fault("a machine-readable zone has 3 lines of 30, or 2 of 36 or 44 characters")
	for _, f := range []*mrzFormat{&td1, &td3, &cni, &td2, td3.lastLine(), td2.lastLine()} {
		if f.lines == 1 {
			spans, lines = spans[len(spans)-1:], last
		}
		zone, ok := f.fit(lines)
		if !ok {
			continue
		}
		p, fault := f.read(zone)
		if fault == nil {
			return p.inZone(text, span{spans[0].start, spans[len(spans)-1].end}, lines), nil
		}
		if len(lines) == f.lines && f.lines > 1 {
			err = fault
		}
	}
	return Parsed{}, err
}

// inZone completes a reading of the lines that stand at a place of the text.
func (p Parsed) inZone(text string, s span, lines []string) Parsed {
	p.Raw, p.Start, p.End = text[s.start:s.end], s.start, s.end
	if signs(strings.Join(lines, "")) != signs(p.Value) {
		p.Repaired, p.OtherRaw = true, p.Value
	}
	return p
}

// signs are the letters and digits of a zone alone: fillers more or less are no slip that matters.
func signs(zone string) string {
	return strings.NewReplacer("<", "", "\n", "").Replace(zone)
}

// sixOrO stands for an o with an accent: the Vietnamese model reads a 6 so.
const sixOrO = 'o'

// mrzLine writes a line with the characters of a zone: capitals, digits, fillers, and sixOrO.
func mrzLine(line string) string {
	var b strings.Builder
	for _, r := range norm.NFC.String(line) {
		switch folded := foldRune(r); {
		case unicode.IsSpace(r):
		case folded == 'o' && r != 'o' && r != 'O':
			b.WriteByte(sixOrO)
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case 'a' <= folded && folded <= 'z':
			b.WriteRune(unicode.ToUpper(folded))
		case r == '|' || r == '!' || r == '¡':
			b.WriteByte('I')
		case r == '«' || r == '»':
			b.WriteString("<<")
		case !unicode.Is(unicode.Mn, r):
			b.WriteByte('<')
		}
	}
	return b.String()
}

// fit brings the lines to the width of the format, by fillers alone.
func (f *mrzFormat) fit(lines []string) (string, bool) {
	if len(lines) != f.lines {
		return "", false
	}
	var b strings.Builder
	for _, line := range lines {
		fitted, ok := fitLine(line, f.width)
		if !ok {
			return "", false
		}
		b.WriteString(fitted)
	}
	return b.String(), f != &cni || strings.HasPrefix(b.String(), "IDFRA")
}

// fitLine makes the longest run of fillers longer or shorter.
func fitLine(line string, width int) (string, bool) {
	missing := width - len(line)
	if missing == 0 {
		return line, true
	}
	start, length := longestFiller(line)
	if missing > mrzSlack || missing < -mrzSlack || length < max(1, -missing) {
		return "", false
	}
	return line[:start] + strings.Repeat("<", length+missing) + line[start+length:], true
}

// longestFiller is where the longest run of fillers begins, and its length.
func longestFiller(line string) (start, length int) {
	for i := 0; i < len(line); {
		n := len(line[i:]) - len(strings.TrimLeft(line[i:], "<"))
		if n > length {
			start, length = i, n
		}
		i += max(1, n)
	}
	return start, length
}

// read takes the fields out of the lines, mended as far as the check digits prove.
func (f *mrzFormat) read(zone string) (Parsed, error) {
	z := []byte(zone)
	f.coerce(z)
	if c := z[0]; f.lines > 1 && c != 'I' && c != 'P' && c != 'A' && c != 'C' {
		return Parsed{}, fault("the zone begins with none of I, P, A and C")
	}
	vietnamese := f == &td1 && string(z[2:5]) == "VNM"
	if err := f.checkFields(z, f.numeric || vietnamese); err != nil {
		return Parsed{}, err
	}
	if !f.settlePersonal(z, vietnamese) {
		return Parsed{}, fault("the last check digit of the zone is wrong")
	}
	if strings.IndexByte(string(z), sixOrO) >= 0 {
		return Parsed{}, fault("there is a sign in the zone that is none of it")
	}
	parts, err := f.parts(z)
	if err != nil {
		return Parsed{}, err
	}
	var lines []string
	for i := 0; i < len(z); i += f.width {
		lines = append(lines, string(z[i:i+f.width]))
	}
	return Parsed{Value: strings.Join(lines, "\n"), Checked: true, Partial: f.lines == 1, Parts: parts}, nil
}

// parts names what the zone says.
func (f *mrzFormat) parts(z []byte) (map[string]string, error) {
	parts := map[string]string{"format": f.name}
	set := func(name string, s span) {
		if value := strings.Trim(string(z[s.start:s.end]), "<"); value != "" {
			parts[name] = strings.ReplaceAll(value, "<", " ")
		}
	}
	set("country", f.country)
	set("nationality", f.nationality)
	set("number", f.number)
	set("personal_number", f.personal)
	family, given, _ := strings.Cut(strings.Trim(string(z[f.names.start:f.names.end]), "<"), "<<")
	if f == &cni {
		family, given = string(z[f.family.start:f.family.end]), string(z[f.given.start:f.given.end])
	}
	setName(parts, "family_name", family)
	setName(parts, "given_names", given)
	if name := parts["family_name"] + parts["given_names"]; f.lines > 1 && parts["family_name"] == "" || strings.ContainsAny(name, "0123456789") {
		return nil, fault("the zone has no name, or one with a digit in it")
	}
	if f == &td1 && parts["country"] == "VNM" {
		citizenOfCard(parts)
	}
	return parts, f.people(z, parts)
}

// setName writes a name with blanks for fillers.
func setName(parts map[string]string, part, name string) {
	if name = strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '<' }), " "); name != "" {
		parts[part] = name
	}
}

// citizenOfCard takes the citizen number out of a Vietnamese card's optional data: twelve digits, the last nine of which are
// also the card's number, and a check digit.
func citizenOfCard(parts map[string]string) {
	number, _, _ := strings.Cut(parts["personal_number"], " ")
	if len(number) == 12 && strings.HasSuffix(number, parts["number"]) {
		parts["personal_number"] = number
		return
	}
	delete(parts, "personal_number")
}

// people reads dates and sex. A birth lies before the expiry.
func (f *mrzFormat) people(z []byte, parts map[string]string) error {
	switch c := z[f.sex.start]; c {
	case 'M', 'F':
		parts["sex"] = string(c)
	case '<', 'X':
		parts["sex"] = "X"
	default:
		return fault("the sex in the zone is none of M, F and <")
	}
	reference := lastCNI
	if expiry := string(z[f.expiry.start:f.expiry.end]); isDigits(expiry) {
		year := 2000 + mod(expiry[:2], 100)
		date, err := isoDate(year, mod(expiry[2:4], 100), mod(expiry[4:], 100))
		if err != nil {
			return fault("the date of expiry in the zone: %s", err)
		}
		parts["expires_on"], reference = date, year
	}
	birth := string(z[f.birth.start:f.birth.end])
	if !isDigits(birth) {
		return nil // parts of it are unknown
	}
	date, err := isoDate(latest(mod(birth[:2], 100), reference), mod(birth[2:4], 100), mod(birth[4:], 100))
	if err != nil {
		return fault("the date of birth in the zone: %s", err)
	}
	parts["born_on"] = date
	return nil
}

// latest is the latest year that ends in two digits and is not after the reference.
func latest(twoDigits, reference int) int {
	year := reference - reference%100 + twoDigits
	if year > reference {
		year -= 100
	}
	return year
}

// lastCNI is the year in which the last French cards of the old format were made; its zone says no expiry.
const lastCNI = 2021

// mrzFillers are the signs that fillers are read as; each line of a zone has one.
var mrzFillers = regexp.MustCompile(`[<«»‹›£€]`)

// mrzSpans are the places where lines of a zone follow each other.
func mrzSpans(text string) []span {
	var lines []span
	var widths []int
	for _, s := range lineSpans(text) {
		line := text[s.start:s.end]
		width := 0
		if len(line) < 150 && mrzFillers.MatchString(line) && mostlyCapitals(line) {
			width = len(mrzLine(line))
		}
		lines, widths = append(lines, s), append(widths, width)
	}
	var spans []span
	for i := 0; i < len(lines); {
		n := zoneLines(widths[i:])
		if n > 0 {
			spans = append(spans, span{lines[i].start, lines[i+n-1].end})
		}
		i += max(1, n)
	}
	return spans
}

// zoneLines is how many of the first lines have the widths of a zone.
func zoneLines(widths []int) int {
	for _, f := range []*mrzFormat{&td1, &td2, &td3, td2.lastLine(), td3.lastLine()} {
		n := 0
		for n < min(f.lines, len(widths)) && widths[n] >= f.width-mrzSlack && widths[n] <= f.width+mrzSlack {
			n++
		}
		if n == f.lines {
			return n
		}
	}
	return 0
}

// mostlyCapitals tells a zone's lines from sentences: one in ten may be a small letter.
func mostlyCapitals(line string) bool {
	small := 0
	for _, r := range line {
		if unicode.IsLower(r) {
			small++
		}
	}
	return 10*small <= utf8.RuneCountInString(line)
}
