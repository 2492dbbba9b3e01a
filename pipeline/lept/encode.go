package lept

/*
#include <leptonica/allheaders.h>
#include <string.h>

// Rows of a PNM are bytes in reading order; leptonica's are padded 32-bit words with the leftmost pixel highest.
static void copyRows(PIX *pix, unsigned char *out, size_t row) {
	l_uint32 *data = pixGetData(pix);
	l_int32 wpl = pixGetWpl(pix), h = pixGetHeight(pix);
	for (l_int32 y = 0; y < h; y++, out += row) {
		const l_uint32 *line = data + (size_t)y * wpl;
		size_t words = row / 4;
		for (size_t i = 0; i < words; i++) {
			l_uint32 v = __builtin_bswap32(line[i]);
			memcpy(out + 4 * i, &v, 4);
		}
		for (size_t i = 4 * words; i < row; i++) out[i] = (line[i / 4] >> (24 - 8 * (i % 4))) & 0xff;
	}
}
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// EncodeJPEG codes a grey or coloured image as a baseline JPEG of the given quality, 1 to 100.
func (x *Pix) EncodeJPEG(quality int) ([]byte, error) {
	var data *C.l_uint8
	var size C.size_t
	if C.pixWriteMemJpeg(&data, &size, x.p, C.l_int32(quality), 0) != 0 {
		return nil, fmt.Errorf("leptonica: encode an image of %d bits as JPEG", x.Depth())
	}
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(size)), nil
}

// EncodePNG codes an image as a PNG, with little effort to make it small.
func (x *Pix) EncodePNG() ([]byte, error) {
	const quick = 2
	var data *C.l_uint8
	var size C.size_t
	C.pixSetZlibCompression(x.p, quick)
	if C.pixWriteMemPng(&data, &size, x.p, 0) != 0 {
		return nil, fmt.Errorf("leptonica: encode an image of %d bits as PNG", x.Depth())
	}
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(size)), nil
}

// SPIX is the image as leptonica itself keeps it, with a head: what leptonica elsewhere reads back at the cost of a copy.
func (x *Pix) SPIX() ([]byte, error) {
	var data *C.l_uint32
	var size C.size_t
	if C.pixSerializeToMemory(x.p, &data, &size) != 0 {
		return nil, fmt.Errorf("leptonica: serialize an image of %d bits", x.Depth())
	}
	defer C.lept_free(unsafe.Pointer(data))
	return C.GoBytes(unsafe.Pointer(data), C.int(size)), nil
}

// PNM codes a 1-bit image as P4 and a grey one as P5, for programs that know nothing of leptonica.
func (x *Pix) PNM() ([]byte, error) {
	w, h := x.Width(), x.Height()
	var head string
	var row int
	switch x.Depth() {
	case 1:
		head, row = fmt.Sprintf("P4\n%d %d\n", w, h), (w+7)/8
	case 8:
		head, row = fmt.Sprintf("P5\n%d %d\n255\n", w, h), w
	default:
		return nil, fmt.Errorf("leptonica: code an image of %d bits as PNM", x.Depth())
	}
	out := make([]byte, len(head)+row*h)
	copy(out, head)
	C.copyRows(x.p, (*C.uchar)(unsafe.Pointer(&out[len(head)])), C.size_t(row))
	return out, nil
}

// Grays are the rows of a grey image one after the other, a byte a pixel.
func (x *Pix) Grays() []byte {
	w, h := x.Width(), x.Height()
	out := make([]byte, w*h)
	C.copyRows(x.p, (*C.uchar)(unsafe.Pointer(unsafe.SliceData(out))), C.size_t(w))
	return out
}

// GrayRow is row y of a grey image, a byte a pixel.
func (x *Pix) GrayRow(y int) []byte {
	words, row := x.row(y), make([]byte, x.Width())
	for i := range row {
		row[i] = byte(words[i/4] >> (24 - 8*(i%4)))
	}
	return row
}
