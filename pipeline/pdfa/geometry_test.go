package pdfa_test

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// turned is the matrix from a page of w by h pixels to an image of iw by ih pixels that shows it turned by degrees
// (clockwise), mirrored or not, and with other resolutions than the page's; the centres coincide.
func turned(w, h, iw, ih int, degrees float64, mirrored bool, sx, sy float64) dossier.Matrix {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	m := dossier.Matrix{A: 1, D: 1, E: -float64(w) / 2, F: -float64(h) / 2}
	if mirrored {
		m = m.Then(dossier.Matrix{A: -1, D: 1})
	}
	m = m.Then(dossier.Matrix{A: cos, B: sin, C: -sin, D: cos}).Then(dossier.Matrix{A: sx, D: sy})
	return m.Then(dossier.Matrix{A: 1, D: 1, E: float64(iw) / 2, F: float64(ih) / 2})
}

func TestAPageLiesAsItsMatrixSays(t *testing.T) {
	if testing.Short() {
		t.Skip("draws pages")
	}
	stored := picture(420, 600)
	pages := []pdfa.Page{}
	for _, view := range []struct {
		w, h     int
		degrees  float64
		mirrored bool
		sx, sy   float64
	}{
		{420, 600, 0, false, 1, 1},
		{600, 420, 90, false, 1, 1},
		{420, 600, 180, false, 1, 1},
		{600, 420, 270, false, 1, 1},
		{420, 600, 0, true, 1, 1},
		{600, 420, 90, true, 1, 1},
		{420, 600, 3.7, false, 1, 1},
		{400, 580, -12, false, 1, 1},
		{600, 420, 91.3, false, 1, 1},
		{420, 1200, 0, false, 1, .5},
		{840, 600, 2, false, .5, 1},
	} {
		p := flatePage(t, stored, dossier.ColorRGB, 8, 15)
		p.Page.Width, p.Page.Height = view.w, view.h
		p.Page.ToImage = turned(view.w, view.h, 420, 600, view.degrees, view.mirrored, view.sx, view.sy)
		pages = append(pages, p)
	}
	file := save(t, "turned.pdf", write(t, info(dossier.Level2u), pages))
	qpdf(t, file)
	for i, p := range pages {
		drawn := draw(t, file, i+1, p.Page.DPI)
		if drawn.Bounds().Dx() != p.Page.Width || drawn.Bounds().Dy() != p.Page.Height {
			t.Errorf("page %d is drawn %v, its page space is %d by %d", i+1, drawn.Bounds(), p.Page.Width, p.Page.Height)
			continue
		}
		if d := difference(expected(stored, p.Page), drawn); d > 2 {
			t.Errorf("page %d differs by %.2f of 255", i+1, d)
		}
	}
}

// boxes returns what pdfinfo says of a page's box, as left, bottom, right, top.
func boxes(t *testing.T, file, box string) (b [4]float64) {
	t.Helper()
	for line := range strings.Lines(run(t, "pdfinfo", "-box", file)) {
		if rest, ok := strings.CutPrefix(line, box+":"); ok {
			if _, err := fmt.Sscan(rest, &b[0], &b[1], &b[2], &b[3]); err != nil {
				t.Fatal(err)
			}
		}
	}
	return b
}

func TestTheCropBoxIsTheUprightPageInTheMiddleOfTheMediaBox(t *testing.T) {
	p := flatePage(t, picture(300, 400), dossier.ColorRGB, 8, 15)
	p.Page.ToImage = turned(300, 400, 300, 400, 5, false, 1, 1)
	file := save(t, "a.pdf", write(t, info(dossier.Level2u), []pdfa.Page{p}))
	media, crop, trim := boxes(t, file, "MediaBox"), boxes(t, file, "CropBox"), boxes(t, file, "TrimBox")
	if crop != trim {
		t.Errorf("crop box %v, trim box %v", crop, trim)
	}
	sin, cos := math.Sincos(5 * math.Pi / 180)
	want := [4]float64{0, 0, (300*cos + 400*sin) * 72 / 150, (300*sin + 400*cos) * 72 / 150}
	for i := range want {
		if math.Abs(media[i]-want[i]) > 0.13 {
			t.Errorf("media box %v, want %v", media, want)
		}
	}
	if math.Abs(crop[2]-crop[0]-144) > 0.011 || math.Abs(crop[3]-crop[1]-192) > 0.011 {
		t.Errorf("crop box %v is not 144 by 192 points", crop)
	}
	if math.Abs(crop[0]+crop[2]-media[2]) > 0.02 || math.Abs(crop[1]+crop[3]-media[3]) > 0.02 {
		t.Errorf("crop box %v is not in the middle of %v", crop, media)
	}
}

func TestPagesOfAnySizeKeepToPDFsLimits(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Java")
	}
	tiny := flatePage(t, picture(2, 3), dossier.ColorRGB, 8, 15)
	strip := flatePage(t, picture(4000, 2), dossier.ColorRGB, 8, 15)
	poster := flatePage(t, picture(200, 100), dossier.ColorRGB, 8, 15)
	poster.Page.DPI = 0.9 // 16,000 points
	for _, level := range levels() {
		file := save(t, string(level)+".pdf", write(t, info(level), []pdfa.Page{tiny, strip, poster}))
		veraPDF(t, string(level), file)
		qpdf(t, file)
	}
}

func TestAPageWithoutSenseIsAnError(t *testing.T) {
	for name, spoil := range map[string]func(*dossier.Page){
		"no resolution":  func(p *dossier.Page) { p.DPI = 0 },
		"no number":      func(p *dossier.Page) { p.DPI = math.NaN() },
		"no width":       func(p *dossier.Page) { p.Width = 0 },
		"no matrix":      func(p *dossier.Page) { p.ToImage = dossier.Matrix{} },
		"no parts":       func(p *dossier.Page) { p.Image.Parts = nil },
		"odd bits":       func(p *dossier.Page) { p.Image.Bits = 3 },
		"odd format":     func(p *dossier.Page) { p.Image.Format = "gif" },
		"odd colours":    func(p *dossier.Page) { p.Image.ColorSpace = "lab" },
		"short Decode":   func(p *dossier.Page) { p.Image.Decode = []float64{0} },
		"no palette":     func(p *dossier.Page) { p.Image.ColorSpace = dossier.ColorIndexed },
		"part too large": func(p *dossier.Page) { p.Image.Parts[0].Bytes++ },
		"part too high":  func(p *dossier.Page) { p.Image.Parts[0].Height++ },
	} {
		p := flatePage(t, image.NewRGBA(image.Rect(0, 0, 8, 8)), dossier.ColorGray, 8, 0)
		spoil(p.Page)
		if err := writeError(info(dossier.Level2u), p); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
