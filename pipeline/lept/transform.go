package lept

/*
#cgo CFLAGS: -O3
#cgo LDFLAGS: -lm
#include <leptonica/allheaders.h>
#include "pixels.h"
*/
import "C"

import (
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// Gray is the image in 8 bits: the same pixels where it has them already, black and white where it has 1 bit, the weighted sum of
// red, green and blue where it is coloured.
func (x *Pix) Gray() (*Pix, error) {
	switch x.Depth() {
	case 8:
		return wrap(C.pixClone(x.p), "clone")
	case 32:
		// The weights of JPEG's luminance, so that a page reads the same whether it was decoded in colour or not.
		return wrap(C.gray_of_colour(x.p), "convert colour to grey")
	default:
		return wrap(C.pixConvertTo8(x.p, 0), "convert to grey")
	}
}

// Scale makes the image fx times as wide and fy times as high. Shrinking averages what falls together, so that a
// 1-bit image must be made grey first.
func (x *Pix) Scale(fx, fy float64) (*Pix, error) {
	if x.Depth() == 1 {
		return nil, fmt.Errorf("leptonica: scale a bilevel image %g by %g", fx, fy)
	}
	if x.Depth() == 8 && fx < 1 && fy < 1 {
		w, h := max(1, int(fx*float64(x.Width())+0.5)), max(1, int(fy*float64(x.Height())+0.5))
		return wrap(C.shrink_gray(x.p, C.l_int32(w), C.l_int32(h)), "scale down")
	}
	return wrap(C.pixScaleGeneral(x.p, C.l_float32(fx), C.l_float32(fy), 0, 0), "scale")
}

// Reduce shrinks the image by halves, which is quick, as often as it takes until neither side is longer than most
// pixels. The factor is 1, 1/2, 1/4 and so on; no side becomes shorter than a pixel.
func (x *Pix) Reduce(most int) (reduced *Pix, factor float64, err error) {
	factor = 1
	for max(x.Width(), x.Height()) > int(float64(most)/factor) && min(x.Width(), x.Height()) >= int(2/factor) {
		factor /= 2
	}
	if factor == 1 {
		reduced, err = wrap(C.pixClone(x.p), "clone")
		return reduced, 1, err
	}
	reduced, err = wrap(C.pixScaleAreaMap(x.p, C.l_float32(factor), C.l_float32(factor)), "reduce")
	return reduced, factor, err
}

// Turn turns the image clockwise by so many quarters, 0 to 3.
func (x *Pix) Turn(quarters int) (*Pix, error) {
	return wrap(C.pixRotateOrth(x.p, C.l_int32(quarters)), "turn")
}

// Mirror swaps left and right.
func (x *Pix) Mirror() (*Pix, error) { return wrap(C.pixFlipLR(nil, x.p), "mirror") }

// Rotate turns the image clockwise about its centre by an angle in radians, keeping its size; what comes in from
// outside is white.
func (x *Pix) Rotate(radians float64) (*Pix, error) {
	return wrap(C.pixRotate(x.p, C.l_float32(radians), C.L_ROTATE_AREA_MAP, C.L_BRING_IN_WHITE, 0, 0), "rotate")
}

// Crop cuts out w by h pixels from (left, top); what lies outside the image is left away.
func (x *Pix) Crop(left, top, w, h int) (*Pix, error) {
	box := C.boxCreate(C.l_int32(left), C.l_int32(top), C.l_int32(w), C.l_int32(h))
	defer C.boxDestroy(&box)
	return wrap(C.pixClipRectangle(x.p, box, nil), "crop")
}

// Warp draws w by h pixels of what lies under them in a grey or coloured image: m maps a point of the picture to one of the image.
// Between pixels it is interpolated, and each pixel of the picture is the mean of samples by samples places; beyond the image it is white.
func (x *Pix) Warp(m dossier.Matrix, w, h, samples int) (*Pix, error) {
	if x.Depth() != 8 && x.Depth() != 32 {
		return nil, fmt.Errorf("leptonica: warp an image of %d bits", x.Depth())
	}
	matrix := [6]C.double{C.double(m.A), C.double(m.B), C.double(m.C), C.double(m.D), C.double(m.E), C.double(m.F)}
	return wrap(C.warp(x.p, C.l_int32(w), C.l_int32(h), &matrix[0], C.l_int32(samples)), "warp")
}

// Half is a grey or coloured image of half the width and half the height, each pixel the mean of four.
func (x *Pix) Half() (*Pix, error) { return wrap(C.pixScaleAreaMap2(x.p), "halve") }

// Stretch maps the grey values from black to white linearly onto 0 to 255, and those beyond to the ends.
func (x *Pix) Stretch(black, white int) (*Pix, error) {
	return wrap(C.pixGammaTRC(nil, x.p, 1, C.l_int32(black), C.l_int32(white)), "stretch the grey values")
}

// Histogram counts the 256 values of a grey image, looking at every step-th pixel of every step-th row.
func (x *Pix) Histogram(step int) ([256]int, error) {
	var counts [256]int
	na := C.pixGetGrayHistogram(x.p, C.l_int32(step))
	if na == nil {
		return counts, fmt.Errorf("leptonica: count grey values of an image of %d bits", x.Depth())
	}
	defer C.numaDestroy(&na)
	for i := range counts {
		var v C.l_int32
		C.numaGetIValue(na, C.l_int32(i), &v)
		counts[i] = int(v)
	}
	return counts, nil
}
