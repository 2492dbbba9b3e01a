package pipeline

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"os"

	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// Rendition is a PDF/A in a scratch file, written, read back and found good.
type Rendition struct {
	Path   string
	SHA256 string
	Bytes  int64
	Pages  int
}

// Remove deletes the scratch file.
func (r *Rendition) Remove() { _ = os.Remove(r.Path) }

// WriteRendition writes the pages as PDF/A to a new file in dir and checks it by reading it back: the writer's own
// check always, pdfcpu's strict validation in the child process of v for files under strictLimit. A file that fails
// is an error and is gone; there is no plainer kind of PDF to fall back to.
func WriteRendition(
	ctx context.Context, dir string, info pdfa.Info, pages iter.Seq2[pdfa.Page, error], attachments []pdfa.Attachment, v *Validator,
) (*Rendition, error) {
	f, err := os.CreateTemp(dir, "rendition-*.pdf")
	if err != nil {
		return nil, fmt.Errorf("create rendition: %w", err)
	}
	r := &Rendition{Path: f.Name()}
	if err := r.write(ctx, f, info, pages, attachments, v); err != nil {
		f.Close()
		r.Remove()
		return nil, err
	}
	if err := f.Close(); err != nil {
		r.Remove()
		return nil, fmt.Errorf("close rendition: %w", err)
	}
	return r, nil
}

func (r *Rendition) write(
	ctx context.Context, f *os.File, info pdfa.Info, pages iter.Seq2[pdfa.Page, error], attachments []pdfa.Attachment, v *Validator,
) error {
	hash := sha256.New()
	out := bufio.NewWriterSize(io.MultiWriter(f, hash), 1<<16)
	if err := pdfa.Write(ctx, out, info, pages, attachments); err != nil {
		return fmt.Errorf("write rendition: %w", err)
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write rendition: %w", err)
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return fmt.Errorf("write rendition: %w", err)
	}
	r.SHA256, r.Bytes = hex.EncodeToString(hash.Sum(nil)), size
	summary, err := pdfa.Check(f, size)
	if err != nil {
		return fmt.Errorf("check rendition: %w", err)
	}
	r.Pages = summary.Pages
	return v.Validate(ctx, r.Path, size)
}
