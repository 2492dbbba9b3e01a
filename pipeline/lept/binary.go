package lept

/*
#include <leptonica/allheaders.h>
*/
import "C"

import (
	"fmt"
	"image"
	"math"
	"unsafe"
)

// Threshold makes a 1-bit image of a grey one: black where the value is under t.
func (x *Pix) Threshold(t int) (*Pix, error) {
	return wrap(C.pixThresholdToBinary(x.p, C.l_int32(t)), "threshold")
}

// Black counts the black pixels of a 1-bit image.
func (x *Pix) Black() (int, error) {
	var n C.l_int32
	if C.pixCountPixels(x.p, &n, nil) != 0 {
		return 0, fmt.Errorf("leptonica: count black pixels of an image of %d bits", x.Depth())
	}
	return int(n), nil
}

// Components lists the boxes of the pieces of black that hang together, diagonals included, in a 1-bit image.
func (x *Pix) Components() ([]image.Rectangle, error) {
	boxes := C.pixConnCompBB(x.p, 8)
	if boxes == nil {
		return nil, fmt.Errorf("leptonica: find components in an image of %d bits", x.Depth())
	}
	defer C.boxaDestroy(&boxes)
	found := make([]image.Rectangle, 0, int(boxes.n))
	for _, b := range unsafe.Slice(boxes.box, int(boxes.n)) {
		found = append(found, image.Rect(int(b.x), int(b.y), int(b.x+b.w), int(b.y+b.h)))
	}
	return found, nil
}

// Skew finds by how many degrees, clockwise positive, a 1-bit image of text must be turned to be straight, within
// ±limit. Confidence is the contrast of the rows at that angle against those at the worst one: under 3 it means little.
// An image without rows gives 0, 0.
func (x *Pix) Skew(limit float64) (degrees, confidence float64) {
	const (
		sweep, search = 4, 2 // reductions at which to look about and to look closely
		step, last    = 1, 0.02
		edge          = 3 // degrees at either end in which leptonica trusts no angle
	)
	var angle, conf, score C.l_float32
	if C.pixFindSkewSweepAndSearchScore(x.p, &angle, &conf, &score, sweep, search, 0, C.l_float32(limit+edge), step, last) != 0 ||
		math.Abs(float64(angle)) > limit {
		return 0, 0
	}
	return float64(angle), float64(conf)
}

// Orientation counts ascenders against descenders in a 1-bit image of roman text whose letters are about 20 pixels
// high. up is positive for upright text and negative for text upside down, left is positive for text that must be
// turned clockwise by a quarter, negative for the other quarter; the size says how sure that is. No text gives 0, 0.
func (x *Pix) Orientation() (up, left float64) {
	var u, l C.l_float32
	if C.pixOrientDetect(x.p, &u, &l, 0, 0) != 0 {
		return 0, 0
	}
	return float64(u), float64(l)
}

// Open keeps of a 1-bit image what a black brick of w by h pixels fits into.
func (x *Pix) Open(w, h int) (*Pix, error) {
	return wrap(C.pixOpenBrick(nil, x.p, C.l_int32(w), C.l_int32(h)), "open")
}

// Dilate grows the black of a 1-bit image by a brick of w by h pixels.
func (x *Pix) Dilate(w, h int) (*Pix, error) {
	return wrap(C.pixDilateBrick(nil, x.p, C.l_int32(w), C.l_int32(h)), "dilate")
}

// And is black where both 1-bit images are.
func (x *Pix) And(y *Pix) (*Pix, error) { return wrap(C.pixAnd(nil, x.p, y.p), "intersect") }

// Or is black where one of the 1-bit images is.
func (x *Pix) Or(y *Pix) (*Pix, error) { return wrap(C.pixOr(nil, x.p, y.p), "unite") }

// Without is black where x is and y is not.
func (x *Pix) Without(y *Pix) (*Pix, error) { return wrap(C.pixSubtract(nil, x.p, y.p), "subtract") }

// Invert swaps black and white of a 1-bit image.
func (x *Pix) Invert() (*Pix, error) { return wrap(C.pixInvert(nil, x.p), "invert") }

// Halve shrinks a 1-bit image to half its size: black where at least rank of four pixels are, 1 to 4.
func (x *Pix) Halve(rank int) (*Pix, error) {
	return wrap(C.pixReduceRankBinaryCascade(x.p, C.l_int32(rank), 0, 0, 0), "halve")
}

// Double makes a 1-bit image twice as wide and high.
func (x *Pix) Double() (*Pix, error) { return wrap(C.pixExpandReplicate(x.p, 2), "double") }

// Whiten returns a copy of a grey image that is white wherever the 1-bit mask, laid at its top left, is black.
func (x *Pix) Whiten(mask *Pix) (*Pix, error) {
	painted, err := wrap(C.pixCopy(nil, x.p), "copy")
	if err != nil {
		return nil, err
	}
	if C.pixSetMasked(painted.p, mask.p, 255) != 0 {
		painted.Close()
		return nil, fmt.Errorf("leptonica: paint through a mask of %d bits", mask.Depth())
	}
	return painted, nil
}
