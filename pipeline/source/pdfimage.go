package source

import (
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// pdfImage is an image XObject in the words of PageImage. Refusal says why it can't be lifted.
type pdfImage struct {
	width, height int
	bits          int
	pdfSpace
	inverted bool // Decode turns every sample round
	whole    bool // the bytes are those of the file: nothing was wrapped around them
	data     []byte
	filters  []filter // from the one that codes the picture
	file     *pdfFile
}

// pixelBits is the depth of a pixel; 8 a channel where only the codestream says.
func (i *pdfImage) pixelBits() int { return i.bits * max(1, i.space.Components()) }

// describe looks at an image's dictionary, and not at its bytes.
func (f *pdfFile) describe(p placed) *pdfImage {
	s := f.stream(p.object)
	if s == nil {
		return &pdfImage{pdfSpace: pdfSpace{refusal: "the image is not there"}}
	}
	d := s.dict
	i := &pdfImage{
		width: f.int(d["Width"], 0), height: f.int(d["Height"], 0), bits: f.int(d["BitsPerComponent"], 8),
		data: s.raw, filters: f.filters(d), whole: true, file: f,
	}
	if i.width < 1 || i.height < 1 || i.width > math.MaxInt32 || i.height > math.MaxInt32 {
		i.refuse("the image has no size")
	}
	if f.resolve(d["SMask"]) != nil || !p.stencil && f.resolve(d["Mask"]) != nil || f.int(d["SMaskInData"], 0) != 0 {
		i.refuse("a masked image")
	}
	f.paint(i, d, p.stencil)
	f.coding(i, d)
	return i
}

func (i *pdfImage) refuse(why string) {
	if i.refusal == "" {
		i.refusal = why
	}
}

// paint finds the image's colours and what Decode makes of its samples.
func (f *pdfFile) paint(i *pdfImage, d dict, stencil bool) {
	refusal := i.refusal
	switch {
	case stencil:
		i.bits, i.pdfSpace = 1, pdfSpace{space: dossier.ColorGray}
	case d["ColorSpace"] == nil && (i.coder() == "JPXDecode" || i.coder() == "DCTDecode"):
		i.pdfSpace = pdfSpace{space: dossier.ColorOwn}
	case d["ColorSpace"] == nil && (i.coder() == "JBIG2Decode" || i.coder() == "CCITTFaxDecode"):
		i.pdfSpace = pdfSpace{space: dossier.ColorGray}
	default:
		i.pdfSpace = f.colorSpace(d["ColorSpace"])
	}
	if refusal != "" {
		i.refusal = refusal
	}
	decode := f.numbers(d["Decode"])
	if len(decode) == 0 || i.space == dossier.ColorOwn && i.coder() == "JPXDecode" {
		return
	}
	plain, turned := true, true
	top := 1.0
	if i.palette != nil {
		top = float64(int(1)<<i.bits - 1)
	}
	for k := 0; k+1 < len(decode); k += 2 {
		plain = plain && decode[k] == 0 && decode[k+1] == top
		turned = turned && decode[k] == top && decode[k+1] == 0
	}
	switch {
	case plain:
	case turned:
		i.inverted = true
	default:
		i.refuse("an odd Decode array")
	}
}

// coder is the filter that codes the picture.
func (i *pdfImage) coder() name {
	if n := len(i.filters); n > 0 {
		switch last := i.filters[n-1].name; last {
		case "DCTDecode", "JPXDecode", "JBIG2Decode", "CCITTFaxDecode":
			return last
		}
	}
	return ""
}

// coding checks that what codes the picture can be kept or read.
func (f *pdfFile) coding(i *pdfImage, d dict) {
	for _, step := range i.filters {
		switch step.name {
		case "FlateDecode", "LZWDecode", "ASCII85Decode", "ASCIIHexDecode", "RunLengthDecode", "DCTDecode", "JPXDecode",
			"JBIG2Decode", "CCITTFaxDecode":
		default:
			i.refuse("the filter " + string(step.name))
		}
	}
	channels := i.space.Components()
	switch i.coder() {
	case "DCTDecode":
		i.bits = 8
		if i.palette != nil {
			i.refuse("a JPEG of indices")
		}
	case "JPXDecode":
		i.bits = 8
		if i.palette != nil || i.inverted {
			i.refuse("a JPEG 2000 image of indices, or with Decode")
		}
	case "JBIG2Decode", "CCITTFaxDecode":
		i.bits = 1
		if channels != 1 {
			i.refuse("a bilevel image in colour")
		}
		if i.coder() == "CCITTFaxDecode" && f.int(i.parms()["Columns"], 1728) != i.width {
			i.refuse("a fax of another width")
		}
	default:
		switch {
		case !slices.Contains([]int{1, 2, 4, 8, 16}, i.bits), i.bits < 8 && channels > 1, i.bits > 8 && i.palette != nil:
			i.refuse("an odd number of bits")
		case d["ColorSpace"] == nil && i.refusal == "" && !f.bool(d["ImageMask"]):
			i.refuse("no colour space")
		}
	}
}

// parms are those of the filter that codes the picture.
func (i *pdfImage) parms() dict {
	if n := len(i.filters); n > 0 {
		return i.filters[n-1].parms
	}
	return nil
}

// decodeArray is the Decode array where it is not the default.
func (i *pdfImage) decodeArray(channels int) []float64 {
	if !i.inverted {
		return nil
	}
	top := 1.0
	if i.palette != nil {
		top = float64(int(1)<<i.bits - 1)
	}
	var out []float64
	for range channels {
		out = append(out, top, 0)
	}
	return out
}

// unwrap takes off the filters around the one that codes the picture, such as ASCII85 around a JPEG.
func (i *pdfImage) unwrap(limits dossier.Limits) *dossier.Reason {
	inner := 0
	if i.coder() != "" {
		inner = len(i.filters) - 1
	} else if n := len(i.filters); n > 0 {
		inner = n - 1 // read as it is decoded
	}
	if inner == 0 {
		return nil
	}
	const slack = 1 << 20
	most := min(int64(i.width)*int64(i.height)*int64(i.pixelBits())/4+slack, limits.Bytes)
	data, rest, err := i.file.unwrap(i.data, i.filters[:inner], int(most))
	if err != nil || len(rest) > 0 {
		return dossier.Reject(dossier.CodeDamaged, "the image's filters can't be undone")
	}
	i.data, i.filters, i.whole = data, i.filters[inner:], false
	return nil
}

// checkJPEG refuses what a PDF may say of a JPEG and a PageImage can't.
func (i *pdfImage) checkJPEG() {
	transform := i.file.int(i.parms()["ColorTransform"], -1)
	if transform < 0 && i.space != dossier.ColorCMYK && i.space != dossier.ColorOwn || len(i.filters) > 1 {
		return
	}
	h, reason := parseJPEG(i.data)
	if reason != nil {
		return
	}
	if h.components == 4 && h.adobe != i.inverted {
		i.refuse("a CMYK JPEG whose inks are not turned as Adobe does")
	}
	usual := 0
	if h.components == 3 {
		usual = 1
	}
	if transform >= 0 && !h.adobe && transform != usual {
		i.refuse("a JPEG with an unusual ColorTransform")
	}
}
