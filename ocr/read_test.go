package ocr

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

func (s *setup) read(t *testing.T, info PageInfo) *Reading {
	t.Helper()
	r, err := s.Read(t.Context(), s.original, 3, info, dossier.Profile{Languages: []string{"vie"}})
	if err != nil {
		t.Fatal(err)
	}
	if r.Page.Number != 3 {
		t.Errorf("page %d, want 3", r.Page.Number)
	}
	return r
}

func TestAPageThatIsReadComesWithItsImage(t *testing.T) {
	s := newSetup(t, "read:ok", nil)
	r := s.read(t, PageInfo{Need: 1})
	if got := string(r.Image); got != "read of a.tif page 3 plain false drawn 0" {
		t.Errorf("image %q", got)
	}
	if string(r.Preview) != "preview" || r.OCR > r.CPU || r.Attempts != 1 || r.Page.Reason != nil {
		t.Errorf("got %+v", r)
	}
}

// Each way to lose a worker, with the code it goes by.
var losses = map[string]struct {
	code   dossier.Code
	change func(*PoolConfig)
}{
	"crash":   {dossier.CodeWorkerCrashed, nil},
	"garbage": {dossier.CodeWorkerCrashed, nil},
	"panic":   {dossier.CodeWorkerCrashed, nil},
	"fail":    {dossier.CodeWorkerCrashed, nil},
	"liar":    {dossier.CodeWorkerCrashed, nil},
	"flood":   {dossier.CodeWorkerCrashed, nil},
	"killed":  {dossier.CodeWorkerOutOfMemory, nil},
	"hang":    {dossier.CodeWorkerTimedOut, func(c *PoolConfig) { c.PageTime = 400 * time.Millisecond }},
	"oom":     {dossier.CodeWorkerOutOfMemory, func(c *PoolConfig) { c.PageMemory = 192 << 20 }},
}

func TestAPageIsReadPlainlyAfterAWorkerWasLost(t *testing.T) {
	for act, loss := range losses {
		t.Run(act, func(t *testing.T) {
			s := newSetup(t, "read:"+act+" read:ok", loss.change)
			r := s.read(t, PageInfo{})
			if got := string(r.Image); got != "read of a.tif page 3 plain true drawn 0" {
				t.Errorf("image %q", got)
			}
			if r.Attempts != 2 || r.Page.Layout.Source != dossier.TextOCR || len(r.Page.Warnings) > 0 || r.Page.Reason != nil {
				t.Errorf("got %+v", r)
			}
			if p := s.asked(t, OpRead); len(p) != 2 || (p[0] == p[1] && act != "liar") {
				t.Errorf("asked processes %v, want two different ones", p)
			}
		})
	}
}

func TestALookWithoutItsThumbnailIsNoAnswer(t *testing.T) {
	s := newSetup(t, "read:seer read:ok", nil)
	if r := s.read(t, PageInfo{}); r.Attempts != 2 || r.Look != nil || r.Page.Reason != nil {
		t.Errorf("got %+v", r)
	}
}

func TestAnImageIsPublishedWithoutTextWhenReadingFailsTwice(t *testing.T) {
	for act, loss := range losses {
		t.Run(act, func(t *testing.T) {
			s := newSetup(t, "read:"+act+" image:ok", loss.change)
			r := s.read(t, PageInfo{})
			if got := string(r.Image); got != "image of a.tif page 3 plain true drawn 0" {
				t.Errorf("image %q", got)
			}
			if r.Attempts != 3 || r.Page.Layout.Source != dossier.TextNone || !slices.Equal(r.Page.Warnings, []string{string(loss.code)}) {
				t.Errorf("got %+v", r)
			}
			if r.Page.Reason == nil || r.Page.Reason.Code != loss.code || r.Page.Reason.Page != 3 {
				t.Errorf("reason %+v", r.Page.Reason)
			}
		})
	}
}

func TestAPlaceholderStandsInWhenNotEvenTheImageCanBeHad(t *testing.T) {
	s := newSetup(t, "read:crash image:crash", nil)
	r := s.read(t, PageInfo{})
	if r.Image != nil || r.Page.Image.Format != "" || r.Page.Paper != "a4" || r.Attempts != 3 {
		t.Errorf("got %+v", r)
	}
	if !slices.Equal(r.Page.Warnings, []string{dossier.WarnPlaceholder, dossier.WarnWorkerCrashed}) {
		t.Errorf("warnings %v", r.Page.Warnings)
	}
	if r.Page.Reason == nil || !strings.Contains(r.Page.Reason.Detail, "double: about to crash") {
		t.Errorf("the reason does not have the worker's last words: %v", r.Page.Reason)
	}
}

