package source

import (
	"fmt"
	"math/bits"
)

// The corner of a symbol that its position names.
const (
	cornerBottomLeft = iota
	cornerTopLeft
	cornerBottomRight
	cornerTopRight
)

// textDecoder places symbols along strips.
type textDecoder struct {
	page       *jbig2Page
	d          *arith
	symbols    []*pixmap
	ids        []arithContext
	length     int // bits of a symbol's number
	strips     int // rows of a strip
	corner     int
	transposed bool
	combine    int
	offset     int // added to every distance
	refined    bool
	refinement refinement

	strip, first, next, within, refines integers
	moreWidth, moreHeight, moveX, moveY integers
}

// textRegion decodes an immediate text region onto the page.
func (p *jbig2Page) textRegion(s jbig2Segment) error {
	r := &byteReader{data: s.data}
	region := r.region()
	flags := r.u16()
	const huffman, refined, filled = 1, 2, 0x200
	if flags&huffman != 0 {
		return errJBIG2Other
	}
	t := &textDecoder{
		page: p, symbols: p.referred(s), strips: 1 << (flags >> 2 & 3), corner: flags >> 4 & 3, transposed: flags&0x40 != 0,
		combine: flags >> 7 & 3, offset: int(int8(flags>>10<<3)) >> 3, refined: flags&refined != 0,
	}
	t.refinement.template = flags >> 15 & 1
	if t.refined {
		t.refinement.at = r.adaptive(refinementPoints(t.refinement.template))
	}
	count := r.u32()
	if err := r.err(); err != nil {
		return err
	}
	t.length = bits.Len(uint(max(len(t.symbols)-1, 0)))
	t.ids = make([]arithContext, 2<<t.length)
	t.d = newArith(r.data)
	t.refinement.d, t.refinement.cx = t.d, refinementContexts()
	b, err := p.newPixmap(region.width, region.height)
	if err != nil {
		return err
	}
	if flags&filled != 0 {
		b.fill(1)
	}
	err = t.decode(b, count)
	p.page.lay(b, region.x, region.y, region.combine)
	p.left += region.width * region.height
	return err
}

// decode lays count symbols into b.
func (t *textDecoder) decode(b *pixmap, count int) error {
	start, _ := t.d.integer(&t.strip)
	row, firstS := -start*t.strips, 0
	for done := 0; done < count; {
		delta, _ := t.d.integer(&t.strip)
		row += delta * t.strips
		delta, _ = t.d.integer(&t.first)
		firstS += delta
		for s := firstS; ; {
			if t.d.ended() {
				return errJBIG2Ends
			}
			used, err := t.instance(b, s, row)
			if err != nil {
				return err
			}
			done++
			delta, more := t.d.integer(&t.next)
			if !more {
				break
			}
			s += used + delta + t.offset
			if done >= count {
				return fmt.Errorf("more than %d symbols in a text region: %w", count, errJBIG2)
			}
		}
	}
	return nil
}

// instance lays one symbol and returns how far it reaches along the strip.
func (t *textDecoder) instance(b *pixmap, s, row int) (used int, err error) {
	if t.strips > 1 {
		within, _ := t.d.integer(&t.within)
		row += within
	}
	id := t.d.identity(t.ids, t.length)
	if id >= len(t.symbols) {
		return 0, fmt.Errorf("symbol %d of %d: %w", id, len(t.symbols), errJBIG2)
	}
	symbol := t.symbols[id]
	if t.refined {
		if symbol, err = t.refine(symbol); err != nil {
			return 0, err
		}
	}
	w, h := symbol.width, symbol.height
	along := w - 1
	if t.transposed {
		along = h - 1
	}
	x, y := s, row
	if t.transposed {
		x, y = row, s
	}
	right := t.corner == cornerTopRight || t.corner == cornerBottomRight
	bottom := t.corner == cornerBottomLeft || t.corner == cornerBottomRight
	// A symbol named by the far corner along the strip is laid before the position moves, which comes to the same as
	// beginning at s.
	if right && t.transposed {
		x -= w - 1
	}
	if bottom && !t.transposed {
		y -= h - 1
	}
	b.lay(symbol, x, y, t.combine)
	return along, nil
}

// refine decodes a symbol anew where the region says so.
func (t *textDecoder) refine(symbol *pixmap) (*pixmap, error) {
	if again, _ := t.d.integer(&t.refines); again == 0 {
		return symbol, nil
	}
	dw, _ := t.d.integer(&t.moreWidth)
	dh, _ := t.d.integer(&t.moreHeight)
	dx, _ := t.d.integer(&t.moveX)
	dy, _ := t.d.integer(&t.moveY)
	b, err := t.page.newPixmap(symbol.width+dw, symbol.height+dh)
	if err != nil {
		return nil, err
	}
	return b, t.refinement.decode(b, symbol, dw>>1+dx, dh>>1+dy)
}
