package clean

import (
	"math"
)

// resolution is how many stored pixels an inch of paper has.
type resolution struct {
	x, y    float64
	guessed bool // the file names none, or one that no page of this size has
}

// paper is a size of paper, upright, in inches.
type paper struct {
	name          string
	width, height float64
}

func papers() []paper {
	return []paper{
		{"a3", 11.69, 16.54},
		{"a4", 8.27, 11.69},
		{"a5", 5.83, 8.27},
		{"a6", 4.13, 5.83},
		{"letter", 8.5, 11},
		{"legal", 8.5, 14},
		{"id1", 3.37, 2.125}, // a card is upright when it lies on its long side
	}
}

// resolve believes the resolution that a file names unless it is absurd: 72, 96 and the like are what software writes
// that knows none, and would make a page scanned at 200 dpi a poster.
func resolve(width, height int, x, y float64) resolution {
	const (
		least, most = 50, 2400
		poster      = 17 // inches: longer than A3
	)
	if x == 0 {
		x = y
	}
	if y == 0 {
		y = x
	}
	believed := x >= least && x <= most && y >= least && y <= most
	if believed && (isFiller(x) || isFiller(y)) && math.Max(float64(width)/x, float64(height)/y) > poster {
		believed = false
	}
	if believed {
		return resolution{x: x, y: y}
	}
	dpi := guess(float64(width), float64(height))
	return resolution{x: dpi, y: dpi, guessed: true}
}

func isFiller(dpi float64) bool { return dpi < 97 }

// guess gives the resolution at which the image comes out as the nearest paper size. All sizes of ISO 216 have one
// shape, so that shape tells A4 from letter, legal and a card, and A4 stands for the rest.
func guess(width, height float64) float64 {
	const (
		near = 0.015 // a shape this much off is still letter or legal
		card = 1500  // px; a card scanned on its own is not larger
	)
	long, short := math.Max(width, height), math.Min(width, height)
	side := 11.69
	switch shape := long / short; {
	case math.Abs(shape/(11/8.5)-1) < near:
		side = 11
	case math.Abs(shape/(3.37/2.125)-1) < near && long <= card:
		side = 3.37
	case math.Abs(shape/(14/8.5)-1) < near:
		side = 14
	}
	dpi := math.Min(2400, math.Max(50, long/side))
	for _, usual := range []float64{100, 150, 200, 240, 300, 400, 600} {
		if math.Abs(dpi/usual-1) < 0.03 {
			return usual
		}
	}
	return dpi
}

// paperName is the size that a page of width by height inches is within 3 % of, lying or standing, or "".
func paperName(width, height float64) string {
	const within = 0.03
	best, name := within, ""
	for _, p := range papers() {
		for _, size := range [][2]float64{{p.width, p.height}, {p.height, p.width}} {
			off := math.Max(math.Abs(width/size[0]-1), math.Abs(height/size[1]-1))
			if off < best {
				best, name = off, p.name
			}
		}
	}
	return name
}
