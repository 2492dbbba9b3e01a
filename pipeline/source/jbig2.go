package source

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// The segments of JBIG2 (ITU-T T.88) that scanners write. Those in Huffman codes and half-tones are drawn instead.
const (
	jbig2Symbols    = 0
	jbig2Text       = 6 // and 7, the same without loss
	jbig2Generic    = 38
	jbig2Refinement = 42
	jbig2PageInfo   = 48
	jbig2PageEnd    = 49
	jbig2StripeEnd  = 50
	jbig2FileEnd    = 51
	jbig2Extension  = 62
)

var (
	errJBIG2Ends  = errors.New("the JBIG2 data ends")
	errJBIG2      = errors.New("not JBIG2")
	errJBIG2Other = errors.New("a kind of JBIG2 that is not decoded here")
)

// jbig2Most bounds a page decoded to a byte a pixel, and the symbols of one dictionary.
const (
	jbig2Most        = 120_000_000
	jbig2SymbolsMost = 1 << 18
)

// jbig2Segment is a segment's header and data.
type jbig2Segment struct {
	number int
	kind   int
	refers []int
	data   []byte
}

// jbig2Segments splits data. The last segment may be cut off.
func jbig2Segments(data []byte) (segments []jbig2Segment, err error) {
	r := &byteReader{data: data}
	for len(r.data) > 0 {
		s, err := r.segment()
		if err != nil {
			return segments, err
		}
		segments = append(segments, s)
	}
	return segments, nil
}

// byteReader takes numbers off the front of data. Beyond the end they are zero, and short is set.
type byteReader struct {
	data  []byte
	short bool
}

func (r *byteReader) take(n int) []byte {
	if n < 0 || n > len(r.data) {
		r.short = true
		r.data = nil
		return make([]byte, min(max(n, 0), 8))
	}
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *byteReader) u8() int  { return int(r.take(1)[0]) }
func (r *byteReader) i8() int  { return int(int8(r.take(1)[0])) }
func (r *byteReader) u16() int { return int(binary.BigEndian.Uint16(r.take(2))) }
func (r *byteReader) u32() int { return int(binary.BigEndian.Uint32(r.take(4))) }
func (r *byteReader) err() error {
	if r.short {
		return errJBIG2Ends
	}
	return nil
}

func (r *byteReader) segment() (jbig2Segment, error) {
	s := jbig2Segment{number: r.u32()}
	flags := r.u8()
	s.kind = flags & 0x3f
	count := r.u8() >> 5
	const long = 7
	if count == long {
		count = r.short29()
		r.take((count + 8) / 8)
	}
	if count > len(r.data) {
		return s, errJBIG2Ends
	}
	for range count {
		switch {
		case s.number <= 256:
			s.refers = append(s.refers, r.u8())
		case s.number <= 65536:
			s.refers = append(s.refers, r.u16())
		default:
			s.refers = append(s.refers, r.u32())
		}
	}
	if flags&0x40 != 0 {
		r.u32()
	} else {
		r.u8()
	}
	length := r.u32()
	if r.short {
		return s, errJBIG2Ends
	}
	const unknown = 0xffffffff
	if length == unknown || length > len(r.data) {
		length = len(r.data)
	}
	s.data = r.take(length)
	return s, nil
}

// short29 is the rest of a count whose first byte is gone, three bytes of it.
func (r *byteReader) short29() int { return int(r.take(1)[0])<<16 | r.u16() }

// jbig2Page decodes a page.
type jbig2Page struct {
	page    *pixmap
	symbols map[int][]*pixmap // of each dictionary, by segment
	left    int               // pixels that may still be asked for
}

// decodeJBIG2 decodes an embedded stream with its globals. What could be decoded before an error is returned with it.
func decodeJBIG2(data, globals []byte, width, height int) (*pixmap, error) {
	p := &jbig2Page{symbols: map[int][]*pixmap{}, left: jbig2Most}
	var err error
	if p.page, err = p.newPixmap(width, height); err != nil {
		return nil, err
	}
	for _, part := range [2][]byte{globals, data} {
		segments, splitErr := jbig2Segments(part)
		for _, s := range segments {
			if err := p.segment(s); err != nil {
				return p.page, fmt.Errorf("segment %d: %w", s.number, err)
			}
		}
		if splitErr != nil {
			return p.page, splitErr
		}
	}
	return p.page, nil
}

