package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

// openAlone names the file that the test binary is to open instead of running tests.
const openAlone = "DOSSIERD_TEST_OPEN"

func TestMain(m *testing.M) {
	if file := os.Getenv(openAlone); file != "" {
		err := firstFault(file)
		var reason *dossier.Reason
		if errors.As(err, &reason) {
			fmt.Println(reason.Code, peak())
		}
		return
	}
	os.Exit(m.Run())
}

// peak is the most memory this program has had, in KiB. (Rusage would count what the parent had before exec.)
func peak() int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return -1
	}
	var kib int
	if _, after, ok := strings.Cut(string(status), "VmHWM:"); ok {
		_, err = fmt.Sscan(after, &kib)
	}
	if err != nil {
		return -1
	}
	return kib
}

func TestAFileOfNothingIsEmpty(t *testing.T) {
	mustBe(t, firstFault(put(t, "empty.pdf", nil)), dossier.CodeEmpty)
}

func TestBytesThatNobodyKnowsAreOfUnknownFormat(t *testing.T) {
	for _, data := range []string{"x", "hello, world", "BMW: a letter", "RIFFxxxxAVI ", "\xff\xd8", "\x89PNG\r\n"} {
		mustBe(t, firstFault(put(t, "scan.jpg", []byte(data))), dossier.CodeUnknownFormat)
	}
}

func TestAWrongExtensionIsNoFault(t *testing.T) {
	o, err := Open(put(t, "scan.pdf", scan(t, 40, 40)), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if c := o.Contents(); c.Format != "jpeg" || len(c.Pages) != 1 || c.Pages[0] != (Info{Width: 40, Height: 40, Bits: 24}) {
		t.Errorf("%+v", c)
	}
}

func TestAFileBeyondALimitIsRefused(t *testing.T) {
	limits := dossier.DefaultLimits()
	limits.Bytes, limits.Pages, limits.Pixels = 20_000, 5, 40*39
	for file, code := range map[string]dossier.Code{
		put(t, "large.jpg", make([]byte, 20_001)):    dossier.CodeTooLarge,
		put(t, "wide.jpg", scan(t, 40, 40)):          dossier.CodeTooManyPixels,
		put(t, "long.tif", greyPages(6).data):        dossier.CodeTooManyPages,
		put(t, "wide.png", drawnPNG(t, false)):       dossier.CodeTooManyPixels,
		put(t, "wide.tif", wideTIFF(4000, 10)):       dossier.CodeTooManyPixels,
		put(t, "wide.gif", drawnGIF(t)):              dossier.CodeTooManyPixels,
		put(t, "wide.bmp", bitmap(93, 71)):           dossier.CodeTooManyPixels,
		put(t, "wide.j2k", codestreamHeader(93, 71)): dossier.CodeTooManyPixels,
	} {
		_, err := Open(file, limits)
		mustBe(t, err, code)
	}
}

// A bomb is refused in a process of its own, whose time and memory are then known.
func TestABombIsRefusedFromItsHeader(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range bombs(t) {
		cmd := exec.Command(self)
		cmd.Env = append(os.Environ(), openAlone+"="+put(t, name, data))
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var code dossier.Code
		var used int
		if _, err := fmt.Sscan(string(out), &code, &used); err != nil {
			t.Errorf("%s: %q: %v", name, out, err)
		}
		took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		if took > time.Second || used <= 0 || used > 100<<10 {
			t.Errorf("%s: %s after %v with %d KiB", name, code, took, used)
		}
	}
}

func bombs(t testing.TB) map[string][]byte {
	b := newTIFF()
	b.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(4_000_000_000, 4_000_000_000, 10)...)
	tile := newTIFF()
	tile.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10, tag{322, 4, []uint32{1 << 24}}, tag{323, 4, []uint32{1 << 24}})...)
	samples := newTIFF()
	tags := greyTags(20, 10, 10)
	tags[5].values = []uint32{65535}
	samples.add(firstLink, [][]byte{make([]byte, 200)}, tags...)
	wide := drawnPNG(t, false)
	binary.BigEndian.PutUint32(wide[16:], 1<<31-1)
	jpg := scan(t, 40, 40)
	at := bytes.Index(jpg, []byte{0xff, markerSOF0})
	binary.BigEndian.PutUint16(jpg[at+5:], 65000)
	binary.BigEndian.PutUint16(jpg[at+7:], 65000)
	frame := drawnGIF(t)
	binary.LittleEndian.PutUint16(frame[6:], 65535)
	binary.LittleEndian.PutUint16(frame[8:], 65535)
	hollow := drawnGIF(t)
	binary.LittleEndian.PutUint16(hollow[6:], 15000)
	binary.LittleEndian.PutUint16(hollow[8:], 15000)
	return map[string][]byte{
		"size.tif": b.data, "tile.tif": tile.data, "samples.tif": samples.data, "pages.tif": greyPages(20_000).data, "size.png": wide,
		"size.jpg": jpg, "size.gif": frame, "hollow.gif": hollow, "size.bmp": bitmap(1<<30, 1<<30), "size.j2k": codestreamHeader(1<<31, 1<<31),
		"size.webp": webpHeaderOf(1<<14, 1<<14),
	}
}

func wideTIFF(w, h uint32) []byte {
	b := newTIFF()
	b.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(w, h, h)...)
	return b.data
}

