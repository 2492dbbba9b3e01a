package source

import (
	"bytes"
	"errors"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
)

// The bounds of looking at one page; what asks for more is drawn.
const (
	pdfContentBytes = 32 << 20
	pdfOperators    = 4 << 20
	pdfFormDepth    = 12
	pdfForms        = 2000
	pdfStateDepth   = 512
)

// content finds out what a page paints.
type content struct {
	file      *pdfFile
	page      *pdfPage
	layers    bool // the document has optional content
	state     graphics
	saved     []graphics
	operands  []any
	path      outline
	clips     bool // the current path becomes part of the clip
	bytes     int
	operators int
	forms     int

	beneath bool     // something is painted that an image may still cover
	images  []placed // painted and not covered
	refusal string   // why the page must be drawn, as soon as that is known
}

// graphics is what of the graphics state decides about visibility.
type graphics struct {
	ctm      transform
	clip     rectangle
	clipped  bool // by more than a rectangle
	blended  bool // alpha, blend mode or soft mask
	fill     ink
	space    any // current colour space for filling
	textMode int
}

// ink is what is known of a colour.
type ink int

const (
	inkBlack ink = iota
	inkWhite
	inkOther
)

// placed is an image on the page: its unit square goes through at.
type placed struct {
	object  any // the XObject, as a rule a reference
	at      transform
	stencil bool
}

// look interprets the page's content.
func (f *pdfFile) look(p *pdfPage, layers bool) *content {
	c := &content{file: f, page: p, layers: layers, state: graphics{ctm: transform{1, 0, 0, 1, 0, 0}, clip: p.box}}
	left := pdfForms
	if !f.paintsImages(p.resources, &left) {
		c.refuse("no image")
		return c
	}
	data, ok := c.contents(p.dict["Contents"])
	if !ok {
		c.refuse("a content stream that can't be read, or is too large")
		return c
	}
	c.run(data, p.resources, 0)
	return c
}

func (c *content) refuse(why string) {
	if c.refusal == "" {
		c.refusal = why
	}
}

// paintsImages reports whether there may be an image to be painted: most pages that must be drawn have none. left is
// how many XObjects are looked at.
func (f *pdfFile) paintsImages(resources dict, left *int) bool {
	for _, v := range f.dict(resources["XObject"]) {
		if *left--; *left < 0 {
			return true
		}
		s := f.stream(v)
		if s == nil {
			continue
		}
		switch f.name(s.dict["Subtype"]) {
		case "Image":
			return true
		case "Form":
			if own := f.dict(s.dict["Resources"]); own != nil && f.paintsImages(own, left) {
				return true
			}
		}
	}
	return false
}

// contents joins the page's content streams.
func (c *content) contents(v any) ([]byte, bool) {
	var out []byte
	parts, ok := c.file.resolve(v).(array)
	if !ok {
		parts = array{v}
	}
	for _, part := range parts {
		s := c.file.stream(part)
		if s == nil {
			continue
		}
		data, ok := c.decode(s)
		if !ok {
			return nil, false
		}
		out = append(append(out, data...), '\n')
	}
	return out, true
}

// damagedContent reports whether the page's content does not inflate to what it was: a drawing worker draws what came
// before the damage and says nothing of it. A stream that merely ends early may have lost its checksum only. left is how
// many bytes are looked at.
func (f *pdfFile) damagedContent(p *pdfPage, left *int64) bool {
	parts, ok := f.resolve(p.dict["Contents"]).(array)
	if !ok {
		parts = array{p.dict["Contents"]}
	}
	for _, part := range parts {
		s := f.stream(part)
		if s == nil {
			continue
		}
		if filters := f.filters(s.dict); len(filters) != 1 || filters[0].name != "FlateDecode" {
			continue
		}
		n, err := io.Copy(io.Discard, io.LimitReader(&inflater{raw: s.raw}, *left))
		*left -= n
		var corrupt flate.CorruptInputError
		if errors.As(err, &corrupt) || errors.Is(err, zlib.ErrChecksum) {
			return true
		}
	}
	return false
}

func (c *content) decode(s *stream) ([]byte, bool) {
	data, err := c.file.decode(s, pdfContentBytes-c.bytes)
	c.bytes += len(data)
	return data, err == nil
}

func (c *content) run(data []byte, resources dict, depth int) {
	l := &lexer{data: data}
	depthBefore := len(c.saved)
	c.operands = c.operands[:0]
	for c.refusal == "" {
		v, err := l.next()
		if err != nil {
			break
		}
		op, ok := v.(operator)
		if !ok {
			if len(c.operands) < 512 {
				c.operands = append(c.operands, v)
			}
			continue
		}
		if c.operators++; c.operators > pdfOperators {
			c.refuse("too many operators")
		}
		c.do(op, resources, depth)
		c.operands = c.operands[:0]
	}
	for len(c.saved) > depthBefore {
		c.restore()
	}
}

