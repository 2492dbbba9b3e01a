package clean

import (
	"cmp"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// fillTables makes a block of every cell that holds words, where before lines ran across the cells of a row. A table
// comes where its first word came; its cells come row by row, which a cell that spans several rows joins with its top.
func fillTables(l *dossier.Layout, tables []table) {
	for _, t := range tables {
		fillTable(l, t)
	}
	ocr.Enclose(l)
}

func fillTable(l *dossier.Layout, t table) {
	cells := make([][]dossier.Line, len(t.cells))
	var before, after []dossier.Block
	begun := false
	for _, b := range l.Blocks {
		var out dossier.Block
		for _, par := range b.Paragraphs {
			var rest dossier.Paragraph
			for _, line := range par.Lines {
				inside, outside := t.take(line, cells)
				if inside && !begun {
					begun = true
					before = appendBlock(before, appendParagraph(out, rest))
					out, rest = dossier.Block{}, dossier.Paragraph{}
				}
				if len(outside.Words) > 0 {
					rest.Lines = append(rest.Lines, outside)
				}
			}
			out = appendParagraph(out, rest)
		}
		if begun {
			after = appendBlock(after, out)
		} else {
			before = appendBlock(before, out)
		}
	}
	l.Blocks = append(append(before, t.blocks(cells)...), after...)
}

func appendParagraph(b dossier.Block, par dossier.Paragraph) dossier.Block {
	if len(par.Lines) > 0 {
		b.Paragraphs = append(b.Paragraphs, par)
	}
	return b
}

func appendBlock(blocks []dossier.Block, b dossier.Block) []dossier.Block {
	if len(b.Paragraphs) > 0 {
		blocks = append(blocks, b)
	}
	return blocks
}

// take puts the words of a line that lie in the table into their cells, and returns the rest of the line.
func (t table) take(line dossier.Line, cells [][]dossier.Line) (inside bool, outside dossier.Line) {
	parts := make(map[int][]dossier.Word)
	for _, w := range line.Words {
		c := t.cellOf(w.Box)
		parts[c] = append(parts[c], w)
	}
	for c, words := range parts {
		if c >= 0 {
			inside = true
			cells[c] = append(cells[c], partOf(line, words))
		}
	}
	return inside, partOf(line, parts[-1])
}

// cellOf is the number of the cell that a box lies in, -1 outside the table. On a line between cells it is the nearest.
func (t table) cellOf(b dossier.Box) int {
	x, y := (b.X0+b.X1)/2, (b.Y0+b.Y1)/2
	if x < t.box.X0 || x > t.box.X1 || y < t.box.Y0 || y > t.box.Y1 {
		return -1
	}
	best, nearest := -1, math.Inf(1)
	for i, c := range t.cells {
		off := math.Hypot(max(0, c.X0-x, x-c.X1), max(0, c.Y0-y, y-c.Y1))
		if off < nearest {
			best, nearest = i, off
		}
	}
	return best
}

// partOf is the line with only some of its words.
func partOf(line dossier.Line, words []dossier.Word) dossier.Line {
	part := line
	part.Words, part.Box = words, dossier.Box{}
	for _, w := range words {
		part.Box = part.Box.Union(w.Box)
	}
	part.Baseline += line.Slope * (part.Box.X0 - line.Box.X0)
	return part
}

// blocks are the cells that hold words, in reading order; within a cell the lines stay in the order they were read in.
func (t table) blocks(cells [][]dossier.Line) []dossier.Block {
	order := make([]int, 0, len(cells))
	for i, lines := range cells {
		if len(lines) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(t.cells[a].Y0, t.cells[b].Y0) })
	var blocks []dossier.Block
	for len(order) > 0 {
		row := t.firstRow(order)
		for _, i := range row {
			blocks = append(blocks, dossier.Block{Paragraphs: []dossier.Paragraph{{Lines: cells[i]}}})
		}
		order = order[len(row):]
	}
	return blocks
}

// firstRow takes those cells off the front whose tops are level with the first one's, and sorts them from the left.
func (t table) firstRow(order []int) []int {
	first := t.cells[order[0]]
	n := 1
	for n < len(order) {
		next := t.cells[order[n]]
		if next.Y0 > first.Y0+min(first.Height(), next.Height())/2 {
			break
		}
		n++
	}
	row := order[:n]
	slices.SortFunc(row, func(a, b int) int { return cmp.Compare(t.cells[a].X0, t.cells[b].X0) })
	return row
}
