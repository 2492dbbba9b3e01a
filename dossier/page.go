package dossier

import "strings"

// Matrix maps a point of page space to a point of the stored image, both in pixels with y downwards:
//
//	x' = A*x + C*y + E
//	y' = B*x + D*y + F
type Matrix struct{ A, B, C, D, E, F float64 }

// Identity is the matrix of a page whose image is stored upright, straight and with square pixels.
func Identity() Matrix { return Matrix{A: 1, D: 1} }

// Apply maps the point (x, y).
func (m Matrix) Apply(x, y float64) (float64, float64) {
	return m.A*x + m.C*y + m.E, m.B*x + m.D*y + m.F
}

// Then returns the matrix that applies m first and n after it.
func (m Matrix) Then(n Matrix) Matrix {
	return Matrix{
		A: n.A*m.A + n.C*m.B, B: n.B*m.A + n.D*m.B,
		C: n.A*m.C + n.C*m.D, D: n.B*m.C + n.D*m.D,
		E: n.A*m.E + n.C*m.F + n.E, F: n.B*m.E + n.D*m.F + n.F,
	}
}

// Inverse returns the matrix that undoes m. ok is false, and the result Identity, where m has none.
func (m Matrix) Inverse() (inverse Matrix, ok bool) {
	det := m.A*m.D - m.B*m.C
	if det == 0 || det != det {
		return Identity(), false
	}
	a, b, c, d := m.D/det, -m.B/det, -m.C/det, m.A/det
	return Matrix{A: a, B: b, C: c, D: d, E: -(a*m.E + c*m.F), F: -(b*m.E + d*m.F)}, true
}

// Page is one side of paper as the worker read it: everything about it but the bytes of its image. It is kept as
// pages/<page id>/layout.json.gz and is all that PDF, ALTO, hOCR and search need beside the image.
type Page struct {
	Number int `json:"number"` // from 1, in its original

	// Page space: pixels of the upright, straight page. Its pixels are square, DPI to the inch, even where the
	// stored image has different resolutions across and down (then DPI is the higher one).
	Width  int     `json:"width"`
	Height int     `json:"height"`
	DPI    float64 `json:"dpi"`
	// ToImage maps page space to the stored image's pixels.
	ToImage Matrix `json:"to_image"`

	Rotation int     `json:"rotation"` // degrees the stored image was turned clockwise to be upright: 0, 90, 180, 270
	Mirrored bool    `json:"mirrored,omitempty"`
	Skew     float64 `json:"skew"`            // degrees the upright image was turned further, clockwise positive; -15..15
	Paper    string  `json:"paper,omitempty"` // nearest paper size: a3, a4, a5, a6, letter, legal, id1 (an identity card) or ""

	Blank     bool    `json:"blank,omitempty"`
	Ink       float64 `json:"ink"`       // share of the page that is dark, 0..1
	Sharpness float64 `json:"sharpness"` // 0..1; below 0.2 letters are hard to make out
	Language  string  `json:"language"`  // tessdata name the page was read with: vie, fra, eng; "" when not read

	Barcodes []Barcode `json:"barcodes,omitempty"` // read on the pixels as scanned
	Layout   Layout    `json:"layout"`
	Image    PageImage `json:"image"`
	Warnings []string  `json:"warnings,omitempty"` // Warn... codes, sorted, each once
	// Reason says why a page has no image, or an image and no text: what the worker said, or how it died.
	Reason *Reason `json:"reason,omitempty"`
}

// Warning codes of pages and deposits. They are for machines; Message gives the sentence for people.
const (
	WarnResolutionGuessed    = "resolution_guessed"     // the file names none, or an absurd one
	WarnReducedFor1b         = "reduced_for_1b"         // JPX or 16 bit, decoded to 8 bit for PDF/A-1
	WarnSignatureNotCarried  = "signature_not_carried"  // the PDF's digital signature is in the original only
	WarnTruncated            = "truncated"              // the original ends early; what is there was kept
	WarnDamaged              = "damaged"                // part of the page could not be decoded
	WarnPagesMissing         = "pages_missing"          // pages that the original promises and does not have
	WarnWorkerCrashed        = "worker_crashed"         // no text: the worker died on this page twice
	WarnWorkerTimedOut       = "worker_timed_out"       //
	WarnWorkerOutOfMemory    = "worker_out_of_memory"   //
	WarnPlaceholder          = "placeholder"            // no image could be kept: a page saying so stands in
	WarnLowConfidence        = "low_confidence"         // mean word confidence under 0.6
	WarnLanguageModelMissing = "language_model_missing" // read with another model than the station asks for
	WarnProfileDropped       = "icc_profile_dropped"    // the embedded profile does not fit the image
	WarnFileRefused          = "file_refused"           // of a batch: one of its files was refused
	WarnSidesUnpaired        = "sides_unpaired"         // of a batch: fronts and backs don't match
	WarnRescanUnplaced       = "rescan_unplaced"        // scanned again, and the page that it was to replace is not there
	WarnCodeTaken            = "code_taken"             // of an upload: what names its dossier names one that its sender does not see
	WarnProceduresDiffer     = "procedures_differ"      // of a dossier: slip, ticket and form name different procedures
	WarnResultUnlinked       = "result_unlinked"        // of a dossier: a result without the papers that it answers
	WarnReceiptUnlinked      = "receipt_unlinked"       // of a dossier: a signed receipt without what it is for
	WarnPageGap              = "page_gap"               // of a dossier: the page numbers of a paper leave some out
)

