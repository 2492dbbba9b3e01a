package extract

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// Machine-readable zones have at least this many characters a line (ICAO 9303: 30, 36 or 44), less what reading loses.
const mrzLine = 24

var (
	fillersRead = strings.NewReplacer("«", "<<", "‹", "<", "»", "<<", "›", "<", " ", "")
	mrzSign     = regexp.MustCompile(`[0-9A-Z<]`)
)

// mrz are the words of the page's machine-readable zone, line by line; nil where there is none.
func (s *sheet) mrz() [][]int {
	var lines [][]int
	for _, row := range s.rowsOf(zone{}) {
		text, _ := s.join(row)
		text = fillersRead.Replace(text)
		good := len(mrzSign.FindAllStringIndex(text, -1))
		if good >= mrzLine && strings.Count(text, "<") >= 2 && good*10 >= len([]rune(text))*9 {
			lines = append(lines, row)
		}
	}
	return lines
}

// fromMRZ takes a part of the machine-readable zone.
func (s *sheet) fromMRZ(f *field, w *way) *dossier.Field {
	var text []string
	var words []int
	for _, line := range s.mrz() {
		t, _ := s.join(line)
		text, words = append(text, fillersRead.Replace(t)), append(words, line...)
	}
	if len(text) == 0 {
		return nil
	}
	found := value.Find("mrz", strings.Join(text, "\n"), value.Options{})
	if len(found) == 0 {
		found = []value.Parsed{{Raw: strings.Join(text, "\n"), Parts: pieces(text)}}
	}
	for _, p := range found {
		part := p.Parts[w.mrz]
		if part == "" {
			continue
		}
		p.Value = part
		if made, err := f.parse(part); err == nil {
			p.Value = made.Value
		}
		return s.field(f, w, passage{}, words, &p)
	}
	return nil
}

var (
	// cardDates is the second line of a card, TD1: birth, sex, expiry, nationality.
	cardDates = regexp.MustCompile(`^([0-9]{6})([0-9])([MFX<])([0-9]{6})([0-9])([A-Z]{3})[0-9A-Z<]{8,}$`)
	cardNames = regexp.MustCompile(`^([A-Z]+(?:<[A-Z]+)*)<<([A-Z]+(?:<[A-Z]+)*)<<[<£]*$`)
)

// pieces are the parts of a card's zone whose number could not be read: what check digits of its own proves, and the names.
func pieces(lines []string) map[string]string {
	parts := map[string]string{}
	for i, line := range lines {
		if m := cardDates.FindStringSubmatch(line); m != nil && checks(m[1], m[2]) && checks(m[4], m[5]) {
			parts["born_on"], parts["sex"], parts["expires_on"], parts["nationality"] = bornBefore(m[1], m[4]), m[3], mrzDate(m[4], "20"), m[6]
			if i+1 < len(lines) {
				if m := cardNames.FindStringSubmatch(lines[i+1]); m != nil {
					parts["family_name"] = strings.ReplaceAll(m[1], "<", " ")
					parts["given_names"] = strings.ReplaceAll(m[2], "<", " ")
				}
			}
		}
	}
	return parts
}

// checks reports whether a digit is the check digit of others (ICAO 9303-3, 4.9).
func checks(digits, check string) bool {
	sum := 0
	for i := range len(digits) {
		sum += int(digits[i]-'0') * [...]int{7, 3, 1}[i%3]
	}
	return check == strconv.Itoa(sum%10)
}

// bornBefore is the date of a birth in the last hundred years before the expiry.
func bornBefore(birth, expiry string) string {
	if birth < expiry {
		return mrzDate(birth, "20")
	}
	return mrzDate(birth, "19")
}

// mrzDate writes yymmdd as the type date does.
func mrzDate(yymmdd, century string) string {
	return century + yymmdd[:2] + "-" + yymmdd[2:4] + "-" + yymmdd[4:]
}
