// Package lept is a thin layer over leptonica, which is already there under Tesseract: decoding to luminance, scaling,
// rotation, binarisation, skew, orientation and CCITT G4.
//
// It owns the life of leptonica's images and turns its null results into errors; what is done with a page is decided in
// pipeline/clean and pipeline/source. It is linked into the page worker only.
package lept

/*
#cgo pkg-config: lept
#include <stdlib.h>
#include <leptonica/allheaders.h>
*/
import "C"

import (
	"fmt"
	"runtime"
)

// Pix is an image in leptonica's memory: 1, 8 or 32 bits a pixel, rows padded to 32-bit words. Close it as soon as it
// is done with: a page is tens of megabytes and the garbage collector does not see them. Methods that make a new image
// never change the receiver.
type Pix struct{ p *C.PIX }

func wrap(p *C.PIX, what string) (*Pix, error) {
	if p == nil {
		return nil, fmt.Errorf("leptonica: %s", what)
	}
	pix := &Pix{p: p}
	runtime.SetFinalizer(pix, (*Pix).Close)
	return pix, nil
}

// Close frees the image. Closing twice, or nil, is harmless.
func (x *Pix) Close() {
	if x == nil || x.p == nil {
		return
	}
	C.pixDestroy(&x.p)
	x.p = nil
	runtime.SetFinalizer(x, nil)
}

// Width is in pixels.
func (x *Pix) Width() int { return int(C.pixGetWidth(x.p)) }

// Height is in pixels.
func (x *Pix) Height() int { return int(C.pixGetHeight(x.p)) }

// Depth is in bits a pixel: 1 (1 is black), 8 (0 is black) or 32 (RGB).
func (x *Pix) Depth() int { return int(C.pixGetDepth(x.p)) }
