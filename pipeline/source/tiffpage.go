package source

/*
#include "tiff.h"
*/
import "C"

import (
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

const (
	tiffSampleUint  = 1
	tiffSampleInt   = 2
	tiffSampleFloat = 3
	tiffInksCMYK    = 1
	tiffAssociated  = 1
	tiffUnspecified = 0

	tiffSamplesMost = 32      // samples a pixel
	tiffBandMost    = 1 << 29 // bytes that are decoded at once: a strip of planes, or a row of tiles
)

// unreadable says why dossierd cannot read such a page, if so.
func (p *tiffPage) unreadable() *dossier.Reason {
	t := &p.tags
	switch {
	case t.samples == 0 || t.samples > tiffSamplesMost:
		return dossier.Reject(dossier.CodeDamaged, "%d samples a pixel", t.samples)
	case t.format > tiffSampleInt && t.format != C.SAMPLEFORMAT_VOID || t.bits > 16 && t.photometric < C.PHOTOMETRIC_CIELAB:
		return dossier.Reject(dossier.CodeUnknownFormat, "a TIFF of %d-bit samples of format %d", t.bits, t.format)
	case t.decoder == 0:
		return dossier.Reject(dossier.CodeUnknownFormat, "a TIFF of compression %d", t.compression)
	case t.tiled != 0 && (t.tile_width == 0 || t.tile_height == 0):
		return dossier.Reject(dossier.CodeDamaged, "tiles of %d by %d pixels", t.tile_width, t.tile_height)
	case p.bandBytes() > tiffBandMost:
		return dossier.Reject(dossier.CodeTooManyPixels, "a strip or row of tiles of %d bytes", p.bandBytes())
	}
	return nil
}

// bandBytes is the memory that decoding takes at once.
func (p *tiffPage) bandBytes() int64 {
	t := &p.tags
	width, rows := int64(t.width), int64(1)
	switch {
	case t.tiled != 0:
		width, rows = max(width, int64(t.tile_width)), int64(t.tile_height)
	case t.planar == C.PLANARCONFIG_SEPARATE:
		rows = int64(p.bandRows())
	}
	if rows > tiffBandMost {
		return rows
	}
	return (width*int64(t.bits)*int64(t.samples) + 7) / 8 * rows
}

// bandRows is the height of a strip or tile, not more than the page's.
func (p *tiffPage) bandRows() int {
	rows := p.tags.rows_per_strip
	if p.tags.tiled != 0 {
		rows = p.tags.tile_height
	}
	return int(max(1, min(rows, p.tags.height)))
}

// native reports whether the samples are decoded to what samples can hold; else libtiff makes RGB of them.
func (p *tiffPage) native() bool {
	t := &p.tags
	if t.bits == 0 || t.bits > 16 || t.compression == C.COMPRESSION_OJPEG || t.format > tiffSampleInt {
		return false
	}
	switch t.photometric {
	case C.PHOTOMETRIC_MINISWHITE, C.PHOTOMETRIC_MINISBLACK:
		return t.samples >= 1
	case C.PHOTOMETRIC_PALETTE:
		return t.bits <= 8
	case C.PHOTOMETRIC_RGB:
		return t.samples >= 3
	case C.PHOTOMETRIC_SEPARATED:
		return t.samples >= 4 && t.ink_set == tiffInksCMYK
	case C.PHOTOMETRIC_YCBCR:
		return p.jpegRGB()
	}
	return false
}

// jpegRGB reports whether libjpeg can turn YCbCr into RGB on the way.
func (p *tiffPage) jpegRGB() bool {
	t := &p.tags
	return t.compression == C.COMPRESSION_JPEG && t.photometric == C.PHOTOMETRIC_YCBCR && t.planar == C.PLANARCONFIG_CONTIG &&
		t.samples == 3 && t.bits == 8
}

// picture chooses what is kept of the page: the file's own bytes where PDF takes them, else its samples.
func (f *tiffFile) picture(p *tiffPage) (picture, error) {
	if err := f.enter(p); err != nil {
		return nil, err
	}
	decoded := &samples{width: int(p.tags.width), height: int(p.tags.height), channels: 3, bits: 8, icc: f.profile()}
	if !p.native() {
		decoded.rows = func(yield func([]byte) error) error { return f.rgbaRows(p, yield) }
		return decoded, nil
	}
	if reason := f.describe(p, decoded); reason != nil {
		return nil, reason
	}
	decoded.rows = func(yield func([]byte) error) error { return f.nativeRows(p, decoded, yield) }
	if strip := f.onlyG4(p); strip != nil {
		return &ccittPicture{samples: decoded, strip: strip, blackIs1: p.tags.photometric == C.PHOTOMETRIC_MINISBLACK}, nil
	}
	if strips := f.jpegStrips(p); strips != nil {
		return &stripsPicture{samples: decoded, strips: strips}, nil
	}
	return decoded, nil
}

// describe fills in what the samples of the page will be.
func (f *tiffFile) describe(p *tiffPage, s *samples) *dossier.Reason {
	t := &p.tags
	switch t.photometric {
	case C.PHOTOMETRIC_RGB, C.PHOTOMETRIC_YCBCR:
		s.channels = 3
	case C.PHOTOMETRIC_SEPARATED:
		s.channels = 4
	default:
		s.channels = 1
	}
	switch {
	case t.bits > 8:
		s.bits = 16
	case t.samples == 1 && (t.bits == 1 || t.bits == 2 || t.bits == 4):
		s.bits = int(t.bits)
	default:
		s.bits = 8
	}
	if t.photometric == C.PHOTOMETRIC_PALETTE {
		if s.palette = f.palette(int(t.bits)); s.palette == nil {
			return dossier.Reject(dossier.CodeDamaged, "a palette page without a colour map")
		}
	}
	return nil
}

// palette reads the colour map. Its entries have 16 bits, but for those of old writers, which never go over 255.
func (f *tiffFile) palette(bits int) []byte {
	var r, g, b *C.uint16_t
	if C.tiff_colormap(f.handle, &r, &g, &b) == 0 {
		return nil
	}
	n := 1 << bits
	tables := [3][]C.uint16_t{unsafe.Slice(r, n), unsafe.Slice(g, n), unsafe.Slice(b, n)}
	shift := 0
	for _, table := range tables {
		for _, v := range table {
			if v > 255 {
				shift = 8
			}
		}
	}
	palette := make([]byte, 0, 3*n)
	for i := range n {
		for _, table := range tables {
			palette = append(palette, byte(table[i]>>shift))
		}
	}
	return palette
}

func (f *tiffFile) profile() []byte {
	var size C.uint32_t
	data := C.tiff_profile(f.handle, &size)
	if data == nil || size > profileLargest {
		return nil
	}
	return C.GoBytes(data, C.int(size))
}
