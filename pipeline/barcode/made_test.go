package barcode

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/barcode/barcodetest"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// printed is a symbol on a made page. Lengths are millimetres.
type printed struct {
	symbology dossier.Symbology
	text      string
	x, y      float64 // of its middle
	module    float64
	height    float64 // of a linear symbol's bars
	turned    float64 // degrees clockwise
}

// sheet is how a made page is printed and scanned.
type sheet struct {
	width, height float64 // mm
	dpi           float64
	quarters      int     // the page lies turned clockwise by so many
	skew          float64 // degrees
	quality       int     // of JPEG; 0: none
	noise         float64 // standard deviation, grey values
	empty         bool    // without text
}

func a4(dpi float64) sheet { return sheet{width: 210, height: 297, dpi: dpi} }

const inch = 25.4

// scan prints the symbols among lines of text and scans the page.
func (s sheet) scan(t testing.TB, symbols ...printed) *lept.Pix {
	t.Helper()
	px := s.dpi / inch
	page := image.NewGray(image.Rect(0, 0, int(s.width*px), int(s.height*px)))
	for i := range page.Pix {
		page.Pix[i] = 238
	}
	if !s.empty {
		s.typeset(t, page, symbols)
	}
	for _, symbol := range symbols {
		symbol.print(t, page, px, s.skew)
	}
	random := rand.New(rand.NewPCG(1, uint64(s.dpi)))
	soft := blurred(page)
	for i, v := range soft.Pix {
		soft.Pix[i] = uint8(min(255, max(0, float64(v)+s.noise*random.NormFloat64())))
	}
	pix := s.stored(t, soft)
	defer pix.Close()
	turned, err := pix.Turn(s.quarters)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(turned.Close)
	return turned
}

func (s sheet) stored(t testing.TB, page *image.Gray) *lept.Pix {
	t.Helper()
	if s.quality == 0 {
		pix, err := lept.New(page.Rect.Dx(), page.Rect.Dy(), 8)
		if err != nil {
			t.Fatal(err)
		}
		for y := range page.Rect.Dy() {
			pix.SetRow(y, page.Pix[y*page.Stride:y*page.Stride+page.Rect.Dx()])
		}
		return pix
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, page, &jpeg.Options{Quality: s.quality}); err != nil {
		t.Fatal(err)
	}
	pix, _, err := lept.DecodeJPEG(out.Bytes(), false)
	if err != nil {
		t.Fatal(err)
	}
	return pix
}

// typeset fills the page with lines of text that leave the symbols alone.
func (s sheet) typeset(t testing.TB, page *image.Gray, symbols []printed) {
	t.Helper()
	parsed, err := opentype.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 11, DPI: s.dpi})
	if err != nil {
		t.Fatal(err)
	}
	defer face.Close()
	px := s.dpi / inch
	pen := font.Drawer{Dst: page, Src: image.NewUniform(color.Gray{35}), Face: face}
	words := strings.Fields("Giay chung nhan illicit IIIII No 123/QD-UBND mmm xii Quyet dinh ve viec 05/01/2024 lllii")
	word := 0
	for y := 18.0; y < s.height-12; y += 6 {
		for x := 15.0; ; word++ {
			text := words[word%len(words)]
			width := float64(pen.MeasureString(text)) / 64 / px
			if x+width > s.width-15 {
				break
			}
			if !touches(t, symbols, dossier.Box{X0: x, Y0: y - 4, X1: x + width, Y1: y + 1}) {
				pen.Dot = fixed.P(int(x*px), int(y*px))
				pen.DrawString(text)
			}
			x += width + 1.5
		}
	}
}

// touches tells whether a word stands in a symbol or its quiet zone.
func touches(t testing.TB, symbols []printed, word dossier.Box) bool {
	for _, p := range symbols {
		b, quiet := p.box(t), 10*p.module
		if p.symbology == dossier.SymbologyQR {
			quiet = 4 * p.module
		}
		if word.X0 < b.X1+quiet && word.X1 > b.X0-quiet && word.Y0 < b.Y1+min(quiet, 1.5) && word.Y1 > b.Y0-min(quiet, 1.5) {
			return true
		}
	}
	return false
}

// box is where the symbol stands, in mm.
func (p printed) box(t testing.TB) dossier.Box {
	t.Helper()
	s, err := barcodetest.Write(p.symbology, p.text)
	if err != nil {
		t.Fatal(err)
	}
	w, h := float64(s.Width)*p.module, max(p.height, float64(s.Height)*p.module)
	sin, cos := math.Sincos(p.turned * math.Pi / 180)
	dx, dy := (w*math.Abs(cos)+h*math.Abs(sin))/2, (w*math.Abs(sin)+h*math.Abs(cos))/2
	return dossier.Box{X0: p.x - dx, Y0: p.y - dy, X1: p.x + dx, Y1: p.y + dy}
}

// print draws the symbol with ink that covers a pixel as far as it covers it.
func (p printed) print(t testing.TB, page *image.Gray, px, skew float64) {
	t.Helper()
	s, err := barcodetest.Write(p.symbology, p.text)
	if err != nil {
		t.Fatal(err)
	}
	const fine = 4
	w, h := float64(s.Width)*p.module, max(p.height, float64(s.Height)*p.module)
	sin, cos := math.Sincos((p.turned + skew) * math.Pi / 180)
	reach := int((math.Hypot(w, h)/2 + 1) * px)
	for y := max(0, int(p.y*px)-reach); y < min(page.Rect.Dy(), int(p.y*px)+reach); y++ {
		for x := max(0, int(p.x*px)-reach); x < min(page.Rect.Dx(), int(p.x*px)+reach); x++ {
			ink := 0
			for i := range fine * fine {
				dx := (float64(x)+(float64(i%fine)+.5)/fine)/px - p.x
				dy := (float64(y)+(float64(i/fine)+.5)/fine)/px - p.y
				mx := int(math.Floor((dx*cos + dy*sin + w/2) / p.module))
				my := int(math.Floor((dy*cos - dx*sin + h/2) / h * float64(s.Height)))
				if mx >= 0 && mx < s.Width && my >= 0 && my < s.Height && s.Black(mx, my) {
					ink++
				}
			}
			if ink > 0 {
				at := page.PixOffset(x, y)
				page.Pix[at] = uint8(int(page.Pix[at]) + (40-int(page.Pix[at]))*ink/(fine*fine))
			}
		}
	}
}

// blurred is what a lens makes of it.
func blurred(page *image.Gray) *image.Gray {
	out := image.NewGray(page.Rect)
	copy(out.Pix, page.Pix)
	w := page.Stride
	for i := w + 1; i < len(page.Pix)-w-1; i++ {
		sum := 4 * int(page.Pix[i])
		for _, d := range [4]int{-1, 1, -w, w} {
			sum += 2 * int(page.Pix[i+d])
		}
		for _, d := range [4]int{-w - 1, -w + 1, w - 1, w + 1} {
			sum += int(page.Pix[i+d])
		}
		out.Pix[i] = uint8(sum / 16)
	}
	return out
}
