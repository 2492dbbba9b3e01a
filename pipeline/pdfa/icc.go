package pdfa

import (
	"encoding/binary"
	"math"
)

const (
	iccHeader = 128
	iccEntry  = 12 // of the tag table
)

// iccTag is one tag of a profile we make. Tags with the same data share it.
type iccTag struct {
	signature string
	data      []byte
}

// makeProfile lays out a version 2.1 profile.
func makeProfile(class, space, connection string, tags []iccTag) []byte {
	b := make([]byte, iccHeader, 4096)
	binary.BigEndian.PutUint32(b[8:], 0x02100000)
	copy(b[12:], class)
	copy(b[16:], space)
	copy(b[20:], connection)
	copy(b[24:], words(2026, 1, 1, 0, 0, 0))
	copy(b[36:], "acsp")
	copy(b[68:], d50())
	b = binary.BigEndian.AppendUint32(b, uint32(len(tags)))
	offset := len(b) + iccEntry*len(tags)
	var body []byte
	for i, tag := range tags {
		start := offset + len(body)
		if i > 0 && &tag.data[0] == &tags[i-1].data[0] {
			start = int(binary.BigEndian.Uint32(b[len(b)-8:]))
		} else {
			body = append(body, tag.data...)
			body = append(body, make([]byte, -len(tag.data)&3)...)
		}
		b = append(b, tag.signature...)
		b = binary.BigEndian.AppendUint32(b, uint32(start))
		b = binary.BigEndian.AppendUint32(b, uint32(len(tag.data)))
	}
	b = append(b, body...)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	return b
}

// d50 is the white of the connection space as an XYZ number.
func d50() []byte { return xyz(0.9642, 1, 0.8249)[8:] }

func xyz(x, y, z float64) []byte {
	b := append([]byte("XYZ "), 0, 0, 0, 0)
	for _, v := range []float64{x, y, z} {
		b = binary.BigEndian.AppendUint32(b, uint32(math.Round(v*65536)))
	}
	return b
}

func iccText(s string) []byte {
	return append(append([]byte("text\x00\x00\x00\x00"), s...), 0)
}

// iccDescription is a textDescriptionType with its ASCII part alone.
func iccDescription(s string) []byte {
	b := []byte("desc\x00\x00\x00\x00")
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
	b = append(append(b, s...), 0)
	return append(b, make([]byte, 4+4+2+1+67)...)
}

// sRGB makes the profile of the output intent: the primaries of sRGB adapted to D50 and its transfer curve at 256
// points.
func sRGB() []byte {
	const points = 256
	curve := binary.BigEndian.AppendUint32([]byte("curv\x00\x00\x00\x00"), points)
	for i := range points {
		v := fromSRGB(float64(i) / (points - 1))
		curve = binary.BigEndian.AppendUint16(curve, uint16(math.Round(v*65535)))
	}
	return makeProfile("mntr", "RGB ", "XYZ ", []iccTag{
		{"desc", iccDescription("sRGB IEC61966-2.1")},
		{"cprt", iccText("No copyright, use freely")},
		{"wtpt", xyz(0.9642, 1, 0.8249)},
		{"rXYZ", xyz(0.4360, 0.2225, 0.0139)},
		{"gXYZ", xyz(0.3851, 0.7169, 0.0971)},
		{"bXYZ", xyz(0.1431, 0.0606, 0.7139)},
		{"rTRC", curve},
		{"gTRC", curve},
		{"bTRC", curve},
	})
}

// fromSRGB is the transfer function of sRGB: coded value to light, both 0..1.
func fromSRGB(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
