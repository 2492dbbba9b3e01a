package lept

/*
#include <leptonica/allheaders.h>
*/
import "C"

import (
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"
)

// New returns an image of the given depth, 1, 8 or 32 bits a pixel, all zero: white at 1 bit, black otherwise.
func New(width, height, depth int) (*Pix, error) {
	return wrap(C.pixCreateNoInit(C.l_int32(width), C.l_int32(height), C.l_int32(depth)), "allocate an image")
}

// SetRow fills row y: packed bits at 1 bit a pixel (the first pixel in the highest bit, 1 is black), bytes at 8, RGB
// triples at 32. It is the one method that changes an image, for whoever has just made it. A short row leaves the
// rest of the row as it is.
func (x *Pix) SetRow(y int, row []byte) {
	words := x.row(y)
	if x.Depth() == 32 {
		for i := range min(len(words), len(row)/3) {
			words[i] = uint32(row[3*i])<<24 | uint32(row[3*i+1])<<16 | uint32(row[3*i+2])<<8 | 0xff
		}
		return
	}
	whole := min(len(words), len(row)/4)
	for i := range whole {
		words[i] = binary.BigEndian.Uint32(row[4*i:])
	}
	if rest := row[4*whole:]; len(rest) > 0 && whole < len(words) {
		var last [4]byte
		copy(last[:], rest)
		words[whole] = binary.BigEndian.Uint32(last[:])
	}
}

// row is row y in leptonica's words, whose highest byte is the leftmost.
func (x *Pix) row(y int) []uint32 {
	stride := int(C.pixGetWpl(x.p))
	if y < 0 || y >= x.Height() {
		panic(fmt.Sprintf("lept: row %d of an image of %d", y, x.Height()))
	}
	return unsafe.Slice((*uint32)(unsafe.Add(unsafe.Pointer(C.pixGetData(x.p)), 4*stride*y)), stride)
}

// RGBRow reads row y of a 32-bit image as RGB triples; where the image has alpha, as they are seen on white.
func (x *Pix) RGBRow(y int, rgb []byte) {
	alpha := C.pixGetSpp(x.p) == 4
	for i, word := range x.row(y)[:len(rgb)/3] {
		for c := range 3 {
			v := byte(word >> (24 - 8*c))
			if a := word & 0xff; alpha && a != 255 {
				v = byte((uint32(v)*a + 255*(255-a) + 127) / 255)
			}
			rgb[3*i+c] = v
		}
	}
}

// DecodeWebP decodes a WebP to a 32-bit image.
func DecodeWebP(data []byte) (*Pix, error) {
	return wrap(C.pixReadMemWebP((*C.l_uint8)(unsafe.SliceData(data)), C.size_t(len(data))), "decode WebP")
}

// Clone returns a second handle on the same pixels, which live until both are closed.
func (x *Pix) Clone() (*Pix, error) { return wrap(C.pixClone(x.p), "clone an image") }

// EncodeG4 codes a bilevel image as one CCITT G4 strip of fill order 1 in which black runs are black.
func (x *Pix) EncodeG4() ([]byte, error) {
	if x.Depth() != 1 {
		return nil, fmt.Errorf("encode G4: the image has %d bits a pixel", x.Depth())
	}
	var data *C.l_uint8
	var size C.size_t
	if C.pixWriteMemTiff(&data, &size, x.p, C.IFF_TIFF_G4) != 0 {
		return nil, errors.New("leptonica: encode G4")
	}
	defer C.lept_free(unsafe.Pointer(data))
	return onlyStrip(unsafe.Slice((*byte)(data), int(size)))
}

// onlyStrip copies the strip out of a TIFF that leptonica has written, which is of the machine's byte order, has one
// directory and one strip.
func onlyStrip(tiff []byte) ([]byte, error) {
	const stripOffsets, stripByteCounts, short = 273, 279, 3
	order := binary.NativeEndian
	if len(tiff) < 8 {
		return nil, errors.New("encode G4: no TIFF came out")
	}
	directory := int(order.Uint32(tiff[4:]))
	if directory+2 > len(tiff) {
		return nil, errors.New("encode G4: the TIFF has no directory")
	}
	var offset, size int
	for i := range int(order.Uint16(tiff[directory:])) {
		entry := tiff[directory+2+12*i:]
		value := int(order.Uint32(entry[8:]))
		if order.Uint16(entry[2:]) == short {
			value = int(order.Uint16(entry[8:]))
		}
		if order.Uint32(entry[4:]) != 1 {
			continue
		}
		switch order.Uint16(entry) {
		case stripOffsets:
			offset = value
		case stripByteCounts:
			size = value
		}
	}
	if size == 0 || offset+size > len(tiff) {
		return nil, errors.New("encode G4: the TIFF has no single strip")
	}
	return append([]byte(nil), tiff[offset:offset+size]...), nil
}
