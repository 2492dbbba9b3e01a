package clean

import (
	"math"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// begin makes the grey image, upright as far as the file itself says. The raster is the caller's to close.
func begin(raster *lept.Pix, l lie, res resolution) (*page, error) {
	p := &page{width: raster.Width(), height: raster.Height(), res: res, lie: l}
	p.layout.Source = dossier.TextNone
	var err error
	if p.work, err = (view{storedFrame(p.width, p.height), raster}).gray(); err != nil {
		return nil, err
	}
	if l.mirrored {
		err = p.work.step(view.mirror)
	}
	if err == nil {
		err = p.work.step(func(v view) (view, error) { return v.turn(l.quarters) })
	}
	if err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// workDPI is the resolution of the image that the engine sees.
func (p *page) workDPI() float64 {
	m := p.work.toStored
	return math.Max(p.res.x, p.res.y) / math.Max(0.01, math.Min(math.Hypot(m.A, m.B), math.Hypot(m.C, m.D)))
}

// sizeLetters makes pixels square and the letters as high as they read best.
func (p *page) sizeLetters() error {
	if err := p.work.step(p.squared); err != nil {
		return err
	}
	if err := p.findLetters(); err != nil {
		return err
	}
	f := min(letterScale(p.letters.Height(false), p.workDPI(), p.res.guessed), fitEngine(p.work.width, p.work.height))
	if f == 1 {
		return nil
	}
	if err := p.work.step(func(v view) (view, error) { return v.scale(f, f) }); err != nil {
		return err
	}
	return p.findLetters()
}

// squared stretches a view of the page as it lies so that its pixels are square.
func (p *page) squared(v view) (view, error) {
	across, down := p.res.x, p.res.y
	if p.lie.quarters%2 == 1 {
		across, down = down, across
	}
	return v.scale(math.Max(1, down/across), math.Max(1, across/down))
}

func (p *page) findLetters() error {
	binary, err := p.bilevel()
	if err != nil {
		return err
	}
	p.letters, err = FindLetters(binary)
	return err
}

// bilevel is what the engine will see in black and white. It belongs to the page.
func (p *page) bilevel() (*lept.Pix, error) {
	if p.binary != nil && p.binaryOf == p.work.pix {
		return p.binary, nil
	}
	p.binary.Close()
	var err error
	p.binary, err = bilevel(p.work.pix)
	p.binaryOf = p.work.pix
	return p.binary, err
}

// letterScale is by how much an image of so many dots an inch, whose median letter is so high, is to be scaled. It is
// not taken below a dpi at which ordinary print has that height: then the large letters are not the text.
func letterScale(height, dpi float64, guessed bool) float64 {
	const (
		wanted       = 18
		worth        = 0.8 // a scale nearer to 1 gains nothing
		floor        = 200 // dpi
		floorGuessed = 100

		small, enlarged = 10, 16 // px; letters this small read better when made so high
	)
	least := floor / dpi
	if guessed {
		least = floorGuessed / dpi
	}
	if height >= minLetter && height < small {
		return enlarged / height
	}
	f := math.Max(wanted/math.Max(1, height), least)
	if f > worth {
		return 1
	}
	return f
}

// fitEngine is by how much an image must shrink for Tesseract to take it, and not to take it all day.
func fitEngine(width, height float64) float64 {
	const (
		side   = 20_000     // px; Tesseract takes 32,767
		pixels = 40_000_000 // an A4 page of 600 dpi
	)
	return min(1, side/max(width, height), math.Sqrt(pixels/(width*height)))
}

// straighten finds the skew and, from where it harms reading, turns the image that will be read.
func (p *page) straighten() error {
	const (
		limit  = 15
		least  = 0.1 // degrees; less is not seen
		harm   = 0.8
		unsure = 3
	)
	binary, err := p.bilevel()
	if err != nil {
		return err
	}
	degrees, confidence := binary.Skew(limit)
	if confidence < unsure || math.Abs(degrees) < least {
		return nil
	}
	p.lie.skew = degrees
	if math.Abs(degrees) < harm {
		return nil
	}
	return p.work.step(func(v view) (view, error) { return v.rotate(degrees) })
}
