package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline/lept"
	"github.com/dossierd/dossierd/pipeline/look"
	"github.com/dossierd/dossierd/pipeline/source"
)

// looker answers the requests of the looking mode.
type looker struct{ originals }

// Handle implements ocr.Handler.
func (l *looker) Handle(req ocr.Request, _ []byte) (ocr.Answer, [][]byte) {
	found, thumb, err := l.look(req)
	if err != nil {
		return refusal(err, req.Page), nil
	}
	if found.Skipped != "" {
		return ocr.Answer{Look: &found}, nil
	}
	return ocr.Answer{Look: &found}, [][]byte{thumb}
}

func (l *looker) look(req ocr.Request) (found dossier.Look, thumb []byte, err error) {
	if req.Op != ocr.OpLook {
		return found, nil, fmt.Errorf("asked to %s, which a looking worker does not do", req.Op)
	}
	file, err := os.Stat(req.Path)
	if err != nil {
		return found, nil, err
	}
	format, err := source.Format(req.Path)
	if err != nil {
		return found, nil, err
	}
	const tooMuch = "decoding it takes more memory than a look may"
	if !look.Affordable(format, file.Size(), 0, 0) { // to open it would be too much already: it is mapped, and its chunks are counted
		return dossier.Look{Page: req.Page, Pages: 1, Skipped: tooMuch}, nil, nil
	}
	if err := l.open(req); err != nil {
		return found, nil, err
	}
	pages := l.original.Contents().Pages
	if req.Page < 1 || req.Page > len(pages) {
		// A PDF in which a drawing worker may find more.
		return dossier.Look{Page: req.Page, Pages: max(req.Page, len(pages)), Skipped: "no such page was found"}, nil, nil
	}
	info := pages[req.Page-1]
	skipped := func(why string) (dossier.Look, []byte, error) {
		return dossier.Look{Page: req.Page, Pages: len(pages), Skipped: why}, nil, nil
	}
	switch {
	case info.Draw:
		return skipped("the page has to be drawn")
	case !look.Affordable(format, file.Size(), info.Width, info.Height):
		return skipped(tooMuch)
	}
	page, err := l.original.Page(req.Page)
	if err != nil {
		return found, nil, err
	}
	defer page.Close()
	found, thumb, err = look.Page(page, info.Width, info.Height)
	if errors.Is(err, lept.ErrBudget) {
		return skipped(tooMuch)
	}
	found.Page, found.Pages = req.Page, len(pages)
	return found, thumb, err
}

// originals keeps the last original open, so that page 1,000 costs what page 1 did.
type originals struct {
	original source.Original
	path     string
	limits   dossier.Limits
}

// open opens the original that is asked about, unless it is open.
func (o *originals) open(req ocr.Request) error {
	if o.original != nil && o.path == req.Path && o.limits == req.Profile.Limits {
		return nil
	}
	if o.original != nil {
		last := o.original
		o.original = nil
		if err := last.Close(); err != nil {
			return fmt.Errorf("close the last original: %w", err)
		}
	}
	original, err := source.Open(req.Path, req.Profile.Limits)
	if err != nil {
		return err
	}
	o.original, o.path, o.limits = original, req.Path, req.Profile.Limits
	return nil
}
