package source

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/ccitt"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// found is the path of a program. Where it is not installed the test skips; in CI it fails, unless -short.
func found(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("CI") == "true" && !testing.Short() {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return path
}

// tool is what a program prints that makes or reads images.
func tool(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(found(t, name), args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, stderr.String())
	}
	return out
}

// drawing is a page of every kind of pixel: even areas, a ramp, thin lines and noise. Its width fits no byte.
func drawing(transparent bool) *image.NRGBA {
	const width, height = 93, 71
	random := rand.New(rand.NewPCG(1, 2))
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{R: byte(2 * x), G: byte(3 * y), B: byte(x + y), A: 255}
			switch {
			case y < 20:
				c = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			case y < 30:
				c = color.NRGBA{R: byte(random.Uint32()), G: byte(random.Uint32()), B: byte(random.Uint32()), A: 255}
			case x%9 == 0:
				c = color.NRGBA{A: 255}
			}
			if transparent && y > 50 {
				c.A = byte(5 * x)
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// variant is a file made of the drawing, and what is to be kept of it.
type variant struct {
	name        string
	convert     string // arguments of convert between drawing and file
	tiffcp      string // arguments of tiffcp after that, if any
	transparent bool
	format      dossier.ImageFormat
	bits        int
	space       dossier.ColorSpace
	passed      bool
	tolerance   int // of 65535, where laying on white rounds differently
}

func variants() []variant {
	const flate, ccitt, jpx = dossier.FormatFlate, dossier.FormatCCITT, dossier.FormatJPX
	const grey, rgb, cmyk, indexed, own = dossier.ColorGray, dossier.ColorRGB, dossier.ColorCMYK, dossier.ColorIndexed, dossier.ColorOwn
	const toGrey, toBits, to16 = "-colorspace Gray -depth 8 ", "-colorspace Gray -threshold 60% -type bilevel ", "-depth 16 -evaluate multiply 0.777 "
	return []variant{
		{name: "rgb.png", format: flate, bits: 8, space: rgb, passed: true},
		{name: "rgb16.png", convert: to16, format: flate, bits: 16, space: rgb, passed: true},
		{name: "grey.png", convert: toGrey, format: flate, bits: 8, space: grey, passed: true},
		{name: "grey16.png", convert: "-colorspace Gray " + to16, format: flate, bits: 16, space: grey, passed: true},
		{name: "grey2.png", convert: toGrey + "-depth 2 -define png:bit-depth=2", format: flate, bits: 2, space: grey, passed: true},
		{name: "grey4.png", convert: toGrey + "-depth 4 -define png:bit-depth=4", format: flate, bits: 4, space: grey, passed: true},
		{name: "bits.png", convert: toBits, format: ccitt, bits: 1, space: grey},
		{name: "palette.png", convert: "-colors 200 -define png:color-type=3", format: flate, bits: 8, space: indexed, passed: true},
		{name: "palette4.png", convert: "-colors 11 -define png:color-type=3 -define png:bit-depth=4", format: flate, bits: 4, space: indexed, passed: true},
		{name: "interlaced.png", convert: "-interlace PNG", format: flate, bits: 8, space: rgb},
		{name: "interlaced16.png", convert: to16 + "-interlace PNG", format: flate, bits: 16, space: rgb},
		{name: "interlaced1.png", convert: toBits + "-interlace PNG", format: ccitt, bits: 1, space: grey},
		{name: "interlaced4.png", convert: "-colors 11 -define png:color-type=3 -define png:bit-depth=4 -interlace PNG", format: flate, bits: 4, space: indexed},
		{name: "alpha.png", transparent: true, format: flate, bits: 8, space: rgb, tolerance: 300},
		{name: "alpha16.png", transparent: true, convert: "-depth 16 -define png:bit-depth=16", format: flate, bits: 16, space: rgb, tolerance: 2},
		{name: "greyalpha.png", transparent: true, convert: "-colorspace Gray -define png:color-type=4", format: flate, bits: 8, space: grey, tolerance: 300},
		{name: "palettealpha.png", transparent: true, convert: "-colors 100 png8:", format: flate, bits: 8, space: indexed, passed: true, tolerance: 300},

		{name: "rgb.tif", convert: "-alpha off -compress none", tiffcp: "-c none", format: flate, bits: 8, space: rgb},
		{name: "lzw.tif", convert: "-alpha off", tiffcp: "-c lzw:2 -r 16", format: flate, bits: 8, space: rgb},
		{name: "zip16.tif", convert: "-alpha off " + to16, tiffcp: "-c zip:2 -r 7", format: flate, bits: 16, space: rgb},
		{name: "bigendian16.tif", convert: "-alpha off " + to16, tiffcp: "-c none -B", format: flate, bits: 16, space: rgb},
		{name: "packbits.tif", convert: "-alpha off", tiffcp: "-c packbits", format: flate, bits: 8, space: rgb},
		{name: "big.tif", convert: "-alpha off", tiffcp: "-8 -c lzw", format: flate, bits: 8, space: rgb},
		{name: "planar.tif", convert: "-alpha off", tiffcp: "-p separate -c lzw -r 16", format: flate, bits: 8, space: rgb},
		{name: "planar16.tif", convert: "-alpha off -interlace Plane " + to16, format: flate, bits: 16, space: rgb},
		{name: "tiled.tif", convert: "-alpha off", tiffcp: "-t -w 32 -l 16 -c lzw", format: flate, bits: 8, space: rgb},
		{name: "tiledplanar.tif", convert: "-alpha off", tiffcp: "-t -w 32 -l 48 -p separate -c zip", format: flate, bits: 8, space: rgb},
		{name: "grey4.tif", convert: toGrey + "-depth 4", format: flate, bits: 4, space: grey},
		{name: "grey12.tif", convert: "-colorspace Gray -depth 12", format: flate, bits: 16, space: grey, tolerance: 8},
		{name: "white0grey.tif", convert: toGrey + "-define quantum:polarity=min-is-white", format: flate, bits: 8, space: grey},
		{name: "palette.tif", convert: "-colors 200 -type palette", format: flate, bits: 8, space: indexed, tolerance: 256},
		{name: "alpha.tif", transparent: true, format: flate, bits: 8, space: rgb, tolerance: 300},
		{name: "associated.tif", transparent: true, convert: "-define tiff:alpha=associated", format: flate, bits: 8, space: rgb, tolerance: 700},
		{name: "cmyk.tif", convert: "-alpha off -colorspace CMYK", format: flate, bits: 8, space: cmyk},
		{name: "cmykplanar.tif", convert: "-alpha off -colorspace CMYK", tiffcp: "-p separate -c lzw", format: flate, bits: 8, space: cmyk},
		{name: "cmyk16.tif", convert: "-alpha off -colorspace CMYK -depth 16", format: flate, bits: 16, space: cmyk},
		{name: "g4.tif", convert: toBits + "-compress Group4", tiffcp: "-c g4 -r 10000", format: ccitt, bits: 1, space: grey, passed: true},
		{name: "g4black1.tif", convert: toBits + "-compress Group4 -define quantum:polarity=min-is-black", tiffcp: "-c g4 -r 10000", format: ccitt, bits: 1, space: grey, passed: true},
		{name: "g4strips.tif", convert: toBits + "-compress Group4", tiffcp: "-c g4 -r 8", format: ccitt, bits: 1, space: grey},
		{name: "g4lsb.tif", convert: toBits + "-compress Group4", tiffcp: "-c g4 -r 10000 -f lsb2msb", format: ccitt, bits: 1, space: grey},
		{name: "g31d.tif", convert: toBits + "-compress Group4", tiffcp: "-c g3:1d -r 16", format: ccitt, bits: 1, space: grey},
		{name: "g32d.tif", convert: toBits + "-compress Group4", tiffcp: "-c g3:2d:fill -r 16", format: ccitt, bits: 1, space: grey},
		{name: "bitslzw.tif", convert: toBits + "-compress Group4", tiffcp: "-c lzw", format: ccitt, bits: 1, space: grey},
		{name: "bitstiled.tif", convert: toBits + "-compress Group4", tiffcp: "-t -w 48 -l 16 -c zip", format: ccitt, bits: 1, space: grey},

		{name: "rgb.bmp", convert: "-alpha off", format: flate, bits: 8, space: rgb},
		{name: "grey.bmp", convert: toGrey + "-compress none -type Palette", format: flate, bits: 8, space: indexed},
		{name: "runs.bmp", convert: "-colors 60 -compress RLE", format: flate, bits: 8, space: indexed},
		{name: "bits.bmp", convert: toBits, format: ccitt, bits: 1, space: grey},
		{name: "old.bmp", convert: "-alpha off bmp2:", format: flate, bits: 8, space: rgb},
		{name: "frame.gif", convert: "-colors 60", format: flate, bits: 8, space: indexed},
		{name: "bits.gif", convert: toBits, format: ccitt, bits: 1, space: grey},
		{name: "lossless.webp", convert: "-define webp:lossless=true", format: flate, bits: 8, space: rgb},
		{name: "lossy.webp", convert: "-quality 70", format: flate, bits: 8, space: rgb},
		{name: "alpha.webp", transparent: true, convert: "-define webp:lossless=true -define webp:exact=true", format: flate, bits: 8, space: rgb, tolerance: 300},
		{name: "rgb.jp2", convert: "-alpha off -quality 100", format: jpx, bits: 8, space: own, passed: true},
		{name: "grey.j2k", convert: toGrey + "-alpha off -quality 100", format: jpx, bits: 8, space: own},
	}
}

func TestTheImageKeptHasThePixelsOfTheOriginal(t *testing.T) {
	if testing.Short() {
		t.Skip("runs convert and tiffcp some hundred times")
	}
	dir := t.TempDir()
	for _, transparent := range []bool{false, true} {
		var b bytes.Buffer
		if err := png.Encode(&b, drawing(transparent)); err != nil {
			t.Fatal(err)
		}
		name := map[bool]string{false: "opaque.png", true: "transparent.png"}[transparent]
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) {
			checkVariant(t, v, v.make(t, dir))
		})
	}
}

