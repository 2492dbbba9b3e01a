package source

/*
#include <stdlib.h>
#include "tiff.h"
*/
import "C"

import (
	"bytes"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// ccittPicture keeps the one G4 strip of a bilevel page.
type ccittPicture struct {
	*samples
	strip    []byte
	blackIs1 bool
}

func (p *ccittPicture) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	if len(p.warnings) > 0 { // it was decoded, and is damaged
		return p.samples.image(level)
	}
	return dossier.PageImage{
		Format: dossier.FormatCCITT, Width: p.width, Height: p.height, Bits: 1, ColorSpace: dossier.ColorGray,
		K: -1, BlackIs1: p.blackIs1, Parts: onePart(p.strip, p.height), PassedThrough: true,
	}, p.strip, nil, nil
}

// onlyG4 returns the strip of a page that is one G4 strip of the usual bit order, or nil.
func (f *tiffFile) onlyG4(p *tiffPage) []byte {
	t := &p.tags
	if t.compression != C.COMPRESSION_CCITTFAX4 || t.tiled != 0 || t.strips != 1 || t.bits != 1 || t.samples != 1 ||
		t.fill_order != C.FILLORDER_MSB2LSB || t.photometric > C.PHOTOMETRIC_MINISBLACK {
		return nil
	}
	return f.rawStrip(0)
}

// rawStrip returns a strip's bytes, or nil where the file does not have them all.
func (f *tiffFile) rawStrip(strip C.uint32_t) []byte {
	size := int64(C.TIFFGetStrileByteCount(f.handle, strip))
	if size <= 0 || size > f.bytes {
		return nil
	}
	raw := make([]byte, size)
	if int64(C.TIFFReadRawStrip(f.handle, strip, unsafe.Pointer(&raw[0]), C.tmsize_t(size))) != size {
		return nil
	}
	return raw
}

// stripsPicture keeps the strips of a JPEG page, each a JPEG of its own.
type stripsPicture struct {
	*samples
	strips []jpegStrip
}

// jpegStrip is a strip as a JPEG.
type jpegStrip struct {
	data      []byte
	height    int
	unchanged bool // the tables, and how to understand the colours, stood in the strip already
}

func (p *stripsPicture) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	profile, dropped := profileFor(p.icc, p.channels, level)
	image := dossier.PageImage{
		Format: dossier.FormatJPEG, Width: p.width, Height: p.height, Bits: 8, ICC: profile, PassedThrough: true,
		ColorSpace: map[int]dossier.ColorSpace{1: dossier.ColorGray, 3: dossier.ColorRGB, 4: dossier.ColorCMYK}[p.channels],
	}
	var blob []byte
	y := 0
	for _, strip := range p.strips {
		image.Parts = append(image.Parts, dossier.ImagePart{
			Offset: int64(len(blob)), Bytes: int64(len(strip.data)), Y: y, Height: strip.height,
		})
		image.PassedThrough = image.PassedThrough && strip.unchanged
		blob = append(blob, strip.data...)
		y += strip.height
	}
	if dropped {
		return image, blob, []string{dossier.WarnProfileDropped}, nil
	}
	return image, blob, nil, nil
}

// jpegStrips makes a JPEG of each strip, or returns nil where that cannot be done without loss.
func (f *tiffFile) jpegStrips(p *tiffPage) []jpegStrip {
	t := &p.tags
	if t.compression != C.COMPRESSION_JPEG || t.tiled != 0 || t.bits != 8 || p.planes() != 1 || t.samples == 2 || t.samples > 4 {
		return nil
	}
	switch t.photometric {
	case C.PHOTOMETRIC_MINISBLACK, C.PHOTOMETRIC_RGB, C.PHOTOMETRIC_YCBCR, C.PHOTOMETRIC_SEPARATED:
	default:
		return nil
	}
	if t.extras > 0 {
		return nil
	}
	tables := f.jpegTables()
	rows, height := p.bandRows(), int(t.height)
	var strips []jpegStrip
	for first := 0; first < height; first += rows {
		here := min(rows, height-first)
		strip, ok := jpegOfStrip(f.rawStrip(C.uint32_t(first/rows)), tables, t.photometric == C.PHOTOMETRIC_RGB)
		if !ok {
			return nil
		}
		h, reason := parseJPEG(strip.data)
		if reason != nil || !h.whole || h.unreadable() != nil || h.arithmetic() || h.width != int(t.width) || h.height != here ||
			h.components != int(t.samples) || h.components == 4 && h.adobe {
			return nil
		}
		strip.data, strip.height = strip.data[:h.end], here
		strips = append(strips, strip)
	}
	return strips
}

// jpegTables returns the segments that all strips share, without SOI and EOI.
func (f *tiffFile) jpegTables() []byte {
	var size C.uint32_t
	data := C.tiff_jpeg_tables(f.handle, &size)
	if data == nil || size < 4 || size > 1<<16 {
		return nil
	}
	tables := C.GoBytes(data, C.int(size))
	tables = bytes.TrimPrefix(tables, []byte{0xff, markerSOI})
	return bytes.TrimSuffix(tables, []byte{0xff, markerEOI})
}

// adobeRGB is the marker that keeps decoders from taking three components for YCbCr.
const adobeRGB = "\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00"

// jpegOfStrip puts the shared tables, and what the colours are where they are RGB, in front of a strip.
func jpegOfStrip(raw, tables []byte, rgb bool) (jpegStrip, bool) {
	if len(raw) < 4 || raw[0] != 0xff || raw[1] != markerSOI {
		return jpegStrip{}, false
	}
	var extra []byte
	if h, reason := parseJPEG(raw); rgb && (reason != nil || !h.adobe) {
		extra = append(extra, adobeRGB...)
	}
	extra = append(extra, tables...)
	if len(extra) == 0 {
		return jpegStrip{data: raw, unchanged: true}, true
	}
	return jpegStrip{data: bytes.Join([][]byte{raw[:2], extra, raw[2:]}, nil)}, true
}
