package ocr

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// lookTime is for one look, which takes a tenth of a second: a page that takes longer is the reading's to tell of.
const lookTime = 5 * time.Second

// Looked is what a glance at a page found.
type Looked struct {
	Look  dossier.Look
	Thumb []byte // JPEG, at most 200 px wide; nil where the page was skipped
	CPU   time.Duration
}

// Look has one page of an original glanced at, which is tried once. It waits for no reading. An error is a *WorkerError
// where the worker was lost over the page, a *dossier.Reason where the page is bad, ctx's, or the machine's.
func (p *Pool) Look(ctx context.Context, o Original, page int) (*Looked, error) {
	ctx, end, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if _, err := os.Stat(o.Path); err != nil {
		return nil, fmt.Errorf("look at %s: %w", o.Name, err)
	}
	req := Request{Op: OpLook, Path: o.Path, Name: o.Name, Page: page, Profile: dossier.Profile{Limits: p.cfg.Limits}}
	answer, blobs, err := p.lookers.ask(ctx, o.ID, 0, req, nil, min(lookTime, p.cfg.PageTime))
	if err == nil {
		err = answer.check(OpLook, blobs, p.cfg.Limits)
	}
	if err == nil && answer.Look.Page != page {
		err = &WorkerError{Page: page, Cause: Crashed, Detail: "answer to look: of another page"}
	}
	if err != nil {
		return nil, fmt.Errorf("look at page %d of %s: %w", page, o.Name, err)
	}
	looked := &Looked{Look: *answer.Look, CPU: time.Duration(min(max(0, answer.CPU), lookTime.Seconds()) * float64(time.Second))}
	if len(blobs) > 0 {
		looked.Thumb = blobs[0]
	}
	return looked, nil
}

// checkLook doubts an answer to OpLook.
func checkLook(l *dossier.Look, blobs [][]byte, limits dossier.Limits) error {
	if l == nil || l.Page < 1 || l.Pages < l.Page || l.Pages > limits.Pages {
		return fmt.Errorf("no look, or a page that is none")
	}
	if (l.Skipped == "") != (len(blobs) == 1) || len(blobs) == 1 && !bytes.HasPrefix(blobs[0], []byte("\xff\xd8\xff")) {
		return fmt.Errorf("no thumbnail, or none that is a JPEG")
	}
	for _, code := range l.Verdicts {
		if !slices.Contains(dossier.VerdictCodes(), code) {
			return fmt.Errorf("a verdict that is none")
		}
	}
	return nil
}