// Box is a rectangle in page space: left, top, right, bottom in pixels; right and bottom are exclusive.
type Box struct{ X0, Y0, X1, Y1 float64 }

// Width and Height are zero for an empty box.
func (b Box) Width() float64 { return max(0, b.X1-b.X0) }

// Height is the box's extent downwards.
func (b Box) Height() float64 { return max(0, b.Y1-b.Y0) }

// Union returns the smallest box around both; an empty box adds nothing.
func (b Box) Union(o Box) Box {
	if b.Width() == 0 && b.Height() == 0 {
		return o
	}
	if o.Width() == 0 && o.Height() == 0 {
		return b
	}
	return Box{min(b.X0, o.X0), min(b.Y0, o.Y0), max(b.X1, o.X1), max(b.Y1, o.Y1)}
}

// Layout is what was read on a page, in reading order: blocks > paragraphs > lines > words.
type Layout struct {
	Source TextSource `json:"source"`
	Blocks []Block    `json:"blocks"`
}

// TextSource says where a layout's words come from.
type TextSource string

// The sources of a layout.
const (
	TextNone TextSource = "none" // nothing was read: blank, placeholder, or a worker that died
	TextOCR  TextSource = "ocr"  // recognised on the image
	TextPDF  TextSource = "pdf"  // the visible text that the PDF's page already carried
)

// Block is a column, table cell or other region of the page.
type Block struct {
	Box        Box         `json:"box"`
	Paragraphs []Paragraph `json:"paragraphs"`
}

// Paragraph is a run of lines in one block.
type Paragraph struct {
	Box   Box    `json:"box"`
	Lines []Line `json:"lines"`
}

// Line is one line of print. Its baseline passes through (Box.X0, Baseline) and rises or falls by Slope pixels a pixel
// to the right (y downwards, so a positive slope falls).
type Line struct {
	Box      Box     `json:"box"`
	Baseline float64 `json:"baseline"`
	Slope    float64 `json:"slope,omitempty"`
	Size     float64 `json:"size"` // height of the line's letters, ascender to descender, px (hOCR x_size)
	Words    []Word  `json:"words"`
}

// Word is a run of letters between spaces. Text is NFC and never empty.
type Word struct {
	Text       string  `json:"text"`
	Box        Box     `json:"box"`
	Confidence float64 `json:"confidence"` // 0..1
}

// Lines calls yield for each line in reading order. It has the form of an iter.Seq.
func (l *Layout) Lines(yield func(*Line) bool) {
	for b := range l.Blocks {
		for p := range l.Blocks[b].Paragraphs {
			for i := range l.Blocks[b].Paragraphs[p].Lines {
				if !yield(&l.Blocks[b].Paragraphs[p].Lines[i]) {
					return
				}
			}
		}
	}
}

// Text is the words in order, a blank between those of a line and "\n" between lines: its word i is word i of the layout.
func (l *Layout) Text() string {
	var b strings.Builder
	for line := range l.Lines {
		for i, w := range line.Words {
			switch {
			case i > 0:
				b.WriteByte(' ')
			case b.Len() > 0:
				b.WriteByte('\n')
			}
			b.WriteString(strings.Join(strings.Fields(w.Text), "")) // there are no blanks in a word
		}
	}
	return b.String()
}

// Words counts the words and gives their mean confidence weighted by length in letters; 0, 0 where there are none.
func (l *Layout) Words() (count int, confidence float64) {
	var letters int
	var sum float64
	for line := range l.Lines {
		for _, w := range line.Words {
			n := len([]rune(w.Text))
			count++
			letters += n
			sum += float64(n) * w.Confidence
		}
	}
	if letters == 0 {
		return count, 0
	}
	return count, sum / float64(letters)
}
