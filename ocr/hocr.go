package ocr

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// maxHOCRWords bounds what one page of hOCR may hold; a page of a newspaper has about 10,000 words.
const maxHOCRWords = 200_000

// ParseHOCR reads the hOCR of one page, in the form in which Tesseract writes it, into a layout in the image's pixels.
// Words are NFC; words of nothing but space are dropped, as are lines, paragraphs and blocks left without a word.
func ParseHOCR(r io.Reader) (dossier.Layout, error) {
	p := hocrParser{layout: dossier.Layout{Source: dossier.TextOCR}}
	d := xml.NewDecoder(r)
	d.Strict = false
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			p.endWord()
			return p.finish(), nil
		}
		if err != nil {
			return dossier.Layout{}, fmt.Errorf("parse hOCR: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			p.start(t)
		case xml.EndElement:
			p.end()
		case xml.CharData:
			if p.inWord() {
				p.text.Write(t)
			}
		}
		if p.words > maxHOCRWords {
			return dossier.Layout{}, fmt.Errorf("parse hOCR: more than %d words", maxHOCRWords)
		}
	}
}

// hocrParser builds the layout as elements open; where an element of a level is missing, the one above is split by
// nothing, so that every word finds a place.
type hocrParser struct {
	layout dossier.Layout
	depth  int // of open elements
	wordAt int // depth of the open word element; 0: none
	box    dossier.Box
	conf   float64
	text   strings.Builder
	words  int
}

func (p *hocrParser) inWord() bool { return p.wordAt > 0 }

func (p *hocrParser) start(e xml.StartElement) {
	p.depth++
	var class, title string
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "class":
			class = a.Value
		case "title":
			title = a.Value
		}
	}
	switch class {
	case "ocr_carea":
		p.layout.Blocks = append(p.layout.Blocks, dossier.Block{})
	case "ocr_par":
		b := p.block()
		b.Paragraphs = append(b.Paragraphs, dossier.Paragraph{})
	case "ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat":
		par := p.paragraph()
		par.Lines = append(par.Lines, lineOf(properties(title)))
	case "ocrx_word":
		p.endWord()
		props := properties(title)
		p.wordAt, p.box, p.conf = p.depth, props.box, min(1, max(0, props.confidence/100))
	}
}

func (p *hocrParser) end() {
	if p.inWord() && p.depth <= p.wordAt {
		p.endWord()
	}
	p.depth = max(0, p.depth-1)
}

// endWord puts the open word into its line. A word element that holds several words is cut by their letters.
func (p *hocrParser) endWord() {
	if !p.inWord() {
		return
	}
	texts := strings.Fields(norm.NFC.String(strings.Map(printable, p.text.String())))
	letters := len([]rune(strings.Join(texts, " ")))
	line, at := p.line(), 0
	for _, text := range texts {
		n := len([]rune(text))
		box, width := p.box, p.box.Width()/float64(letters)
		box.X0 += width * float64(at)
		box.X1 = box.X0 + width*float64(n)
		line.Words = append(line.Words, dossier.Word{Text: text, Box: box, Confidence: p.conf})
		at += n + 1
		p.words++
	}
	p.wordAt = 0
	p.text.Reset()
}

func (p *hocrParser) block() *dossier.Block {
	if len(p.layout.Blocks) == 0 {
		p.layout.Blocks = append(p.layout.Blocks, dossier.Block{})
	}
	return &p.layout.Blocks[len(p.layout.Blocks)-1]
}

func (p *hocrParser) paragraph() *dossier.Paragraph {
	b := p.block()
	if len(b.Paragraphs) == 0 {
		b.Paragraphs = append(b.Paragraphs, dossier.Paragraph{})
	}
	return &b.Paragraphs[len(b.Paragraphs)-1]
}

func (p *hocrParser) line() *dossier.Line {
	par := p.paragraph()
	if len(par.Lines) == 0 {
		par.Lines = append(par.Lines, dossier.Line{})
	}
	return &par.Lines[len(par.Lines)-1]
}

