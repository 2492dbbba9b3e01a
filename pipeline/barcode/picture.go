package barcode

/*
#cgo CFLAGS: -O3
#include "pixels.h"
*/
import "C"

import (
	"errors"
	"image"
	"math/bits"
	"unsafe"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// picture is a grey image, a byte a pixel.
type picture struct {
	width, height int
	px            []byte
}

// pictureOf takes over the pixels of a grey image. One that has more than an A4 page of 400 dpi is made smaller by
// halves; a pixel of the picture is factor pixels of the image.
func pictureOf(gray *lept.Pix) (p picture, factor float64, err error) {
	const most = 16_000_000
	factor = 1
	for float64(gray.Width())*float64(gray.Height()) > most*factor*factor {
		factor *= 2
	}
	if factor > 1 {
		if gray, err = gray.Scale(1/factor, 1/factor); err != nil {
			return picture{}, 0, err
		}
		defer gray.Close()
	}
	return picture{gray.Width(), gray.Height(), gray.Grays()}, factor, nil
}

func newPicture(width, height int) picture {
	return picture{width: width, height: height, px: make([]byte, width*height)}
}

func (p picture) bounds() image.Rectangle { return image.Rect(0, 0, p.width, p.height) }

func (p picture) data() *C.uint8_t { return (*C.uint8_t)(unsafe.Pointer(unsafe.SliceData(p.px))) }

func (p picture) row(y int) []byte { return p.px[y*p.width : (y+1)*p.width] }

// halved is the picture at half its size.
func (p picture) halved() picture {
	half := newPicture(p.width/2, p.height/2)
	C.barcode_halve(p.data(), C.int(p.width), C.int(p.height), half.data())
	return half
}

// enlarged is the picture at twice its size, sharpened: each pixel differs three times as much from its neighbours.
func (p picture) enlarged() (picture, error) {
	out := newPicture(2*p.width, 2*p.height)
	if C.barcode_enlarge(p.data(), C.int(p.width), C.int(p.height), out.data()) == 0 {
		return picture{}, errMemory
	}
	return out, nil
}

func clamped(v int) byte { return byte(min(255, max(0, v))) }

// widened is the picture twice as wide, each row the mean of so many, sharpened along it: at 2, each pixel differs twice
// as much from its neighbours.
func (p picture) widened(rows, sharpness int) picture {
	out := newPicture(2*p.width, p.height/rows)
	sums, sharp := make([]int, p.width), make([]int, p.width)
	for y := range out.height {
		clear(sums)
		for r := range rows {
			for x, v := range p.row(y*rows + r) {
				sums[x] += int(v)
			}
		}
		for x, v := range sums {
			before, after := sums[max(0, x-1)], sums[min(p.width-1, x+1)]
			sharp[x] = int(clamped((v + sharpness*(2*v-before-after)/4) / rows))
		}
		row := out.row(y)
		for x, v := range sharp {
			row[2*x] = byte((3*v + sharp[max(0, x-1)]) / 4)
			row[2*x+1] = byte((3*v + sharp[min(p.width-1, x+1)]) / 4)
		}
	}
	return out
}

// cut is a copy of a part of the picture.
func (p picture) cut(box image.Rectangle) picture {
	part := newPicture(box.Dx(), box.Dy())
	for y := range part.height {
		copy(part.row(y), p.row(box.Min.Y + y)[box.Min.X:box.Max.X])
	}
	return part
}

func (p picture) fill(box image.Rectangle, value byte) {
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := p.row(y)[box.Min.X:box.Max.X]
		for x := range row {
			row[x] = value
		}
	}
}

// paper is the value that nine pixels in ten are not brighter than.
func (p picture) paper() byte {
	var counts [256]int
	for _, v := range p.px {
		counts[v]++
	}
	rest := len(p.px) / 10
	for v := 255; v > 0; v-- {
		if rest -= counts[v]; rest < 0 {
			return byte(v)
		}
	}
	return 0
}

// turned is the picture turned clockwise by a quarter.
func (p picture) turned() picture {
	out := newPicture(p.height, p.width)
	for y := range p.height {
		for x, v := range p.row(y) {
			out.px[x*out.width+p.height-1-y] = v
		}
	}
	return out
}

const cell = 8 // px, as in pixels.c

// slopes are how much grey changes from pixel to pixel around each cell of a picture.
type slopes struct {
	width        int // cells
	across, down []int32
}

func (p picture) slopes() (slopes, error) {
	w, h := p.width/cell, p.height/cell
	across, down := make([]uint16, w*h), make([]uint16, w*h)
	data := func(s []uint16) *C.uint16_t { return (*C.uint16_t)(unsafe.Pointer(unsafe.SliceData(s))) }
	if C.barcode_slopes(p.data(), C.int(p.width), C.int(p.height), data(across), data(down)) == 0 {
		return slopes{}, errMemory
	}
	return slopes{w, around(across, w), around(down, w)}, nil
}

// around sums each cell with its eight neighbours.
func around(cells []uint16, width int) []int32 {
	rows, sums := make([]int32, len(cells)), make([]int32, len(cells))
	for i, v := range cells {
		rows[i] = int32(v)
		if x := i % width; x > 0 {
			rows[i] += int32(cells[i-1])
		}
		if x := i % width; x < width-1 {
			rows[i] += int32(cells[i+1])
		}
	}
	for i, v := range rows {
		sums[i] = v
		if i >= width {
			sums[i] += rows[i-width]
		}
		if i < len(rows)-width {
			sums[i] += rows[i+width]
		}
	}
	return sums
}

// bitmap is an image in black and white: words of 64 pixels, the leftmost lowest, 1 is black.
type bitmap struct {
	width, height, stride int
	words                 []uint64
}

var errMemory = errors.New("barcode: no memory")

// bitmap parts black from white by the brightness around each pixel.
func (p picture) bitmap() (bitmap, error) {
	stride := (p.width + 63) / 64
	b := bitmap{width: p.width, height: p.height, stride: stride, words: make([]uint64, stride*p.height)}
	if C.barcode_binarize(p.data(), C.int(p.width), C.int(p.height), (*C.uint64_t)(unsafe.SliceData(b.words))) == 0 {
		return b, errMemory
	}
	return b, nil
}

func (b bitmap) black(x, y int) bool {
	return uint(x) < uint(b.width) && uint(y) < uint(b.height) && b.words[y*b.stride+x>>6]>>(x&63)&1 != 0
}

// edges appends where row y changes its colour: edges[0] begins the first black run, edges[1] the white one after it.
func (b bitmap) edges(y int, edges []int32) []int32 {
	edges = edges[:0]
	var last uint64 // all ones where the pixel before is black
	for i, word := range b.words[y*b.stride : (y+1)*b.stride] {
		changes := word ^ (word<<1 | last&1)
		for changes != 0 {
			edges = append(edges, int32(i*64+bits.TrailingZeros64(changes)))
			changes &= changes - 1
		}
		last = word >> 63
	}
	if len(edges)%2 == 1 {
		edges = append(edges, int32(b.width))
	}
	return edges
}
