package draw

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// arrange puts letters into words, lines, paragraphs and blocks, in the order in which the PDF has them.
func arrange(letters []letter) *dossier.Layout {
	layout := &dossier.Layout{Source: dossier.TextPDF}
	var last *dossier.Line
	for _, line := range lines(letters) {
		switch {
		case last == nil || apart(last, &line):
			layout.Blocks = append(layout.Blocks, dossier.Block{Paragraphs: []dossier.Paragraph{{}}})
		case line.Box.Y0-last.Box.Y1 > 0.7*last.Size:
			block := &layout.Blocks[len(layout.Blocks)-1]
			block.Paragraphs = append(block.Paragraphs, dossier.Paragraph{})
		}
		block := &layout.Blocks[len(layout.Blocks)-1]
		paragraph := &block.Paragraphs[len(block.Paragraphs)-1]
		paragraph.Lines = append(paragraph.Lines, line)
		paragraph.Box = paragraph.Box.Union(line.Box)
		block.Box = block.Box.Union(line.Box)
		last = &line
	}
	return layout
}

// apart reports whether a line begins another block: it goes up, far down, or aside.
func apart(last, line *dossier.Line) bool {
	const far = 2.5
	gap := line.Box.Y0 - last.Box.Y1
	return gap > far*last.Size || gap < -last.Size || line.Box.X0 > last.Box.X1 || line.Box.X1 < last.Box.X0
}

// lines cuts where the PDF's text breaks, and where the baseline jumps or the letters go back.
func lines(letters []letter) []dossier.Line {
	var out []dossier.Line
	var words [][]letter
	var word []letter
	endWord := func() {
		if len(word) > 0 {
			words, word = append(words, word), nil
		}
	}
	endLine := func() {
		endWord()
		if len(words) > 0 {
			out = append(out, lineOf(words))
			words = nil
		}
	}
	var last *letter
	for i := range letters {
		l := &letters[i]
		switch {
		case l.breaks:
			endLine()
			last = nil
		case l.space:
			endWord()
		case l.garbage:
		default:
			if last != nil && jumps(last, l) {
				endLine()
			}
			word = append(word, *l)
			last = l
		}
	}
	endLine()
	return out
}

// jumps reports whether a letter stands on another line than the one before it. An index or a superscript does not.
func jumps(last, l *letter) bool {
	height := max(last.box.Height(), l.box.Height(), 1)
	overlap := min(last.box.Y1, l.box.Y1) - max(last.box.Y0, l.box.Y0)
	lower := min(last.box.Height(), l.box.Height())
	return overlap < 0.3*lower || l.box.X1 < last.box.X0-2*height
}

func lineOf(words [][]letter) dossier.Line {
	var line dossier.Line
	var baselines, sizes []float64
	for _, word := range words {
		var box dossier.Box
		var text strings.Builder
		for _, l := range word {
			box = box.Union(l.box)
			text.WriteRune(l.text)
			baselines = append(baselines, l.baseline)
			sizes = append(sizes, l.box.Height())
		}
		line.Box = line.Box.Union(box)
		line.Words = append(line.Words, dossier.Word{Text: norm.NFC.String(text.String()), Box: box, Confidence: 1})
	}
	line.Baseline, line.Size = median(baselines), math.Max(1, median(sizes))
	return line
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
