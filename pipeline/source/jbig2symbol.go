package source

import (
	"fmt"
	"math/bits"
)

// symbolDictionary decodes the bitmaps of letters that text regions are made of.
func (p *jbig2Page) symbolDictionary(s jbig2Segment) error {
	r := &byteReader{data: s.data}
	flags := r.u16()
	const huffman, aggregate, used = 1, 2, 0x100
	if flags&(huffman|used) != 0 {
		return errJBIG2Other
	}
	template, refinementTemplate := flags>>10&3, flags>>12&1
	at := r.adaptive(len(genericTemplates(template).adaptive))
	var refinementAt []point
	if flags&aggregate != 0 {
		refinementAt = r.adaptive(refinementPoints(refinementTemplate))
	}
	exported, count := r.u32(), r.u32()
	if err := r.err(); err != nil {
		return err
	}
	in := p.referred(s)
	if count > jbig2SymbolsMost || len(in)+count > jbig2SymbolsMost || exported > len(in)+count {
		return fmt.Errorf("%d symbols: %w", count, errJBIG2)
	}
	d := newArith(r.data)
	y := &symbolDecoder{
		page: p, symbols: in, total: len(in) + count, d: d, aggregate: flags&aggregate != 0,
		generic: newGeneric(template, at, false, d, genericContexts()),
		text: textDecoder{
			page: p, d: d, strips: 1, corner: cornerTopLeft, refined: true,
			refinement: refinement{template: refinementTemplate, at: refinementAt, d: d, cx: refinementContexts()},
		},
	}
	y.text.length = bits.Len(uint(max(y.total-1, 0)))
	y.text.ids = make([]arithContext, 2<<y.text.length)
	if err := y.classes(); err != nil {
		return err
	}
	out, err := y.export(exported)
	p.symbols[s.number] = out
	return err
}

// referred lists the symbols of the dictionaries that a segment refers to.
func (p *jbig2Page) referred(s jbig2Segment) []*pixmap {
	var out []*pixmap
	for _, n := range s.refers {
		if len(out)+len(p.symbols[n]) > jbig2SymbolsMost {
			break
		}
		out = append(out, p.symbols[n]...)
	}
	return out
}

// symbolDecoder decodes the symbols of a dictionary, sorted by height.
type symbolDecoder struct {
	page      *jbig2Page
	symbols   []*pixmap // those referred to, then those decoded
	total     int
	d         *arith
	aggregate bool // symbols are made of others
	generic   *generic
	text      textDecoder

	heights, widths, instances, exports integers
}

// classes decodes the symbols, one height after the other.
func (y *symbolDecoder) classes() error {
	height := 0
	for len(y.symbols) < y.total {
		delta, _ := y.d.integer(&y.heights)
		height += delta
		width := 0
		for {
			delta, more := y.d.integer(&y.widths)
			if !more {
				break
			}
			width += delta
			if len(y.symbols) >= y.total || y.d.ended() {
				return fmt.Errorf("more symbols than there are: %w", errJBIG2)
			}
			b, err := y.page.newPixmap(width, height)
			if err == nil {
				err = y.symbol(b)
			}
			if err != nil {
				return err
			}
			y.symbols = append(y.symbols, b)
		}
		if y.d.ended() {
			return errJBIG2Ends
		}
	}
	return nil
}

func (y *symbolDecoder) symbol(b *pixmap) error {
	if !y.aggregate {
		return y.generic.decode(b)
	}
	count, _ := y.d.integer(&y.instances)
	y.text.symbols = y.symbols
	if count != 1 {
		return y.text.decode(b, count)
	}
	id := y.d.identity(y.text.ids, y.text.length)
	dx, _ := y.d.integer(&y.text.moveX)
	dy, _ := y.d.integer(&y.text.moveY)
	if id >= len(y.symbols) {
		return fmt.Errorf("symbol %d of %d: %w", id, len(y.symbols), errJBIG2)
	}
	return y.text.refinement.decode(b, y.symbols[id], dx, dy)
}

// export picks the symbols that text regions may use, given as runs of those left out and taken in.
func (y *symbolDecoder) export(count int) ([]*pixmap, error) {
	var out []*pixmap
	for at, taken := 0, false; at < len(y.symbols); taken = !taken {
		run, ok := y.d.integer(&y.exports)
		if !ok || run < 0 || run > len(y.symbols)-at || y.d.ended() {
			return nil, fmt.Errorf("exported symbols: %w", errJBIG2)
		}
		if taken {
			out = append(out, y.symbols[at:at+run]...)
		}
		at += run
	}
	if len(out) != count {
		return nil, fmt.Errorf("%d symbols exported, not %d: %w", len(out), count, errJBIG2)
	}
	return out, nil
}
