package main

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

func TestALookStaysWithin100MBOnAnA4PageAt600DPI(t *testing.T) {
	b := newBench(t)
	scan, asJPEG := a4At600(t)
	gray := image.NewGray(scan.Rect)
	for i := range gray.Pix {
		gray.Pix[i] = scan.Pix[4*i+1]
	}
	var asPNG bytes.Buffer
	if err := png.Encode(&asPNG, gray); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"jpeg": asJPEG, "png": asPNG.Bytes()} {
		t.Run(name, func(t *testing.T) {
			o := b.write(t, name, data)
			var looked *ocr.Looked
			var err error
			peak := watchWorkers(func() { looked, err = b.Look(t.Context(), o, 1) })
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d MB of memory for a file of %d, %s of CPU", peak/1e6, len(data)/1e6, looked.CPU)
			if peak > 100e6 || looked.Look.Skipped != "" || len(looked.Thumb) == 0 {
				t.Errorf("%d MB, %+v", peak/1e6, looked.Look)
			}
		})
	}
}

func TestAFileThatTakesTooMuchMemoryIsSkippedWithAReason(t *testing.T) {
	b := newBench(t)
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&data, image.NewRGBA(image.Rect(0, 0, 4960, 7016))); err != nil {
		t.Fatal(err)
	}
	var looked *ocr.Looked
	var err error
	peak := watchWorkers(func() { looked, err = b.Look(t.Context(), b.write(t, "large.png", data.Bytes()), 1) })
	if err != nil || looked.Look.Skipped == "" || peak > 100e6 {
		t.Errorf("%d MB, %+v, %v", peak/1e6, looked, err)
	}
}

func TestAPageWhoseDecodingTakesTooMuchMemoryIsSkippedWithAReason(t *testing.T) {
	b := newBench(t)
	plain := filepath.Join(t.TempDir(), "plain.jpg")
	f, err := os.Create(plain)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, image.NewRGBA(image.Rect(0, 0, 4960, 7016)), nil); err != nil {
		t.Fatal(err)
	}
	f.Close()
	data, err := exec.Command("jpegtran", "-progressive", plain).Output()
	if err != nil {
		t.Fatal(err)
	}
	looked, err := b.Look(t.Context(), b.write(t, "progressive.jpg", data), 1)
	if err != nil || looked.Look.Skipped == "" || looked.Thumb != nil {
		t.Errorf("got %+v, %v", looked, err)
	}
}

func TestAPageThatHasToBeDrawnIsNotLookedAt(t *testing.T) {
	b := newBench(t)
	looked, err := b.Look(t.Context(), b.put(t, corpus(t, "pages/tagged.pdf")), 1)
	if err != nil || looked.Look.Skipped == "" {
		t.Errorf("got %+v, %v", looked, err)
	}
}

func TestHostileFilesNeverLoseTheLookingWorker(t *testing.T) {
	b := newBench(t)
	for _, dir := range []string{"odd", "tiff", "pages", "orientation"} {
		entries, err := os.ReadDir(corpus(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			looked, err := b.Look(t.Context(), b.put(t, filepath.Join(corpus(t, dir), e.Name())), 1)
			var lost *ocr.WorkerError
			if errors.As(err, &lost) {
				t.Errorf("%s: %v", e.Name(), err)
			}
			if err == nil {
				t.Logf("%s: %s %v %s", e.Name(), looked.Look.Skipped, looked.Look.Verdicts, looked.CPU)
			}
		}
	}
}

// inTwoPieces is a PDF of one page that a picture covers, with a speck as a second picture on it: it has to be drawn.
func inTwoPieces(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var scan bytes.Buffer
	if err := jpeg.Encode(&scan, picture, nil); err != nil {
		t.Fatal(err)
	}
	content := "q 595 0 0 842 0 0 cm /A Do Q q 3 0 0 3 300 400 cm /B Do Q"
	var pdf bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, pdf.Len())
		fmt.Fprintf(&pdf, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&pdf, format, args...)
		pdf.WriteString("\nendobj\n")
	}
	pdf.WriteString("%PDF-1.4\n")
	object("<</Type/Catalog/Pages 2 0 R>>")
	object("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	object("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</A 5 0 R/B 6 0 R>>>>>>")
	object("<</Length %d>>stream\n%s\nendstream", len(content), content)
	object("<</Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode/Length %d>>stream\n%s\nendstream",
		picture.Bounds().Dx(), picture.Bounds().Dy(), scan.Len(), scan.Bytes())
	object("<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>stream\n\x80\nendstream")
	table := pdf.Len()
	fmt.Fprintf(&pdf, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&pdf, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&pdf, "trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, table)
	return pdf.Bytes()
}

func TestAScanThatHasToBeDrawnIsLookedAtAsItIsRead(t *testing.T) {
	b := newBench(t)
	good, err := imaging.Open(corpus(t, "vi/d0001-p01.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		scan image.Image
		want []dossier.VerdictCode
	}{
		"good.pdf": {good, nil},
		"dark.pdf": {imaging.AdjustFunc(good, func(c color.NRGBA) color.NRGBA {
			return color.NRGBA{uint8(int(c.R) * 2 / 5), uint8(int(c.G) * 2 / 5), uint8(int(c.B) * 2 / 5), 255}
		}), []dossier.VerdictCode{dossier.VerdictTooDark}},
	} {
		r := b.readAll(t, b.write(t, name, inTwoPieces(t, tt.scan)))[0]
		if r.Look == nil || !slices.Equal(r.Look.Verdicts, tt.want) || len(r.Thumb) == 0 {
			t.Errorf("%s: %+v", name, r.Look)
		}
	}
	if r := b.readAll(t, b.put(t, corpus(t, "pages/tagged.pdf")))[0]; r.Look != nil {
		t.Errorf("what was never scanned: %+v", r.Look)
	}
}
