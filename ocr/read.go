package ocr

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// tries is how often the same is asked of a worker before something less is.
const tries = 2

// Reading is what became of one page.
type Reading struct {
	// Page is always complete. Where it has no image, a placeholder stands in and Page.Reason says why; where it has
	// an image and workers were lost over its text, Page.Reason says that.
	Page    dossier.Page
	Image   []byte // the blob that Page.Image describes; nil for a placeholder
	Preview []byte // JPEG; nil unless the profile asks for it
	// Look is what a glance at a page found that nobody could glance at before it was drawn, and Thumb the thumbnail that goes with
	// it; nil for other pages, and where the profile asks for no preview.
	Look  *dossier.Look
	Thumb []byte
	// CPU is what the answers took; workers that were lost are not in it. OCR is the part spent in Tesseract.
	CPU, OCR time.Duration
	Attempts int // requests that it took, drawing not counted
}

// Read reads one page, as info describes it. Whatever is wrong with the page ends in a Reading: it is tried twice, the
// second time plainly and with half the time, then its image is taken without reading it, then a placeholder stands in.
// An error is ctx's or the machine's, and the same may be asked again.
func (p *Pool) Read(ctx context.Context, o Original, page int, info PageInfo, profile dossier.Profile) (*Reading, error) {
	ctx, end, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	profile.Limits = p.cfg.Limits
	l := &ladder{pool: p, original: o, page: page, info: info, profile: profile, reading: &Reading{}}
	if err := l.climb(ctx); err != nil {
		return nil, fmt.Errorf("read page %d of %s: %w", page, o.Name, err)
	}
	l.reading.Page.Number = page
	return l.reading, nil
}

// ladder is a page on its way down from a full reading to a placeholder.
type ladder struct {
	pool     *Pool
	original Original
	page     int
	info     PageInfo
	profile  dossier.Profile

	drawn   *Drawn
	raster  []byte
	first   *dossier.Reason // what went wrong first
	reading *Reading
}

func (l *ladder) climb(ctx context.Context) error {
	if l.info.Draw {
		if drawn, err := l.draw(ctx); err != nil || !drawn {
			return err
		}
	}
	plain := l.profile
	plain.Plain = true
	for _, rung := range []struct {
		op      Op
		profile dossier.Profile
		time    time.Duration
	}{
		{OpRead, l.profile, l.pool.cfg.PageTime},
		{OpRead, plain, l.pool.cfg.PageTime / 2},
		{OpImage, plain, l.pool.cfg.PageTime / 2},
	} {
		l.reading.Attempts++
		answer, blobs, err := l.ask(ctx, l.pool.readers, rung.op, rung.profile, rung.time)
		if err == nil {
			l.take(rung.op, answer, blobs)
			return nil
		}
		if again, err := l.blame(err, string(rung.op)); err != nil || !again {
			return err
		}
	}
	l.placeholder()
	return nil
}

// draw has the page drawn. drawn is false where that was not to be and a placeholder stands in.
func (l *ladder) draw(ctx context.Context) (drawn bool, err error) {
	for try := range tries {
		answer, blobs, err := l.ask(ctx, l.pool.drawers, OpDraw, l.profile, l.pool.cfg.PageTime>>try)
		if err == nil {
			l.drawn, l.raster = answer.Drawn, blobs[0]
			l.count(answer)
			return true, nil
		}
		if again, err := l.blame(err, string(OpDraw)); err != nil || !again {
			return false, err
		}
	}
	l.placeholder()
	return false, nil
}

func (l *ladder) ask(ctx context.Context, c *crew, op Op, profile dossier.Profile, deadline time.Duration) (*Answer, [][]byte, error) {
	req := Request{Op: op, Path: l.original.Path, Name: l.original.Name, Page: l.page, Profile: profile, Drawn: l.drawn}
	answer, blobs, err := c.ask(ctx, l.original.ID, l.info.Need, req, l.raster, deadline)
	if err != nil {
		return nil, nil, err
	}
	return answer, blobs, answer.check(op, blobs, l.pool.cfg.Limits)
}

// blame remembers what went wrong with the page. It returns err where the page is not at fault. Where no further try
// may help, a placeholder stands in.
func (l *ladder) blame(err error, op string) (again bool, machine error) {
	reason, again := blame(err, l.page)
	if reason == nil {
		return false, err
	}
	if l.first == nil {
		l.first = reason
	}
	if !again {
		l.first = reason
		l.placeholder()
		return false, nil
	}
	l.pool.log.Warn("page worker lost", "original", l.original.ID, "page", l.page, "op", op, "error", reason)
	return true, nil
}

// take makes the reading of an answer.
func (l *ladder) take(op Op, answer *Answer, blobs [][]byte) {
	l.count(answer)
	l.reading.Page, l.reading.Image = *answer.Page, blobs[0]
	if len(blobs) > 1 {
		l.reading.Preview = blobs[1]
	}
	if answer.Look != nil {
		l.reading.Look, l.reading.Thumb = answer.Look, blobs[2]
	}
	if op == OpImage {
		l.reading.Page.Layout = dossier.Layout{Source: dossier.TextNone}
		l.reading.Page.Reason = l.first
		l.warn(string(l.first.Code))
	}
}

// count believes of the time what can be true.
func (l *ladder) count(answer *Answer) {
	most := l.pool.cfg.PageTime.Seconds() * float64(runtime.NumCPU())
	cpu := min(max(0, answer.CPU), most)
	ocr := min(max(0, answer.OCR), cpu)
	l.reading.CPU += time.Duration(cpu * float64(time.Second))
	l.reading.OCR += time.Duration(ocr * float64(time.Second))
}

// placeholder makes the page an A4 sheet without an image.
func (l *ladder) placeholder() {
	const dpi, width, height = 72, 595, 842
	l.reading.Page = dossier.Page{
		Number: l.page, Width: width, Height: height, DPI: dpi, ToImage: dossier.Identity(), Paper: "a4",
		Layout: dossier.Layout{Source: dossier.TextNone}, Reason: l.first,
	}
	l.warn(dossier.WarnPlaceholder, placeholderWarning(l.first.Code))
}

// placeholderWarning is the warning for a page without an image: how the worker was lost, or that the page is bad.
func placeholderWarning(code dossier.Code) string {
	switch code {
	case dossier.CodeWorkerCrashed, dossier.CodeWorkerTimedOut, dossier.CodeWorkerOutOfMemory, dossier.CodeTruncated:
		return string(code)
	default:
		return dossier.WarnDamaged
	}
}

func (l *ladder) warn(codes ...string) {
	w := slices.Concat(l.reading.Page.Warnings, codes)
	slices.Sort(w)
	l.reading.Page.Warnings = slices.Compact(w)
}
