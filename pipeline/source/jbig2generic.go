package source

import "errors"

// point is where an adaptive pixel of a template lies, seen from the pixel that is decoded.
type point struct{ x, y int }

// genericTemplate says which pixels above and to the left predict one: those of the row two above from -left2 to
// +right2, of the row above from -left1 to +right1, and so many before it. Contexts count them in this order, the
// last pixel lowest. Adaptive pixels have the bits of where they usually lie.
type genericTemplate struct {
	left2, right2 int // right2 < -left2 where the row has none
	left1, right1 int
	before        int
	adaptive      []point
	bits          []int
	typical       int // the context in which a row is said to be like the one above
}

func genericTemplates(i int) genericTemplate {
	return [4]genericTemplate{
		{2, 2, 3, 3, 4, []point{{3, -1}, {-3, -1}, {2, -2}, {-2, -2}}, []int{4, 10, 11, 15}, 0x9b25},
		{1, 2, 2, 3, 3, []point{{3, -1}}, []int{3}, 0x0795},
		{1, 1, 2, 2, 2, []point{{2, -1}}, []int{2}, 0x00e5},
		{0, -1, 3, 2, 4, []point{{2, -1}}, []int{4}, 0x0195},
	}[i]
}

// genericRegion is a region coded pixel by pixel.
type generic struct {
	genericTemplate
	moved   []int // adaptive pixels that are not in their usual place
	at      []point
	typical bool
	d       *arith
	cx      []arithContext
}

// adaptive reads where a template's adaptive pixels lie.
func (r *byteReader) adaptive(n int) []point {
	out := make([]point, n)
	for i := range out {
		out[i] = point{r.i8(), r.i8()}
	}
	return out
}

func newGeneric(template int, at []point, typical bool, d *arith, cx []arithContext) *generic {
	g := &generic{genericTemplate: genericTemplates(template), at: at, typical: typical, d: d, cx: cx}
	for i, p := range at {
		if p != g.adaptive[i] {
			g.moved = append(g.moved, i)
		}
	}
	return g
}

func genericContexts() []arithContext { return make([]arithContext, 1<<16) }

// decode fills b. Where the data ends early the rest stays white.
func (g *generic) decode(b *pixmap) error {
	like := false
	for y := range b.height {
		if g.d.ended() {
			return errJBIG2Ends
		}
		if g.typical && g.d.bit(&g.cx[g.genericTemplate.typical]) == 1 {
			like = !like
		}
		if like {
			copy(b.row(y), b.row(y-1))
			continue
		}
		g.line(b, y)
	}
	return nil
}

func (g *generic) line(b *pixmap, y int) {
	above2, above1, row := b.row(y-2), b.row(y-1), b.row(y)
	width2, width1 := g.left2+g.right2+1, g.left1+g.right1+1
	mask2, mask1, mask0 := 1<<width2-1, 1<<width1-1, 1<<g.before-1
	var w2, w1, w0 int
	for x := range g.right2 {
		w2 = w2<<1 | pixel(above2, x)
	}
	for x := range g.right1 {
		w1 = w1<<1 | pixel(above1, x)
	}
	for x := range row {
		if width2 > 0 {
			w2 = (w2<<1 | pixel(above2, x+g.right2)) & mask2
		}
		w1 = (w1<<1 | pixel(above1, x+g.right1)) & mask1
		context := w2<<(width1+g.before) | w1<<g.before | w0
		for _, i := range g.moved {
			bit := g.genericTemplate.bits[i]
			context = context&^(1<<bit) | int(b.at(x+g.at[i].x, y+g.at[i].y))<<bit
		}
		v := g.d.bit(&g.cx[context])
		row[x] = v
		w0 = (w0<<1 | int(v)) & mask0
	}
}

func pixel(row []byte, x int) int {
	if x < len(row) {
		return int(row[x])
	}
	return 0
}

// genericRegion decodes an immediate generic region onto the page.
func (p *jbig2Page) genericRegion(s jbig2Segment) error {
	r := &byteReader{data: s.data}
	region := r.region()
	flags := r.u8()
	const mmr, typical = 1, 8
	template := flags >> 1 & 3
	var at []point
	if flags&mmr == 0 {
		at = r.adaptive(len(genericTemplates(template).adaptive))
	}
	if err := r.err(); err != nil {
		return err
	}
	b, err := p.newPixmap(region.width, region.height)
	if err != nil {
		return err
	}
	if flags&mmr != 0 {
		err = b.decodeMMR(r.data)
	} else {
		err = newGeneric(template, at, flags&typical != 0, newArith(r.data), genericContexts()).decode(b)
	}
	p.page.lay(b, region.x, region.y, region.combine)
	p.left += region.width * region.height
	return err
}

