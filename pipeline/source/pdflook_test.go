package source

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// popplersPage has poppler draw a page in grey and returns its pixels. Width and height are those of the page as it
// is seen, which poppler takes for those before it is turned.
func popplersPage(t *testing.T, path string, page, width, height int) []byte {
	t.Helper()
	n := fmt.Sprint(page)
	for _, size := range [2][2]int{{width, height}, {height, width}} {
		pgm := tool(t, "pdftoppm", "-cropbox", "-gray", "-f", n, "-l", n, "-scale-to-x", fmt.Sprint(size[0]),
			"-scale-to-y", fmt.Sprint(size[1]), path)
		var w, h int
		if _, err := fmt.Sscanf(string(pgm[:min(40, len(pgm))]), "P5\n%d %d", &w, &h); err != nil {
			t.Fatal("pdftoppm: ", err)
		}
		if w == width && h == height {
			return pgm[len(pgm)-w*h:]
		}
	}
	t.Fatalf("pdftoppm draws page %d at no %d by %d pixels", page, width, height)
	return nil
}

// seen turns a page's raster upright and scales it to the page's shape.
func seen(t *testing.T, p Page, size float64) (pixels []byte, width, height int) {
	t.Helper()
	pix, _, err := p.Raster(false)
	if err != nil {
		t.Fatal(err)
	}
	x, y := p.Resolution()
	if x == 0 {
		x, y = 1, 1
	}
	turns := map[int]int{3: 2, 6: 1, 8: 3, 4: 2, 5: 3, 7: 1}
	mirrored := map[int]bool{2: true, 4: true, 5: true, 7: true}
	steps := []func(*lept.Pix) (*lept.Pix, error){(*lept.Pix).Gray, func(pix *lept.Pix) (*lept.Pix, error) {
		f := size / max(float64(pix.Width())/x, float64(pix.Height())/y)
		return pix.Scale(f/x, f/y)
	}}
	if mirrored[p.Orientation()] {
		steps = append(steps, (*lept.Pix).Mirror)
	}
	steps = append(steps, func(x *lept.Pix) (*lept.Pix, error) { return x.Turn(turns[p.Orientation()]) })
	for _, step := range steps {
		next, err := step(pix)
		pix.Close()
		if err != nil {
			t.Fatal(err)
		}
		pix = next
	}
	defer pix.Close()
	pnm, err := pix.PNM()
	if err != nil {
		t.Fatal(err)
	}
	width, height = pix.Width(), pix.Height()
	return pnm[len(pnm)-width*height:], width, height
}

// mustLookAlike compares the means of squares, in which the ways of scaling do not differ.
func mustLookAlike(t *testing.T, path string, page int, p Page, most float64) {
	t.Helper()
	const size, square = 300, 10
	got, w, h := seen(t, p, size)
	want := popplersPage(t, path, page, w, h)
	var sum float64
	for y := 0; y+square <= h; y += square {
		for x := 0; x+square <= w; x += square {
			var d int
			for i := range square * square {
				at := (y+i/square)*w + x + i%square
				d += int(got[at]) - int(want[at])
			}
			sum += math.Abs(float64(d)) / (square * square)
		}
	}
	if mean := sum / float64((w/square)*(h/square)); mean > most {
		t.Errorf("page %d, lying %d: mean difference %.1f", page, p.Orientation(), mean)
	}
}

func TestImagesLieAsPopplerDrawsThem(t *testing.T) {
	matrices := []string{
		"200 0 0 300 0 0", "-200 0 0 300 200 0", "200 0 0 -300 0 300", "-200 0 0 -300 200 300",
		"0 300 200 0 0 0", "0 -300 200 0 0 300", "0 300 -200 0 200 0", "0 -300 -200 0 200 300",
	}
	seenAll := map[int]bool{}
	for _, matrix := range matrices {
		for rotate := 0; rotate < 360; rotate += 90 {
			if testing.Short() && rotate != 0 {
				continue
			}
			content := "q " + matrix + " cm /I Do Q"
			data := onePage(greyImage, content, fmt.Sprintf("/Rotate %d", rotate), "", greySamples())
			path := put(t, "a.pdf", data)
			p, err := opened(t, data).Page(1)
			if err != nil {
				t.Fatal(err)
			}
			seenAll[p.Orientation()] = true
			mustLookAlike(t, path, 1, p, 6)
			p.Close()
		}
	}
	if len(seenAll) != 8 {
		t.Error("orientations seen: ", seenAll)
	}
}

// lifted calls f for every page of the corpus's PDFs that is lifted.
func lifted(t *testing.T, f func(t *testing.T, path string, n int, o *pdfOriginal, p Page)) {
	root := accuracy.Need(t)
	var files []string
	for _, pattern := range []string{"pages/*.pdf", "fr/*.pdf", "vi/*.pdf"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, err)
		}
		files = append(files, found...)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			o, err := openPDF(path, dossier.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			defer o.Close()
			for i, lift := range o.(*pdfOriginal).lifts {
				if lift.refusal != "" {
					t.Logf("page %d is drawn: %s", i+1, lift.refusal)
					continue
				}
				p, err := o.Page(i + 1)
				if err != nil {
					t.Log(err)
					continue
				}
				f(t, path, i+1, o.(*pdfOriginal), p)
				p.Close()
			}
		})
	}
}

func TestLiftedPagesOfTheCorpusLookAsPopplerDrawsThem(t *testing.T) {
	if testing.Short() {
		t.Skip("draws every page twice")
	}
	lifted(t, func(t *testing.T, path string, n int, _ *pdfOriginal, p Page) { mustLookAlike(t, path, n, p, 8) })
}

func TestLiftedStreamsAreTheFilesBytes(t *testing.T) {
	lifted(t, func(t *testing.T, path string, n int, o *pdfOriginal, p Page) {
		image, blob, _, err := p.Image(dossier.Level2u)
		if err != nil {
			t.Fatal(err)
		}
		mustBeCovered(t, path, image, blob)
		number := o.lifts[n-1].object.(reference).number
		show := exec.Command(found(t, "qpdf"), "--show-object="+fmt.Sprint(number), "--raw-stream-data", path)
		want, err := show.Output()
		if err != nil && len(want) == 0 {
			t.Fatal(err)
		}
		if same := bytes.Equal(blob, want); same != image.PassedThrough {
			t.Errorf("page %d: %d bytes of %d, passed through: %v", n, len(blob), len(want), image.PassedThrough)
		}
	})
}
