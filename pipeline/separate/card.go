package separate

import "strings"

// side is the side of an identity card that a page shows.
type side int

const (
	sideNone side = iota
	sideFront
	sideBack
	sideBoth // on one sheet
)

// fronts and backs are words that stand on one side only, of cards of each generation.
var (
	fronts = []string{
		"can cuoc cong dan", "citizen identity card", "giay chung minh nhan dan", "identity card", "carte nationale d identite", "giay phep lai xe",
		"driver s license", "the bao hiem y te",
	}
	backs = []string{
		"dac diem nhan dang", "dac diem nhan dan", "personal identification", "ngon tro trai", "ngon tro phai", "left index finger",
		"right index finger", "dau vet rieng", "di hinh", "classification of motor vehicles", "cuc truong cuc canh sat", "quan ly hanh chinh ve trat tu",
	}
)

const cardWords = 160 // on both sides of a card with stray marks; a paper that only mentions cards has more

// sideOf tells which side of a card a page shows, if it shows little else.
func sideOf(rows []row) side {
	words, front, back := 0, false, 0
	for _, r := range rows {
		words += r.words
	}
	if words > cardWords {
		return sideNone
	}
	for _, r := range rows {
		front = front || hasAny(r.text, fronts)
		if hasAny(r.text, backs) || isMachineReadable(r.raw) {
			back++
		}
	}
	switch {
	case front && back > 1:
		return sideBoth
	case front:
		return sideFront
	case back > 1:
		return sideBack
	}
	return sideNone
}

func hasAny(text string, phrases []string) bool {
	for _, p := range phrases {
		if contains(text, p, len(p)/8) {
			return true
		}
	}
	return false
}

func isMachineReadable(raw string) bool {
	const long = 20 // letters of a machine-readable line, which has 30 or more
	return strings.Count(raw, "<") >= 3 && len(raw) >= long
}
