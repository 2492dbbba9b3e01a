package pdfa_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

func writeError(in pdfa.Info, pages ...pdfa.Page) error {
	return pdfa.Write(context.Background(), io.Discard, in, sequence(pages), nil)
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// g4Page is the picture as one G4 strip, made by tiffcp.
func g4Page(t testing.TB) pdfa.Page {
	t.Helper()
	dir := t.TempDir()
	m := grey(picture(320, 400))
	pbm := []byte("P4\n320 400\n")
	for y := range 400 {
		var row bitPacker
		for x := range 320 {
			row.add(255-int(m.GrayAt(x, y).Y), 1)
		}
		pbm = append(pbm, row.bytes()...)
	}
	in, tif, out := filepath.Join(dir, "a.pbm"), filepath.Join(dir, "a.tif"), filepath.Join(dir, "g4.tif")
	if err := os.WriteFile(in, pbm, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "ppm2tiff", in, tif)
	run(t, "tiffcp", "-c", "g4", "-r", "1000", tif, out)
	data := read(t, out)
	offset, size := tag(data, 273), tag(data, 279)
	img := dossier.PageImage{
		Format: dossier.FormatCCITT, Width: 320, Height: 400, Bits: 1, ColorSpace: dossier.ColorGray, K: -1,
		BlackIs1: tag(data, 262) == 1, Parts: []dossier.ImagePart{{Offset: offset, Bytes: size, Height: 400}},
	}
	return upright(img, data, 150)
}

// tag reads a number from the first directory of a little-endian TIFF.
func tag(data []byte, id uint16) int64 {
	le := binary.LittleEndian
	at := le.Uint32(data[4:])
	for i := range uint32(le.Uint16(data[at:])) {
		entry := data[at+2+12*i:]
		if le.Uint16(entry) != id {
			continue
		}
		if le.Uint16(entry[2:]) == 3 {
			return int64(le.Uint16(entry[8:]))
		}
		return int64(le.Uint32(entry[8:]))
	}
	return 0
}

// lifted is the first image of a PDF of the corpus, by pdfimages, with its globals if it has some.
func lifted(t testing.TB, pdf, ext string) (data, globals []byte) {
	t.Helper()
	stem := filepath.Join(t.TempDir(), "x")
	run(t, "pdfimages", "-all", corpus(t, "pages/"+pdf), stem)
	if g, err := os.ReadFile(stem + "-000.jb2g"); err == nil {
		globals = g
	}
	return read(t, stem+"-000."+ext), globals
}

func jbig2Page(t testing.TB) pdfa.Page {
	data, globals := lifted(t, "jbig2.pdf", "jb2e")
	w, h := int(binary.BigEndian.Uint32(data[11:])), int(binary.BigEndian.Uint32(data[15:]))
	return upright(dossier.PageImage{
		Format: dossier.FormatJBIG2, Width: w, Height: h, Bits: 1, ColorSpace: dossier.ColorGray, Globals: globals,
	}, data, 300)
}

func jpxPage(t testing.TB) pdfa.Page {
	m := picture(300, 420)
	ppm := []byte("P6\n300 420\n255\n")
	for i := 0; i < len(m.Pix); i += 4 {
		ppm = append(ppm, m.Pix[i:i+3]...)
	}
	in := save(t, "a.ppm", ppm)
	out := filepath.Join(t.TempDir(), "a.jp2")
	run(t, "opj_compress", "-i", in, "-o", out)
	return upright(dossier.PageImage{Format: dossier.FormatJPX, Width: 300, Height: 420, Bits: 8, ColorSpace: dossier.ColorOwn}, read(t, out), 150)
}

func cmykPage(t testing.TB) pdfa.Page {
	data := read(t, corpus(t, "pages/baiona_cmyk.jpg"))
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return upright(dossier.PageImage{
		Format: dossier.FormatJPEG, Width: c.Width, Height: c.Height, Bits: 8, ColorSpace: dossier.ColorCMYK,
		Decode: []float64{1, 0, 1, 0, 1, 0, 1, 0},
	}, data, 150)
}

// stripsPage is the picture as JPEG strips of 100 rows, the last one shorter.
func stripsPage(t testing.TB) pdfa.Page {
	m := picture(300, 420)
	img := dossier.PageImage{Format: dossier.FormatJPEG, Width: 300, Height: 420, Bits: 8, ColorSpace: dossier.ColorRGB}
	var b bytes.Buffer
	for y := 0; y < 420; y += 100 {
		h := min(100, 420-y)
		start := b.Len()
		if err := jpeg.Encode(&b, m.SubImage(image.Rect(0, y, 300, y+h)), &jpeg.Options{Quality: 92}); err != nil {
			t.Fatal(err)
		}
		img.Parts = append(img.Parts, dossier.ImagePart{Offset: int64(start), Bytes: int64(b.Len() - start), Y: y, Height: h})
	}
	return upright(img, b.Bytes(), 150)
}

func TestEveryCodingIsDrawnAsItsImage(t *testing.T) {
	if testing.Short() {
		t.Skip("draws pages, needs Java")
	}
	m := picture(300, 420)
	pages := []pdfa.Page{
		jpegPage(t, m, 150), stripsPage(t), flatePage(t, m, dossier.ColorRGB, 8, 15), flatePage(t, m, dossier.ColorRGB, 8, 0),
		flatePage(t, m, dossier.ColorGray, 8, 15), jpxPage(t), flatePage(t, m, dossier.ColorRGB, 16, 15),
	}
	want := []image.Image{m, m, m, m, grey(m), m, m}
	file := save(t, "kinds.pdf", write(t, info(dossier.Level2u), pages))
	qpdf(t, file)
	for i := range pages {
		if d := difference(want[i], draw(t, file, i+1, 150)); d > 2.5 {
			t.Errorf("page %d differs by %.2f of 255", i+1, d)
		}
	}
}

func TestLiftedCodingsPassEveryLevel(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Java")
	}
	for _, level := range levels() {
		pages := []pdfa.Page{g4Page(t), jbig2Page(t), cmykPage(t), stripsPage(t), jbig2Page(t)}
		if level != dossier.Level1b {
			pages = append(pages, jpxPage(t))
		}
		file := save(t, string(level)+".pdf", write(t, info(level), pages))
		veraPDF(t, string(level), file)
		qpdf(t, file)
		for i := range pages {
			drawn := draw(t, file, i+1, 30)
			if d := difference(drawn, image.White); d < 1 {
				t.Errorf("page %d is drawn empty", i+1)
			}
		}
	}
}

