package source

import (
	"bytes"
	stdlzw "compress/lzw"
	"encoding/ascii85"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zlib"
	"golang.org/x/image/tiff/lzw"
)

// errPDFTooLarge says that a stream decodes to more than it may.
var errPDFTooLarge = errors.New("decodes to more than it may")

// filter is one step of a stream's decoding.
type filter struct {
	name  name
	parms dict
}

// filters lists a stream's filters in the order in which they are undone, by their long names.
func (f *pdfFile) filters(d dict) []filter {
	names, ok := f.resolve(first(d, "Filter", "F")).(array)
	if !ok {
		if n := f.name(first(d, "Filter", "F")); n != "" {
			names = array{n}
		}
	}
	parms, several := f.resolve(first(d, "DecodeParms", "DP")).(array)
	var out []filter
	for i, v := range names {
		step := filter{name: longFilter(f.name(v))}
		switch {
		case several && i < len(parms):
			step.parms = f.dict(parms[i])
		case !several && i == 0:
			step.parms = f.dict(first(d, "DecodeParms", "DP"))
		}
		if step.name != "Crypt" {
			out = append(out, step)
		}
	}
	return out
}

// first is the value of the first key that is there.
func first(d dict, keys ...name) any {
	for _, k := range keys {
		if v, ok := d[k]; ok {
			return v
		}
	}
	return nil
}

func longFilter(n name) name {
	switch n {
	case "AHx":
		return "ASCIIHexDecode"
	case "A85":
		return "ASCII85Decode"
	case "LZW":
		return "LZWDecode"
	case "Fl":
		return "FlateDecode"
	case "RL":
		return "RunLengthDecode"
	case "CCF":
		return "CCITTFaxDecode"
	case "DCT":
		return "DCTDecode"
	}
	return n
}

// decode undoes all filters of a stream that is no image, and returns at most limit bytes; what is there of a stream
// that ends early counts.
func (f *pdfFile) decode(s *stream, limit int) ([]byte, error) {
	filters := f.filters(s.dict)
	data, rest, err := f.unwrap(s.raw, filters, limit)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("filter %s: %w", rest[0].name, errPDFSyntax)
	}
	return data, err
}

// unwrap undoes filters from the outside until one that codes pictures, and returns that and those behind it.
func (f *pdfFile) unwrap(raw []byte, filters []filter, limit int) ([]byte, []filter, error) {
	const most = 8
	if len(filters) > most {
		return nil, nil, fmt.Errorf("%d filters: %w", len(filters), errPDFSyntax)
	}
	for i, step := range filters {
		r, ok := f.reader(raw, step)
		if !ok {
			return raw, filters[i:], nil
		}
		var err error
		if raw, err = readAtMost(r, limit); err != nil {
			return nil, nil, err
		}
	}
	return raw, nil, nil
}

// readAtMost returns what can be read before r fails; only too much of it is an error.
func readAtMost(r io.Reader, limit int) ([]byte, error) {
	var out bytes.Buffer
	n, _ := io.Copy(&out, io.LimitReader(r, int64(limit)+1)) // broken data: what came before it
	if n > int64(limit) {
		return nil, errPDFTooLarge
	}
	return out.Bytes(), nil
}

// reader undoes one filter; false for those that code pictures and those unknown.
func (f *pdfFile) reader(raw []byte, step filter) (io.Reader, bool) {
	var r io.Reader
	switch step.name {
	case "FlateDecode":
		r = &inflater{raw: raw}
	case "LZWDecode":
		if f.int(step.parms["EarlyChange"], 1) == 0 {
			r = stdlzw.NewReader(bytes.NewReader(raw), stdlzw.MSB, 8)
		} else {
			r = lzw.NewReader(bytes.NewReader(raw), lzw.MSB, 8)
		}
	case "ASCII85Decode":
		raw, _, _ = bytes.Cut(bytes.TrimPrefix(bytes.TrimSpace(raw), []byte("<~")), []byte("~"))
		return ascii85.NewDecoder(bytes.NewReader(raw)), true
	case "ASCIIHexDecode":
		l := lexer{data: append(append([]byte("<"), raw...), '>')}
		s, _ := l.hex()
		text, _ := s.(string)
		return bytes.NewReader([]byte(text)), true
	case "RunLengthDecode":
		return &runLength{raw: raw}, true
	default:
		return nil, false
	}
	if p := f.predictor(step.parms); p.kind > 1 {
		return p.reader(r), true
	}
	return r, true
}