// finish drops what has no words and draws the boxes around the words.
func (p *hocrParser) finish() dossier.Layout {
	out := dossier.Layout{Source: p.layout.Source}
	for _, b := range p.layout.Blocks {
		var block dossier.Block
		for _, par := range b.Paragraphs {
			var paragraph dossier.Paragraph
			for _, line := range par.Lines {
				if len(line.Words) == 0 {
					continue
				}
				paragraph.Lines = append(paragraph.Lines, settle(line))
			}
			if len(paragraph.Lines) > 0 {
				block.Paragraphs = append(block.Paragraphs, paragraph)
			}
		}
		if len(block.Paragraphs) > 0 {
			out.Blocks = append(out.Blocks, block)
		}
	}
	Enclose(&out)
	return out
}

// settle moves the line's baseline from the corner of the box that hOCR names to that of the box around its words.
func settle(line dossier.Line) dossier.Line {
	from := line.Box.X0
	var box dossier.Box
	for _, w := range line.Words {
		box = box.Union(w.Box)
	}
	if line.Size <= 0 {
		line.Size, line.Baseline = box.Height(), box.Y1
	} else {
		line.Baseline += line.Slope * (box.X0 - from)
	}
	line.Box = box
	return line
}

// Enclose sets the boxes of paragraphs and blocks to what is around their lines.
func Enclose(l *dossier.Layout) {
	for b := range l.Blocks {
		block := &l.Blocks[b]
		block.Box = dossier.Box{}
		for i := range block.Paragraphs {
			par := &block.Paragraphs[i]
			par.Box = dossier.Box{}
			for _, line := range par.Lines {
				par.Box = par.Box.Union(line.Box)
			}
			block.Box = block.Box.Union(par.Box)
		}
	}
}

// hocrProperties are the parts of a title that dossierd uses.
type hocrProperties struct {
	box           dossier.Box
	confidence    float64 // 0..100
	slope, offset float64 // of the baseline, from the box's lower left corner
	size          float64
	turned        bool // textangle: the line does not run to the right, and has no baseline here
}

func lineOf(p hocrProperties) dossier.Line {
	line := dossier.Line{Box: p.box}
	if p.turned {
		return line
	}
	line.Baseline, line.Slope, line.Size = p.box.Y1+p.offset, p.slope, p.size
	return line
}

// properties reads "bbox 10 20 30 40; baseline 0.01 -5; x_size 30". What is malformed or infinite counts as absent.
func properties(title string) (p hocrProperties) {
	for part := range strings.SplitSeq(title, ";") {
		words := strings.Fields(part)
		if len(words) < 2 {
			continue
		}
		v := numbers(words[1:])
		switch {
		case words[0] == "bbox" && len(v) == 4:
			p.box = dossier.Box{X0: v[0], Y0: v[1], X1: max(v[0], v[2]), Y1: max(v[1], v[3])}
		case words[0] == "x_wconf" && len(v) == 1:
			p.confidence = v[0]
		case words[0] == "baseline" && len(v) == 2:
			p.slope, p.offset = v[0], v[1]
		case words[0] == "x_size" && len(v) == 1:
			p.size = v[0]
		case words[0] == "textangle" && len(v) == 1:
			p.turned = v[0] != 0
		}
	}
	return p
}

// numbers gives nil where one of the words is no number, or one that no image's coordinate reaches.
func numbers(words []string) []float64 {
	const most = 1e7
	v := make([]float64, 0, len(words))
	for _, w := range words {
		f, err := strconv.ParseFloat(w, 64)
		if err != nil || !(f >= -most && f <= most) {
			return nil
		}
		v = append(v, f)
	}
	return v
}

// printable drops control and format characters (soft hyphens, joiners, byte order marks), which nobody sees and no
// searcher types, and makes every kind of space the one.
func printable(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		return -1
	}
	return r
}
