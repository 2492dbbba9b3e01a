package draw

import (
	"errors"
	"fmt"
	"math"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"github.com/dossierd/dossierd/dossier"
)

// Drawing is a page as a viewer shows it.
type Drawing struct {
	Width, Height int
	Channels      int     // 3, or 1 where every pixel is grey
	Pix           []byte  // rows from the top without padding, 8 bits a channel
	DPI           float64 // as drawn: less than asked for where the page is too large
	// Layout is the page's visible real text, in pixels of the drawing; nil where there is none worth keeping.
	Layout *dossier.Layout
}

const (
	pointsPerInch = 72
	// pixelsMost bounds a drawing whatever the limits say: PDFium's bitmap takes four bytes a pixel and its copy three.
	pixelsMost = 48_000_000
	dpiLeast   = 36
)

// Page draws page n, from 1, with annotations and form fields, at dpi or, where the page is so large that it would
// have more pixels than limits allow, at less. Under 36 dpi it is a *dossier.Reason, like anything else that the page
// is to blame for. Other errors are worth another try.
func (d *Drawer) Page(path string, n int, dpi float64, limits dossier.Limits) (*Drawing, error) {
	doc, err := d.document(path)
	if err != nil {
		return nil, err
	}
	if n < 1 || n > doc.pages {
		return nil, &dossier.Reason{Code: dossier.CodeDamaged, Page: n, Detail: fmt.Sprintf("page %d of %d", n, doc.pages)}
	}
	drawing, err := d.draw(doc, n, dpi, limits)
	var reason *dossier.Reason
	switch {
	case errors.As(err, &reason):
		reason.Page = n
		return nil, reason
	case err != nil: // PDFium may have broken down, and has no way to say so
		return nil, errors.Join(fmt.Errorf("draw page %d: %w", n, err), d.reset())
	}
	return drawing, nil
}

func (d *Drawer) draw(doc *document, n int, dpi float64, limits dossier.Limits) (*Drawing, error) {
	loaded, err := d.pdf.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: doc.ref, Index: n - 1})
	if err != nil {
		return nil, dossier.Reject(dossier.CodeDamaged, "PDFium can't load the page: %v", err)
	}
	v := &view{pdf: d.pdf, ref: loaded.Page, page: requests.Page{ByReference: &loaded.Page}, form: doc.form}
	drawing, err := v.draw(dpi, limits)
	d.used += v.handles
	_, closeErr := d.pdf.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: loaded.Page})
	return drawing, errors.Join(err, closeErr)
}

// view is a loaded page while it is drawn.
type view struct {
	pdf           pdfium.Pdfium
	ref           references.FPDF_PAGE
	page          requests.Page
	form          references.FPDF_FORMHANDLE
	width, height int // px
	handles       int
}

func (v *view) draw(dpi float64, limits dossier.Limits) (*Drawing, error) {
	w, err := v.pdf.FPDF_GetPageWidth(&requests.FPDF_GetPageWidth{Page: v.page})
	if err != nil {
		return nil, err
	}
	h, err := v.pdf.FPDF_GetPageHeight(&requests.FPDF_GetPageHeight{Page: v.page})
	if err != nil {
		return nil, err
	}
	dpi, reason := fitting(w.Width, h.Height, dpi, limits)
	if reason != nil {
		return nil, reason
	}
	v.width, v.height = pixels(w.Width, dpi), pixels(h.Height, dpi)
	out := &Drawing{Width: v.width, Height: v.height, DPI: dpi}
	if out.Pix, err = v.raster(); err != nil {
		return nil, err
	}
	out.Channels = 3
	if grey(out.Pix) {
		out.Pix, out.Channels = firstOfThree(out.Pix), 1
	}
	if out.Layout, err = v.layout(); err != nil {
		return nil, fmt.Errorf("read text: %w", err)
	}
	return out, nil
}

// fitting is the resolution at which a page of so many points is drawn.
func fitting(width, height, dpi float64, limits dossier.Limits) (float64, *dossier.Reason) {
	if !(width > 0 && height > 0) || math.IsInf(width*height, 0) {
		return 0, dossier.Reject(dossier.CodeDamaged, "a page of %g by %g points", width, height)
	}
	const widest = 32_000
	most := float64(min(limits.Pixels, pixelsMost))
	dpi = min(dpi, pointsPerInch*math.Sqrt(most/(width*height)), pointsPerInch*widest/max(width, height))
	if dpi < dpiLeast {
		return 0, dossier.Reject(dossier.CodeTooManyPixels, "a page of %.0f by %.0f inches", width/pointsPerInch, height/pointsPerInch)
	}
	return dpi, nil
}

