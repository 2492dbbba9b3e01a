package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/zlib"

	"github.com/dossierd/dossierd/dossier"
)

// samples describes the PNG's picture, with transparency laid on white.
func (h *pngHeader) samples() *samples {
	s := &samples{width: h.width, height: h.height, channels: 1, bits: h.bits, palette: h.palette, icc: h.icc}
	if h.colour == pngRGB || h.colour == pngRGBA {
		s.channels = 3
	}
	s.rows = func(yield func([]byte) error) error {
		flatten := h.flattener()
		each := func(row []byte) error { return yield(flatten(row)) }
		if h.interlaced {
			return h.interlacedRows(each, s.white())
		}
		return h.plainRows(each)
	}
	return s
}

// pngStream reads filtered rows.
type pngStream struct {
	zlib     io.Reader
	distance int
	depth    int // bits a pixel
}

func (h *pngHeader) stream() (*pngStream, error) {
	pieces := append([][]byte(nil), h.idat...)
	r, err := zlib.NewReader(&chunks{rest: pieces})
	if err != nil {
		return nil, pngFault(err)
	}
	depth := h.stored() * h.bits
	return &pngStream{zlib: r, distance: max(1, depth/8), depth: depth}, nil
}

// next reads a row into line, which begins with a byte for the filter; previous is the row above, without.
func (s *pngStream) next(line, previous []byte) error {
	if _, err := io.ReadFull(s.zlib, line); err != nil {
		return pngFault(err)
	}
	if !unfilter(line[0], line[1:], previous, s.distance) {
		return dossier.Reject(dossier.CodeDamaged, "the PNG has a row of filter %d", line[0])
	}
	return nil
}

// finish reads to the end of the stream, where its checksum is.
func (s *pngStream) finish() error {
	var more [1]byte
	switch _, err := io.ReadFull(s.zlib, more[:]); {
	case err == nil:
		return dossier.Reject(dossier.CodeDamaged, "the PNG has more pixels than its header says")
	case errors.Is(err, io.EOF):
		return nil
	default:
		return pngFault(err)
	}
}

func pngFault(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return dossier.Reject(dossier.CodeTruncated, "the PNG's pixels end early")
	}
	return dossier.Reject(dossier.CodeDamaged, "inflate the PNG: %v", err)
}

func (h *pngHeader) plainRows(yield func([]byte) error) error {
	stream, err := h.stream()
	if err != nil {
		return err
	}
	size := (h.width*stream.depth + 7) / 8
	line, above := make([]byte, 1+size), make([]byte, 1+size)
	for range h.height {
		if err := stream.next(line, above[1:]); err != nil {
			return err
		}
		line, above = above, line
		// The row is the predictor of the next one, so the caller gets it as what it is now: above.
		if err := yield(above[1:]); err != nil {
			return err
		}
	}
	return stream.finish()
}

// interlacedRows gathers the seven passes in memory first. Pixels that no pass has are white.
func (h *pngHeader) interlacedRows(yield func([]byte) error, white byte) error {
	stream, err := h.stream()
	if err != nil {
		return err
	}
	stride := (h.width*stream.depth + 7) / 8
	picture := bytes.Repeat([]byte{white}, stride*h.height)
	rows, fault := h.gather(stream, picture, stride)
	if rows == 0 {
		return fault
	}
	for y := range h.height {
		if err := yield(picture[y*stride : (y+1)*stride]); err != nil {
			return err
		}
	}
	return fault
}

// gather reads the passes of Adam7, each a smaller picture of every dx-th pixel of every dy-th row. rows is
// how many rows of passes there are.
func (h *pngHeader) gather(stream *pngStream, picture []byte, stride int) (rows int, err error) {
	passes := [7]struct{ x, y, dx, dy int }{
		{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2},
	}
	for _, p := range passes {
		width := (h.width - p.x + p.dx - 1) / p.dx
		if width <= 0 {
			continue
		}
		size := (width*stream.depth + 7) / 8
		line, above := make([]byte, 1+size), make([]byte, 1+size)
		for y := p.y; y < h.height; y += p.dy {
			if err := stream.next(line, above[1:]); err != nil {
				return rows, err
			}
			rows++
			scatter(picture[y*stride:(y+1)*stride], line[1:], p.x, p.dx, width, stream.depth)
			line, above = above, line
		}
	}
	return rows, stream.finish()
}

// scatter puts the pixels of a pass's row where they belong.
func scatter(to, from []byte, x, dx, width, depth int) {
	if depth >= 8 {
		n := depth / 8
		for i := range width {
			copy(to[(x+i*dx)*n:][:n], from[i*n:])
		}
		return
	}
	mask := byte(1)<<depth - 1
	for i := range width {
		bit, target := i*depth, (x+i*dx)*depth
		v := from[bit/8] >> (8 - depth - bit%8) & mask
		shift := 8 - depth - target%8
		to[target/8] = to[target/8]&^(mask<<shift) | v<<shift
	}
}

// flattener returns what lays a row on white.
func (h *pngHeader) flattener() func(row []byte) []byte {
	switch {
	case h.colour == pngGreyAlpha || h.colour == pngRGBA:
		return alphaFlattener(h.width, h.stored()-1, h.bits, h.stored(), false)
	case h.transparent != nil && h.colour != pngPalette:
		return h.keyFlattener()
	}
	return func(row []byte) []byte { return row }
}

// keyFlattener makes the one transparent colour white.
func (h *pngHeader) keyFlattener() func(row []byte) []byte {
	channels := h.stored()
	if len(h.transparent) != 2*channels {
		return func(row []byte) []byte { return row }
	}
	out := make([]byte, (h.width*channels*h.bits+7)/8)
	if h.bits < 8 {
		key, mask := h.transparent[1], byte(1)<<h.bits-1
		return func(row []byte) []byte {
			copy(out, row)
			for i := range h.width {
				shift := 8 - h.bits - i*h.bits%8
				if at := i * h.bits / 8; row[at]>>shift&mask == key {
					out[at] |= mask << shift
				}
			}
			return out
		}
	}
	size := channels * h.bits / 8
	key := make([]byte, 0, size)
	for c := range channels {
		v := binary.BigEndian.Uint16(h.transparent[2*c:])
		if h.bits == 16 {
			key = append(key, byte(v>>8))
		}
		key = append(key, byte(v))
	}
	return func(row []byte) []byte {
		copy(out, row)
		for at := 0; at < len(out); at += size {
			if string(out[at:at+size]) == string(key) {
				for i := range size {
					out[at+i] = 0xff
				}
			}
		}
		return out
	}
}
