package source

import (
	"bytes"
	"encoding/binary"
)

// exif is what dossierd wants to know from EXIF data: how the image lies, and its dots per inch. Zero is unknown.
type exif struct {
	orientation int
	dpiX, dpiY  float64
}

const exifHeading = "Exif\x00\x00"

const inchesPerCentimetre = 2.54

// parseEXIF reads the first directory of EXIF data, which is a TIFF without an image. Data that makes no sense says
// nothing. JPEG has a heading before it, which some writers put into a WebP or PNG too.
func parseEXIF(data []byte) exif {
	const orientation, xResolution, yResolution, resolutionUnit = 0x112, 0x11a, 0x11b, 0x128
	data = bytes.TrimPrefix(data, []byte(exifHeading))
	var order binary.ByteOrder
	switch {
	case len(data) < 8:
		return exif{}
	case string(data[:4]) == "II*\x00":
		order = binary.LittleEndian
	case string(data[:4]) == "MM\x00*":
		order = binary.BigEndian
	default:
		return exif{}
	}
	at := int64(order.Uint32(data[4:]))
	if at+2 > int64(len(data)) {
		return exif{}
	}
	var e exif
	unit := 2
	for i := range int64(order.Uint16(data[at:])) {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(data)) {
			break
		}
		value := data[entry+8 : entry+12]
		switch order.Uint16(data[entry:]) {
		case orientation:
			e.orientation = int(order.Uint16(value))
		case resolutionUnit:
			unit = int(order.Uint16(value))
		case xResolution:
			e.dpiX = rational(data, order, value)
		case yResolution:
			e.dpiY = rational(data, order, value)
		}
	}
	switch unit {
	case 2:
	case 3:
		e.dpiX, e.dpiY = e.dpiX*inchesPerCentimetre, e.dpiY*inchesPerCentimetre
	default:
		e.dpiX, e.dpiY = 0, 0
	}
	return e
}

// rational reads the fraction that value points to; 0 where there is none.
func rational(data []byte, order binary.ByteOrder, value []byte) float64 {
	at := int64(order.Uint32(value))
	if at+8 > int64(len(data)) || order.Uint32(data[at+4:]) == 0 {
		return 0
	}
	return float64(order.Uint32(data[at:])) / float64(order.Uint32(data[at+4:]))
}
