package pdfa

import (
	"fmt"
	"math"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// The sides a page may have, in units of its user space (ISO 19005-2, 6.1.13).
const (
	minSide = 3
	maxSide = 14400
)

// geometry is how page space lies on a PDF page: PDF's y goes up, page space's down.
type geometry struct {
	scale      float64        // units a pixel
	unit       float64        // points a unit: more than 1 for paper larger than 14,400 points
	crop       [4]float64     // left, bottom, right, top: the upright page
	media      [4]float64     // around the turned image
	origin     [2]float64     // where page space's (0, Height) lies
	height     float64        // of page space in pixels
	dpi        float64        // of page space
	fromStored dossier.Matrix // stored image to page space
}

// newGeometry finds the boxes of a page. The page's image is w by h pixels as stored; 0 by 0 where there is none.
func newGeometry(p *dossier.Page, w, h float64) (geometry, error) {
	if p.Width <= 0 || p.Height <= 0 || !(p.DPI > 0) || math.IsInf(p.DPI, 0) {
		return geometry{}, fmt.Errorf("a page of %d by %d pixels at %v dpi", p.Width, p.Height, p.DPI)
	}
	inverse, ok := p.ToImage.Inverse()
	if !ok && w > 0 {
		return geometry{}, fmt.Errorf("its matrix %v has no inverse", p.ToImage)
	}
	page := dossier.Box{X1: float64(p.Width), Y1: float64(p.Height)}
	around := page
	if w > 0 {
		for _, corner := range [][2]float64{{0, 0}, {w, 0}, {0, h}, {w, h}} {
			x, y := inverse.Apply(corner[0], corner[1])
			around = dossier.Box{
				X0: min(around.X0, x), Y0: min(around.Y0, y), X1: max(around.X1, x), Y1: max(around.Y1, y),
			}
		}
	}
	g := geometry{scale: 72 / p.DPI, unit: 1, dpi: p.DPI, height: page.Y1, fromStored: inverse}
	if side := max(around.Width(), around.Height()) * g.scale; side > maxSide {
		g.unit = side / (maxSide - 1) // leaves room for the margins' rounding
		g.scale /= g.unit
	} else if !(side > 0) {
		return geometry{}, fmt.Errorf("its matrix %v reaches no size", p.ToImage)
	}
	g.place(page, around)
	return g, nil
}

// place sets the boxes so that the media box begins at 0, 0. A side too short for a PDF page gets white at its end.
// The margins around the crop box are whole sixteenths of a unit and its far edges a hair's breadth in: else a viewer
// finds right - left, in floating point, larger than the page and draws a row too many.
func (g *geometry) place(page, around dossier.Box) {
	margin := func(pixels float64) float64 { return math.Ceil(pixels*g.scale*16-1e-6) / 16 }
	left, bottom := margin(-around.X0), margin(around.Y1-page.Y1)
	right, top := left+max(minSide, page.X1*g.scale), bottom+max(minSide, page.Y1*g.scale)
	g.media = [4]float64{0, 0, right + margin(around.X1-page.X1), top + margin(-around.Y0)}
	g.crop = [4]float64{left, bottom, inward(right, left), inward(top, bottom)}
	g.origin = [2]float64{left, top - page.Y1*g.scale}
}

// inward is a crop box's far edge, given the near one: where that is 0, nothing has to be subtracted.
func inward(far, near float64) float64 {
	const hair = 0.0005
	if near == 0 || far-near <= minSide {
		return far
	}
	return far - hair
}

// boxes are the page's entries.
func (g *geometry) boxes() string {
	s := fmt.Sprintf("/MediaBox [%s] /CropBox [%s] /TrimBox [%[2]s]", nums(g.media[:]...), nums(g.crop[:]...))
	if g.unit > 1 {
		s += " /UserUnit " + num(g.unit)
	}
	return s
}

// image is the cm operand that puts an image's unit square on rows y to y+h of the stored image, w pixels wide.
func (g *geometry) image(w, y, h float64) string {
	m := dossier.Matrix{A: w, D: -h, F: y + h}.Then(g.fromStored).Then(dossier.Matrix{
		A: g.scale, D: -g.scale, E: g.origin[0], F: g.origin[1] + g.height*g.scale,
	})
	return nums(m.A, m.B, m.C, m.D, m.E, m.F)
}

// text is the cm operand of the text layer: pixels, y upwards from page space's bottom edge.
func (g *geometry) text() string {
	return decimals(g.scale, 1e7) + " 0 0 " + decimals(g.scale, 1e7) + " " + nums(g.origin[0], g.origin[1])
}

// page writes one page: its object, its content and its images, in this order, so that a viewer finds early what it
// needs first.
func (d *document) page(p Page) error {
	if p.Page.Image.Format == "" || p.Image == nil {
		return d.placeholder(p.Page)
	}
	img := &p.Page.Image
	if err := checkImage(img, d.info.Level); err != nil {
		return err
	}
	g, err := newGeometry(p.Page, float64(img.Width), float64(img.Height))
	if err != nil {
		return err
	}
	parts := make([]int, len(img.Parts))
	var content, resources strings.Builder
	resources.WriteString("/XObject <<")
	for i, part := range img.Parts {
		parts[i] = d.f.alloc()
		fmt.Fprintf(&resources, " /I%d %s", i, ref(parts[i]))
		fmt.Fprintf(&content, "q %s cm /I%d Do Q\n", g.image(float64(img.Width), float64(part.Y), float64(part.Height)), i)
	}
	resources.WriteString(" >>")
	d.writePage(&g, content.String(), resources.String(), &p.Page.Layout)
	return d.images(p, parts)
}

// writePage writes the page object and its content: what is drawn, then the layout's text.
func (d *document) writePage(g *geometry, content, resources string, layout *dossier.Layout) {
	if layer := d.font.textLayer(layout, g.height, g.dpi); layer != nil {
		content += fmt.Sprintf("q %s cm\n%sQ\n", g.text(), layer)
		if d.font.number == 0 {
			d.font.number = d.f.alloc()
		}
		resources += fmt.Sprintf(" /Font << /F0 %s >>", ref(d.font.number))
	}
	page, parent := d.tree.add(d.f)
	contents := d.f.alloc()
	d.outline.page(d.tree.count, page, g.crop)
	d.f.object(page, fmt.Sprintf("<< /Type /Page /Parent %s %s /Resources << %s >> /Contents %s >>",
		ref(parent), g.boxes(), strings.TrimSpace(resources), ref(contents)))
	d.f.flate(contents, "", []byte(content))
}
