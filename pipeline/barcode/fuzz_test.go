package barcode

import (
	"testing"

	"github.com/dossierd/dossierd/pipeline/lept"
)

// Whatever the pixels are, reading them ends, and the boxes of what is read are not empty.
func FuzzReadTakesAnyPixels(f *testing.F) {
	for _, s := range []sheet{{width: 24, height: 20, dpi: 150}, {width: 24, height: 20, dpi: 150, noise: 60}} {
		for _, p := range sixSymbols() {
			p.x, p.y, p.text = 12, 10, "A1"
			pix := s.scan(f, p)
			f.Add(uint8(pix.Width()), pix.Grays())
		}
	}
	f.Fuzz(func(t *testing.T, width uint8, data []byte) {
		w := int(width)
		if w == 0 || len(data) < w || len(data) > 1<<16 {
			return
		}
		pix, err := lept.New(w, len(data)/w, 8)
		if err != nil {
			t.Fatal(err)
		}
		defer pix.Close()
		for y := range pix.Height() {
			pix.SetRow(y, data[y*w:(y+1)*w])
		}
		for _, s := range read(t, pix, everySymbology()...) {
			if s.Box.Width() <= 0 || s.Box.Height() <= 0 {
				t.Errorf("%s %q has the box %v", s.Symbology, s.Text, s.Box)
			}
		}
	})
}
