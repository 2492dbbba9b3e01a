package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

// faxStrip has libtiff code a bilevel page of the corpus, and returns the only strip with its size.
func faxStrip(t *testing.T, compression string) (strip []byte, width, height int) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "fax.tif")
	in := filepath.Join(accuracy.Need(t), "vi/d0006-p1.tif")
	tool(t, "tiffcp", "-c", compression, "-r", "100000", "-f", "msb2lsb", in+",0", out)
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	le := binary.LittleEndian
	directory := le.Uint32(data[4:])
	tags := map[uint16]uint32{}
	for i := range uint32(le.Uint16(data[directory:])) {
		entry := data[directory+2+12*i:]
		tags[le.Uint16(entry)] = le.Uint32(entry[8:])
		if le.Uint16(entry[2:]) == 3 {
			tags[le.Uint16(entry)] = uint32(le.Uint16(entry[8:]))
		}
	}
	at, size := tags[273], tags[279]
	return data[at : at+size], int(tags[256]), int(tags[257])
}

func TestFaxesOfEveryKindAreDecodedAndKept(t *testing.T) {
	g4, width, height := faxStrip(t, "g4")
	want := faxRaster(t, g4, width, height, "/K -1")
	for _, c := range []struct {
		compression, parms string
		k                  int
	}{
		{"g3:1d", "/K 0/EndOfLine true", 0}, {"g3:2d", "/K 4/EndOfLine true", 4}, {"g3:1d:fill", "/K 0", 0},
	} {
		t.Run(c.compression, func(t *testing.T) {
			strip, _, _ := faxStrip(t, c.compression)
			if got := faxRaster(t, strip, width, height, c.parms); !bytes.Equal(got, want) {
				t.Errorf("differs from G4 at byte %d of %d", difference(got, want), len(want))
			}
			p, err := opened(t, faxPDF(strip, width, height, c.parms)).Page(1)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			image, blob, _, err := p.Image(dossier.Level2u)
			if err != nil || !bytes.Equal(blob, strip) || image.K != c.k || !image.PassedThrough {
				t.Errorf("kept %d bytes of %d, K %d, %v", len(blob), len(strip), image.K, err)
			}
		})
	}
}

func faxPDF(strip []byte, width, height int, parms string) []byte {
	image := fmt.Sprintf("/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"+
		"/DecodeParms<</Columns %d%s>>", width, height, width, parms)
	return onePage(image, fullPage, "", "", strip)
}

func faxRaster(t *testing.T, strip []byte, width, height int, parms string) []byte {
	t.Helper()
	p, err := opened(t, faxPDF(strip, width, height, parms)).Page(1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	pix, warnings, err := p.Raster(false)
	if err != nil || len(warnings) > 0 {
		t.Fatal(warnings, err)
	}
	defer pix.Close()
	pnm, err := pix.PNM()
	if err != nil {
		t.Fatal(err)
	}
	return pnm
}

func TestAFaxCutOffKeepsItsRows(t *testing.T) {
	for _, c := range [][2]string{{"g4", "/K -1"}, {"g3:1d", "/K 0"}} {
		strip, width, height := faxStrip(t, c[0])
		p, err := opened(t, faxPDF(strip[:len(strip)/2], width, height, c[1])).Page(1)
		if err != nil {
			t.Fatal(err)
		}
		pix, warnings, err := p.Raster(false)
		if err != nil || len(warnings) != 1 {
			t.Error(c[0], warnings, err)
		}
		pix.Close()
		p.Close()
	}
}

func TestNoFaxCodeBeginsAnother(t *testing.T) {
	for colour, codes := range []string{faxWhite, faxBlack} {
		space := 0
		for _, code := range faxTable(codes) {
			if code.bits > 0 {
				space++
			}
		}
		kraft := 0
		for _, code := range bytes.Fields([]byte(codes)) {
			kraft += 1 << (faxLongest - len(code))
		}
		if space != kraft {
			t.Errorf("colour %d: codes overlap: %d of %d places", colour, space, kraft)
		}
	}
}
