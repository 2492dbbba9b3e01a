package source

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
)

// pdfBombs are small files that ask for much.
func pdfBombs() map[string][]byte {
	zeros := deflated(make([]byte, 200<<20))
	deep := strings.Repeat("[", 1_000_000)
	bombs := map[string][]byte{
		"a content stream that inflates": onePage(greyImage, "", "/Contents 6 0 R", "", greySamples()),
		"nested arrays in the content":   onePage(greyImage, deep+fullPage, "", "", greySamples()),
		"many operators":                 onePage(greyImage, strings.Repeat("q Q ", 5_000_000), "", "", greySamples()),
		"graphics states":                onePage(greyImage, strings.Repeat("q ", 1_000_000), "", "", greySamples()),
		"an image that inflates":         onePage(greyImage+"/Filter[/FlateDecode/FlateDecode]", fullPage, "", "", zeros),
		"a picture of 10^18 pixels":      onePage("/Width 1000000000/Height 1000000000/BitsPerComponent 8/ColorSpace/DeviceGray", fullPage, "", "", nil),
		"a nested dictionary":            []byte("%PDF-1.4\n1 0 obj " + strings.Repeat("<</A ", 1_000_000) + " endobj startxref 9 %%EOF"),
	}
	m := &pdfMaker{}
	m.stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 1 0 R/I 2 0 R>>>>", []byte(strings.Repeat("/F Do ", 10)))
	m.stream("/Subtype/Image"+greyImage, nil)
	m.stream("/Filter/FlateDecode", zeros)
	m.add("<</Type/Page/Contents 5 0 R/Resources<</XObject<</F 1 0 R/I 2 0 R>>>>>>")
	m.stream("", []byte("/F Do"))
	m.add("<</Type/Page/Contents[" + strings.Repeat("3 0 R ", 1000) + "]/Resources<</XObject<</I 2 0 R>>>>>>")
	m.add("<</Kids[4 0 R 6 0 R]>>")
	m.add("<</Pages 7 0 R>>")
	bombs["forms within themselves, streams a thousand times"] = m.file("/Root 8 0 R")

	m = &pdfMaker{}
	for i := range 40 {
		m.add(fmt.Sprintf("<</Kids[%[1]d 0 R %[1]d 0 R]>>", i+2))
	}
	m.add("<</Type/Page>>")
	m.add("<</Pages 1 0 R>>")
	bombs["2^40 pages"] = m.file("/Root 42 0 R")

	m = &pdfMaker{}
	m.add("<</Kids[2 0 R]>>")
	m.add("<</Kids[1 0 R]>>")
	m.add("<</Pages 1 0 R>>")
	bombs["a page tree that bites its tail"] = m.file("/Root 3 0 R")

	m = &pdfMaker{}
	m.stream("/Type/XRef/Size 8000000/W[1 8 8]/Root 2 0 R/Filter/FlateDecode", zeros)
	bombs["a table that inflates"] = append(m.file("/Root 2 0 R"), fmt.Sprintf("startxref %d %%%%EOF", 16)...)
	bombs["a table of its own previous one"] = []byte("%PDF-1.4\nxref\n0 0\ntrailer <</Prev 9/Root 1 0 R>> startxref 9 %%EOF")
	bombs["a length in itself"] = []byte("%PDF-1.4\n1 0 obj <</Length 1 0 R>> stream\nendstream endobj\n" +
		"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer <</Root 1 0 R/Size 2>> startxref 61 %%EOF")
	return bombs
}

func TestBombsInPDFsAreRefusedOrDrawnAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector takes ten times as long")
	}
	const patience, memory = 3 * time.Second, 150 << 20 // of CPU, which other processes don't lengthen
	for name, data := range pdfBombs() {
		t.Run(name, func(t *testing.T) {
			path := put(t, "bomb.pdf", data)
			debug.FreeOSMemory()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := spent(t)
			o, err := openPDF(path, dossier.DefaultLimits())
			if err == nil {
				defer o.Close()
				for n, info := range o.Contents().Pages {
					if info.Draw {
						continue
					}
					var p Page
					if p, err = o.Page(n + 1); err == nil {
						p.Close()
						t.Errorf("page %d was opened", n+1)
					}
				}
			}
			runtime.ReadMemStats(&after)
			if took := spent(t) - began; took > patience {
				t.Errorf("took %v", took)
			}
			if held := int64(after.Sys) - int64(before.Sys); held > memory {
				t.Errorf("took %d MiB", held>>20)
			}
			t.Log(err)
		})
	}
}