func (p *jbig2Page) segment(s jbig2Segment) error {
	switch s.kind {
	case jbig2Symbols:
		return p.symbolDictionary(s)
	case jbig2Text, jbig2Text + 1:
		return p.textRegion(s)
	case jbig2Generic, jbig2Generic + 1:
		return p.genericRegion(s)
	case jbig2Refinement, jbig2Refinement + 1:
		return p.refinementRegion(s)
	case jbig2PageInfo:
		r := byteReader{data: s.data}
		r.take(16)
		const filled = 4
		if flags := r.u8(); flags&filled != 0 {
			p.page.fill(1)
		}
		return r.err()
	case jbig2PageEnd, jbig2StripeEnd, jbig2FileEnd, jbig2Extension:
		return nil
	}
	return errJBIG2Other
}

// newPixmap makes an empty one while there is memory for it.
func (p *jbig2Page) newPixmap(width, height int) (*pixmap, error) {
	if width < 0 || height < 0 || height > 0 && width > p.left/height {
		return nil, fmt.Errorf("%d by %d pixels: %w", width, height, errJBIG2)
	}
	p.left -= width * height
	return &pixmap{width: width, height: height, pix: make([]byte, width*height)}, nil
}

// jbig2Region is the head of every region's data.
type jbig2Region struct{ width, height, x, y, combine int }

func (r *byteReader) region() jbig2Region {
	g := jbig2Region{width: r.u32(), height: r.u32(), x: r.u32(), y: r.u32()}
	g.combine = r.u8() & 7
	return g
}

// checkJBIG2 refuses what is not decoded here, by the headers of the segments.
func (i *pdfImage) checkJBIG2() {
	if int64(i.width)*int64(i.height) > jbig2Most/2 {
		i.refuse("a JBIG2 image too large to be decoded here")
		return
	}
	if len(i.filters) > 1 {
		return // it is looked at when it is unwrapped
	}
	for _, part := range [2][]byte{i.globals(), i.data} {
		segments, _ := jbig2Segments(part) // what is cut off is found out by decoding
		for _, s := range segments {
			if !s.known() {
				i.refuse("a kind of JBIG2 that is not decoded here")
				return
			}
		}
	}
}

// known reports whether the segment is of a kind that is decoded here.
func (s jbig2Segment) known() bool {
	r := byteReader{data: s.data}
	switch s.kind {
	case jbig2Symbols:
		return r.u16()&1 == 0
	case jbig2Text, jbig2Text + 1:
		r.region()
		return r.u16()&1 == 0
	case jbig2Generic, jbig2Generic + 1:
		r.region()
		const extended = 0x10
		return r.u8()&extended == 0
	case jbig2Refinement, jbig2Refinement + 1:
		return len(s.refers) == 0
	case jbig2PageInfo, jbig2PageEnd, jbig2StripeEnd, jbig2FileEnd, jbig2Extension:
		return true
	}
	return false
}

// globals is the stream of segments that several images share, or nil.
func (i *pdfImage) globals() []byte {
	const most = 16 << 20
	s := i.file.stream(i.parms()["JBIG2Globals"])
	if s == nil {
		return nil
	}
	data, err := i.file.decode(s, most)
	if err != nil {
		return nil
	}
	return data
}

// jbig2Rows decodes the image to samples as PDF's filter gives them: black is 0.
func (i *pdfImage) jbig2Rows(yield func(row []byte) error) error {
	page, err := decodeJBIG2(i.data, i.globals(), i.width, i.height)
	if page == nil {
		return dossier.Reject(dossier.CodeDamaged, "decode JBIG2: %v", err)
	}
	if err != nil && page.blank() {
		return dossier.Reject(dossier.CodeDamaged, "decode JBIG2: %v", err)
	}
	row := make([]byte, (i.width+7)/8)
	for y := range i.height {
		page.pack(row, y)
		if e := yield(row); e != nil {
			return e
		}
	}
	if err != nil {
		return dossier.Reject(dossier.CodeDamaged, "decode JBIG2: %v", err)
	}
	return nil
}
