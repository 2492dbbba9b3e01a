package clean

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// lie is how the stored image lies: mirrored first, then turned clockwise by quarters, then further by skew degrees,
// it is upright and straight.
type lie struct {
	mirrored bool
	quarters int
	skew     float64
}

// lieOf is what an EXIF orientation, 1 to 8, says. Anything else counts as 1.
func lieOf(orientation int) lie {
	switch orientation {
	case 2:
		return lie{mirrored: true}
	case 3:
		return lie{quarters: 2}
	case 4:
		return lie{mirrored: true, quarters: 2}
	case 5:
		return lie{mirrored: true, quarters: 3}
	case 6:
		return lie{quarters: 1}
	case 7:
		return lie{mirrored: true, quarters: 1}
	case 8:
		return lie{quarters: 3}
	}
	return lie{}
}

// pageSpace is the frame in which the page's boxes are given: upright, straight, with square pixels of the higher of
// the two resolutions.
func pageSpace(width, height int, res resolution, l lie) (f frame, dpi float64) {
	dpi = math.Max(res.x, res.y)
	f = storedFrame(width, height)
	if res.x != res.y {
		f = f.scaled(stretched(width, dpi/res.x), stretched(height, dpi/res.y))
	}
	if l.mirrored {
		f = f.mirrored()
	}
	f = f.turned(l.quarters)
	if l.skew != 0 {
		f = f.rotated(l.skew)
	}
	return f, dpi
}

func stretched(pixels int, by float64) float64 { return math.Max(1, math.Round(float64(pixels)*by)) }

// place moves a layout from the frame it was read in to page space. Boxes keep their upright shape: what turns by the
// rest of the skew is where they lie, and each is clipped to the page.
func place(l *dossier.Layout, from, page frame) {
	inverse, ok := page.toStored.Inverse()
	if !ok {
		return
	}
	m := from.toStored.Then(inverse)
	scale := math.Hypot(m.A, m.B)
	for line := range l.Lines {
		x0, y0 := m.Apply(line.Box.X0, line.Baseline)
		x1, y1 := m.Apply(line.Box.X1, line.Baseline+line.Slope*line.Box.Width())
		line.Size *= scale
		line.Slope = 0
		if x1 > x0 {
			line.Slope = (y1 - y0) / (x1 - x0)
		}
		line.Box = dossier.Box{}
		for i := range line.Words {
			w := &line.Words[i]
			w.Box = clip(placeBox(w.Box, m), page)
			line.Box = line.Box.Union(w.Box)
		}
		line.Baseline = y0 + line.Slope*(line.Box.X0-x0)
	}
	ocr.Enclose(l)
}

// placeBox maps a box's middle and sizes it by what the matrix does to lengths along the axes it is nearest to.
func placeBox(b dossier.Box, m dossier.Matrix) dossier.Box {
	cx, cy := m.Apply((b.X0+b.X1)/2, (b.Y0+b.Y1)/2)
	across, down := math.Hypot(m.A, m.B), math.Hypot(m.C, m.D)
	w, h := b.Width()*across/2, b.Height()*down/2
	if math.Abs(m.B) > math.Abs(m.A) {
		w, h = h, w
	}
	return dossier.Box{X0: cx - w, Y0: cy - h, X1: cx + w, Y1: cy + h}
}

// clip keeps at least a pixel of the box on the page, so that a word never loses its place.
func clip(b dossier.Box, page frame) dossier.Box {
	b.X0 = math.Min(math.Max(0, b.X0), page.width-1)
	b.Y0 = math.Min(math.Max(0, b.Y0), page.height-1)
	b.X1 = math.Min(math.Max(b.X0+1, b.X1), page.width)
	b.Y1 = math.Min(math.Max(b.Y0+1, b.Y1), page.height)
	return b
}