// do carries out one operator; those that change nothing about visibility do nothing.
func (c *content) do(op operator, resources dict, depth int) {
	switch op {
	case "q":
		if len(c.saved) >= pdfStateDepth {
			c.refuse("graphics states too deep")
			return
		}
		c.saved = append(c.saved, c.state)
	case "Q":
		c.restore()
	case "cm":
		if m, ok := c.transform(); ok {
			c.state.ctm = m.then(c.state.ctm)
		}
	case "gs":
		c.extGState(c.file.dict(c.file.dict(resources["ExtGState"])[c.operandName()]))
	case "Do":
		c.xobject(c.file.dict(resources["XObject"])[c.operandName()], resources, depth)
	case "BI":
		c.refuse("an inline image")
	case "sh":
		c.mark()
	case "BDC", "BMC":
		if len(c.operands) > 0 && c.operands[0] == name("OC") && c.layers {
			c.refuse("optional content")
		}
	case "Tr":
		c.state.textMode = int(c.operand(0))
	case "Tj", "'", "\"", "TJ":
		c.text()
	default:
		if !c.outline(op) {
			c.colour(op, resources)
		}
	}
}

func (c *content) restore() {
	if n := len(c.saved); n > 0 {
		c.state, c.saved = c.saved[n-1], c.saved[:n-1]
	}
}

func (c *content) operand(i int) float64 {
	if i < len(c.operands) {
		v, _ := float(c.operands[i])
		return v
	}
	return 0
}

func (c *content) operandName() name {
	if len(c.operands) == 0 {
		return ""
	}
	n, _ := c.operands[len(c.operands)-1].(name)
	return n
}

func (c *content) transform() (transform, bool) {
	var m transform
	if len(c.operands) != len(m) {
		return m, false
	}
	for i := range m {
		m[i] = c.operand(i)
	}
	return m, true
}

func (c *content) extGState(d dict) {
	f := c.file
	for _, k := range []name{"ca", "CA"} {
		if v, ok := float(f.resolve(d[k])); ok {
			c.state.blended = c.state.blended || v < 1
		}
	}
	if v := f.resolve(d["SMask"]); v != nil && v != name("None") {
		c.state.blended = true
	}
	mode := f.resolve(d["BM"])
	if several, ok := mode.(array); ok && len(several) > 0 {
		mode = f.resolve(several[0])
	}
	if mode != nil && mode != name("Normal") && mode != name("Compatible") {
		c.state.blended = true
	}
}

// mark notes that something other than an image is painted.
func (c *content) mark() {
	if len(c.images) > 0 {
		c.refuse("marks over an image")
	}
	c.beneath = true
}

// text notes what is written. Modes 3 and 7 paint nothing, which is how text layers of old OCR are hidden.
func (c *content) text() {
	const invisible, clipOnly, clipping = 3, 7, 4
	if c.state.textMode >= clipping {
		c.state.clipped = true
	}
	if c.state.textMode == invisible || c.state.textMode == clipOnly {
		return
	}
	for _, v := range c.operands {
		parts, ok := v.(array)
		if !ok {
			parts = array{v}
		}
		for _, part := range parts {
			if s, ok := part.(string); ok && len(bytes.Trim([]byte(s), " \x00")) > 0 {
				c.mark()
				return
			}
		}
	}
}

// xobject paints an image, or what is in a form.
func (c *content) xobject(v any, resources dict, depth int) {
	s := c.file.stream(v)
	if s == nil {
		return
	}
	if s.dict["OC"] != nil && c.layers {
		c.refuse("optional content")
		return
	}
	switch c.file.name(s.dict["Subtype"]) {
	case "Image":
		c.image(v, s)
	case "Form":
		c.form(s, resources, depth)
	}
}

func (c *content) form(s *stream, resources dict, depth int) {
	if c.forms++; depth >= pdfFormDepth || c.forms > pdfForms {
		c.refuse("too many forms, or too deep")
		return
	}
	data, ok := c.decode(s)
	if !ok {
		c.refuse("a form that can't be read, or is too large")
		return
	}
	outside := c.state
	if n := c.file.numbers(s.dict["Matrix"]); len(n) == 6 {
		c.state.ctm = transform(n).then(c.state.ctm)
	}
	if box := c.file.rectangle(s.dict["BBox"]); !box.empty() {
		c.path = outline{}
		c.path.rectangle(c.state.ctm, box)
		c.clip()
	}
	own := c.file.dict(s.dict["Resources"])
	if own == nil {
		own = resources
	}
	c.path = outline{}
	c.run(data, own, depth+1)
	c.state = outside
}
