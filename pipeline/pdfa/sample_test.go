package pdfa_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// info is what the tests' documents say of themselves.
func info(level dossier.Level) pdfa.Info {
	at := time.Date(2026, 1, 5, 8, 30, 0, 0, time.FixedZone("", 7*3600))
	return pdfa.Info{
		Level: level, Title: "Hồ sơ quay-1-20260105-0007 (đủ)", CreatedAt: at, ModifiedAt: at.Add(time.Minute),
		CreatorTool: "Tesseract 5.3.0", Producer: "dossierd 0.1",
		Properties: pdfa.Properties{
			Dossier: "quay-1-20260105-0007", Version: 2, Department: "Sở Tư pháp", Station: "quay-1",
			Originals: []string{"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		},
	}
}

// sequence yields pages without errors.
func sequence(pages []pdfa.Page) iter.Seq2[pdfa.Page, error] {
	return func(yield func(pdfa.Page, error) bool) {
		for _, p := range pages {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// write writes a document into memory.
func write(t testing.TB, in pdfa.Info, pages []pdfa.Page, attachments ...pdfa.Attachment) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := pdfa.Write(context.Background(), &b, in, sequence(pages), attachments); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// save writes bytes to a file that the test's end removes.
func save(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// picture is an image without any symmetry: a mistaken turn, mirror or shift shows.
func picture(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/float64(w), float64(y)/float64(h)
			c := color.RGBA{uint8(255 - 60*fx), uint8(255 - 90*fy), 240, 255}
			if math.Hypot(fx-0.25, fy-0.2) < 0.12 {
				c = color.RGBA{200, 30, 30, 255}
			}
			if fx > 0.5 && fx < 0.9 && fy > 0.6 && fy < 0.65 {
				c = color.RGBA{20, 20, 60, 255}
			}
			if fx > 0.1 && fx < 0.2 && fy > 0.5 && fy < 0.9 {
				c = color.RGBA{20, 90, 20, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// blob makes a page's Image function.
func blob(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

// upright is a page whose image lies as it should.
func upright(img dossier.PageImage, data []byte, dpi float64) pdfa.Page {
	img.DPIX, img.DPIY = dpi, dpi
	if img.Parts == nil {
		img.Parts = []dossier.ImagePart{{Bytes: int64(len(data)), Height: img.Height}}
	}
	return pdfa.Page{
		Page:  &dossier.Page{Number: 1, Width: img.Width, Height: img.Height, DPI: dpi, Language: "vie", ToImage: dossier.Identity(), Image: img},
		Image: blob(data),
	}
}

func jpegPage(t testing.TB, m image.Image, dpi float64) pdfa.Page {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}); err != nil {
		t.Fatal(err)
	}
	space := dossier.ColorRGB
	if _, grey := m.(*image.Gray); grey {
		space = dossier.ColorGray
	}
	return upright(dossier.PageImage{
		Format: dossier.FormatJPEG, Width: m.Bounds().Dx(), Height: m.Bounds().Dy(), Bits: 8, ColorSpace: space,
	}, b.Bytes(), dpi)
}

func grey(m image.Image) *image.Gray {
	g := image.NewGray(m.Bounds())
	for y := range g.Rect.Dy() {
		for x := range g.Rect.Dx() {
			g.Set(x, y, m.At(x, y))
		}
	}
	return g
}

// deflate compresses rows; with predictor, each gets PNG's filter byte 0.
func deflate(t testing.TB, rows [][]byte, predictor bool) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	for _, row := range rows {
		if predictor {
			row = append([]byte{0}, row...)
		}
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// flatePage codes the picture with the given depth and colours.
func flatePage(t testing.TB, m *image.RGBA, space dossier.ColorSpace, bits, predictor int) pdfa.Page {
	t.Helper()
	w, h := m.Rect.Dx(), m.Rect.Dy()
	rows := make([][]byte, h)
	for y := range h {
		var packer bitPacker
		for x := range w {
			c := m.RGBAAt(x, y)
			luminance := (299*int(c.R) + 587*int(c.G) + 114*int(c.B)) / 1000
			switch space {
			case dossier.ColorRGB:
				packer.add(int(c.R), bits)
				packer.add(int(c.G), bits)
				packer.add(int(c.B), bits)
			case dossier.ColorCMYK:
				packer.add(255-int(c.R), bits)
				packer.add(255-int(c.G), bits)
				packer.add(255-int(c.B), bits)
				packer.add(0, bits)
			default:
				packer.add(luminance, bits)
			}
		}
		rows[y] = packer.bytes()
	}
	img := dossier.PageImage{Format: dossier.FormatFlate, Width: w, Height: h, Bits: bits, ColorSpace: space, Predictor: predictor}
	if space == dossier.ColorIndexed {
		for i := range 1 << bits {
			v := byte(i * 255 / (1<<bits - 1))
			img.Palette = append(img.Palette, v, v, v)
		}
	}
	return upright(img, deflate(t, rows, predictor > 1), 150)
}

// bitPacker packs 8-bit values, reduced or widened to a depth, into a row.
type bitPacker struct {
	row  []byte
	acc  int
	fill int
}

func (p *bitPacker) add(v, bits int) {
	if bits == 16 {
		p.row = append(p.row, byte(v), byte(v))
		return
	}
	p.acc = p.acc<<bits | v>>(8-bits)
	if p.fill += bits; p.fill == 8 {
		p.row = append(p.row, byte(p.acc))
		p.acc, p.fill = 0, 0
	}
}

func (p *bitPacker) bytes() []byte {
	if p.fill > 0 {
		p.row = append(p.row, byte(p.acc<<(8-p.fill)))
	}
	return p.row
}
