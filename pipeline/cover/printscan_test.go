package cover

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/pipeline/barcode"
	"github.com/dossierd/dossierd/pipeline/lept"
	"github.com/dossierd/dossierd/pipeline/payload"
)

// scanDPI is the coarsest that an office scanner is set to.
const scanDPI = 150

// printScan makes of a page, drawn in grey at scanDPI, what a bad scanner makes of its print: coffee on it, crooked by
// skew degrees, soft, noisy, and saved as a JPEG of quality 50.
func printScan(t *testing.T, page image.Image, skew float64, seed uint64) []byte {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	spoilt := imaging.Blur(imaging.Rotate(stain(page, r), skew, color.White), 0.7)
	for i := 0; i < len(spoilt.Pix); i += 4 {
		// Paper scans as a light grey, ink as a dark one.
		v := 45 + float64(spoilt.Pix[i])*185/255 + r.NormFloat64()*10
		spoilt.Pix[i] = uint8(min(max(v, 0), 255))
		spoilt.Pix[i+1], spoilt.Pix[i+2] = spoilt.Pix[i], spoilt.Pix[i]
	}
	var b bytes.Buffer
	must(t, jpeg.Encode(&b, spoilt, &jpeg.Options{Quality: 50}))
	return b.Bytes()
}

// stain puts a cup on the code: a dark ring, a lighter pool within it that fades out, and opaque drops.
func stain(page image.Image, r *rand.Rand) *image.NRGBA {
	const mm = scanDPI / 25.4
	img := imaging.Clone(page)
	random := func(from, to float64) float64 { return from + r.Float64()*(to-from) }
	spot := func(x, y, radius float64, left func(d float64) float64) {
		for py := int((y - radius) * mm); py <= int((y+radius)*mm); py++ {
			for px := int((x - radius) * mm); px <= int((x+radius)*mm); px++ {
				d := math.Hypot(float64(px)/mm-x, float64(py)/mm-y) / radius
				if d > 1 || !(image.Point{px, py}).In(img.Rect) {
					continue
				}
				i := img.PixOffset(px, py)
				for c := range 3 {
					img.Pix[i+c] = uint8(float64(img.Pix[i+c]) * left(d))
				}
			}
		}
	}
	cup := func(d float64) float64 {
		if d > 0.92 {
			return 0.6
		}
		return 0.85 - 0.2*d
	}
	spot(random(margin, margin+qrSize), random(margin, margin+qrSize), 38, cup)
	for range 6 {
		spot(random(margin, margin+qrSize), random(margin, margin+qrSize), random(0.4, 1.5), func(float64) float64 { return 0.2 })
	}
	return img
}

// The reader of the page worker decides. It may lose the code that the cup stood on; it reads nothing but what was written.
func TestEverySheetIsReadFromABadScanOfItsPrint(t *testing.T) {
	if testing.Short() {
		t.Skip("draws and spoils pages")
	}
	sheets := samples()
	file := write(t, "vi", sheets)
	read := 0
	for i, s := range sheets {
		page := draw(t, file, i+1, scanDPI)
		for seed, skew := range []float64{3, -3, 183} {
			pix, _, err := lept.DecodeJPEG(printScan(t, page, skew, uint64(seed)), false)
			must(t, err)
			symbols, err := barcode.Read(pix, nil)
			must(t, err)
			if len(symbols) == 0 {
				t.Errorf("sheet %d, skew %v: nothing was read", i+1, skew)
			}
			for _, symbol := range symbols {
				if payload.Parse(symbol.Text) != s.Says {
					t.Errorf("sheet %d, skew %v: %q", i+1, skew, symbol.Text)
				}
			}
			read += len(symbols)
		}
	}
	t.Logf("%d of %d codes read", read, 2*3*len(sheets))
}

// draw renders a page of a PDF in grey.
func draw(t *testing.T, file string, page, dpi int) image.Image {
	t.Helper()
	n := strconv.Itoa(page)
	out := run(t, "pdftoppm", "-gray", "-png", "-singlefile", "-f", n, "-l", n, "-r", strconv.Itoa(dpi), file)
	img, _, err := image.Decode(bytes.NewReader(out))
	must(t, err)
	return img
}
