package source

// converter returns the depth of the raster and what turns a row of samples into one of its rows.
func (s *samples) converter(colour bool) (depth int, convert func(row []byte) []byte) {
	if black, ok := s.blackBit(); ok {
		return 1, s.bitConverter(black)
	}
	expand := s.expander()
	switch {
	case s.channels == 1 && (s.palette == nil || !colour):
		return 8, s.greyConverter(expand)
	case colour:
		out := make([]byte, 3*s.width)
		return 32, func(row []byte) []byte {
			s.rgb(out, expand(row))
			return out
		}
	default:
		rgb, out := make([]byte, 3*s.width), make([]byte, s.width)
		return 8, func(row []byte) []byte {
			s.rgb(rgb, expand(row))
			for i := range out {
				out[i] = luminance(rgb[3*i], rgb[3*i+1], rgb[3*i+2])
			}
			return out
		}
	}
}

// bitConverter makes 1 black, and the bits beyond the last pixel white.
func (s *samples) bitConverter(black byte) func(row []byte) []byte {
	flip := byte(0xff)
	if black == 1 {
		flip = 0
	}
	out := make([]byte, s.stride())
	last := byte(0xff) << ((8 - s.width%8) % 8)
	return func(row []byte) []byte {
		for i := range out {
			out[i] = row[i] ^ flip
		}
		out[len(out)-1] &= last
		return out
	}
}

// greyConverter looks luminance up, sample by sample.
func (s *samples) greyConverter(expand func(row []byte) []byte) func(row []byte) []byte {
	var table [256]byte
	for i := range table {
		switch {
		case s.palette != nil:
			table[i] = luminance(s.colour(i))
		case s.bits < 8:
			table[i] = byte(min(i, 1<<s.bits-1) * 255 / (1<<s.bits - 1))
		default:
			table[i] = byte(i)
		}
	}
	out := make([]byte, s.width)
	return func(row []byte) []byte {
		for i, v := range expand(row) {
			out[i] = table[v]
		}
		return out
	}
}

// colour is the colour of a palette's index.
func (s *samples) colour(i int) (r, g, b byte) {
	last := len(s.palette)/3 - 1
	i = min(i, last)
	return s.palette[3*i], s.palette[3*i+1], s.palette[3*i+2]
}

// expander returns what turns a packed row into one byte a sample: the sample itself up to 8 bits, the high byte of 16.
func (s *samples) expander() func(row []byte) []byte {
	n := s.width * s.channels
	if s.bits == 8 {
		return func(row []byte) []byte { return row[:n] }
	}
	out := make([]byte, n)
	if s.bits == 16 {
		return func(row []byte) []byte {
			for i := range out {
				out[i] = row[2*i]
			}
			return out
		}
	}
	perByte, mask := 8/s.bits, byte(1)<<s.bits-1
	return func(row []byte) []byte {
		for i := range out {
			out[i] = row[i/perByte] >> (8 - s.bits*(i%perByte+1)) & mask
		}
		return out
	}
}

// rgb turns a row of bytes, one a sample, into RGB triples.
func (s *samples) rgb(out, row []byte) {
	switch {
	case s.palette != nil:
		for i, v := range row {
			out[3*i], out[3*i+1], out[3*i+2] = s.colour(int(v))
		}
	case s.channels == 3:
		copy(out, row)
	default:
		for i := range s.width {
			white := 255 - uint32(row[4*i+3])
			for c := range 3 {
				out[3*i+c] = byte((255 - uint32(row[4*i+c])) * white / 255)
			}
		}
	}
}

// luminance weighs red, green and blue as ITU-R BT.601 does, and libjpeg with it.
func luminance(r, g, b byte) byte {
	return byte((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
}
