package source

import (
	"bytes"
	"errors"
	"fmt"
)

// pdfFile gives the objects of a PDF by their numbers.
type pdfFile struct {
	data    []byte // the whole file, mapped
	trailer dict
	load    func(number int) (any, error) // one object; nil where there is none
	loaded  map[int]any
	faulty  bool // an object was not where the cross-reference table says
}

// pdfKept is how many objects are kept at hand; a page needs about ten.
const pdfKept = 4096

// pdfChain is how many references lead from one to the next at most.
const pdfChain = 32

// resolve follows references. What can't be had is nil, as PDF wants it.
func (f *pdfFile) resolve(v any) any {
	for range pdfChain {
		r, ok := v.(reference)
		if !ok {
			return v
		}
		v = f.get(r.number)
	}
	return nil
}

func (f *pdfFile) get(number int) any {
	if v, ok := f.loaded[number]; ok {
		return v
	}
	if len(f.loaded) >= pdfKept || f.loaded == nil {
		f.loaded = make(map[int]any, 64)
	}
	f.loaded[number] = nil // for whoever refers to itself
	v, err := f.load(number)
	if err != nil {
		f.faulty = true
		v = nil
	}
	f.loaded[number] = v
	return v
}

func (f *pdfFile) dict(v any) dict {
	switch v := f.resolve(v).(type) {
	case dict:
		return v
	case *stream:
		return v.dict
	}
	return nil
}

func (f *pdfFile) array(v any) array {
	a, _ := f.resolve(v).(array)
	return a
}

func (f *pdfFile) stream(v any) *stream {
	s, _ := f.resolve(v).(*stream)
	return s
}

func (f *pdfFile) name(v any) name {
	n, _ := f.resolve(v).(name)
	return n
}

// int is v as a whole number, or otherwise if it is none.
func (f *pdfFile) int(v any, otherwise int) int {
	switch v := f.resolve(v).(type) {
	case int:
		return v
	case float64:
		if v > -1<<31 && v < 1<<31 {
			return int(v)
		}
	}
	return otherwise
}

func (f *pdfFile) bool(v any) bool {
	b, _ := f.resolve(v).(bool)
	return b
}

// numbers is v as numbers if it is an array of nothing else.
func (f *pdfFile) numbers(v any) []float64 {
	a := f.array(v)
	out := make([]float64, 0, len(a))
	for _, e := range a {
		n, ok := float(f.resolve(e))
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
}

func float(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// readPDF reads the cross-reference table of a PDF that is in order: nothing else is read before it is asked for, so
// that the number of pages costs no memory. What is encrypted, or not in order, is an error, and for pdfcpu to read.
func readPDF(data []byte) (*pdfFile, error) {
	x := &pdfTable{data: data, entries: map[int]pdfEntry{}, visited: map[int]bool{}, packs: map[int]*pdfPack{}}
	if x.base = bytes.Index(data[:min(1024, len(data))], []byte("%PDF-")); x.base < 0 {
		return nil, errPDFSyntax
	}
	if err := x.read(); err != nil {
		return nil, fmt.Errorf("read the cross-reference table: %w", err)
	}
	f := &pdfFile{data: data, trailer: x.trailer, load: x.load}
	if x.trailer["Encrypt"] != nil && !f.onlyAttachmentsEncrypted() {
		return nil, errPDFEncrypted
	}
	if f.dict(f.trailer["Root"]) == nil || f.faulty {
		return nil, errPDFSyntax
	}
	return f, nil
}

// onlyAttachmentsEncrypted reports whether pages and strings are in the clear.
func (f *pdfFile) onlyAttachmentsEncrypted() bool {
	const firstWithFilters = 4
	d := f.dict(f.trailer["Encrypt"])
	identity := func(v any) bool { return v == nil || f.name(v) == "Identity" }
	return f.int(d["V"], 0) >= firstWithFilters && identity(d["StmF"]) && identity(d["StrF"])
}

var errPDFEncrypted = errors.New("encrypted")

// wholePDF reports whether the file ends as a PDF does. What mail and web servers hang on to it is no part of it; objects
// behind the last end are, of an update that was cut off.
func wholePDF(data []byte) bool {
	end := max(bytes.LastIndex(data, []byte("%%EOF")), bytes.LastIndex(data, []byte("startxref")))
	return end >= 0 && !bytes.Contains(data[end:], []byte(" obj"))
}
