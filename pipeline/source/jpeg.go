package source

import (
	"bytes"
	"errors"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// openJPEG opens a JPEG file; of several images one behind the other (MPO) the first.
func openJPEG(data []byte, limits dossier.Limits) (*single, error) {
	h, reason := parseJPEG(data)
	if reason != nil {
		return nil, reason
	}
	s, err := newSingle("jpeg", h.width, h.height, h.components*h.precision, limits)
	if err != nil {
		return nil, err
	}
	if reason := h.unreadable(); reason != nil {
		return nil, reason
	}
	s.page.orient(h.exif.orientation)
	s.page.dpiX, s.page.dpiY = h.dpiX, h.dpiY
	if h.dpiX == 0 {
		s.page.dpiX, s.page.dpiY = h.exif.dpiX, h.exif.dpiY
	}
	s.page.picture = &jpegPicture{header: h, data: data[:h.end]}
	return s, nil
}

// jpegPicture keeps the bytes of a JPEG as they are, which PDF takes in every colour space it decodes.
type jpegPicture struct {
	header *jpegHeader
	data   []byte
	known  bool // whether losses are
	losses []string
}

func (p *jpegPicture) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	h := p.header
	image := dossier.PageImage{
		Format: dossier.FormatJPEG, Width: h.width, Height: h.height, Bits: 8, ColorSpace: h.space(), PassedThrough: true,
	}
	if h.components == 4 && h.adobe {
		image.Decode = []float64{1, 0, 1, 0, 1, 0, 1, 0}
	}
	if !h.whole && !p.known {
		pix, _, err := p.raster(false) // shows whether there is anything to be seen
		if err != nil {
			return dossier.PageImage{}, nil, nil, err
		}
		pix.Close()
	}
	warnings := p.losses
	blob := bytes.Clone(p.data)
	if !h.whole { // readers of a PDF look for the end, and some show nothing without it
		blob, image.PassedThrough = append(blob, 0xff, markerEOI), false
	}
	if h.arithmetic() {
		recoded, _, err := lept.RecodeJPEG(p.data)
		if err != nil {
			return dossier.PageImage{}, nil, nil, dossier.Reject(dossier.CodeDamaged, "%v", err)
		}
		blob, image.PassedThrough = recoded, false
	}
	profile, dropped := profileFor(h.icc, h.components, level)
	image.ICC = profile
	if dropped {
		warnings = append(warnings[:len(warnings):len(warnings)], dossier.WarnProfileDropped)
	}
	image.Parts = onePart(blob, h.height)
	return image, blob, warnings, nil
}

func (p *jpegPicture) raster(colour bool) (*lept.Pix, []string, error) {
	pix, loss, err := lept.DecodeJPEG(p.data, colour)
	err = p.decoded(loss, err)
	return pix, p.losses, err
}

func (p *jpegPicture) rasters(side int) (pix, small *lept.Pix, warnings []string, err error) {
	pix, small, loss, err := lept.DecodeJPEGs(p.data, side)
	err = p.decoded(loss, err)
	return pix, small, p.losses, err
}

func (p *jpegPicture) reduced(side int, budget int64) (*lept.Pix, []string, error) {
	pix, loss, err := lept.DecodeJPEGReduced(p.data, side, budget)
	if errors.Is(err, lept.ErrBudget) {
		return nil, nil, err
	}
	err = p.decoded(loss, err)
	return pix, p.losses, err
}

func (p *jpegPicture) close() {}

// decoded puts what the decoder says into the words of a page, and remembers it.
func (p *jpegPicture) decoded(loss lept.Loss, err error) error {
	switch {
	case err != nil && loss.Truncated:
		return dossier.Reject(dossier.CodeTruncated, "%v", err)
	case err != nil:
		return dossier.Reject(dossier.CodeDamaged, "%v", err)
	}
	p.known, p.losses = true, nil
	switch {
	case loss.Truncated:
		p.losses = []string{dossier.WarnTruncated}
	case loss.Damaged:
		p.losses = []string{dossier.WarnDamaged}
	}
	return nil
}
