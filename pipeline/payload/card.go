package payload

import (
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
)

// Sex is what an identity card says.
type Sex string

// The sexes.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Card is what the QR code of a Vietnamese identity card says. All of it is personal.
type Card struct {
	Number    string // 12 digits that agree with sex and year of birth
	OldNumber string // 9 or 12 digits, "" for none
	Name      string
	Born      time.Time // midnight UTC, as are the other days
	Sex       Sex
	Address   string
	IssuedOn  time.Time
}

// String says no more than may stand in a log.
func (c Card) String() string { return "identity card " + dossier.Mask(c.Number) }

var (
	cardNumber    = regexp.MustCompile(`^\d{12}$`)
	oldCardNumber = regexp.MustCompile(`^(?:\d{9}|\d{12})?$`)
)

// cardShape is that of a card's text, whatever it says.
var cardShape = regexp.MustCompile(`^\s*(?:\d{9}|\d{12})\s*\|(?:[^|]*\|){4}`)

// maxField bounds a name or address, in bytes.
const maxField = 400

// parseCard reads number|old number|name|born|sex|address|issued. Newer cards add fields.
func parseCard(text string) (card Card, ok bool) {
	fields := strings.Split(text, "|")
	if len(fields) < 7 {
		return card, false
	}
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	card = Card{Number: fields[0], OldNumber: fields[1], Name: fields[2], Address: fields[5]}
	var born, issued, sexed bool
	card.Born, born = parseDay("02012006", fields[3])
	card.Sex, sexed = parseSex(fields[4])
	card.IssuedOn, issued = parseDay("02012006", fields[6])
	return card, born && issued && sexed && card.IssuedOn.After(card.Born) &&
		oldCardNumber.MatchString(card.OldNumber) && isText(card.Name) && isText(card.Address) &&
		cardNumber.MatchString(card.Number) && card.Number[3:6] == yearAndSex(card.Born.Year(), card.Sex)
}

// parseSex reads both forms of the letters: some readers hand them on decomposed.
func parseSex(s string) (Sex, bool) {
	switch strings.ToLower(dossier.DisplayName(s)) {
	case "nam":
		return Male, true
	case "nữ":
		return Female, true
	}
	return "", false
}

// yearAndSex are the fourth to sixth digits of a citizen number (Decree 137/2015/ND-CP, Circular 59/2021/TT-BCA): two
// digits a century, from 0 for men and 1 for women of the 20th, and the last two of the year.
func yearAndSex(year int, sex Sex) string {
	century := 2 * (year/100 - 19)
	if sex == Female {
		century++
	}
	return string(rune('0'+century)) + string([]byte{byte('0' + year/10%10), byte('0' + year%10)})
}

func isText(s string) bool {
	return s != "" && len(s) <= maxField && utf8.ValidString(s) && printable(s)
}
