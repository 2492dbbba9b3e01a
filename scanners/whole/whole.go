// Package whole tells whether a file that is being delivered has arrived in full, as far as its own format says.
//
// It runs in the daemon, on bytes that nobody has checked, so it follows offsets and lengths only, decodes nothing, keeps
// one small window of the file in memory and gives up after a bounded number of reads. Whether the file is any good
// is for the page worker to say; how long to wait for the rest of it, for package scanners.
//
// Every prefix of a sample of each format is shown to be incomplete, and a fuzz target looks for inputs it cannot bear.
package whole

import (
	"bytes"
	"fmt"
	"io"
)

// Verdict is what a format says about a file's end.
type Verdict int

// The verdicts.
const (
	// Unknown: no format known here, so its end can't be told.
	Unknown Verdict = iota
	// Incomplete: something that the file promises is not there, or the file is empty.
	Incomplete
	// Whole: everything that the file promises lies within it.
	Whole
)

func (v Verdict) String() string {
	return [...]string{"unknown", "incomplete", "whole"}[v]
}

// formats in the order in which they are tried on a file's first bytes.
func formats() []format {
	return []format{
		{"\xff\xd8", 0, jpeg},
		{"\x89PNG\r\n\x1a\n", 0, png},
		{"II*\x00", 0, tiff},
		{"MM\x00*", 0, tiff},
		{"II+\x00", 0, tiff},
		{"MM\x00+", 0, tiff},
		{"GIF8", 0, gif},
		{"WEBP", 8, webp},
		{"BM", 0, bmp},
		{"\x00\x00\x00\x0cjP  \r\n\x87\n", 0, jp2},
		{"\xff\x4f\xff\x51", 0, codestream},
	}
}

// format is a way of finding the end of files with certain bytes at offset at.
type format struct {
	magic string
	at    int
	check func(*window) bool
}

// Check looks at the first size bytes of r. The error is r's own, never io.EOF: a file that ends before its format does
// is Incomplete.
func Check(r io.ReaderAt, size int64) (Verdict, error) {
	w := newWindow(r, size)
	verdict := w.verdict()
	if w.err != nil {
		return Unknown, fmt.Errorf("read at %d: %w", w.errAt, w.err)
	}
	return verdict, nil
}

func (w *window) verdict() Verdict {
	head, _ := w.upTo(0, 1024)
	if len(bytes.Trim(head, "\x00")) == 0 {
		return Incomplete // empty, or a place kept free for bytes to come
	}
	for _, f := range formats() {
		if len(head) >= f.at+len(f.magic) && string(head[f.at:f.at+len(f.magic)]) == f.magic {
			return told(f.check(w))
		}
	}
	if i := bytes.Index(head, []byte("%PDF-")); i >= 0 {
		return told(pdf(w, int64(i)))
	}
	return Unknown
}

func told(whole bool) Verdict {
	if whole {
		return Whole
	}
	return Incomplete
}
