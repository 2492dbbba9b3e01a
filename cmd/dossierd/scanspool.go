package main

import (
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline"
)

// spool keeps the layouts of one output on disk, for the sidecars and attachments that are written when the last page
// is read: memory stays that of a few pages.
type spool struct {
	dir   string
	count int
}

func newSpool(scratch string) (*spool, error) {
	dir, err := os.MkdirTemp(scratch, "layouts-")
	return &spool{dir: dir}, err
}

func (s *spool) close() { os.RemoveAll(s.dir) }

func (s *spool) add(page *dossier.Page) error {
	data, err := pipeline.EncodePage(page)
	if err != nil {
		return err
	}
	s.count++
	return os.WriteFile(s.file(s.count), data, 0o600)
}

func (s *spool) file(n int) string { return filepath.Join(s.dir, strconv.Itoa(n)) }

// all yields the pages in order.
func (s *spool) all() iter.Seq2[*dossier.Page, error] {
	return func(yield func(*dossier.Page, error) bool) {
		for n := 1; n <= s.count; n++ {
			page, err := s.page(n)
			if !yield(page, err) || err != nil {
				return
			}
		}
	}
}

func (s *spool) page(n int) (*dossier.Page, error) {
	f, err := os.Open(s.file(n))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return pipeline.DecodePage(f)
}

// sidecars writes what was asked for beside the PDF.
func (s *scanner) sidecars(o *scanOutput, pages *spool) error {
	for _, sidecar := range []struct {
		wanted bool
		ext    string
		write  func(io.Writer, iter.Seq2[*dossier.Page, error]) error
	}{
		{s.flags.text, ".txt", writeText},
		{s.flags.alto, ".alto.xml", ocr.WriteALTO},
		{s.flags.hocr, ".hocr", ocr.WriteHOCR},
	} {
		if !sidecar.wanted {
			continue
		}
		f, err := os.CreateTemp(s.scratch, "sidecar-")
		if err != nil {
			return err
		}
		if err := sidecar.write(f, pages.all()); err != nil {
			f.Close()
			return fmt.Errorf("write %s: %w", o.sidecar(sidecar.ext), err)
		}
		if err := f.Close(); err != nil {
			return err
		}
		if err := moveFile(f.Name(), o.sidecar(sidecar.ext)); err != nil {
			return err
		}
	}
	return nil
}

// moveFile puts a finished file in place so that it appears whole or not at all, also across file systems.
func moveFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(to), ".dossierd-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Chmod(0o644); err != nil {
		out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return os.Rename(out.Name(), to)
}

// writeText writes the text of all pages, a form feed between two.
func writeText(w io.Writer, pages iter.Seq2[*dossier.Page, error]) error {
	first := true
	for page, err := range pages {
		if err != nil {
			return err
		}
		if !first {
			if _, err := io.WriteString(w, "\f"); err != nil {
				return err
			}
		}
		first = false
		if err := ocr.WriteText(w, &page.Layout); err != nil {
			return err
		}
	}
	return nil
}
