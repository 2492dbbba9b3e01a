package source

import "github.com/dossierd/dossierd/dossier"

// runRows decodes run-length coded indices, a byte each, which lie from the bottom up.
func (h *bmpHeader) runRows(yield func([]byte) error) error {
	indices := make([]byte, h.width*h.height)
	fault := h.decodeRuns(indices)
	for y := range h.height {
		if err := yield(indices[y*h.width : (y+1)*h.width]); err != nil {
			return err
		}
	}
	if fault != nil {
		return fault
	}
	return nil
}

// decodeRuns fills in the indices; those that no run names stay 0, as the format has it.
func (h *bmpHeader) decodeRuns(indices []byte) *dossier.Reason {
	const endOfLine, endOfBitmap, move = 0, 1, 2
	truncated := dossier.Reject(dossier.CodeTruncated, "the BMP's runs end early")
	x, y := 0, h.height-1
	set := func(v byte) {
		if x < h.width && y >= 0 {
			indices[y*h.width+x] = v
		}
		x++
	}
	for data := h.pixels; ; {
		if len(data) < 2 {
			return truncated
		}
		count, value := int(data[0]), data[1]
		data = data[2:]
		switch {
		case count > 0:
			for i := range count {
				set(h.index([]byte{value}, i, true))
			}
		case value == endOfLine:
			x, y = 0, y-1
		case value == endOfBitmap:
			return nil
		case value == move:
			if len(data) < 2 {
				return truncated
			}
			x, y = x+int(data[0]), y-int(data[1])
			data = data[2:]
		default:
			size := (int(value)*h.depth + 15) / 16 * 2
			if len(data) < size {
				return truncated
			}
			for i := range int(value) {
				set(h.index(data, i, false))
			}
			data = data[size:]
		}
	}
}

// index is the i-th index of a run: of 8 bits, or of 4 with two in turn where it is repeated.
func (h *bmpHeader) index(data []byte, i int, repeated bool) byte {
	if h.depth == 8 {
		if repeated {
			return data[0]
		}
		return data[i]
	}
	b := data[0]
	if !repeated {
		b = data[i/2]
	}
	if i%2 == 0 {
		return b >> 4
	}
	return b & 15
}
