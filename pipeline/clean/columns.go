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
		last, g, ok = findColumns(lines, first, width)
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
		last, g, ok = findColumns(lines, first, width)
		if ok && last >= len(lines)-rest {
			return first, last, g, true
		}
	}
	return 0, 0, stretch{}, false
}

// findColumns follows a run of lines in two columns, which must have the gap in two lines or more, or stand beside each
// other in pieces.
func findColumns(lines []dossier.Line, first int, width float64) (last int, g stretch, ok bool) {
	c, ok := opening(lines[first:], width)
	if !ok {
		return 0, stretch{}, false
	}
	for last = first; last < len(lines) && c.take(lines[last], width); last++ {
	}
	const beside = 1.5 // letter heights and more that both columns reach down
	abreast := math.Min(c.left.down.to, c.right.down.to) - math.Max(c.left.down.from, c.right.down.from)
	return last, c.gap, c.parted >= 2 || abreast > beside*lines[first].Size
}

// columns are two columns side by side, as far as their lines have been seen.
type columns struct {
	gap         stretch
	left, right column
	parted      int // lines that have the gap in them
}

// column is where the lines of one stand.
type column struct{ across, down stretch }

func (c *column) add(from, to float64, b dossier.Box) {
	c.across, c.down = c.across.around(from, to), c.down.around(b.Y0, b.Y1)
}

// opening finds the gap of two columns that begin with the first of the lines: within it, or between it and a line soon
// after that stands beside it.
func opening(lines []dossier.Line, width float64) (c columns, ok bool) {
	const soon = 8 // lines
	box := lines[0].Box
	if gap, parted := wideGap(lines[0], width); parted {
		return beside(box.X0, gap, box.X1), true
	}
	for _, line := range lines[1:min(soon, len(lines))] {
		b := line.Box
		if _, parted := wideGap(line, width); parted {
			return columns{}, false
		}
		if isBeside := b.X0 >= box.X1 || b.X1 <= box.X0; isBeside && b.Y0 < box.Y1 && b.Y1 > box.Y0 {
			left, right := box, b
			if b.X1 <= box.X0 {
				left, right = b, box
			}
			c = beside(left.X0, stretch{left.X1, right.X0}, right.X1)
			return c, c.gap.isCentral(width)
		}
		box = box.Union(b)
	}
	return columns{}, false
}

// beside are two columns of which no line is taken yet.
func beside(from float64, gap stretch, to float64) columns {
	none := stretch{math.Inf(1), math.Inf(-1)}
	return columns{gap: gap, left: column{stretch{from, gap.from}, none}, right: column{stretch{gap.to, to}, none}}
}

// take adds a line that stands in one of the columns, mostly, or in both. A line that closes the gap is none of theirs.
func (c *columns) take(line dossier.Line, width float64) bool {
	box, gap := line.Box, c.gap
	own, parted := wideGap(line, width)
	inLeft, inRight := c.left.across.holds(box) || c.beginsLeft(line), c.right.across.holds(box)
	switch {
	case parted:
		gap = stretch{math.Max(gap.from, own.from), math.Min(gap.to, own.to)}
	case inLeft:
		gap.from = math.Max(gap.from, box.X1)
	case inRight:
		gap.to = math.Min(gap.to, box.X0)
	default:
		return false
	}
	if gap.to-gap.from < line.Size {
		return false
	}
	c.gap = gap
	switch {
	case parted:
		c.left.add(box.X0, own.from, box)
		c.right.add(own.to, box.X1, box)
		c.parted++
	case inLeft:
		c.left.add(box.X0, box.X1, box)
	default:
		c.right.add(box.X0, box.X1, box)
	}
	return true
}

// beginsLeft reports whether a line begins at the left column's edge and may be longer than those before it.
func (c *columns) beginsLeft(line dossier.Line) bool {
	const near = 2 // letter heights
	return math.Abs(line.Box.X0-c.left.across.from) < near*line.Size
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
		letters = 0.55 // height of a median letter, of the line's size
		apart   = 4    // letter heights
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
	return g, ok && g.isCentral(width)
}

// isCentral reports whether a gap is where two columns part on a page of this width.
func (g stretch) isCentral(width float64) bool {
	const left, right = 0.2, 0.75
	middle := (g.from + g.to) / 2
	return middle > left*width && middle < right*width
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
