package source

import "encoding/binary"

// onWhite8 is what is seen of a sample that is as opaque as alpha says before white.
func onWhite8(v, alpha byte) byte {
	return byte((uint32(v)*uint32(alpha) + 255*(255-uint32(alpha)) + 127) / 255)
}

func onWhite16(v, alpha uint16) uint16 {
	return uint16((uint64(v)*uint64(alpha) + 65535*(65535-uint64(alpha)) + 32767) / 65535)
}

// alphaFlattener returns what lays rows of 8 or 16 bits a sample on white and drops all but the first channels samples
// of a pixel's stored ones. The alpha is the sample behind the channels. With associated alpha the samples have been
// multiplied by it before.
func alphaFlattener(width, channels, bits, stored int, associated bool) func(row []byte) []byte {
	out := make([]byte, width*channels*bits/8)
	if bits == 8 {
		return func(row []byte) []byte {
			for i := range width {
				pixel := row[i*stored:][:stored]
				alpha := pixel[channels]
				for c, v := range pixel[:channels] {
					if associated {
						out[i*channels+c] = byte(min(255, uint32(v)+255-uint32(alpha)))
					} else {
						out[i*channels+c] = onWhite8(v, alpha)
					}
				}
			}
			return out
		}
	}
	return func(row []byte) []byte {
		for i := range width {
			pixel := row[2*i*stored:][:2*stored]
			alpha := binary.BigEndian.Uint16(pixel[2*channels:])
			for c := range channels {
				v := binary.BigEndian.Uint16(pixel[2*c:])
				if associated {
					v = uint16(min(65535, uint32(v)+65535-uint32(alpha)))
				} else {
					v = onWhite16(v, alpha)
				}
				binary.BigEndian.PutUint16(out[2*(i*channels+c):], v)
			}
		}
		return out
	}
}
