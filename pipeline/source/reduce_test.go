package source

import (
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// unlike is the mean difference of two images' grey values.
func unlike(t *testing.T, a, b *lept.Pix) float64 {
	t.Helper()
	if a.Width() != b.Width() || a.Height() != b.Height() {
		t.Fatalf("%d by %d and %d by %d pixels", a.Width(), a.Height(), b.Width(), b.Height())
	}
	sum := 0
	for y := range a.Height() {
		one, other := a.GrayRow(y), b.GrayRow(y)
		for x := range one {
			d := int(one[x]) - int(other[x])
			sum += max(d, -d)
		}
	}
	return float64(sum) / float64(a.Width()*a.Height())
}

func grey(t *testing.T, pix *lept.Pix, err error) *lept.Pix {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	gray, err := pix.Gray()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(gray.Close)
	return gray
}

func TestAReducedPageLooksLikeTheWholeOneMadeSmall(t *testing.T) {
	root := accuracy.Need(t)
	for _, name := range []string{
		"vi/d0001-p01.jpg", "fr/tapus-00.jpg", "vi/d0006-p1.tif", "en/letter-en.png", "pages/baiona_cmyk.jpg", "pages/baiona_colormapped.png",
		"pages/ccitt.pdf", "pages/jbig2.pdf", "tiff/minisblack-1c-16b.tiff",
	} {
		t.Run(name, func(t *testing.T) {
			o, err := Open(filepath.Join(root, name), dossier.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			p, err := o.Page(1)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			pix, _, err := p.Raster(true)
			whole := grey(t, pix, err)
			side := max(whole.Width(), whole.Height()) / 4
			reduced, _, err := p.Reduced(side, 64<<20)
			small := grey(t, reduced, err)
			want, factor, err := whole.Reduce(max(2*side-1, 1))
			if err != nil {
				t.Fatal(err)
			}
			defer want.Close()
			if factor != 0.25 || max(small.Width(), small.Height()) < side {
				t.Fatalf("%g: %d by %d pixels, at least %d wanted", factor, small.Width(), small.Height(), side)
			}
			if small.Width() > want.Width() || small.Height() > want.Height() { // libjpeg rounds up
				if small, err = small.Crop(0, 0, want.Width(), want.Height()); err != nil {
					t.Fatal(err)
				}
				defer small.Close()
			}
			if d := unlike(t, small, want); d > 2 {
				t.Errorf("%.1f grey values apart", d)
			}
		})
	}
}

func TestAProgressiveJPEGThatTakesMoreThanItMayIsLeft(t *testing.T) {
	root := accuracy.Need(t)
	file := filepath.Join(t.TempDir(), "progressive.jpg")
	tool(t, "jpegtran", "-progressive", "-outfile", file, filepath.Join(root, "vi/d0001-p01.jpg"))
	p := openOne(t, file)
	defer p.Close()
	if pix, _, err := p.Reduced(1000, 1<<20); err == nil {
		pix.Close()
		t.Error("decoded")
	}
	pix, _, err := p.Reduced(1000, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	pix.Close()
}
