package source

import (
	"errors"
	"math"
	"syscall"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// Stored opens the image that was kept of a page: the file holds what Page.Image returned with it. It lies as it is stored, whatever
// its own header says of orientation: the page's matrix has that.
func Stored(path string, image dossier.PageImage, limits dossier.Limits) (Page, error) {
	if reason := checkSize(image.Width, image.Height, limits); reason != nil {
		return nil, reason
	}
	if len(image.Parts) == 0 {
		return nil, dossier.Reject(dossier.CodeNoPages, "no image is stored")
	}
	data, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	p, err := storedPicture(data, image, limits)
	if err != nil {
		return nil, errors.Join(err, syscall.Munmap(data))
	}
	return &page{picture: &mapped{p, data}, orientation: 1}, nil
}

// mapped is a picture of a file that is mapped.
type mapped struct {
	picture
	data []byte
}

func (m *mapped) close() {
	m.picture.close()
	_ = syscall.Munmap(m.data) // of pages that are mapped, which can't fail
}

func storedPicture(data []byte, image dossier.PageImage, limits dossier.Limits) (picture, error) {
	var pictures []picture
	for _, part := range image.Parts {
		size := int64(len(data))
		if part.Offset < 0 || part.Bytes < 0 || part.Offset > size || part.Bytes > size-part.Offset {
			return nil, dossier.Reject(dossier.CodeTruncated, "the stored image has %d bytes", size)
		}
		object := storedObject(image, part.Height, data[part.Offset:part.Offset+part.Bytes])
		i := new(pdfFile).describe(placed{object: object})
		if i.refusal != "" {
			return nil, dossier.Reject(dossier.CodeDamaged, "the stored image: %s", i.refusal)
		}
		p, reason := i.picture(limits)
		if reason != nil {
			return nil, reason
		}
		pictures = append(pictures, p)
	}
	if len(pictures) == 1 {
		return pictures[0], nil
	}
	return stackOf(image, pictures), nil
}

// storedObject is the image as the PDF has it.
func storedObject(image dossier.PageImage, height int, data []byte) *stream {
	d := dict{"Width": image.Width, "Height": height, "BitsPerComponent": image.Bits}
	parms := dict{}
	switch image.Format {
	case dossier.FormatJPEG:
		d["Filter"] = name("DCTDecode")
	case dossier.FormatJPX:
		d["Filter"] = name("JPXDecode")
	case dossier.FormatJBIG2:
		d["Filter"] = name("JBIG2Decode")
		if len(image.Globals) > 0 {
			parms["JBIG2Globals"] = &stream{dict: dict{}, raw: image.Globals}
		}
	case dossier.FormatCCITT:
		d["Filter"] = name("CCITTFaxDecode")
		parms = dict{"K": image.K, "Columns": image.Width, "BlackIs1": image.BlackIs1, "EncodedByteAlign": image.ByteAlign}
	default:
		d["Filter"] = name("FlateDecode")
		if image.Predictor > 1 {
			parms = dict{
				"Predictor": image.Predictor, "Colors": image.ColorSpace.Components(), "BitsPerComponent": image.Bits, "Columns": image.Width,
			}
		}
	}
	d["DecodeParms"] = parms
	switch image.ColorSpace {
	case dossier.ColorGray:
		d["ColorSpace"] = name("DeviceGray")
	case dossier.ColorRGB:
		d["ColorSpace"] = name("DeviceRGB")
	case dossier.ColorCMYK:
		d["ColorSpace"] = name("DeviceCMYK")
	case dossier.ColorIndexed:
		d["ColorSpace"] = array{name("Indexed"), name("DeviceRGB"), len(image.Palette)/3 - 1, string(image.Palette)}
	}
	if len(image.Decode) > 0 {
		var decode array
		for _, v := range image.Decode {
			decode = append(decode, v)
		}
		d["Decode"] = decode
	}
	return &stream{dict: d, raw: data}
}

// stackOf puts strips that are pictures of their own one above the other.
func stackOf(image dossier.PageImage, pictures []picture) picture {
	s := &samples{width: image.Width, height: image.Height, channels: 3, bits: 8}
	if image.ColorSpace == dossier.ColorGray {
		s.channels = 1
	}
	s.rows = func(yield func(row []byte) error) error {
		for i, p := range pictures {
			pix, _, err := p.raster(s.channels == 3)
			if err != nil {
				return err
			}
			err = stripRows(pix, s.channels, image.Width, image.Parts[i].Height, yield)
			pix.Close()
			if err != nil {
				return err
			}
		}
		return nil
	}
	return s
}

// stripRows yields the rows of one strip; where a decoder gave another size than was promised, they are lost.
func stripRows(pix *lept.Pix, channels, width, height int, yield func(row []byte) error) error {
	depth := map[int]int{1: 8, 3: 32}[channels]
	good := pix.Width() == width && pix.Depth() == depth
	row := make([]byte, channels*width)
	for y := range min(height, math.MaxInt32) {
		var out []byte
		if good && y < pix.Height() {
			if out = row; channels == 3 {
				pix.RGBRow(y, row)
			} else {
				copy(row, pix.GrayRow(y))
			}
		}
		if err := yield(out); err != nil {
			return err
		}
	}
	return nil
}
