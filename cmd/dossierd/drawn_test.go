package main_test

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/disintegration/imaging"
)

const (
	// drawnSize is the length in pixels of the longer side at which pages are compared: coarse enough that half a pixel
	// at 300 dpi is nothing.
	drawnSize = 140
	// drawnDifference is how far two drawings of a page may be apart: the mean over its pixels, of 255.
	drawnDifference = 13.0
	// drawnLikeness is the least correlation of their pixels, where the page is not of one colour.
	drawnLikeness = 0.87
)

// otherwise are the inputs that the other drawer draws otherwise, each with the reason.
var otherwise = map[string]string{
	"barcodes/code128-1/2.png":                                      "bars two pixels wide, enlarged: every drawer smears them in its way",
	"barcodes/code128-1/6.png":                                      "the same",
	"barcodes/code128-1/5.png":                                      "the same",
	"fr/present-scan.pdf":                                           "the image does not fill the page, and the dossier's page is the image",
	"odd/pdfjs-issue2840.pdf":                                       "a font that is not embedded, which PDFium has no substitute for",
	"odd/id=000019,sig=06,src=000001,op=havoc,rep=8":                "ImageMagick shows what of the strips is missing as if it were there",
	"odd/pillow-crash-0da013a13571cc8eb457a39fee8db18f8a3c7127.tif": "damaged: each shows what it makes of it",
	"odd/pdfjs-issue17215.pdf":                                      "the same",
	"pages/tagged.pdf":                                              "hairlines, which poppler draws a pixel wide",
	"tiff/cmyk-4c-8b.tiff":                                          "ImageMagick applies the mask that Photoshop keeps as a fifth channel",
	"tiff/hpredict-1c-12b.tiff":                                     "four pixels by two",
	"tiff/int16_rgb.tif":                                            "signed samples, whose least ImageMagick takes for the middle",
	"tiff/logluv-3c-16b.tiff":                                       "one pixel",
	"tiff/miniswhite-1c-1b.tiff":                                    "black dots a pixel wide, enlarged",
	"tiff/minisblack-2c-8b-alpha.tiff":                              "ImageMagick multiplies by an alpha that is associated already",
}

// TestEveryPageLooksLikeItsOriginal draws each PDF with poppler, and its original with ImageMagick, or poppler where it
// is a PDF, and turns the latter as the page's image is turned.
func TestEveryPageLooksLikeItsOriginal(t *testing.T) {
	t.Parallel()
	for _, l := range swept(t).done() {
		name := short(t, l.File)
		if otherwise[name] != "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			looksLike(t, l)
		})
	}
}

func looksLike(t *testing.T, l scanLine) {
	placed := placements(t, l.PDF)
	for n := 1; n <= min(l.Pages, 6); n++ {
		want, err := drawOriginal(t, l.File, n)
		if err != nil {
			t.Errorf("draw the original's page %d: %v", n, err)
			continue
		}
		difference, likeness, turn := compare(drawPDF(t, l.PDF, n), want, placed[n])
		if difference > drawnDifference || likeness < drawnLikeness {
			t.Errorf("page %d is %.1f of 255 away from its original, correlation %.3f, turned by %d", n, difference, likeness, turn)
		}
		name := short(t, l.File)
		if turn != 0 && (strings.HasPrefix(name, "vi/") || strings.HasPrefix(name, "fr/") || strings.HasPrefix(name, "en/")) {
			t.Errorf("page %d was turned by %d", n, turn)
		}
	}
}

// placement is how an image lies on a page: degrees counter-clockwise from level, -45 to 45.
type placement struct{ skew float64 }

var painted = regexp.MustCompile(`(?:^|\s)(-?[\d.]+) (-?[\d.]+) -?[\d.]+ -?[\d.]+ -?[\d.]+ -?[\d.]+ cm /I\d+ Do`)

