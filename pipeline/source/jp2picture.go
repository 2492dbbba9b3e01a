package source

/*
#cgo pkg-config: libopenjp2
#include <stdlib.h>
#include "jp2.h"
*/
import "C"

import (
	"bytes"
	"encoding/binary"
	"unsafe"

	"github.com/dossierd/dossierd/dossier"
)

// jp2Picture keeps the bytes of a JPEG 2000 file where PDF/A-2 takes them.
type jp2Picture struct {
	*samples
	header *jp2Header
	data   []byte
}

func (p *jp2Picture) image(level dossier.Level) (dossier.PageImage, []byte, []string, error) {
	h := p.header
	if level == dossier.Level1b || !h.allowed() || !jp2Whole(p.data) {
		image, blob, warnings, err := p.samples.image(level)
		if err == nil && level == dossier.Level1b && p.bits != 16 { // at 16 bits the samples say it themselves
			warnings = append(warnings, dossier.WarnReducedFor1b)
		}
		return image, blob, warnings, err
	}
	blob := bytes.Clone(p.data)
	if h.raw {
		blob = h.box(p.data)
	}
	return dossier.PageImage{
		Format: dossier.FormatJPX, Width: h.width, Height: h.height, Bits: h.bits, ColorSpace: dossier.ColorOwn,
		Parts: onePart(blob, h.height), PassedThrough: !h.raw,
	}, blob, nil, nil
}

// allowed applies ISO 19005-2, 6.2.8.3: 1, 3 or 4 colour channels of one depth, and one colour specification, or
// several of which one is marked as exact.
func (h *jp2Header) allowed() bool {
	if h.components != 1 && h.components != 3 && h.components != 4 || h.bits < 1 || h.bits > 38 || h.palette != 0 || h.opacity ||
		h.signed {
		return false
	}
	if h.raw {
		return h.components != 4 && !h.subsampled
	}
	exact := 0
	for _, c := range h.specs {
		if len(h.specs) == 1 || c.approximation == 1 {
			exact++
			if !c.allowed(h.components) {
				return false
			}
		}
	}
	return exact == 1
}

func (c jp2Colour) allowed(components int) bool {
	switch {
	case c.method == 2:
		return dossier.ProfileFits(c.profile, components, dossier.Level2u)
	case c.method != 1:
		return false
	}
	switch c.enumerated {
	case jp2Grey:
		return components == 1
	case jp2SRGB, jp2SYCC:
		return components == 3
	case jp2CMYK:
		return components == 4
	}
	return false
}

// jp2Whole reports whether the codestream has its end: EOC, at most followed by boxes.
func jp2Whole(data []byte) bool {
	return bytes.Contains(data[max(0, len(data)-4096):], []byte{0xff, 0xd9})
}

// box puts a codestream into the fewest boxes that make it a JP2.
func (h *jp2Header) box(codestream []byte) []byte {
	be := binary.BigEndian
	b := append([]byte(jp2Magic), "\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 "...)
	b = append(b, "\x00\x00\x00\x2djp2h\x00\x00\x00\x16ihdr"...)
	b = be.AppendUint32(be.AppendUint32(b, uint32(h.height)), uint32(h.width))
	b = append(be.AppendUint16(b, uint16(h.components)), byte(h.bits-1), 7, 1, 0)
	b = append(b, "\x00\x00\x00\x0fcolr\x01\x00\x00"...)
	space := uint32(jp2SRGB)
	if h.components == 1 {
		space = jp2Grey
	}
	b = be.AppendUint32(b, space)
	b = append(b, 0, 0, 0, 0) // the last box goes to the end
	return append(append(b, "jp2c"...), codestream...)
}

// colours returns how many channels are colour, and how many there are in all once a palette is looked up.
func (h *jp2Header) colours() (colours, channels int) {
	channels = h.components
	if h.palette != 0 {
		channels = h.palette
	}
	switch {
	case channels >= 4 && len(h.specs) > 0 && (h.specs[0].enumerated == jp2CMYK || dossier.ProfileFits(h.specs[0].profile, 4, dossier.Level2u)):
		return 4, channels
	case channels >= 3:
		return 3, channels
	}
	return 1, channels
}

