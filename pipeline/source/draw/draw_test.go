package draw

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// corpus finds the folder of test pages beside the project.
func corpus(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	found := filepath.Join(dir, "..", "shared", "corpus")
	if _, err := os.Stat(found); err != nil {
		if os.Getenv("CI") == "true" && !testing.Short() {
			t.Fatal(err)
		}
		t.Skip("no corpus beside the project: ", err)
	}
	return found
}

// TestDrawing starts PDFium once, which takes seconds until its code is in the cache.
func TestDrawing(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles PDFium")
	}
	d, err := New(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	root := corpus(t)
	t.Run("pages look as poppler draws them", func(t *testing.T) { pagesLookAlike(t, d, root) })
	t.Run("visible text is the layout", func(t *testing.T) { textIsTheLayout(t, d, root) })
	t.Run("every file opens or is refused with a reason", func(t *testing.T) { everyFile(t, d, root) })
	t.Run("what can't be drawn says why", func(t *testing.T) { refusals(t, d, root) })
	t.Run("a large page is drawn at less", func(t *testing.T) { largePage(t, d) })
	t.Run("a form field is drawn with what is in it", func(t *testing.T) { formField(t, d) })
	t.Run("hidden text is no layout", func(t *testing.T) { hiddenText(t, d) })
	t.Run("text beside a picture is left to be read", func(t *testing.T) { textBesideAPicture(t, d) })
	t.Run("a document that broke down does not harm the next", func(t *testing.T) { recovery(t, d, root) })
}

// page draws the first page.
func page(t *testing.T, d *Drawer, path string) *Drawing {
	t.Helper()
	p, err := d.Page(path, 1, 300, dossier.DefaultLimits())
	if err != nil {
		t.Fatal(path, err)
	}
	if len(p.Pix) != p.Width*p.Height*p.Channels {
		t.Fatalf("%s: %d bytes for %d by %d pixels of %d channels", path, len(p.Pix), p.Width, p.Height, p.Channels)
	}
	return p
}

// pagesLookAlike compares the means of squares of 1/3 inch in each channel.
func pagesLookAlike(t *testing.T, d *Drawer, root string) {
	for _, name := range []string{"acroform", "aspect", "blank", "formxobject", "masks", "rotated_skew", "skew", "tagged", "vector"} {
		path := filepath.Join(root, "pages", name+".pdf")
		got := page(t, d, path)
		ppm, err := exec.Command("pdftoppm", "-cropbox", "-r", "300", "-f", "1", "-l", "1", path).Output()
		if err != nil {
			t.Fatal("pdftoppm: ", err)
		}
		var w, h int
		if _, err := fmt.Sscanf(string(ppm[:40]), "P6\n%d %d", &w, &h); err != nil {
			t.Fatal(err)
		}
		if max(w-got.Width, got.Width-w, h-got.Height, got.Height-h) > 1 {
			t.Errorf("%s: %d by %d pixels, poppler has %d by %d", name, got.Width, got.Height, w, h)
			continue
		}
		want := ppm[len(ppm)-3*w*h:]
		const square = 100
		var sum float64
		var squares int
		for y := 0; y+square < min(h, got.Height); y += square {
			for x := 0; x+square < min(w, got.Width); x += square {
				var diff int
				for i := range square * square {
					gy, gx := y+i/square, x+i%square
					for c := range 3 {
						diff += int(got.Pix[(gy*got.Width+gx)*got.Channels+min(c, got.Channels-1)]) - int(want[(gy*w+gx)*3+c])
					}
				}
				sum += math.Abs(float64(diff)) / (3 * square * square)
				squares++
			}
		}
		if mean := sum / float64(squares); mean > 4 {
			t.Errorf("%s: mean difference %.1f", name, mean)
		}
	}
}

func textOf(layout *dossier.Layout) (words []string) {
	if layout == nil {
		return nil
	}
	for line := range layout.Lines {
		for _, w := range line.Words {
			words = append(words, w.Text)
		}
	}
	return words
}