func (v variant) make(t *testing.T, dir string) string {
	t.Helper()
	from := filepath.Join(dir, "opaque.png")
	if v.transparent {
		from = filepath.Join(dir, "transparent.png")
	}
	file := filepath.Join(dir, v.name)
	args := append([]string{from}, strings.Fields(v.convert)...)
	if last := args[len(args)-1]; strings.HasSuffix(last, ":") {
		args[len(args)-1] = last + file
	} else {
		args = append(args, file)
	}
	tool(t, "convert", args...)
	if v.tiffcp != "" {
		tool(t, "tiffcp", append(strings.Fields(v.tiffcp), file, file+".tif")...)
		file += ".tif"
	}
	return file
}

func checkVariant(t *testing.T, v variant, file string) {
	t.Helper()
	p := openOne(t, file)
	kept, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if kept.Format != v.format || kept.Bits != v.bits || kept.ColorSpace != v.space || kept.PassedThrough != v.passed {
		t.Errorf("kept as %s of %d bits, %s, passed through %v", kept.Format, kept.Bits, kept.ColorSpace, kept.PassedThrough)
	}
	if v.passed && kept.Format != dossier.FormatFlate { // a PNG's stream may stand there in several chunks
		original, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(original, blob) {
			t.Error("passed through, but it does not stand in the file")
		}
	}
	mustEqual(t, "the kept image", keptPixels(t, kept, blob), toolPixels(t, file, kept.ColorSpace), v.tolerance)

	keptBlob := blob
	reduced, blob, _, err := p.Image(dossier.Level1b)
	if err != nil {
		t.Fatal(err)
	}
	if reduced.Bits > 8 || reduced.Format == dossier.FormatJPX {
		t.Errorf("at 1b it is %s of %d bits", reduced.Format, reduced.Bits)
	}
	mustEqual(t, "the image at 1b", keptPixels(t, reduced, blob), toolPixels(t, file, reduced.ColorSpace), max(v.tolerance, map[bool]int{true: 256}[v.bits == 16]))

	pix, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	mustComeBack(t, v.name, kept, keptBlob, pix)
	mustComeBack(t, v.name+" at 1b", reduced, blob, pix)
	if v.space != dossier.ColorCMYK {
		mustEqual(t, "the raster", rasterPixels(t, pix), toolPixels(t, file, dossier.ColorRGB), max(v.tolerance, map[bool]int{true: 256}[v.bits == 16]))
	}
}

