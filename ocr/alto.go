package ocr

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

const altoHead = `<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` +
	`xsi:schemaLocation="http://www.loc.gov/standards/alto/ns-v4# http://www.loc.gov/standards/alto/v4/alto-4-4.xsd" SCHEMAVERSION="4.4">
<Description>
<MeasurementUnit>pixel</MeasurementUnit>
<Processing ID="reading"><processingSoftware><softwareName>dossierd</softwareName></processingSoftware></Processing>
</Description>
<Layout>
`

const altoTail = "</Layout>\n</alto>\n"

// Single is a sequence of one page, for what writes several.
func Single(page *dossier.Page) iter.Seq2[*dossier.Page, error] {
	return func(yield func(*dossier.Page, error) bool) { yield(page, nil) }
}

// WriteALTO writes the pages as one ALTO 4.4 document, in pixels of page space. Pages are numbered as they come; blocks,
// lines and words stand in reading order. A block is a ComposedBlock, each of its paragraphs a TextBlock in it.
// An error of pages ends the document unfinished and is returned.
func WriteALTO(w io.Writer, pages iter.Seq2[*dossier.Page, error]) error {
	out := &markup{w: bufio.NewWriter(w)}
	out.raw(altoHead)
	n := 0
	for page, err := range pages {
		if err != nil {
			return err
		}
		n++
		altoPage(out, page, n)
	}
	if n == 0 {
		return fmt.Errorf("an ALTO document needs a page")
	}
	out.raw(altoTail)
	return out.w.Flush()
}

func altoPage(out *markup, page *dossier.Page, n int) {
	id := "p" + strconv.Itoa(n)
	count, confidence := page.Layout.Words()
	out.open("Page", "ID", id, "PHYSICAL_IMG_NR", strconv.Itoa(n), "WIDTH", strconv.Itoa(page.Width), "HEIGHT", strconv.Itoa(page.Height),
		"PROCESSINGREFS", "reading")
	if count > 0 {
		out.attribute("PC", pixels(confidence))
	}
	if page.Language != "" {
		out.attribute("LANG", dossier.LanguageTag(page.Language))
	}
	out.raw(">\n")
	out.open("PrintSpace", "HPOS", "0", "VPOS", "0", "WIDTH", strconv.Itoa(page.Width), "HEIGHT", strconv.Itoa(page.Height))
	out.raw(">\n")
	for b := range page.Layout.Blocks {
		altoBlock(out, &page.Layout.Blocks[b], id+".b"+strconv.Itoa(b+1))
	}
	out.raw("</PrintSpace>\n</Page>\n")
}

func altoBlock(out *markup, block *dossier.Block, id string) {
	out.open("ComposedBlock", "ID", id)
	out.box(block.Box)
	out.raw(">\n")
	for p := range block.Paragraphs {
		paragraph := &block.Paragraphs[p]
		within := id + ".p" + strconv.Itoa(p+1)
		out.open("TextBlock", "ID", within)
		out.box(paragraph.Box)
		out.raw(">\n")
		for l := range paragraph.Lines {
			altoLine(out, &paragraph.Lines[l], within+".l"+strconv.Itoa(l+1))
		}
		out.raw("</TextBlock>\n")
	}
	out.raw("</ComposedBlock>\n")
}

// altoLine writes a line; one without words is no TextLine.
func altoLine(out *markup, line *dossier.Line, id string) {
	if len(line.Words) == 0 {
		return
	}
	out.open("TextLine", "ID", id)
	out.box(line.Box)
	right := line.Baseline + line.Slope*line.Box.Width()
	out.attribute("BASELINE", pixels(line.Box.X0)+","+pixels(line.Baseline)+" "+pixels(line.Box.X1)+","+pixels(right))
	out.raw(">\n")
	for i, w := range line.Words {
		if i > 0 {
			before := line.Words[i-1].Box
			out.open("SP", "HPOS", pixels(before.X1), "VPOS", pixels(before.Y0), "WIDTH", pixels(max(0, w.Box.X0-before.X1)))
			out.raw("/>\n")
		}
		out.open("String", "ID", id+".w"+strconv.Itoa(i+1))
		out.box(w.Box)
		out.attribute("CONTENT", w.Text)
		out.attribute("WC", pixels(min(1, max(0, w.Confidence))))
		out.raw("/>\n")
	}
	out.raw("</TextLine>\n")
}

// markup writes XML. Errors stick in its writer and come out of Flush.
type markup struct{ w *bufio.Writer }

func (m *markup) raw(s string) { _, _ = m.w.WriteString(s) }

// open begins a tag and leaves it open for more attributes.
func (m *markup) open(element string, attributes ...string) {
	m.raw("<" + element)
	for i := 0; i+1 < len(attributes); i += 2 {
		m.attribute(attributes[i], attributes[i+1])
	}
}

func (m *markup) attribute(name, value string) {
	m.raw(" " + name + `="` + escaped(value) + `"`)
}

func (m *markup) box(b dossier.Box) {
	m.attribute("HPOS", pixels(b.X0))
	m.attribute("VPOS", pixels(b.Y0))
	m.attribute("WIDTH", pixels(b.Width()))
	m.attribute("HEIGHT", pixels(b.Height()))
}

// pixels formats a number with at most three decimals.
func pixels(v float64) string {
	s := strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0")
	s = strings.TrimSuffix(s, ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// escaped makes a string fit for XML text and attributes, in NFC. Characters that XML forbids are dropped.
func escaped(s string) string {
	s = norm.NFC.String(strings.Map(func(r rune) rune {
		switch {
		case r == utf8.RuneError, r < ' ' && r != '\t' && r != '\n', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, s))
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;").Replace(s)
}
