package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/clean"
	"github.com/dossierd/dossierd/pipeline/look"
	"github.com/dossierd/dossierd/pipeline/source"
)

// reader answers the requests of the reading mode.
type reader struct {
	originals
	engine *meter
	clean  *clean.Reader
}

// Handle implements ocr.Handler.
func (r *reader) Handle(req ocr.Request, drawn []byte) (ocr.Answer, [][]byte) {
	r.engine.spent = 0
	answer, blobs, err := r.answer(req, drawn)
	if err != nil {
		answer, blobs = refusal(err, req.Page), nil
	}
	answer.OCR = r.engine.spent.Seconds()
	return answer, blobs
}

// refusal is the answer to a request that came to an error.
func refusal(err error, page int) ocr.Answer {
	var reason *dossier.Reason
	if !errors.As(err, &reason) {
		return ocr.Answer{Failed: err.Error()}
	}
	rejected := *reason
	if rejected.Page == 0 {
		rejected.Page = page
	}
	return ocr.Answer{Rejected: &rejected}
}

func (r *reader) answer(req ocr.Request, drawn []byte) (ocr.Answer, [][]byte, error) {
	if req.Op == ocr.OpOpen {
		if err := r.open(req); err != nil {
			return ocr.Answer{}, nil, err
		}
		return ocr.Answer{Contents: contents(r.original.Contents(), req.Profile)}, nil, nil
	}
	page, err := r.page(req, drawn)
	if err != nil {
		return ocr.Answer{}, nil, err
	}
	defer page.Close()
	switch req.Op {
	case ocr.OpRead:
		return r.read(page, req)
	case ocr.OpImage:
		return imageOnly(page, req)
	}
	return ocr.Answer{}, nil, fmt.Errorf("asked to %s, which a reading worker does not do", req.Op)
}

func (r *reader) page(req ocr.Request, drawn []byte) (source.Page, error) {
	if d := req.Drawn; d != nil {
		return source.FromRaster(d.Width, d.Height, d.Channels, d.DPI, drawn), nil
	}
	if err := r.open(req); err != nil {
		return nil, err
	}
	return r.original.Page(req.Page)
}

// read finds out everything about a page.
func (r *reader) read(page source.Page, req ocr.Request) (ocr.Answer, [][]byte, error) {
	var result clean.Result
	var err error
	if req.Drawn != nil && req.Drawn.Layout != nil {
		result, err = r.clean.Keep(page, *req.Drawn.Layout, req.Profile)
	} else {
		result, err = r.clean.Read(page, req.Profile)
	}
	if err != nil {
		return ocr.Answer{}, nil, err
	}
	image, blob, warnings, err := page.Image(req.Profile.Level)
	if err != nil {
		return ocr.Answer{}, nil, err
	}
	keep(&result.Page, image, warnings)
	answer, blobs := ocr.Answer{Page: &result.Page}, [][]byte{blob}
	if result.Preview == nil {
		return answer, blobs, nil
	}
	blobs = append(blobs, result.Preview)
	if d := req.Drawn; d != nil && d.Layout == nil { // a scan that no glance could see before
		found, thumb, err := look.Page(page, d.Width, d.Height)
		if err != nil {
			return answer, nil, err
		}
		found.Page, found.Pages = req.Page, req.Page
		answer.Look, blobs = &found, append(blobs, thumb)
	}
	return answer, blobs, nil
}

// imageOnly describes a page by its header.
func imageOnly(page source.Page, req ocr.Request) (ocr.Answer, [][]byte, error) {
	image, blob, warnings, err := page.Image(req.Profile.Level)
	if err != nil {
		return ocr.Answer{}, nil, err
	}
	described := clean.Unread(image.Width, image.Height, page)
	keep(&described, image, warnings)
	return ocr.Answer{Page: &described}, [][]byte{blob}, nil
}

// keep adds to what is known of a page the image that is kept of it.
func keep(page *dossier.Page, image dossier.PageImage, warnings []string) {
	image.DPIX, image.DPIY = page.Image.DPIX, page.Image.DPIY
	page.Image = image
	page.Warnings = slices.Concat(page.Warnings, warnings)
	slices.Sort(page.Warnings)
	page.Warnings = slices.Compact(page.Warnings)
}

// meter adds up the CPU time that the engine takes.
type meter struct {
	ocr.Engine
	spent time.Duration
}

// Recognize implements ocr.Engine.
func (m *meter) Recognize(pnm []byte, dpi int, language string, mode ocr.Mode) (dossier.Layout, error) {
	before := cpuTime()
	defer func() { m.spent += cpuTime() - before }()
	return m.Engine.Recognize(pnm, dpi, language, mode)
}

func cpuTime() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
