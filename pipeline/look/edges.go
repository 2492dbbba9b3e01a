package look

import (
	"image"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// cutOff reports whether print runs into an edge of the image: several lines begin or end there, or one line lies half
// beyond it. Half a seal at the edge is none, it was stamped across the sheets; nor is dirt, which makes no lines.
func (g *glance) cutOff() bool {
	const lines, letters = 3, 8
	if len(g.letters) < enoughLetters || !g.rows {
		return false
	}
	w, h := g.pix.Width(), g.pix.Height()
	left, right := make([]image.Rectangle, 0), make([]image.Rectangle, 0)
	var top, bottom []image.Rectangle
	near := int(lineReach * g.height)
	for _, b := range g.letters {
		if high := float64(b.Dy()); high < 0.5*g.height || high > 2.5*g.height { // blurred letters grow together to words
			continue
		}
		if b.Min.X <= near {
			left = append(left, b)
		}
		if b.Max.X >= w-near { // as if it were the left one
			right = append(right, image.Rect(w-b.Max.X, b.Min.Y, w-b.Min.X, b.Max.Y))
		}
		if b.Min.Y <= 1 {
			top = append(top, b)
		}
		if b.Max.Y >= h-1 {
			bottom = append(bottom, b)
		}
	}
	return g.linesAt(left) >= lines || g.linesAt(right) >= lines || g.longestRow(top) >= letters || g.longestRow(bottom) >= letters
}

// lineReach is how far from the edge the letters of a line are looked for, in heights of a letter.
const lineReach = 7

// linesAt counts the lines that begin at the left edge, of the letters near it: no more than the gap between two letters
// away, and followed by others.
func (g *glance) linesAt(letters []image.Rectangle) int {
	const gap, following = 0.4, 2
	slices.SortFunc(letters, func(a, b image.Rectangle) int { return a.Min.Y - b.Min.Y })
	n, last := 0, math.MinInt/2
	for _, first := range letters {
		if float64(first.Min.X) > max(1, gap*g.height) || first.Min.Y-last < int(2*g.height) {
			continue
		}
		others := 0
		for _, b := range letters {
			if b.Min.X > first.Min.X && min(b.Max.Y, first.Max.Y)-max(b.Min.Y, first.Min.Y) >= min(b.Dy(), first.Dy())/2 {
				others++
			}
		}
		if others >= following {
			n, last = n+1, first.Min.Y
		}
	}
	return n
}

// longestRow is how many letters stand beside each other without a gap wider than that between words.
func (g *glance) longestRow(letters []image.Rectangle) int {
	const gap = 2.5
	slices.SortFunc(letters, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
	longest, n := 0, 0
	for i, b := range letters {
		if i > 0 && float64(b.Min.X-letters[i-1].Max.X) > gap*g.height {
			n = 0
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

// cornerFolded reports whether the paper ends in a slant at one of the image's corners, with the scanner's dark bed behind.
func (g *glance) cornerFolded() bool {
	for _, right := range []bool{false, true} {
		for _, bottom := range []bool{false, true} {
			if g.isFolded(right, bottom) {
				return true
			}
		}
	}
	return false
}

// isFolded looks at one corner: the black there is a triangle when its rows grow shorter by the same amount, one after the
// other. Scanners frame what they scan in a line of black, beside which the triangle is looked for.
func (g *glance) isFolded(right, bottom bool) bool {
	const (
		least, most = 7.0, 70.0 // mm of either leg
		slant       = 3.0       // one leg is at most so many times the other
		ragged      = 0.06      // of a leg, mean deviation from the straight line
		frame       = 3.0       // mm
	)
	runs := g.cornerRuns(right, bottom, int(most/millimetres*g.down)+1, int(most/millimetres*g.across)+1)
	from, narrow := int(frame/millimetres*g.down), int(frame/2/millimetres*g.across)
	legs := slices.IndexFunc(runs, func(n int) bool { return n <= narrow })
	if legs <= from+2 {
		return false
	}
	slope := float64(runs[from]-runs[legs-1]) / float64(legs-1-from) // px across for each row
	across, down := (float64(runs[from])+slope*float64(from))/g.across*millimetres, float64(legs)/g.down*millimetres
	if across < least || down < least || across > most || down > most || across > slant*down || down > slant*across {
		return false
	}
	var off float64
	for y := from; y < legs; y++ {
		off += math.Abs(float64(runs[y]) - float64(runs[from]) + slope*float64(y-from))
	}
	return off/float64(legs-from) <= ragged*float64(runs[from])
}

// cornerRuns measures how far black reaches from the side into each of the rows from the corner on, px.
func (g *glance) cornerRuns(right, bottom bool, rows, most int) []int {
	w, h := g.pix.Width(), g.pix.Height()
	rows = min(rows, h)
	limit := byte(min(255, g.print.paper/2))
	runs := make([]int, rows)
	for i := range runs {
		y := i
		if bottom {
			y = h - 1 - i
		}
		row := g.gray.GrayRow(y)
		if right {
			slices.Reverse(row)
		}
		for runs[i] < min(w, most) && row[runs[i]] < limit {
			runs[i]++
		}
	}
	return runs
}

// streaks finds thin straight lines from the very top of the image to its bottom: dirt on the glass of a scanner that
// draws the paper past it. The lines of a form end before the paper does.
func (g *glance) streaks() []dossier.Span {
	const (
		rowStep = 3
		differs = 10   // grey values from what is beside it
		whole   = 0.9  // share of the rows
		margin  = 0.03 // of the width, at either side, where paper ends and shadows lie
		beside  = 1.2  // mm
		widest  = 1.5  // mm
	)
	w, h := g.gray.Width(), g.gray.Height()
	d := max(2, int(beside/millimetres*g.across))
	darker, lighter := make([]int, w), make([]int, w)
	rows := 0
	for y := 0; y < h; y += rowStep {
		rows++
		row := g.gray.GrayRow(y)
		for x := d; x < w-d; x++ {
			v, l, r := int(row[x]), int(row[x-d]), int(row[x+d])
			switch {
			case v+differs < l && v+differs < r:
				darker[x]++
			case v > l+differs && v > r+differs:
				lighter[x]++
			}
		}
	}
	var found []dossier.Span
	edge := int(margin * float64(w))
	for _, counts := range [][]int{darker, lighter} {
		for x := edge; x < w-edge; x++ {
			from := x
			for x < w-edge && float64(counts[x]) >= whole*float64(rows) {
				x++
			}
			if span := g.span(from, x); x > from && span.To-span.From <= widest {
				found = append(found, span)
			}
		}
	}
	slices.SortFunc(found, func(a, b dossier.Span) int { return int(math.Copysign(1, a.From-b.From)) })
	return found
}

// span is in millimetres what lies between two columns.
func (g *glance) span(from, to int) dossier.Span {
	mm := func(px int) float64 { return math.Round(float64(px)/g.across*millimetres*10) / 10 }
	return dossier.Span{From: mm(from), To: mm(to)}
}
