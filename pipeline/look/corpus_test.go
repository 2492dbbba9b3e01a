package look

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/lept"
	"github.com/dossierd/dossierd/pipeline/source"
)

// eachPage opens every page of the files that is an image.
func eachPage(t *testing.T, patterns []string, f func(name string, p source.Page, info source.Info)) {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(accuracy.Need(t), pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, file := range files {
			o, err := source.Open(file, dossier.DefaultLimits())
			if err != nil {
				continue // the transcripts
			}
			for n, info := range o.Contents().Pages {
				p, err := o.Page(n + 1)
				if info.Draw || err != nil {
					continue
				}
				f(fmt.Sprintf("%s#%d", strings.TrimPrefix(file, accuracy.Need(t)), n+1), p, info)
				p.Close()
			}
			if err := o.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func lookAt(t *testing.T, p Source, width, height int) dossier.Look {
	t.Helper()
	found, thumb, err := Page(p, width, height)
	if err != nil {
		t.Fatal(err)
	}
	small, err := jpeg.DecodeConfig(bytes.NewReader(thumb))
	if err != nil || small.Width > 200 {
		t.Errorf("a thumbnail of %d by %d pixels, %v", small.Width, small.Height, err)
	}
	return found
}

var everyLanguage = []string{"vi/*", "fr/*", "en/*.tif", "en/*.png", "en/*.jpg"}

func TestFewGoodPagesRaiseAnAlarm(t *testing.T) {
	pages, alarmed := 0, 0
	eachPage(t, everyLanguage, func(name string, p source.Page, info source.Info) {
		found := lookAt(t, p, info.Width, info.Height)
		pages++
		t.Logf("%s %v: paper %d contrast %.2f edge %.2f letter %.1f (%.0f dpi) skew %.1f streaks %v", name, found.Verdicts, found.Paper,
			found.Contrast, found.Edge, found.Letter, found.DPI, found.Skew, found.Streaks)
		if slices.ContainsFunc(found.Verdicts, dossier.VerdictCode.AdvisesRescan) {
			alarmed++
		}
	})
	if pages < 30 || alarmed*20 > pages {
		t.Errorf("%d of %d pages raise an alarm", alarmed, pages)
	}
}

// spoiling is a way to make a bad copy of a good scan.
type spoiling struct {
	name string
	want dossier.VerdictCode
	make func(scan *image.NRGBA, dpi float64) image.Image
}

// lowDPI is a resolution at which print can hardly be read.
const lowDPI = 60

func spoilings() []spoiling {
	blur := func(mm float64) func(*image.NRGBA, float64) image.Image {
		return func(scan *image.NRGBA, dpi float64) image.Image { return imaging.Blur(scan, mm/millimetres*dpi) }
	}
	levels := func(f func(v float64) float64) func(*image.NRGBA, float64) image.Image {
		return func(scan *image.NRGBA, _ float64) image.Image {
			var table [256]uint8
			for i := range table {
				table[i] = uint8(min(255, max(0, math.Round(f(float64(i))))))
			}
			return imaging.AdjustFunc(scan, func(c color.NRGBA) color.NRGBA {
				return color.NRGBA{table[c.R], table[c.G], table[c.B], 255}
			})
		}
	}
	// Such shares of the letters are lost at each side.
	crop := func(left, top, right, bottom float64) func(*image.NRGBA, float64) image.Image {
		return func(scan *image.NRGBA, _ float64) image.Image {
			return imaging.Crop(scan, without(scan, left, top, right, bottom))
		}
	}
	turn := func(degrees float64) func(*image.NRGBA, float64) image.Image {
		return func(scan *image.NRGBA, _ float64) image.Image { return imaging.Rotate(scan, degrees, color.White) }
	}
	fold := func(across, down float64) func(*image.NRGBA, float64) image.Image {
		return func(scan *image.NRGBA, dpi float64) image.Image {
			out := imaging.Clone(scan)
			w, h := across/millimetres*dpi, down/millimetres*dpi
			for y := range int(h) {
				for x := range int(w * (1 - float64(y)/h)) {
					out.SetNRGBA(out.Rect.Max.X-1-x, y, color.NRGBA{20, 20, 22, 255})
				}
			}
			return out
		}
	}
	return []spoiling{
		{"blur 0.5 mm", dossier.VerdictBlurred, blur(0.5)},
		{"blur 0.8 mm", dossier.VerdictBlurred, blur(0.8)},
		{"light times 0.45", dossier.VerdictTooDark, levels(func(v float64) float64 { return 0.45 * v })},
		{"ink times 0.25", dossier.VerdictTooLight, levels(func(v float64) float64 { return 255 - 0.25*(255-v) })},
		{"cropped left", dossier.VerdictCutOff, crop(0.12, 0, 0, 0)},
		{"cropped right", dossier.VerdictCutOff, crop(0, 0, 0.15, 0)},
		{"cropped all round", dossier.VerdictCutOff, crop(0.1, 0.1, 0.1, 0.1)},
		{"turned 12", dossier.VerdictSkewed, turn(12)},
		{"turned -14", dossier.VerdictSkewed, turn(-14)},
		{"corner folded", dossier.VerdictFoldedCorner, fold(25, 20)},
		{"scanned at 60 dpi", dossier.VerdictLowResolution, func(scan *image.NRGBA, dpi float64) image.Image {
			return imaging.Resize(scan, int(float64(scan.Rect.Dx())*lowDPI/dpi), 0, imaging.Box)
		}},
	}
}

// without is what is left of a page when shares of its letters are cut off at its sides.
func without(scan *image.NRGBA, left, top, right, bottom float64) image.Rectangle {
	pix, err := lept.New(scan.Rect.Dx(), scan.Rect.Dy(), 32)
	if err != nil {
		panic(err)
	}
	defer pix.Close()
	row := make([]byte, 3*scan.Rect.Dx())
	for y := range scan.Rect.Dy() {
		for x := range scan.Rect.Dx() {
			copy(row[3*x:3*x+3], scan.Pix[y*scan.Stride+4*x:])
		}
		pix.SetRow(y, row)
	}
	gray, err := pix.Gray()
	if err != nil {
		panic(err)
	}
	defer gray.Close()
	counts, err := gray.Histogram(1)
	if err != nil {
		panic(err)
	}
	binary, err := gray.Threshold(clean.Otsu(counts))
	if err != nil {
		panic(err)
	}
	defer binary.Close()
	letters, err := clean.FindLetters(binary)
	if err != nil || len(letters) == 0 {
		panic(fmt.Sprint(len(letters), " letters, ", err))
	}
	var xs, ys []int
	for _, b := range letters {
		xs, ys = append(xs, b.Min.X, b.Max.X), append(ys, b.Min.Y, b.Max.Y)
	}
	sort.Ints(xs)
	sort.Ints(ys)
	rest := scan.Rect
	at := func(sorted []int, share float64) int { return sorted[int(share*float64(len(sorted)-1))] }
	if left > 0 {
		rest.Min.X = at(xs, left)
	}
	if right > 0 {
		rest.Max.X = at(xs, 1-right)
	}
	if top > 0 {
		rest.Min.Y = at(ys, top)
	}
	if bottom > 0 {
		rest.Max.Y = at(ys, 1-bottom)
	}
	return rest
}

// asScan codes an image as a scanner does: a JPEG that names its resolution.
func asScan(t *testing.T, img image.Image, dpi float64) source.Original {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	head := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01")
	head = binary.BigEndian.AppendUint16(head, uint16(dpi))
	head = binary.BigEndian.AppendUint16(head, uint16(dpi))
	file := filepath.Join(t.TempDir(), "scan.jpg")
	if err := os.WriteFile(file, append(append(head, 0, 0), b.Bytes()[2:]...), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := source.Open(file, dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// scanned is a page of the corpus as a scanner at 200 dpi makes it.
func scanned(t *testing.T, p source.Page, info source.Info) (scan *image.NRGBA, dpi float64) {
	t.Helper()
	const usual = 200
	pix, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	coloured := pix
	if pix.Depth() == 1 {
		if coloured, err = pix.Gray(); err != nil {
			t.Fatal(err)
		}
		defer coloured.Close()
	}
	img := image.NewNRGBA(image.Rect(0, 0, pix.Width(), pix.Height()))
	rgb := make([]byte, 3*pix.Width())
	for y := range pix.Height() {
		var gray []byte
		if coloured.Depth() == 8 {
			gray = coloured.GrayRow(y)
		} else {
			coloured.RGBRow(y, rgb)
		}
		for x := range pix.Width() {
			c := color.NRGBA{rgb[3*x], rgb[3*x+1], rgb[3*x+2], 255}
			if gray != nil {
				c = color.NRGBA{gray[x], gray[x], gray[x], 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	dpi = clean.Unread(info.Width, info.Height, p).DPI
	if dpi > usual {
		img = imaging.Resize(img, int(float64(img.Rect.Dx())*usual/dpi), 0, imaging.Box)
		dpi = usual
	}
	return img, dpi
}

// spoiledNth is how many pages of the corpus pass for one that is spoiled: all of them take ten minutes.
const spoiledNth = 3

// enough is the share of spoiled copies that must be found. Cut off are also a slide, white on black, and carbon copies whose
// letters can hardly be told from the paper; a corner that is folded on a black bed is a part of that.
func enough(code dossier.VerdictCode) float64 {
	switch code {
	case dossier.VerdictBlurred, dossier.VerdictTooDark, dossier.VerdictSkewed:
		return 0.95
	case dossier.VerdictCutOff:
		return 0.85
	}
	return 0.7
}

func TestSpoiledCopiesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("spoils a dozen pages in a dozen ways")
	}
	ways := map[dossier.VerdictCode][]spoiling{}
	for _, s := range spoilings() {
		ways[s.want] = append(ways[s.want], s)
	}
	for code, spoilings := range ways {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			pages, found, of := 0, 0, 0
			eachPage(t, everyLanguage, func(name string, p source.Page, info source.Info) {
				if pages++; pages%spoiledNth != 0 {
					return
				}
				scan, dpi := scanned(t, p, info)
				for _, s := range spoilings {
					of++
					if look := s.lookAt(t, scan, dpi); slices.Contains(look.Verdicts, code) {
						found++
					} else {
						t.Logf("%s, %s: %+v", name, s.name, look)
					}
				}
			})
			t.Logf("%d of %d are found", found, of)
			if float64(found) < enough(code)*float64(of) {
				t.Errorf("%d of %d are found", found, of)
			}
		})
	}
}

// lookAt spoils a scan and looks at it.
func (s spoiling) lookAt(t *testing.T, scan *image.NRGBA, dpi float64) dossier.Look {
	t.Helper()
	bad := s.make(scan, dpi)
	if s.want == dossier.VerdictLowResolution {
		dpi = lowDPI
	}
	return lookAtScan(t, bad, dpi)
}

// lookAtScan looks at a scan of an image.
func lookAtScan(t *testing.T, img image.Image, dpi float64) dossier.Look {
	t.Helper()
	o := asScan(t, img, dpi)
	defer o.Close()
	page, err := o.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	return lookAt(t, page, img.Bounds().Dx(), img.Bounds().Dy())
}
