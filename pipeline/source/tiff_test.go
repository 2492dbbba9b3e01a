package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// tag is an entry of a TIFF directory. Kind 3 is 16 bits, 4 is 32, 5 a fraction over 1, 7 bytes.
type tag struct {
	id, kind uint16
	values   []uint32
}

// tiffBuilder writes little-endian TIFFs, sound ones and others.
type tiffBuilder struct{ data []byte }

func newTIFF() *tiffBuilder { return &tiffBuilder{data: []byte("II*\x00\x08\x00\x00\x00")} }

// add writes a directory where the chain continues, behind its strips, whose tags it adds, and the values that do not
// fit into an entry. It returns where the next directory's place is to be written.
func (b *tiffBuilder) add(link int, strips [][]byte, tags ...tag) (next int) {
	le := binary.LittleEndian
	var offsets, counts []uint32
	for _, strip := range strips {
		offsets, counts = append(offsets, uint32(len(b.data))), append(counts, uint32(len(strip)))
		b.data = append(b.data, strip...)
	}
	if strips != nil {
		tags = append(tags, tag{273, 4, offsets}, tag{279, 4, counts})
	}
	slices.SortFunc(tags, func(x, y tag) int { return int(x.id) - int(y.id) })
	var entries []byte
	for _, t := range tags {
		var value []byte
		for _, v := range t.values {
			switch t.kind {
			case 3:
				value = le.AppendUint16(value, uint16(v))
			case 7:
				value = append(value, byte(v))
			case 5:
				value = le.AppendUint32(le.AppendUint32(value, v), 1)
			default:
				value = le.AppendUint32(value, v)
			}
		}
		entries = le.AppendUint32(le.AppendUint16(le.AppendUint16(entries, t.id), t.kind), uint32(len(t.values)))
		if len(value) > 4 {
			entries = le.AppendUint32(entries, uint32(len(b.data)))
			b.data = append(b.data, value...)
		} else {
			entries = append(entries, append(value, 0, 0, 0, 0)[:4]...)
		}
	}
	if len(b.data)%2 == 1 {
		b.data = append(b.data, 0)
	}
	le.PutUint32(b.data[link:], uint32(len(b.data)))
	b.data = append(le.AppendUint16(b.data, uint16(len(tags))), entries...)
	b.data = append(b.data, 0, 0, 0, 0)
	return len(b.data) - 4
}

const firstLink = 4

// greyTags describe a page of w by h bytes in strips of so many rows.
func greyTags(w, h, rows uint32, more ...tag) []tag {
	return append([]tag{
		{256, 4, []uint32{w}},
		{257, 4, []uint32{h}},
		{258, 3, []uint32{8}},
		{259, 3, []uint32{1}},
		{262, 3, []uint32{1}},
		{277, 3, []uint32{1}},
		{278, 4, []uint32{rows}},
	}, more...)
}

func greyPages(n int) *tiffBuilder {
	b, link := newTIFF(), firstLink
	for i := range n {
		link = b.add(link, [][]byte{bytes.Repeat([]byte{byte(i)}, 20*10)}, greyTags(20, 10, 10)...)
	}
	return b
}

