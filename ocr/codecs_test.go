package ocr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
)

var updateGoldens = flag.Bool("update", false, "write the goldens anew")

// someWords makes a line of words of equal width.
func someWords(y float64, words ...string) dossier.Line {
	line := dossier.Line{Baseline: y + 24, Slope: 0.002, Size: 30.5}
	for i, w := range words {
		x := 100 + 120*float64(i)
		box := dossier.Box{X0: x, Y0: y, X1: x + 100, Y1: y + 30}
		line.Words = append(line.Words, dossier.Word{Text: w, Box: box, Confidence: 0.9 - float64(i)/100})
		line.Box = line.Box.Union(box)
	}
	return line
}

// twoPages are a page with two blocks, odd characters and an empty paragraph, and a blank one.
func twoPages() []*dossier.Page {
	layout := dossier.Layout{Source: dossier.TextOCR, Blocks: []dossier.Block{
		{Paragraphs: []dossier.Paragraph{
			{Lines: []dossier.Line{someWords(100, "CỘNG", "HÒA", "XÃ", "HỘI"), someWords(140, "Độc", "lập")}},
			{Lines: []dossier.Line{{}}},
			{Lines: []dossier.Line{someWords(200, `"Trần`, "&", "<Lê>'s", "a\x00b\ufffec")}},
		}},
		{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{someWords(300, "nguye\u0302\u0303n")}}}},
	}}
	Enclose(&layout)
	return []*dossier.Page{
		{Number: 1, Width: 1654, Height: 2339, DPI: 200, Language: "vie", Layout: layout},
		{Number: 2, Width: 800, Height: 600, DPI: 150, Blank: true, Layout: dossier.Layout{Source: dossier.TextNone}},
	}
}

