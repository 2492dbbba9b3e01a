package source

import (
	"bytes"
	"errors"
	"io"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// picture makes the image's bytes ready to be kept or decoded.
func (i *pdfImage) picture(limits dossier.Limits) (picture, *dossier.Reason) {
	if reason := checkSize(i.width, i.height, limits); reason != nil {
		return nil, reason
	}
	if reason := i.unwrap(limits); reason != nil {
		return nil, reason
	}
	switch i.coder() {
	case "DCTDecode":
		return i.jpeg(limits)
	case "JPXDecode":
		return i.jpx(limits)
	case "JBIG2Decode":
		return &pdfBilevel{samples: i.samples(i.jbig2Rows), of: i, format: dossier.FormatJBIG2, globals: i.globals()}, nil
	case "CCITTFaxDecode":
		return &pdfBilevel{samples: i.samples(i.faxRows), of: i, format: dossier.FormatCCITT}, nil
	}
	return &pdfPlain{samples: i.samples(i.plainRows), of: i}, nil
}

// pdfJPEG is a JPEG whose Decode array the PDF gives, and whose profile.
type pdfJPEG struct {
	jpegPicture
	of *pdfImage
}

func (i *pdfImage) jpeg(limits dossier.Limits) (picture, *dossier.Reason) {
	h, reason := parseJPEG(i.data)
	if reason == nil {
		reason = checkSize(h.width, h.height, limits)
	}
	if reason == nil {
		reason = h.unreadable()
	}
	if reason != nil {
		return nil, reason
	}
	h.icc = i.profile
	i.width, i.height = h.width, h.height // which readers go by, whatever the dictionary says
	return &pdfJPEG{jpegPicture: jpegPicture{header: h, data: i.data}, of: i}, nil
}

func (p *pdfJPEG) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	image, blob, warnings, err := p.jpegPicture.image(level)
	image.Decode = p.of.decodeArray(p.header.components)
	image.PassedThrough = image.PassedThrough && p.of.whole
	return image, blob, warnings, err
}

func (p *pdfJPEG) raster(colour bool) (*lept.Pix, []string, error) {
	pix, warnings, err := p.jpegPicture.raster(colour)
	if err == nil {
		err = p.invert(&pix)
	}
	return pix, warnings, err
}

func (p *pdfJPEG) rasters(side int) (pix, small *lept.Pix, warnings []string, err error) {
	pix, small, warnings, err = p.jpegPicture.rasters(side)
	if err == nil {
		err = errors.Join(p.invert(&pix), p.invert(&small))
	}
	return pix, small, warnings, err
}

func (p *pdfJPEG) reduced(side int, budget int64) (*lept.Pix, []string, error) {
	pix, warnings, err := p.jpegPicture.reduced(side, budget)
	if err == nil {
		err = p.invert(&pix)
	}
	return pix, warnings, err
}

// invert replaces an image by its negative where the PDF says that it is one.
func (p *pdfJPEG) invert(pix **lept.Pix) error {
	if *pix == nil || !p.of.inverted || p.header.components == 4 {
		return nil
	}
	defer (*pix).Close()
	inverted, err := (*pix).Invert()
	*pix = inverted
	return err
}

// pdfBilevel is a fax or JBIG2 image.
type pdfBilevel struct {
	*samples
	of      *pdfImage
	format  dossier.ImageFormat
	globals []byte
}

func (p *pdfBilevel) image(dossier.Level) (dossier.PageImage, []byte, []string, error) {
	blob := bytes.Clone(p.of.data)
	image := dossier.PageImage{
		Format: p.format, Width: p.width, Height: p.height, Bits: 1, ColorSpace: p.of.space, Palette: p.palette,
		Decode: p.of.decodeArray(1), Globals: p.globals, Parts: onePart(blob, p.height), PassedThrough: p.of.whole,
	}
	if p.format == dossier.FormatCCITT {
		fax := p.of.fax()
		image.K, image.BlackIs1, image.ByteAlign = fax.k, fax.blackIs1, fax.byteAlign
	}
	return image, blob, nil, nil
}

// faxParms are the parameters of CCITTFaxDecode that change what the bits mean.
type faxParms struct {
	k                   int
	blackIs1, byteAlign bool
}

