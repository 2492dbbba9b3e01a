package source

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// single is an original with one page.
type single struct {
	contents Contents
	page     page
	mapped   []byte
}

// newSingle refuses what its header says is too large.
func newSingle(format string, width, height, bits int, limits dossier.Limits) (*single, error) {
	if err := checkSize(width, height, limits); err != nil {
		return nil, err
	}
	return &single{
		contents: Contents{Format: format, Pages: []Info{{Width: width, Height: height, Bits: bits}}},
		page:     page{number: 1, orientation: 1},
	}, nil
}

func (s *single) Contents() Contents { return s.contents }

func (s *single) Page(n int) (Page, error) {
	if n != 1 {
		return nil, fmt.Errorf("open page %d of 1", n)
	}
	p := s.page
	return &p, nil
}

func (s *single) Close() error {
	if s.mapped == nil {
		return nil
	}
	mapped := s.mapped
	s.mapped = nil
	return syscall.Munmap(mapped)
}

// checkSize is the gate before any memory is asked for.
func checkSize(width, height int, limits dossier.Limits) *dossier.Reason {
	switch {
	case width <= 0 || height <= 0:
		return dossier.Reject(dossier.CodeDamaged, "the header says %d by %d pixels", width, height)
	case int64(width) > limits.Pixels/int64(height):
		return dossier.Reject(dossier.CodeTooManyPixels, "%d by %d pixels, the limit is %d", width, height, limits.Pixels)
	}
	return nil
}

// picture is the image of a page as its format offers it. The methods are those of Page.
type picture interface {
	image(level dossier.Level) (dossier.PageImage, []byte, []string, error)
	raster(colour bool) (*lept.Pix, []string, error)
	reduced(side int, budget int64) (*lept.Pix, []string, error)
	close()
}

// page adds to a picture what formats say in the same words.
type page struct {
	picture
	number      int
	orientation int
	dpiX, dpiY  float64
}

func (p *page) Orientation() int { return p.orientation }

func (p *page) Resolution() (x, y float64) {
	const least, most = 50, 2400
	if !(p.dpiX >= least && p.dpiX <= most && p.dpiY >= least && p.dpiY <= most) { // also where one is not a number
		return 0, 0
	}
	return p.dpiX, p.dpiY
}

func (p *page) Image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	image, blob, warnings, err := p.picture.image(level)
	return image, blob, warnings, p.named(err)
}

func (p *page) Raster(colour bool) (*lept.Pix, []string, error) {
	pix, warnings, err := p.picture.raster(colour)
	return pix, warnings, p.named(err)
}

func (p *page) Rasters(side int) (pix, small *lept.Pix, warnings []string, err error) {
	jpeg, ok := p.picture.(interface {
		rasters(side int) (pix, small *lept.Pix, warnings []string, err error)
	})
	if !ok {
		pix, warnings, err = p.Raster(true)
		return pix, nil, warnings, err
	}
	pix, small, warnings, err = jpeg.rasters(side)
	return pix, small, warnings, p.named(err)
}

func (p *page) Reduced(side int, budget int64) (*lept.Pix, []string, error) {
	pix, warnings, err := p.picture.reduced(side, budget)
	return pix, warnings, p.named(err)
}

func (p *page) Close() { p.picture.close() }

// named adds the page's number to a reason.
func (p *page) named(err error) error {
	var reason *dossier.Reason
	if !errors.As(err, &reason) || reason.Page != 0 {
		return err
	}
	named := *reason
	named.Page = p.number
	return &named
}

// orient takes over an orientation if it is one.
func (p *page) orient(orientation int) {
	if orientation >= 1 && orientation <= 8 {
		p.orientation = orientation
	}
}
