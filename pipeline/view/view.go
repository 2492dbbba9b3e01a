// Package view draws parts of a page as somebody looks at it: upright and straight, at the size that is asked for.
//
// It owns the way from page space to pixels of the stored image, and how much of a decoded page is kept for the next part.
// Decoding is pipeline/source's, pixels are pipeline/lept's. It is linked into the page worker only.
package view

import (
	"fmt"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

const (
	// mostBase is how many bytes the decoded image may take; one that is larger is decoded at half its size, or a quarter. An A4
	// page at 600 dpi in colour has 140 MB.
	mostBase = 160 << 20
	// budget is what decoding may take beside that.
	budget = 128 << 20

	quality = 85 // of JPEGs: print keeps its edges
)

// Source is one image. pipeline/source's Page is one.
type Source interface {
	// Reduced decodes the image at a fraction of its size; see pipeline/source.
	Reduced(side int, budget int64) (pix *lept.Pix, warnings []string, err error)
	Close()
}

// Page is an image and what was decoded of it. It is used by one goroutine.
type Page struct {
	src           Source
	width, height int            // of the stored image
	toImage       dossier.Matrix // from page space
	levels        []*lept.Pix    // the stored image halved so many times; nil where nobody asked for it
}

// Open makes a page of a stored image of width by height pixels, which Close closes.
func Open(src Source, width, height int, toImage dossier.Matrix) *Page {
	return &Page{src: src, width: width, height: height, toImage: toImage}
}

// Close frees what was decoded.
func (p *Page) Close() {
	p.drop()
	p.src.Close()
}

func (p *Page) drop() {
	for _, pix := range p.levels {
		pix.Close()
	}
	p.levels = nil
}

// Bytes is the memory that is kept of the page.
func (p *Page) Bytes() int64 {
	var n int64
	for _, pix := range p.levels {
		if pix != nil {
			n += int64(pix.Width()) * int64(pix.Height()) * int64(pix.Depth()/8)
		}
	}
	return n
}

// Draw draws a view as JPEG or PNG.
func (p *Page) Draw(v dossier.View) ([]byte, error) {
	if v.Width < 1 || v.Height < 1 || v.Width > dossier.MostViewed/v.Height || v.Region.Width() == 0 || v.Region.Height() == 0 {
		return nil, fmt.Errorf("draw %d by %d pixels of %v", v.Width, v.Height, v.Region)
	}
	across, down := v.Region.Width()/float64(v.Width), v.Region.Height()/float64(v.Height)
	m := dossier.Matrix{A: across, D: down, E: v.Region.X0, F: v.Region.Y0}.Then(p.toImage)
	pix, halved, err := p.level(math.Min(math.Hypot(m.A, m.B), math.Hypot(m.C, m.D)))
	if err != nil {
		return nil, err
	}
	shrink := 1 / float64(int(1)<<halved)
	m = m.Then(dossier.Matrix{A: shrink, D: shrink})
	drawn, err := pix.Warp(m, v.Width, v.Height, samples(m))
	if err != nil {
		return nil, err
	}
	defer func() { drawn.Close() }()
	if v.Gray {
		if drawn, err = replaced(drawn, (*lept.Pix).Gray); err != nil {
			return nil, err
		}
	}
	if v.Turned != 0 {
		if drawn, err = replaced(drawn, func(x *lept.Pix) (*lept.Pix, error) { return x.Turn(v.Turned / 90) }); err != nil {
			return nil, err
		}
	}
	if v.Format == dossier.FormatPNG {
		return drawn.EncodePNG()
	}
	return drawn.EncodeJPEG(quality)
}

// replaced closes a picture when another was made of it.
func replaced(pix *lept.Pix, change func(*lept.Pix) (*lept.Pix, error)) (*lept.Pix, error) {
	changed, err := change(pix)
	if err != nil {
		return pix, err
	}
	pix.Close()
	return changed, nil
}

// samples is how many places across and down a pixel of the picture is the mean of: so many that no pixel of the image is passed over.
func samples(m dossier.Matrix) int {
	const nearly = 1.02 // one to one, but for the rounding of sizes
	if step := math.Max(math.Hypot(m.A, m.B), math.Hypot(m.C, m.D)); step > nearly {
		return min(int(math.Ceil(step)), 4)
	}
	return 1
}

// level is the stored image, halved as often as leaves a pixel of it or more to a pixel of the picture. step is how many pixels of
// the stored image lie from one pixel of the picture to the next.
func (p *Page) level(step float64) (pix *lept.Pix, halved int, err error) {
	const nearly = 0.01
	for 1<<(halved+1) <= min(p.width, p.height) && float64(int(2)<<halved) <= step*(1+nearly) {
		halved++
	}
	finest := slices.IndexFunc(p.levels, func(pix *lept.Pix) bool { return pix != nil })
	if finest < 0 || finest > halved && finest > p.least() {
		if err := p.decode(halved); err != nil {
			return nil, 0, err
		}
		finest = slices.IndexFunc(p.levels, func(pix *lept.Pix) bool { return pix != nil })
	}
	halved = max(halved, finest)
	for len(p.levels) <= halved {
		p.levels = append(p.levels, nil)
	}
	for i := finest + 1; i <= halved; i++ {
		if p.levels[i] == nil {
			if p.levels[i], err = p.levels[i-1].Half(); err != nil {
				return nil, 0, err
			}
		}
	}
	return p.levels[halved], halved, nil
}

// least is how often the image has to be halved to be kept at all.
func (p *Page) least() int {
	const perPixel = 4
	halved := 0
	for int64(p.width)*int64(p.height)*perPixel>>(2*halved) > mostBase {
		halved++
	}
	return halved
}

// decode replaces what was decoded by the image halved so often.
func (p *Page) decode(halved int) error {
	p.drop()
	halved = max(halved, p.least())
	side := max(p.width, p.height) >> halved
	pix, _, err := p.src.Reduced(side, budget)
	if err != nil {
		return err
	}
	if pix.Depth() == 1 {
		if pix, err = replaced(pix, (*lept.Pix).Gray); err != nil {
			return err
		}
	}
	// A decoder may halve less often than it was asked to.
	done := int(math.Round(math.Log2(float64(max(p.width, p.height)) / float64(max(pix.Width(), pix.Height())))))
	p.levels = make([]*lept.Pix, done+1)
	p.levels[done] = pix
	return nil
}