func pageSequence(pages ...*dossier.Page) iter.Seq2[*dossier.Page, error] {
	return func(yield func(*dossier.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *updateGoldens {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; got:\n%s", name, got)
	}
}

// xmllint judges a document by its exit code.
func xmllint(t *testing.T, doc []byte, args ...string) {
	t.Helper()
	path, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") == "true" && !testing.Short() {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	cmd := exec.Command(path, append(args, "--noout", "--nonet", "-")...)
	cmd.Stdin = bytes.NewReader(doc)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("xmllint: %v\n%s", err, out)
	}
}

func TestALTOIsValidAndAsBefore(t *testing.T) {
	var b bytes.Buffer
	if err := WriteALTO(&b, pageSequence(twoPages()...)); err != nil {
		t.Fatal(err)
	}
	golden(t, "pages.alto.xml", b.Bytes())
	xmllint(t, b.Bytes(), "--schema", "testdata/alto-4.4-written.xsd")
}

func TestHOCRIsWellFormedAndAsBefore(t *testing.T) {
	var b bytes.Buffer
	if err := WriteHOCR(&b, pageSequence(twoPages()...)); err != nil {
		t.Fatal(err)
	}
	golden(t, "pages.hocr.html", b.Bytes())
	xmllint(t, b.Bytes())
}

func TestTextHasALineALineAndAnEmptyOneBetweenParagraphs(t *testing.T) {
	var b bytes.Buffer
	if err := WriteText(&b, &twoPages()[0].Layout); err != nil {
		t.Fatal(err)
	}
	want := "CỘNG HÒA XÃ HỘI\nĐộc lập\n\n\"Trần & <Lê>'s a\x00b\ufffec\n\nnguyễn\n"
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestAPageThatCannotBeReadEndsTheDocument(t *testing.T) {
	fault := errors.New("no such page")
	pages := func(yield func(*dossier.Page, error) bool) { yield(nil, fault) }
	for name, write := range map[string]func(io.Writer, iter.Seq2[*dossier.Page, error]) error{
		"ALTO": WriteALTO, "hOCR": WriteHOCR,
	} {
		if err := write(io.Discard, pages); !errors.Is(err, fault) {
			t.Errorf("%s: %v", name, err)
		}
		if err := write(io.Discard, pageSequence()); err == nil {
			t.Errorf("%s without pages: no error", name)
		}
	}
}

// drawnWords draws a line of words with whole pixels, as recognition gives them.
func drawnWords(t *rapid.T, y float64) dossier.Line {
	line := dossier.Line{
		Size:  float64(rapid.IntRange(80, 600).Draw(t, "size")) / 10,
		Slope: float64(rapid.IntRange(-900, 900).Draw(t, "slope")) / 1e5,
	}
	x := float64(rapid.IntRange(0, 300).Draw(t, "left"))
	for range rapid.IntRange(1, 6).Draw(t, "words") {
		text := rapid.StringMatching(`[A-Za-zĂăÂâĐđÊêÔôƠơƯưạảấầẩẫậ0-9<>&"'.,;:/()-]{1,9}`).Draw(t, "text")
		w := float64(rapid.IntRange(1, 200).Draw(t, "width"))
		h := float64(rapid.IntRange(1, 60).Draw(t, "height"))
		box := dossier.Box{X0: x, Y0: y, X1: x + w, Y1: y + h}
		confidence := float64(rapid.IntRange(0, 100).Draw(t, "confidence")) / 100
		line.Words = append(line.Words, dossier.Word{Text: norm.NFC.String(text), Box: box, Confidence: confidence})
		line.Box = line.Box.Union(box)
		x += w + 8
	}
	line.Baseline = line.Box.Y1 - float64(rapid.IntRange(0, 200).Draw(t, "rise"))/10
	return line
}

func drawnLayout(t *rapid.T) dossier.Layout {
	layout := dossier.Layout{Source: dossier.TextOCR}
	y := 10.0
	for range rapid.IntRange(0, 3).Draw(t, "blocks") {
		var block dossier.Block
		for range rapid.IntRange(1, 3).Draw(t, "paragraphs") {
			var paragraph dossier.Paragraph
			for range rapid.IntRange(1, 4).Draw(t, "lines") {
				paragraph.Lines = append(paragraph.Lines, drawnWords(t, y))
				y += 70
			}
			block.Paragraphs = append(block.Paragraphs, paragraph)
		}
		layout.Blocks = append(layout.Blocks, block)
	}
	Enclose(&layout)
	return layout
}

func TestHOCRReadsBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout := drawnLayout(t)
		var b bytes.Buffer
		page := &dossier.Page{Width: 2000, Height: 3000, DPI: 200, Layout: layout}
		if err := WriteHOCR(&b, pageSequence(page)); err != nil {
			t.Fatal(err)
		}
		got, err := ParseHOCR(&b)
		if err != nil {
			t.Fatal(err)
		}
		if want, have := plainText(t, &layout), plainText(t, &got); want != have {
			t.Fatalf("got\n%s\nwant\n%s", have, want)
		}
		var lines []*dossier.Line
		for line := range got.Lines {
			lines = append(lines, line)
		}
		i := 0
		for want := range layout.Lines {
			have := lines[i]
			i++
			for j, w := range want.Words {
				got := have.Words[j]
				off := math.Abs(got.Box.X0-w.Box.X0) + math.Abs(got.Box.X1-w.Box.X1) + math.Abs(got.Box.Y0-w.Box.Y0) + math.Abs(got.Box.Y1-w.Box.Y1)
				if got.Text != w.Text || off > 1e-6 || math.Abs(got.Confidence-w.Confidence) > 1e-6 {
					t.Fatalf("word %+v became %+v", w, got)
				}
			}
			if math.Abs(have.Baseline-want.Baseline) > 0.002 || math.Abs(have.Slope-want.Slope) > 1e-5 || have.Size != want.Size {
				t.Fatalf("line %+v became %+v", want, have)
			}
		}
	})
}

func plainText(t *rapid.T, layout *dossier.Layout) string {
	var b strings.Builder
	if err := WriteText(&b, layout); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestALTOOfAnyLayoutIsWellFormed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		page := twoPages()[0]
		page.Layout.Blocks[0].Paragraphs[0].Lines[0].Words[0].Text = rapid.String().Draw(rt, "text")
		page.Language = rapid.SampledFrom([]string{"", "vie", "fra", "chi_sim", "Latin", "grc"}).Draw(rt, "language")
		var alto, hocr bytes.Buffer
		if err := errors.Join(WriteALTO(&alto, pageSequence(page)), WriteHOCR(&hocr, pageSequence(page))); err != nil {
			rt.Fatal(err)
		}
		for _, doc := range [][]byte{alto.Bytes(), hocr.Bytes()} {
			if err := wellFormed(doc); err != nil {
				rt.Fatal(err)
			}
		}
	})
}

// wellFormed reads a document to its end with Go's strict reader of XML.
func wellFormed(doc []byte) error {
	d := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}
