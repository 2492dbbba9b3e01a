package extract

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// hats are letters and what is left of them without their circumflex.
var hats = strings.NewReplacer("Ộ", "Ọ", "Ậ", "Ạ", "Ệ", "Ẹ")

// noteHats looks at the national title, of which it is known how it is written: in some faces the circumflexes above a dot get
// lost on the whole page, and the engine is sure of itself.
func (s *sheet) noteHats() {
	const nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
	read := map[string]bool{}
	for _, w := range s.words {
		read[norm.NFC.String(w.text)] = true
	}
	for word := range strings.FieldsSeq(nation) {
		if without := hats.Replace(word); without != word && read[without] {
			s.hatless = true
		}
	}
}

// dotted reports whether a text has a capital that may have lost its circumflex.
func dotted(text string) bool { return strings.ContainsAny(norm.NFC.String(text), "ỌẠẸ") }
