package barcode

import (
	"cmp"
	"image"
	"math"
	"slices"
)

// square is three finder patterns that may be the corners of a QR code.
type square struct{ bottomLeft, topLeft, topRight finder }

// module is the side of a module in px. A finder pattern is measured along rows and columns, which cross a module that
// stands askew by more than its side.
func (s square) module() float64 {
	dx, dy := math.Abs(s.topRight.x-s.topLeft.x), math.Abs(s.topRight.y-s.topLeft.y)
	return (s.bottomLeft.module + s.topLeft.module + s.topRight.module) / 3 * max(dx, dy) / math.Hypot(dx, dy)
}

// modules is how many there are from one corner's middle to the next's.
func (s square) modules() float64 {
	across := math.Hypot(s.topRight.x-s.topLeft.x, s.topRight.y-s.topLeft.y)
	down := math.Hypot(s.bottomLeft.x-s.topLeft.x, s.bottomLeft.y-s.topLeft.y)
	return (across + down) / 2 / s.module()
}

// dimension is how many modules there are to a side, as far as the corners tell: 17 and four times the version.
func (s square) dimension() int { return 17 + 4*int(math.Round((s.modules()+7-17)/4)) }

// off is how far the three are from a square's corners, 0 for not at all; ok is whether they may be a QR code's, which in
// a photograph may be seen askew.
func (s square) off() (off float64, ok bool) {
	const (
		side, angle    = .5, .45 // how far sides may differ, of the longer one; cosine of the angle between them
		least, largest = 10, 200 // modules between the middles: 14 to 170, and what measuring adds
	)
	ax, ay := s.topRight.x-s.topLeft.x, s.topRight.y-s.topLeft.y
	bx, by := s.bottomLeft.x-s.topLeft.x, s.bottomLeft.y-s.topLeft.y
	a, b := math.Sqrt(ax*ax+ay*ay), math.Sqrt(bx*bx+by*by)
	uneven, cos := math.Abs(a-b)/max(a, b), math.Abs(ax*bx+ay*by)/(a*b)
	if !(uneven <= side && cos <= angle) || s.modules() < least || s.modules() > largest {
		return 0, false
	}
	return uneven + cos, true
}

// ordered swaps the ends where from top right to bottom left is not clockwise.
func (s square) ordered() square {
	ax, ay := s.topRight.x-s.topLeft.x, s.topRight.y-s.topLeft.y
	bx, by := s.bottomLeft.x-s.topLeft.x, s.bottomLeft.y-s.topLeft.y
	if ax*by < ay*bx {
		s.topRight, s.bottomLeft = s.bottomLeft, s.topRight
	}
	return s
}

// squares finds which of the finder patterns stand as three corners of a square do, the best first.
func squares(f []finder) []square {
	const most = 64 // to be tried
	type candidate struct {
		off     float64
		i, j, k int
	}
	var found []candidate
	for i := range f {
		for j := range f {
			if i == j || !f[i].isAlike(f[j]) {
				continue
			}
			for k := range j {
				if k == i || !f[i].isAlike(f[k]) || !f[j].isAlike(f[k]) {
					continue
				}
				if off, ok := (square{bottomLeft: f[j], topLeft: f[i], topRight: f[k]}).off(); ok {
					found = append(found, candidate{off, i, j, k})
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.off, b.off), a.i-b.i, a.j-b.j, a.k-b.k)
	})
	list := make([]square, min(len(found), most))
	for n := range list {
		c := found[n]
		list[n] = square{bottomLeft: f[c.j], topLeft: f[c.i], topRight: f[c.k]}.ordered()
	}
	return list
}

// box is a generous box around what has these corners.
func (s square) box() image.Rectangle {
	x, y := s.bottomLeft.x+s.topRight.x-s.topLeft.x, s.bottomLeft.y+s.topRight.y-s.topLeft.y
	box := image.Rect(
		int(min(s.bottomLeft.x, s.topLeft.x, s.topRight.x, x)), int(min(s.bottomLeft.y, s.topLeft.y, s.topRight.y, y)),
		int(max(s.bottomLeft.x, s.topLeft.x, s.topRight.x, x)), int(max(s.bottomLeft.y, s.topLeft.y, s.topRight.y, y)))
	return box.Inset(-int(8*s.module()) - (box.Dx()+box.Dy())/8)
}

// timing tells how well modules alternate between the corners as a QR code's timing patterns do, 0 to 1.
func (b bitmap) timing(s square) float64 {
	module := s.module()
	return (b.alternates(s.topLeft, s.topRight, s.bottomLeft, module) + b.alternates(s.topLeft, s.bottomLeft, s.topRight, module)) / 2
}

// alternates looks at the line from one corner to another three modules to the side of the third.
func (b bitmap) alternates(from, to, third finder, module float64) float64 {
	length := math.Hypot(to.x-from.x, to.y-from.y)
	away := math.Hypot(third.x-from.x, third.y-from.y)
	x, y := from.x+3*module*(third.x-from.x)/away, from.y+3*module*(third.y-from.y)/away
	dx, dy := (to.x-from.x)/length, (to.y-from.y)/length
	changes, last := 0., true
	for at := 3 * module; at <= length-3*module; at += .5 {
		if black := b.black(int(x+at*dx), int(y+at*dy)); black != last {
			changes, last = changes+1, black
		}
	}
	expected := max(1, length/module-6)
	return max(0, 1-math.Abs(changes-expected)/expected)
}
