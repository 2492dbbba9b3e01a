package look

import (
	"bytes"
	"image/jpeg"
	"testing"

	"github.com/dossierd/dossierd/pipeline/source"
)

// FuzzPage looks at whatever picture there is, of whatever size and resolution.
func FuzzPage(f *testing.F) {
	f.Add(uint16(64), uint16(5), uint16(300), []byte("\xff\xff\xff\x00\x00\xff\xff"))
	f.Add(uint16(1), uint16(1), uint16(72), []byte{0})
	f.Add(uint16(40), uint16(2000), uint16(0), bytes.Repeat([]byte{255, 250, 3}, 70))
	f.Fuzz(func(t *testing.T, width, height, dpi uint16, pattern []byte) {
		w, h := int(width)%2500+1, int(height)%2500+1
		if len(pattern) == 0 || w*h > 1<<21 {
			return
		}
		pix := make([]byte, w*h)
		for i := range pix {
			pix[i] = pattern[(i/w*7+i%w)%len(pattern)]
		}
		found, thumb, err := Page(source.FromRaster(w, h, 1, float64(dpi), pix), w, h)
		if err != nil {
			t.Fatal(err)
		}
		small, err := jpeg.DecodeConfig(bytes.NewReader(thumb))
		if err != nil || small.Width > 200 {
			t.Fatalf("a thumbnail of %d by %d pixels, %v: %+v", small.Width, small.Height, err, found)
		}
	})
}
