package whole

import (
	"bytes"
	"encoding/binary"
)

// jpeg follows the segments of an image to its EOI, and those of further images that follow directly, as in an MPO.
// Anything else behind an EOI is junk that some scanners write, and does not matter.
func jpeg(w *window) bool {
	off := int64(0)
	for {
		next, ok := jpegImage(w, off)
		if !ok {
			return false
		}
		if more, _ := w.upTo(next, 3); !bytes.Equal(more, []byte{0xff, 0xd8, 0xff}) {
			return true
		}
		off = next
	}
}

// jpegImage returns the offset behind the EOI of the image at off.
func jpegImage(w *window, off int64) (next int64, ok bool) {
	off += 2
	for {
		marker, ok := w.at(off, 2)
		if !ok || marker[0] != 0xff {
			return 0, false
		}
		switch m := marker[1]; {
		case m == 0xd9: // EOI
			return off + 2, true
		case m == 0xff: // a fill byte
			off++
			continue
		case m == 0x01 || m >= 0xd0 && m <= 0xd7: // TEM, RSTn: no length
			off += 2
			continue
		}
		scan := marker[1] == 0xda
		length, ok := w.number(off+2, 2, binary.BigEndian)
		if !ok || length < 2 {
			return 0, false
		}
		off += 2 + length
		if scan {
			if off, ok = afterScan(w, off); !ok {
				return 0, false
			}
		}
	}
}

// afterScan returns the offset of the marker that ends the entropy-coded data at off. In such data FF is followed by 00, a
// restart marker or another FF.
func afterScan(w *window, off int64) (next int64, ok bool) {
	for {
		b, ok := w.upTo(off, windowSize/2)
		if !ok || len(b) < 2 {
			return 0, false
		}
		i := bytes.IndexByte(b[:len(b)-1], 0xff)
		if i < 0 {
			off += int64(len(b) - 1)
			continue
		}
		switch m := b[i+1]; {
		case m == 0x00 || m >= 0xd0 && m <= 0xd7:
			off += int64(i) + 2
		case m == 0xff:
			off += int64(i) + 1
		default:
			return off + int64(i), true
		}
	}
}
