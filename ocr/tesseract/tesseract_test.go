package tesseract

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr"
)

func engine(t *testing.T) *Engine {
	t.Helper()
	e := New("")
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return e
}

func white(w, h int) []byte {
	return append(fmt.Appendf(nil, "P5\n%d %d\n255\n", w, h), bytes.Repeat([]byte{255}, w*h)...)
}

func TestALanguageWithoutModelIsErrNoModel(t *testing.T) {
	for _, language := range []string{"xxx", "", "../eng", "eng/../eng"} {
		if _, err := engine(t).Recognize(white(100, 100), 200, language, ocr.ModePage); !errors.Is(err, ocr.ErrNoModel) {
			t.Errorf("%q: %v", language, err)
		}
	}
}

func TestWhatIsNoImageIsAnErrorAndNoCrash(t *testing.T) {
	e := engine(t)
	if _, err := e.Recognize(white(100, 100), 200, "eng", ocr.ModePage); err != nil {
		t.Fatal(err)
	}
	for _, data := range []string{"", "P", "P5", "P5\n10 10\n255\n", "P5\n0 0\n255\n      ", "P9\n1 1\n255\n\x00", "spix", "spix" + strings.Repeat("\x01\x00\x00\x00", 6), "\x89PNG\r\n\x1a\n"} {
		if _, err := e.Recognize([]byte(data), 200, "eng", ocr.ModePage); err == nil {
			t.Errorf("%q was read", data)
		}
	}
}

func TestAnEmptyImageHasNoWords(t *testing.T) {
	e := engine(t)
	for _, mode := range []ocr.Mode{ocr.ModePage, ocr.ModeBlock} {
		for _, size := range [][2]int{{16, 16}, {16, 3000}, {500, 400}} {
			layout, err := e.Recognize(white(size[0], size[1]), 200, "eng", mode)
			if n, _ := layout.Words(); n != 0 || err != nil {
				t.Errorf("%v in mode %d: %d words, %v", size, mode, n, err)
			}
		}
	}
}

// TestTheModeIsThatOfEachCall fails where Tesseract's own mode (a single block) is left in place by the first call.
func TestTheModeIsThatOfEachCall(t *testing.T) {
	pnm := receipt(t)
	e := engine(t)
	for i, mode := range []ocr.Mode{ocr.ModePage, ocr.ModeBlock, ocr.ModePage} {
		layout, err := e.Recognize(pnm, 200, "eng", mode)
		if err != nil {
			t.Fatal(err)
		}
		words, confidence := layout.Words()
		if oneBlock := len(layout.Blocks) == 1; oneBlock != (mode == ocr.ModeBlock) {
			t.Errorf("call %d in mode %d gives %d blocks", i, mode, len(layout.Blocks))
		}
		if words < 50 || confidence < 0.8 {
			t.Errorf("call %d: %d words, confidence %.2f", i, words, confidence)
		}
	}
}

// receipt is a page of the corpus as PNM.
func receipt(t *testing.T) []byte {
	t.Helper()
	corpus := accuracy.Find()
	if corpus == "" && os.Getenv("CI") == "true" && !testing.Short() {
		t.Fatal("the corpus is missing")
	}
	if corpus == "" {
		t.Skip("the corpus is missing")
	}
	f, err := os.Open(filepath.Join(corpus, "en", "receipt_03.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	decoded, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	gray := image.NewGray(decoded.Bounds())
	draw.Draw(gray, gray.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(gray, gray.Rect, decoded, decoded.Bounds().Min, draw.Over)
	head := fmt.Sprintf("P5\n%d %d\n255\n", gray.Rect.Dx(), gray.Rect.Dy())
	return append([]byte(head), gray.Pix...)
}
