package source

import (
	"bytes"
	"encoding/binary"
	mathbits "math/bits"

	"github.com/dossierd/dossierd/dossier"
)

const (
	bmpFileHeader = 14
	bmpCoreHeader = 12 // of OS/2: 16-bit sizes, a palette of triples
	bmpInfoHeader = 40
)

// The compressions of BMP, but for files that hold a JPEG or PNG.
const (
	bmpRGB       = 0
	bmpRLE8      = 1
	bmpRLE4      = 2
	bmpBitfields = 3
)

// bmpHeader is what a BMP says before its pixels.
type bmpHeader struct {
	width, height int
	topDown       bool
	depth         int  // bits a pixel
	runs          bool // the indices are run-length coded
	palette       []byte
	masks         [3]uint32 // of 16 and 32 bits a pixel: red, green, blue
	dpiX, dpiY    float64
	pixels        []byte
}

// looksLikeBMP tells a bitmap from a text that begins with BM.
func looksLikeBMP(data []byte) bool {
	if len(data) < bmpFileHeader+4 {
		return len(data) <= 2
	}
	switch binary.LittleEndian.Uint32(data[bmpFileHeader:]) {
	case bmpCoreHeader, bmpInfoHeader, 52, 56, 64, 108, 124:
		return true
	}
	return false
}

// openBMP opens a bitmap.
func openBMP(data []byte, limits dossier.Limits) (*single, error) {
	h, reason := parseBMP(data)
	if reason != nil {
		return nil, reason
	}
	s, err := newSingle("bmp", h.width, h.height, h.depth, limits)
	if err != nil {
		return nil, err
	}
	s.page.dpiX, s.page.dpiY = h.dpiX, h.dpiY
	s.page.picture = h.samples()
	return s, nil
}

func parseBMP(data []byte) (*bmpHeader, *dossier.Reason) {
	truncated := dossier.Reject(dossier.CodeTruncated, "the BMP ends within its header")
	if len(data) < bmpFileHeader+bmpCoreHeader {
		return nil, truncated
	}
	offset, size := int64(binary.LittleEndian.Uint32(data[10:])), int64(binary.LittleEndian.Uint32(data[14:]))
	if offset > int64(len(data)) || bmpFileHeader+size > int64(len(data)) {
		return nil, truncated
	}
	h := &bmpHeader{pixels: data[offset:]}
	compression, colours := h.takeInfo(data[bmpFileHeader : bmpFileHeader+size])
	after := data[bmpFileHeader+size : max(bmpFileHeader+size, offset)]
	switch {
	case compression == bmpBitfields && size == bmpInfoHeader:
		h.takeMasks(after)
	case compression == bmpBitfields && size > bmpInfoHeader:
		h.takeMasks(data[bmpFileHeader+bmpInfoHeader:])
	case compression == bmpRLE8 && h.depth == 8, compression == bmpRLE4 && h.depth == 4:
		h.runs = true
	case compression != bmpRGB:
		return nil, dossier.Reject(dossier.CodeUnknownFormat, "a BMP of compression %d", compression)
	}
	switch h.depth {
	case 1, 4, 8:
		entry := 4
		if size == bmpCoreHeader {
			entry = 3
		}
		if h.takePalette(after, colours, entry); len(h.palette) == 0 {
			return nil, dossier.Reject(dossier.CodeDamaged, "a BMP of indices without a palette")
		}
	case 16, 24, 32:
	default:
		return nil, dossier.Reject(dossier.CodeDamaged, "a BMP of %d bits a pixel", h.depth)
	}
	return h, nil
}