func openOne(t testing.TB, file string) Page {
	t.Helper()
	o, err := Open(file, dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := o.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// toolPixels is what ImageMagick makes of the file: 16-bit RGB, or CMYK, on white.
func toolPixels(t *testing.T, file string, space dossier.ColorSpace) []uint16 {
	t.Helper()
	args := []string{file + "[0]", "-background", "white"}
	if space == dossier.ColorCMYK {
		args = append(args, "-depth", "16", "-endian", "MSB", "cmyk:-")
	} else {
		args = append(args, "-alpha", "remove", "-alpha", "off", "-depth", "16", "-endian", "MSB", "rgb:-")
	}
	return words(tool(t, "convert", args...))
}

func words(b []byte) []uint16 {
	out := make([]uint16, len(b)/2)
	for i := range out {
		out[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return out
}

func mustEqual(t *testing.T, what string, got, want []uint16, tolerance int) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s has %d samples, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if d := int(got[i]) - int(want[i]); d > tolerance || d < -tolerance {
			t.Errorf("%s: sample %d is %d, want %d", what, i, got[i], want[i])
			return
		}
	}
}

// keptPixels decodes what was kept with decoders that this package does not use: 16-bit RGB, or CMYK.
func keptPixels(t *testing.T, kept dossier.PageImage, blob []byte) []uint16 {
	t.Helper()
	switch kept.Format {
	case dossier.FormatFlate:
		return flatePixels(t, kept, blob)
	case dossier.FormatCCITT:
		grey := image.NewGray(image.Rect(0, 0, kept.Width, kept.Height))
		err := ccitt.DecodeIntoGray(grey, bytes.NewReader(blob), ccitt.MSB, ccitt.Group4, &ccitt.Options{Invert: kept.BlackIs1})
		if err != nil {
			t.Fatal(err)
		}
		return imagePixels(grey)
	}
	file := filepath.Join(t.TempDir(), "kept."+kept.Format.Ext())
	if err := os.WriteFile(file, blob, 0o600); err != nil {
		t.Fatal(err)
	}
	return toolPixels(t, file, kept.ColorSpace)
}

// flatePixels puts the stream into a PNG. CMYK goes in as RGBA.
func flatePixels(t *testing.T, kept dossier.PageImage, blob []byte) []uint16 {
	t.Helper()
	m, err := png.Decode(bytes.NewReader(wrapPNG(kept, blob)))
	if err != nil {
		t.Fatal(err)
	}
	if kept.ColorSpace != dossier.ColorCMYK {
		return imagePixels(m)
	}
	var out []uint16
	switch m := m.(type) {
	case *image.NRGBA:
		for _, v := range m.Pix {
			out = append(out, uint16(v)*257)
		}
	case *image.NRGBA64:
		out = words(m.Pix)
	default:
		t.Fatalf("%T", m)
	}
	return out
}

func wrapPNG(kept dossier.PageImage, blob []byte) []byte {
	colour := map[dossier.ColorSpace]byte{dossier.ColorGray: 0, dossier.ColorRGB: 2, dossier.ColorIndexed: 3, dossier.ColorCMYK: 6}
	header := binary.BigEndian.AppendUint32(nil, uint32(kept.Width))
	header = binary.BigEndian.AppendUint32(header, uint32(kept.Height))
	header = append(header, byte(kept.Bits), colour[kept.ColorSpace], 0, 0, 0)
	file := appendChunk([]byte(pngMagic), "IHDR", header)
	if kept.Palette != nil {
		file = appendChunk(file, "PLTE", kept.Palette)
	}
	return appendChunk(appendChunk(file, "IDAT", blob), "IEND", nil)
}

func appendChunk(file []byte, name string, body []byte) []byte {
	file = binary.BigEndian.AppendUint32(file, uint32(len(body)))
	from := len(file)
	file = append(append(file, name...), body...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(file[from:]))
}

func imagePixels(m image.Image) []uint16 {
	var out []uint16
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			r, g, b, _ := m.At(x, y).RGBA()
			out = append(out, uint16(r), uint16(g), uint16(b))
		}
	}
	return out
}

func rasterPixels(t *testing.T, pix *lept.Pix) []uint16 {
	t.Helper()
	var out []uint16
	if pix.Depth() == 32 {
		row := make([]byte, 3*pix.Width())
		for y := range pix.Height() {
			pix.RGBRow(y, row)
			for _, v := range row {
				out = append(out, 257*uint16(v))
			}
		}
		return out
	}
	pnm, err := pix.PNM()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "raster.pnm")
	if err := os.WriteFile(file, pnm, 0o600); err != nil {
		t.Fatal(err)
	}
	return toolPixels(t, file, dossier.ColorRGB)
}
