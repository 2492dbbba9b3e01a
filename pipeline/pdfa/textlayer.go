package pdfa

import (
	"bytes"
	"fmt"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// wordGap is what stays free before the next word, as a share of the font size: pdftotext joins words that stand
	// closer.
	wordGap = 0.2
	// minAdvance is the least advance of a letter, as a share of the font size: poppler takes letters that lie closer
	// for one that was struck twice. A word that is narrower gets a smaller font.
	minAdvance = 0.12
	// tolerance is how far from its word's box a drawn word may reach up or down, in points, for the sake of a common
	// baseline.
	tolerance = 1.5
	// maxShift is how far a word's baseline may leave its line's, as a share of its font size: viewers begin a new line
	// at a half.
	maxShift = 0.3
	// below is the share of the font's box that lies under the baseline.
	below = -descent / 1000.0
	// deci is the precision of the text layer: tenths of a pixel, less than a tenth of a point at any resolution.
	deci = 10
)

// textLayer draws a layout invisibly in a coordinate system of page space's pixels with y upwards from the bottom edge.
// It returns nil where there is nothing to write.
func (t *font) textLayer(layout *dossier.Layout, height, dpi float64) []byte {
	var b bytes.Buffer
	for line := range layout.Lines {
		t.line(&b, line, height, tolerance*dpi/72)
	}
	if b.Len() == 0 {
		return nil
	}
	return append(append([]byte("BT\n3 Tr\n/F0 1 Tf\n"), b.Bytes()...), "ET\n"...)
}

// drawnWord is a word as the content stream has it. It stands level even where its line slopes.
type drawnWord struct {
	codes          string
	letters        int
	x, width       float64
	baseline, size float64 // in pixels of page space, y downwards
}

// line draws a line's words, each at its own x, with a space after each but the last.
func (t *font) line(b *bytes.Buffer, line *dossier.Line, height, slack float64) {
	words := t.place(line, slack)
	for i, w := range words {
		codes := w.codes
		if i < len(words)-1 {
			codes += spaceCode
		}
		size := max(1, math.Floor(w.size*deci)) / deci
		stretch := 100 * w.width / (float64(w.letters) * size * glyphWidth / 1000)
		fmt.Fprintf(b, "%[1]s 0 0 %[1]s %s %s Tm %s Tz <%s> Tj\n",
			decimals(size, deci), decimals(w.x, deci), decimals(height-w.baseline, deci), decimals(stretch, deci), codes)
	}
}

// place finds where a line's words are drawn. Words that no text can carry fall away.
func (t *font) place(line *dossier.Line, slack float64) []drawnWord {
	baseline := commonBaseline(line)
	words := make([]drawnWord, 0, len(line.Words))
	for _, w := range line.Words {
		codes, letters := t.encode(w.Text)
		if letters == 0 || w.Box.Width() <= 0 || w.Box.Height() <= 0 {
			continue
		}
		d := drawnWord{codes: codes, letters: letters, x: w.Box.X0, width: w.Box.Width()}
		d.baseline, d.size = fit(w.Box, baseline+line.Slope*(w.Box.X0-line.Box.X0), slack)
		words = append(words, d)
	}
	for i := range words {
		if i < len(words)-1 {
			words[i].leaveRoom(&words[i+1])
		}
		words[i].size = max(0.1, min(words[i].size, words[i].width/(float64(words[i].letters)*minAdvance)))
	}
	return words
}

// leaveRoom shortens a word so that the next one stays apart from it, and makes its font smaller where only that helps.
func (w *drawnWord) leaveRoom(next *drawnWord) {
	free := next.x - w.x
	if free <= 0 {
		return
	}
	least := float64(w.letters) * minAdvance
	w.size = min(w.size, free/(least+wordGap))
	w.width = min(w.width, free-wordGap*w.size)
}

// commonBaseline is the baseline at the line's left edge on which most of its words can stand: the median of those that
// suit each word best.
func commonBaseline(line *dossier.Line) float64 {
	best := make([]float64, 0, len(line.Words))
	for _, w := range line.Words {
		best = append(best, ownBaseline(w.Box)-line.Slope*(w.Box.X0-line.Box.X0))
	}
	if len(best) == 0 {
		return line.Baseline
	}
	slices.Sort(best)
	return best[len(best)/2]
}

// ownBaseline is the baseline that gives a word its own box.
func ownBaseline(box dossier.Box) float64 { return box.Y1 - below*box.Height() }

// fit finds baseline and size of a word: on its line's baseline if its box is met within slack there, else as near to it
// as that allows. A word too flat for both, a dash or a dot, keeps to the line.
func fit(box dossier.Box, line, slack float64) (baseline, size float64) {
	const steps = 8
	own := ownBaseline(box)
	for step := range steps + 1 {
		baseline := line + (own-line)*float64(step)/steps
		least := max((baseline-box.Y0-slack)/(1-below), (box.Y1-slack-baseline)/below, math.Abs(baseline-line)/maxShift)
		most := min((baseline-box.Y0+slack)/(1-below), (box.Y1+slack-baseline)/below)
		if least <= most && most > 0 {
			return baseline, max(least, min(most, box.Height()))
		}
	}
	return line, box.Height()
}
