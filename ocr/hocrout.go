package ocr

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
)

const hocrHead = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title></title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="dossierd" />
<meta name="ocr-capabilities" content="ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrp_wconf ocrp_lang" />
</head>
<body>
`

const hocrTail = "</body>\n</html>\n"

// WriteHOCR writes the pages as one hOCR 1.2 document, valid XHTML, in whole pixels of page space. ParseHOCR reads a
// document of one page back. An error of pages ends the document unfinished and is returned.
func WriteHOCR(w io.Writer, pages iter.Seq2[*dossier.Page, error]) error {
	out := &markup{w: bufio.NewWriter(w)}
	out.raw(hocrHead)
	n := 0
	for page, err := range pages {
		if err != nil {
			return err
		}
		n++
		hocrPage(out, page, n)
	}
	if n == 0 {
		return fmt.Errorf("an hOCR document needs a page")
	}
	out.raw(hocrTail)
	return out.w.Flush()
}

func hocrPage(out *markup, page *dossier.Page, n int) {
	id := "page_" + strconv.Itoa(n)
	box := dossier.Box{X1: float64(page.Width), Y1: float64(page.Height)}
	out.open("div", "class", "ocr_page", "id", id, "title",
		fmt.Sprintf("%s; ppageno %d; scan_res %.0f %.0f", hocrBox(box), n-1, page.DPI, page.DPI))
	if page.Language != "" {
		tag := dossier.LanguageTag(page.Language)
		out.attribute("lang", tag)
		out.attribute("xml:lang", tag)
	}
	out.raw(">\n")
	for b := range page.Layout.Blocks {
		block := &page.Layout.Blocks[b]
		within := id + "_" + strconv.Itoa(b+1)
		out.open("div", "class", "ocr_carea", "id", within, "title", hocrBox(block.Box))
		out.raw(">\n")
		for p := range block.Paragraphs {
			hocrParagraph(out, &block.Paragraphs[p], within+"_"+strconv.Itoa(p+1))
		}
		out.raw("</div>\n")
	}
	out.raw("</div>\n")
}

func hocrParagraph(out *markup, paragraph *dossier.Paragraph, id string) {
	out.open("p", "class", "ocr_par", "id", id, "title", hocrBox(paragraph.Box))
	out.raw(">\n")
	for l := range paragraph.Lines {
		hocrLine(out, &paragraph.Lines[l], id+"_"+strconv.Itoa(l+1))
	}
	out.raw("</p>\n")
}

// hocrLine writes a line that has words. hOCR measures the baseline from the box's bottom left corner.
func hocrLine(out *markup, line *dossier.Line, id string) {
	if len(line.Words) == 0 {
		return
	}
	title := fmt.Sprintf("%s; baseline %s %s; x_size %s", hocrBox(line.Box), slope(line.Slope),
		pixels(line.Baseline-math.Round(line.Box.Y1)), pixels(line.Size))
	out.open("span", "class", "ocr_line", "id", id, "title", title)
	out.raw(">")
	for i, w := range line.Words {
		if i > 0 {
			out.raw(" ")
		}
		out.open("span", "class", "ocrx_word", "id", id+"_"+strconv.Itoa(i+1), "title",
			fmt.Sprintf("%s; x_wconf %.0f", hocrBox(w.Box), 100*min(1, max(0, w.Confidence))))
		out.raw(">" + escaped(w.Text) + "</span>")
	}
	out.raw("</span>\n")
}

// slope keeps five decimals: 0.3 of a pixel at the end of a line of 30,000.
func slope(v float64) string {
	s := strconv.FormatFloat(math.Round(v*1e5)/1e5, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

func hocrBox(b dossier.Box) string {
	return fmt.Sprintf("bbox %.0f %.0f %.0f %.0f", math.Round(b.X0), math.Round(b.Y0), math.Round(b.X1), math.Round(b.Y1))
}
