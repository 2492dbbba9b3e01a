package clean

import (
	"image"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// table is a grid of ruled lines and the cells that it parts, in the pixels of the image that is read.
type table struct {
	box   dossier.Box
	cells []dossier.Box
}

// findRules remembers the cells of ruled tables, and paints the lines white in the image that will be read where a
// table is large: there they cost more words than they part. A frame, a form or a table of a few cells reads better
// with its lines, by which the engine tells pictures and blocks apart.
func (p *page) findRules() error {
	const large = 10 // cells
	binary, err := p.bilevel()
	if err != nil {
		return err
	}
	// Half the size finds the same lines in a quarter of the time.
	half, err := binary.Halve(1)
	if err != nil {
		return err
	}
	defer half.Close()
	grid, err := findGrid(half, p.workDPI()/2)
	if err != nil || grid == nil {
		return err
	}
	defer grid.Close()
	if p.tables, err = findTables(grid, p.workDPI()/2); err != nil {
		return err
	}
	if !slices.ContainsFunc(p.tables, func(t table) bool { return len(t.cells) >= large }) {
		return nil
	}
	mask, err := grid.Double()
	if err != nil {
		return err
	}
	defer mask.Close()
	return p.work.step(func(v view) (view, error) {
		pix, err := v.pix.Whiten(mask)
		return view{v.frame, pix}, err
	})
}

// findGrid is a mask of the lines across and down that cross each other, or nil where there are too few or too many
// to be a table's.
func findGrid(binary *lept.Pix, dpi float64) (*lept.Pix, error) {
	const (
		run       = 1.0 / 3  // inch: a shorter run of black may be a letter
		thin      = 1.0 / 25 // inch: what is thicker is no line
		crossings = 4
		solid     = 0.05 // share of thick black from which it is a picture
	)
	length, width := max(8, int(run*dpi)), max(3, int(thin*dpi))
	thick, err := binary.Open(width, width)
	if err != nil {
		return nil, err
	}
	defer thick.Close()
	black, err := thick.Black()
	if err != nil || float64(black) > solid*float64(binary.Width()*binary.Height()) {
		return nil, err
	}
	across, err := runs(binary, length, 1, width)
	if err != nil || across == nil {
		return nil, err
	}
	defer across.Close()
	down, err := runs(binary, 1, length, width)
	if err != nil || down == nil {
		return nil, err
	}
	defer down.Close()
	cross, err := across.And(down)
	if err != nil {
		return nil, err
	}
	defer cross.Close()
	at, err := cross.Components()
	if err != nil || len(at) < crossings {
		return nil, err
	}
	return across.Or(down)
}

// runs is a mask of the black that a w by h brick fits into, a little grown so that grey edges go too; nil where no run
// is thin, or so many are that it is a hatching.
func runs(binary *lept.Pix, w, h, thin int) (*lept.Pix, error) {
	const most = 120
	opened, err := binary.Open(w, h)
	if err != nil {
		return nil, err
	}
	defer opened.Close()
	found, err := opened.Components()
	if err != nil {
		return nil, err
	}
	n := 0
	for _, b := range found {
		if min(b.Dx(), b.Dy()) <= thin {
			n++
		}
	}
	if n == 0 || n > most {
		return nil, nil
	}
	return opened.Dilate(3, 3)
}

// findTables lists the pieces of a grid at half size that part an area into cells, in pixels of the full size.
func findTables(grid *lept.Pix, dpi float64) ([]table, error) {
	const (
		least  = 4   // cells; fewer are a frame or an underlined heading
		narrow = 0.1 // inch: no cell is smaller
	)
	pieces, err := grid.Components()
	if err != nil {
		return nil, err
	}
	var tables []table
	for _, piece := range pieces {
		if float64(min(piece.Dx(), piece.Dy())) < 2*narrow*dpi {
			continue
		}
		cells, err := enclosed(grid, piece)
		if err != nil {
			return nil, err
		}
		t := table{box: doubled(piece)}
		for _, c := range cells {
			if float64(min(c.Dx(), c.Dy())) >= narrow*dpi {
				t.cells = append(t.cells, doubled(c))
			}
		}
		if len(t.cells) >= least {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// enclosed lists the white areas that the lines within a rectangle leave apart.
func enclosed(grid *lept.Pix, within image.Rectangle) ([]image.Rectangle, error) {
	lines, err := grid.Crop(within.Min.X, within.Min.Y, within.Dx(), within.Dy())
	if err != nil {
		return nil, err
	}
	defer lines.Close()
	white, err := lines.Invert()
	if err != nil {
		return nil, err
	}
	defer white.Close()
	areas, err := white.Components()
	for i := range areas {
		areas[i] = areas[i].Add(within.Min)
	}
	return areas, err
}

func doubled(r image.Rectangle) dossier.Box {
	return dossier.Box{X0: 2 * float64(r.Min.X), Y0: 2 * float64(r.Min.Y), X1: 2 * float64(r.Max.X), Y1: 2 * float64(r.Max.Y)}
}
