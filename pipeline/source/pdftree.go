package source

import (
	"fmt"
	"math"

	"github.com/dossierd/dossierd/dossier"
)

// pdfPage is a leaf of the page tree with what it inherits.
type pdfPage struct {
	dict      dict // nil for a page that the tree names and the file does not have
	resources dict
	box       rectangle // what of the page is seen, in its user space
	rotate    int       // quarters clockwise, 0 to 3
	unit      float64   // user space units are 1/72 inch times unit
}

// rectangle has x0 <= x1 and y0 <= y1.
type rectangle struct{ x0, y0, x1, y1 float64 }

func (r rectangle) width() float64  { return r.x1 - r.x0 }
func (r rectangle) height() float64 { return r.y1 - r.y0 }
func (r rectangle) empty() bool     { return !(r.x0 < r.x1 && r.y0 < r.y1) }

func (r rectangle) intersect(o rectangle) rectangle {
	return rectangle{max(r.x0, o.x0), max(r.y0, o.y0), min(r.x1, o.x1), min(r.y1, o.y1)}
}

// within reports whether r sticks out of o by no more than slack on each side.
func (r rectangle) within(o rectangle, slackX, slackY float64) bool {
	return r.x0 >= o.x0-slackX && r.x1 <= o.x1+slackX && r.y0 >= o.y0-slackY && r.y1 <= o.y1+slackY
}

// pageTree walks the tree of pages.
type pageTree struct {
	file   *pdfFile
	limit  int
	nodes  int
	onPath map[reference]bool
	pages  []pdfPage
}

// pdfTreeDepth is how deep the page tree goes at most.
const pdfTreeDepth = 64

// pages lists the pages in order. A page that is named and not there is in the list, lest the others change numbers.
func (f *pdfFile) pages(limits dossier.Limits) ([]pdfPage, error) {
	t := &pageTree{file: f, limit: limits.Pages, onPath: map[reference]bool{}}
	root := f.dict(f.trailer["Root"])
	if err := t.walk(root["Pages"], dict{}, 0); err != nil {
		return nil, err
	}
	return t.pages, nil
}

// inherited are the keys that a page has from the nodes above it.
func inherited() []name { return []name{"Resources", "MediaBox", "CropBox", "Rotate"} }

func (t *pageTree) walk(v any, above dict, depth int) error {
	if t.nodes++; t.nodes > 4*t.limit+1024 || depth > pdfTreeDepth {
		return dossier.Reject(dossier.CodeTooManyPages, "the page tree has more than %d nodes or %d levels", t.nodes-1, pdfTreeDepth)
	}
	if r, ok := v.(reference); ok {
		if t.onPath[r] {
			return fmt.Errorf("a loop in the page tree: %w", errPDFSyntax)
		}
		t.onPath[r] = true
		defer delete(t.onPath, r)
	}
	node := t.file.dict(v)
	if depth == 0 && node == nil {
		return fmt.Errorf("no page tree: %w", errPDFSyntax)
	}
	here := dict{}
	for _, k := range inherited() {
		if own := t.file.resolve(node[k]); own != nil {
			here[k] = own
		} else if above[k] != nil {
			here[k] = above[k]
		}
	}
	kids, ok := t.file.resolve(node["Kids"]).(array)
	if !ok {
		return t.leaf(node, here)
	}
	for _, kid := range kids {
		if err := t.walk(kid, here, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (t *pageTree) leaf(node, here dict) error {
	if len(t.pages) >= t.limit {
		return dossier.Reject(dossier.CodeTooManyPages, "more than %d pages", t.limit)
	}
	f := t.file
	p := pdfPage{dict: node, resources: f.dict(here["Resources"]), unit: 1}
	p.box = f.rectangle(here["MediaBox"])
	if p.box.empty() {
		p.box = rectangle{0, 0, 612, 792} // what viewers take
	}
	if crop := f.rectangle(here["CropBox"]).intersect(p.box); !crop.empty() {
		p.box = crop
	}
	p.rotate = ((f.int(here["Rotate"], 0)/90)%4 + 4) % 4
	if u, ok := float(f.resolve(node["UserUnit"])); ok && u > 0 && !math.IsInf(u, 0) {
		p.unit = u
	}
	t.pages = append(t.pages, p)
	return nil
}

// rectangle reads two corners; anything else is empty.
func (f *pdfFile) rectangle(v any) rectangle {
	n := f.numbers(v)
	if len(n) != 4 {
		return rectangle{}
	}
	return rectangle{min(n[0], n[2]), min(n[1], n[3]), max(n[0], n[2]), max(n[1], n[3])}
}