// spent is the CPU time of this process so far.
func spent(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestTooManyPagesAreRefused(t *testing.T) {
	m := &pdfMaker{}
	m.add("<</Type/Page>>")
	m.add("<</Kids[" + strings.Repeat("1 0 R ", 30) + "]>>")
	m.add("<</Pages 2 0 R>>")
	limits := dossier.DefaultLimits()
	limits.Pages = 20
	_, err := openPDF(put(t, "a.pdf", m.file("/Root 3 0 R")), limits)
	mustBe(t, err, dossier.CodeTooManyPages)
}

func TestAPictureOfTooManyPixelsIsRefused(t *testing.T) {
	image := "/Width 40000/Height 40000/BitsPerComponent 1/ColorSpace/DeviceGray"
	_, err := opened(t, onePage(image, fullPage, "", "", nil)).Page(1)
	mustBe(t, err, dossier.CodeTooManyPixels)
}

func TestAPageThatIsNotThereKeepsItsNumber(t *testing.T) {
	m := &pdfMaker{}
	m.add("<</Kids[9 0 R 2 0 R]>>")
	m.add("<</Type/Page/Contents 3 0 R/MediaBox[0 0 200 300]/Resources<</XObject<</I 4 0 R>>>>>>")
	m.stream("", []byte(fullPage))
	m.stream("/Subtype/Image"+greyImage, greySamples())
	m.add("<</Pages 1 0 R>>")
	pages := opened(t, m.file("/Root 5 0 R")).Contents().Pages
	if len(pages) != 2 || !pages[0].Draw || pages[1].Draw {
		t.Error(pages)
	}
}

func TestAPDFCutOffIsReadAsFarAsItGoes(t *testing.T) {
	m := &pdfMaker{}
	m.add("<</Pages 2 0 R>>")
	m.add("<</Type/Pages/Kids[3 0 R]/Count 1>>")
	m.add("<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 200 300]/Resources<</XObject<</I 5 0 R>>>>>>")
	m.stream("", []byte(fullPage))
	m.stream("/Type/XObject/Subtype/Image"+greyImage, greySamples())
	data := m.file("/Root 1 0 R")
	o := opened(t, data[:bytes.LastIndex(data, []byte("xref\n0"))])
	if !slices.Contains(o.Contents().Warnings, dossier.WarnTruncated) {
		t.Error(o.Contents().Warnings)
	}
	if len(o.lifts) != 1 || o.lifts[0].refusal != "" {
		t.Error(o.lifts)
	}
}

func TestWhatHangsOnBehindAPDFIsNoPartOfIt(t *testing.T) {
	data := onePage(greyImage, fullPage, "", "", greySamples())
	for name, c := range map[string]struct {
		behind    string
		truncated bool
	}{
		"junk":                   {strings.Repeat("<p>Sent by the scanner</p>\r\n", 1000), false},
		"an update that was cut": {"\n1 0 obj\n<</Type/Page/Rotate 90" + strings.Repeat(" ", 5000), true},
	} {
		o := opened(t, slices.Concat(data, []byte(c.behind)))
		if got := slices.Contains(o.Contents().Warnings, dossier.WarnTruncated); got != c.truncated || len(o.lifts) != 1 {
			t.Errorf("%s: %d pages, %v", name, len(o.lifts), o.Contents().Warnings)
		}
	}
}

func TestADrawnPageWhoseContentIsDamagedIsNamedDamaged(t *testing.T) {
	text := bytes.Repeat([]byte("BT /F 12 Tf 10 10 Td (seen) Tj ET\n"), 50)
	for name, c := range map[string]struct {
		content []byte
		damaged bool
	}{
		"whole":              {deflated(text), false},
		"without a checksum": {deflated(text)[:len(deflated(text))-4], false},
		"another byte":       {bytes.Replace(deflated(text), []byte{deflated(text)[20]}, []byte{deflated(text)[20] ^ 0x55}, 1), true},
	} {
		m := &pdfMaker{}
		m.add("<</Pages 2 0 R>>")
		m.add("<</Type/Pages/Kids[3 0 R]/Count 1>>")
		m.add("<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 200 300]>>")
		m.stream("/Filter/FlateDecode", c.content)
		o := opened(t, m.file("/Root 1 0 R"))
		if got := slices.Contains(o.Contents().Warnings, dossier.WarnDamaged); got != c.damaged || !o.Contents().Pages[0].Draw {
			t.Errorf("%s: %+v", name, o.Contents())
		}
	}
}

func TestPagesThatLostTheirCatalogueAreStillFound(t *testing.T) {
	data := onePage(greyImage, fullPage, "", "", greySamples())
	o := opened(t, data[:bytes.Index(data, []byte("<</Type/Pages"))])
	if len(o.lifts) != 1 || o.lifts[0].refusal != "" || !slices.Contains(o.Contents().Warnings, dossier.WarnTruncated) {
		t.Error(o.lifts, o.Contents().Warnings)
	}
}

func TestWhatNobodyCanReadHasNoPages(t *testing.T) {
	o := opened(t, []byte("%PDF-1.4 and then nothing that anybody could read\n%%EOF"))
	if len(o.Contents().Pages) != 0 {
		t.Error(o.Contents())
	}
	if _, err := o.Page(1); err == nil {
		t.Error("its first page was opened")
	}
}

// scannerPDF has so many pages, each a picture of its own of so many bytes.
func scannerPDF(t *testing.T, pages, size int) string {
	t.Helper()
	m := &pdfMaker{}
	m.add("<</Pages 2 0 R>>")
	kids := make([]string, pages)
	for i := range kids {
		kids[i] = fmt.Sprintf("%d 0 R", 3+3*i)
	}
	m.add(fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", pages, strings.Join(kids, " ")))
	picture := make([]byte, size)
	for i := range pages {
		m.add(fmt.Sprintf("<</Type/Page/MediaBox[0 0 200 300]/Contents %d 0 R/Resources<</XObject<</I %d 0 R>>>>>>", 4+3*i, 5+3*i))
		m.stream("/Filter/FlateDecode", deflated([]byte(fullPage)))
		m.stream(fmt.Sprintf("/Subtype/Image/Width %d/Height 100/BitsPerComponent 8/ColorSpace/DeviceGray", size/100), picture)
	}
	return put(t, "scanner.pdf", m.file("/Root 1 0 R"))
}

func TestTheLastPageOfAThousandCostsWhatTheFirstDid(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 200 MB")
	}
	const pages = 1000
	path := scannerPDF(t, pages, 200_000)
	debug.FreeOSMemory()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := spent(t)
	o, err := openPDF(path, dossier.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	opening := spent(t) - began
	if opening > 2*time.Second {
		t.Errorf("opening took %v", opening)
	}
	cost := func(n int) time.Duration {
		best := time.Hour
		for range 5 {
			began := spent(t)
			p, err := o.Page(n)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, _, err := p.Image(dossier.Level2u); err != nil {
				t.Fatal(err)
			}
			p.Close()
			best = min(best, spent(t)-began)
		}
		return best
	}
	first, last := cost(1), cost(pages)
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("opened in %v, page 1 %v, page %d %v, %d KiB held", opening, first, pages, last, held>>10)
	if last > 3*first+time.Millisecond {
		t.Errorf("page 1 took %v, page %d %v", first, pages, last)
	}
	if held > 20<<20 {
		t.Errorf("%d KiB are held", held>>10)
	}
}

func TestEveryPDFOfTheCorpusOpensOrIsRefusedWithAReason(t *testing.T) {
	root := accuracy.Need(t)
	for _, pattern := range []string{"odd/*.pdf", "pages/*.pdf"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, path := range files {
			o, err := openPDF(path, dossier.DefaultLimits())
			if err != nil {
				mustBeReason(t, filepath.Base(path), err)
				continue
			}
			for n, lift := range o.(*pdfOriginal).lifts {
				t.Logf("%s, page %d: %q", filepath.Base(path), n+1, lift.refusal)
			}
			o.Close()
		}
	}
}

func FuzzOpenPDF(f *testing.F) {
	const small = "/Width 20/Height 3/BitsPerComponent 8/ColorSpace/DeviceGray" // large seeds are slow to vary
	f.Add(onePage(small, fullPage, "", "", make([]byte, 60)))
	f.Add(onePage(small+"/Filter/FlateDecode", "BT 3 Tr (x) Tj ET "+fullPage, "/Rotate 90", "", deflated(make([]byte, 60))))
	f.Add(onePage("/Width 20/Height 3/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 20>>",
		fullPage, "", "", []byte("\x26\xa0\x10")))
	f.Add(onePage("/Width 20/Height 3/BitsPerComponent 1/Filter/JBIG2Decode", fullPage, "", "", jbig2Sample()))
	f.Add(onePage("/Width 20/Height 3/BitsPerComponent 8/ColorSpace[/Indexed/DeviceRGB 1<000000ffffff>]/Filter[/A85/LZW/RL]", fullPage, "", "", []byte("abc~>")))
	f.Add(onePage(small, fullPage, "", "/AcroForm<</Fields[<</FT/Sig/V<</ByteRange[0 1 2 3]/Contents<3080>/Name(x)>>>>]>>", nil))
	if files, err := filepath.Glob("../../../shared/corpus/odd/*.pdf"); err == nil {
		for _, path := range files {
			if data, err := os.ReadFile(path); err == nil && len(data) < 5_000 {
				f.Add(data)
			}
		}
	}
	limits := dossier.Limits{Pixels: 1 << 20, Pages: 20, Bytes: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "original")
		if len(data) == 0 || os.WriteFile(path, data, 0o600) != nil {
			t.Skip()
		}
		o, err := openPDF(path, limits)
		var reason *dossier.Reason
		if err != nil {
			if !errors.As(err, &reason) {
				t.Fatal(err)
			}
			return
		}
		defer o.Close()
		for n, info := range o.Contents().Pages {
			if info.Draw {
				continue
			}
			p, err := o.Page(n + 1)
			if err != nil {
				mustBeFault(t, err)
				continue
			}
			fuzzPage(t, p)
			p.Close()
		}
	})
}