func textIsTheLayout(t *testing.T, d *Drawer, root string) {
	for _, name := range []string{"pages/tagged.pdf", "odd/pdfjs-issue9972-1.pdf"} {
		path := filepath.Join(root, name)
		p := page(t, d, path)
		if p.Layout == nil || p.Layout.Source != dossier.TextPDF {
			t.Errorf("%s: no layout", name)
			continue
		}
		raw, err := exec.Command("pdftotext", "-raw", "-f", "1", "-l", "1", path, "-").Output()
		if err != nil {
			t.Fatal("pdftotext: ", err)
		}
		got := textOf(p.Layout)
		missing := 0
		for _, w := range strings.Fields(string(raw)) {
			if !slices.Contains(got, w) {
				missing++
			}
		}
		t.Logf("%s: %d words, %d of poppler's %d are missing", name, len(got), missing, len(strings.Fields(string(raw))))
		if missing*50 > len(strings.Fields(string(raw))) {
			t.Errorf("%s: %d of %d words are missing", name, missing, len(strings.Fields(string(raw))))
		}
		for line := range p.Layout.Lines {
			for _, w := range line.Words {
				if w.Confidence != 1 || w.Box.X0 < -1 || w.Box.Y0 < -60 || w.Box.X1 > float64(p.Width)+60 || w.Box.Y1 > float64(p.Height)+60 {
					t.Errorf("%s: %+v", name, w)
				}
			}
		}
	}
}

