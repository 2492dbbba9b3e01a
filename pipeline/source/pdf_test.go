package source

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// pdfMaker writes PDFs object by object.
type pdfMaker struct{ objects []string }

// add returns the object's number.
func (m *pdfMaker) add(object string) int {
	m.objects = append(m.objects, object)
	return len(m.objects)
}

func (m *pdfMaker) stream(dict string, data []byte) int {
	return m.add(fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data))
}

// file closes the PDF with its cross-reference table; trailer is what stands beside Size.
func (m *pdfMaker) file(trailer string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, len(m.objects))
	for i, o := range m.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, trailer, at)
	return b.Bytes()
}

// onePage is a PDF of a page of 200 by 300 points with an image /I, and what else the page and the catalogue say.
func onePage(image, content, page, catalog string, imageData []byte) []byte {
	m := &pdfMaker{}
	i := m.stream("/Type/XObject/Subtype/Image"+image, imageData)
	c := m.stream("", []byte(content))
	p := m.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 200 300]/Contents %d 0 R%s"+
		"/Resources<</XObject<</I %d 0 R>>/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>", i+3, c, page, i))
	pages := m.add(fmt.Sprintf("<</Type/Pages/Count 1/Kids[%d 0 R]>>", p))
	root := m.add(fmt.Sprintf("<</Type/Catalog/Pages %d 0 R%s>>", pages, catalog))
	return m.file(fmt.Sprintf("/Root %d 0 R", root))
}

const (
	greyImage = "/Width 400/Height 600/BitsPerComponent 8/ColorSpace/DeviceGray"
	fullPage  = "q 200 0 0 300 0 0 cm /I Do Q\n"
)

// greySamples is a picture of 400 by 600 pixels that differs from all its turned and mirrored copies.
func greySamples() []byte {
	out := make([]byte, 400*600)
	for i := range out {
		out[i] = 0xff
		if x, y := i%400, i/400; y < 200 && x < 100 || y < 80 {
			out[i] = 0
		}
	}
	return out
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write(data) // to memory
	_ = w.Close()
	return b.Bytes()
}