func drawnPNG(t testing.TB, transparent bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, drawing(transparent)); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func drawnGIF(t testing.TB) []byte {
	t.Helper()
	m := image.NewPaletted(image.Rect(0, 0, 93, 71), color.Palette{color.White, color.Black, color.Gray{100}})
	for i := range m.Pix {
		m.Pix[i] = byte(i % 3)
	}
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// bitmap is a BMP of 24 bits a pixel whose rows end early where there are many.
func bitmap(w, h int) []byte {
	le := binary.LittleEndian
	b := append([]byte("BM"), make([]byte, 8)...)
	b = le.AppendUint32(le.AppendUint32(b, bmpFileHeader+bmpInfoHeader), bmpInfoHeader)
	b = le.AppendUint32(le.AppendUint32(b, uint32(w)), uint32(h))
	b = append(b, 1, 0, 24, 0)
	b = append(b, make([]byte, 24)...)
	le.PutUint32(b[38:], 11811)
	le.PutUint32(b[42:], 11811)
	for i := range min((w*3+3)/4*4*h, 100_000) {
		b = append(b, byte(i))
	}
	return b
}

// codestreamHeader is the SIZ marker of a grey JPEG 2000.
func codestreamHeader(w, h uint32) []byte {
	be := binary.BigEndian
	b := append([]byte(codestreamMagic), 0, 41, 0, 0)
	for _, v := range []uint32{w, h, 0, 0, w, h, 0, 0} {
		b = be.AppendUint32(b, v)
	}
	return append(b, 0, 1, 7, 1, 1)
}

// webpHeaderOf is a lossless WebP without pixels.
func webpHeaderOf(w, h uint32) []byte {
	b := append([]byte("RIFF\x16\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00"), 0x2f)
	b = binary.LittleEndian.AppendUint32(b, (w-1)|(h-1)<<14)
	return append(b, 0, 0, 0, 0, 0)
}

// Every beginning of a file is a page with a warning, or a reason: never another error, and no warning too few.
func TestAFileCutOffAnywhereIsReadOrRefused(t *testing.T) {
	files := map[string][]byte{
		"a.jpg": scan(t, 60, 50), "a.png": drawnPNG(t, false), "alpha.png": drawnPNG(t, true), "a.gif": drawnGIF(t), "a.bmp": bitmap(40, 30),
		"a.tif": greyPages(2).data,
	}
	for name, data := range files {
		whole := slices.Clone(data)
		for size := 1; size < len(data); size += 1 + len(data)/97 {
			file := put(t, name, data[:size])
			err := firstFault(file)
			var reason *dossier.Reason
			switch {
			case errors.As(err, &reason):
				if reason.Code != dossier.CodeTruncated && reason.Code != dossier.CodeUnknownFormat && reason.Code != dossier.CodeDamaged {
					t.Errorf("%s of %d bytes: %v", name, size, err)
				}
			case err != nil:
				t.Errorf("%s of %d bytes: %v is not a reason", name, size, err)
			}
		}
		if !bytes.Equal(whole, data) {
			t.Errorf("%s was changed", name)
		}
	}
}

func TestAGIFCutOffIsTruncated(t *testing.T) {
	data := drawnGIF(t)
	for _, size := range []int{20, len(data) / 2, len(data) - 9} {
		mustBe(t, firstFault(put(t, "cut.gif", data[:size])), dossier.CodeTruncated)
	}
}

func TestAPNGCutOffKeepsItsRowsAndSaysSo(t *testing.T) {
	data := drawnPNG(t, false)
	p := openOne(t, put(t, "cut.png", data[:len(data)-200]))
	kept, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) || kept.PassedThrough {
		t.Fatal(err, warnings, kept.PassedThrough)
	}
	got, want := keptPixels(t, kept, blob), imagePixels(drawing(false))
	if !slices.Equal(got[:93*25*3], want[:93*25*3]) || got[len(got)-1] != 65535 {
		t.Error("the rows are others")
	}
}

func TestAPNGWhoseChecksumIsWrongIsDamagedAndKept(t *testing.T) {
	data := drawnPNG(t, false)
	end := bytes.LastIndex(data, []byte("IEND")) - 4
	data[end-5] ^= 1 // the last byte of the stream's checksum
	_, _, warnings, err := openOne(t, put(t, "sum.png", data)).Image(dossier.Level2u)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnDamaged}) {
		t.Error(err, warnings)
	}
}

func TestTheRasterOfABilevelPageIsItsOwn(t *testing.T) {
	file := filepath.Join(accuracy.Need(t), "tiff", "miniswhite-1c-1b.tiff")
	p := openOne(t, file)
	first, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	first.Close()
	second, _, err := p.Raster(false)
	if err != nil || second.Depth() != 1 {
		t.Fatal(err, second.Depth())
	}
	defer second.Close()
	mustEqual(t, "the raster", rasterPixels(t, second), toolPixels(t, file, dossier.ColorRGB), 0)
}

func TestAWebPLiesAsItsEXIFSaysWithJPEGsHeadingOrWithout(t *testing.T) {
	// A directory of one entry: orientation 6.
	const tiff = "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"
	for _, heading := range []string{"", exifHeading} {
		chunk := binary.LittleEndian.AppendUint32([]byte("EXIF"), uint32(len(heading+tiff)))
		file := put(t, "lying.webp", slices.Concat(webpHeaderOf(20, 10), chunk, []byte(heading+tiff)))
		if got := openOne(t, file).Orientation(); got != 6 {
			t.Errorf("heading %q: orientation %d", heading, got)
		}
	}
}
