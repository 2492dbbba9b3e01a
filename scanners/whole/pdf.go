package whole

import (
	"bytes"
	"strconv"
)

const (
	pdfTail  = 16 << 10 // where the last startxref and %%EOF are looked for
	nearXref = 32       // bytes by which startxref may miss; readers bear it and some scanners need it
)

// pdf looks at the end of the file, %PDF- of which stands at start: the last startxref must lead to a cross-reference,
// %%EOF must follow it, and no object may follow that. A linearised file carries a first %%EOF near its start, and its
// own length.
func pdf(w *window, start int64) bool {
	head, _ := w.upTo(start, 1024)
	if length, ok := numberAfter(head, "/L "); ok && bytes.Contains(head, []byte("/Linearized")) && !w.within(start, length) {
		return false
	}
	tail, ok := w.upTo(max(0, w.size-pdfTail), pdfTail)
	if !ok {
		return false
	}
	i := bytes.LastIndex(tail, []byte("startxref"))
	if i < 0 {
		return false
	}
	tail = tail[i:]
	end := bytes.Index(tail, []byte("%%EOF"))
	xref, ok := numberAfter(tail, "startxref")
	if end < 0 || !ok || bytes.Contains(tail[end:], []byte(" obj")) {
		return false
	}
	return xrefNear(w, xref) || xrefNear(w, start+xref)
}

// xrefNear reports whether a cross-reference table or stream begins at off, or as near as readers look for it.
func xrefNear(w *window, off int64) bool {
	if off <= 0 {
		return false
	}
	b, ok := w.upTo(max(0, off-nearXref), 2*nearXref)
	return ok && (bytes.Contains(b, []byte("xref")) || bytes.Contains(b, []byte(" obj")))
}

// numberAfter reads the number that follows key and white space.
func numberAfter(b []byte, key string) (n int64, ok bool) {
	i := bytes.Index(b, []byte(key))
	if i < 0 {
		return 0, false
	}
	b = bytes.TrimLeft(b[i+len(key):], " \t\r\n\f\x00")
	digits := 0
	for digits < len(b) && b[digits] >= '0' && b[digits] <= '9' {
		digits++
	}
	n, err := strconv.ParseInt(string(b[:digits]), 10, 64)
	return n, err == nil
}
