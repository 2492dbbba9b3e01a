package barcode

import (
	"bytes"
	"image"
	"image/color"
	_ "image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// load decodes a picture to grey, on white.
func load(t testing.TB, path string) *lept.Pix {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Ext(path) == ".jpg" {
		pix, _, err := lept.DecodeJPEG(data, false)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pix.Close)
		return pix
	}
	decoded, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	b := decoded.Bounds()
	pix, err := lept.New(b.Dx(), b.Dy(), 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pix.Close)
	row := make([]byte, b.Dx())
	for y := range b.Dy() {
		for x := range row {
			r, g, b, a := decoded.At(b.Min.X+x, b.Min.Y+y).RGBA()
			white := 0xffff - a
			row[x] = color.GrayModel.Convert(color.RGBA64{R: uint16(r + white), G: uint16(g + white), B: uint16(b + white), A: 0xffff}).(color.Gray).Y
		}
		pix.SetRow(y, row)
	}
	return pix
}

func TestBothCodesOfANoticeAreRead(t *testing.T) {
	got := read(t, load(t, filepath.Join(accuracy.Need(t), "vi", "d0001-p10.jpg")))
	for _, text := range []string{"https://q.me-qr.com/JE3JAoA0", "https://q.me-qr.com/XR1SdeJb"} {
		if _, ok := find(got, printed{symbology: dossier.SymbologyQR, text: text}); !ok || len(got) != 2 {
			t.Errorf("%s is not read: %v", text, got)
		}
	}
}

func TestEveryPhotographOfASymbolIsRead(t *testing.T) {
	for folder, symbology := range map[string]dossier.Symbology{"qrcode-1": dossier.SymbologyQR, "code128-1": dossier.SymbologyCode128} {
		files, err := filepath.Glob(filepath.Join(accuracy.Need(t), "barcodes", folder, "*.png"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pictures: %v", err)
		}
		for _, file := range files {
			want, err := os.ReadFile(strings.TrimSuffix(file, ".png") + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			got := read(t, load(t, file), everySymbology()...)
			if _, ok := find(got, printed{symbology: symbology, text: string(want)}); !ok || len(got) != 1 {
				t.Errorf("%s/%s: read %v, want %q", folder, filepath.Base(file), got, want)
			}
		}
	}
}

func TestNoSymbolIsReadWhereNoneIs(t *testing.T) {
	dir := accuracy.Need(t)
	patterns := []string{"barcodes/falsepositives/*.png"}
	if !testing.Short() {
		patterns = append(patterns, "vi/*.jpg", "fr/*.jpg", "en/*.png", "orientation/*.jpg", "orientation/*.png")
	}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pictures in %s: %v", pattern, err)
		}
		for _, file := range files {
			if filepath.Base(file) == "d0001-p10.jpg" {
				continue
			}
			if got := read(t, load(t, file), everySymbology()...); len(got) > 0 {
				t.Errorf("%s: read %v", file, got)
			}
		}
	}
}