func everyFile(t *testing.T, d *Drawer, root string) {
	files, err := filepath.Glob(filepath.Join(root, "odd", "*.pdf"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		pages, err := d.Open(path, dossier.DefaultLimits())
		var reason *dossier.Reason
		if err != nil && !errors.As(err, &reason) {
			t.Errorf("%s: %v", path, err)
		}
		for n := range min(pages, 3) {
			if _, err := d.Page(path, n+1, 100, dossier.DefaultLimits()); err != nil && !errors.As(err, &reason) {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

func refusals(t *testing.T, d *Drawer, root string) {
	cut := filepath.Join(t.TempDir(), "cut.pdf")
	if err := os.WriteFile(cut, []byte("%PDF-1.4\n1 0 obj <<"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]dossier.Code{
		filepath.Join(root, "odd/qpdf-20-pages.pdf"): dossier.CodeEncrypted,
		filepath.Join(root, "odd/qpdf-bad7.pdf"):     dossier.CodeDamaged,
		cut:                                          dossier.CodeTruncated,
	} {
		_, err := d.Open(path, dossier.DefaultLimits())
		var reason *dossier.Reason
		if !errors.As(err, &reason) || reason.Code != want {
			t.Errorf("%s: %v, want %s", path, err, want)
		}
	}
	limits := dossier.DefaultLimits()
	limits.Pages = 1
	_, err := d.Open(filepath.Join(root, "pages/tagged.pdf"), limits)
	var reason *dossier.Reason
	if !errors.As(err, &reason) || reason.Code != dossier.CodeTooManyPages {
		t.Error(err)
	}
	if _, err := d.Page(filepath.Join(root, "pages/tagged.pdf"), 3, 300, limits); !errors.As(err, &reason) || reason.Page != 3 {
		t.Error(err)
	}
}

// made writes a PDF of one page; PDFium finds its objects without a table.
func made(t *testing.T, box, content, page, extra string) string {
	t.Helper()
	data := "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R/AcroForm 5 0 R>> endobj\n" +
		"2 0 obj <</Type/Pages/Count 1/Kids[3 0 R]>> endobj\n" +
		"3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[" + box + "]/Contents 4 0 R" + page +
		"/Resources<</XObject<</I 6 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>> endobj\n" +
		fmt.Sprintf("4 0 obj <</Length %d>> stream\n%s\nendstream endobj\n", len(content), content) + extra +
		"trailer <</Root 1 0 R>>\nstartxref\n0\n%%EOF"
	path := filepath.Join(t.TempDir(), "made.pdf")
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func largePage(t *testing.T, d *Drawer) {
	p := page(t, d, made(t, "0 0 4000 4000", "0 0 2000 4000 re f", "", ""))
	if p.Width*p.Height > pixelsMost || p.DPI >= 300 || p.DPI < 100 {
		t.Errorf("%d by %d pixels at %g dpi", p.Width, p.Height, p.DPI)
	}
	if p.Pix[0] != 0 || p.Pix[p.Width-1] != 255 || p.Channels != 1 {
		t.Error("the drawing is not black on the left and white on the right")
	}
	_, err := d.Page(made(t, "0 0 14400 144000", "", "", ""), 1, 300, dossier.Limits{Pixels: 1_000_000})
	var reason *dossier.Reason
	if !errors.As(err, &reason) || reason.Code != dossier.CodeTooManyPixels || reason.Page != 1 {
		t.Error(err)
	}
}

func black(p *Drawing) (n int) {
	for i := 0; i < len(p.Pix); i += p.Channels {
		if p.Pix[i] < 128 {
			n++
		}
	}
	return n
}

func formField(t *testing.T, d *Drawer) {
	form := "5 0 obj <</Fields[7 0 R]/DA(/F 12 Tf 0 g)/DR<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>> endobj\n"
	field := "7 0 obj <</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(WWWW)/DA(/F 12 Tf 0 g)/Rect[10 10 90 30]%s>> endobj\n"
	look := "8 0 obj <</Type/XObject/Subtype/Form/BBox[0 0 80 20]/Length 17>> stream\n0 0 40 20 re f   \nendstream endobj\n"
	shown := page(t, d, made(t, "0 0 100 50", "", "/Annots[7 0 R]", form+fmt.Sprintf(field, "/AP<</N 8 0 R>>")+look))
	hidden := page(t, d, made(t, "0 0 100 50", "", "/Annots[7 0 R]", form+fmt.Sprintf(field, "/F 2/AP<</N 8 0 R>>")+look))
	if black(shown) < 10_000 || black(hidden) != 0 {
		t.Errorf("%d black pixels of the field, %d of a hidden one", black(shown), black(hidden))
	}
}

const sentence = "BT %s /F 12 Tf 10 100 Td (The quick brown fox jumps over the lazy dog) Tj 0 -20 Td (and runs on below) Tj ET"

func hiddenText(t *testing.T, d *Drawer) {
	visible := page(t, d, made(t, "0 0 400 200", fmt.Sprintf(sentence, "0 Tr"), "", ""))
	if got := strings.Join(textOf(visible.Layout), " "); got != "The quick brown fox jumps over the lazy dog and runs on below" {
		t.Errorf("%q", got)
	}
	lines := 0
	for line := range visible.Layout.Lines {
		want := []float64{100, 120}[lines%2] * 300 / 72
		if math.Abs(line.Baseline-want) > 1 {
			t.Errorf("line %d stands at %.1f, not %.1f", lines, line.Baseline, want)
		}
		lines++
	}
	if lines != 2 {
		t.Errorf("%d lines", lines)
	}
	if hidden := page(t, d, made(t, "0 0 400 200", fmt.Sprintf(sentence, "3 Tr"), "", "")); hidden.Layout != nil {
		t.Error(textOf(hidden.Layout))
	}
}

func textBesideAPicture(t *testing.T, d *Drawer) {
	image := "6 0 obj <</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>> stream\nx\nendstream endobj\n"
	content := "q 400 0 0 90 0 0 cm /I Do Q " + fmt.Sprintf(sentence, "0 Tr")
	if p := page(t, d, made(t, "0 0 400 200", content, "", image)); p.Layout != nil {
		t.Error(textOf(p.Layout))
	}
}

func recovery(t *testing.T, d *Drawer, root string) {
	before := page(t, d, filepath.Join(root, "pages/tagged.pdf"))
	if err := d.reset(); err != nil {
		t.Fatal(err)
	}
	after := page(t, d, filepath.Join(root, "pages/tagged.pdf"))
	if !slices.Equal(before.Pix, after.Pix) {
		t.Error("the page is drawn otherwise")
	}
}

func TestAResolutionFitsThePageIntoItsPixels(t *testing.T) {
	limits := dossier.DefaultLimits()
	if dpi, reason := fitting(595, 842, 300, limits); reason != nil || dpi != 300 {
		t.Error(dpi, reason)
	}
	for _, size := range [][2]float64{{0, 10}, {-1, 5}, {math.NaN(), 1}, {math.Inf(1), 1}, {1e9, 1e9}} {
		if dpi, reason := fitting(size[0], size[1], 300, limits); reason == nil {
			t.Errorf("%v is drawn at %g dpi", size, dpi)
		}
	}
}
