package clean

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// Head and foot of a Vietnamese official document stand in two columns, agency beside national title, recipients
// beside signature. Tesseract reads them row by row, and mixes them. This file puts each column's lines together.

// stretch runs from left to right: the empty gap that parts a line of two columns, or the one a column fills.
type stretch struct{ from, to float64 }

// unmixColumns reorders the head and the foot of a page of the given size.
func unmixColumns(l *dossier.Layout, width, height float64) {
	lines := allLines(l)
	if first, last, g, ok := findHead(lines, width, height); ok {
		splitColumns(l, lines, first, last, g)
		lines = allLines(l)
	}
	if first, last, g, ok := findFoot(lines, width, height); ok {
		splitColumns(l, lines, first, last, g)
	}
}

func allLines(l *dossier.Layout) []dossier.Line {
	var lines []dossier.Line
	for line := range l.Lines {
		lines = append(lines, *line)
	}
	return lines
}

// findHead finds the lines first to last (exclusive) of a head in two columns, and the gap between these.
func findHead(lines []dossier.Line, width, height float64) (first, last int, g stretch, ok bool) {
	const (
		reach = 3    // lines of letterhead or dirt that may come before
		zone  = 0.25 // of the page's height
	)
	for first = range min(reach, len(lines)) {
		if lines[first].Box.Y0 > zone*height {
			break
		}
		last, g, ok = columns(lines, first, width)
		if ok {
			return first, last, g, true
		}
	}
	return 0, 0, stretch{}, false
}

// findFoot finds a foot in two columns, which reaches to the last lines but a few of page number or stamp.
func findFoot(lines []dossier.Line, width, height float64) (first, last int, g stretch, ok bool) {
	const (
		zone = 0.4 // of the page's height, from where on a foot may begin
		rest = 3   // lines that may come after
	)
	for first = range lines {
		if lines[first].Box.Y0 < zone*height {
			continue
		}
		last, g, ok = columns(lines, first, width)
		if ok && last >= len(lines)-rest {
			return first, last, g, true
		}
	}
	return 0, 0, stretch{}, false
}

// columns follows a run of lines in two columns. Two lines or more must have the gap in them; a line of one column
// must stand mostly where that column stands.
func columns(lines []dossier.Line, first int, width float64) (last int, g stretch, ok bool) {
	g, ok = wideGap(lines[first], width)
	if !ok {
		return 0, stretch{}, false
	}
	left, right := stretch{lines[first].Box.X0, g.from}, stretch{g.to, lines[first].Box.X1}
	both := 1
	for last = first + 1; last < len(lines); last++ {
		box, common := lines[last].Box, g
		own, parted := wideGap(lines[last], width)
		switch {
		case parted:
			common = stretch{math.Max(g.from, own.from), math.Min(g.to, own.to)}
			left, right = left.around(box.X0, own.from), right.around(own.to, box.X1)
		case left.holds(box):
			common.from = math.Max(g.from, box.X1)
			left = left.around(box.X0, box.X1)
		case right.holds(box):
			common.to = math.Min(g.to, box.X0)
			right = right.around(box.X0, box.X1)
		default:
			return last, g, both >= 2
		}
		if common.to-common.from < lines[last].Size {
			break
		}
		if g = common; parted {
			both++
		}
	}
	return last, g, both >= 2
}

func (g stretch) around(from, to float64) stretch {
	return stretch{math.Min(g.from, from), math.Max(g.to, to)}
}

// holds reports whether more than half of the box stands between from and to.
func (g stretch) holds(b dossier.Box) bool {
	return math.Min(g.to, b.X1)-math.Max(g.from, b.X0) > b.Width()/2
}

// wideGap finds the one gap of a line that parts columns. Words of one line stand at most 2.5 letter heights apart,
// columns 4 and more.
func wideGap(line dossier.Line, width float64) (g stretch, ok bool) {
	const (
		letters     = 0.55 // height of a median letter, of the line's size
		apart       = 4    // letter heights
		left, right = 0.2, 0.75
	)
	for i := 1; i < len(line.Words); i++ {
		between := stretch{line.Words[i-1].Box.X1, line.Words[i].Box.X0}
		if between.to-between.from < apart*letters*line.Size {
			continue
		}
		if ok {
			return stretch{}, false
		}
		g, ok = between, true
	}
	middle := (g.from + g.to) / 2
	return g, ok && middle > left*width && middle < right*width
}

// splitColumns puts the parts of the lines first to last that stand left of the gap before those right of it.
func splitColumns(l *dossier.Layout, lines []dossier.Line, first, last int, g stretch) {
	var left, right dossier.Paragraph
	middle := (g.from + g.to) / 2
	for _, line := range lines[first:last] {
		var l, r []dossier.Word
		for _, w := range line.Words {
			if (w.Box.X0+w.Box.X1)/2 < middle {
				l = append(l, w)
			} else {
				r = append(r, w)
			}
		}
		if len(l) > 0 {
			left.Lines = append(left.Lines, partOf(line, l))
		}
		if len(r) > 0 {
			right.Lines = append(right.Lines, partOf(line, r))
		}
	}
	before, after := cut(l, first, last)
	l.Blocks = before
	for _, par := range []dossier.Paragraph{left, right} {
		l.Blocks = appendBlock(l.Blocks, appendParagraph(dossier.Block{}, par))
	}
	l.Blocks = append(l.Blocks, after...)
	ocr.Enclose(l)
}

// cut gives the blocks of the lines before first and of those from last on.
func cut(l *dossier.Layout, first, last int) (before, after []dossier.Block) {
	n := 0
	for _, b := range l.Blocks {
		var head, tail dossier.Block
		for _, par := range b.Paragraphs {
			var h, t dossier.Paragraph
			for _, line := range par.Lines {
				switch {
				case n < first:
					h.Lines = append(h.Lines, line)
				case n >= last:
					t.Lines = append(t.Lines, line)
				}
				n++
			}
			head, tail = appendParagraph(head, h), appendParagraph(tail, t)
		}
		before, after = appendBlock(before, head), appendBlock(after, tail)
	}
	return before, after
}
