package source

import "github.com/dossierd/dossierd/dossier"

// pdfJPX is a JPEG 2000 image; its own boxes say what its colours are.
type pdfJPX struct {
	jp2Picture
	whole bool
}

func (i *pdfImage) jpx(limits dossier.Limits) (picture, *dossier.Reason) {
	h, reason := parseJP2(i.data)
	if reason == nil {
		reason = checkSize(h.width, h.height, limits)
	}
	if reason != nil {
		return nil, reason
	}
	if h.components == 0 || h.components > 4 {
		return nil, dossier.Reject(dossier.CodeDamaged, "JPEG 2000 of %d components", h.components)
	}
	i.width, i.height = h.width, h.height
	return &pdfJPX{jp2Picture: jp2Picture{samples: h.samples(i.data), header: h, data: i.data}, whole: i.whole}, nil
}

func (p *pdfJPX) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	image, blob, warnings, err := p.jp2Picture.image(level)
	image.PassedThrough = image.PassedThrough && p.whole
	return image, blob, warnings, err
}
