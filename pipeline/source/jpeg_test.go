package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

// scan is a JPEG of w by h pixels: dark lines on light paper.
func scan(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = 120, 133
	}
	for y := range h {
		for x := range w {
			v := byte(230)
			if y%16 < 3 && x%11 < 7 {
				v = 40
			}
			m.Y[y*m.YStride+x] = v
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegments puts marker segments behind SOI.
func withSegments(file []byte, segments ...[]byte) []byte {
	return slices.Concat(file[:2], slices.Concat(segments...), file[2:])
}

func segmentOf(marker byte, body ...[]byte) []byte {
	joined := slices.Concat(body...)
	return slices.Concat([]byte{0xff, marker}, binary.BigEndian.AppendUint16(nil, uint16(2+len(joined))), joined)
}

func exifSegment(orientation, dpi uint16) []byte {
	b := []byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x04")
	b = append(b, "\x01\x12\x00\x03\x00\x00\x00\x01"...)
	b = append(binary.BigEndian.AppendUint16(b, orientation), 0, 0)
	b = append(b, "\x01\x1a\x00\x05\x00\x00\x00\x01\x00\x00\x00\x3e"+"\x01\x1b\x00\x05\x00\x00\x00\x01\x00\x00\x00\x3e"...)
	b = append(b, "\x01\x28\x00\x03\x00\x00\x00\x01\x00\x02\x00\x00"+"\x00\x00\x00\x00"...)
	b = binary.BigEndian.AppendUint32(b, uint32(dpi))
	return segmentOf(markerAPP1, binary.BigEndian.AppendUint32(b, 1))
}

// profile is the head of an ICC profile of the given version and colours, and nothing else.
func profile(version byte, colours string) []byte {
	b := make([]byte, 200)
	binary.BigEndian.PutUint32(b, uint32(len(b)))
	b[8] = version
	copy(b[12:], "mntr"+colours+"XYZ ")
	copy(b[36:], "acsp")
	const entry = "cprt\x00\x00\x00\x90\x00\x00\x00\x38" // the one tag, to the end
	copy(b[128:], "\x00\x00\x00\x01"+entry)
	return b
}

func profileSegments(p []byte) []byte {
	half := len(p) / 2
	return append(segmentOf(markerAPP2, []byte("ICC_PROFILE\x00\x02\x02"), p[half:]),
		segmentOf(markerAPP2, []byte("ICC_PROFILE\x00\x01\x02"), p[:half])...)
}

func put(t testing.TB, name string, data []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestAJPEGKeepsItsBytes(t *testing.T) {
	file := withSegments(scan(t, 100, 80), exifSegment(6, 300), profileSegments(profile(2, "RGB ")))
	p := openOne(t, put(t, "scan.jpg", file))
	kept, blob, warnings, err := p.Image(dossier.Level1b)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if !bytes.Equal(blob, file) || !kept.PassedThrough || kept.ColorSpace != dossier.ColorRGB || kept.Width != 100 || kept.Height != 80 {
		t.Errorf("%d of %d bytes, %+v", len(blob), len(file), kept)
	}
	if !bytes.Equal(kept.ICC, profile(2, "RGB ")) {
		t.Errorf("a profile of %d bytes", len(kept.ICC))
	}
	if x, y := p.Resolution(); p.Orientation() != 6 || x != 300 || y != 300 {
		t.Errorf("lies %d, %g by %g dpi", p.Orientation(), x, y)
	}
}

func TestOfSeveralJPEGsInAFileTheFirstIsKept(t *testing.T) {
	first := scan(t, 100, 80)
	p := openOne(t, put(t, "mpo.jpg", slices.Concat(first, scan(t, 10, 8), []byte("and more"))))
	_, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || len(warnings) > 0 || !bytes.Equal(blob, first) {
		t.Errorf("%d bytes of %d, %v, %v", len(blob), len(first), warnings, err)
	}
}

func TestAProfileThatDoesNotFitIsDropped(t *testing.T) {
	torn := profile(2, "RGB ")
	torn[141] = 1 // its tag reaches beyond the end
	for name, c := range map[string]struct {
		profile []byte
		level   dossier.Level
	}{
		"of other colours":     {profile(2, "CMYK"), dossier.Level2u},
		"torn":                 {torn, dossier.Level2u},
		"of version 1":         {profile(1, "RGB "), dossier.Level2u},
		"too new for 1b":       {profile(4, "RGB "), dossier.Level1b},
		"cut off":              {profile(2, "RGB ")[:150], dossier.Level2u},
		"nothing but a header": {make([]byte, 128), dossier.Level2u},
	} {
		p := openOne(t, put(t, "scan.jpg", withSegments(scan(t, 50, 40), profileSegments(c.profile))))
		kept, _, warnings, err := p.Image(c.level)
		if err != nil || kept.ICC != nil || !slices.Equal(warnings, []string{dossier.WarnProfileDropped}) {
			t.Errorf("%s: %v, %v, a profile of %d bytes", name, err, warnings, len(kept.ICC))
		}
	}
}

func TestAJPEGCutOffKeepsItsBytesAndGetsAnEndWithAWarning(t *testing.T) {
	whole := scan(t, 400, 400)
	cut := whole[:2*len(whole)/3]
	p := openOne(t, put(t, "cut.jpg", cut))
	kept, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) || kept.PassedThrough {
		t.Errorf("%v, %v, passed through %v", err, warnings, kept.PassedThrough)
	}
	if want := slices.Concat(cut, []byte{0xff, markerEOI}); !bytes.Equal(blob, want) || kept.Parts[0].Bytes != int64(len(want)) {
		t.Errorf("%d bytes of %d and an end", len(blob), len(cut))
	}
	pix, warnings, err := p.Raster(true)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) {
		t.Fatal(err, warnings)
	}
	defer pix.Close()
	pixels := rasterPixels(t, pix)
	if last := pixels[len(pixels)-1]; last != 65535 {
		t.Errorf("what is missing is %d, not white", last)
	}
	if pixels[0] > 20000 {
		t.Errorf("the first pixel is %d, not dark", pixels[0])
	}
}

func TestTheEndOfAJPEGCutOffWithinASegmentStandsBeforeThat(t *testing.T) {
	whole := scan(t, 400, 400)
	body := whole[:len(whole)-2]
	p := openOne(t, put(t, "cut.jpg", slices.Concat(body, []byte{0xff, markerDHT, 0x40, 0, 1, 2, 3})))
	_, blob, _, err := p.Image(dossier.Level2u)
	if err != nil || !bytes.Equal(blob, whole) {
		t.Errorf("%v, %d bytes of %d", err, len(blob), len(whole))
	}
}

func TestAJPEGWithoutARowIsTruncated(t *testing.T) {
	whole := scan(t, 400, 400)
	h, reason := parseJPEG(whole)
	if reason != nil {
		t.Fatal(reason)
	}
	for _, size := range []int{3, 20, h.scan, h.scan + 14, h.scan + 16} {
		err := firstFault(put(t, "cut.jpg", whole[:size]))
		mustBe(t, err, dossier.CodeTruncated)
	}
}

// firstFault opens page 1, its image and its raster, and returns the first error.
func firstFault(file string) error {
	o, err := Open(file, dossier.DefaultLimits())
	if err != nil {
		return err
	}
	defer o.Close()
	p, err := o.Page(1)
	if err != nil {
		return err
	}
	defer p.Close()
	if _, _, _, err = p.Image(dossier.Level2u); err != nil {
		return err
	}
	pix, _, err := p.Raster(false)
	pix.Close()
	return err
}

func TestADamagedJPEGIsKeptWithAWarning(t *testing.T) {
	file := scan(t, 400, 400)
	copy(file[len(file)/2:], strings.Repeat("\xff\xd3\x00", 20))
	p := openOne(t, put(t, "damaged.jpg", file))
	pix, warnings, err := p.Raster(false)
	if err != nil || len(warnings) != 1 {
		t.Fatal(err, warnings)
	}
	pix.Close()
}

// TestWhatIsLeftOverOfAScanIsDamage but for what writers fill up with.
func TestWhatIsLeftOverOfAScanIsDamage(t *testing.T) {
	whole := scan(t, 400, 400)
	body := whole[:len(whole)-2]
	for name, c := range map[string]struct {
		behind  string
		damaged bool
	}{
		"zeros":            {strings.Repeat("\x00", 40), false},
		"fill bytes":       {strings.Repeat("\xff", 40), false},
		"codes of a scan":  {"\x9a\x31\x07\xe4\x55\x1c\xb8\x22\x71\x63\x0d\x48", true},
		"nothing, as ever": {"", false},
	} {
		p := openOne(t, put(t, "behind.jpg", slices.Concat(body, []byte(c.behind), []byte{0xff, markerEOI})))
		pix, warnings, err := p.Raster(false)
		if err != nil || slices.Equal(warnings, []string{dossier.WarnDamaged}) != c.damaged || !c.damaged && len(warnings) > 0 {
			t.Errorf("%s: %v, %v", name, err, warnings)
		}
		pix.Close()
	}
}

func TestKindsOfJPEGThatPDFDoesNotKnowAreOfUnknownFormat(t *testing.T) {
	file := scan(t, 40, 40)
	at := bytes.Index(file, []byte{0xff, markerSOF0})
	lossless, ls, deep, two := bytes.Clone(file), bytes.Clone(file), bytes.Clone(file), bytes.Clone(file)
	lossless[at+1], ls[at+1], deep[at+4], two[at+9] = 0xc3, markerSOF55, 12, 2
	for _, data := range [][]byte{lossless, ls, deep, two} {
		mustBe(t, firstFault(put(t, "odd.jpg", data)), dossier.CodeUnknownFormat)
	}
}

func TestInvertedCMYKHasItsDecodeArray(t *testing.T) {
	file := filepath.Join(accuracy.Need(t), "pages", "baiona_cmyk.jpg")
	p := openOne(t, file)
	kept, _, _, err := p.Image(dossier.Level2u)
	if err != nil || kept.ColorSpace != dossier.ColorCMYK || !slices.Equal(kept.Decode, []float64{1, 0, 1, 0, 1, 0, 1, 0}) {
		t.Errorf("%v, %s, %v", err, kept.ColorSpace, kept.Decode)
	}
	pix, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	mustEqual(t, "the raster", rasterPixels(t, pix), toolPixels(t, file, dossier.ColorRGB), 300)
}

func TestALuminanceRasterIsThatOfTheColours(t *testing.T) {
	p := openOne(t, put(t, "scan.jpg", scan(t, 64, 64)))
	grey, _, err := p.Raster(false)
	if err != nil {
		t.Fatal(err)
	}
	defer grey.Close()
	rgb, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer rgb.Close()
	if grey.Depth() != 8 || rgb.Depth() != 32 {
		t.Errorf("%d and %d bits", grey.Depth(), rgb.Depth())
	}
	row := make([]byte, 3)
	rgb.RGBRow(10, row)
	want := color.GrayModel.Convert(color.RGBA{row[0], row[1], row[2], 255}).(color.Gray).Y
	if want < 200 {
		t.Errorf("paper is %d", want)
	}
}

// mustBe checks that err is a reason of the given code.
func mustBe(t *testing.T, err error, code dossier.Code) {
	t.Helper()
	var reason *dossier.Reason
	ok := errors.As(err, &reason)
	if !ok || reason.Code != code {
		t.Errorf("%v, want %s", err, code)
	}
}

func TestTheOrientationOfEXIFIsFound(t *testing.T) {
	for i := 1; i <= 8; i++ {
		file := filepath.Join(accuracy.Need(t), "orientation", "Portrait_"+string(rune('0'+i))+".jpg")
		if p := openOne(t, file); p.Orientation() != i {
			t.Errorf("%s lies %d", filepath.Base(file), p.Orientation())
		}
	}
}

func TestAnArithmeticCodedJPEGIsRecodedWithoutLoss(t *testing.T) {
	if testing.Short() {
		t.Skip("runs jpegtran")
	}
	plain := put(t, "plain.jpg", scan(t, 200, 100))
	coded := put(t, "coded.jpg", tool(t, "jpegtran", "-arithmetic", plain))
	kept, blob, warnings, err := openOne(t, coded).Image(dossier.Level2u)
	if err != nil || len(warnings) > 0 || kept.PassedThrough {
		t.Fatal(err, warnings, kept.PassedThrough)
	}
	again := put(t, "again.jpg", blob)
	mustEqual(t, "the picture", toolPixels(t, again, dossier.ColorRGB), toolPixels(t, plain, dossier.ColorRGB), 0)
}
