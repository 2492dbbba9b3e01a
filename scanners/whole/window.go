package whole

import (
	"encoding/binary"
	"errors"
	"io"
)

const (
	windowSize = 32 << 10
	// refills bounds the reads of one check, beside those that going through the file once takes. A PDF scanner's file of 5,000
	// pages needs a few for each page; what needs more is built to keep us busy.
	refills = 1 << 16
	// accesses bounds the work of one check in the same way.
	accesses = 1 << 22
)

// window reads a file through one buffer. After an error of the reader, or too many reads, every access fails.
type window struct {
	r     io.ReaderAt
	size  int64
	buf   []byte
	start int64 // offset of buf
	fills int64 // refills that may still be made
	steps int64 // accesses that may still be made
	err   error
	errAt int64
}

func newWindow(r io.ReaderAt, size int64) *window {
	return &window{r: r, size: size, buf: make([]byte, 0, windowSize), fills: refills + size/windowSize, steps: accesses + size/8}
}

// at returns the n bytes at off; ok is false where the file does not have them. n is at most windowSize. The bytes are
// good until the next access.
func (w *window) at(off int64, n int) (b []byte, ok bool) {
	w.steps--
	if w.steps < 0 || off < 0 || int64(n) > w.size || off > w.size-int64(n) {
		return nil, false
	}
	if off < w.start || off+int64(n) > w.start+int64(len(w.buf)) {
		if !w.refill(off, n) {
			return nil, false
		}
	}
	i := int(off - w.start)
	return w.buf[i : i+n], true
}

// upTo returns as many of the n bytes at off as the file has.
func (w *window) upTo(off int64, n int) (b []byte, ok bool) {
	return w.at(off, int(max(0, min(int64(n), w.size-off))))
}

func (w *window) refill(off int64, n int) bool {
	w.fills--
	if w.err != nil || w.fills < 0 {
		return false
	}
	b := w.buf[:min(windowSize, w.size-off)]
	got, err := w.r.ReadAt(b, off)
	w.start, w.buf = off, b[:got]
	if got >= n {
		return true
	}
	if err != nil && !errors.Is(err, io.EOF) {
		w.err, w.errAt = err, off
	}
	return false // shorter than it was a moment ago
}

func (w *window) u8(off int64) (byte, bool) {
	b, ok := w.at(off, 1)
	if !ok {
		return 0, false
	}
	return b[0], true
}

// number reads an unsigned number of n bytes: 1, 2, 4 or 8. One that does not fit an int64 is no offset and no length.
func (w *window) number(off int64, n int, order binary.ByteOrder) (int64, bool) {
	b, ok := w.at(off, n)
	if !ok {
		return 0, false
	}
	switch n {
	case 1:
		return int64(b[0]), true
	case 2:
		return int64(order.Uint16(b)), true
	case 4:
		return int64(order.Uint32(b)), true
	default:
		v := order.Uint64(b)
		return int64(v), v < 1<<63
	}
}

// within reports whether the file has the n bytes at off.
func (w *window) within(off, n int64) bool {
	return off >= 0 && n >= 0 && n <= w.size && off <= w.size-n
}