// takeInfo reads the header behind the file's, in either form.
func (h *bmpHeader) takeInfo(b []byte) (compression, colours int) {
	if len(b) < bmpInfoHeader {
		h.width, h.height = int(binary.LittleEndian.Uint16(b[4:])), int(binary.LittleEndian.Uint16(b[6:]))
		h.depth = int(binary.LittleEndian.Uint16(b[10:]))
		return bmpRGB, 0
	}
	const inchesPerMetre = 0.0254
	h.width, h.height = int(int32(binary.LittleEndian.Uint32(b[4:]))), int(int32(binary.LittleEndian.Uint32(b[8:])))
	if h.topDown = h.height < 0; h.topDown {
		h.height = -h.height
	}
	h.depth = int(binary.LittleEndian.Uint16(b[14:]))
	h.dpiX = float64(binary.LittleEndian.Uint32(b[24:])) * inchesPerMetre
	h.dpiY = float64(binary.LittleEndian.Uint32(b[28:])) * inchesPerMetre
	h.masks = [3]uint32{0xff0000, 0xff00, 0xff}
	if h.depth == 16 {
		h.masks = [3]uint32{0x7c00, 0x3e0, 0x1f}
	}
	return int(binary.LittleEndian.Uint32(b[16:])), int(binary.LittleEndian.Uint32(b[32:]))
}

func (h *bmpHeader) takeMasks(b []byte) {
	if len(b) < 12 {
		return
	}
	for c := range h.masks {
		h.masks[c] = binary.LittleEndian.Uint32(b[4*c:])
	}
}

func (h *bmpHeader) takePalette(b []byte, colours, entry int) {
	if colours <= 0 || colours > 1<<h.depth {
		colours = 1 << h.depth
	}
	for ; colours > 0 && len(b) >= entry; colours-- {
		h.palette = append(h.palette, b[2], b[1], b[0])
		b = b[entry:]
	}
}

func (h *bmpHeader) samples() *samples {
	s := &samples{width: h.width, height: h.height, channels: 3, bits: 8}
	if h.palette != nil {
		s.channels, s.bits, s.palette = 1, h.depth, h.palette
		if h.depth == 8 && isGreyRamp(s.palette) {
			s.palette = nil
		}
	}
	if h.runs {
		s.bits = 8
		s.rows = h.runRows
		return s
	}
	stride := (h.width*h.depth + 31) / 32 * 4
	s.rows = func(yield func([]byte) error) error {
		row := make([]byte, s.stride())
		var lost *dossier.Reason
		for y := range h.height {
			at := stride * y
			if !h.topDown {
				at = stride * (h.height - 1 - y)
			}
			data := row
			if at+stride > len(h.pixels) {
				data, lost = nil, dossier.Reject(dossier.CodeTruncated, "the BMP ends before row %d", y)
			} else {
				h.unpack(row, h.pixels[at:at+stride])
			}
			if err := yield(data); err != nil {
				return err
			}
		}
		if lost != nil {
			return lost
		}
		return nil
	}
	return s
}

func isGreyRamp(palette []byte) bool {
	var ramp [3 * 256]byte
	for i := range ramp {
		ramp[i] = byte(i / 3)
	}
	return bytes.Equal(palette, ramp[:])
}

// unpack turns a row of the file into samples.
func (h *bmpHeader) unpack(to, from []byte) {
	switch h.depth {
	case 24:
		for i := 0; i < len(to); i += 3 {
			to[i], to[i+1], to[i+2] = from[i+2], from[i+1], from[i]
		}
	case 16, 32:
		for i := range h.width {
			v := uint32(binary.LittleEndian.Uint16(from[i*h.depth/8:]))
			if h.depth == 32 {
				v = binary.LittleEndian.Uint32(from[4*i:])
			}
			for c, mask := range h.masks {
				to[3*i+c] = masked(v, mask)
			}
		}
	default:
		copy(to, from)
	}
}

// masked is the part of v that mask selects, widened or cut to 8 bits.
func masked(v, mask uint32) byte {
	if mask == 0 {
		return 0
	}
	shift := mathbits.TrailingZeros32(mask)
	return byte(uint64((v&mask)>>shift) * 255 / uint64(mask>>shift))
}