func pixels(points, dpi float64) int { return max(1, int(math.Round(points*dpi/pointsPerInch))) }

// raster draws the page on white.
func (v *view) raster() ([]byte, error) {
	made, err := v.pdf.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: v.width, Height: v.height})
	if err != nil {
		return nil, fmt.Errorf("make a bitmap: %w", err)
	}
	pix, err := v.paint(made.Bitmap)
	_, destroyErr := v.pdf.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: made.Bitmap})
	return pix, errors.Join(err, destroyErr)
}

func (v *view) paint(bitmap references.FPDF_BITMAP) ([]byte, error) {
	const white = 0xffffffff
	if _, err := v.pdf.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{
		Bitmap: bitmap, Width: v.width, Height: v.height, Color: white,
	}); err != nil {
		return nil, fmt.Errorf("whiten the bitmap: %w", err)
	}
	const flags = enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER |
		enums.FPDF_RENDER_FLAG_RENDER_LIMITEDIMAGECACHE
	if _, err := v.pdf.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{
		Bitmap: bitmap, Page: v.page, SizeX: v.width, SizeY: v.height, Flags: flags,
	}); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	if err := v.paintForm(bitmap, flags); err != nil {
		return nil, err
	}
	buffer, err := v.pdf.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap})
	if err != nil {
		return nil, fmt.Errorf("take the bitmap: %w", err)
	}
	stride := len(buffer.Buffer) / v.height
	pix := make([]byte, 0, 3*v.width*v.height)
	for y := range v.height {
		row := buffer.Buffer[y*stride:]
		for x := range v.width {
			pix = append(pix, row[4*x], row[4*x+1], row[4*x+2])
		}
	}
	return pix, nil
}

// paintForm draws what is in form fields.
func (v *view) paintForm(bitmap references.FPDF_BITMAP, flags enums.FPDF_RENDER_FLAG) error {
	if v.form == "" {
		return nil
	}
	if _, err := v.pdf.FORM_OnAfterLoadPage(&requests.FORM_OnAfterLoadPage{Page: v.page, FormHandle: v.form}); err != nil {
		return fmt.Errorf("load form fields: %w", err)
	}
	if _, err := v.pdf.FPDF_FFLDraw(&requests.FPDF_FFLDraw{
		FormHandle: v.form, Bitmap: bitmap, Page: v.page, SizeX: v.width, SizeY: v.height, Flags: flags,
	}); err != nil {
		return fmt.Errorf("render form fields: %w", err)
	}
	if _, err := v.pdf.FORM_OnBeforeClosePage(&requests.FORM_OnBeforeClosePage{Page: v.page, FormHandle: v.form}); err != nil {
		return fmt.Errorf("close form fields: %w", err)
	}
	return nil
}

// formEnvironment is what PDFium wants before it draws form fields. Nobody looks on and nothing is clicked, so that
// all it may ask for is nothing. A document that has no such environment is drawn without.
func formEnvironment(pdf pdfium.Pdfium, doc references.FPDF_DOCUMENT) references.FPDF_FORMHANDLE {
	made, err := pdf.FPDFDOC_InitFormFillEnvironment(&requests.FPDFDOC_InitFormFillEnvironment{
		Document: doc,
		FormFillInfo: structs.FPDF_FORMFILLINFO{
			FFI_Invalidate:         func(references.FPDF_PAGE, float64, float64, float64, float64) {},
			FFI_SetCursor:          func(enums.FXCT) {},
			FFI_SetTimer:           func(int, func(int)) int { return 0 },
			FFI_KillTimer:          func(int) {},
			FFI_GetLocalTime:       func() structs.FPDF_SYSTEMTIME { return structs.FPDF_SYSTEMTIME{} },
			FFI_GetPage:            func(references.FPDF_DOCUMENT, int) *references.FPDF_PAGE { return nil },
			FFI_GetRotation:        func(references.FPDF_PAGE) enums.FPDF_PAGE_ROTATION { return 0 },
			FFI_ExecuteNamedAction: func(string) {},
		},
	})
	if err != nil {
		return ""
	}
	// Fields are highlighted in blue unless told otherwise.
	if _, err := pdf.FPDF_SetFormFieldHighlightAlpha(&requests.FPDF_SetFormFieldHighlightAlpha{FormHandle: made.FormHandle}); err != nil {
		return ""
	}
	return made.FormHandle
}

func grey(pix []byte) bool {
	for i := 0; i+2 < len(pix); i += 3 {
		if pix[i] != pix[i+1] || pix[i] != pix[i+2] {
			return false
		}
	}
	return true
}

func firstOfThree(pix []byte) []byte {
	out := make([]byte, len(pix)/3)
	for i := range out {
		out[i] = pix[3*i]
	}
	return out
}
