package clean

import (
	"math"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/barcode/barcodetest"
)

const slip = "H42.16-240112-0003|1.001234"

// separator is a sheet of 200 dpi that has a symbol at (x, y) and nothing else, as it is stored with an orientation.
func separator(t *testing.T, symbology dossier.Symbology, module, height, x, y int) made {
	t.Helper()
	s, err := barcodetest.Write(symbology, slip)
	if err != nil {
		t.Fatal(err)
	}
	return made{width: 1654, height: 2339, dpi: 200, orientation: 1, value: func(px, py int) byte {
		mx, my := (px-x)/module, (py-y)/module
		if s.Height == 1 {
			my = (py - y) / height
		}
		if px >= x && py >= y && mx < s.Width && my < s.Height && s.Black(mx, my) {
			return 20
		}
		return 245
	}}
}

func readProfile(t *testing.T, src Source, profile dossier.Profile) dossier.Page {
	t.Helper()
	profile.Languages = []string{"eng"}
	result, err := NewReader(silent{}).Read(src, profile)
	if err != nil {
		t.Fatal(err)
	}
	return result.Page
}

func isAt(b dossier.Box, x0, y0, x1, y1 float64) bool {
	const off = 6 // px
	return max(math.Abs(b.X0-x0), math.Abs(b.Y0-y0), math.Abs(b.X1-x1), math.Abs(b.Y1-y1)) <= off
}

func TestASheetWithASymbolAndNothingElseIsNotBlank(t *testing.T) {
	p := readProfile(t, separator(t, dossier.SymbologyQR, 4, 0, 200, 300), dossier.Profile{})
	if p.Blank || len(p.Barcodes) != 1 || p.Barcodes[0].Text != slip || !isAt(p.Barcodes[0].Box, 200, 300, 300, 400) {
		t.Errorf("blank %v, symbols %v", p.Blank, p.Barcodes)
	}
}

func TestASymbolsBoxIsInPageSpaceHoweverTheImageLies(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		m := separator(t, dossier.SymbologyQR, 4, 0, 200, 300)
		m.orientation = orientation
		p := readProfile(t, m, dossier.Profile{})
		if len(p.Barcodes) != 1 {
			t.Errorf("orientation %d: %v", orientation, p.Barcodes)
			continue
		}
		b := p.Barcodes[0].Box
		if x, y := p.ToImage.Apply((b.X0+b.X1)/2, (b.Y0+b.Y1)/2); math.Hypot(x-250, y-350) > 3 || math.Abs(b.Width()-100) > 6 {
			t.Errorf("orientation %d: the box %v has its middle at %.0f, %.0f of the image", orientation, b, x, y)
		}
	}
}

// fax has half as many dots an inch down as across.
type fax struct{ made }

func (f fax) Resolution() (x, y float64) { return f.dpi, f.dpi / 2 }

func TestASymbolIsReadFromPixelsThatAreNotSquare(t *testing.T) {
	whole := separator(t, dossier.SymbologyQR, 6, 0, 200, 300)
	half := whole
	half.height /= 2
	half.value = func(x, y int) byte { return whole.value(x, 2*y) }
	p := readProfile(t, fax{half}, dossier.Profile{})
	if len(p.Barcodes) != 1 || !isAt(p.Barcodes[0].Box, 200, 300, 350, 450) {
		t.Errorf("page of %d by %d, symbols %v", p.Width, p.Height, p.Barcodes)
	}
}

func TestBarsAreReadWhereTheProfileListsThem(t *testing.T) {
	m := separator(t, dossier.SymbologyCode128, 3, 80, 200, 300)
	if p := readProfile(t, m, dossier.Profile{}); len(p.Barcodes) > 0 {
		t.Errorf("not asked for: %v", p.Barcodes)
	}
	p := readProfile(t, m, dossier.Profile{Barcodes: []dossier.Symbology{dossier.SymbologyCode128}})
	if len(p.Barcodes) != 1 || p.Barcodes[0].Symbology != dossier.SymbologyCode128 || p.Barcodes[0].Text != slip {
		t.Errorf("asked for: %v", p.Barcodes)
	}
}

func TestAPlainReadingReadsNoSymbols(t *testing.T) {
	if p := readProfile(t, separator(t, dossier.SymbologyQR, 4, 0, 200, 300), dossier.Profile{Plain: true}); len(p.Barcodes) > 0 {
		t.Errorf("read %v", p.Barcodes)
	}
}

func TestSymbolsOfAPageWhoseTextIsKnownAreRead(t *testing.T) {
	result, err := NewReader(refusing{t}).Keep(separator(t, dossier.SymbologyQR, 4, 0, 200, 300), dossier.Layout{Source: dossier.TextPDF}, dossier.Profile{})
	if err != nil || len(result.Page.Barcodes) != 1 || result.Page.Blank {
		t.Errorf("blank %v, symbols %v, %v", result.Page.Blank, result.Page.Barcodes, err)
	}
}

func TestSymbolsComeInReadingOrder(t *testing.T) {
	at := func(text string, x, y float64) dossier.Barcode {
		return dossier.Barcode{Text: text, Box: dossier.Box{X0: x, Y0: y, X1: x + 100, Y1: y + 100}}
	}
	symbols := []dossier.Barcode{at("d", 300, 500), at("b", 700, 90), at("a", 100, 110), at("c", 50, 400)}
	got := ""
	for _, s := range placeSymbols(symbols, storedFrame(1000, 1000)) {
		got += s.Text
	}
	if got != "abcd" {
		t.Errorf("they come as %s", got)
	}
}