// inflater begins to read a zlib stream when it is asked to, so that a broken header is an error like any other.
type inflater struct {
	raw []byte
	r   io.Reader
}

func (i *inflater) Read(p []byte) (int, error) {
	if i.r == nil {
		r, err := zlib.NewReader(bytes.NewReader(i.raw))
		if err != nil {
			return 0, fmt.Errorf("inflate: %w", err)
		}
		i.r = r
	}
	return i.r.Read(p)
}

// runLength undoes RunLengthDecode.
type runLength struct {
	raw     []byte
	pending []byte
}

func (r *runLength) Read(p []byte) (int, error) {
	for len(r.pending) == 0 {
		if len(r.raw) < 2 || r.raw[0] == 128 {
			return 0, io.EOF
		}
		n := int(r.raw[0])
		if n < 128 {
			end := min(n+2, len(r.raw))
			r.pending, r.raw = r.raw[1:end], r.raw[end:]
		} else {
			r.pending, r.raw = bytes.Repeat(r.raw[1:2], 257-n), r.raw[2:]
		}
	}
	n := copy(p, r.pending)
	r.pending = r.pending[n:]
	return n, nil
}

// pdfPredictor is how rows were filtered before they were compressed.
type pdfPredictor struct{ kind, colors, bits, columns int }

func (f *pdfFile) predictor(parms dict) pdfPredictor {
	return pdfPredictor{
		kind: f.int(parms["Predictor"], 1), colors: f.int(parms["Colors"], 1), bits: f.int(parms["BitsPerComponent"], 8),
		columns: f.int(parms["Columns"], 1),
	}
}

// png reports whether each row carries the type of its own PNG filter.
func (p pdfPredictor) png() bool { return p.kind >= 10 && p.kind <= 15 }

func (p pdfPredictor) reader(r io.Reader) io.Reader {
	const widest = 1 << 20
	ok := p.colors >= 1 && p.colors <= 32 && p.columns >= 1 && p.columns <= widest && (p.png() || p.kind == 2)
	switch p.bits {
	case 1, 2, 4, 8, 16:
	default:
		ok = false
	}
	if !ok {
		return bytes.NewReader(nil)
	}
	stride := (p.colors*p.bits*p.columns + 7) / 8
	return &unpredictor{r: r, p: p, row: make([]byte, stride), previous: make([]byte, stride)}
}

// unpredictor undoes a predictor row by row.
type unpredictor struct {
	r             io.Reader
	p             pdfPredictor
	row, previous []byte
	pending       []byte
}

func (u *unpredictor) Read(p []byte) (int, error) {
	if len(u.pending) == 0 {
		u.row, u.previous = u.previous, u.row
		if err := u.next(); err != nil {
			return 0, err
		}
		u.pending = u.row
	}
	n := copy(p, u.pending)
	u.pending = u.pending[n:]
	return n, nil
}

func (u *unpredictor) next() error {
	var kind [1]byte
	if u.p.png() {
		if _, err := io.ReadFull(u.r, kind[:]); err != nil {
			return err
		}
	}
	if n, err := io.ReadFull(u.r, u.row); n == 0 {
		return err
	}
	if u.p.png() {
		if !unfilter(kind[0], u.row, u.previous, max(1, u.p.colors*u.p.bits/8)) {
			return fmt.Errorf("PNG filter %d: %w", kind[0], errPDFSyntax)
		}
		return nil
	}
	u.differences()
	return nil
}

// differences undoes TIFF's predictor 2.
func (u *unpredictor) differences() {
	n := u.p.colors
	switch u.p.bits {
	case 8:
		for i := n; i < len(u.row); i++ {
			u.row[i] += u.row[i-n]
		}
	case 16:
		for i := 2 * n; i+1 < len(u.row); i += 2 {
			v := uint16(u.row[i])<<8 + uint16(u.row[i+1]) + uint16(u.row[i-2*n])<<8 + uint16(u.row[i-2*n+1])
			u.row[i], u.row[i+1] = byte(v>>8), byte(v)
		}
	default:
		mask := 1<<u.p.bits - 1
		get := func(i int) int { return int(u.row[i*u.p.bits/8]) >> (8 - u.p.bits - i*u.p.bits%8) & mask }
		for i := n; i < n*u.p.columns; i++ {
			shift := 8 - u.p.bits - i*u.p.bits%8
			v := (get(i) + get(i-n)) & mask
			at := i * u.p.bits / 8
			u.row[at] = u.row[at]&^byte(mask<<shift) | byte(v<<shift)
		}
	}
}
