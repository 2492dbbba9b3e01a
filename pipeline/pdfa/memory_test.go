package pdfa_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// heapWhile writes n pages of the documents to a file, checks it, and returns the live heap at its largest, sampled every 8 pages.
func heapWhile(t *testing.T, n int, documents []dossier.Document) (most uint64) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "many.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sample := withText(jpegPage(t, picture(600, 800), 72))
	sample.Page.Layout.Blocks = append(sample.Page.Layout.Blocks, manyLines(60)...)
	measure := func() {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		most = max(most, m.HeapAlloc)
	}
	pages := func(yield func(pdfa.Page, error) bool) {
		for i := range n {
			if i%8 == 7 {
				measure()
			}
			if !yield(sample, nil) {
				return
			}
		}
	}
	if err := pdfa.Write(context.Background(), f, papersInfo(dossier.Level2u, documents...), pages, nil); err != nil {
		t.Fatal(err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pdfa.Check(f, size)
	if err != nil || got.Pages != n || got.Bookmarks != len(documents) {
		t.Fatalf("%+v, %v", got, err)
	}
	measure()
	return most
}

func manyLines(n int) []dossier.Block {
	line := withText(pdfa.Page{Page: &dossier.Page{Width: 600, Height: 800}}).Page.Layout.Blocks[0].Paragraphs[0].Lines[0]
	var lines []dossier.Line
	for range n {
		lines = append(lines, line)
	}
	return []dossier.Block{{Paragraphs: []dossier.Paragraph{{Lines: lines}}}}
}

func TestAThousandPagesTakeTheMemoryOfTen(t *testing.T) {
	if testing.Short() {
		t.Skip("writes a thousand pages")
	}
	ten, thousand := heapWhile(t, 10, nil), heapWhile(t, 1000, nil)
	t.Logf("heap with 10 pages %d KB, with 1,000 %d KB", ten>>10, thousand>>10)
	if thousand > ten+512<<10 {
		t.Errorf("heap with 10 pages %d KB, with 1,000 %d KB", ten>>10, thousand>>10)
	}
}

func TestFiveThousandPagesMakeATreeOfTwoLevels(t *testing.T) {
	if testing.Short() {
		t.Skip("writes five thousand pages")
	}
	pages := func(yield func(pdfa.Page, error) bool) {
		for range 5000 {
			if !yield(pdfa.Page{Page: &dossier.Page{}}, nil) {
				return
			}
		}
	}
	var b bytes.Buffer
	if err := pdfa.Write(context.Background(), &b, info(dossier.Level2u), pages, nil); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(b.Bytes(), []byte("/Type /Pages")); n != 80 {
		t.Errorf("%d nodes, want a root and 79", n)
	}
	if got, err := check(b.Bytes()); err != nil || got.Pages != 5000 {
		t.Errorf("%+v, %v", got, err)
	}
	qpdf(t, save(t, "5000.pdf", b.Bytes()))
}
