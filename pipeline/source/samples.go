package source

import (
	"bytes"
	"errors"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// samples is a picture that is decoded row by row: what every format comes to whose own bytes can't be kept. A row
// holds width*channels samples of bits each, packed from the highest bit of each byte, padded to a whole byte.
type samples struct {
	width, height int
	channels      int    // 1 grey or index, 3 RGB, 4 CMYK (0 is no ink)
	bits          int    // a sample: 1, 2, 4, 8 or 16, the last with the high byte first; 1 to 4 with one channel only
	palette       []byte // RGB triples where the samples are indices, else nil; an index beyond it means its last colour
	icc           []byte // profile as the file has it, or nil

	// rows decodes the picture and yields its rows from the top; a row is good until yield returns, and nil stands
	// for one that is lost. Fewer rows than height means that the rest is lost. A *dossier.Reason says why rows are
	// lost; any other error means that decoding could not be done, and one of yield's is returned as it is.
	rows func(yield func(row []byte) error) error

	// A bilevel picture is kept once it is decoded: it is small, and its image is coded from its raster.
	decoded  *lept.Pix
	warnings []string
}

// bilevel reports whether every pixel is black or white.
func (s *samples) bilevel() bool {
	_, ok := s.blackBit()
	return ok
}

// blackBit says which bit is black in a bilevel picture.
func (s *samples) blackBit() (black byte, ok bool) {
	if s.channels != 1 || s.bits != 1 {
		return 0, false
	}
	switch string(s.palette) {
	case "", "\x00\x00\x00\xff\xff\xff":
		return 0, true
	case "\xff\xff\xff\x00\x00\x00":
		return 1, true
	}
	return 0, false
}

// stride is the number of bytes in a row.
func (s *samples) stride() int { return (s.width*s.channels*s.bits + 7) / 8 }

// scan calls row for every row, with white in place of lost ones. The warnings name what was lost; a picture of which
// no row can be had is a *dossier.Reason.
func (s *samples) scan(row func(y int, row []byte) error) (warnings []string, err error) {
	var y, good int
	white := s.whiteRow()
	err = s.rows(func(data []byte) error {
		if y == s.height {
			return nil
		}
		if data == nil {
			data = white
		} else {
			good++
		}
		y++
		return row(y-1, data)
	})
	var lost *dossier.Reason
	switch {
	case errors.As(err, &lost):
	case err != nil:
		return nil, err
	case good < s.height:
		lost = dossier.Reject(dossier.CodeTruncated, "%d of %d rows are there", good, s.height)
	}
	if lost == nil {
		return nil, nil
	}
	if good == 0 {
		return nil, lost
	}
	for ; y < s.height; y++ {
		if err := row(y, white); err != nil {
			return nil, err
		}
	}
	return []string{string(lost.Code)}, nil
}

func (s *samples) whiteRow() []byte { return bytes.Repeat([]byte{s.white()}, s.stride()) }

// white is the byte that white rows are made of.
func (s *samples) white() byte {
	if s.palette == nil {
		if s.channels == 4 {
			return 0
		}
		return 0xff
	}
	var fill byte
	for shift := 0; shift < 8; shift += s.bits {
		fill |= s.lightest() << shift
	}
	return fill
}

// lightest is the palette's lightest index.
func (s *samples) lightest() byte {
	var best, index byte
	for i := 0; i < len(s.palette)/3 && i < 1<<s.bits; i++ {
		if l := luminance(s.palette[3*i], s.palette[3*i+1], s.palette[3*i+2]); l > best {
			best, index = l, byte(i)
		}
	}
	return index
}

// image codes the picture for the given level: bilevel as G4, anything else as Flate with PNG predictors, nothing
// lost but the low bytes of 16-bit samples at 1b, which knows no such thing.
func (s *samples) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	if s.bilevel() {
		pix, warnings, err := s.raster(false)
		if err != nil {
			return dossier.PageImage{}, nil, nil, err
		}
		defer pix.Close()
		image, blob, err := bilevelImage(pix)
		return image, blob, warnings, err
	}
	return s.flate(level)
}

// bilevelImage codes a bilevel raster as one G4 stream.
func bilevelImage(pix *lept.Pix) (dossier.PageImage, []byte, error) {
	blob, err := pix.EncodeG4()
	if err != nil {
		return dossier.PageImage{}, nil, err
	}
	return dossier.PageImage{
		Format: dossier.FormatCCITT, Width: pix.Width(), Height: pix.Height(), Bits: 1, ColorSpace: dossier.ColorGray,
		K: -1, Parts: onePart(blob, pix.Height()),
	}, blob, nil
}

func onePart(blob []byte, height int) []dossier.ImagePart {
	return []dossier.ImagePart{{Bytes: int64(len(blob)), Height: height}}
}

func (s *samples) flate(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	reduce := s.bits == 16 && level == dossier.Level1b
	bits := s.bits
	if reduce {
		bits = 8
	}
	image, dropped := s.describe(level)
	image.Bits = bits
	w := newPredictor(s.channels, bits, (s.width*s.channels*bits+7)/8, s.palette != nil)
	warnings, err := s.scan(func(_ int, row []byte) error {
		if reduce {
			for i := range len(row) / 2 {
				w.row[i] = row[2*i]
			}
			return w.write(w.row)
		}
		return w.write(row)
	})
	if err != nil {
		return dossier.PageImage{}, nil, nil, err
	}
	blob, err := w.close()
	if err != nil {
		return dossier.PageImage{}, nil, nil, err
	}
	if reduce {
		warnings = append(warnings, dossier.WarnReducedFor1b)
	}
	if dropped {
		warnings = append(warnings, dossier.WarnProfileDropped)
	}
	image.Parts = onePart(blob, s.height)
	return image, blob, warnings, nil
}

// describe is the picture as a Flate stream with PNG predictors, but for its parts. A profile of the colours of a
// palette has more channels than the image, and is dropped like any that does not fit.
func (s *samples) describe(level dossier.Level) (image dossier.PageImage, profileDropped bool) {
	space, channels := dossier.ColorGray, s.channels
	switch {
	case s.palette != nil:
		space, channels = dossier.ColorIndexed, 0
	case s.channels == 3:
		space = dossier.ColorRGB
	case s.channels == 4:
		space = dossier.ColorCMYK
	}
	profile, dropped := profileFor(s.icc, channels, level)
	return dossier.PageImage{
		Format: dossier.FormatFlate, Width: s.width, Height: s.height, Bits: s.bits, ColorSpace: space,
		Palette: s.palette, ICC: profile, Predictor: 15,
	}, dropped
}

// raster decodes the picture: 1 bit where it is bilevel, else 8-bit luminance or, where it has colour and colour is
// asked for, RGB. 16-bit samples give their high byte.
func (s *samples) raster(colour bool) (*lept.Pix, []string, error) {
	if s.decoded != nil {
		pix, err := s.decoded.Clone()
		return pix, s.warnings, err
	}
	depth, convert := s.converter(colour)
	pix, err := lept.New(s.width, s.height, depth)
	if err != nil {
		return nil, nil, err
	}
	warnings, err := s.scan(func(y int, row []byte) error {
		pix.SetRow(y, convert(row))
		return nil
	})
	if err != nil {
		pix.Close()
		return nil, nil, err
	}
	if depth == 1 {
		if s.decoded, err = pix.Clone(); err != nil {
			pix.Close()
			return nil, nil, err
		}
		s.warnings = warnings
	}
	return pix, warnings, nil
}

func (s *samples) close() {
	s.decoded.Close()
	s.decoded = nil
}