func (i *pdfImage) fax() faxParms {
	f, parms := i.file, i.parms()
	return faxParms{f.int(parms["K"], 0), f.bool(parms["BlackIs1"]), f.bool(parms["EncodedByteAlign"])}
}

// faxRows decodes a fax to samples as PDF's filter gives them.
func (i *pdfImage) faxRows(yield func(row []byte) error) error {
	fax := i.fax()
	d := newFaxDecoder(i.data, i.width, fax.k, fax.byteAlign)
	row := make([]byte, (i.width+7)/8)
	for range i.height {
		changes, err := d.next()
		out := row
		switch {
		case errors.Is(err, errFaxEnd):
			return nil
		case err != nil && d.k < 0:
			return dossier.Reject(dossier.CodeDamaged, "%v", err)
		case err != nil:
			out = nil
		default:
			blacken(row, changes, i.width)
			if !fax.blackIs1 {
				invert(row)
			}
		}
		if err := yield(out); err != nil {
			return err
		}
	}
	return nil
}

func invert(row []byte) {
	for i := range row {
		row[i] ^= 0xff
	}
}

// samples reads the image's rows, Decode applied.
func (i *pdfImage) samples(rows func(yield func(row []byte) error) error) *samples {
	s := &samples{
		width: i.width, height: i.height, channels: i.space.Components(), bits: i.bits, palette: i.palette,
		icc: i.profile, rows: rows,
	}
	if i.inverted {
		s.rows = func(yield func(row []byte) error) error {
			turned := make([]byte, s.stride())
			return rows(func(row []byte) error {
				if row == nil {
					return yield(nil)
				}
				copy(turned, row)
				invert(turned)
				return yield(turned)
			})
		}
	}
	return s
}

// pdfPlain is an image of samples, compressed or not.
type pdfPlain struct {
	*samples
	of     *pdfImage
	known  bool // whether losses are
	losses []string
}

// kept reports whether PDF/A takes the bytes as they are: Flate, bare or with PNG's predictors.
func (p *pdfPlain) kept(level dossier.Level) (pdfPredictor, bool) {
	filters := p.of.filters
	if len(filters) != 1 || filters[0].name != "FlateDecode" || p.bits == 16 && level == dossier.Level1b {
		return pdfPredictor{}, false
	}
	pr := p.of.file.predictor(filters[0].parms)
	fits := pr.png() && pr.colors == p.channels && pr.bits == p.bits && pr.columns == p.width
	return pr, pr.kind <= 1 || fits
}

func (p *pdfPlain) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	predictor, kept := p.kept(level)
	if kept && !p.known {
		losses, err := p.scan(func(int, []byte) error { return nil })
		if err != nil {
			return dossier.PageImage{}, nil, nil, err
		}
		p.known, p.losses = true, losses
	}
	if !kept || len(p.losses) > 0 {
		return p.samples.image(level)
	}
	blob := bytes.Clone(p.of.data)
	image, dropped := p.describe(level)
	image.Decode, image.Predictor = p.of.decodeArray(p.channels), 0
	if predictor.png() {
		image.Predictor = 15
	}
	image.Parts, image.PassedThrough = onePart(blob, p.height), p.of.whole
	var warnings []string
	if dropped {
		warnings = []string{dossier.WarnProfileDropped}
	}
	return image, blob, warnings, nil
}

func (p *pdfPlain) raster(colour bool) (*lept.Pix, []string, error) {
	pix, losses, err := p.samples.raster(colour)
	if err == nil {
		p.known, p.losses = true, losses
	}
	return pix, losses, err
}

// plainRows reads the samples as they come out of the last filter.
func (i *pdfImage) plainRows(yield func(row []byte) error) error {
	var r io.Reader = bytes.NewReader(i.data)
	if len(i.filters) > 0 {
		r, _ = i.file.reader(i.data, i.filters[0])
	}
	row := make([]byte, (i.width*i.space.Components()*i.bits+7)/8)
	for range i.height {
		n, err := io.ReadFull(r, row)
		if err != nil && n == 0 {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return dossier.Reject(dossier.CodeDamaged, "%v", err)
		}
		clear(row[n:])
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}