// opened opens a PDF from memory.
func opened(t testing.TB, data []byte) *pdfOriginal {
	t.Helper()
	o, err := openPDF(put(t, "a.pdf", data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	return o.(*pdfOriginal)
}

// refusalOf opens a PDF of one page and says why it must be drawn; "" where it is lifted.
func refusalOf(t *testing.T, data []byte) string {
	t.Helper()
	o := opened(t, data)
	if len(o.lifts) != 1 {
		t.Fatalf("%d pages", len(o.lifts))
	}
	if drawn := o.Contents().Pages[0].Draw; drawn != (o.lifts[0].refusal != "") {
		t.Errorf("draw is %v, refusal %q", drawn, o.lifts[0].refusal)
	}
	return o.lifts[0].refusal
}

func TestAPageThatIsOneImageIsLifted(t *testing.T) {
	for name, content := range map[string]string{
		"bare":                        fullPage,
		"white beneath it":            "1 g 0 0 200 300 re f " + fullPage,
		"a clip path of the page":     "q 0 0 200 300 re W n " + fullPage + "Q",
		"the same drawn with lines":   "q 0 0 m 200 0 l 200 300 l 0 300 l h W n " + fullPage + "Q",
		"an old layer of text":        fullPage + "BT 3 Tr /F 12 Tf 10 10 Td (hidden) Tj ET",
		"text beneath it":             "BT /F 12 Tf 10 10 Td (hidden) Tj ET " + fullPage,
		"spaces":                      fullPage + "BT /F 12 Tf 10 10 Td (  ) Tj [( ) 20 ( )] TJ ET",
		"a margin":                    "q 160 0 0 240 20 30 cm /I Do Q",
		"an empty path":               fullPage + "n f",
		"marks outside of the page":   fullPage + "500 500 20 20 re f",
		"marked content":              "/Artifact BMC " + fullPage + "EMC",
		"two matrices":                "q 2 0 0 2 0 0 cm 100 0 0 150 0 0 cm /I Do Q",
		"an unbalanced stack":         "Q Q " + fullPage + "q q",
		"a form with nothing visible": fullPage + "/Nowhere Do",
	} {
		t.Run(name, func(t *testing.T) {
			data := onePage(greyImage, content, "", "", greySamples())
			if why := refusalOf(t, data); why != "" {
				t.Error(why)
			}
		})
	}
}

func TestAPageWithAnythingElseOnItIsDrawn(t *testing.T) {
	note := "/Annots[<</Type/Annot/Subtype/Square/Rect[1 1 9 9]/AP<</N 1 0 R>>>>]"
	for name, c := range map[string]struct{ image, content, page, catalog string }{
		"visible text":         {greyImage, fullPage + "BT /F 12 Tf 10 10 Td (seen) Tj ET", "", ""},
		"a line":               {greyImage, fullPage + "0 0 m 100 100 l S", "", ""},
		"white over it":        {greyImage, fullPage + "1 g 0 0 50 50 re f", "", ""},
		"two images":           {greyImage, "q 200 0 0 100 0 0 cm /I Do Q q 200 0 0 100 0 150 cm /I Do Q", "", ""},
		"text beside it":       {greyImage, "BT /F 12 Tf 10 10 Td (seen) Tj ET q 100 0 0 100 50 50 cm /I Do Q", "", ""},
		"a clip of half":       {greyImage, "q 0 0 100 300 re W n " + fullPage + "Q", "", ""},
		"a round clip":         {greyImage, "q 0 0 m 0 0 200 0 200 300 c h W n " + fullPage + "Q", "", ""},
		"an image cut off":     {greyImage, "q 400 0 0 300 0 0 cm /I Do Q", "", ""},
		"an image askew":       {greyImage, "q 90 30 -30 90 50 50 cm /I Do Q", "", ""},
		"an annotation":        {greyImage, fullPage, note, ""},
		"a form field":         {greyImage, fullPage, "/Annots[<</Subtype/Widget/FT/Tx/Rect[1 1 9 9]/V(x)>>]", ""},
		"optional content":     {greyImage, "/OC /A BDC " + fullPage + "EMC", "", "/OCProperties<</OCGs[]>>"},
		"an inline image":      {greyImage, fullPage + "BI /W 1 /H 1 /BPC 8 /CS /G ID x EI", "", ""},
		"a mask":               {greyImage + "/SMask 1 0 R", fullPage, "", ""},
		"colours by key":       {greyImage + "/Mask[0 0]", fullPage, "", ""},
		"a blue stencil":       {"/Width 400/Height 600/ImageMask true/BitsPerComponent 1", "0 0 1 rg " + fullPage, "", ""},
		"spot colour":          {"/Width 400/Height 600/BitsPerComponent 8/ColorSpace[/Separation/X/DeviceGray 2 0 R]", fullPage, "", ""},
		"an odd Decode array":  {greyImage + "/Decode[0 .5]", fullPage, "", ""},
		"nothing":              {greyImage, "", "", ""},
		"a blend mode":         {greyImage, "/G gs " + fullPage, "/Resources<</ExtGState<</G<</BM/Multiply>>>>/XObject<</I 1 0 R>>>>", ""},
		"an image of no size":  {"/Width 0/Height 30/BitsPerComponent 8/ColorSpace/DeviceGray", fullPage, "", ""},
		"an unknown filter":    {greyImage + "/Filter/Foo", fullPage, "", ""},
		"a page of no content": {greyImage, "% nothing", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if refusalOf(t, onePage(c.image, c.content, c.page, c.catalog, greySamples())) == "" {
				t.Error("it was lifted")
			}
		})
	}
}

func TestABlackStencilIsLiftedAsABilevelImage(t *testing.T) {
	stencil := "/Width 16/Height 2/ImageMask true/BitsPerComponent 1/Filter/FlateDecode"
	data := onePage(stencil, fullPage, "", "", deflated([]byte{0x0f, 0xff, 0xff, 0xff}))
	p, err := opened(t, data).Page(1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pix, _, err := p.Raster(false)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	if black, err := pix.Black(); err != nil || black != 4 {
		t.Errorf("%d black pixels, %v", black, err)
	}
}

func TestResolutionIsPixelsOverTheirSizeOnPaper(t *testing.T) {
	for page, want := range map[string][2]float64{
		"":                              {1000. / 200 * 72, 1500. / 300 * 72},
		"/UserUnit 2":                   {1000. / 400 * 72, 1500. / 600 * 72},
		"/Rotate 90":                    {1000. / 200 * 72, 1500. / 300 * 72},
		"/UserUnit 2/MediaBox[0 0 0 0]": {1000. / 400 * 72, 1500. / 600 * 72},
	} {
		image := "/Width 1000/Height 1500/BitsPerComponent 8/ColorSpace/DeviceGray"
		p, err := opened(t, onePage(image, fullPage, page, "", nil)).Page(1)
		if err != nil {
			t.Fatal(page, err)
		}
		if x, y := p.Resolution(); [2]float64{x, y} != want {
			t.Errorf("%q: %g by %g, want %v", page, x, y, want)
		}
		p.Close()
	}
}

func TestAJPEGsOwnHeaderSaysWhatItIs(t *testing.T) {
	for name, dict := range map[string]string{
		"another size":    "/Width 1000/Height 900/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode",
		"no colour space": "/Width 400/Height 600/BitsPerComponent 8/Filter/DCTDecode",
	} {
		p, err := opened(t, onePage(dict, fullPage, "", "", scan(t, 400, 600))).Page(1)
		if err != nil {
			t.Fatal(name, err)
		}
		if x, y := p.Resolution(); x != 144 || y != 144 {
			t.Errorf("%s: %g by %g dots per inch", name, x, y)
		}
		kept, _, _, err := p.Image(dossier.Level2u)
		if err != nil || kept.Width != 400 || kept.Height != 600 || kept.ColorSpace != dossier.ColorRGB || !kept.PassedThrough {
			t.Errorf("%s: %v, %+v", name, err, kept)
		}
		p.Close()
	}
}

func TestAnOwnerLockIsNoObstacleAndAUserPasswordIs(t *testing.T) {
	plain := put(t, "plain.pdf", onePage(greyImage, fullPage, "", "", greySamples()))
	for _, bits := range []string{"40", "128", "256"} {
		for _, user := range []string{"", "secret"} {
			out := filepath.Join(t.TempDir(), "locked.pdf")
			tool(t, "qpdf", "--allow-weak-crypto", "--encrypt", user, "owner", bits, "--", plain, out)
			data, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if user != "" {
				_, err := openPDF(out, dossier.DefaultLimits())
				mustBe(t, err, dossier.CodeEncrypted)
				continue
			}
			p, err := opened(t, data).Page(1)
			if err != nil {
				t.Fatal(bits, err)
			}
			mustLookAlike(t, plain, 1, p, 12)
			p.Close()
		}
	}
}
