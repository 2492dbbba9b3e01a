package source

import (
	"bytes"
	"encoding/binary"

	"github.com/dossierd/dossierd/dossier"
)

// The markers of JPEG that matter here, without their leading 0xff.
const (
	markerTEM   = 0x01
	markerSOF0  = 0xc0
	markerSOF2  = 0xc2
	markerDHT   = 0xc4
	markerJPG   = 0xc8
	markerSOF9  = 0xc9
	markerSOF10 = 0xca
	markerDAC   = 0xcc
	markerSOF15 = 0xcf
	markerRST0  = 0xd0
	markerRST7  = 0xd7
	markerSOI   = 0xd8
	markerEOI   = 0xd9
	markerSOS   = 0xda
	markerAPP0  = 0xe0
	markerAPP1  = 0xe1
	markerAPP2  = 0xe2
	markerAPP14 = 0xee
	markerSOF55 = 0xf7 // JPEG-LS
)

// jpegHeader is what the markers of a JPEG say.
type jpegHeader struct {
	frame         byte // SOF marker
	width, height int
	components    int
	precision     int // bits a sample
	adobe         bool
	dpiX, dpiY    float64 // from JFIF
	exif          exif
	icc           []byte
	chunks        map[byte][]byte // of the profile, by number
	scan          int             // where the first scan begins
	end           int             // behind EOI, or behind the last whole segment
	whole         bool            // EOI is there
}

// parseJPEG reads the markers of the first image in data.
func parseJPEG(data []byte) (*jpegHeader, *dossier.Reason) {
	h := &jpegHeader{chunks: map[byte][]byte{}}
	at := 2
	for {
		marker, body, next, ok := segment(data, at)
		if !ok {
			break
		}
		if marker == markerEOI {
			h.end, h.whole = next, true
			break
		}
		h.take(marker, body)
		if marker == markerSOS {
			if h.scan == 0 {
				h.scan = at
			}
			next = skipScan(data, next)
		}
		at = next
	}
	if !h.whole {
		h.end = min(at, len(data))
	}
	switch {
	case h.frame == 0 && h.whole:
		return nil, dossier.Reject(dossier.CodeDamaged, "a JPEG without a frame")
	case h.frame == 0, h.scan == 0 && !h.whole:
		return nil, dossier.Reject(dossier.CodeTruncated, "the JPEG ends at byte %d, before its first scan", len(data))
	case h.scan == 0:
		return nil, dossier.Reject(dossier.CodeDamaged, "a JPEG without a scan")
	}
	h.joinProfile()
	return h, nil
}

// segment reads the marker at or after at. next is behind its body; ok is false where the data ends before that.
func segment(data []byte, at int) (marker byte, body []byte, next int, ok bool) {
	i := bytes.IndexByte(data[min(at, len(data)):], 0xff)
	if i < 0 {
		return 0, nil, 0, false
	}
	at += i
	for at < len(data) && data[at] == 0xff {
		at++
	}
	if at >= len(data) {
		return 0, nil, 0, false
	}
	marker = data[at]
	at++
	if marker == 0 || marker == markerTEM || marker >= markerRST0 && marker <= markerEOI {
		return marker, nil, at, true
	}
	if at+2 > len(data) {
		return 0, nil, 0, false
	}
	length := int(binary.BigEndian.Uint16(data[at:]))
	if length < 2 {
		return marker, nil, at + 2, true
	}
	if at+length > len(data) {
		return 0, nil, 0, false
	}
	return marker, data[at+2 : at+length], at + length, true
}

// skipScan goes over coded data to the next marker that is none of its own.
func skipScan(data []byte, at int) int {
	for {
		i := bytes.IndexByte(data[at:], 0xff)
		if i < 0 || at+i+1 >= len(data) {
			return len(data)
		}
		at += i
		if m := data[at+1]; m != 0 && m != 0xff && (m < markerRST0 || m > markerRST7) {
			return at
		}
		at++
	}
}

func (h *jpegHeader) take(marker byte, body []byte) {
	switch {
	case isFrame(marker):
		if len(body) >= 6 && h.frame == 0 {
			h.frame, h.precision = marker, int(body[0])
			h.height, h.width = int(binary.BigEndian.Uint16(body[1:])), int(binary.BigEndian.Uint16(body[3:]))
			h.components = int(body[5])
		}
	case h.scan != 0:
	case marker == markerAPP0 && len(body) >= 12 && string(body[:5]) == "JFIF\x00":
		h.density(body[7], binary.BigEndian.Uint16(body[8:]), binary.BigEndian.Uint16(body[10:]))
	case marker == markerAPP1 && bytes.HasPrefix(body, []byte(exifHeading)):
		if h.exif == (exif{}) {
			h.exif = parseEXIF(body)
		}
	case marker == markerAPP2 && len(body) >= 14 && string(body[:12]) == "ICC_PROFILE\x00":
		h.chunks[body[12]] = body[13:]
	case marker == markerAPP14 && len(body) >= 12 && string(body[:5]) == "Adobe":
		h.adobe = true
	}
}

func isFrame(marker byte) bool {
	switch marker {
	case markerDHT, markerJPG, markerDAC:
		return false
	}
	return marker >= markerSOF0 && marker <= markerSOF15 || marker == markerSOF55
}

func (h *jpegHeader) density(unit byte, x, y uint16) {
	switch unit {
	case 1:
		h.dpiX, h.dpiY = float64(x), float64(y)
	case 2:
		h.dpiX, h.dpiY = float64(x)*inchesPerCentimetre, float64(y)*inchesPerCentimetre
	}
}

// joinProfile puts the chunks of the profile together. Each begins with how many there are; where one is missing, what
// is left is no profile, and will be found not to fit.
func (h *jpegHeader) joinProfile() {
	for i := 1; i <= len(h.chunks); i++ {
		chunk, ok := h.chunks[byte(i)]
		if !ok || int(chunk[0]) != len(h.chunks) {
			h.icc = []byte{0}
			return
		}
		h.icc = append(h.icc, chunk[1:]...)
	}
}

func (h *jpegHeader) arithmetic() bool { return h.frame == markerSOF9 || h.frame == markerSOF10 }

// unreadable says why neither PDF nor libjpeg knows this kind of JPEG, if so.
func (h *jpegHeader) unreadable() *dossier.Reason {
	switch {
	case (h.frame < markerSOF0 || h.frame > markerSOF2) && !h.arithmetic():
		return dossier.Reject(dossier.CodeUnknownFormat, "a lossless or hierarchical JPEG (SOF%d)", h.frame-markerSOF0)
	case h.precision != 8:
		return dossier.Reject(dossier.CodeUnknownFormat, "a JPEG of %d bits a sample", h.precision)
	case h.space() == "":
		return dossier.Reject(dossier.CodeUnknownFormat, "a JPEG of %d components", h.components)
	}
	return nil
}

func (h *jpegHeader) space() dossier.ColorSpace {
	switch h.components {
	case 1:
		return dossier.ColorGray
	case 3:
		return dossier.ColorRGB
	case 4:
		return dossier.ColorCMYK
	}
	return ""
}
