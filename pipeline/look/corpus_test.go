package look

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/clean"
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

// asScan codes an image as a scanner does: a JPEG that names its resolution; none where dpi is 0.
func asScan(t *testing.T, img image.Image, dpi float64) source.Original {
	t.Helper()
	o, err := source.Open(writeScan(t, img, dpi), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func writeScan(t *testing.T, img image.Image, dpi float64) (file string) {
	t.Helper()
	if i, ok := img.(*image.NRGBA); ok && i.Opaque() { // which is RGBA then, and written four times as fast
		img = &image.RGBA{Pix: i.Pix, Stride: i.Stride, Rect: i.Rect}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	scan := b.Bytes()
	if dpi > 0 {
		head := []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x01")
		head = binary.BigEndian.AppendUint16(head, uint16(dpi))
		head = binary.BigEndian.AppendUint16(head, uint16(dpi))
		scan = append(append(head, 0, 0), scan[2:]...)
	}
	file = filepath.Join(t.TempDir(), "scan.jpg")
	if err := os.WriteFile(file, scan, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// scanned is a page of the corpus as a scanner at 200 dpi makes it.
func scanned(t *testing.T, p source.Page, info source.Info) scan {
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
	dpi := clean.Unread(info.Width, info.Height, p).DPI
	if dpi > usual {
		img = imaging.Resize(img, int(float64(img.Rect.Dx())*usual/dpi), 0, imaging.Box)
		dpi = usual
	}
	return scan{img, dpi, lookAtScan(t, img, dpi)}
}

// spoiledNth is how many pages of the corpus pass for one that is spoiled: all of them take half an hour.
const spoiledNth = 3

func TestSpoiledCopiesAreFound(t *testing.T) {
	if testing.Short() {
		t.Skip("spoils a dozen pages in sixty ways")
	}
	const enough = 0.95
	ways := map[dossier.VerdictCode][]spoiling{}
	for _, s := range spoilings() {
		ways[s.want] = append(ways[s.want], s)
	}
	pages, scans := 0, map[string]scan{}
	eachPage(t, everyLanguage, func(name string, p source.Page, info source.Info) {
		if pages++; pages%spoiledNth == 0 {
			scans[name] = scanned(t, p, info)
		}
	})
	for code, spoilings := range ways {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			found, of := 0, 0
			for name, good := range scans {
				for _, s := range spoilings {
					copied, dpi := s.copy(good)
					if copied == nil {
						continue
					}
					of++
					if look := lookAtScan(t, copied, dpi); slices.Contains(look.Verdicts, code) {
						found++
					} else {
						t.Logf("%s, %s: %+v", name, s.name, look)
					}
				}
			}
			t.Logf("%d of %d are found", found, of)
			if float64(found) < enough*float64(of) {
				t.Errorf("%d of %d are found", found, of)
			}
		})
	}
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