// placements finds in the pages' contents how their images are turned.
func placements(t *testing.T, pdf string) map[int]placement {
	t.Helper()
	found := map[int]placement{}
	page := 0
	for line := range strings.Lines(output(t, "qpdf", "--qdf", "--object-streams=disable", pdf, "-")) {
		if number, ok := strings.CutPrefix(line, "%% Contents for page "); ok {
			page, _ = strconv.Atoi(strings.TrimSpace(number))
		}
		if _, known := found[page]; page == 0 || known || !strings.Contains(line, " cm /I") {
			continue
		}
		m := painted.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		a, _ := strconv.ParseFloat(m[1], 64)
		b, _ := strconv.ParseFloat(m[2], 64)
		degrees := math.Atan2(b, a) * 180 / math.Pi
		found[page] = placement{skew: degrees - 90*math.Round(degrees/90)}
	}
	return found
}

// drawPDF is a page's crop box as poppler draws it, drawnSize pixels long.
func drawPDF(t *testing.T, file string, page int) image.Image {
	t.Helper()
	m, err := poppler(t, file, page)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func poppler(t *testing.T, file string, page int) (image.Image, error) {
	n := strconv.Itoa(page)
	stem := filepath.Join(t.TempDir(), "page")
	out, err := exec.Command(tool(t, "pdftoppm"), "-png", "-cropbox", "-singlefile", "-f", n, "-l", n,
		"-scale-to", strconv.Itoa(4*drawnSize), file, stem).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("pdftoppm: %w\n%s", err, out)
	}
	return readPNG(stem + ".png")
}

func readPNG(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// drawOriginal draws a page of an input without dossierd.
func drawOriginal(t *testing.T, file string, page int) (image.Image, error) {
	t.Helper()
	if strings.HasSuffix(file, ".pdf") {
		return poppler(t, file, page)
	}
	drawn := filepath.Join(t.TempDir(), "original.png")
	out, err := exec.Command(tool(t, "convert"), fmt.Sprintf("%s[%d]", file, page-1), "-auto-orient", "-colorspace", "sRGB",
		"-background", "white", "-alpha", "remove", "-filter", "box", "-resize", "800x800>", "PNG24:"+drawn).CombinedOutput()
	if _, missing := os.Stat(drawn); missing != nil {
		return nil, fmt.Errorf("convert: %w\n%s", err, out)
	}
	return readPNG(drawn)
}

// compare turns the original as the page lies, by quarters as it fits best, and gives the mean difference, the
// correlation and the quarters, in degrees.
func compare(got, original image.Image, p placement) (difference, likeness float64, turn int) {
	size := got.Bounds().Size()
	scale := float64(drawnSize) / float64(max(size.X, size.Y))
	w, h := max(1, int(float64(size.X)*scale)), max(1, int(float64(size.Y)*scale))
	page := imaging.Resize(got, w, h, imaging.Box)
	difference = math.Inf(1)
	for quarter := range 4 {
		rw, rh := 4*w, 4*h
		if quarter%2 == 1 {
			rw, rh = rh, rw
		}
		m := imaging.Resize(original, rw, rh, imaging.Box)
		switch quarter {
		case 1:
			m = imaging.Rotate90(m)
		case 2:
			m = imaging.Rotate180(m)
		case 3:
			m = imaging.Rotate270(m)
		}
		m = imaging.CropCenter(imaging.Rotate(m, p.skew, color.White), 4*w, 4*h)
		d, c := apart(page, imaging.Resize(m, w, h, imaging.Box))
		if d < difference {
			difference, likeness, turn = d, c, 90*quarter
		}
	}
	return difference, likeness, turn
}

// apart is the mean difference of the colours of two images of one size, and their correlation; 1 where one has a single
// colour.
func apart(a, b *image.NRGBA) (difference, correlation float64) {
	var n, sa, sb, saa, sbb, sab float64
	for i := range min(len(a.Pix), len(b.Pix)) {
		if i%4 == 3 {
			continue // opacity
		}
		x, y := float64(a.Pix[i]), float64(b.Pix[i])
		difference += math.Abs(x - y)
		n, sa, sb, saa, sbb, sab = n+1, sa+x, sb+y, saa+x*x, sbb+y*y, sab+x*y
	}
	va, vb := saa/n-sa/n*sa/n, sbb/n-sb/n*sb/n
	if va < 4 || vb < 4 {
		return difference / n, 1
	}
	return difference / n, (sab/n - sa/n*sb/n) / math.Sqrt(va*vb)
}
