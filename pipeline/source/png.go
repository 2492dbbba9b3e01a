package source

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/zlib"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// The colour types of PNG.
const (
	pngGrey      = 0
	pngRGB       = 2
	pngPalette   = 3
	pngGreyAlpha = 4
	pngRGBA      = 6
)

// pngHeader is what the chunks of a PNG say.
type pngHeader struct {
	width, height int
	bits          int // a sample
	colour        int // its colour type
	interlaced    bool
	palette       []byte
	transparent   []byte // tRNS
	idat          [][]byte
	icc           []byte
	dpiX, dpiY    float64
	exif          exif
}

func openPNG(data []byte, limits dossier.Limits) (*single, error) {
	h, reason := parsePNG(data)
	if reason != nil {
		return nil, reason
	}
	s, err := newSingle("png", h.width, h.height, h.stored()*h.bits, limits)
	if err != nil {
		return nil, err
	}
	s.page.orient(h.exif.orientation)
	s.page.dpiX, s.page.dpiY = h.dpiX, h.dpiY
	decoded := h.samples()
	s.page.picture = decoded
	if !h.interlaced && !h.alpha() && !decoded.bilevel() {
		s.page.picture = &pngPicture{samples: decoded, stream: h.idat}
	}
	return s, nil
}

// stored is the number of samples a pixel has in the file.
func (h *pngHeader) stored() int {
	switch h.colour {
	case pngRGB:
		return 3
	case pngGreyAlpha:
		return 2
	case pngRGBA:
		return 4
	}
	return 1
}

// alpha reports whether pixels must be laid on white. The transparency of a palette is laid on white in the palette.
func (h *pngHeader) alpha() bool {
	return h.colour == pngGreyAlpha || h.colour == pngRGBA || h.transparent != nil && h.colour != pngPalette
}

// parsePNG walks the chunks. A file that ends within them is read as far as it goes.
func parsePNG(data []byte) (*pngHeader, *dossier.Reason) {
	const chunkFrame = 12 // length, type, CRC
	var h pngHeader
	for at := len(pngMagic); at+chunkFrame <= len(data); {
		length := int64(binary.BigEndian.Uint32(data[at:]))
		name := string(data[at+4 : at+8])
		end := int64(at) + 8 + length
		body := data[at+8 : min(end, int64(len(data)))]
		if name == "IEND" {
			break
		}
		if end > int64(len(data)) && name != "IDAT" {
			break
		}
		if at == len(pngMagic) {
			if name != "IHDR" || !h.takeHeader(body) {
				return nil, dossier.Reject(dossier.CodeDamaged, "the PNG's header makes no sense")
			}
		} else {
			h.take(name, body)
		}
		if end+4 > int64(len(data)) {
			break
		}
		at = int(end) + 4
	}
	switch {
	case h.width == 0 || len(h.idat) == 0:
		return nil, dossier.Reject(dossier.CodeTruncated, "the PNG ends before its pixels")
	case h.colour == pngPalette && len(h.palette) == 0:
		return nil, dossier.Reject(dossier.CodeDamaged, "a PNG of indices without a palette")
	}
	if h.colour == pngPalette {
		whiten(h.palette, h.transparent)
	}
	return &h, nil
}

func (h *pngHeader) takeHeader(body []byte) bool {
	if len(body) != 13 {
		return false
	}
	h.width, h.height = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
	h.bits, h.colour, h.interlaced = int(body[8]), int(body[9]), body[12] == 1
	if h.width == 0 || h.height == 0 || body[10] != 0 || body[11] != 0 || body[12] > 1 {
		return false
	}
	switch h.colour {
	case pngGrey:
		return h.bits == 1 || h.bits == 2 || h.bits == 4 || h.bits == 8 || h.bits == 16
	case pngPalette:
		return h.bits == 1 || h.bits == 2 || h.bits == 4 || h.bits == 8
	case pngRGB, pngGreyAlpha, pngRGBA:
		return h.bits == 8 || h.bits == 16
	}
	return false
}

func (h *pngHeader) take(name string, body []byte) {
	switch name {
	case "IDAT":
		h.idat = append(h.idat, body)
	case "PLTE":
		if n := min(len(body)/3, 1<<h.bits); h.colour == pngPalette && h.bits <= 8 {
			h.palette = bytes.Clone(body[:3*n])
		}
	case "tRNS":
		h.transparent = body
	case "pHYs":
		if len(body) == 9 && body[8] == 1 {
			const inchesPerMetre = 0.0254
			h.dpiX = float64(binary.BigEndian.Uint32(body)) * inchesPerMetre
			h.dpiY = float64(binary.BigEndian.Uint32(body[4:])) * inchesPerMetre
		}
	case "iCCP":
		_, packed, _ := bytes.Cut(body, []byte{0})
		if len(packed) > 1 {
			h.icc = inflateProfile(packed[1:])
		}
	case "eXIf":
		h.exif = parseEXIF(body)
	}
}

// inflateProfile returns what comes out, or something that is no profile.
func inflateProfile(packed []byte) []byte {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return []byte{0}
	}
	profile, err := io.ReadAll(io.LimitReader(r, profileLargest+1))
	if err != nil {
		return []byte{0}
	}
	return profile
}

// whiten lays the colours of a palette on white, each as opaque as alpha says; those it does not reach are opaque.
func whiten(palette, alpha []byte) {
	for i := range min(len(palette)/3, len(alpha)) {
		for c := range 3 {
			palette[3*i+c] = onWhite8(palette[3*i+c], alpha[i])
		}
	}
}

// pngPicture keeps the compressed stream of a PNG, which is just what PDF's Flate filter with predictor 15 takes.
type pngPicture struct {
	*samples
	stream [][]byte
	known  bool // whether losses are
	losses []string
}

func (p *pngPicture) raster(colour bool) (*lept.Pix, []string, error) {
	pix, warnings, err := p.samples.raster(colour)
	p.known, p.losses = err == nil, warnings
	return pix, warnings, err
}

func (p *pngPicture) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	if !p.known {
		losses, err := p.scan(func(int, []byte) error { return nil })
		if err != nil {
			return dossier.PageImage{}, nil, nil, err
		}
		p.known, p.losses = true, losses
	}
	if len(p.losses) > 0 || p.bits == 16 && level == dossier.Level1b {
		return p.samples.image(level)
	}
	image, dropped := p.describe(level)
	blob := bytes.Join(p.stream, nil)
	image.Parts, image.PassedThrough = onePart(blob, p.height), true
	if dropped {
		return image, blob, []string{dossier.WarnProfileDropped}, nil
	}
	return image, blob, nil, nil
}