func TestG4IsDrawnBlackOnWhite(t *testing.T) {
	if testing.Short() {
		t.Skip("draws a page")
	}
	drawn := draw(t, save(t, "g4.pdf", write(t, info(dossier.Level1b), []pdfa.Page{g4Page(t)})), 1, 150)
	if r, _, _, _ := drawn.At(2, 2).RGBA(); r != 0xffff {
		t.Error("the paper is not white")
	}
	if r, _, _, _ := drawn.At(80, 80).RGBA(); r != 0 {
		t.Error("the disc is not black")
	}
}

func TestImageBytesAreTheInputs(t *testing.T) {
	p := jpegPage(t, picture(200, 300), 150)
	data, err := readAll(p.Image)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(write(t, info(dossier.Level1b), []pdfa.Page{p}), append([]byte("stream\n"), data...)) {
		t.Error("the file does not hold the JPEG's bytes")
	}
}

func readAll(open func() (io.ReadCloser, error)) ([]byte, error) {
	r, err := open()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

func TestLevel1bRefusesJPXAnd16Bit(t *testing.T) {
	m := picture(8, 8)
	jpx := upright(dossier.PageImage{Format: dossier.FormatJPX, Width: 8, Height: 8, ColorSpace: dossier.ColorOwn}, []byte("jp2"), 72)
	for name, p := range map[string]pdfa.Page{"JPX": jpx, "16 bit": flatePage(t, m, dossier.ColorRGB, 16, 15)} {
		if err := writeError(info(dossier.Level1b), p); err == nil {
			t.Errorf("%s: no error", name)
		}
		if err := writeError(info(dossier.Level2u), p); err != nil {
			t.Errorf("%s at 2u: %v", name, err)
		}
	}
}

func TestOnlyLevel3uTakesAttachments(t *testing.T) {
	pages := []pdfa.Page{{Page: &dossier.Page{}}}
	for _, level := range []dossier.Level{dossier.Level1b, dossier.Level2u} {
		if err := pdfa.Write(context.Background(), io.Discard, info(level), sequence(pages), someFiles()); err == nil {
			t.Errorf("%s: no error", level)
		}
	}
}

func TestFaultsOfReadersAndPagesComeOut(t *testing.T) {
	fault := errors.New("storage is away")
	p := jpegPage(t, picture(8, 8), 72)
	p.Image = func() (io.ReadCloser, error) { return nil, fault }
	if err := writeError(info(dossier.Level2u), p); !errors.Is(err, fault) {
		t.Errorf("of an image: %v", err)
	}
	pages := func(yield func(pdfa.Page, error) bool) { yield(pdfa.Page{}, fault) }
	if err := pdfa.Write(context.Background(), io.Discard, info(dossier.Level2u), pages, nil); !errors.Is(err, fault) {
		t.Errorf("of the pages: %v", err)
	}
	files := someFiles()
	files[0].Bytes = 99
	err := pdfa.Write(context.Background(), io.Discard, info(dossier.Level3u), sequence([]pdfa.Page{{Page: &dossier.Page{}}}), files)
	if err == nil {
		t.Error("an attachment of another size: no error")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := pdfa.Write(ctx, io.Discard, info(dossier.Level2u), sequence([]pdfa.Page{p}), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of its context: %v", err)
	}
	if err := writeError(info(dossier.Level2u)); err == nil {
		t.Error("no pages: no error")
	}
}

func TestSharedStreamsAreWrittenOnce(t *testing.T) {
	m := picture(16, 16)
	one := write(t, info(dossier.Level2u), []pdfa.Page{flatePage(t, m, dossier.ColorCMYK, 8, 15)})
	two := write(t, info(dossier.Level2u), []pdfa.Page{flatePage(t, m, dossier.ColorCMYK, 8, 15), flatePage(t, m, dossier.ColorCMYK, 8, 15)})
	if n := bytes.Count(two, []byte("/N 4")); n != 1 || len(two)-len(one) > 2000 {
		t.Errorf("%d profiles, %d bytes more for a second page", n, len(two)-len(one))
	}
}

func TestAProfileThatFitsIsEmbedded(t *testing.T) {
	p := jpegPage(t, picture(16, 16), 72)
	for _, c := range []struct {
		level dossier.Level
		major byte
		space string
		want  int
	}{
		{dossier.Level2u, 2, "RGB ", 2},
		{dossier.Level2u, 4, "RGB ", 2},
		{dossier.Level1b, 2, "RGB ", 2},
		{dossier.Level1b, 4, "RGB ", 1},
		{dossier.Level2u, 5, "RGB ", 1},
		{dossier.Level2u, 2, "CMYK", 1},
	} {
		p.Page.Image.ICC = someProfile(c.major, c.space)
		got := bytes.Count(write(t, info(c.level), []pdfa.Page{p}), []byte("/N 3"))
		if got != c.want {
			t.Errorf("%s, version %d, %s: %d profiles of three channels, want %d", c.level, c.major, c.space, got, c.want)
		}
	}
}

// someProfile is the frame of a profile with one tag.
func someProfile(major byte, space string) []byte {
	b := make([]byte, 160)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	b[8] = major
	copy(b[12:], "mntr"+space+"XYZ ")
	copy(b[36:], "acsp")
	binary.BigEndian.PutUint32(b[128:], 1)
	copy(b[132:], "desc\x00\x00\x00\x90\x00\x00\x00\x10")
	return b
}
