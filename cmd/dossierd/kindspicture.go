package main

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"slices"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/web/office"
)

// Measures of the picture, px. The names stand beside the page, so that they hide nothing of it.
const (
	panelWidth  = 330
	panelMargin = 14
	rowHeight   = 24
	letterSize  = 14
)

// Colours by how sure a field is.
var (
	sureColour   = color.NRGBA{0x1b, 0x7f, 0x3b, 0xff}
	unsureColour = color.NRGBA{0xc7, 0x76, 0x00, 0xff}
	badColour    = color.NRGBA{0xc0, 0x20, 0x20, 0xff}
	greyColour   = color.NRGBA{0x70, 0x70, 0x70, 0xff}
)

// mark is a field, or the label of one that has no value, on a page.
type mark struct {
	box    image.Rectangle
	text   string
	colour color.NRGBA
	hollow bool
}

// drawKind writes a picture of each page with the fields' boxes and names: FILE.png, then FILE-2.png and on.
func (a *app) drawKind(output string, readings []*ocr.Reading, trials []office.Tried) error {
	stem := strings.TrimSuffix(output, ".png")
	letters, err := opentype.Parse(goregular.TTF)
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(letters, &opentype.FaceOptions{Size: letterSize, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return err
	}
	for i, r := range readings {
		page, err := jpeg.Decode(bytes.NewReader(r.Preview))
		if err != nil {
			continue // a page without an image has no preview
		}
		name := stem + ".png"
		if i > 0 {
			name = fmt.Sprintf("%s-%d.png", stem, i+1)
		}
		if err := writePicture(name, picture(page, marksOf(&r.Page, page.Bounds(), i+1, trials), face)); err != nil {
			return &exitError{code: exitUsage, err: a.pathFault(err)}
		}
		fmt.Fprintln(a.stdout, a.words.say("kind_preview", name))
	}
	return nil
}

func writePicture(name string, img image.Image) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// marksOf are the marks of a page, from top to bottom.
func marksOf(p *dossier.Page, preview image.Rectangle, number int, trials []office.Tried) []mark {
	scale := float64(preview.Dx()) / (float64(p.Width) * 72 / p.DPI)
	px := func(b [4]float64) image.Rectangle {
		return image.Rect(int(b[0]*scale)-3, int(b[1]*scale)-3, int(math.Ceil(b[2]*scale))+3, int(math.Ceil(b[3]*scale))+3)
	}
	var marks []mark
	for _, t := range trials {
		switch f := t.Field; {
		case f != nil && f.Page == number && f.Box != [4]float64{}:
			m := mark{box: px(f.Box), text: fmt.Sprintf("%s  %.2f", t.Name, f.Confidence), colour: sureColour}
			if len(f.Warnings) > 0 {
				m.text, m.colour = m.text+"  "+strings.Join(f.Warnings, " "), unsureColour
			}
			if f.Confidence < 0.5 {
				m.colour = badColour
			}
			marks = append(marks, m)
		case f == nil && t.Page == number && t.Label != nil:
			marks = append(marks, mark{box: px(*t.Label), text: t.Name + "  " + t.Code, colour: greyColour, hollow: true})
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.box.Min.Y, b.box.Min.Y) })
	return marks
}

// picture draws the page, the boxes, and the names at its right, a line from each to its box.
func picture(page image.Image, marks []mark, face font.Face) image.Image {
	b := page.Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx()+panelWidth, max(b.Dy(), len(marks)*rowHeight+2*panelMargin)))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.NRGBA{0xf4, 0xf4, 0xf2, 0xff}), image.Point{}, draw.Src)
	draw.Draw(out, image.Rect(0, 0, b.Dx(), b.Dy()), page, b.Min, draw.Src)
	for i, y := range rows(marks, out.Bounds().Dy()) {
		m := marks[i]
		if !m.hollow {
			tint := m.colour
			tint.A = 0x28
			draw.Draw(out, m.box, image.NewUniform(tint), image.Point{}, draw.Over)
		}
		outline(out, m.box, m.colour, m.hollow)
		faint := m.colour
		faint.A = 0x70
		line(out, image.Pt(m.box.Max.X, (m.box.Min.Y+m.box.Max.Y)/2), image.Pt(b.Dx()+panelMargin-4, y), faint)
		d := font.Drawer{Dst: out, Src: image.NewUniform(m.colour), Face: face, Dot: fixed.P(b.Dx()+panelMargin, y+letterSize/3)}
		d.DrawString(m.text)
	}
	return out
}

// rows gives each mark a line in the panel, as near to its box as the others let it.
func rows(marks []mark, height int) []int {
	ys := make([]int, len(marks))
	next := panelMargin + rowHeight/2
	for i, m := range marks {
		ys[i] = max(next, (m.box.Min.Y+m.box.Max.Y)/2)
		next = ys[i] + rowHeight
	}
	last := height - panelMargin - rowHeight/2
	for i := len(ys) - 1; i >= 0 && ys[i] > last; i-- {
		ys[i] = last
		last -= rowHeight
	}
	return ys
}

// outline draws a frame of two pixels, dashed for a label without a value.
func outline(img *image.NRGBA, r image.Rectangle, c color.NRGBA, dashed bool) {
	dot := func(x, y, along int) {
		if !dashed || along/6%2 == 0 {
			img.Set(x, y, c)
		}
	}
	for t := range 2 {
		for x := r.Min.X; x < r.Max.X; x++ {
			dot(x, r.Min.Y+t, x)
			dot(x, r.Max.Y-1-t, x)
		}
		for y := r.Min.Y; y < r.Max.Y; y++ {
			dot(r.Min.X+t, y, y)
			dot(r.Max.X-1-t, y, y)
		}
	}
}

// line draws a thin line over what is there.
func line(img draw.Image, from, to image.Point, c color.NRGBA) {
	steps := max(abs(to.X-from.X), abs(to.Y-from.Y), 1)
	ink := image.NewUniform(c)
	for i := range steps + 1 {
		x, y := from.X+(to.X-from.X)*i/steps, from.Y+(to.Y-from.Y)*i/steps
		draw.Draw(img, image.Rect(x, y, x+1, y+1), ink, image.Point{}, draw.Over)
	}
}

func abs(n int) int { return max(n, -n) }
