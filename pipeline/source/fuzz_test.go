package source

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// FuzzOpen reads whatever bytes there are as far as they can be read. Faults of the C libraries end the process.
func FuzzOpen(f *testing.F) {
	f.Add(scan(f, 40, 40))
	f.Add(withSegments(scan(f, 20, 20), exifSegment(6, 300), profileSegments(profile(2, "RGB "))))
	f.Add(drawnPNG(f, false))
	f.Add(drawnPNG(f, true))
	f.Add(drawnGIF(f))
	f.Add(bitmap(20, 10))
	f.Add(greyPages(3).data)
	f.Add(codestreamHeader(10, 10))
	f.Add(webpHeaderOf(10, 10))
	for _, compression := range []uint32{1, 2, 3, 4, 5, 6, 7, 8, 32773, 34676} {
		b := newTIFF()
		tags := greyTags(20, 10, 5)
		tags[3].values = []uint32{compression}
		b.add(firstLink, [][]byte{[]byte("\x80\x0b\xe0\x40"), []byte("\x00\x10\x01")}, tags...)
		f.Add(b.data)
	}
	limits := dossier.Limits{Pixels: 1 << 20, Pages: 20, Bytes: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(t.TempDir(), "original")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		o, err := Open(file, limits)
		if err != nil {
			mustBeFault(t, err)
			return
		}
		defer o.Close()
		for n := range o.Contents().Pages {
			p, err := o.Page(n + 1)
			if err != nil {
				mustBeFault(t, err)
				continue
			}
			fuzzPage(t, p)
			p.Close()
		}
	})
}

func fuzzPage(t *testing.T, p Page) {
	for _, level := range []dossier.Level{dossier.Level1b, dossier.Level2u} {
		image, blob, _, err := p.Image(level)
		if err != nil {
			mustBeFault(t, err)
			continue
		}
		mustBeCovered(t, "fuzz", image, blob)
	}
	for _, colour := range []bool{true, false} {
		pix, _, err := p.Raster(colour)
		if err != nil {
			mustBeFault(t, err)
		}
		pix.Close()
	}
	pix, _, err := p.Reduced(8, 1<<20)
	if err != nil && !errors.Is(err, lept.ErrBudget) {
		mustBeFault(t, err)
	}
	pix.Close()
}

func mustBeFault(t *testing.T, err error) {
	t.Helper()
	var reason *dossier.Reason
	if !errors.As(err, &reason) {
		t.Fatalf("%v is not a reason", err)
	}
}
