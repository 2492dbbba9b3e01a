package pdfa_test

import (
	"image"
	"math"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
	"github.com/dossierd/dossierd/pipeline/pdfa/strict"
)

func levels() []dossier.Level {
	return []dossier.Level{dossier.Level2u, dossier.Level1b, dossier.Level3u}
}

// withText puts a line of Vietnamese on a page.
func withText(p pdfa.Page) pdfa.Page {
	w, h := float64(p.Page.Width), float64(p.Page.Height)
	line := dossier.Line{Box: dossier.Box{X0: w * .1, Y0: h * .1, X1: w * .9, Y1: h*.1 + 30}, Baseline: h*.1 + 24, Size: 30}
	x := line.Box.X0
	for _, s := range []string{"CỘNG", "HÒA", "Độc", "lập", "𠮷", "ﬁn", "(x)\\"} {
		line.Words = append(line.Words, dossier.Word{Text: s, Box: dossier.Box{X0: x, Y0: line.Box.Y0, X1: x + w*.08, Y1: line.Box.Y1}})
		x += w * .1
	}
	p.Page.Layout = dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: []dossier.Line{line}}}}}}
	return p
}

// everyKind is a page of each image kind that Go can code by itself and the level holds.
func everyKind(t testing.TB, level dossier.Level) []pdfa.Page {
	m := picture(300, 420)
	pages := []pdfa.Page{
		withText(jpegPage(t, m, 150)),
		jpegPage(t, grey(m), 150),
		flatePage(t, m, dossier.ColorRGB, 8, 15),
		flatePage(t, m, dossier.ColorGray, 8, 0),
		flatePage(t, m, dossier.ColorGray, 1, 15),
		flatePage(t, m, dossier.ColorIndexed, 4, 15),
		flatePage(t, m, dossier.ColorIndexed, 2, 0),
		withText(flatePage(t, m, dossier.ColorCMYK, 8, 15)),
		{Page: &dossier.Page{Number: 9}},
		{Page: &dossier.Page{Number: 10, Width: 1000, Height: 700, DPI: 150}, Label: "b"},
	}
	if level != dossier.Level1b {
		pages = append(pages, flatePage(t, m, dossier.ColorRGB, 16, 15))
	}
	return pages
}

func TestEveryLevelPassesVeraPDFAndQPDF(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Java")
	}
	for _, level := range levels() {
		var attachments []pdfa.Attachment
		if level == dossier.Level3u {
			attachments = someFiles()
		}
		file := save(t, string(level)+".pdf", write(t, info(level), everyKind(t, level), attachments...))
		veraPDF(t, string(level), file)
		qpdf(t, file)
		if err := strict.Validate(file); err != nil {
			t.Errorf("%s: %v", level, err)
		}
	}
}

func someFiles() []pdfa.Attachment {
	return []pdfa.Attachment{
		{
			Name: "métadonnées.json", MIME: "application/json", Description: "Metadata", Relationship: "Data",
			ModifiedAt: info(dossier.Level3u).CreatedAt, Open: blob([]byte(`{"a": 1}`)),
		},
		{
			Name: "alto.zip", MIME: "application/zip", Description: "Layouts", Relationship: "Supplement",
			ModifiedAt: info(dossier.Level3u).CreatedAt, Open: blob([]byte("PK")), Bytes: 2,
		},
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	a := write(t, info(dossier.Level3u), everyKind(t, dossier.Level3u), someFiles()...)
	b := write(t, info(dossier.Level3u), everyKind(t, dossier.Level3u), someFiles()...)
	if string(a) != string(b) {
		t.Error("two runs differ")
	}
}

// expected samples the stored image where the matrix says each pixel of page space comes from.
func expected(m image.Image, p *dossier.Page) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height))
	for y := range p.Height {
		for x := range p.Width {
			sx, sy := p.ToImage.Apply(float64(x)+.5, float64(y)+.5)
			at := image.Pt(int(math.Floor(sx)), int(math.Floor(sy)))
			if at.In(m.Bounds()) {
				out.Set(x, y, m.At(at.X, at.Y))
			} else {
				out.Set(x, y, image.White)
			}
		}
	}
	return out
}

// difference is the mean difference of two pictures' channels, 0..255.
func difference(a, b image.Image) float64 {
	var sum float64
	size := a.Bounds()
	for y := range size.Dy() {
		for x := range size.Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(r1)-float64(r2)) + math.Abs(float64(g1)-float64(g2)) + math.Abs(float64(b1)-float64(b2))
		}
	}
	return sum / 257 / 3 / float64(size.Dx()*size.Dy())
}
