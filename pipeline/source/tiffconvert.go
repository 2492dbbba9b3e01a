package source

/*
#include "tiff.h"
*/
import "C"

import "encoding/binary"

// rowConverter returns what turns a stored row, one slice a plane, into a row of s.
func (p *tiffPage) rowConverter(s *samples) func(planes [][]byte) []byte {
	t := &p.tags
	flip := byte(0)
	if t.photometric == C.PHOTOMETRIC_MINISWHITE {
		flip = 0xff
	}
	if int(t.samples) != s.channels || int(t.bits) != s.bits || p.planes() > 1 || t.format == tiffSampleInt {
		return p.sampleConverter(s)
	}
	size := s.stride()
	if flip == 0 && s.bits <= 8 {
		return func(planes [][]byte) []byte { return planes[0][:size] }
	}
	out := make([]byte, size)
	if s.bits <= 8 {
		return func(planes [][]byte) []byte {
			for i, v := range planes[0][:size] {
				out[i] = v ^ flip
			}
			return out
		}
	}
	return func(planes [][]byte) []byte {
		for i := 0; i < size; i += 2 {
			v := binary.NativeEndian.Uint16(planes[0][i:])
			out[i], out[i+1] = byte(v>>8)^flip, byte(v)^flip
		}
		return out
	}
}

// sampleConverter takes rows apart into single samples: those of odd sizes, in planes, with a sign or with samples to
// spare.
func (p *tiffPage) sampleConverter(s *samples) func(planes [][]byte) []byte {
	t := &p.tags
	stored, bits := int(t.samples), int(t.bits)
	most, full := uint32(1)<<bits-1, uint32(1)<<s.bits-1
	var sign uint32
	if t.format == tiffSampleInt {
		sign = 1 << (bits - 1)
	}
	invert := t.photometric == C.PHOTOMETRIC_MINISWHITE
	wide := s.bits / 8 // bytes a sample; single samples of fewer bits are widened
	kept := s.channels
	flatten := func(row []byte) []byte { return row }
	if kind := t.first_extra; stored > s.channels && t.extras > 0 && kind != tiffUnspecified && s.channels != 4 && s.palette == nil {
		kept++
		flatten = alphaFlattener(s.width, s.channels, s.bits, kept, kind == tiffAssociated)
	}
	out := make([]byte, s.width*kept*max(1, wide))
	packed := make([]byte, s.stride())
	return func(planes [][]byte) []byte {
		for c := range kept {
			plane, step, first := planes[0], stored, c
			if len(planes) > 1 {
				plane, step, first = planes[c], 1, 0
			}
			for x := range s.width {
				v := sampleAt(plane, x*step+first, bits) ^ sign
				if s.palette == nil && most != full {
					v = (v*full + most/2) / most
				}
				if invert && c < s.channels {
					v = full - v
				}
				if at := x*kept + c; wide == 2 {
					binary.BigEndian.PutUint16(out[2*at:], uint16(v))
				} else {
					out[at] = byte(v)
				}
			}
		}
		if s.bits < 8 {
			packSamples(packed, out, s.bits)
			return packed
		}
		return flatten(out)
	}
}

// sampleAt is the i-th sample of a row. libtiff hands out 16-bit samples in the machine's byte order and leaves other
// sizes packed from the highest bit.
func sampleAt(row []byte, i, bits int) uint32 {
	switch bits {
	case 8:
		return uint32(row[i])
	case 16:
		return uint32(binary.NativeEndian.Uint16(row[2*i:]))
	}
	var v uint32
	at := i * bits
	for n := bits; n > 0; {
		take := min(n, 8-at%8)
		v = v<<take | uint32(row[at/8])>>(8-at%8-take)&(1<<take-1)
		at += take
		n -= take
	}
	return v
}
