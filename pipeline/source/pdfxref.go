package source

import (
	"bytes"
	"fmt"
)

// pdfTable is the cross-reference table: where each object is.
type pdfTable struct {
	data    []byte
	base    int // bytes before %PDF-, which offsets do not count
	entries map[int]pdfEntry
	trailer dict
	visited map[int]bool // sections by offset
	packs   map[int]*pdfPack
}

// pdfEntry is an offset, or the place in an object stream. A free object has neither.
type pdfEntry struct {
	offset      int
	pack, index int // number of the object stream, and place in it
	used        bool
}

// The bounds of a file's tables: what more is there was made to be a bomb.
const (
	pdfObjects   = 8_000_000
	pdfSections  = 4096
	pdfPackBytes = 64 << 20
	pdfPacksKept = 16
)

func (x *pdfTable) read() error {
	at := bytes.LastIndex(x.data, []byte("startxref"))
	if at < 0 {
		return fmt.Errorf("no startxref: %w", errPDFSyntax)
	}
	l := lexer{data: x.data, at: at + len("startxref")}
	v, err := l.next()
	offset, ok := v.(int)
	if err != nil || !ok {
		return fmt.Errorf("startxref names no offset: %w", errPDFSyntax)
	}
	for len(x.visited) < pdfSections {
		previous, more, err := x.section(offset)
		if err != nil {
			return err
		}
		if !more {
			return nil
		}
		offset = previous
	}
	return fmt.Errorf("more than %d sections: %w", pdfSections, errPDFSyntax)
}

// section reads one section, the newest first, and says where the one before it is.
func (x *pdfTable) section(offset int) (previous int, more bool, err error) {
	if x.visited[offset] {
		return 0, false, nil
	}
	x.visited[offset] = true
	if offset < 0 || offset+x.base >= len(x.data) {
		return 0, false, fmt.Errorf("section at %d: %w", offset, errPDFEnd)
	}
	l := &lexer{data: x.data, at: offset + x.base, refs: true}
	l.skipSpace()
	var trailer dict
	if bytes.HasPrefix(x.data[l.at:], []byte("xref")) {
		l.at += len("xref")
		trailer, err = x.table(l)
	} else {
		trailer, err = x.crossStream(l.at)
	}
	if err != nil {
		return 0, false, fmt.Errorf("section at %d: %w", offset, err)
	}
	if x.trailer == nil {
		x.trailer = trailer
	}
	if hybrid, ok := trailer["XRefStm"].(int); ok {
		if _, _, err := x.section(hybrid); err != nil {
			return 0, false, err
		}
	}
	switch v := trailer["Prev"].(type) {
	case int:
		return v, true, nil
	case float64:
		return int(v), true, nil
	}
	return 0, false, nil
}

// table reads a section in the old form, up to and with its trailer.
func (x *pdfTable) table(l *lexer) (dict, error) {
	for {
		v, err := l.next()
		if err != nil {
			return nil, err
		}
		if v == operator("trailer") {
			v, err := l.next()
			trailer, ok := v.(dict)
			if err != nil || !ok {
				return nil, errPDFSyntax
			}
			return trailer, nil
		}
		first, ok := v.(int)
		if !ok {
			return nil, errPDFSyntax
		}
		v, err = l.next()
		count, ok := v.(int)
		if err != nil || !ok || first < 0 || count < 0 || first+count > pdfObjects {
			return nil, errPDFSyntax
		}
		for i := range count {
			if err := x.line(l, first+i); err != nil {
				return nil, err
			}
		}
	}
}

func (x *pdfTable) line(l *lexer, number int) error {
	offset, err := l.next()
	if err != nil {
		return err
	}
	if _, err = l.next(); err != nil {
		return err
	}
	kind, err := l.next()
	if err != nil {
		return err
	}
	at, ok := offset.(int)
	if !ok {
		return errPDFSyntax
	}
	switch kind {
	case operator("n"):
		x.enter(number, pdfEntry{offset: at, used: at > 0})
	case operator("f"):
		x.enter(number, pdfEntry{})
	default:
		return errPDFSyntax
	}
	return nil
}

// enter keeps what a newer section has said.
func (x *pdfTable) enter(number int, e pdfEntry) {
	if _, known := x.entries[number]; !known {
		x.entries[number] = e
	}
}

