package lept

/*
#cgo pkg-config: libjpeg
#include <stdlib.h>
#include "jpeg.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Loss says what of a JPEG could not be decoded though the rest could.
type Loss struct {
	Truncated, Damaged bool
	Message            string // libjpeg's first complaint; technical, English
}

// DecodeJPEG decodes a JPEG of 8 bits a sample to luminance, which comes straight from the decoder, or to RGB where
// colour is asked for and the image has it. Rows beyond the end of truncated data are white. The error says that not
// one row can be had. The caller has looked at the header: the image is as large as it says.
func DecodeJPEG(data []byte, colour bool) (*Pix, Loss, error) {
	if len(data) == 0 {
		return nil, Loss{Truncated: true}, errors.New("decode JPEG: no data")
	}
	var ask C.int
	if colour {
		ask = 1
	}
	var out C.struct_jpeg_outcome
	p := C.jpeg_decode((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), ask, &out)
	loss := lossOf(&out)
	if p == nil {
		return nil, loss, fmt.Errorf("decode JPEG: %s", loss.Message)
	}
	pix, err := wrap(p, "decode JPEG")
	return pix, loss, err
}

// DecodeSmallJPEG decodes a JPEG as DecodeJPEG does in colour, to a half, a quarter or an eighth of its size: the least
// whose longer side has side pixels or more. The decoder skips what such a picture does not show.
func DecodeSmallJPEG(data []byte, side int) (*Pix, error) {
	if len(data) == 0 {
		return nil, errors.New("decode JPEG: no data")
	}
	var out C.struct_jpeg_outcome
	p := C.jpeg_decode_small((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), C.int(side), &out)
	if p == nil {
		return nil, fmt.Errorf("decode JPEG: %s", lossOf(&out).Message)
	}
	return wrap(p, "decode JPEG")
}

// RecodeJPEG writes a JPEG's coefficients anew with Huffman codes in place of arithmetic ones: the same picture,
// without the markers that say nothing about its pixels.
func RecodeJPEG(data []byte) ([]byte, Loss, error) {
	if len(data) == 0 {
		return nil, Loss{Truncated: true}, errors.New("recode JPEG: no data")
	}
	var result *C.uchar
	var size C.ulong
	var out C.struct_jpeg_outcome
	failed := C.jpeg_recode((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), &result, &size, &out) != 0
	loss := lossOf(&out)
	if failed {
		return nil, loss, fmt.Errorf("recode JPEG: %s", loss.Message)
	}
	defer C.free(unsafe.Pointer(result))
	return append([]byte(nil), unsafe.Slice((*byte)(result), int(size))...), loss, nil
}

func lossOf(out *C.struct_jpeg_outcome) Loss {
	return Loss{Truncated: out.truncated != 0, Damaged: out.damaged != 0, Message: C.GoString(&out.message[0])}
}
