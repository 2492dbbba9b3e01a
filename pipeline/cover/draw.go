package cover

import (
	"strings"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode/decoder"
	"github.com/makiuchi-d/gozxing/qrcode/encoder"
)

// codes draws the QR code top left, where Circular 01/2023/TT-VPCP has it, and once more bottom right: what spoils a
// finder pattern of one leaves the other.
func (p *printer) codes(text string) error {
	// With its encoding named, no reader has to guess that of a place's name. Code and procedure need none.
	hints := map[gozxing.EncodeHintType]any{gozxing.EncodeHintType_CHARACTER_SET: "UTF-8"}
	code, err := encoder.Encoder_encode(text, decoder.ErrorCorrectionLevel_Q, hints)
	if err != nil {
		return err
	}
	p.qr(code.GetMatrix(), margin, margin)
	p.qr(code.GetMatrix(), right-qrSize, bottom-qrSize)
	return nil
}

// qr draws a code as one shape: separate squares would show seams between them.
func (p *printer) qr(m *encoder.ByteMatrix, x, y float64) {
	module := float64(qrSize) / float64(m.GetWidth())
	for row := range m.GetHeight() {
		for col := 0; col < m.GetWidth(); col++ {
			first := col
			for col < m.GetWidth() && m.Get(col, row) == 1 {
				col++
			}
			if col > first {
				p.box(x+float64(first)*module, y+float64(row)*module, float64(col-first)*module, module)
			}
		}
	}
	p.SetFillColor(0, 0, 0)
	p.DrawPath("F")
}

// box adds a rectangle to the path.
func (p *printer) box(x, y, w, h float64) {
	p.MoveTo(x, y)
	p.LineTo(x+w, y)
	p.LineTo(x+w, y+h)
	p.LineTo(x, y+h)
	p.ClosePath()
}

// band says beside the code what sort of sheet this is, white on black or in a frame.
func (p *printer) band(title string, black bool) {
	const inset, insetY, leading = 7.0, 4.0, 1.15
	style, ink := "D", 0
	if black {
		style, ink = "F", 255
	}
	p.SetFillColor(0, 0, 0)
	p.SetLineWidth(2 * rule)
	edge := 0.0
	if !black {
		edge = rule // half of the line lies outside of the rectangle
	}
	p.Rect(bandLeft+edge, margin+edge, right-bandLeft-2*edge, qrSize-2*edge, style)
	p.SetTextColor(ink, ink, ink)
	lines := strings.Split(title, "\n")
	size := (qrSize - 2*insetY) / float64(len(lines)) / leading * pointsPerMM
	for _, line := range lines {
		size = min(size, p.fit(line, "B", right-bandLeft-2*inset, size))
	}
	height := size / pointsPerMM * leading
	y := margin + (qrSize-height*float64(len(lines)))/2
	for _, line := range lines {
		p.SetXY(bandLeft+inset, y)
		p.CellFormat(0, height, line, "", 0, "LM", false, 0, "")
		y += height
	}
	p.SetTextColor(0, 0, 0)
}

// arrow points to what lies below the sheet.
func (p *printer) arrow(black bool) {
	const top, shaft, neck, head, tip = 87.0, 26.0, 152.0, 62.0, 212.0
	const middle = pageWidth / 2.0
	p.MoveTo(middle-shaft, top)
	p.LineTo(middle+shaft, top)
	p.LineTo(middle+shaft, neck)
	p.LineTo(middle+head, neck)
	p.LineTo(middle, tip)
	p.LineTo(middle-head, neck)
	p.LineTo(middle-shaft, neck)
	p.ClosePath()
	style := "D"
	if black {
		style = "F"
	}
	p.SetLineWidth(2 * rule)
	p.DrawPath(style)
}

// fit returns the font size in pt at which text is no wider than width, at most most, and sets it.
func (p *printer) fit(text, style string, width, most float64) float64 {
	p.SetFont("sans", style, most)
	size := most
	if w := p.GetStringWidth(text); w > width {
		size = most * width / w
	}
	p.SetFontSize(size)
	return size
}

const (
	labelSize = 14.0 // pt
	fieldGap  = 8.0
	grey      = 90
)

// field writes a label and, below it, a value on one line, as large as fits; nothing where there is no value.
func (p *printer) field(label, value string, most float64) {
	if value == "" {
		return
	}
	p.column(margin, textWidth, label, value, most)
	p.y += p.valueHeight(most) + fieldGap
}

// pair writes two fields side by side; where there is no first, the second stands in its place.
func (p *printer) pair(label1, value1, label2, value2 string) {
	const most, gap = 28.0, 6.0
	width := (textWidth - gap) / 2.0
	x := float64(margin)
	if value1 != "" {
		p.column(x, width, label1, value1, most)
		x += width + gap
	}
	p.column(x, width, label2, value2, most)
	p.y += p.valueHeight(most) + fieldGap
}

const labelHeight = 6.0

// valueHeight is that of a label with a line of the given size below it.
func (p *printer) valueHeight(size float64) float64 { return labelHeight + size/pointsPerMM*1.15 }

func (p *printer) column(x, width float64, label, value string, most float64) {
	p.label(x, label)
	p.fit(value, "B", width, most)
	p.SetXY(x, p.y+labelHeight)
	p.CellFormat(width, most/pointsPerMM*1.15, value, "", 0, "LM", false, 0, "")
}

func (p *printer) label(x float64, text string) {
	p.SetFont("sans", "", labelSize)
	p.SetTextColor(grey, grey, grey)
	p.SetXY(x, p.y)
	p.CellFormat(0, labelHeight, text, "", 0, "LM", false, 0, "")
	p.SetTextColor(0, 0, 0)
}

// procedure writes its name over as many lines as it takes, and its code.
func (p *printer) procedure(code, name string) {
	const size, leading, most = 26.0, 11.5, 3
	if name == "" {
		p.field(p.words.procedure, code, 34)
		return
	}
	p.label(margin, p.words.procedure)
	p.y += labelHeight
	p.SetFont("sans", "B", size)
	lines := p.SplitText(name, textWidth)
	if len(lines) > most {
		lines = append(lines[:most-1:most-1], lines[most-1]+" …")
	}
	for _, line := range lines {
		p.fit(line, "B", textWidth, size)
		p.SetXY(margin, p.y)
		p.CellFormat(textWidth, leading, line, "", 0, "LM", false, 0, "")
		p.y += leading
	}
	if code != "" {
		p.fit(code, "", textWidth, 18)
		p.SetXY(margin, p.y)
		p.CellFormat(textWidth, leading, code, "", 0, "LM", false, 0, "")
		p.y += leading
	}
	p.y += fieldGap
}

// note writes at the foot of the page, beside the code, what to do with the sheet.
func (p *printer) note(text string) {
	const size, leading, gap, width = 14.0, 6.6, 3.0, textWidth - qrSize - quiet
	top := float64(bottom - qrSize)
	p.SetFillColor(0, 0, 0)
	p.Rect(margin, top, width, rule, "F")
	p.SetFont("sans", "", size)
	y := top + rule + gap
	for _, line := range p.SplitText(text, width) {
		p.SetXY(margin, y)
		p.CellFormat(width, leading, line, "", 0, "LM", false, 0, "")
		y += leading
	}
}