// crossStream reads a section in the form of a stream.
func (x *pdfTable) crossStream(at int) (dict, error) {
	v, _, err := x.objectAt(at)
	if err != nil {
		return nil, err
	}
	s, ok := v.(*stream)
	if !ok || s.dict["Type"] != name("XRef") {
		return nil, errPDFSyntax
	}
	f := &pdfFile{}
	widths := f.numbers(s.dict["W"])
	if len(widths) < 3 {
		return nil, errPDFSyntax
	}
	var w [3]int
	for i := range w {
		if w[i] = int(widths[i]); w[i] < 0 || w[i] > 8 {
			return nil, errPDFSyntax
		}
	}
	size := f.int(s.dict["Size"], 0)
	index := f.numbers(s.dict["Index"])
	if len(index) == 0 {
		index = []float64{0, float64(size)}
	}
	row := w[0] + w[1] + w[2]
	if row == 0 {
		return nil, errPDFSyntax
	}
	data, err := f.decode(s, pdfObjects*8)
	if err != nil {
		return nil, err
	}
	for i := 0; i+1 < len(index); i += 2 {
		first, count := int(index[i]), int(index[i+1])
		if first < 0 || count < 0 || first+count > pdfObjects {
			return nil, errPDFSyntax
		}
		for n := first; n < first+count && len(data) >= row; n++ {
			x.enter(n, crossEntry(data, w))
			data = data[row:]
		}
	}
	return s.dict, nil
}

func crossEntry(row []byte, w [3]int) pdfEntry {
	var fields [3]int
	for i := range fields {
		for _, b := range row[:w[i]] {
			fields[i] = fields[i]<<8 | int(b)
		}
		row = row[w[i]:]
	}
	kind := fields[0]
	if w[0] == 0 {
		kind = 1
	}
	switch kind {
	case 1:
		return pdfEntry{offset: fields[1], used: fields[1] > 0}
	case 2:
		return pdfEntry{pack: fields[1], index: fields[2], used: fields[1] > 0}
	}
	return pdfEntry{}
}

// load reads one object. An object that is free or unknown is nil.
func (x *pdfTable) load(number int) (any, error) {
	e := x.entries[number]
	switch {
	case !e.used:
		return nil, nil
	case e.pack != 0:
		return x.unpack(e.pack, number)
	}
	v, found, err := x.objectAt(e.offset + x.base)
	if err == nil && found != number {
		err = fmt.Errorf("object %d is where %d should be: %w", found, number, errPDFSyntax)
	}
	return v, err
}

// objectAt reads "number generation obj ..." and the stream's bytes where there is one.
func (x *pdfTable) objectAt(at int) (v any, number int, err error) {
	if at < 0 || at >= len(x.data) {
		return nil, 0, errPDFEnd
	}
	l := &lexer{data: x.data, at: at, refs: true}
	head, err := l.next()
	if err != nil {
		return nil, 0, err
	}
	number, ok := head.(int)
	if !ok {
		return nil, 0, errPDFSyntax
	}
	if generation, _ := l.next(); generation == nil {
		return nil, 0, errPDFSyntax
	}
	if word, _ := l.next(); word != operator("obj") {
		return nil, 0, errPDFSyntax
	}
	if v, err = l.next(); err != nil {
		return nil, 0, err
	}
	switch v := v.(type) {
	case operator:
		return nil, number, nil // "1 0 obj endobj"
	case dict:
		l.skipSpace()
		if bytes.HasPrefix(x.data[l.at:], []byte("stream")) {
			raw, err := x.streamBytes(v, l.at+len("stream"))
			return &stream{dict: v, raw: raw}, number, err
		}
	}
	return v, number, nil
}

// streamBytes finds where the stream ends: where its Length says if endstream is there, else at the next endstream.
func (x *pdfTable) streamBytes(d dict, at int) ([]byte, error) {
	if at < len(x.data) && x.data[at] == '\r' {
		at++
	}
	if at < len(x.data) && x.data[at] == '\n' {
		at++
	}
	length := -1
	switch v := d["Length"].(type) {
	case int:
		length = v
	case reference:
		if e := x.entries[v.number]; e.used && e.pack == 0 {
			if n, ok := x.integerAt(e.offset + x.base); ok {
				length = n
			}
		} else if n, err := x.load(v.number); err == nil && e.used {
			length, _ = n.(int)
		}
	}
	if length >= 0 && at+length <= len(x.data) {
		l := lexer{data: x.data[:min(len(x.data), at+length+64)], at: at + length}
		l.skipSpace()
		if bytes.HasPrefix(l.data[l.at:], []byte("endstream")) {
			return x.data[at : at+length], nil
		}
	}
	end := bytes.Index(x.data[at:], []byte("endstream"))
	if end < 0 {
		return nil, errPDFEnd
	}
	return trimEOL(x.data[at : at+end]), nil
}

// integerAt reads an object that is an integer, and no other, lest a length refer to its own stream.
func (x *pdfTable) integerAt(at int) (int, bool) {
	if at < 0 || at >= len(x.data) {
		return 0, false
	}
	l := lexer{data: x.data, at: at}
	for range 3 {
		if _, err := l.next(); err != nil {
			return 0, false
		}
	}
	v, _ := l.next()
	n, ok := v.(int)
	return n, ok
}

func trimEOL(raw []byte) []byte {
	raw = bytes.TrimSuffix(raw, []byte("\n"))
	return bytes.TrimSuffix(raw, []byte("\r"))
}
