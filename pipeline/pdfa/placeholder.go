package pdfa

import (
	"fmt"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// sentences stand on the page that takes the place of one that could not be read.
func sentences() []string {
	return []string{"KHÔNG ĐỌC ĐƯỢC TRANG NÀY", "CETTE PAGE N'A PAS PU ÊTRE LUE", "THIS PAGE COULD NOT BE READ"}
}

// strokes draws the sentences' letters as paths, 4 units wide and 6 high from the baseline: no font has to be embedded
// for them. A letter with marks is its base and the marks.
var strokes = map[rune]string{
	'A': "0 0 m 2 6 l 4 0 l 1 3 m 3 3 l", 'B': "0 0 m 0 6 l 3 6 l 4 5 l 4 4 l 3 3 l 0 3 l 3 3 m 4 2 l 4 1 l 3 0 l 0 0 l",
	'C': "4 5 m 3 6 l 1 6 l 0 5 l 0 1 l 1 0 l 3 0 l 4 1 l", 'D': "0 0 m 0 6 l 2 6 l 4 4 l 4 2 l 2 0 l 0 0 l",
	'E': "4 0 m 0 0 l 0 6 l 4 6 l 0 3 m 3 3 l", 'G': "4 5 m 3 6 l 1 6 l 0 5 l 0 1 l 1 0 l 3 0 l 4 1 l 4 3 l 2 3 l",
	'H': "0 0 m 0 6 l 4 0 m 4 6 l 0 3 m 4 3 l", 'I': "2 0 m 2 6 l", 'K': "0 0 m 0 6 l 4 6 m 0 2.5 l 1.3 3.6 m 4 0 l",
	'L': "0 6 m 0 0 l 4 0 l", 'N': "0 0 m 0 6 l 4 0 l 4 6 l", 'O': "1 0 m 0 1 l 0 5 l 1 6 l 3 6 l 4 5 l 4 1 l 3 0 l 1 0 l",
	'P': "0 0 m 0 6 l 3 6 l 4 5 l 4 4 l 3 3 l 0 3 l", 'R': "0 0 m 0 6 l 3 6 l 4 5 l 4 4 l 3 3 l 0 3 l 2 3 m 4 0 l",
	'S': "0 1 m 1 0 l 3 0 l 4 1 l 4 2 l 3 3 l 1 3 l 0 4 l 0 5 l 1 6 l 3 6 l 4 5 l", 'T': "2 0 m 2 6 l 0 6 m 4 6 l",
	'U': "0 6 m 0 1 l 1 0 l 3 0 l 4 1 l 4 6 l", 'Y': "2 0 m 2 3 l 0 6 l 2 3 m 4 6 l", '\'': "2 6 m 1.7 4.8 l",
}

const (
	circumflex = " 1 6.9 m 2 7.8 l 3 6.9 l"
	grave      = " 1.3 8 m 2.5 7 l"
	horn       = " 4 5 m 4.9 5.5 l 4.9 6.4 l"
	dotBelow   = " 1.9 -1.4 m 2.1 -1.4 l"
	bar        = " -0.9 3 m 1.7 3 l"
)

// stroke is the path of a letter; empty for a space.
func stroke(r rune) string {
	switch r {
	case 'À':
		return strokes['A'] + grave
	case 'Đ':
		return strokes['D'] + bar
	case 'Ê':
		return strokes['E'] + circumflex
	case 'Ô':
		return strokes['O'] + circumflex
	case 'Ọ':
		return strokes['O'] + dotBelow
	case 'Ư':
		return strokes['U'] + horn
	case 'Ợ':
		return strokes['O'] + horn + dotBelow
	}
	return strokes[r]
}

const (
	strokeAdvance = 6  // from letter to letter
	strokeLine    = 14 // from line to line
	strokeSize    = 10 // of the text under the letters
)

// placeholder writes a page that says that it could not be read, to the eye and to the reader of its text.
func (d *document) placeholder(p *dossier.Page) error {
	page := *p
	if page.Width <= 0 || page.Height <= 0 || !(page.DPI > 0) {
		page.Width, page.Height, page.DPI = 595, 842, 72
	}
	g, err := newGeometry(&page, 0, 0)
	if err != nil {
		return err
	}
	longest := 0
	for _, s := range sentences() {
		longest = max(longest, len([]rune(s)))
	}
	width, height := float64(page.Width), float64(page.Height)
	unit := 0.8 * width / float64(longest*strokeAdvance)
	var content strings.Builder
	fmt.Fprintf(&content, "q %s cm 1 J 1 j\n", g.text())
	var lines []dossier.Line
	for i, s := range sentences() {
		x := (width - unit*float64(len([]rune(s))*strokeAdvance)) / 2
		y := height/2 + unit*float64((1-i)*strokeLine)
		drawStrokes(&content, s, x, y, unit)
		lines = append(lines, strokeText(s, x, height-y, unit))
	}
	content.WriteString("Q\n")
	layout := dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: lines}}}}}
	d.writePage(&g, content.String(), "", &layout)
	return nil
}

// drawStrokes draws a sentence from x, y upwards.
func drawStrokes(b *strings.Builder, sentence string, x, y, unit float64) {
	fmt.Fprintf(b, "q %s 0 0 %[1]s %s cm 0.7 w\n", decimals(unit, 1e6), nums(x, y))
	for i, r := range []rune(sentence) {
		if path := stroke(r); path != "" {
			fmt.Fprintf(b, "q 1 0 0 1 %d 0 cm %s S Q\n", i*strokeAdvance, path)
		}
	}
	b.WriteString("Q\n")
}

// strokeText is the line under a drawn sentence, in page space.
func strokeText(sentence string, x, baseline, unit float64) dossier.Line {
	line := dossier.Line{Baseline: baseline, Size: strokeSize * unit, Box: dossier.Box{X0: x}}
	at := 0
	for word := range strings.FieldsSeq(sentence) {
		letters := len([]rune(word))
		left := x + unit*float64(at*strokeAdvance)
		line.Words = append(line.Words, dossier.Word{Text: word, Box: dossier.Box{
			X0: left, X1: left + unit*float64(letters*strokeAdvance), Y0: baseline - 8*unit, Y1: baseline + 2*unit,
		}})
		at += letters + 1
	}
	return line
}
