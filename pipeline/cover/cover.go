// Package cover writes cover slips and separator sheets as PDF, to be printed and laid into a stack of papers.
//
// It owns how a sheet looks: A4, a QR code and the same in letters that are read across a room. What the code
// says is package payload's; which numbers are given out, and to whom, is the command line's. The same sheets give the
// same bytes. qpdf and poppler judge the file in the tests, and each sort of sheet is printed, scanned badly and read.
package cover

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
)

// Sheet is one page to print.
type Sheet struct {
	Says payload.Meaning // payload.Slip of a cover sheet, or payload.Separator
	Name string          // of the slip's procedure, for people
}

// All lengths are mm.
const (
	pageWidth  = 210
	pageHeight = 297
	margin     = 15 // free of print: nothing is cut off by a printer or a crooked scan
	right      = pageWidth - margin
	bottom     = pageHeight - margin
	textWidth  = right - margin

	// qrSize is a code's without its quiet zone. At 150 dpi a module of the longest slip is still 4 px wide, and 8 px of
	// an ordinary one.
	qrSize   = 52
	quiet    = 9 // beside a code: four modules of the coarsest
	bandLeft = margin + qrSize + quiet
	rule     = 1.2
)

// pointsPerMM turns mm into the points that font sizes have.
const pointsPerMM = 72 / 25.4

// Write writes the sheets in the language vi, fr or en, a page each.
func Write(w io.Writer, language string, sheets []Sheet) error {
	words, ok := languages[language]
	if !ok {
		return fmt.Errorf("no sheets in the language %q", language)
	}
	p := &printer{Fpdf: newPDF(sheets), words: words}
	p.SetLang(language)
	p.SetTitle(words.title, true)
	for i, s := range sheets {
		p.AddPage()
		if err := p.sheet(s); err != nil {
			return fmt.Errorf("sheet %d: %w", i+1, err)
		}
	}
	return p.Output(w)
}

func newPDF(sheets []Sheet) *fpdf.Fpdf {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("dossierd", true)
	at := time.Unix(0, 0).UTC()
	for _, s := range sheets {
		if slip, ok := s.Says.(payload.Slip); ok && slip.Code != "" {
			at = payload.Code(slip.Code).Day()
			break
		}
	}
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.AddUTF8FontFromBytes("sans", "", liberationsansregular.TTF)
	pdf.AddUTF8FontFromBytes("sans", "B", liberationsansbold.TTF)
	return pdf
}

// printer draws on the current page.
type printer struct {
	*fpdf.Fpdf
	words words
	y     float64 // where the next thing begins
}

func (p *printer) sheet(s Sheet) error {
	switch says := s.Says.(type) {
	case payload.Slip:
		return p.slip(says, s.Name)
	case payload.Separator:
		return p.separator(says)
	default:
		return fmt.Errorf("a %T can't be printed", says)
	}
}

func (p *printer) slip(s payload.Slip, name string) error {
	text, err := s.Encode()
	if err != nil {
		return err
	}
	if err := p.codes(text); err != nil {
		return err
	}
	p.y = margin + qrSize + 11
	if s.Rescan.Page > 0 {
		p.band(p.words.rescan, true)
		p.field(p.words.page, strconv.Itoa(s.Rescan.Page), 90)
		p.field(p.words.code, s.Code, 28)
		p.field(p.words.batch, s.Rescan.Batch, 18)
		p.note(p.words.rescanNote)
		return p.Error()
	}
	p.band(p.words.slip, true)
	p.field(p.words.code, s.Code, 60)
	p.procedure(s.Procedure, printable(name))
	p.pair(p.words.station, s.Station, p.words.date, payload.Code(s.Code).Day().Format(p.words.dateLayout))
	p.field(p.words.place, s.Place, 28)
	p.note(p.words.slipNote)
	return p.Error()
}

func (p *printer) separator(s payload.Separator) error {
	if err := p.codes(s.Encode()); err != nil {
		return err
	}
	w := p.words.dossier
	if dossier.CutLevel(s) == dossier.CutDocument {
		w = p.words.document
	}
	p.band(w.title, dossier.CutLevel(s) == dossier.CutDossier)
	p.arrow(dossier.CutLevel(s) == dossier.CutDossier)
	p.note(w.note)
	return p.Error()
}

// printable makes text from outside fit for the font: composed, on one line, nothing invisible.
func printable(s string) string {
	s = strings.Join(strings.Fields(norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))), " ")
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r > 0xffff { // the PDF library stops at the basic plane
			return -1
		}
		return r
	}, s)
}
