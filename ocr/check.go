package ocr

import (
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// failedError is an answer that asks for another try.
type failedError struct{ text string }

func (e *failedError) Error() string { return e.text }

// check is the pool's doubt about an answer: a worker that was taken over by what it read may say anything. It returns
// the rejection or failure that the answer reports, and a *WorkerError for an answer that is none to op.
func (a *Answer) check(op Op, blobs [][]byte, limits dossier.Limits) error {
	switch {
	case a.Rejected != nil:
		return a.Rejected
	case a.Failed != "":
		return &failedError{text: a.Failed}
	}
	var err error
	switch op {
	case OpOpen:
		err = a.Contents.check(limits)
	case OpLook:
		err = checkLook(a.Look, blobs, limits)
	case OpView:
		err = checkView(blobs)
	case OpDraw:
		err = a.Drawn.check(blobs, limits)
	default:
		err = a.checkRead(blobs, limits)
	}
	if err != nil {
		return &WorkerError{Cause: Crashed, Detail: fmt.Sprintf("answer to %s: %s", op, err)}
	}
	return nil
}

func (c *Contents) check(limits dossier.Limits) error {
	if c == nil || len(c.Pages) > limits.Pages {
		return fmt.Errorf("no contents, or more than %d pages", limits.Pages)
	}
	return nil
}

// checkRead doubts a page, and the look that may come with it.
func (a *Answer) checkRead(blobs [][]byte, limits dossier.Limits) error {
	const withLook = 3
	switch {
	case a.Look == nil:
		return checkPage(a.Page, blobs, limits)
	case len(blobs) != withLook:
		return fmt.Errorf("%d blobs with a look", len(blobs))
	}
	if err := checkLook(a.Look, blobs[2:], limits); err != nil {
		return err
	}
	return checkPage(a.Page, blobs[:2], limits)
}

func (d *Drawn) check(blobs [][]byte, limits dossier.Limits) error {
	if d == nil || len(blobs) != 1 || !sized(d.Width, d.Height, limits) {
		return fmt.Errorf("no raster, or a wrong one")
	}
	size, err := d.size()
	if err != nil {
		return err
	}
	if size != int64(len(blobs[0])) {
		return fmt.Errorf("a raster of %d bytes, want %d", len(blobs[0]), size)
	}
	return nil
}

func checkPage(p *dossier.Page, blobs [][]byte, limits dossier.Limits) error {
	const leastDPI, mostDPI = 1, 10_000
	if p == nil || len(blobs) < 1 || len(blobs) > 2 {
		return fmt.Errorf("no page, or %d blobs", len(blobs))
	}
	i := &p.Image
	for _, dpi := range []float64{p.DPI, i.DPIX, i.DPIY} {
		if !(dpi >= leastDPI && dpi <= mostDPI) { // not a number is neither
			return fmt.Errorf("%g dots an inch", dpi)
		}
	}
	if p.Width <= 0 || p.Height <= 0 || !sized(i.Width, i.Height, limits) || len(i.Parts) == 0 {
		return fmt.Errorf("an image of %d by %d pixels in %d parts", i.Width, i.Height, len(i.Parts))
	}
	for n, part := range i.Parts {
		if part.Offset < 0 || part.Bytes <= 0 || part.Offset > int64(len(blobs[0]))-part.Bytes {
			return fmt.Errorf("part %d lies beyond the image", n)
		}
	}
	return nil
}

func sized(width, height int, limits dossier.Limits) bool {
	return width > 0 && height > 0 && int64(width) <= limits.Pixels/int64(height)
}
