package source

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// mustComeBack checks that what was kept of a page, opened from where it is stored, has the pixels that the page has.
func mustComeBack(t *testing.T, name string, kept dossier.PageImage, blob []byte, want *lept.Pix) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(file, blob, 0o600); err != nil {
		t.Fatal(err)
	}
	p, err := Stored(file, kept, dossier.DefaultLimits())
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer p.Close()
	got, warnings, err := p.Raster(true)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	defer got.Close()
	if got.Width() != want.Width() || got.Height() != want.Height() || len(warnings) > 0 {
		t.Errorf("%s: %d by %d pixels came back of %d by %d, %v", name, got.Width(), got.Height(), want.Width(), want.Height(), warnings)
		return
	}
	for y := range got.Height() {
		if a, b := rgbRow(t, got, y), rgbRow(t, want, y); !bytes.Equal(a, b) {
			t.Errorf("%s: row %d of %d came back as another", name, y, got.Height())
			return
		}
	}
}

// rgbRow is a row of any image as RGB triples.
func rgbRow(t *testing.T, pix *lept.Pix, y int) []byte {
	t.Helper()
	row := make([]byte, 3*pix.Width())
	if pix.Depth() == 32 {
		pix.RGBRow(y, row)
		return row
	}
	gray, err := pix.Crop(0, y, pix.Width(), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer gray.Close()
	gray8, err := gray.Gray()
	if err != nil {
		t.Fatal(err)
	}
	defer gray8.Close()
	for i, v := range gray8.Grays() {
		row[3*i], row[3*i+1], row[3*i+2] = v, v, v
	}
	return row
}

func TestAStoredImageThatIsNoneIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "image")
	if err := os.WriteFile(file, []byte("\xff\xd8\xff\xd9 and more"), 0o600); err != nil {
		t.Fatal(err)
	}
	image := func(change func(*dossier.PageImage)) dossier.PageImage {
		i := dossier.PageImage{
			Format: dossier.FormatJPEG, Width: 10, Height: 10, Bits: 8, ColorSpace: dossier.ColorRGB,
			Parts: []dossier.ImagePart{{Bytes: 10, Height: 10}},
		}
		change(&i)
		return i
	}
	for name, i := range map[string]dossier.PageImage{
		"no picture":      image(func(*dossier.PageImage) {}),
		"no parts":        image(func(i *dossier.PageImage) { i.Parts = nil }),
		"a part too long": image(func(i *dossier.PageImage) { i.Parts[0].Bytes = 1 << 40 }),
		"a part before":   image(func(i *dossier.PageImage) { i.Parts[0].Offset = -1 }),
		"too many pixels": image(func(i *dossier.PageImage) { i.Width = 1 << 30 }),
		"a JPEG of ink":   image(func(i *dossier.PageImage) { i.ColorSpace = "ink"; i.Format = dossier.FormatFlate }),
	} {
		if p, err := Stored(file, i, dossier.DefaultLimits()); err == nil {
			p.Close()
			t.Errorf("%s: it opens", name)
		}
	}
}
