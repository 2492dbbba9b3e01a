package clean

import (
	"image"
)

// cropToPaper leaves a scanner's black bed away where the paper lies on one: beside so much black, Tesseract takes faint
// print for paper.
func (p *page) cropToPaper(t *thumb) error {
	sheet, err := findSheet(t)
	if err != nil || sheet.Empty() {
		return err
	}
	at := func(v int) int { return int(float64(v) / t.factor) }
	err = p.work.step(func(v view) (view, error) {
		return v.crop(at(sheet.Min.X), at(sheet.Min.Y), at(sheet.Dx()), at(sheet.Dy()))
	})
	if err != nil {
		return err
	}
	counts, err := p.work.pix.Histogram(histogramStep(p.work.pix))
	if err != nil {
		return err
	}
	black, white := Percentile(counts, 0.003), Percentile(counts, 0.5)
	return p.work.step(func(v view) (view, error) {
		pix, err := v.pix.Stretch(black, max(black+1, white))
		return view{v.frame, pix}, err
	})
}

// findSheet is where the paper lies on a dark bed, in the thumb's pixels, or empty where there is no such bed: the
// largest bright piece, when nearly all around it is black.
func findSheet(t *thumb) (image.Rectangle, error) {
	const (
		bridge  = 5    // px; what hangs together by less is apart
		least   = 0.3  // of the image: a smaller piece is no sheet
		most    = 0.98 // of a side: this much is the whole image
		bedDark = 0.9  // share of what surrounds the sheet
		inside  = 12   // px of the whole page, away from the sheet's ragged edge
	)
	dark, err := t.pix.Threshold(Otsu(t.counts))
	if err != nil {
		return image.Rectangle{}, err
	}
	defer dark.Close()
	bright, err := dark.Invert()
	if err != nil {
		return image.Rectangle{}, err
	}
	defer bright.Close()
	solid, err := bright.Open(bridge, bridge)
	if err != nil {
		return image.Rectangle{}, err
	}
	defer solid.Close()
	pieces, err := solid.Components()
	if err != nil {
		return image.Rectangle{}, err
	}
	var sheet image.Rectangle
	for _, piece := range pieces {
		if area(piece) > area(sheet) {
			sheet = piece
		}
	}
	w, h := t.pix.Width(), t.pix.Height()
	isWhole := float64(sheet.Dx()) > most*float64(w) && float64(sheet.Dy()) > most*float64(h)
	if isWhole || float64(area(sheet)) < least*float64(w*h) {
		return image.Rectangle{}, nil
	}
	all, err := dark.Black()
	if err != nil {
		return image.Rectangle{}, err
	}
	cut, err := dark.Crop(sheet.Min.X, sheet.Min.Y, sheet.Dx(), sheet.Dy())
	if err != nil {
		return image.Rectangle{}, err
	}
	defer cut.Close()
	within, err := cut.Black()
	if err != nil {
		return image.Rectangle{}, err
	}
	around := float64(all-within) / float64(w*h-area(sheet))
	if around < bedDark {
		return image.Rectangle{}, nil
	}
	return sheet.Inset(max(1, int(inside*t.factor))), nil
}

func area(r image.Rectangle) int { return r.Dx() * r.Dy() }
