package source

import (
	"encoding/binary"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// openWebP opens a WebP, lossy or lossless; of an animation nothing but the fact is known.
func openWebP(data []byte, limits dossier.Limits) (*single, error) {
	h, reason := parseWebP(data)
	if reason != nil {
		return nil, reason
	}
	s, err := newSingle("webp", h.width, h.height, 24, limits)
	if err != nil {
		return nil, err
	}
	s.page.orient(h.exif.orientation)
	s.page.dpiX, s.page.dpiY = h.exif.dpiX, h.exif.dpiY
	s.page.picture = h.samples(data)
	return s, nil
}

type webpHeader struct {
	width, height int // of the picture's own header and of the file's, the larger
	picture       bool
	cut           bool // the last chunk goes beyond the end of the file
	exif          exif
	icc           []byte
}

func parseWebP(data []byte) (*webpHeader, *dossier.Reason) {
	var h webpHeader
	for at := int64(12); at+8 <= int64(len(data)); {
		size := int64(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8 : min(at+8+size, int64(len(data)))]
		h.cut = at+8+size > int64(len(data))
		switch name := string(data[at : at+4]); name {
		case "ANIM", "ANMF":
			return nil, dossier.Reject(dossier.CodeUnknownFormat, "an animated WebP")
		case "VP8X", "VP8 ", "VP8L":
			h.takeSize(name, body)
		case "EXIF":
			h.exif = parseEXIF(body)
		case "ICCP":
			h.icc = body
		}
		at += 8 + size + size%2
	}
	if !h.picture {
		return nil, dossier.Reject(dossier.CodeTruncated, "the WebP ends before its picture")
	}
	return &h, nil
}

func (h *webpHeader) takeSize(name string, b []byte) {
	const mask14 = 1<<14 - 1
	var width, height int
	switch {
	case len(b) < 10:
		return
	case name == "VP8X":
		h.width = 1 + (int(b[4]) | int(b[5])<<8 | int(b[6])<<16)
		h.height = 1 + (int(b[7]) | int(b[8])<<8 | int(b[9])<<16)
		return
	case name == "VP8 ":
		width, height = int(binary.LittleEndian.Uint16(b[6:]))&mask14, int(binary.LittleEndian.Uint16(b[8:]))&mask14
	default:
		packed := int(binary.LittleEndian.Uint32(b[1:]))
		width, height = packed&mask14+1, packed>>14&mask14+1
	}
	h.width, h.height, h.picture = max(h.width, width), max(h.height, height), true
}

// samples describes the picture in RGB; it is decoded as a whole each time it is asked for.
func (h *webpHeader) samples(data []byte) *samples {
	s := &samples{width: h.width, height: h.height, channels: 3, bits: 8, icc: h.icc}
	s.rows = func(yield func([]byte) error) error {
		pix, err := lept.DecodeWebP(data)
		if err != nil && h.cut {
			return dossier.Reject(dossier.CodeTruncated, "%v", err)
		} else if err != nil {
			return dossier.Reject(dossier.CodeDamaged, "%v", err)
		}
		defer pix.Close()
		if pix.Width() != s.width || pix.Height() != s.height {
			return dossier.Reject(dossier.CodeDamaged, "the WebP's headers disagree about its size")
		}
		row := make([]byte, s.stride())
		for y := range s.height {
			pix.RGBRow(y, row)
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}
	return s
}
