package clean

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/barcode"
)

// readSymbols reads the symbols on the page, with boxes in the stored image's pixels. It comes before every step that
// changes more of the pixels than which way up they lie, and before the page can be called blank: a separator sheet has
// next to nothing else on it.
func (p *page) readSymbols(more []dossier.Symbology) error {
	square := view{frame: p.work.frame}
	var err error
	if square.pix, err = p.work.pix.Clone(); err != nil {
		return err
	}
	defer func() { square.pix.Close() }()
	if err := square.step(p.squared); err != nil {
		return err
	}
	if p.symbols, err = barcode.Read(square.pix, more); err != nil {
		return fmt.Errorf("read symbols: %w", err)
	}
	for i, s := range p.symbols {
		p.symbols[i].Box = placeBox(s.Box, square.toStored)
	}
	return nil
}

// placeSymbols moves symbols from the stored image's pixels to page space, in reading order.
func placeSymbols(symbols []dossier.Barcode, page frame) []dossier.Barcode {
	inverse, ok := page.toStored.Inverse()
	if !ok {
		return nil
	}
	placed := slices.Clone(symbols)
	for i, s := range placed {
		placed[i].Box = clip(placeBox(s.Box, inverse), page)
	}
	middle := func(s dossier.Barcode) float64 { return s.Box.Y0 + s.Box.Y1 }
	slices.SortFunc(placed, func(a, b dossier.Barcode) int { return cmp.Compare(middle(a), middle(b)) })
	// Those whose middle is beside the first of a line stand in it.
	for rest := placed; len(rest) > 0; {
		n := 1
		for n < len(rest) && middle(rest[n]) < 2*rest[0].Box.Y1 {
			n++
		}
		slices.SortFunc(rest[:n], func(a, b dossier.Barcode) int { return cmp.Compare(a.Box.X0, b.Box.X0) })
		rest = rest[n:]
	}
	return placed
}