func TestABadPageIsNotTriedAgain(t *testing.T) {
	s := newSetup(t, "read:reject", nil)
	r := s.read(t, PageInfo{})
	if r.Attempts != 1 || !slices.Equal(r.Page.Warnings, []string{dossier.WarnDamaged, dossier.WarnPlaceholder}) {
		t.Errorf("got %+v", r)
	}
	if r.Page.Reason == nil || r.Page.Reason.Code != dossier.CodeDamaged {
		t.Errorf("reason %+v", r.Page.Reason)
	}
}

func TestAPageThatMustBeDrawnIsReadFromItsRaster(t *testing.T) {
	s := newSetup(t, "draw:crash draw:ok", nil)
	r := s.read(t, PageInfo{Draw: true})
	if got := string(r.Image); got != "read of a.tif page 3 plain false drawn 36" {
		t.Errorf("image %q", got)
	}
	if d, p := s.asked(t, OpDraw), s.asked(t, OpRead); len(d) != 2 || slices.Contains(d, p[0]) {
		t.Errorf("drawn by %v, read by %v", d, p)
	}
}

func TestAPageThatCannotBeDrawnBecomesAPlaceholder(t *testing.T) {
	s := newSetup(t, "draw:crash", nil)
	r := s.read(t, PageInfo{Draw: true})
	if r.Page.Image.Format != "" || !slices.Contains(r.Page.Warnings, dossier.WarnWorkerCrashed) || len(s.asked(t, OpRead)) > 0 {
		t.Errorf("got %+v", r)
	}
}

func TestAnOriginalThatKillsItsWorkersIsRejected(t *testing.T) {
	for act, loss := range losses {
		t.Run(act, func(t *testing.T) {
			s := newSetup(t, "open:"+act, loss.change)
			_, err := s.Open(t.Context(), s.original, dossier.Profile{})
			var reason *dossier.Reason
			if !errors.As(err, &reason) || reason.Code != loss.code {
				t.Errorf("got %v", err)
			}
			if n := len(s.asked(t, OpOpen)); n != 2 {
				t.Errorf("tried %d times", n)
			}
		})
	}
}

func TestAPDFThatOnlyADrawingWorkerCanOpenIsDrawn(t *testing.T) {
	s := newSetup(t, "open:nopages open:ok", nil)
	c, err := s.Open(t.Context(), s.original, dossier.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Pages) != 1 || c.Format != "pdf" || !slices.Equal(c.Warnings, []string{dossier.WarnTruncated}) {
		t.Errorf("got %+v", c)
	}
	if p := s.asked(t, OpOpen); len(p) != 2 || p[0] == p[1] || s.drawers.idle[0].process == nil {
		t.Errorf("asked processes %v", p)
	}
}

func TestTimesThatCannotBeAreNotBelieved(t *testing.T) {
	s := newSetup(t, "read:boast", nil)
	if r := s.read(t, PageInfo{}); r.OCR < 0 || r.CPU < r.OCR {
		t.Errorf("CPU %s, OCR %s", r.CPU, r.OCR)
	}
}

func TestARejectedOriginalIsOpenedOnce(t *testing.T) {
	s := newSetup(t, "open:reject", nil)
	_, err := s.Open(t.Context(), s.original, dossier.Profile{})
	var reason *dossier.Reason
	if !errors.As(err, &reason) || reason.Code != dossier.CodeDamaged || len(s.asked(t, OpOpen)) != 1 {
		t.Errorf("got %v", err)
	}
}

func TestAMachineThatCannotRunWorkersIsNoFaultOfTheOriginal(t *testing.T) {
	for _, plan := range []string{"mute", "stranger"} {
		t.Run(plan, func(t *testing.T) {
			s := newSetup(t, plan, nil)
			_, err := s.Open(t.Context(), s.original, dossier.Profile{})
			var reason *dossier.Reason
			if errors.As(err, &reason) || !errors.Is(err, errStart) {
				t.Errorf("got %v", err)
			}
			if _, err := s.Read(t.Context(), s.original, 1, PageInfo{}, dossier.Profile{}); !errors.Is(err, errStart) {
				t.Errorf("got %v", err)
			}
		})
	}
}
