package draw

import (
	"errors"
	"fmt"
	"math"
	"unicode"
	"unicode/utf16"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/dossierd/dossierd/dossier"
)

const (
	lettersLeast   = 32      // fewer are a stamp or a page number, and no text layer
	garbageMost    = 0.1     // share of letters without a meaning in Unicode
	picturesMost   = 0.3     // share of the page under images, which may show more text
	objectsMost    = 2_000   // page objects looked at
	charactersMost = 200_000 // of one page
)

// letter is one character of a page's text, in pixels.
type letter struct {
	text     rune
	box      dossier.Box
	baseline float64
	breaks   bool // a line ends here
	space    bool
	garbage  bool
}

// layout is the page's text if it is the page's content: visible, real, and not beside pictures that are to be read.
func (v *view) layout() (*dossier.Layout, error) {
	loaded, err := v.pdf.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: v.page})
	if err != nil {
		return nil, nil //nolint:nilerr // a page without text objects has no text page, and that is no fault
	}
	letters, err := v.letters(loaded.TextPage)
	_, closeErr := v.pdf.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: loaded.TextPage})
	if err := errors.Join(err, closeErr); err != nil {
		return nil, err
	}
	if !meaningful(letters) {
		return nil, nil
	}
	pictures, err := v.pictures()
	if err != nil || pictures > picturesMost {
		return nil, err
	}
	return arrange(letters), nil
}

// meaningful reports whether there is enough text, and whether it means something.
func meaningful(letters []letter) bool {
	var count, garbage int
	for _, l := range letters {
		switch {
		case l.space:
		case l.garbage:
			garbage++
			count++
		default:
			count++
		}
	}
	return count >= lettersLeast && float64(garbage) <= garbageMost*float64(count)
}

// letters lists what is visible within the page.
func (v *view) letters(text references.FPDF_TEXTPAGE) ([]letter, error) {
	count, err := v.pdf.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: text})
	if err != nil {
		return nil, err
	}
	if count.Count <= 0 || count.Count > charactersMost {
		return nil, nil
	}
	toPixels, err := v.toPixels()
	if err != nil {
		return nil, err
	}
	var out []letter
	hidden, begins := false, true
	var high rune // of a surrogate pair
	for i := range count.Count {
		l, err := v.letter(text, i, toPixels)
		if err != nil {
			return nil, err
		}
		if utf16.IsSurrogate(l.text) {
			if high == 0 {
				high = l.text
				continue
			}
			l.text, high = utf16.DecodeRune(high, l.text), 0
		}
		if l.space {
			begins = true
			out = append(out, l)
			continue
		}
		if begins {
			hidden, begins = v.hidden(text, i), false
		}
		x, y := (l.box.X0+l.box.X1)/2, (l.box.Y0+l.box.Y1)/2
		inside := x >= 0 && y >= 0 && x < float64(v.width) && y < float64(v.height)
		if !hidden && inside {
			out = append(out, l)
		}
	}
	return out, nil
}

func (v *view) letter(text references.FPDF_TEXTPAGE, i int, toPixels dossier.Matrix) (letter, error) {
	code, err := v.pdf.FPDFText_GetUnicode(&requests.FPDFText_GetUnicode{TextPage: text, Index: i})
	if err != nil {
		return letter{}, fmt.Errorf("letter %d: %w", i, err)
	}
	l := letter{text: rune(code.Unicode)}
	const brokenWord = 2 // PDFium's sign for the hyphen at which a word goes on in the next line
	switch {
	case l.text == '\r' || l.text == '\n':
		l.space, l.breaks = true, true
		return l, nil
	case l.text == brokenWord, l.text == 0xad:
		l.text = '-'
	case unicode.IsSpace(l.text), l.text == 0:
		l.space = l.text != 0
		l.garbage = l.text == 0
	}
	if l.space {
		return l, nil
	}
	l.garbage = l.garbage || l.text == unicode.ReplacementChar || unicode.Is(unicode.Co, l.text) || unicode.IsControl(l.text)
	box, err := v.pdf.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: text, Index: i})
	if err != nil {
		return l, fmt.Errorf("box of letter %d: %w", i, err)
	}
	origin, err := v.pdf.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: text, Index: i})
	if err != nil {
		return l, fmt.Errorf("origin of letter %d: %w", i, err)
	}
	r := box.Rect
	x0, y0 := toPixels.Apply(float64(r.Left), float64(r.Top))
	x1, y1 := toPixels.Apply(float64(r.Right), float64(r.Bottom))
	l.box = dossier.Box{X0: min(x0, x1), Y0: min(y0, y1), X1: max(x0, x1), Y1: max(y0, y1)}
	_, l.baseline = toPixels.Apply(origin.X, origin.Y)
	return l, nil
}

// hidden reports whether the text object of a letter paints nothing.
func (v *view) hidden(text references.FPDF_TEXTPAGE, i int) bool {
	object, err := v.pdf.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: text, Index: i})
	if err != nil {
		return false // a letter that PDFium put in itself
	}
	v.handles++
	mode, err := v.pdf.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: object.TextObject})
	return err == nil && (mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_INVISIBLE || mode.TextRenderMode == enums.FPDF_TEXTRENDERMODE_CLIP)
}

// toPixels is the matrix from the page's points to pixels, its rotation and boxes included. PDFium gives it in whole
// pixels only, so it is asked as if the page were drawn much larger.
func (v *view) toPixels() (dossier.Matrix, error) {
	const finer, far = 64, 1000
	var at [3][2]float64
	for i, p := range [3][2]float64{{0, 0}, {far, 0}, {0, far}} {
		got, err := v.pdf.FPDF_PageToDevice(&requests.FPDF_PageToDevice{
			Page: v.page, SizeX: finer * v.width, SizeY: finer * v.height, PageX: p[0], PageY: p[1],
		})
		if err != nil {
			return dossier.Identity(), fmt.Errorf("find the page's matrix: %w", err)
		}
		at[i] = [2]float64{float64(got.DeviceX) / finer, float64(got.DeviceY) / finer}
	}
	return dossier.Matrix{
		A: (at[1][0] - at[0][0]) / far, B: (at[1][1] - at[0][1]) / far,
		C: (at[2][0] - at[0][0]) / far, D: (at[2][1] - at[0][1]) / far,
		E: at[0][0], F: at[0][1],
	}, nil
}

// pictures is the share of the page that lies under images.
func (v *view) pictures() (float64, error) {
	toPixels, err := v.toPixels()
	if err != nil {
		return 0, err
	}
	count, err := v.pdf.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: v.page})
	if err != nil {
		return 0, fmt.Errorf("count objects: %w", err)
	}
	var covered float64
	for i := range min(count.Count, objectsMost) {
		object, err := v.pdf.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: v.page, Index: i})
		if err != nil {
			continue
		}
		v.handles++
		kind, err := v.pdf.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: object.PageObject})
		if err != nil || kind.Type != enums.FPDF_PAGEOBJ_IMAGE {
			continue
		}
		b, err := v.pdf.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: object.PageObject})
		if err != nil {
			continue
		}
		x0, y0 := toPixels.Apply(float64(b.Left), float64(b.Top))
		x1, y1 := toPixels.Apply(float64(b.Right), float64(b.Bottom))
		w, h := float64(v.width), float64(v.height)
		clamp := func(n, most float64) float64 { return max(0, min(n, most)) }
		covered += math.Abs(clamp(x1, w)-clamp(x0, w)) * math.Abs(clamp(y1, h)-clamp(y0, h))
	}
	return covered / float64(v.width*v.height), nil
}
