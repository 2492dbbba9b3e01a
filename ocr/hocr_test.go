package ocr

import (
	"math"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// page is what Tesseract 5.3 writes, shortened.
const page = `  <div class='ocr_page' id='page_1' title='image ""; bbox 0 0 640 480; ppageno 0; scan_res 200 200'>
   <div class='ocr_carea' id='block_1_1' title="bbox 36 90 618 361">
    <p class='ocr_par' id='par_1_1' lang='vie' title="bbox 36 92 580 184">
     <span class='ocr_line' id='line_1_1' title="bbox 36 92 580 124; baseline 0.01 -8; x_size 30; x_descenders 6; x_ascenders 7">
      <span class='ocrx_word' id='word_1_1' title='bbox 40 92 96 116; x_wconf 93'>Nghị</span>
      <span class='ocrx_word' id='word_1_2' title='bbox 102 98 180 124; x_wconf 87'><strong>&lt;định&gt;</strong></span>
      <span class='ocrx_word' id='word_1_3' title='bbox 200 98 210 124; x_wconf 95'> </span>
     </span>
     <span class='ocr_header' id='line_1_2' title="bbox 36 130 300 150; textangle 90; x_size 20">
      <span class='ocrx_word' id='word_1_4' title='bbox 36 130 300 150; x_wconf 12'>&#39;a&#39; &amp; b</span>
     </span>
    </p>
   </div>
   <div class='ocr_photo' id='block_1_2' title="bbox 1 2 3 4"></div>
   <div class='ocr_carea' id='block_1_3' title="bbox 0 0 640 480">
    <p class='ocr_par' id='par_1_2' lang='vie' title="bbox 0 0 640 480">
     <span class='ocr_line' id='line_1_3' title="bbox 0 0 640 480; baseline 0 0; x_size 240">
      <span class='ocrx_word' id='word_1_5' title='bbox 0 0 640 480; x_wconf 95'> </span>
     </span>
    </p>
   </div>
  </div>
`

func parse(t *testing.T, hocr string) dossier.Layout {
	t.Helper()
	layout, err := ParseHOCR(strings.NewReader(hocr))
	if err != nil {
		t.Fatal(err)
	}
	return layout
}

func TestWordsKeepTheirBoxesAndConfidence(t *testing.T) {
	layout := parse(t, page)
	words := layout.Blocks[0].Paragraphs[0].Lines[0].Words
	want := []dossier.Word{
		{Text: "Nghị", Box: dossier.Box{X0: 40, Y0: 92, X1: 96, Y1: 116}, Confidence: 0.93},
		{Text: "<định>", Box: dossier.Box{X0: 102, Y0: 98, X1: 180, Y1: 124}, Confidence: 0.87},
	}
	if len(words) != 2 || words[0] != want[0] || words[1] != want[1] {
		t.Fatalf("got %+v, want %+v", words, want)
	}
}

func TestWhatHoldsNothingButSpaceIsDropped(t *testing.T) {
	layout := parse(t, page)
	if n, _ := layout.Words(); n != 5 || len(layout.Blocks) != 1 {
		t.Fatalf("%d words in %d blocks, want 5 in 1", n, len(layout.Blocks))
	}
}

func TestABaselineStartsAtTheLinesFirstWord(t *testing.T) {
	layout := parse(t, page)
	line := layout.Blocks[0].Paragraphs[0].Lines[0]
	// From the corner (36, 124) that hOCR names, 8 up and 1 in 100 down, on to the first word at 40.
	if want := 124 - 8 + 0.04; math.Abs(line.Baseline-want) > 1e-9 || line.Slope != 0.01 || line.Size != 30 {
		t.Fatalf("baseline %v, slope %v, size %v; want %v, 0.01, 30", line.Baseline, line.Slope, line.Size, want)
	}
	if line.Box != (dossier.Box{X0: 40, Y0: 92, X1: 180, Y1: 124}) {
		t.Fatalf("line at %+v, want it around its words", line.Box)
	}
}

func TestATurnedLineStandsOnTheFootOfItsBox(t *testing.T) {
	layout := parse(t, page)
	line := layout.Blocks[0].Paragraphs[0].Lines[1]
	if line.Baseline != 150 || line.Slope != 0 || line.Size != 20 {
		t.Fatalf("baseline %v, slope %v, size %v", line.Baseline, line.Slope, line.Size)
	}
}

func TestAWordWithSpacesIsCutByItsLetters(t *testing.T) {
	layout := parse(t, page)
	words := layout.Blocks[0].Paragraphs[0].Lines[1].Words
	if len(words) != 3 || words[0].Text != "'a'" || words[1].Text != "&" || words[2].Text != "b" {
		t.Fatalf("%+v", words)
	}
	if words[0].Box.X0 != 36 || words[2].Box.X1 != 300 || words[1].Box.X0 <= words[0].Box.X1 {
		t.Fatalf("boxes %+v %+v %+v", words[0].Box, words[1].Box, words[2].Box)
	}
}

func TestLettersAreComposedAndInvisibleOnesLeftOut(t *testing.T) {
	layout := parse(t, "<span class='ocrx_word' title='bbox 0 0 9 9; x_wconf 50'>e\u0302\u0323\u00ad\ufeff</span>")
	if w := layout.Blocks[0].Paragraphs[0].Lines[0].Words[0]; w.Text != "ệ" {
		t.Fatalf("%q", w.Text)
	}
}

func TestAnEmptyPageHasNoBlocks(t *testing.T) {
	layout := parse(t, "<div class='ocr_page' title='bbox 0 0 1 1'></div>")
	if len(layout.Blocks) != 0 || layout.Source != dossier.TextOCR {
		t.Fatalf("%+v", layout)
	}
}

func FuzzParseHOCR(f *testing.F) {
	f.Add(page)
	f.Add("<span class='ocrx_word' title='bbox 1 2 nan -inf; x_wconf 1e9'>a<b>c")
	f.Fuzz(func(t *testing.T, hocr string) {
		layout, err := ParseHOCR(strings.NewReader(hocr))
		if err != nil {
			return
		}
		for line := range layout.Lines {
			if len(line.Words) == 0 {
				t.Fatal("a line without words")
			}
			for _, w := range line.Words {
				if w.Text == "" || strings.ContainsAny(w.Text, " \n\t") || !norm.NFC.IsNormalString(w.Text) {
					t.Fatalf("word %q", w.Text)
				}
				if !(w.Confidence >= 0 && w.Confidence <= 1) || !(w.Box.X1 >= w.Box.X0 && w.Box.Y1 >= w.Box.Y0) {
					t.Fatalf("word %+v", w)
				}
			}
		}
	})
}
