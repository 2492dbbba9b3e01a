package clean

import (
	"image"
	"slices"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// thumb is the page at about 100 to 150 dpi, grey, on which a first glance goes fast.
type thumb struct {
	pix    *lept.Pix
	factor float64 // of the whole page's pixels
	dpi    float64
	counts [256]int
}

func (p *page) thumb() (*thumb, error) {
	const side = 2000
	pix, factor, err := p.work.pix.Reduce(side)
	if err != nil {
		return nil, err
	}
	t := &thumb{pix: pix, factor: factor, dpi: max(p.res.x, p.res.y) * factor}
	if t.counts, err = pix.Histogram(1); err != nil {
		pix.Close()
		return nil, err
	}
	return t, nil
}

// paperGray is the value of bare paper: nearly the brightest there is much of.
func paperGray(counts [256]int) int { return Percentile(counts, 0.8) }

// glance judges how much ink is on the page and whether it is blank; one with a symbol on it is not.
func (p *page) glance(t *thumb) (err error) {
	p.ink, p.blank, err = Glance(t.pix, t.counts, t.dpi)
	p.blank = p.blank && len(p.symbols) == 0
	return err
}

// Glance judges of a grey page of 100 to 150 dpi, with its histogram, what share of it is ink and whether it is blank. A
// page is blank when it holds nothing that a person might have wanted to keep: dust, the shadow of an edge, print that
// shows through from the other side and punched holes are nothing.
func Glance(pix *lept.Pix, counts [256]int, dpi float64) (ink float64, blank bool, err error) {
	const (
		dark       = 0.6  // of the paper's value: ink
		visible    = 0.78 // of the paper's value: darker than what shows through
		uniform    = 30   // between the darkest and the brightest but a speck: nothing can be made out
		speck      = 30   // px
		marks      = 2    // so many are not by chance
		darkest    = 64   // what is darker is no paper but a scanner's bed, or a negative
		margin     = 0.02 // of each side, where scanners leave shadows
		inkyEnough = 0.05
	)
	paper := float64(max(darkest, paperGray(counts)))
	ink = share(counts, int(dark*paper))
	few := speck / float64(pix.Width()*pix.Height())
	if Percentile(counts, 1-few)-Percentile(counts, few) < uniform {
		return ink, true, nil
	}
	w, h := pix.Width(), pix.Height()
	dx, dy := int(margin*float64(w)), int(margin*float64(h))
	inner, err := pix.Crop(dx, dy, w-2*dx, h-2*dy)
	if err != nil {
		return ink, false, err
	}
	defer inner.Close()
	binary, err := inner.Threshold(int(visible * paper))
	if err != nil {
		return ink, false, err
	}
	defer binary.Close()
	found, err := binary.Components()
	if err != nil {
		return ink, false, err
	}
	found = slices.DeleteFunc(found, func(b image.Rectangle) bool { return !isMark(b, inner, dpi) })
	return ink, len(found) < marks && ink < inkyEnough, nil
}

// isMark tells what a pen or a press has made from dust, shadows that reach in from the edge, and punched holes.
func isMark(b image.Rectangle, inner *lept.Pix, dpi float64) bool {
	const (
		dust          = 1.0      // mm; smaller is dust
		hole, holeMax = 3.5, 9.0 // mm across
		holeMargin    = 20.0     // mm from an edge, at most
		round         = 0.25     // a hole's sides differ by less of the longer one
		millimetres   = 25.4     // an inch
	)
	mm := func(px int) float64 { return float64(px) / dpi * millimetres }
	if mm(max(b.Dx(), b.Dy())) < dust {
		return false
	}
	edge := min(b.Min.X, b.Min.Y, inner.Width()-b.Max.X, inner.Height()-b.Max.Y)
	if edge < 1 {
		return false
	}
	small, large := mm(min(b.Dx(), b.Dy())), mm(max(b.Dx(), b.Dy()))
	isHole := small >= hole && large <= holeMax && large-small < round*large && mm(edge) < holeMargin
	return !isHole
}

// share of the values under limit.
func share(counts [256]int, limit int) float64 {
	var under, all int
	for v, n := range counts {
		all += n
		if v < limit {
			under += n
		}
	}
	if all == 0 {
		return 0
	}
	return float64(under) / float64(all)
}
