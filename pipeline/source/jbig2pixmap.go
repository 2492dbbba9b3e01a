package source

// pixmap is a bilevel image with a byte a pixel, 1 is black.
type pixmap struct {
	width, height int
	pix           []byte
}

// at is 0 outside of the image.
func (b *pixmap) at(x, y int) byte {
	if x < 0 || y < 0 || x >= b.width || y >= b.height {
		return 0
	}
	return b.pix[y*b.width+x]
}

// row is nil outside of the image.
func (b *pixmap) row(y int) []byte {
	if y < 0 || y >= b.height {
		return nil
	}
	return b.pix[y*b.width : (y+1)*b.width]
}

func (b *pixmap) fill(v byte) {
	for i := range b.pix {
		b.pix[i] = v
	}
}

func (b *pixmap) blank() bool {
	for _, v := range b.pix {
		if v != 0 {
			return false
		}
	}
	return true
}

// pack writes row y as PDF's samples: eight a byte, black is 0.
func (b *pixmap) pack(out []byte, y int) {
	for i := range out {
		out[i] = 0xff
	}
	for x, v := range b.row(y) {
		if v != 0 {
			out[x/8] &^= 0x80 >> (x % 8)
		}
	}
}

// How a bitmap is laid on another.
const (
	combineOr = iota
	combineAnd
	combineXor
	combineXnor
	combineReplace
)

// lay combines o into b with its upper left corner at (x, y).
func (b *pixmap) lay(o *pixmap, x, y, how int) {
	first, last := max(0, -x), min(o.width, b.width-x)
	if first >= last {
		return
	}
	for oy := range o.height {
		to := b.row(y + oy)
		if to == nil {
			continue
		}
		from := o.row(oy)[first:last]
		to = to[x+first : x+last]
		switch how {
		case combineOr:
			for i, v := range from {
				to[i] |= v
			}
		case combineAnd:
			for i, v := range from {
				to[i] &= v
			}
		case combineXor:
			for i, v := range from {
				to[i] ^= v
			}
		case combineXnor:
			for i, v := range from {
				to[i] = to[i] ^ v ^ 1
			}
		default:
			copy(to, from)
		}
	}
}
