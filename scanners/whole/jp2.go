package whole

import "encoding/binary"

// jp2 follows the boxes. The codestream's may reach to the end of the file without saying its length; then it must end
// with its own end marker.
func jp2(w *window) bool {
	off, found := int64(0), false
	for off < w.size {
		head, ok := w.at(off, 8)
		if !ok {
			return false
		}
		length, image := int64(binary.BigEndian.Uint32(head)), string(head[4:]) == "jp2c"
		contents := off + 8
		switch length {
		case 0:
			return found || image && codestreamAt(w, contents)
		case 1:
			if length, ok = w.number(off+8, 8, binary.BigEndian); !ok {
				return false
			}
			contents += 8
		}
		if length < contents-off || !w.within(off, length) {
			return false
		}
		found = found || image
		off += length
	}
	return found
}

func codestream(w *window) bool { return codestreamAt(w, 0) }

// codestreamAt follows the main header and the tile-parts of the JPEG 2000 codestream at off to its EOC.
func codestreamAt(w *window, off int64) bool {
	off += 2 // SOC
	for {
		marker, ok := w.at(off, 2)
		if !ok || marker[0] != 0xff {
			return false
		}
		switch marker[1] {
		case 0xd9: // EOC
			return true
		case 0x90: // SOT: its tile-part's length covers everything up to the next
			length, ok := w.number(off+6, 4, binary.BigEndian)
			if ok && length == 0 { // the last one, to the end of the file
				end, ok := w.at(w.size-2, 2)
				return ok && end[0] == 0xff && end[1] == 0xd9
			}
			if !ok || length < 14 {
				return false
			}
			off += length
		default:
			length, ok := w.number(off+2, 2, binary.BigEndian)
			if !ok || length < 2 {
				return false
			}
			off += 2 + length
		}
	}
}
