package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/pipeline/pdfa"
)

// scanner makes the outputs of one `dossierd scan`.
type scanner struct {
	app       *app
	flags     scanFlags
	profile   dossier.Profile
	scratch   string // private, removed at the end
	pool      *ocr.Pool
	validator *pipeline.Validator
	tools     map[string]string
	report    *scanReport
}

func newScanner(ctx context.Context, a *app, f scanFlags) (*scanner, error) {
	tools, err := a.workerTools(ctx)
	if err != nil {
		return nil, &exitError{code: exitMachine, err: err}
	}
	scratch, err := os.MkdirTemp("", "dossierd-scan-")
	if err != nil {
		return nil, err
	}
	s := &scanner{
		app: a, flags: f, scratch: scratch, tools: tools, validator: pipeline.NewValidator(validateCommandLine()...),
		profile: dossier.Profile{Languages: f.languages, Level: dossier.Level(f.level), Limits: dossier.DefaultLimits()},
		report:  newScanReport(a, f),
	}
	s.pool, err = ocr.NewPool(poolConfig(f.jobs, scratch), slog.New(slog.DiscardHandler))
	if err != nil {
		os.RemoveAll(scratch)
		return nil, err
	}
	return s, nil
}

func (s *scanner) close() {
	s.pool.Close()
	s.validator.Close()
	os.RemoveAll(s.scratch)
}

// run makes the outputs, a few at once so that no worker waits, and reports them in their order.
func (s *scanner) run(ctx context.Context, outputs []*scanOutput) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.flags.jobs + 1)
	for i, o := range outputs {
		g.Go(func() error {
			lines, err := s.make(ctx, o)
			if err != nil {
				return err
			}
			s.report.done(i, lines)
			return nil
		})
	}
	err := g.Wait()
	rejected, lost := s.report.close()
	if err == nil {
		err = lost
	}
	switch {
	case err != nil:
		return &exitError{code: exitUsage, err: err}
	case rejected > 0:
		return &exitError{code: exitRejected}
	}
	return nil
}

// openInput is an input that a worker could open.
type openInput struct {
	scanInput
	original ocr.Original
	contents *ocr.Contents
	sha256   string
	bytes    int64
	modified time.Time
	started  time.Time
}

// make writes one output and says what became of each of its inputs.
func (s *scanner) make(ctx context.Context, o *scanOutput) ([]scanLine, error) {
	var lines []scanLine
	var opened []*openInput
	defer func() {
		for _, in := range opened {
			os.Remove(in.original.Path)
		}
	}()
	for _, in := range o.inputs {
		open, err := s.open(ctx, in)
		if reason := (*dossier.Reason)(nil); errors.As(err, &reason) {
			lines = append(lines, s.rejected(in, reason))
			continue
		} else if err != nil {
			return nil, fmt.Errorf("scan %s: %w", in.path, err)
		}
		opened = append(opened, open)
	}
	if len(opened) == 0 {
		return lines, nil
	}
	m, reason, err := s.write(ctx, o, opened)
	if err != nil {
		return nil, fmt.Errorf("scan %s: %w", o.inputs[0].path, err)
	}
	for i, in := range opened {
		if reason != nil {
			lines = append(lines, s.rejected(in.scanInput, reason))
		} else {
			lines = append(lines, doneLine(m, i, in, o.pdf))
		}
	}
	return lines, nil
}

func (s *scanner) rejected(in scanInput, r *dossier.Reason) scanLine {
	return scanLine{
		File: in.path, Status: "rejected", Code: r.Code, Message: dossier.Message(s.app.words.language, r, filepath.Base(in.path)),
		Detail: r.Detail,
	}
}

// open hashes a file, copies it to where the workers may read it, and has it opened.
func (s *scanner) open(ctx context.Context, in scanInput) (*openInput, error) {
	f, err := os.Open(in.path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > s.profile.Limits.Bytes {
		return nil, dossier.Reject(dossier.CodeTooLarge, "%d bytes, %d allowed", info.Size(), s.profile.Limits.Bytes)
	}
	local, err := os.CreateTemp(s.scratch, "original-")
	if err != nil {
		return nil, err
	}
	defer local.Close()
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(local, hash), f)
	if err != nil {
		return nil, err
	}
	open := &openInput{
		scanInput: in, sha256: hex.EncodeToString(hash.Sum(nil)), bytes: n, modified: scanTime(info.ModTime()), started: time.Now(),
	}
	open.original = ocr.Original{ID: local.Name(), Path: local.Name(), Name: filepath.Base(in.path)}
	if open.contents, err = s.pool.Open(ctx, open.original, s.profile); err != nil {
		os.Remove(local.Name())
		return nil, err
	}
	s.report.expect(len(open.contents.Pages))
	return open, nil
}

