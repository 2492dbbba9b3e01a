package extract

import (
	"regexp"
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
	for _, p := range value.Find("mrz", strings.Join(text, "\n"), value.Options{}) {
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
