package barcode

import (
	"fmt"
	"math"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

func everySymbology() []dossier.Symbology {
	return []dossier.Symbology{dossier.SymbologyCode128, dossier.SymbologyCode39, dossier.SymbologyPDF417}
}

func read(t testing.TB, pix *lept.Pix, more ...dossier.Symbology) []Symbol {
	t.Helper()
	symbols, err := Read(pix, more)
	if err != nil {
		t.Fatal(err)
	}
	return symbols
}

// find takes the symbol that says the text out of the list.
func find(symbols []Symbol, p printed) (Symbol, bool) {
	for _, s := range symbols {
		if s.Symbology == p.symbology && s.Text == p.text {
			return s, true
		}
	}
	return Symbol{}, false
}

// expect reads the scanned sheet and compares what is read with what was printed, boxes to within two millimetres.
func (s sheet) expect(t *testing.T, symbols ...printed) {
	t.Helper()
	pix := s.scan(t, symbols...)
	got := read(t, pix, everySymbology()...)
	if len(got) != len(symbols) {
		t.Errorf("%d symbols, want %d: %v", len(got), len(symbols), got)
	}
	for _, p := range symbols {
		symbol, ok := find(got, p)
		if !ok {
			t.Errorf("no %s %q", p.symbology, p.text)
			continue
		}
		want := s.turn(p.box(t))
		mm := func(px float64) float64 { return px / s.dpi * inch }
		b := symbol.Box
		if off := max(math.Abs(mm(b.X0)-want.X0), math.Abs(mm(b.Y0)-want.Y0), math.Abs(mm(b.X1)-want.X1), math.Abs(mm(b.Y1)-want.Y1)); off > 2 {
			t.Errorf("the box of %s %q is off by %.1f mm", p.symbology, p.text, off)
		}
	}
}

// turn is where a box lies, in mm, when the sheet lies turned.
func (s sheet) turn(b dossier.Box) dossier.Box {
	w, h := s.width, s.height
	for range s.quarters {
		b = dossier.Box{X0: h - b.Y1, Y0: b.X0, X1: h - b.Y0, Y1: b.X1}
		w, h = h, w
	}
	return b
}

const (
	slip = "H42.16-240112-0003|1.001234|079200001234|Đơn đăng ký khai sinh"
	card = "001203004567|012345678|Nguyễn Văn An|05012003|Nam|Số 12 phố Huế, Hai Bà Trưng, Hà Nội|01012022"
)

func sixSymbols() []printed {
	return []printed{
		{symbology: dossier.SymbologyQR, text: slip, x: 35, y: 35, module: .5},
		{symbology: dossier.SymbologyQR, text: card, x: 85, y: 35, module: .4, turned: 33},
		{symbology: dossier.SymbologyCode128, text: "H42.16-240112-0003", x: 155, y: 30, module: .33, height: 10},
		{symbology: dossier.SymbologyCode39, text: "HS-240112-3", x: 60, y: 75, module: .33, height: 8},
		{symbology: dossier.SymbologyPDF417, text: "H42.16-240112-0003 Nguyen Van An", x: 145, y: 75, module: .35, height: 14},
		{symbology: dossier.SymbologyCode128, text: "KHO 12/7", x: 40, y: 115, module: .33, height: 10, turned: 90},
	}
}

func TestEverySymbologyIsReadHoweverThePageWasScanned(t *testing.T) {
	ways := map[string]sheet{"as printed": {}, "JPEG 50": {quality: 50}, "noise": {noise: 12}, "askew": {skew: 2, quality: 75, noise: 5}}
	for _, dpi := range []float64{150, 200, 300} {
		for name, way := range ways {
			for quarters := range 4 {
				if testing.Short() && (dpi != 200 || quarters > 1) {
					continue
				}
				t.Run(fmt.Sprintf("%v dpi, %s, turned by %d", dpi, name, 90*quarters), func(t *testing.T) {
					s := way
					s.width, s.height, s.dpi, s.quarters = 210, 148, dpi, quarters
					s.expect(t, sixSymbols()...)
				})
			}
		}
	}
}

func TestAQRCodeIsReadAtAnyAngle(t *testing.T) {
	for angle := 0.; angle < 360; angle += 23 {
		for _, text := range []string{"1", slip, card} {
			s := sheet{width: 80, height: 60, dpi: 200, quality: 50, noise: 8}
			s.expect(t, printed{symbology: dossier.SymbologyQR, text: text, x: 41.3, y: 30.7, module: .4, turned: angle})
		}
	}
}

// Two pixels a module is what a card's code has at 150 to 200 dpi.
func TestAQRCodeOfTwoPixelsAModuleIsRead(t *testing.T) {
	for _, angle := range []float64{0, 8, 90, 180} {
		s := sheet{width: 80, height: 60, dpi: 200, quality: 75}
		s.expect(t, printed{symbology: dossier.SymbologyQR, text: card, x: 41.3, y: 30.7, module: 2.1 / 200 * inch, turned: angle})
	}
}

func TestBarsOfLessThanTwoPixelsAreRead(t *testing.T) {
	for _, angle := range []float64{0, 90, 180} {
		s := sheet{width: 90, height: 90, dpi: 150, quality: 75, noise: 5}
		s.expect(t, printed{symbology: dossier.SymbologyCode128, text: "H42.16-240112-0003", x: 45, y: 45, module: .28, height: 8, turned: angle})
	}
}

func TestSymbolsThatStandCloseToEachOtherAreAllRead(t *testing.T) {
	for name, symbols := range map[string][]printed{
		"one above the other": {
			{symbology: dossier.SymbologyCode128, text: "KHO 12/7", x: 50, y: 30, module: .33, height: 8},
			{symbology: dossier.SymbologyCode39, text: "KE 7", x: 50, y: 40, module: .33, height: 8},
		},
		"side by side": {
			{symbology: dossier.SymbologyCode128, text: "A-17", x: 30, y: 30, module: .33, height: 8},
			{symbology: dossier.SymbologyCode128, text: "B-18", x: 66, y: 30, module: .33, height: 8},
		},
		"one lying": {
			{symbology: dossier.SymbologyCode128, text: "A-17", x: 30, y: 30, module: .33, height: 8},
			{symbology: dossier.SymbologyCode128, text: "B-18", x: 65, y: 30, module: .33, height: 8, turned: 90},
		},
		"two QR codes": {
			{symbology: dossier.SymbologyQR, text: slip, x: 30, y: 30, module: .4},
			{symbology: dossier.SymbologyQR, text: "H42.16-240112-0004", x: 51, y: 28, module: .4},
		},
		"QR and bars": {
			{symbology: dossier.SymbologyQR, text: slip, x: 25, y: 30, module: .4},
			{symbology: dossier.SymbologyCode128, text: "KHO 12/7", x: 66, y: 30, module: .33, height: 10},
		},
	} {
		t.Run(name, func(t *testing.T) {
			sheet{width: 105, height: 60, dpi: 200, quality: 60}.expect(t, symbols...)
		})
	}
}

func TestOnlyQRCodesAreReadUnlessMoreIsAskedFor(t *testing.T) {
	s := sheet{width: 210, height: 148, dpi: 200}
	pix := s.scan(t, sixSymbols()...)
	if got := read(t, pix); len(got) != 2 {
		t.Errorf("read %v", got)
	}
	if got := read(t, pix, dossier.SymbologyPDF417); len(got) != 3 {
		t.Errorf("with PDF417 read %v", got)
	}
}

func TestNothingIsReadFromAPageOfTextOrNone(t *testing.T) {
	for _, s := range []sheet{a4(150), a4(200), {width: 210, height: 297, dpi: 200, noise: 15}, {width: 1, height: 200, dpi: 200, empty: true}} {
		if got := read(t, s.scan(t), everySymbology()...); len(got) > 0 {
			t.Errorf("%+v: read %v", s, got)
		}
	}
}

func TestSymbolsAreReadFromABlackAndWhiteScan(t *testing.T) {
	for _, dpi := range []float64{200, 300} {
		s := sheet{width: 210, height: 148, dpi: dpi}
		binary, err := s.scan(t, sixSymbols()...).Threshold(140)
		if err != nil {
			t.Fatal(err)
		}
		defer binary.Close()
		gray, err := binary.Gray()
		if err != nil {
			t.Fatal(err)
		}
		defer gray.Close()
		got := read(t, gray, everySymbology()...)
		for _, p := range sixSymbols() {
			if _, ok := find(got, p); !ok {
				t.Errorf("%v dpi: no %s %q", dpi, p.symbology, p.text)
			}
		}
	}
}

func TestASymbolIsReadFromAPageOf600DPI(t *testing.T) {
	if testing.Short() {
		t.Skip("draws a large page")
	}
	a4(600).expect(t, sixSymbols()...)
}
