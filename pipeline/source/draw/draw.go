// Package draw makes rasters of PDF pages that are not one image, and takes over the text they carry.
//
// It owns PDFium, which runs as WebAssembly inside wazero: what a hostile file makes of it stays in that sandbox, which
// has neither files nor network. Which pages must be drawn is for pipeline/source to say, and what is read on a drawing
// for whoever asked for it. It is linked into the drawing mode of the page worker only.
//
// The tests draw the shared corpus and compare with poppler's rasters and text.
package draw

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"

	"github.com/dossierd/dossierd/dossier"
)

// sandboxBytes bounds the memory of PDFium, its bitmap included.
const sandboxBytes = 384 << 20

// Drawer draws pages of one document after the other, and keeps the last one open. It is used by one goroutine.
type Drawer struct {
	cache wazero.CompilationCache
	pool  pdfium.Pool
	pdf   pdfium.Pdfium // nil until it is needed, and after it broke down
	open  *document
	used  int // handles that PDFium's bindings keep until it is started anew
}

// document is the open one.
type document struct {
	path  string
	file  *os.File
	ref   references.FPDF_DOCUMENT
	form  references.FPDF_FORMHANDLE // "" where it could not be had
	pages int
}

// New starts PDFium. Compiled code is kept in cacheDir: without it the start takes some seconds of CPU, with it 0.2 s.
func New(ctx context.Context, cacheDir string) (*Drawer, error) {
	cache, err := wazero.NewCompilationCacheWithDir(cacheDir)
	if err != nil {
		return nil, fmt.Errorf("open compilation cache: %w", err)
	}
	const wasmPage = 64 << 10
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling).
		WithCompilationCache(cache).
		WithMemoryLimitPages(sandboxBytes / wasmPage)
	pool, err := webassembly.Init(webassembly.Config{
		Context:  experimental.WithMemoryAllocator(ctx, experimental.MemoryAllocatorFunc(reserve)),
		MaxTotal: 1, RuntimeConfig: config, FSConfig: wazero.NewFSConfig(), Stdout: io.Discard, Stderr: io.Discard,
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start PDFium: %w", err), cache.Close(ctx))
	}
	return &Drawer{cache: cache, pool: pool}, nil
}

// Close ends PDFium.
func (d *Drawer) Close() error {
	err := d.reset()
	return errors.Join(err, d.pool.Close(), d.cache.Close(context.Background()))
}

// reset throws PDFium's instance away, and with it all it holds. The next call starts another in milliseconds.
func (d *Drawer) reset() error {
	var err error
	if d.open != nil {
		err = d.open.file.Close()
		d.open = nil
	}
	if d.pdf != nil {
		err = errors.Join(err, d.pdf.Close())
		d.pdf = nil
	}
	d.used = 0
	return err
}

// Open opens the document at path and counts its pages. What the file is to blame for is a *dossier.Reason.
func (d *Drawer) Open(path string, limits dossier.Limits) (pages int, err error) {
	doc, err := d.document(path)
	switch {
	case err != nil:
		return 0, err
	case doc.pages == 0:
		return 0, dossier.Reject(dossier.CodeNoPages, "the PDF has no pages")
	case doc.pages > limits.Pages:
		return 0, dossier.Reject(dossier.CodeTooManyPages, "%d pages, the limit is %d", doc.pages, limits.Pages)
	}
	return doc.pages, nil
}

// document returns the document at path, opened if it is not the last one.
func (d *Drawer) document(path string) (*document, error) {
	const enough = 50_000
	if d.open != nil && d.open.path == path && d.used < enough {
		return d.open, nil
	}
	if err := d.reset(); err != nil {
		return nil, fmt.Errorf("close the last document: %w", err)
	}
	const patience = time.Minute
	pdf, err := d.pool.GetInstance(patience)
	if err != nil {
		return nil, fmt.Errorf("start PDFium: %w", err)
	}
	d.pdf = pdf
	doc, err := load(pdf, path)
	if err != nil {
		return nil, errors.Join(err, d.reset())
	}
	d.open = doc
	return doc, nil
}

func load(pdf pdfium.Pdfium, path string) (*document, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open original: %w", err)
	}
	doc := &document{path: path, file: f}
	if err := doc.read(pdf); err != nil {
		_ = f.Close() // read only
		return nil, err
	}
	return doc, nil
}

func (doc *document) read(pdf pdfium.Pdfium) error {
	info, err := doc.file.Stat()
	if err != nil {
		return fmt.Errorf("open original: %w", err)
	}
	opened, err := pdf.OpenDocument(&requests.OpenDocument{FileReader: doc.file, FileReaderSize: info.Size()})
	if err != nil {
		return doc.fault(err, info.Size())
	}
	doc.ref = opened.Document
	count, err := pdf.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc.ref})
	if err != nil {
		return fmt.Errorf("count pages: %w", err)
	}
	doc.pages = count.PageCount
	doc.form = formEnvironment(pdf, doc.ref)
	return nil
}

// fault says what PDFium has against a file. A trap of its code is no judgement.
func (doc *document) fault(err error, size int64) error {
	switch {
	case errors.Is(err, pdfiumerrors.ErrPassword), errors.Is(err, pdfiumerrors.ErrSecurity):
		return dossier.Reject(dossier.CodeEncrypted, "%v", err)
	case errors.Is(err, pdfiumerrors.ErrFormat), errors.Is(err, pdfiumerrors.ErrFile), errors.Is(err, pdfiumerrors.ErrUnknown):
		if !doc.whole(size) {
			return dossier.Reject(dossier.CodeTruncated, "PDFium: %v", err)
		}
		return dossier.Reject(dossier.CodeDamaged, "PDFium: %v", err)
	}
	return fmt.Errorf("open document: %w", err)
}

// whole reports whether the file ends as a PDF does.
func (doc *document) whole(size int64) bool {
	const tail = 2048
	at := max(0, size-tail)
	end, err := io.ReadAll(io.NewSectionReader(doc.file, at, size-at))
	return err == nil && hasEnd(end)
}
