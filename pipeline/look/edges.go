package look

import (
	"image"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// cutOff reports whether print runs into an edge of the image: several lines begin or end there, or one line lies half
// beyond it. Half a seal at the edge is none, it was stamped across the sheets; nor is dirt, which makes no lines.
func (g *glance) cutOff() (bool, error) {
	const lines, pieces = 3, 8
	if len(g.letters) < enoughLetters || !g.rows {
		return false, nil
	}
	for _, e := range []edge{edgeTop, edgeBottom, edgeLeft, edgeRight} {
		if e.isVertical() != g.sideways {
			if g.linesAt(e) >= lines {
				return true, nil
			}
			continue
		}
		row, err := g.rowAt(e)
		if err != nil {
			return false, err
		}
		if row >= pieces {
			return true, nil
		}
	}
	return false, nil
}

// edge is one of the image's.
type edge int

const (
	edgeTop edge = iota
	edgeBottom
	edgeLeft
	edgeRight
)

func (e edge) isVertical() bool { return e == edgeLeft || e == edgeRight }

// from gives a box of an image of a size by its distance from the edge (Y) and along the edge (X).
func (e edge) from(b image.Rectangle, size image.Point) image.Rectangle {
	switch e {
	case edgeTop:
		return b
	case edgeBottom:
		return image.Rect(b.Min.X, size.Y-b.Max.Y, b.Max.X, size.Y-b.Min.Y)
	case edgeLeft:
		return image.Rect(b.Min.Y, b.Min.X, b.Max.Y, b.Max.X)
	default:
		return image.Rect(b.Min.Y, size.X-b.Max.X, b.Max.Y, size.X-b.Min.X)
	}
}

// linesAt counts the lines that begin or end at an edge: no more than the gap between two letters away, and other letters
// behind that one.
func (g *glance) linesAt(e edge) int {
	const (
		reach     = 7 // heights of a letter that the others are looked for in
		gap       = 0.4
		following = 2
	)
	var letters []image.Rectangle
	for _, b := range g.letters {
		b = e.from(b, image.Pt(g.pix.Width(), g.pix.Height()))
		if high := float64(b.Dx()); high < 0.5*g.height || high > 2.5*g.height || float64(b.Min.Y) > reach*g.height {
			continue // blurred letters grow together to words
		}
		letters = append(letters, b)
	}
	slices.SortFunc(letters, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
	n, last := 0, math.MinInt/2
	for _, first := range letters {
		if float64(first.Min.Y) > max(1, gap*g.height) || first.Min.X-last < int(2*g.height) {
			continue
		}
		others := 0
		for _, b := range letters {
			if b.Min.Y > first.Min.Y && min(b.Max.X, first.Max.X)-max(b.Min.X, first.Min.X) >= min(b.Dx(), first.Dx())/2 {
				others++
			}
		}
		if others >= following {
			n, last = n+1, first.Min.X
		}
	}
	return n
}

// rowAt is how many letters, or what is left of them, stand beside each other at an edge without a gap wider than that between
// words.
func (g *glance) rowAt(e edge) (int, error) {
	const (
		deep   = 3   // heights of a letter
		wide   = 2.5 // the same, at most
		gap    = 2.5
		narrow = 2 // px
		near   = 0.3
	)
	strip := image.Rect(0, 0, g.pix.Width(), g.pix.Height())
	depth := max(1, int(deep*g.height)) // specks may be lower than a pixel
	switch e {
	case edgeTop:
		strip.Max.Y = min(strip.Max.Y, depth)
	case edgeBottom:
		strip.Min.Y = max(0, strip.Max.Y-depth)
	case edgeLeft:
		strip.Max.X = min(strip.Max.X, depth)
	case edgeRight:
		strip.Min.X = max(0, strip.Max.X-depth)
	}
	cut, err := g.binary.Crop(strip.Min.X, strip.Min.Y, strip.Dx(), strip.Dy())
	if err != nil {
		return 0, err
	}
	defer cut.Close()
	found, err := cut.Components()
	if err != nil {
		return 0, err
	}
	var pieces []image.Rectangle
	for _, b := range found {
		b = e.from(b, strip.Size())
		if b.Min.Y <= max(1, int(near*g.height)) && b.Dx() >= narrow && float64(b.Dx()) <= wide*g.height && b.Max.Y < depth {
			pieces = append(pieces, b)
		}
	}
	slices.SortFunc(pieces, func(a, b image.Rectangle) int { return a.Min.X - b.Min.X })
	longest, n := 0, 0
	for i, b := range pieces {
		if i > 0 && float64(b.Min.X-pieces[i-1].Max.X) > gap*g.height {
			n = 0
		}
		n++
		longest = max(longest, n)
	}
	return longest, nil
}

// cornerFolded reports whether the paper ends in a slant at one of the image's corners, with the scanner's bed behind: of
// whatever colour, but another than the paper's.
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

// isFolded looks at one corner: what lies there is a triangle when its rows grow shorter by the same amount, one after the
// other. Scanners frame what they scan in a line of black, beside which the triangle is looked for, and so it is beside a bed
// that is larger than the paper.
func (g *glance) isFolded(right, bottom bool) bool {
	const (
		least, most = 7.0, 60.0 // mm of either leg
		torn        = 14.0      // mm; beside a bed smaller ones are the ragged corners of old paper
		slant       = 3.0       // one leg is at most so many times the other
		frame       = 3.0       // mm
		bed         = 20.0      // mm that are seen of it at most
		reach       = bed + most
		rows        = 3 // of paper: the slant has ended
	)
	px := func(mm, dpi float64) int { return int(mm / millimetres * dpi) }
	runs := g.cornerRuns(right, bottom, px(reach+bed, g.down), px(reach, g.across))
	if len(runs) == 0 {
		return false
	}
	side := middle(runs[len(runs)*4/5:])
	top := slices.IndexFunc(runs, func(n int) bool { return n < px(reach-1, g.across) })
	if top < 0 || top > px(bed, g.down) || side > px(bed, g.across) {
		return false
	}
	runs = runs[top:]
	from, narrow := px(frame, g.down), side+px(frame, g.across)
	paper, legs := 0, from
	for ; legs < len(runs) && paper < rows; legs++ {
		if paper++; runs[legs] > narrow {
			paper = 0
		}
	}
	slope, width, straight := line(runs[from : legs-paper])
	if !straight || slope <= 0 {
		return false
	}
	width += slope*float64(from) - float64(side)
	across, down := width/g.across*millimetres, width/slope/g.down*millimetres
	smallest := least
	if max(top, side) > from {
		smallest = torn
	}
	return min(across, down) >= smallest && max(across, down) <= most && across <= slant*down && down <= slant*across
}

// line lays a straight line through values that fall by slope from one to the next, beginning at first. Few may lie beside it:
// where print begins at the slant.
func line(values []int) (slope, first float64, straight bool) {
	const least, most, ragged, px = 8, 0.8, 0.03, 1.5
	half := len(values) / 2
	if len(values) < least {
		return 0, 0, false
	}
	slopes, firsts, off := make([]float64, half), make([]float64, len(values)), make([]float64, len(values))
	for i := range half {
		slopes[i] = float64(values[i]-values[i+half]) / float64(half)
	}
	slope = median(slopes)
	for i, v := range values {
		firsts[i] = float64(v) + slope*float64(i)
	}
	first = median(firsts)
	for i, v := range values {
		off[i] = math.Abs(float64(v) + slope*float64(i) - first)
	}
	return slope, first, quantile(off, most) <= px+ragged*first/2
}

func middle(values []int) int {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// cornerRuns measures how far what lies in the corner reaches from the side into each of the rows, px. There are none where it
// is hardly another colour than the paper.
func (g *glance) cornerRuns(right, bottom bool, rows, most int) []int {
	const (
		differs   = 24       // grey values
		near, far = 1.5, 3.5 // mm from either side, where the corner's colour is taken
		specks    = 2        // px that are passed over
	)
	at := func(x, y int) int {
		if right {
			x = g.canvas.width - 1 - x
		}
		if bottom {
			y = g.canvas.height - 1 - y
		}
		return int(g.canvas.pix[y*g.canvas.width+x])
	}
	rows, most = min(rows, g.canvas.height), min(most, g.canvas.width)
	x0, x1 := int(near/millimetres*g.across), int(far/millimetres*g.across)+1
	y0, y1 := int(near/millimetres*g.down), int(far/millimetres*g.down)+1
	if x1 > most || y1 > rows {
		return nil
	}
	var block []float64
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			block = append(block, float64(at(x, y)))
		}
	}
	bed := int(median(block))
	apart := distance(bed, g.print.paper)
	if apart < differs {
		return nil
	}
	runs := make([]int, rows)
	for y := range runs {
		x, off := x0, 0
		for ; x < most && off <= specks; x++ {
			if 2*distance(at(x, y), bed) < apart {
				off = 0
			} else {
				off++
			}
		}
		runs[y] = x - off
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
