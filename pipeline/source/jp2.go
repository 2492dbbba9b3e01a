package source

import (
	"bytes"
	"encoding/binary"

	"github.com/dossierd/dossierd/dossier"
)

const (
	jp2Magic        = "\x00\x00\x00\x0cjP  \r\n\x87\n"
	codestreamMagic = "\xff\x4f\xff\x51"
)

// The enumerated colour spaces of JP2 that PDF/A takes.
const (
	jp2CMYK = 12
	jp2SRGB = 16
	jp2Grey = 17
	jp2SYCC = 18
)

// jp2Header is what the boxes of a JP2 and the SIZ marker of its codestream say.
type jp2Header struct {
	width, height int
	components    int
	bits          int // a sample; 0 where components differ
	deepest       int // bits of the deepest component
	signed        bool
	subsampled    bool
	raw           bool // a codestream without boxes
	specs         []jp2Colour
	palette       int  // columns of a pclr box: the components are indices; 0 without
	opacity       bool // a cdef box names a channel that is no colour
	dpiX, dpiY    float64
}

// jp2Colour is a colr box.
type jp2Colour struct {
	method, approximation byte
	enumerated            uint32
	profile               []byte
}

func openJP2(data []byte, limits dossier.Limits) (*single, error) {
	h, reason := parseJP2(data)
	if reason != nil {
		return nil, reason
	}
	s, err := newSingle("jp2", h.width, h.height, h.components*max(h.bits, 8), limits)
	if err != nil {
		return nil, err
	}
	if h.components == 0 || h.components > 16 {
		return nil, dossier.Reject(dossier.CodeDamaged, "JPEG 2000 of %d components", h.components)
	}
	s.page.dpiX, s.page.dpiY = h.dpiX, h.dpiY
	s.page.picture = &jp2Picture{samples: h.samples(data), header: h, data: data}
	return s, nil
}

func parseJP2(data []byte) (*jp2Header, *dossier.Reason) {
	var h jp2Header
	if bytes.HasPrefix(data, []byte(codestreamMagic)) {
		h.raw = true
		if !h.takeSize(data) {
			return nil, dossier.Reject(dossier.CodeTruncated, "the JPEG 2000 codestream ends within its header")
		}
		return &h, nil
	}
	found := false
	eachBox(data, func(name string, body []byte) {
		switch name {
		case "jp2h":
			eachBox(body, h.take)
		case "jp2c":
			found = found || h.takeSize(body)
		}
	})
	if !found {
		return nil, dossier.Reject(dossier.CodeTruncated, "the JP2 ends before its codestream")
	}
	return &h, nil
}

// eachBox calls take for each box in data; one that goes beyond the end is cut.
func eachBox(data []byte, take func(name string, body []byte)) {
	for len(data) >= 8 {
		size, head := uint64(binary.BigEndian.Uint32(data)), uint64(8)
		switch {
		case size == 0:
			size = uint64(len(data))
		case size == 1 && len(data) >= 16:
			size, head = binary.BigEndian.Uint64(data[8:]), 16
		}
		if size < head {
			return
		}
		size = min(size, uint64(len(data)))
		take(string(data[4:8]), data[head:max(head, size)])
		data = data[size:]
	}
}

func (h *jp2Header) take(name string, body []byte) {
	switch {
	case name == "colr" && len(body) >= 3:
		c := jp2Colour{method: body[0], approximation: body[2]}
		if c.method == 1 && len(body) >= 7 {
			c.enumerated = binary.BigEndian.Uint32(body[3:])
		} else {
			c.profile = body[3:]
		}
		h.specs = append(h.specs, c)
	case name == "pclr" && len(body) >= 3:
		h.palette = int(body[2])
	case name == "cdef" && len(body) >= 2:
		for entry := body[2:]; len(entry) >= 6; entry = entry[6:] {
			h.opacity = h.opacity || binary.BigEndian.Uint16(entry[2:]) != 0
		}
	case name == "res ":
		eachBox(body, h.takeResolution)
	}
}

// takeResolution reads the capture resolution, or what is asked for on a display: numerator, denominator and exponent
// of pixels a metre, down before across.
func (h *jp2Header) takeResolution(name string, b []byte) {
	if name != "resc" && (name != "resd" || h.dpiX != 0) || len(b) < 10 {
		return
	}
	value := func(fraction []byte, exponent int8) float64 {
		const inchesPerMetre = 0.0254
		v := float64(binary.BigEndian.Uint16(fraction)) / float64(binary.BigEndian.Uint16(fraction[2:])) * inchesPerMetre
		for ; exponent > 0; exponent-- {
			v *= 10
		}
		for ; exponent < 0; exponent++ {
			v /= 10
		}
		return v
	}
	h.dpiY, h.dpiX = value(b, int8(b[8])), value(b[4:], int8(b[9]))
}

// takeSize reads the SIZ marker at the head of a codestream.
func (h *jp2Header) takeSize(b []byte) bool {
	const fixed = 42 // SOC, SIZ and its fields up to the components
	if len(b) < fixed || !bytes.HasPrefix(b, []byte(codestreamMagic)) {
		return false
	}
	at := func(i int) int { return int(binary.BigEndian.Uint32(b[i:])) }
	h.width, h.height = at(8)-at(16), at(12)-at(20)
	h.components = int(binary.BigEndian.Uint16(b[40:]))
	if len(b) < fixed+3*h.components {
		return false
	}
	for c := range h.components {
		part := b[fixed+3*c:]
		bits := int(part[0]&0x7f) + 1
		if c > 0 && bits != h.bits {
			bits = 0
		}
		h.bits, h.deepest = bits, max(h.deepest, int(part[0]&0x7f)+1)
		h.signed = h.signed || part[0]&0x80 != 0
		h.subsampled = h.subsampled || part[1] != 1 || part[2] != 1
	}
	return true
}
