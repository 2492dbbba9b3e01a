// Package barcode reads the symbols on a page: QR codes everywhere, Code 128, Code 39 and PDF417 where they are asked for.
//
// It owns where symbols are looked for and how the pixels are prepared; it leaves what their patterns say to gozxing (QR)
// and zxing-cpp (the others, and QR codes in perspective), what their text means to whoever reads the page, and the way
// from the image's pixels to page space to pipeline/clean. It is linked into the page worker only. What it reads is
// proved on made pages of 150 to 300 dpi, turned, noisy and as JPEG of quality 50, and on photographs; that it reads
// nothing where nothing is, on every page of the corpus.
package barcode

import (
	"image"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// Symbol is a symbol whose box is in the image's pixels, not in page space.
type Symbol = dossier.Barcode

// Read reads the symbols of a grey image: QR codes that lie at any angle, and those of the listed symbologies whose bars
// stand or lie, but for some degrees. They come in no order. A symbol needs modules or narrow bars of about two pixels.
// The error says that there was no memory.
func Read(gray *lept.Pix, more []dossier.Symbology) ([]Symbol, error) {
	const (
		sizes = 3  // the image's own, half and a quarter: noise, and modules of many pixels, are for the smaller ones
		least = 24 // px each way
	)
	p, factor, err := pictureOf(gray)
	if err != nil {
		return nil, err
	}
	var symbols []Symbol // in p's pixels
	for i := 0; i < sizes && min(p.width, p.height) >= least; i++ {
		if symbols, err = p.read(more, symbols); err != nil {
			return nil, err
		}
		p, factor, symbols = p.halved(), 2*factor, allScaled(symbols, .5)
	}
	return allScaled(symbols, factor), nil
}

// read adds to the symbols that are known those that can be read at this size.
func (p picture) read(more []dossier.Symbology, known []Symbol) ([]Symbol, error) {
	slopes, err := p.slopes()
	if err != nil {
		return nil, err
	}
	codes, err := p.readQR(slopes)
	if err != nil {
		return nil, err
	}
	for _, s := range codes {
		known = add(known, s)
	}
	if len(more) == 0 {
		return known, nil
	}
	for _, s := range p.readBars(slopes, more, known) {
		known = add(known, s)
	}
	return known, nil
}

// add adds a symbol that was not read before.
func add(symbols []Symbol, s Symbol) []Symbol {
	x, y := (s.Box.X0+s.Box.X1)/2, (s.Box.Y0+s.Box.Y1)/2
	isSame := func(o Symbol) bool {
		return x > o.Box.X0 && x < o.Box.X1 && y > o.Box.Y0 && y < o.Box.Y1 || s.Text == o.Text && near(s.Box, o.Box)
	}
	if slices.ContainsFunc(symbols, isSame) {
		return symbols
	}
	return append(symbols, s)
}

func near(a, b dossier.Box) bool {
	return a.X0 < b.X1+cell && b.X0 < a.X1+cell && a.Y0 < b.Y1+cell && b.Y0 < a.Y1+cell
}

// covered tells whether half of the box is a symbol's.
func covered(box image.Rectangle, symbols []Symbol) bool {
	return slices.ContainsFunc(symbols, func(s Symbol) bool {
		common := box.Intersect(image.Rect(int(s.Box.X0), int(s.Box.Y0), int(s.Box.X1), int(s.Box.Y1)))
		return 2*common.Dx()*common.Dy() > box.Dx()*box.Dy()
	})
}

func boxOf(r image.Rectangle) dossier.Box {
	return dossier.Box{X0: float64(r.Min.X), Y0: float64(r.Min.Y), X1: float64(r.Max.X), Y1: float64(r.Max.Y)}
}

func scaled(s Symbol, f float64) Symbol {
	s.Box = dossier.Box{X0: f * s.Box.X0, Y0: f * s.Box.Y0, X1: f * s.Box.X1, Y1: f * s.Box.Y1}
	return s
}

func allScaled(symbols []Symbol, f float64) []Symbol {
	for i, s := range symbols {
		symbols[i] = scaled(s, f)
	}
	return symbols
}

func moved(s Symbol, by image.Point) Symbol {
	x, y := float64(by.X), float64(by.Y)
	s.Box = dossier.Box{X0: s.Box.X0 + x, Y0: s.Box.Y0 + y, X1: s.Box.X1 + x, Y1: s.Box.Y1 + y}
	return s
}