// samples describes the picture decoded: grey, RGB or CMYK, with opacity laid on white.
func (h *jp2Header) samples(data []byte) *samples {
	colours, channels := h.colours()
	s := &samples{width: h.width, height: h.height, channels: colours, bits: 8}
	if h.deepest > 8 {
		s.bits = 16
	}
	if len(h.specs) > 0 {
		s.icc = h.specs[0].profile
	}
	s.rows = func(yield func([]byte) error) error {
		convert := h.rowConverter(s, channels)
		return h.bands(data, s, channels, func(row []uint16) error { return yield(convert(row)) })
	}
	return s
}

// rowConverter returns what packs a row of single samples, in RGB where the file has YCC.
func (h *jp2Header) rowConverter(s *samples, channels int) func(row []uint16) []byte {
	kept := s.channels
	flatten := func(row []byte) []byte { return row }
	if h.opacity && channels > kept && kept != 4 {
		kept++
		flatten = alphaFlattener(s.width, s.channels, s.bits, kept, false)
	}
	ycc := s.channels == 3 && len(h.specs) > 0 && h.specs[0].enumerated == jp2SYCC
	out := make([]byte, s.width*kept*s.bits/8)
	return func(row []uint16) []byte {
		for x := range s.width {
			pixel := row[x*channels:][:channels]
			if ycc {
				yccToRGB(pixel, s.bits)
			}
			for c, v := range pixel[:kept] {
				if s.bits == 16 {
					binary.BigEndian.PutUint16(out[2*(x*kept+c):], v)
				} else {
					out[x*kept+c] = byte(v)
				}
			}
		}
		return flatten(out)
	}
}

// yccToRGB converts in place by the full-range equations of ITU-R BT.601.
func yccToRGB(pixel []uint16, bits int) {
	full := float64(int(1)<<bits - 1)
	half := float64(int(1) << (bits - 1))
	y, cb, cr := float64(pixel[0]), float64(pixel[1])-half, float64(pixel[2])-half
	for c, v := range [3]float64{y + 1.402*cr, y - 0.344136*cb - 0.714136*cr, y + 1.772*cb} {
		pixel[c] = uint16(min(max(v+0.5, 0), full))
	}
}

// bands decodes as many rows at once as the decoder, which takes four bytes a sample, can hold in moderate memory.
func (h *jp2Header) bands(data []byte, s *samples, channels int, yield func(row []uint16) error) error {
	const bandSamples = 2 << 20
	rows := max(64, bandSamples/(s.width*channels))
	var raw C.int
	if h.raw {
		raw = 1
	}
	var lost *dossier.Reason
	for top := 0; top < s.height; top += rows {
		bottom := min(top+rows, s.height)
		var band C.struct_jp2_band
		ok := C.jp2_decode((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), raw, C.uint32_t(s.width),
			C.uint32_t(top), C.uint32_t(bottom), C.int(s.bits), &band)
		if ok == 0 || int(band.components) < channels {
			C.free(unsafe.Pointer(band.samples))
			return jp2Fault(&band, data)
		}
		if band.partial != 0 && lost == nil {
			lost = jp2Fault(&band, data)
		}
		err := h.yieldBand(&band, s.width, bottom-top, channels, yield)
		C.free(unsafe.Pointer(band.samples))
		if err != nil {
			return err
		}
	}
	if lost == nil && !jp2Whole(data) {
		lost = dossier.Reject(dossier.CodeTruncated, "the JPEG 2000 codestream has no end")
	}
	if lost != nil {
		return lost
	}
	return nil
}

func (h *jp2Header) yieldBand(band *C.struct_jp2_band, width, rows, channels int, yield func(row []uint16) error) error {
	stride := width * int(band.components)
	all := unsafe.Slice((*uint16)(unsafe.Pointer(band.samples)), rows*stride)
	row := make([]uint16, width*channels)
	for y := range rows {
		from := all[y*stride:][:stride]
		for x := range width {
			copy(row[x*channels:][:channels], from[x*int(band.components):])
		}
		if err := yield(row); err != nil {
			return err
		}
	}
	return nil
}

func jp2Fault(band *C.struct_jp2_band, data []byte) *dossier.Reason {
	code := dossier.CodeDamaged
	if !jp2Whole(data) {
		code = dossier.CodeTruncated
	}
	return dossier.Reject(code, "decode JPEG 2000: %s", C.GoString(&band.message[0]))
}
