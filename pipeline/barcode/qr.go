package barcode

import (
	"cmp"
	"image"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// readQR reads the QR codes of a picture.
func (p picture) readQR(s slopes) ([]Symbol, error) {
	symbols, err := p.findQR(true)
	if err != nil {
		return nil, err
	}
	for _, box := range p.dense(s) {
		if covered(box, symbols) {
			continue
		}
		view, err := p.cut(box).enlarged()
		if err != nil {
			return nil, err
		}
		found, err := view.findQR(false)
		if err != nil {
			return nil, err
		}
		for _, s := range found {
			symbols = append(symbols, moved(scaled(s, .5), box.Min))
		}
	}
	return symbols, nil
}

// dense are the parts of the picture, about square, where grey changes as much in all directions as it does in a QR code
// of small modules. Its finder patterns can be told apart only in a picture of twice the size.
func (p picture) dense(s slopes) []image.Rectangle {
	const (
		least  = 9 * cell * cell * 24 // grey values
		side   = 5                    // cells
		margin = 3 * cell
	)
	mark := make([]bool, len(s.across))
	for i, across := range s.across {
		down := s.down[i]
		mark[i] = min(across, down) >= least && max(across, down) < 2*min(across, down)
	}
	found := slices.DeleteFunc(pieces(mark, s.width), func(p piece) bool {
		w, h := p.box.Dx(), p.box.Dy()
		return min(w, h) < side || 3*max(w, h) > 5*min(w, h) || 2*p.cells < w*h // a square on its corner fills half
	})
	slices.SortStableFunc(found, func(a, b piece) int { return cmp.Compare(b.cells, a.cells) })
	var boxes []image.Rectangle
	left := p.closer()
	for _, f := range found {
		box := f.pixels().Inset(-margin).Intersect(p.bounds())
		if left -= box.Dx() * box.Dy(); left < 0 {
			break
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// findQR reads the QR codes whose finder patterns can be found; what looks like one and can't be read, a second time if
// again is true.
func (p picture) findQR(again bool) ([]Symbol, error) {
	const (
		timed = .4      // of its timing patterns, that something may be a QR code
		alike = .66     // of what is the same in all QR codes, that it is worth a second look
		most  = 4       // squares that are looked at again
		share = 16      // of the picture's pixels that they may have together
		small = 1 << 22 // px; of a smaller picture as many as of this
	)
	b, err := p.bitmap()
	if err != nil {
		return nil, err
	}
	var symbols []Symbol
	var hard []square
	for _, s := range squares(b.finders()) {
		if b.timing(s) < timed || covered(s.box(), symbols) {
			continue
		}
		symbol, likeness, ok := p.decodeQR(b, s)
		switch {
		case ok:
			symbols = append(symbols, symbol)
		case again && likeness >= alike:
			hard = append(hard, s)
		}
	}
	left := p.closer()
	for _, s := range hard[:min(len(hard), most)] {
		box := s.box().Intersect(p.bounds())
		if left -= box.Dx() * box.Dy(); left < 0 {
			break
		}
		if covered(box, symbols) {
			continue
		}
		symbol, ok, err := p.lookAgain(box)
		if err != nil {
			return nil, err
		}
		if ok {
			symbols = append(symbols, symbol)
		}
	}
	return symbols, nil
}

// closer is how many of the picture's pixels may be looked at closely: a sixteenth, or as many as of an A4 page of 200 dpi.
func (p picture) closer() int { return max(1<<22, p.width*p.height) / 16 }

// lookAgain reads a QR code that the quick way saw and could not read.
func (p picture) lookAgain(box image.Rectangle) (symbol Symbol, ok bool, err error) {
	part := p.cut(box)
	large, err := part.enlarged()
	if err != nil {
		return Symbol{}, false, err
	}
	for _, view := range []picture{part, large, part.halved()} {
		if f, ok := view.zxing(dossier.SymbologyQR); ok {
			symbol = Symbol{Symbology: dossier.SymbologyQR, Text: f.text, Box: boxOf(f.box())}
			return moved(scaled(symbol, float64(part.width)/float64(view.width)), box.Min), true, nil
		}
	}
	return Symbol{}, false, nil
}