// scanTime is the time that goes into the PDF: the file's, or SOURCE_DATE_EPOCH for builds that must repeat exactly
// (https://reproducible-builds.org/specs/source-date-epoch/).
func scanTime(modified time.Time) time.Time {
	if seconds, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		return time.Unix(seconds, 0).UTC()
	}
	return modified.UTC().Truncate(time.Second)
}

// write reads the pages of all opened inputs into one PDF and its sidecars. A reason is returned where no page has an
// image; then nothing is left behind.
func (s *scanner) write(ctx context.Context, o *scanOutput, opened []*openInput) (*pipeline.Metadata, *dossier.Reason, error) {
	if err := os.MkdirAll(filepath.Dir(o.pdf), 0o777); err != nil {
		return nil, nil, err
	}
	m := pipeline.NewMetadata(s.tools)
	m.Dossier.CreatedAt = opened[0].modified
	for _, in := range opened {
		m.AddDeposit(pipeline.MetadataDeposit{
			Name: in.original.Name, ModifiedAt: in.modified, SHA256: in.sha256, Bytes: in.bytes,
			Signature: in.contents.Signed, Warnings: in.contents.Warnings,
		})
	}
	spool, err := newSpool(s.scratch)
	if err != nil {
		return nil, nil, err
	}
	defer spool.close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	info := m.Info(s.profile.Level, titleOf(o.pdf))
	r, err := pipeline.WriteRendition(ctx, s.scratch, info, s.pages(ctx, opened, m, spool), s.attachments(m, opened, spool), s.validator)
	if err != nil {
		return nil, nil, err
	}
	defer r.Remove()
	if reason := m.Unreadable(); reason != nil {
		return nil, reason, nil
	}
	if err := s.sidecars(o, spool); err != nil {
		return nil, nil, err
	}
	return m, nil, moveFile(r.Path, o.pdf)
}

func titleOf(pdf string) string {
	base := filepath.Base(pdf)
	return base[:len(base)-len(".pdf")]
}

func (s *scanner) attachments(m *pipeline.Metadata, opened []*openInput, pages *spool) []pdfa.Attachment {
	if s.profile.Level != dossier.Level3u {
		return nil
	}
	var signed []pipeline.SignedOriginal
	for _, in := range opened {
		if in.contents.Signed != nil {
			signed = append(signed, pipeline.SignedOriginal{
				Name: in.original.Name, ModifiedAt: in.modified, Bytes: in.bytes,
				Open: func() (io.ReadCloser, error) { return os.Open(in.original.Path) },
			})
		}
	}
	return pipeline.Attachments(m, pages.all(), signed)
}

// pages reads ahead of the writer: at most twice as many pages as there are workers are held, read or in reading.
func (s *scanner) pages(ctx context.Context, opened []*openInput, m *pipeline.Metadata, pages *spool) iter.Seq2[pdfa.Page, error] {
	type answer struct {
		reading *ocr.Reading
		err     error
	}
	type asked struct {
		input  int
		answer chan answer
	}
	return func(yield func(pdfa.Page, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		queue := make(chan asked, 2*s.flags.jobs-1)
		go func() {
			defer close(queue)
			for i, in := range opened {
				for n, info := range in.contents.Pages {
					next := asked{input: i, answer: make(chan answer, 1)}
					select {
					case queue <- next:
					case <-ctx.Done():
						return
					}
					go func() {
						reading, err := s.pool.Read(ctx, in.original, n+1, info, s.profile)
						next.answer <- answer{reading, err}
					}()
				}
			}
		}()
		for next := range queue {
			got := <-next.answer
			if got.err != nil {
				yield(pdfa.Page{}, got.err)
				return
			}
			s.report.page()
			page, err := s.pageOf(got.reading, next.input, m, pages)
			if !yield(page, err) || err != nil {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(pdfa.Page{}, err)
		}
	}
}

func (s *scanner) pageOf(r *ocr.Reading, input int, m *pipeline.Metadata, pages *spool) (pdfa.Page, error) {
	page := pdfa.Page{Page: &r.Page, Label: strconv.Itoa(m.AddPage(input, &r.Page, "", ""))}
	if r.Page.Image.Format != "" {
		page.Image = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(r.Image)), nil }
	}
	if s.flags.text || s.flags.alto || s.flags.hocr || s.profile.Level == dossier.Level3u {
		return page, pages.add(&r.Page)
	}
	return page, nil
}
