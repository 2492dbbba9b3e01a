package pdfa_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	_ "image/jpeg"
	"io"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// readPages are JPEG pages of the corpus as Tesseract reads them, with their languages and resolutions.
func readPages(t testing.TB) []pdfa.Page {
	t.Helper()
	var pages []pdfa.Page
	for _, sample := range []struct {
		name, language string
		dpi            float64
	}{
		{"vi/d0001-p01.jpg", "vie", 200},
		{"vi/d0001-p02.jpg", "vie", 200},
		{"vi/d0005.jpg", "vie", 200},
		{"fr/tapus-04.jpg", "fra", 200},
		{"en/letter-en.jpg", "eng", 200},
	} {
		path := corpus(t, sample.name)
		data := read(t, path)
		config, _, err := image.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		space := dossier.ColorRGB
		if config.ColorModel == color.GrayModel {
			space = dossier.ColorGray
		}
		p := upright(dossier.PageImage{
			Format: dossier.FormatJPEG, Width: config.Width, Height: config.Height, Bits: 8, ColorSpace: space,
		}, data, sample.dpi)
		p.Page.Language = sample.language
		p.Page.Layout = recognised(t, path, sample.language, sample.dpi)
		pages = append(pages, p)
	}
	return pages
}

func recognised(t testing.TB, path, language string, dpi float64) dossier.Layout {
	t.Helper()
	cmd := exec.Command(tool(t, "tesseract"), path, "-", "-l", language, "--dpi", strconv.Itoa(int(dpi)), "hocr")
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	layout, err := ocr.ParseHOCR(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return layout
}

// linesOf are a layout's lines as text.
func linesOf(layout *dossier.Layout) (lines []string) {
	for line := range layout.Lines {
		var words []string
		for _, w := range line.Words {
			words = append(words, w.Text)
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return lines
}

// common is the length of the longest common subsequence.
func common(a, b []string) int {
	row := make([]int, len(b)+1)
	for _, x := range a {
		diagonal := 0
		for j, y := range b {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return row[len(b)]
}

func TestPdftotextGivesTheWordsBackInOrder(t *testing.T) {
	if testing.Short() {
		t.Skip("reads pages")
	}
	pages := readPages(t)
	for _, level := range levels() {
		file := save(t, string(level)+".pdf", write(t, info(level), pages))
		var words, foundWords, lines, foundLines, plainWords int
		for i, p := range pages {
			n := strconv.Itoa(i + 1)
			raw := run(t, "pdftotext", "-raw", "-f", n, "-l", n, file, "-")
			plain := run(t, "pdftotext", "-f", n, "-l", n, file, "-")
			if !norm.NFC.IsNormalString(raw) {
				t.Errorf("page %d: text is not NFC", i+1)
			}
			want := linesOf(&p.Page.Layout)
			got := strings.Split(strings.TrimRight(raw, "\n\f"), "\n")
			wantWords := strings.Fields(strings.Join(want, " "))
			words, foundWords = words+len(wantWords), foundWords+common(wantWords, strings.Fields(raw))
			lines, foundLines = lines+len(want), foundLines+common(want, got)
			// Without -raw pdftotext joins a word that is hyphenated at the end of a line with what follows.
			plainWords += bag(wantWords, strings.Fields(plain))
		}
		if float64(foundWords) < 0.999*float64(words) || float64(foundLines) < 0.99*float64(lines) || float64(plainWords) < 0.995*float64(words) {
			t.Errorf("%s: words %d of %d, lines %d of %d, plain %d", level, foundWords, words, foundLines, lines, plainWords)
		}
	}
}

// bag counts the words of a that b has too.
func bag(a, b []string) (n int) {
	left := map[string]int{}
	for _, w := range b {
		left[w]++
	}
	for _, w := range a {
		if left[w] > 0 {
			left[w]--
			n++
		}
	}
	return n
}

// bboxWord is a word as pdftotext -bbox gives it, in points from the top left of the crop box.
type bboxWord struct {
	XMin float64 `xml:"xMin,attr"`
	YMin float64 `xml:"yMin,attr"`
	XMax float64 `xml:"xMax,attr"`
	YMax float64 `xml:"yMax,attr"`
	Text string  `xml:",chardata"`
}

func bboxWords(t *testing.T, file string, page int) (words []bboxWord) {
	t.Helper()
	n := strconv.Itoa(page)
	d := xml.NewDecoder(strings.NewReader(run(t, "pdftotext", "-bbox", "-cropbox", "-f", n, "-l", n, file, "-")))
	d.Strict = false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return words
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "word" {
			var w bboxWord
			if err := d.DecodeElement(&w, &start); err != nil {
				t.Fatal(err)
			}
			words = append(words, w)
		}
	}
}

func TestWordsLieWhereTheyWereRead(t *testing.T) {
	if testing.Short() {
		t.Skip("reads pages")
	}
	pages := readPages(t)
	for i := range pages {
		p := pages[i].Page
		p.ToImage = turned(p.Width, p.Height, p.Width, p.Height, float64(i)-2, false, 1, 1)
	}
	file := save(t, "a.pdf", write(t, info(dossier.Level2u), pages))
	var words int
	var across, down, far int // further off than 2 points
	for i, p := range pages {
		found := bboxWords(t, file, i+1)
		scale := 72 / p.Page.DPI
		for line := range p.Page.Layout.Lines {
			for _, w := range line.Words {
				words++
				got := nearest(found, w, scale)
				if got == nil {
					far++
					continue
				}
				if math.Abs(got.XMin-w.Box.X0*scale) > 2 || math.Abs(got.XMax-w.Box.X1*scale) > 2 {
					across++
				}
				if math.Abs(got.YMin-w.Box.Y0*scale) > 2 || math.Abs(got.YMax-w.Box.Y1*scale) > 2 {
					down++
				}
			}
		}
	}
	t.Logf("of %d words %d are missing, %d off across, %d off up or down", words, far, across, down)
	if far > 0 || float64(across) > 0.01*float64(words) || float64(down) > 0.015*float64(words) {
		t.Errorf("of %d words %d are missing, %d off across, %d off up or down", words, far, across, down)
	}
}

// nearest is the word of the same letters whose left edge is nearest, across and down.
func nearest(found []bboxWord, w dossier.Word, scale float64) *bboxWord {
	var best *bboxWord
	least := math.Inf(1)
	for i := range found {
		f := &found[i]
		d := math.Hypot(f.XMin-w.Box.X0*scale, (f.YMin+f.YMax)/2-(w.Box.Y0+w.Box.Y1)/2*scale)
		if norm.NFC.String(f.Text) == w.Text && d < least {
			best, least = f, d
		}
	}
	return best
}

func TestEveryVietnameseLetterComesBack(t *testing.T) {
	var words []string
	for _, base := range "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" {
		word := string(base)
		for _, tone := range []rune{0x300, 0x301, 0x303, 0x309, 0x323} {
			word += string(base) + string(tone)
		}
		words = append(words, norm.NFC.String(word))
	}
	words = append(words, "đĐ", "Œœ«»", "€№")
	img := jpegPage(t, picture(170, 240), 20)
	img.Page.Width, img.Page.Height, img.Page.DPI = 1700, 2400, 200
	img.Page.ToImage = dossier.Matrix{A: .1, D: .1}
	var lines []dossier.Line
	for i, word := range words {
		box := dossier.Box{X0: 100, Y0: 100 + 60*float64(i), X1: 400, Y1: 140 + 60*float64(i)}
		lines = append(lines, dossier.Line{Box: box, Baseline: box.Y1 - 8, Size: 40, Words: []dossier.Word{{Text: word, Box: box}}})
	}
	img.Page.Layout = dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: lines}}}}}
	raw := run(t, "pdftotext", "-raw", save(t, "a.pdf", write(t, info(dossier.Level1b), []pdfa.Page{img})), "-")
	if got := strings.Join(strings.Fields(raw), " "); got != strings.Join(words, " ") {
		t.Errorf("got %s\nwant %s", got, strings.Join(words, " "))
	}
}
