package clean_test

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/ocr/tesseract"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/source"
)

// corpus is the folder of pages from elsewhere.
func corpus(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("reads pages")
	}
	return accuracy.Need(t)
}

func engine(t *testing.T) ocr.Engine {
	t.Helper()
	e := tesseract.New("")
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func readFirst(t *testing.T, r *clean.Reader, path string, profile dossier.Profile) clean.Result {
	t.Helper()
	original, err := source.Open(path, dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer original.Close()
	page, err := original.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	defer page.Close()
	result, err := r.Read(page, profile)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// placed is a page as it was set upright. It is read as a whole only where that may matter: one that no strip is asked of, though
// nothing was read of it, is upright whatever it says.
func placed(t *testing.T, e ocr.Engine, path string, profile dossier.Profile) dossier.Page {
	t.Helper()
	glimpse := &counting{Engine: e, stripsOnly: true}
	page := readFirst(t, clean.NewReader(glimpse), path, profile).Page
	if glimpse.strips == 0 {
		return page
	}
	return readFirst(t, clean.NewReader(e), path, profile).Page
}

func TestNoUprightPageIsTurned(t *testing.T) {
	dir := corpus(t)
	e := engine(t)
	for _, set := range accuracy.Sets() {
		pages, err := accuracy.Pages(dir, set)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			want := 0
			if page.Name == "photo-svt.jpg" { // a photograph that lies on its side
				want = 90
			}
			got := placed(t, e, page.Path, dossier.Profile{Languages: []string{page.Language}})
			if got.Rotation != want {
				t.Errorf("%s/%s is turned by %d, want %d", set, page.Name, got.Rotation, want)
			}
		}
	}
}

// counting is an engine that counts the strips it is asked for, and may read nothing else.
type counting struct {
	ocr.Engine
	strips     int
	stripsOnly bool
}

func (c *counting) Recognize(image []byte, dpi int, language string, mode ocr.Mode) (dossier.Layout, error) {
	if mode == ocr.ModeBlock {
		c.strips++
	} else if c.stripsOnly {
		return dossier.Layout{Source: dossier.TextOCR}, nil
	}
	return c.Engine.Recognize(image, dpi, language, mode)
}

func TestAPageOfLittleTextThatReadsWellAsItLiesTakesNoStrip(t *testing.T) {
	e := &counting{Engine: engine(t)}
	path := filepath.Join(corpus(t), "vi", "d0001-p10.jpg")
	page := readFirst(t, clean.NewReader(e), path, dossier.Profile{Languages: []string{"vie"}}).Page
	if e.strips > 0 || page.Rotation != 0 {
		t.Errorf("%d strips were read, and the page turned by %d", e.strips, page.Rotation)
	}
}

func TestEveryPageOfTheOrientationFolderComesUpright(t *testing.T) {
	dir := filepath.Join(corpus(t), "orientation")
	r := clean.NewReader(engine(t))
	for name, want := range map[string]int{
		"phototest-rotated-180.png": 180, "phototest-rotated-L.png": 90, "phototest-rotated-R.png": 270,
	} {
		page := readFirst(t, r, filepath.Join(dir, name), dossier.Profile{Languages: []string{"eng"}}).Page
		if page.Rotation != want {
			t.Errorf("%s is turned by %d, want %d", name, page.Rotation, want)
		}
		truth, err := os.ReadFile(filepath.Join(dir, "phototest.gold.txt"))
		if err != nil {
			t.Fatal(err)
		}
		if score := accuracy.Of(string(truth), textOf(&page.Layout)); score.CER() > 0.02 {
			t.Errorf("%s is read with a CER of %.3f", name, score.CER())
		}
	}
	for n, want := range []struct {
		rotation int
		mirrored bool
	}{{0, false}, {0, false}, {0, true}, {180, false}, {180, true}, {270, true}, {90, false}, {90, true}, {270, false}} {
		name := "Portrait_" + string(rune('0'+n)) + ".jpg"
		page := readFirst(t, r, filepath.Join(dir, name), dossier.Profile{Languages: []string{"eng"}}).Page
		if page.Rotation != want.rotation || page.Mirrored != want.mirrored || page.Width != 1200 || page.Height != 1800 {
			t.Errorf("%s: turned by %d, mirrored %v, %d by %d", name, page.Rotation, page.Mirrored, page.Width, page.Height)
		}
	}
}

func TestAPageIsReadWithItsPlaceInfoAndPreview(t *testing.T) {
	path := filepath.Join(corpus(t), "vi", "d0001-p01.jpg")
	result := readFirst(t, clean.NewReader(engine(t)), path, dossier.Profile{Languages: []string{"fra", "eng", "vie"}, Preview: true})
	page := result.Page
	if page.Language != "vie" || page.Paper != "a4" || page.DPI != 200 || page.Blank || page.Sharpness < 0.5 {
		t.Errorf("language %q, paper %q, %v dpi, blank %v, sharpness %v", page.Language, page.Paper, page.DPI, page.Blank, page.Sharpness)
	}
	if math.Abs(page.Skew-0.2) > 0.15 {
		t.Errorf("skew %v, want about 0.2", page.Skew)
	}
	for line := range page.Layout.Lines {
		for _, w := range line.Words {
			if w.Box.X0 < 0 || w.Box.Y0 < 0 || w.Box.X1 > float64(page.Width) || w.Box.Y1 > float64(page.Height) {
				t.Errorf("a word lies off the page at %+v", w.Box)
			}
		}
		if line.Baseline < line.Box.Y0 || line.Baseline > line.Box.Y1+line.Size {
			t.Errorf("the baseline of a line at %+v is %v", line.Box, line.Baseline)
		}
	}
	if text := textOf(&page.Layout); !strings.HasPrefix(text, "BỘ CÔNG THƯƠNG TRƯỜNG ĐẠI HỌC ĐIỆN LỰC") {
		t.Errorf("the head is not read by columns")
	}
	if len(result.Preview) < 20_000 || result.OCRSeconds <= 0 {
		t.Errorf("preview of %d bytes, %v s of reading", len(result.Preview), result.OCRSeconds)
	}
}

func TestAPlainReadingReadsTheSamePage(t *testing.T) {
	path := filepath.Join(corpus(t), "vi", "vietsample1-p1.tif")
	page := readFirst(t, clean.NewReader(engine(t)), path, dossier.Profile{Languages: []string{"vie"}, Plain: true}).Page
	if n, confidence := page.Layout.Words(); n < 140 || confidence < 0.8 {
		t.Fatalf("%d words, confidence %.2f", n, confidence)
	}
}

func textOf(l *dossier.Layout) string {
	var words []string
	for line := range l.Lines {
		for _, w := range line.Words {
			words = append(words, w.Text)
		}
	}
	return strings.Join(words, " ")
}
