package barcode

import (
	"fmt"
	"image"
	"math"
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/common"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/detector"

	"github.com/dossierd/dossierd/dossier"
)

// A QR code has so many modules a side.
const smallest, largest = 21, 177

// decodeQR reads the QR code that has these corners, if it is one. likeness is how much it looks like one, 0 to 1.
func (p picture) decodeQR(b bitmap, s square) (symbol Symbol, likeness float64, ok bool) {
	defer func() {
		if recover() != nil { // the library's word for pixels it did not expect
			ok = false
		}
	}()
	const alike = .75 // of what is the same in all symbols; elsewhere it is half
	point := func(f finder) gozxing.ResultPoint { return gozxing.NewResultPoint(f.x, f.y) }
	for _, off := range [3]int{0, 4, -4} {
		dimension := s.dimension() + off
		if dimension < smallest || dimension > largest {
			continue
		}
		for _, alignment := range b.alignments(s, dimension) {
			transform := detector.Detector_createTransform(point(s.topLeft), point(s.topRight), point(s.bottomLeft), alignment, dimension)
			like := b.likeness(transform, dimension)
			likeness = max(likeness, like)
			if like < alike {
				continue
			}
			values := p.sample(transform, dimension, s.module()/4)
			text, ok := decode(values, dimension)
			if !ok {
				text, ok = decode(sharpened(values, dimension), dimension)
			}
			if ok {
				return Symbol{Symbology: dossier.SymbologyQR, Text: text, Box: s.symbolBox(float64(dimension))}, like, true
			}
		}
	}
	return Symbol{}, likeness, false
}

// likeness is the share of the modules that are the same in all QR codes, finder and timing patterns, which have the
// colour they should have.
func (b bitmap) likeness(transform *common.PerspectiveTransform, dimension int) float64 {
	same, all := 0, 0
	look := func(x, y int, black bool) {
		point := []float64{float64(x) + .5, float64(y) + .5}
		transform.TransformPoints(point)
		all++
		if b.black(int(point[0]), int(point[1])) == black {
			same++
		}
	}
	for y := range 8 {
		for x := range 8 {
			ring := max(abs(x-3), abs(y-3)) // 4 is the white around it
			black := ring != 2 && ring != 4
			look(x, y, black)
			look(dimension-1-x, y, black)
			look(x, dimension-1-y, black)
		}
	}
	for i := 8; i < dimension-8; i++ {
		look(i, 6, i%2 == 0)
		look(6, i, i%2 == 0)
	}
	return float64(same) / float64(all)
}

func abs(v int) int { return max(v, -v) }

// alignments are what may be the alignment pattern, which is found, or not, or is none.
func (b bitmap) alignments(s square, dimension int) []*detector.AlignmentPattern {
	if found := b.alignment(s, dimension); found != nil {
		return []*detector.AlignmentPattern{found, nil}
	}
	return []*detector.AlignmentPattern{nil}
}

// alignment finds the small pattern that stands three modules in from the fourth corner of all symbols but the smallest.
func (b bitmap) alignment(s square, dimension int) *detector.AlignmentPattern {
	if dimension == smallest {
		return nil
	}
	const reach = 5 // modules
	// Both ways it is as many modules from the first corner's middle.
	share := float64(dimension-10) / float64(dimension-7)
	x := s.topLeft.x + share*(s.topRight.x+s.bottomLeft.x-2*s.topLeft.x)
	y := s.topLeft.y + share*(s.topRight.y+s.bottomLeft.y-2*s.topLeft.y)
	r := int(math.Ceil(reach * s.module()))
	box := image.Rect(int(x)-r, int(y)-r, int(x)+r, int(y)+r).Intersect(image.Rect(0, 0, b.width, b.height))
	matrix, err := b.crop(box)
	if err != nil {
		return nil
	}
	found, err := detector.NewAlignmentPatternFinder(matrix, 0, 0, box.Dx(), box.Dy(), s.module(), nil).Find()
	if err != nil {
		return nil
	}
	return detector.NewAlignmentPattern(found.GetX()+float64(box.Min.X), found.GetY()+float64(box.Min.Y), s.module())
}

// sample gives the grey values within a radius of the middle of every module.
func (p picture) sample(transform *common.PerspectiveTransform, dimension int, radius float64) []int {
	values := make([]int, dimension*dimension)
	points := make([]float64, 2*dimension)
	for y := range dimension {
		for x := range dimension {
			points[2*x], points[2*x+1] = float64(x)+.5, float64(y)+.5
		}
		transform.TransformPoints(points)
		for x := range dimension {
			values[y*dimension+x] = p.near(points[2*x], points[2*x+1], radius)
		}
	}
	return values
}

