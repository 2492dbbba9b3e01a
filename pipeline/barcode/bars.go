package barcode

import (
	"cmp"
	"image"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Symbols that are made of bars, Code 128, Code 39 and PDF417, are looked for where grey changes one way much more than
// the other, which costs a tenth of looking for their patterns.

// stripe is a part of a picture with bars in it.
type stripe struct {
	box   image.Rectangle // px
	lying bool            // the bars lie one on the other: the symbol is turned by a quarter
}

func (s stripe) length() int {
	if s.lying {
		return s.box.Dy()
	}
	return s.box.Dx()
}

// stripes finds where the picture has bars, the longest first.
func (s slopes) stripes() []stripe {
	const (
		length, height = 5, 2 // cells; less is no symbol
		most           = 100  // as a page of text in large letters may have
	)
	var found []stripe
	for _, lying := range [2]bool{false, true} {
		along, against := s.across, s.down
		if lying {
			along, against = against, along
		}
		for _, piece := range pieces(dominant(along, against), s.width) {
			l, h := piece.box.Dx(), piece.box.Dy()
			if lying {
				l, h = h, l
			}
			if l >= length && h >= height {
				found = append(found, stripe{piece.pixels(), lying})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b stripe) int { return cmp.Compare(b.length(), a.length()) })
	return found[:min(len(found), most)]
}

// dominant marks the cells in whose surroundings grey changes enough, and more than twice as much along as against.
func dominant(along, against []int32) []bool {
	const least = 9 * cell * cell * 12 // grey values: less is noise
	mark := make([]bool, len(along))
	for i := range along {
		mark[i] = along[i] >= least && along[i] > 2*against[i]
	}
	return mark
}

// piece is what hangs together of marked cells.
type piece struct {
	box   image.Rectangle // cells
	cells int
}

// pieces are those of the marked cells, which it unmarks.
func pieces(mark []bool, width int) []piece {
	var found []piece
	var open []int
	for first := range mark {
		if !mark[first] {
			continue
		}
		var p piece
		mark[first] = false
		for open = append(open[:0], first); len(open) > 0; p.cells++ {
			at := open[len(open)-1]
			open = open[:len(open)-1]
			x, y := at%width, at/width
			p.box = p.box.Union(image.Rect(x, y, x+1, y+1))
			for _, next := range [4]int{at - 1, at + 1, at - width, at + width} {
				if next < 0 || next >= len(mark) || !mark[next] || next/width != y && next%width != x {
					continue
				}
				mark[next] = false
				open = append(open, next)
			}
		}
		found = append(found, p)
	}
	return found
}

// pixels is the piece's box in px.
func (p piece) pixels() image.Rectangle {
	return image.Rectangle{Min: p.box.Min.Mul(cell), Max: p.box.Max.Mul(cell)}
}

// readBars reads the symbols of the listed symbologies in a picture, but where one of the known ones is.
func (p picture) readBars(s slopes, more []dossier.Symbology, known []Symbol) []Symbol {
	const most = 16 // stripes that a reader is shown
	var symbols []Symbol
	shown := 0
	for _, s := range s.stripes() {
		if shown == most {
			break
		}
		if covered(s.box, known) || covered(s.box, symbols) || !p.isBarred(s) {
			continue
		}
		shown++
		symbols = append(symbols, p.readStripe(s, more)...)
	}
	return symbols
}

// isBarred tells whether the stripe may be a symbol: on three of five lines across it there are bars, where a line of
// text has them on two.
func (p picture) isBarred(s stripe) bool {
	const least = 3
	part := p.cut(s.box)
	if s.lying {
		part = part.turned()
	}
	return part.barred(part.bounds()) >= least
}

// fewestBars is what the shortest symbol has, but for some that run together.
const fewestBars = 10

// countBars counts how often values fall and rise by a third of all that they do.
func countBars(values []byte) int {
	swing := (int(slices.Max(values)) - int(slices.Min(values))) / 3
	bars, falling, turn := 0, false, int(values[0])
	for _, v := range values {
		v := int(v)
		switch {
		case falling && v > turn+swing:
			bars, falling, turn = bars+1, false, v
		case !falling && v < turn-swing:
			falling, turn = true, v
		case falling:
			turn = min(turn, v)
		default:
			turn = max(turn, v)
		}
	}
	return bars
}

// readStripe reads what stands in a stripe: usually one symbol, two where they stand close to each other.
func (p picture) readStripe(s stripe, more []dossier.Symbology) []Symbol {
	const most = 4
	margin := 4*cell + s.length()/4
	box := s.box.Inset(-margin).Intersect(p.bounds())
	part, inner := p.cut(box), s.box.Sub(box.Min)
	if s.lying {
		inner = image.Rect(part.height-inner.Max.Y, inner.Min.X, part.height-inner.Min.Y, inner.Max.X)
		part = part.turned()
	}
	var symbols []Symbol
	for range most {
		found, ok := part.readPart(inner, more)
		if !ok {
			break
		}
		part.fill(found.box, part.paper())
		b := found.box
		if s.lying {
			b = image.Rect(b.Min.Y, part.width-b.Max.X, b.Max.Y, part.width-b.Min.X)
		}
		symbols = append(symbols, Symbol{Symbology: found.symbology, Text: found.text, Box: boxOf(b.Add(box.Min))})
	}
	return symbols
}

// standing is a symbol whose bars stand, in a part of a picture.
type standing struct {
	symbology dossier.Symbology
	text      string
	box       image.Rectangle
}

// readPart reads one symbol of a part in whose middle the bars are, from the pixels as they are and then from finer ones.
func (p picture) readPart(inner image.Rectangle, more []dossier.Symbology) (standing, bool) {
	for _, way := range ways {
		view, fx, fy := way(p)
		for _, symbology := range more {
			f, ok := view.zxing(symbology)
			if !ok {
				continue
			}
			box := f.box()
			box = image.Rect(int(fx*float64(box.Min.X)), int(fy*float64(box.Min.Y)), int(math.Ceil(fx*float64(box.Max.X))), int(math.Ceil(fy*float64(box.Max.Y))))
			box = box.Intersect(p.bounds())
			if symbology != dossier.SymbologyPDF417 {
				return standing{symbology, f.text, p.heighten(box)}, true
			}
			// What is no PDF417 may be read as one, and what is one be given a wrong box.
			for _, b := range [2]image.Rectangle{box, inner} {
				if p.barred(b) >= mostLines-1 {
					return standing{symbology, f.text, b}, true
				}
			}
		}
	}
	return standing{}, false
}

const mostLines = 5 // that are looked at

// barred counts on how many of five lines across the box there are bars.
func (p picture) barred(box image.Rectangle) int {
	if box.Empty() {
		return 0
	}
	n := 0
	for i := range mostLines {
		y := box.Min.Y + box.Dy()*(2*i+1)/(2*mostLines)
		if countBars(p.row(y)[box.Min.X:box.Max.X]) >= fewestBars {
			n++
		}
	}
	return n
}

// ways are the pictures that a reader is shown, with what a pixel of them is across and down: as scanned, then with bars
// sharpened that are narrower than two pixels, then with the noise of two rows averaged.
var ways = []func(picture) (view picture, fx, fy float64){
	func(p picture) (picture, float64, float64) { return p, 1, 1 },
	func(p picture) (picture, float64, float64) { return p.widened(1, 2), .5, 1 },
	func(p picture) (picture, float64, float64) { return p.widened(2, 1), .5, 2 },
}

// heighten grows the box of a line through a linear symbol up and down as far as each row is like the one before.
func (p picture) heighten(line image.Rectangle) image.Rectangle {
	line = line.Intersect(p.bounds())
	if line.Empty() {
		return line
	}
	strip := func(y int) []byte { return p.row(y)[line.Min.X:line.Max.X] }
	middle := (line.Min.Y + line.Max.Y) / 2
	contrast, _ := compare(strip(middle), strip(middle))
	isNext := func(y, next int) bool {
		if next < 0 || next >= p.height {
			return false
		}
		strength, likeness := compare(strip(y), strip(next))
		return 4*strength > contrast && likeness > .5
	}
	line.Min.Y, line.Max.Y = middle, middle
	for isNext(line.Min.Y, line.Min.Y-1) {
		line.Min.Y--
	}
	for isNext(line.Max.Y, line.Max.Y+1) {
		line.Max.Y++
	}
	line.Max.Y++
	return line
}

// compare gives b's variance and the correlation of two rows, -1 to 1.
func compare(a, b []byte) (variance, likeness float64) {
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		sa, sb, saa, sbb, sab = sa+x, sb+y, saa+x*x, sbb+y*y, sab+x*y
	}
	n := float64(len(a))
	va, vb, common := saa-sa*sa/n, sbb-sb*sb/n, sab-sa*sb/n
	return vb, common / max(1, math.Sqrt(va*vb))
}