func TestEveryDirectoryOfATIFFIsAPageButThumbnailsAndMasks(t *testing.T) {
	b := newTIFF()
	pixels := [][]byte{make([]byte, 200)}
	link := b.add(firstLink, pixels, greyTags(20, 10, 10, tag{254, 4, []uint32{0}})...)
	link = b.add(link, pixels, greyTags(20, 10, 10, tag{254, 4, []uint32{1}})...)
	link = b.add(link, pixels, greyTags(20, 10, 10, tag{254, 4, []uint32{4}})...)
	b.add(link, pixels, greyTags(10, 20, 20, tag{254, 4, []uint32{2}})...)
	o, err := Open(put(t, "pages.tif", b.data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if got := o.Contents().Pages; len(got) != 2 || got[0].Width != 20 || got[1].Width != 10 || got[1].Bits != 8 {
		t.Errorf("%+v", got)
	}
}

func TestThePagesOfATIFFCanBeReadInAnyOrder(t *testing.T) {
	o, err := Open(put(t, "pages.tif", greyPages(200).data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	for _, n := range []int{200, 1, 77, 199, 77} {
		p, err := o.Page(n)
		if err != nil {
			t.Fatal(err)
		}
		pix, _, err := p.Raster(false)
		if err != nil {
			t.Fatal(err)
		}
		if got := rasterPixels(t, pix)[0] / 257; int(got) != n-1 {
			t.Errorf("page %d has pixels of %d", n, got)
		}
		pix.Close()
		p.Close()
	}
}

func TestPageAThousandCostsWhatPageOneDid(t *testing.T) {
	o, err := Open(put(t, "pages.tif", greyPages(3000).data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	cost := func(n int) time.Duration {
		before := cpu(t)
		for range 2000 {
			p, err := o.Page(n)
			if err != nil {
				t.Fatal(err)
			}
			p.Close()
		}
		return cpu(t) - before
	}
	first, last := cost(1), cost(3000)
	if last > 3*first+20*time.Millisecond {
		t.Errorf("2,000 times page 1: %v, page 3000: %v", first, last)
	}
}

// cpu is the processor time this process has taken.
func cpu(t testing.TB) time.Duration {
	t.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestAChainOfDirectoriesThatLoopsEnds(t *testing.T) {
	b := newTIFF()
	next := b.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10)...)
	next = b.add(next, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10)...)
	copy(b.data[next:], b.data[firstLink:firstLink+4])
	o, err := Open(put(t, "loop.tif", b.data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if n := len(o.Contents().Pages); n != 2 {
		t.Errorf("%d pages", n)
	}
}

func TestATIFFWhoseChainBreaksMissesPages(t *testing.T) {
	b := greyPages(3)
	o, err := Open(put(t, "cut.tif", b.data[:len(b.data)-60]), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	c := o.Contents()
	if len(c.Pages) != 2 || !slices.Equal(c.Warnings, []string{dossier.WarnPagesMissing}) {
		t.Errorf("%d pages, %v", len(c.Pages), c.Warnings)
	}
}

func TestABadDirectoryCostsOnePageOnly(t *testing.T) {
	b := newTIFF()
	link := b.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10)...)
	link = b.add(link, [][]byte{make([]byte, 200)}, greyTags(4_000_000, 4_000_000, 10)...)
	b.add(link, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10)...)
	o, err := Open(put(t, "bad.tif", b.data), dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	if n := len(o.Contents().Pages); n != 3 {
		t.Fatalf("%d pages", n)
	}
	_, err = o.Page(2)
	mustBe(t, err, dossier.CodeTooManyPixels)
	if reason := (*dossier.Reason)(nil); !errors.As(err, &reason) || reason.Page != 2 {
		t.Errorf("%+v is about another page", reason)
	}
	if _, err := o.Page(3); err != nil {
		t.Error(err)
	}
}

// cutTIFF is a TIFF whose strip comes last and has fewer bytes than the directory says.
func cutTIFF(promised int, strip []byte, tags ...tag) []byte {
	b := newTIFF()
	b.add(firstLink, nil, append(tags, tag{279, 4, []uint32{uint32(promised)}}, tag{273, 4, []uint32{0}})...)
	offsets := bytes.Index(b.data, []byte{0x11, 0x01, 4, 0, 1, 0, 0, 0})
	binary.LittleEndian.PutUint32(b.data[offsets+8:], uint32(len(b.data)))
	return append(b.data, strip...)
}

func TestAG4StripCutOffIsReadAsFarAsItGoes(t *testing.T) {
	whole, err := lept.New(800, 600, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	for y := range 600 {
		row := make([]byte, 100)
		for i := range row {
			row[i] = byte(0xf0 >> (y % 5) << (i % 3))
		}
		whole.SetRow(y, row)
	}
	strip, err := whole.EncodeG4()
	if err != nil {
		t.Fatal(err)
	}
	tags := greyTags(800, 600, 600)
	tags[2].values, tags[3].values, tags[4].values = []uint32{1}, []uint32{4}, []uint32{0}
	p := openOne(t, put(t, "cut.tif", cutTIFF(len(strip), strip[:len(strip)/2], tags...)))
	kept, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) || kept.PassedThrough {
		t.Fatal(err, warnings, kept.PassedThrough)
	}
	got, want := keptPixels(t, kept, blob), rasterPixels(t, whole)
	if half := 3 * 800 * 290; !slices.Equal(got[:half], want[:half]) || got[len(got)-1] != 65535 {
		t.Error("the rows are others")
	}
}

func TestAStripThatEndsBeyondTheFileIsReadAsFarAsItGoes(t *testing.T) {
	p := openOne(t, put(t, "cut.tif", cutTIFF(2000, bytes.Repeat([]byte{7}, 1010), greyTags(20, 100, 100)...)))
	pix, warnings, err := p.Raster(false)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) {
		t.Fatal(err, warnings)
	}
	defer pix.Close()
	pixels := rasterPixels(t, pix)
	for y, want := range map[int]uint16{0: 7 * 257, 49: 7 * 257, 51: 65535, 99: 65535} {
		if got := pixels[3*20*y]; got != want {
			t.Errorf("row %d is %d, want %d", y, got, want)
		}
	}
}

func TestTheResolutionOfATIFFIsInInchesOrCentimetres(t *testing.T) {
	for unit, want := range map[uint32][2]float64{1: {0, 0}, 2: {200, 100}, 3: {508, 254}} {
		b := newTIFF()
		b.add(firstLink, [][]byte{make([]byte, 200)}, greyTags(20, 10, 10, tag{282, 5, []uint32{200}}, tag{283, 5, []uint32{100}},
			tag{296, 3, []uint32{unit}}, tag{274, 3, []uint32{8}})...)
		p := openOne(t, put(t, "dpi.tif", b.data))
		if x, y := p.Resolution(); [2]float64{x, y} != want || p.Orientation() != 8 {
			t.Errorf("unit %d: %g by %g, lies %d", unit, x, y, p.Orientation())
		}
	}
}

func TestSamplesOfOddSizesAreWidenedWithoutLoss(t *testing.T) {
	for bits := uint32(3); bits < 16; bits++ {
		if bits == 4 || bits == 8 {
			continue
		}
		const width = 64
		most := uint32(1)<<bits - 1
		row := make([]byte, (width*bits+7)/8)
		value := func(x int) uint32 { return uint32(x) * most / (width - 1) }
		for x := range width {
			for n := range bits {
				if value(x)>>(bits-1-n)&1 == 1 {
					at := uint32(x)*bits + n
					row[at/8] |= 0x80 >> (at % 8)
				}
			}
		}
		b := newTIFF()
		tags := greyTags(width, 1, 1)
		tags[2].values = []uint32{bits}
		b.add(firstLink, [][]byte{row}, tags...)
		kept, blob, _, err := openOne(t, put(t, "odd.tif", b.data)).Image(dossier.Level2u)
		if err != nil {
			t.Fatal(err)
		}
		for x, v := range keptPixels(t, kept, blob) {
			if got := (uint64(v)*uint64(most) + 32767) / 65535; got != uint64(value(x/3)) {
				t.Fatalf("%d bits: sample %d is %d, want %d", bits, x/3, got, value(x/3))
			}
		}
	}
}

func TestFloatingPointSamplesAreUnknown(t *testing.T) {
	b := newTIFF()
	tags := greyTags(4, 4, 4, tag{339, 3, []uint32{3}})
	tags[2].values = []uint32{32}
	b.add(firstLink, [][]byte{make([]byte, 64)}, tags...)
	mustBe(t, firstFault(put(t, "float.tif", b.data)), dossier.CodeUnknownFormat)
}

func TestACompressionThatNobodyHereDecodesIsUnknown(t *testing.T) {
	const jpeg2000 = 34712
	b := newTIFF()
	tags := greyTags(4, 4, 4)
	tags[3].values = []uint32{jpeg2000}
	b.add(firstLink, [][]byte{make([]byte, 16)}, tags...)
	mustBe(t, firstFault(put(t, "odd.tif", b.data)), dossier.CodeUnknownFormat)
}

func TestNeutralColoursOfCIELABStayNeutral(t *testing.T) {
	b := newTIFF()
	tags := greyTags(2, 1, 1)
	tags[2].values, tags[4].values, tags[5].values = []uint32{8, 8, 8}, []uint32{8}, []uint32{3}
	b.add(firstLink, [][]byte{{255, 0, 0, 128, 0, 0}}, tags...)
	p := openOne(t, put(t, "lab.tif", b.data))
	pix, _, err := p.Raster(true)
	if err != nil {
		t.Fatal(err)
	}
	defer pix.Close()
	got := rasterPixels(t, pix)
	for i := 0; i < len(got); i += 3 {
		if most, least := max(got[i], got[i+1], got[i+2]), min(got[i], got[i+1], got[i+2]); most-least > 3*257 {
			t.Errorf("grey becomes %d", got[i:i+3])
		}
	}
}

// tiffOf has ImageMagick and libtiff write a colour scan in the given way.
func tiffOf(t *testing.T, tiffcp string) string {
	t.Helper()
	dir := t.TempDir()
	tool(t, "convert", put(t, "scan.jpg", scan(t, 320, 240)), "-compress", "none", filepath.Join(dir, "scan.tif"))
	out := filepath.Join(dir, "out.tif")
	tool(t, "tiffcp", append(strings.Fields(tiffcp), filepath.Join(dir, "scan.tif"), out)...)
	return out
}

func TestJPEGStripsOfATIFFAreAnImageEach(t *testing.T) {
	if testing.Short() {
		t.Skip("runs convert and tiffcp")
	}
	for _, how := range []string{"-c jpeg:90 -r 64", "-c jpeg:r:90 -r 64", "-c jpeg:90 -r 1000"} {
		file := tiffOf(t, how)
		p := openOne(t, file)
		kept, blob, warnings, err := p.Image(dossier.Level2u)
		if err != nil || len(warnings) > 0 || kept.Format != dossier.FormatJPEG {
			t.Fatal(how, err, warnings, kept.Format)
		}
		mustBeCovered(t, how, kept, blob)
		want := toolPixels(t, file, dossier.ColorRGB)
		for _, part := range kept.Parts {
			got := toolPixels(t, put(t, "part.jpg", blob[part.Offset:part.Offset+part.Bytes]), dossier.ColorRGB)
			mustEqual(t, how, got, want[part.Y*320*3:(part.Y+part.Height)*320*3], 2000) // chroma is smoothed over the seam
		}
	}
}

func TestAJPEGStripCutOffIsReadAsFarAsItGoes(t *testing.T) {
	jpg := scan(t, 400, 400)
	tags := greyTags(400, 400, 400)
	tags[2].values, tags[3].values, tags[4].values = []uint32{8, 8, 8}, []uint32{7}, []uint32{6}
	tags[5].values = []uint32{3}
	tags = append(tags, tag{530, 3, []uint32{2, 2}})
	p := openOne(t, put(t, "cut.tif", cutTIFF(len(jpg), jpg[:len(jpg)/2], tags...)))
	kept, blob, warnings, err := p.Image(dossier.Level2u)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnTruncated}) || kept.PassedThrough {
		t.Fatal(err, warnings, kept.PassedThrough)
	}
	if got := keptPixels(t, kept, blob); got[0] > 20000 {
		t.Errorf("the first sample is %d, not dark", got[0])
	}
}

func TestAJPEGStripWhoseCodesAreDamagedIsNamedDamaged(t *testing.T) {
	if testing.Short() {
		t.Skip("runs convert and tiffcp")
	}
	data, err := os.ReadFile(tiffOf(t, "-c jpeg:90 -r 64"))
	if err != nil {
		t.Fatal(err)
	}
	scan := bytes.Index(data, []byte{0xff, markerSOS})
	clear(data[scan+300 : scan+900])
	p := openOne(t, put(t, "damaged.tif", data))
	pix, warnings, err := p.Raster(false)
	if err != nil || !slices.Equal(warnings, []string{dossier.WarnDamaged}) {
		t.Error(err, warnings)
	}
	pix.Close()
}

func TestTilesOfJPEGAreDecoded(t *testing.T) {
	if testing.Short() {
		t.Skip("runs convert and tiffcp")
	}
	file := tiffOf(t, "-c jpeg:r:90 -t -w 64 -l 64")
	kept, blob, _, err := openOne(t, file).Image(dossier.Level2u)
	if err != nil || kept.Format != dossier.FormatFlate {
		t.Fatal(err, kept.Format)
	}
	mustEqual(t, "tiles", keptPixels(t, kept, blob), toolPixels(t, file, dossier.ColorRGB), 0)
}
