package extract

import (
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/fold"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// legible is how sure each word of a printed code must be, 0..1. A code that was misread may be that of another citizen.
const legible = 0.7

// codeLabels stand before the code of the dossier that a paper belongs to, folded. A code in a sentence may be any dossier's.
var codeLabels = []string{
	"ma ho so", "ma so ho so", "so ho so", "ma bien nhan", "so bien nhan", "ma so bien nhan",
	"dossier n", "dossier no", "numero de dossier", "reference du dossier", "dossier code", "dossier number", "file number",
}

// DossierCodes lists the dossier codes that a page carries as its own: behind a label or alone on a line, each once. Those of
// authorities are found by their form, with slips of the reading mended where that is proved; ours tells of a word whether it is
// a code of this office's own, and its normal form.
func DossierCodes(page *dossier.Page, ours func(word string) (code string, ok bool)) []string {
	var codes []string
	for line := range page.Layout.Lines {
		text, words := textOf(line)
		for _, found := range codesIn(text, ours) {
			if !isLabelled(text[:found.Start], text[found.End:]) || slices.Contains(codes, found.Value) {
				continue
			}
			if !slices.ContainsFunc(words, func(w placedWord) bool {
				return w.start < found.End && found.Start < w.end && w.confidence < legible
			}) {
				codes = append(codes, found.Value)
			}
		}
	}
	return codes
}

// placedWord is a word of a line's text, in bytes.
type placedWord struct {
	start, end int
	confidence float64
}

func textOf(line *dossier.Line) (string, []placedWord) {
	var b strings.Builder
	words := make([]placedWord, 0, len(line.Words))
	for i, w := range line.Words {
		if i > 0 {
			b.WriteByte(' ')
		}
		start := b.Len()
		b.WriteString(w.Text)
		words = append(words, placedWord{start, b.Len(), w.Confidence})
	}
	return b.String(), words
}

func codesIn(text string, ours func(word string) (code string, ok bool)) []value.Parsed {
	found := value.Find("dossier_code", text, value.Options{})
	at := 0
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" :;,()", r) }) {
		at += strings.Index(text[at:], word)
		if code, ok := ours(strings.TrimRight(word, ".")); ok {
			found = append(found, value.Parsed{Value: code, Start: at, End: at + len(word)})
		}
		at += len(word)
	}
	return found
}

func isLabelled(before, after string) bool {
	label := fold.Words(before)
	if label == "" {
		return fold.Words(after) == ""
	}
	words := strings.Fields(label)
	return slices.ContainsFunc(codeLabels, func(known string) bool {
		n := len(words) - len(strings.Fields(known))
		return n >= 0 && fold.Near(strings.Join(words[n:], " "), known)
	})
}
