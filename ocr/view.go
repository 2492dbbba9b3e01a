package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// viewTime is for one picture, which takes a tenth of a second where its page has to be decoded and a hundredth where it is kept.
const viewTime = 15 * time.Second

// ErrBusy means that so many pictures are waited for that one more would come too late.
var ErrBusy = errors.New("too many views of pages are waited for")

// Image is the stored image of a page as the workers see it.
type Image struct {
	ID   string // the same for the same bytes; views of one image prefer the worker that has it open
	Path string // in the scratch folder
}

// View has a part of a page drawn, which is tried once, and returns the picture. A view that nobody waits for any more is dropped before
// its turn, and finished after: the worker has the page decoded, which the next view needs. An error is ErrBusy, a *WorkerError where the
// worker was lost over it, a *dossier.Reason where the image can't be drawn, ctx's, or the machine's.
func (p *Pool) View(ctx context.Context, image Image, v View) ([]byte, error) {
	if !p.viewing.TryAcquire(1) {
		return nil, ErrBusy
	}
	defer p.viewing.Release(1)
	waiting, end, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	w, err := p.viewers.take(waiting, image.ID)
	if err != nil {
		return nil, err
	}
	defer p.viewers.give(w)
	working, end, err := p.begin(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	defer end()
	req := Request{Op: OpView, Path: image.Path, Name: image.ID, Profile: dossier.Profile{Limits: p.cfg.Limits}, View: &v}
	answer, blobs, err := w.ask(working, image.ID, req, nil, viewTime)
	if err == nil {
		err = answer.check(OpView, blobs, p.cfg.Limits)
	}
	if err != nil {
		return nil, fmt.Errorf("draw page %s: %w", image.ID, err)
	}
	return blobs[0], nil
}

// checkView doubts an answer to OpView.
func checkView(blobs [][]byte) error {
	if len(blobs) != 1 || !bytes.HasPrefix(blobs[0], []byte("\xff\xd8\xff")) && !bytes.HasPrefix(blobs[0], []byte("\x89PNG\r\n")) {
		return errors.New("no picture, or none that is a JPEG or PNG")
	}
	return nil
}
