package whole

import "encoding/binary"

// png follows the chunks to IEND.
func png(w *window) bool {
	off := int64(8)
	for {
		head, ok := w.at(off, 8)
		if !ok {
			return false
		}
		length := int64(binary.BigEndian.Uint32(head))
		for _, c := range head[4:] {
			if c|0x20 < 'a' || c|0x20 > 'z' {
				return false
			}
		}
		if !w.within(off, 12+length) {
			return false
		}
		if string(head[4:]) == "IEND" {
			return true
		}
		off += 12 + length
	}
}

// gif follows the blocks to the trailer.
func gif(w *window) bool {
	head, ok := w.at(0, 13)
	if !ok {
		return false
	}
	off := 13 + colourTable(head[10])
	for {
		introducer, ok := w.u8(off)
		if !ok {
			return false
		}
		switch introducer {
		case 0x3b:
			return true
		case 0x21: // extension: a label, then sub-blocks
			off += 2
		case 0x2c: // image: descriptor, colour table, code size, then sub-blocks
			descriptor, ok := w.at(off, 10)
			if !ok {
				return false
			}
			off += 11 + colourTable(descriptor[9])
		default:
			return false
		}
		if off, ok = afterSubBlocks(w, off); !ok {
			return false
		}
	}
}

func colourTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func afterSubBlocks(w *window, off int64) (next int64, ok bool) {
	for {
		length, ok := w.u8(off)
		if !ok {
			return 0, false
		}
		off += 1 + int64(length)
		if length == 0 {
			return off, true
		}
	}
}

// webp compares the file with the RIFF size.
func webp(w *window) bool {
	length, ok := w.number(4, 4, binary.LittleEndian)
	return ok && length > 4 && w.within(8, length)
}

// bmp compares the file with the size it names, and with what its header makes of it.
func bmp(w *window) bool {
	head, ok := w.at(0, 18)
	if !ok {
		return false
	}
	size, pixels := int64(binary.LittleEndian.Uint32(head[2:])), int64(binary.LittleEndian.Uint32(head[10:]))
	if !w.within(0, size) || !w.within(0, pixels) {
		return false
	}
	var width, height, bits, compression, length int64
	if binary.LittleEndian.Uint32(head[14:]) == 12 {
		info, ok := w.at(18, 8)
		if !ok {
			return false
		}
		width, height = int64(binary.LittleEndian.Uint16(info)), int64(binary.LittleEndian.Uint16(info[2:]))
		bits = int64(binary.LittleEndian.Uint16(info[6:]))
	} else {
		info, ok := w.at(18, 20)
		if !ok {
			return false
		}
		width, height = int64(int32(binary.LittleEndian.Uint32(info))), int64(int32(binary.LittleEndian.Uint32(info[4:])))
		bits, compression = int64(binary.LittleEndian.Uint16(info[10:])), int64(binary.LittleEndian.Uint32(info[12:]))
		length = int64(binary.LittleEndian.Uint32(info[16:]))
	}
	if compression == 0 || compression == 3 || compression == 6 { // none, or with bit masks
		length = (width*bits + 31) / 32 * 4 * max(height, -height)
	}
	return w.within(pixels, length)
}