// decodeMMR fills b from a G4 fax.
func (b *pixmap) decodeMMR(data []byte) error {
	d := newFaxDecoder(data, b.width, -1, false)
	for y := range b.height {
		changes, err := d.next()
		if errors.Is(err, errFaxEnd) {
			return errJBIG2Ends
		}
		if err != nil {
			return err
		}
		row := b.row(y)
		for i := 0; i < len(changes); i += 2 {
			end := b.width
			if i+1 < len(changes) {
				end = changes[i+1]
			}
			for x := changes[i]; x < end; x++ {
				row[x] = 1
			}
		}
	}
	return nil
}

// refinement decodes a bitmap from one that is nearly the same, moved by (dx, dy).
type refinement struct {
	template int
	at       []point
	typical  bool
	d        *arith
	cx       []arithContext
}

func refinementContexts() []arithContext { return make([]arithContext, 1<<13) }

// refinementPoints is how many adaptive pixels a template has.
func refinementPoints(template int) int {
	if template == 0 {
		return 2
	}
	return 0
}

func (f *refinement) decode(b, from *pixmap, dx, dy int) error {
	typicalContext := 0x100
	if f.template == 1 {
		typicalContext = 0x80
	}
	typical := false
	for y := range b.height {
		if f.d.ended() {
			return errJBIG2Ends
		}
		if f.typical && f.d.bit(&f.cx[typicalContext]) == 1 {
			typical = !typical
		}
		row := b.row(y)
		for x := range row {
			if typical {
				if v, same := from.around(x-dx, y-dy); same {
					row[x] = v
					continue
				}
			}
			row[x] = f.d.bit(&f.cx[f.context(b, from, x, y, x-dx, y-dy)])
		}
	}
	return nil
}

// around is the colour of the three by three pixels about (x, y), if they have one.
func (b *pixmap) around(x, y int) (v byte, same bool) {
	v = b.at(x, y)
	for oy := -1; oy <= 1; oy++ {
		for ox := -1; ox <= 1; ox++ {
			if b.at(x+ox, y+oy) != v {
				return 0, false
			}
		}
	}
	return v, true
}

// context numbers the pixels about (x, y) in the new bitmap and about (u, v) in the old one.
func (f *refinement) context(b, from *pixmap, x, y, u, v int) int {
	context := int(b.at(x-1, y)) | int(b.at(x+1, y-1))<<1 | int(b.at(x, y-1))<<2
	if f.template == 1 {
		return context | int(b.at(x-1, y-1))<<3 | int(from.at(u+1, v+1))<<4 | int(from.at(u, v+1))<<5 |
			int(from.at(u+1, v))<<6 | int(from.at(u, v))<<7 | int(from.at(u-1, v))<<8 | int(from.at(u, v-1))<<9
	}
	return context | int(b.at(x+f.at[0].x, y+f.at[0].y))<<3 |
		int(from.at(u+1, v+1))<<4 | int(from.at(u, v+1))<<5 | int(from.at(u-1, v+1))<<6 |
		int(from.at(u+1, v))<<7 | int(from.at(u, v))<<8 | int(from.at(u-1, v))<<9 |
		int(from.at(u+1, v-1))<<10 | int(from.at(u, v-1))<<11 | int(from.at(u+f.at[1].x, v+f.at[1].y))<<12
}

// refinementRegion decodes an immediate refinement of what is on the page already.
func (p *jbig2Page) refinementRegion(s jbig2Segment) error {
	if len(s.refers) > 0 {
		return errJBIG2Other
	}
	r := &byteReader{data: s.data}
	region := r.region()
	flags := r.u8()
	const typical = 2
	template := flags & 1
	at := r.adaptive(refinementPoints(template))
	if err := r.err(); err != nil {
		return err
	}
	from, err := p.newPixmap(region.width, region.height)
	if err != nil {
		return err
	}
	b, err := p.newPixmap(region.width, region.height)
	if err != nil {
		return err
	}
	from.lay(p.page, -region.x, -region.y, combineReplace)
	f := &refinement{template: template, at: at, typical: flags&typical != 0, d: newArith(r.data), cx: refinementContexts()}
	err = f.decode(b, from, 0, 0)
	p.page.lay(b, region.x, region.y, region.combine)
	p.left += 2 * region.width * region.height
	return err
}
