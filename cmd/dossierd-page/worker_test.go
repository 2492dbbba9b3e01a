package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// TestMain makes the test binary the worker itself where it is called like one, so that everything is tested through
// the processes, pipes and confinement of the real thing.
func TestMain(m *testing.M) {
	var err error
	switch {
	case len(os.Args) > 1 && slices.Contains([]string{"read", "look", "view", "draw", "check"}, os.Args[1]):
		err = run(os.Args[1:])
	case len(os.Args) > 1 && os.Args[1] == "probe":
		err = probeReach(os.Args[2:])
	default:
		goleak.VerifyTestMain(m)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// corpus is the path of a file of the shared corpus.
func corpus(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "shared", "corpus")
		if _, err := os.Stat(path); err == nil {
			return filepath.Join(path, name)
		}
	}
	if os.Getenv("CI") == "true" && !testing.Short() {
		t.Fatal("the corpus is missing")
	}
	t.Skip("the corpus is missing")
	return ""
}

// bench is a pool of real workers and its scratch folder.
type bench struct {
	*ocr.Pool
	scratch string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	if testing.Short() {
		t.Skip("reads with Tesseract")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{scratch: t.TempDir()}
	cache := filepath.Join(os.TempDir(), "dossierd-test-cache") // for all runs: compiling PDFium takes seconds
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	b.Pool, err = ocr.NewPool(ocr.PoolConfig{Workers: 1, Command: self, Scratch: b.scratch, Cache: cache}, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

type testLog struct{ t *testing.T }

func (l testLog) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// put copies a file to where workers may read it.
func (b *bench) put(t *testing.T, path string) ocr.Original {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b.write(t, filepath.Base(path), data)
}

func (b *bench) write(t *testing.T, name string, data []byte) ocr.Original {
	t.Helper()
	path := filepath.Join(b.scratch, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return ocr.Original{ID: name, Path: path, Name: name}
}

func profile() dossier.Profile {
	return dossier.Profile{Languages: []string{"vie"}, Level: dossier.Level2u, Preview: true}
}

// readAll reads every page of an original.
func (b *bench) readAll(t *testing.T, o ocr.Original) []*ocr.Reading {
	t.Helper()
	contents, err := b.Open(t.Context(), o, profile())
	if err != nil {
		t.Fatal(err)
	}
	var out []*ocr.Reading
	for i, info := range contents.Pages {
		r, err := b.Read(t.Context(), o, i+1, info, profile())
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func words(r *ocr.Reading) string {
	var text []string
	for line := range r.Page.Layout.Lines {
		for _, w := range line.Words {
			text = append(text, w.Text)
		}
	}
	return strings.Join(text, " ")
}

func TestAScanBecomesTextBesideItsOwnBytes(t *testing.T) {
	b := newBench(t)
	path := corpus(t, "vi/d0001-p01.jpg")
	r := b.readAll(t, b.put(t, path))[0]
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Image) != string(original) || !r.Page.Image.PassedThrough {
		t.Errorf("the image is not the file: %d bytes of %d", len(r.Image), len(original))
	}
	if text := words(r); !strings.Contains(text, "THÔNG BÁO") {
		t.Errorf("text %q", text)
	}
	if len(r.Preview) == 0 || r.Page.Reason != nil || r.Page.Language != "vie" || r.Page.Paper != "a4" {
		t.Errorf("got %+v", r.Page)
	}
	if r.OCR <= 0 || r.CPU <= r.OCR {
		t.Errorf("CPU %s, of which OCR %s", r.CPU, r.OCR)
	}
}

func TestAPDFPageWithTextIsDrawnAndKeepsItsText(t *testing.T) {
	b := newBench(t)
	r := b.readAll(t, b.put(t, corpus(t, "pages/tagged.pdf")))[0]
	i := r.Page.Image
	if i.Format != dossier.FormatFlate || i.DPIX != 300 || i.DPIY != 300 || i.PassedThrough {
		t.Errorf("image %+v", i)
	}
	if r.Page.Layout.Source != dossier.TextPDF || words(r) == "" {
		t.Errorf("layout %+v", r.Page.Layout)
	}
}

func TestAPageIsDescribedByItsHeaderWhenOnlyItsImageIsAskedFor(t *testing.T) {
	h := &reader{engine: &meter{}}
	path := corpus(t, "orientation/Portrait_6.jpg")
	p := profile()
	p.Limits = dossier.DefaultLimits()
	answer, blobs := h.Handle(ocr.Request{Op: ocr.OpImage, Path: path, Page: 1, Profile: p}, nil)
	if answer.Page == nil || len(blobs) != 1 {
		t.Fatalf("got %+v", answer)
	}
	defer h.original.Close()
	page := answer.Page
	if page.Rotation != 90 || page.Width >= page.Height || page.Image.Width <= page.Image.Height || page.Layout.Source != dossier.TextNone {
		t.Errorf("got %+v", page)
	}
}

func TestBytesOfNoFormatAreRejected(t *testing.T) {
	b := newBench(t)
	_, err := b.Open(t.Context(), b.write(t, "letter.jpg", []byte("Dear Sir or Madam")), profile())
	var reason *dossier.Reason
	if !errors.As(err, &reason) || reason.Code != dossier.CodeUnknownFormat {
		t.Errorf("got %v", err)
	}
}
