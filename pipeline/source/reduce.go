package source

import (
	"math/bits"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// reduced shrinks the picture while its rows come by. What a decoder that holds a whole picture takes (WebP, JPEG 2000, an
// interlaced PNG) is not known here: its worker is watched.
func (s *samples) reduced(side int, _ int64) (*lept.Pix, []string, error) {
	by := 1
	for max(s.width, s.height)/(2*by) >= side && min(s.width, s.height) >= 2*by {
		by *= 2
	}
	if by == 1 {
		return s.raster(true)
	}
	depth, convert := s.converter(true)
	channels := map[int]int{1: 1, 8: 1, 32: 3}[depth]
	pix, err := lept.New(s.width/by, s.height/by, max(8, depth))
	if err != nil {
		return nil, nil, err
	}
	r := reducer{by: by, channels: channels, sums: make([]uint32, pix.Width()*channels), out: make([]byte, pix.Width()*channels)}
	warnings, err := s.scan(func(y int, row []byte) error {
		if row = convert(row); depth == 1 {
			r.addBits(row)
		} else {
			r.add(row)
		}
		if (y+1)%by == 0 && y/by < pix.Height() {
			pix.SetRow(y/by, r.mean(depth == 1))
		}
		return nil
	})
	if err != nil {
		pix.Close()
		return nil, nil, err
	}
	return pix, warnings, nil
}

// reducer adds up by rows of by pixels each for every pixel of a smaller picture. by is a power of two.
type reducer struct {
	by, channels int
	sums         []uint32
	out          []byte
}

// add takes a row of bytes.
func (r *reducer) add(row []byte) {
	at := 0
	for x := 0; x+r.channels <= len(r.sums); x += r.channels {
		for range r.by {
			for c := range r.channels {
				r.sums[x+c] += uint32(row[at+c])
			}
			at += r.channels
		}
	}
}

// addBits takes a row of bits in which 1 is black, and counts them.
func (r *reducer) addBits(row []byte) {
	if r.by >= 8 {
		for x := range r.sums {
			for i := range r.by / 8 {
				r.sums[x] += uint32(bits.OnesCount8(row[x*r.by/8+i]))
			}
		}
		return
	}
	mask := byte(1)<<r.by - 1
	for x := range r.sums {
		at := x * r.by
		r.sums[x] += uint32(bits.OnesCount8(row[at/8] >> (8 - r.by - at%8) & mask))
	}
}

// mean gives the row of the smaller picture, and begins the next.
func (r *reducer) mean(black bool) []byte {
	n := uint32(r.by * r.by)
	for i, sum := range r.sums {
		if black {
			sum = 255 * (n - sum)
		}
		r.out[i] = byte((sum + n/2) / n)
	}
	clear(r.sums)
	return r.out
}
