package pdfa

import "math"

// cmykGrid is the number of grid points along each ink in the CMYK profile.
const cmykGrid = 6

// lab is a colour of the connection space: L 0..100, a and b -128..127.
type lab [3]float64

// inks are the eight overprints of cyan (1), magenta (2) and yellow (4) as ISO 12647-2 gives them for coated paper,
// relative to the paper's white.
var inks = [8]lab{
	{100, 0, 0}, {55, -37, -50}, {48, 74, -3}, {24, 22, -46}, {89, -5, 93}, {50, -68, 25}, {47, 68, 48}, {23, 0, 0},
}

const (
	// blackLight is the light that full black ink lets through: less than on paper, where it is a fiftieth, because a
	// screen shows print black as black.
	blackLight = 0.002
	// dotGain is by how much a halftone of one half prints darker than it is.
	dotGain = 0.16
)

// cmyk makes the profile for CMYK images that carry none: offset print on coated paper by Neugebauer's equations. It
// goes one way only, from ink to colour, as a scanner's profile does.
func cmyk() []byte {
	return makeProfile("scnr", "CMYK", "Lab ", []iccTag{
		{"desc", iccDescription("Generic CMYK, coated paper")},
		{"cprt", iccText("No copyright, use freely")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"A2B0", cmykTable()},
	})
}

// cmykTable is a lut8Type: the curves of the inks' dot gain, then the colours at the grid's points.
func cmykTable() []byte {
	b := append([]byte("mft1\x00\x00\x00\x00"), 4, 3, cmykGrid, 0)
	for i := range 9 {
		identity := byte(0)
		if i%4 == 0 {
			identity = 1
		}
		b = append(b, 0, identity, 0, 0)
	}
	for range 4 {
		for i := range 256 {
			v := float64(i) / 255
			b = append(b, byte(math.Round(255*(v+4*dotGain*v*(1-v)))))
		}
	}
	step := func(i int) float64 { return float64(i) / (cmykGrid - 1) }
	for c := range cmykGrid {
		for m := range cmykGrid {
			for y := range cmykGrid {
				for k := range cmykGrid {
					l := printed(step(c), step(m), step(y), step(k))
					b = append(b, byte(math.Round(l[0]*2.55)), byte(math.Round(l[1]+128)), byte(math.Round(l[2]+128)))
				}
			}
		}
	}
	for range 3 {
		for i := range 256 {
			b = append(b, byte(i))
		}
	}
	return b
}

// printed is the colour of paper covered by the given shares of ink: the light of the eight overprints, each by the
// area it takes, through the black.
func printed(c, m, y, k float64) lab {
	var light [3]float64
	for i, ink := range inks {
		area := share(c, i&1 != 0) * share(m, i&2 != 0) * share(y, i&4 != 0)
		for j, v := range ink.light() {
			light[j] += area * v
		}
	}
	for j := range light {
		light[j] *= 1 - k*(1-blackLight)
	}
	return fromLight(light)
}

func share(v float64, inked bool) float64 {
	if inked {
		return v
	}
	return 1 - v
}

// light is XYZ relative to the white.
func (l lab) light() [3]float64 {
	fy := (l[0] + 16) / 116
	cube := func(f float64) float64 {
		if f > 6.0/29 {
			return f * f * f
		}
		return 3 * 36.0 / 841 * (f - 4.0/29)
	}
	return [3]float64{cube(fy + l[1]/500), cube(fy), cube(fy - l[2]/200)}
}

func fromLight(light [3]float64) lab {
	root := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return t*841/108 + 4.0/29
	}
	x, y, z := root(light[0]), root(light[1]), root(light[2])
	return lab{116*y - 16, 500 * (x - y), 200 * (y - z)}
}
