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

// DecodeJPEGs decodes a JPEG to luminance and, in the same go, to a small picture in its colours: RGB, halved as often as
// leaves side pixels or more at its longer side. small is nil where the JPEG has no colour.
func DecodeJPEGs(data []byte, side int) (pix, small *Pix, loss Loss, err error) {
	if len(data) == 0 {
		return nil, nil, Loss{Truncated: true}, errors.New("decode JPEG: no data")
	}
	var out C.struct_jpeg_outcome
	var q *C.PIX
	p := C.jpeg_decode_both((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), C.int(side), &q, &out)
	loss = lossOf(&out)
	if p == nil {
		return nil, nil, loss, fmt.Errorf("decode JPEG: %s", loss.Message)
	}
	if pix, err = wrap(p, "decode JPEG"); err == nil && q != nil {
		small, err = wrap(q, "decode JPEG")
	}
	return pix, small, loss, err
}

// ErrBudget says that decoding takes more memory than it may.
var ErrBudget = errors.New("decoding takes more memory than allowed")

// DecodeJPEGReduced decodes a JPEG in its colours at a half, a quarter or an eighth of its size, the least that leaves
// side pixels or more at its longer side: the decoder leaves out what that does not show, which takes a fraction of the
// time. It is ErrBudget where the coefficients of a progressive JPEG take more than budget bytes.
func DecodeJPEGReduced(data []byte, side int, budget int64) (*Pix, Loss, error) {
	if len(data) == 0 {
		return nil, Loss{Truncated: true}, errors.New("decode JPEG: no data")
	}
	var out C.struct_jpeg_outcome
	p := C.jpeg_decode_reduced((*C.uchar)(unsafe.SliceData(data)), C.size_t(len(data)), C.int(side), C.long(budget), &out)
	loss := lossOf(&out)
	switch {
	case p != nil:
		pix, err := wrap(p, "decode JPEG")
		return pix, loss, err
	case out.too_large != 0:
		return nil, loss, fmt.Errorf("decode JPEG: %w", ErrBudget)
	}
	return nil, loss, fmt.Errorf("decode JPEG: %s", loss.Message)
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
