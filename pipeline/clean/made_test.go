package clean

import (
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// made is a page that a test has drawn.
type made struct {
	width, height int
	value         func(x, y int) byte
	dpi           float64
	orientation   int
}

func (m made) Orientation() int           { return m.orientation }
func (m made) Resolution() (x, y float64) { return m.dpi, m.dpi }

func (m made) Rasters(int) (pix, small *lept.Pix, warnings []string, err error) {
	pix, warnings, err = m.Raster(true)
	return pix, nil, warnings, err
}

func (m made) Raster(bool) (*lept.Pix, []string, error) {
	pix, err := lept.New(m.width, m.height, 8)
	if err != nil {
		return nil, nil, err
	}
	row := make([]byte, m.width)
	for y := range m.height {
		for x := range row {
			row[x] = m.value(x, y)
		}
		pix.SetRow(y, row)
	}
	return pix, nil, nil
}

// refusing is an engine for pages that must not be read.
type refusing struct{ t *testing.T }

func (r refusing) Recognize([]byte, int, string, ocr.Mode) (dossier.Layout, error) {
	r.t.Error("the page was read")
	return dossier.Layout{}, nil
}

func (r refusing) Close() error { return nil }

func plain(value byte) func(x, y int) byte { return func(int, int) byte { return value } }

func readMade(t *testing.T, engine ocr.Engine, m made) Result {
	t.Helper()
	result, err := NewReader(engine).Read(m, dossier.Profile{Languages: []string{"eng"}, Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestAPageOfOneShadeIsBlankAndNotRead(t *testing.T) {
	for _, value := range []byte{255, 200, 128, 0} {
		if got := readMade(t, refusing{t}, made{1654, 2339, plain(value), 200, 1}); !got.Page.Blank || got.Page.Layout.Source != dossier.TextNone {
			t.Errorf("shade %d: blank %v, text %s", value, got.Page.Blank, got.Page.Layout.Source)
		}
	}
}

func TestShadowsHolesDustAndShowThroughLeaveAPageBlank(t *testing.T) {
	page := made{1654, 2339, func(x, y int) byte {
		hole := func(cx, cy int) bool { return (x-cx)*(x-cx)+(y-cy)*(y-cy) < 24*24 }
		switch {
		case x < 20 || y > 2330: // shadow of an edge
			return 40
		case hole(90, 850), hole(90, 1490):
			return 10
		case x%331 < 3 && y%457 < 3: // dust
			return 60
		case x > 300 && x < 1300 && y > 300 && y < 2000 && y%40 < 14 && x%12 < 8: // the other side
			return 215
		}
		return 245
	}, 200, 1}
	if got := readMade(t, refusing{t}, page); !got.Page.Blank {
		t.Fatalf("not blank; ink %.4f", got.Page.Ink)
	}
}

func TestACardOnABlackBedIsNotBlankThoughNothingIsGrey(t *testing.T) {
	const w, h = 1600, 2200
	result := readMade(t, silent{}, made{width: w, height: h, dpi: 200, value: func(x, y int) byte {
		if x > 400 && x < 1000 && y > 600 && y < 1000 && (x/20+y/20)%3 > 0 {
			return 255
		}
		return 0
	}})
	if result.Page.Blank || result.Page.Ink < 0.5 {
		t.Errorf("blank %v, ink %.2f", result.Page.Blank, result.Page.Ink)
	}
}

func TestTwoFiguresAreEnoughForAPageNotToBeBlank(t *testing.T) {
	page := made{1654, 2339, func(x, y int) byte {
		if y >= 100 && y < 124 && (x >= 800 && x < 812 || x >= 820 && x < 832) {
			return 30
		}
		return 250
	}, 200, 1}
	p, err := begin(rasterOf(t, page), lie{}, resolution{x: 200, y: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	glance, err := p.thumb()
	if err != nil {
		t.Fatal(err)
	}
	defer glance.pix.Close()
	if err := p.glance(glance); err != nil || p.blank {
		t.Fatalf("blank %v, %v", p.blank, err)
	}
}

func TestNoSizeIsTooStrange(t *testing.T) {
	speckled := func(x, y int) byte { return byte(x*7 + y*13) }
	for _, size := range [][2]int{{1, 1}, {1, 5000}, {3, 20000}, {20000, 3}, {15, 15}, {16, 16}, {40, 20000}} {
		for name, value := range map[string]func(x, y int) byte{"white": plain(255), "black": plain(0), "speckled": speckled} {
			result, err := NewReader(silent{}).Read(made{size[0], size[1], value, 0, 6}, dossier.Profile{Preview: true})
			if err != nil {
				t.Errorf("%s %v: %v", name, size, err)
				continue
			}
			if p := result.Page; p.Width != size[1] || p.Height != size[0] || p.DPI <= 0 || len(result.Preview) == 0 {
				t.Errorf("%s %v: page of %d by %d at %v dpi, preview of %d bytes", name, size, p.Width, p.Height, p.DPI, len(result.Preview))
			}
		}
	}
}

// silent is an engine that finds no print on anything.
type silent struct{}

func (silent) Recognize([]byte, int, string, ocr.Mode) (dossier.Layout, error) {
	return dossier.Layout{Source: dossier.TextOCR}, nil
}

func (silent) Close() error { return nil }

func rasterOf(t *testing.T, m made) *lept.Pix {
	t.Helper()
	pix, _, err := m.Raster(false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pix.Close)
	return pix
}

func TestASheetOnABlackBedIsFound(t *testing.T) {
	page := made{1000, 1400, func(x, y int) byte {
		switch {
		case x < 80 || x > 900 || y < 60 || y > 1300:
			return 15
		case x > 200 && x < 800 && y > 200 && y < 1200 && y%40 < 15 && x%14 < 9:
			return 90
		}
		return 170
	}, 150, 1}
	p, err := begin(rasterOf(t, page), lie{}, resolution{x: 150, y: 150})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	glance, err := p.thumb()
	if err != nil {
		t.Fatal(err)
	}
	defer glance.pix.Close()
	if err := p.cropToPaper(glance); err != nil {
		t.Fatal(err)
	}
	x, y := p.work.toStored.Apply(0, 0)
	if x < 80 || x > 110 || y < 60 || y > 90 || p.work.width > 821 || p.work.width < 760 {
		t.Fatalf("cropped from %v, %v, %v wide", x, y, p.work.width)
	}
}

func TestCellsOfARuledTableAreFound(t *testing.T) {
	// Three columns, four rows; the second column's last two rows are one cell.
	page := made{1200, 1000, func(x, y int) byte {
		const left, top, w, h = 100, 100, 300, 150
		inX, inY := x >= left && x < left+3*w+3, y >= top && y < top+4*h+3
		spanned := x > left+w+3 && x < left+2*w && y > top+2*h+3 && y < top+4*h
		if inX && inY && ((x-left)%w < 3 || (y-top)%h < 3) && !spanned {
			return 0
		}
		return 255
	}, 200, 1}
	p, err := begin(rasterOf(t, page), lie{}, resolution{x: 200, y: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	if err := p.findRules(); err != nil {
		t.Fatal(err)
	}
	if len(p.tables) != 1 || len(p.tables[0].cells) != 11 {
		t.Fatalf("%d tables: %+v", len(p.tables), p.tables)
	}
	counts, err := p.work.pix.Histogram(1)
	if err != nil {
		t.Fatal(err)
	}
	if black := counts[0]; black > 0 {
		t.Fatalf("%d pixels of the lines are left", black)
	}
}
