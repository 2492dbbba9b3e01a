package barcode

import (
	"cmp"
	"math"
	"slices"
)

// finder is a finder pattern, one of the three corners by which a QR code is found: a black square of three modules in
// a white and a black ring, so that any line through the middle is black and white in the proportions 1:1:3:1:1.
type finder struct {
	x, y   float64 // its middle
	module float64 // px
	rows   int     // in which it was seen
}

const (
	finderStep = 2   // px between the rows that are looked at: the middle of the smallest symbol has three of them
	mostFound  = 500 // finder patterns; more is a raster or noise
	mostUsed   = 60  // of them: 20 symbols
)

// finders looks for finder patterns, those seen in most rows first.
func (b bitmap) finders() []finder {
	var found []finder
	var edges []int32
	for y := finderStep / 2; y < b.height; y += finderStep {
		edges = b.edges(y, edges)
		for i := 0; i+5 < len(edges); i += 2 {
			e := edges[i : i+6]
			if !isFinder(int(e[1]-e[0]), int(e[2]-e[1]), int(e[3]-e[2]), int(e[4]-e[3]), int(e[5]-e[4])) {
				continue
			}
			if f, ok := b.middle(int(e[2]+e[3])/2, y, int(e[5]-e[0])); ok {
				if found = gather(found, f); len(found) == mostFound { // above is a raster, below may be a symbol
					found = best(found)
				}
			}
		}
	}
	return best(found)
}

// best leaves away what was seen in a few rows only, as parts of letters are.
func best(found []finder) []finder {
	const least = .3
	found = slices.DeleteFunc(found, func(f finder) bool { return f.share() < least })
	slices.SortStableFunc(found, func(a, b finder) int { return cmp.Compare(b.share(), a.share()) })
	return found[:min(len(found), mostUsed)]
}

// share of the rows through the pattern's middle in which it was seen, about 0 to 1.
func (f finder) share() float64 { return float64(f.rows*finderStep) / (3 * f.module) }

// isAlike tells whether two finder patterns may be of one symbol, seen in perspective, by their size.
func (f finder) isAlike(o finder) bool {
	const modules = .45 // by how much of the larger they may differ
	return math.Abs(f.module-o.module) <= max(1, modules*max(f.module, o.module))
}

// gather adds a finder pattern to those found, or to the one among them that it is.
func gather(found []finder, f finder) []finder {
	for i := range found {
		o := &found[i]
		if math.Abs(o.x-f.x) <= o.module && math.Abs(o.y-f.y) <= o.module && math.Abs(o.module-f.module) <= max(1, o.module/2) {
			n := float64(o.rows)
			o.x, o.y, o.module = (o.x*n+f.x)/(n+1), (o.y*n+f.y)/(n+1), (o.module*n+f.module)/(n+1)
			o.rows++
			return found
		}
	}
	return append(found, f)
}

// isFinder tells whether five runs, black, white, black, white, black, have a finder pattern's proportions.
func isFinder(a, b, c, d, e int) bool {
	total := a + b + c + d + e
	// Every run may be off by half of what it should be: print grows or shrinks, and a run is whole pixels.
	within := func(run, modules int) bool {
		off := 7*run - modules*total
		return 2*max(off, -off) < modules*total
	}
	return total >= 7 && within(c, 3) && within(a, 1) && within(b, 1) && within(d, 1) && within(e, 1)
}

// middle looks closely at what a row through (x, y) of so much extent has the proportions of.
func (b bitmap) middle(x, y, extent int) (finder, bool) {
	cy, high, ok := b.cross(x, y, 0, 1, extent)
	if !ok {
		return finder{}, false
	}
	cx, wide, ok := b.cross(x, int(cy), 1, 0, extent)
	if !ok || 5*math.Abs(high-wide) > 2*(high+wide)/2 {
		return finder{}, false
	}
	return finder{x: cx, y: cy, module: (high + wide) / 14, rows: 1}, true
}

// cross measures the pattern along a line through the black pixel (x, y) in steps of (dx, dy), one of which is 0 and the
// other 1: where the middle run has its middle, and how long the five runs are together.
func (b bitmap) cross(x, y, dx, dy, extent int) (middle, length float64, ok bool) {
	var runs [5]int
	count := func(i, from, step int) int {
		black := i%2 == 0
		at := from
		for runs[i] <= extent {
			px, py := x+at*dx, y+at*dy
			if uint(px) >= uint(b.width) || uint(py) >= uint(b.height) || b.black(px, py) != black {
				break
			}
			runs[i]++
			at += step
		}
		return at
	}
	if !b.black(x, y) {
		return 0, 0, false
	}
	start := count(2, -1, -1)
	runs[2]++
	end := count(2, 1, 1)
	count(0, count(1, start, -1), -1)
	count(4, count(3, end, 1), 1)
	if !isFinder(runs[0], runs[1], runs[2], runs[3], runs[4]) {
		return 0, 0, false
	}
	at := float64(x*dx + y*dy)
	return at + float64(start+1+end)/2, float64(runs[0] + runs[1] + runs[2] + runs[3] + runs[4]), true
}