// decode reads the modules' grey values; black is what is darker than its surroundings.
func decode(values []int, dimension int) (string, bool) {
	const reach = 6 // modules around each: a finder pattern has white as well in it
	grid, err := gozxing.NewSquareBitMatrix(dimension)
	if err != nil {
		return "", false
	}
	means := surroundings(values, dimension, reach)
	for i, v := range values {
		if v < means[i] {
			grid.Set(i%dimension, i/dimension)
		}
	}
	result, err := decoder.NewDecoder().Decode(grid, nil)
	if err != nil {
		return "", false
	}
	return strings.ToValidUTF8(result.GetText(), "\uFFFD"), true
}

// sharpened takes away from each module what its four neighbours, in modules of two pixels, have spilt into it.
func sharpened(values []int, side int) []int {
	sharp := make([]int, len(values))
	at := func(x, y int) int { return values[min(max(0, y), side-1)*side+min(max(0, x), side-1)] }
	for i, v := range values {
		x, y := i%side, i/side
		sharp[i] = 2*v - (at(x-1, y)+at(x+1, y)+at(x, y-1)+at(x, y+1))/4
	}
	return sharp
}

// near is the mean of five values at and around a point, 0 to 1,275; white beyond the picture.
func (p picture) near(x, y, radius float64) int {
	sum := 0
	for _, d := range [5][2]float64{{0, 0}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
		sum += p.at(x+d[0]*radius, y+d[1]*radius)
	}
	return sum
}

// at is the value at a point between the middles of pixels.
func (p picture) at(x, y float64) int {
	x, y = x-.5, y-.5
	if !(x >= 0 && y >= 0 && x < float64(p.width-1) && y < float64(p.height-1)) {
		return 255
	}
	left, top := int(x), int(y)
	fx, fy := int(256*(x-float64(left))), int(256*(y-float64(top)))
	i := top*p.width + left
	upper := int(p.px[i])*(256-fx) + int(p.px[i+1])*fx
	lower := int(p.px[i+p.width])*(256-fx) + int(p.px[i+p.width+1])*fx
	return (upper*(256-fy) + lower*fy) >> 16
}

// surroundings are the means of the values up to so far away in a square of them.
func surroundings(values []int, side, reach int) []int {
	sums := make([]int, (side+1)*(side+1))
	for y := range side {
		row := 0
		for x := range side {
			row += values[y*side+x]
			sums[(y+1)*(side+1)+x+1] = sums[y*(side+1)+x+1] + row
		}
	}
	means := make([]int, len(values))
	for y := range side {
		top, bottom := max(0, y-reach), min(side, y+reach+1)
		for x := range side {
			left, right := max(0, x-reach), min(side, x+reach+1)
			sum := sums[bottom*(side+1)+right] - sums[top*(side+1)+right] - sums[bottom*(side+1)+left] + sums[top*(side+1)+left]
			means[y*side+x] = sum / ((bottom - top) * (right - left))
		}
	}
	return means
}

// symbolBox is the box around the symbol of so many modules a side, whose corners have their middle 3.5 modules inside.
func (s square) symbolBox(modules float64) dossier.Box {
	bottomLeft, topLeft, topRight := s.bottomLeft, s.topLeft, s.topRight
	rx, ry := (topRight.x-topLeft.x)/(modules-7), (topRight.y-topLeft.y)/(modules-7)
	dx, dy := (bottomLeft.x-topLeft.x)/(modules-7), (bottomLeft.y-topLeft.y)/(modules-7)
	box := dossier.Box{X0: math.Inf(1), Y0: math.Inf(1), X1: math.Inf(-1), Y1: math.Inf(-1)}
	for _, corner := range [4][2]float64{{0, 0}, {modules, 0}, {0, modules}, {modules, modules}} {
		r, d := corner[0]-3.5, corner[1]-3.5
		x, y := topLeft.x+r*rx+d*dx, topLeft.y+r*ry+d*dy
		box = dossier.Box{X0: min(box.X0, x), Y0: min(box.Y0, y), X1: max(box.X1, x), Y1: max(box.Y1, y)}
	}
	return box
}

// crop cuts out a part as the library keeps it.
func (b bitmap) crop(box image.Rectangle) (*gozxing.BitMatrix, error) {
	left, top, width, height := box.Min.X, box.Min.Y, box.Dx(), box.Dy()
	matrix, err := gozxing.NewBitMatrix(width, height)
	if err != nil {
		return nil, fmt.Errorf("crop bitmap: %w", err)
	}
	row := gozxing.NewBitArray(width)
	for y := range height {
		words := b.words[(top+y)*b.stride : (top+y+1)*b.stride]
		for x := 0; x < width; x += 32 {
			at := left + x
			v := words[at>>6] >> (at & 63)
			if at&63 > 32 && at>>6+1 < len(words) {
				v |= words[at>>6+1] << (64 - at&63)
			}
			if width-x < 32 {
				v &= 1<<(width-x) - 1
			}
			row.SetBulk(x, uint32(v))
		}
		matrix.SetRow(y, row)
	}
	return matrix, nil
}
