package pipeline

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/payload"
	"github.com/dossierd/dossierd/pipeline/separate"
	"github.com/dossierd/dossierd/storage/catalog"
)

// sheet is a page of a stack on its way through the separation.
type sheet struct {
	file    int
	page    catalog.AssemblyPage
	read    *dossier.Page
	meaning meaning
}

func (s *sheet) blank() bool {
	return s.read.Blank && s.meaning.marker == separate.MarkerNone && s.meaning.code == "" && !s.meaning.rescan.Valid()
}

// reason is why a sheet is left out where others take the place of a page; "" for one that takes it.
func (s *sheet) reason() string {
	switch s.meaning.marker {
	case separate.MarkerSlip:
		return string(separate.LeftSlip)
	case separate.MarkerSeparator, separate.MarkerDocument:
		return string(separate.LeftSeparator)
	case separate.MarkerNone:
	}
	switch {
	case s.meaning.rescan.Valid():
		return string(separate.LeftSlip)
	case s.blank():
		return string(separate.LeftBlank)
	}
	return ""
}

// rescans takes out of a stack what takes the place of pages of earlier batches: what follows a slip that asks for it, up to the
// next sheet, and files that were scanned again. Blank pages take no place: they are the backs of those that do.
type rescans struct {
	pipeline *Pipeline
	batch    string
	facts    dossier.BatchFacts
	give     func(sheet) bool // what goes its own way
	stopped  bool

	done     []catalog.Replacement
	unplaced []string // ids of slips that name a page which can't be replaced

	slip bool                 // the sheets held follow a slip
	page string               // that the next sheets replace
	file int                  // of the sheets held, where it was scanned again
	now  *catalog.Replacement // that the sheets held go with
	held []sheet
}

// take decides about the next sheet of the stack.
func (r *rescans) take(ctx context.Context, s sheet) error {
	switch {
	case s.read.Image.Format == "": // it would put a worse page in the place of a bad one
	case s.page.Replaces != "":
		return r.again(ctx, s)
	case s.meaning.rescan.Valid():
		return r.begin(ctx, s)
	case r.slip && s.meaning.marker == separate.MarkerNone:
		r.add(s)
		return nil
	}
	r.end()
	r.pass(s)
	return nil
}

// begin takes a slip that asks for a page to be replaced by what follows.
func (r *rescans) begin(ctx context.Context, s sheet) error {
	r.end()
	page, err := r.pipeline.catalog.PageOfBatch(ctx, r.batch, s.meaning.rescan.Batch, s.meaning.rescan.Page)
	found := err == nil
	if errors.Is(err, catalog.ErrNotFound) {
		err = nil
	}
	if found {
		found, err = r.pipeline.catalog.Replaceable(ctx, r.facts, page)
	}
	if err != nil {
		return fmt.Errorf("look for the page that is scanned again: %w", err)
	}
	r.slip, r.page, r.held = true, page, []sheet{s}
	if !found {
		r.end()
	}
	return nil
}

// again takes a page of a file that was scanned again.
func (r *rescans) again(ctx context.Context, s sheet) error {
	if r.slip || r.file != s.file {
		r.end()
	}
	r.file = s.file
	if s.reason() != "" {
		r.held = append(r.held, s)
		return nil
	}
	found, err := r.pipeline.catalog.Replaceable(ctx, r.facts, s.page.Replaces)
	if err != nil {
		return fmt.Errorf("look for the page that is scanned again: %w", err)
	}
	if !found {
		r.end()
		r.pass(s)
		return nil
	}
	held := r.held
	if r.held = nil; r.now != nil {
		r.leaveOut(held)
		held = nil
	}
	r.page, r.now, r.held = s.page.Replaces, nil, held
	r.add(s)
	return nil
}

// add puts a sheet in the place of the page, behind what is there already.
func (r *rescans) add(s sheet) {
	if s.reason() != "" {
		r.held = append(r.held, s)
		return
	}
	if r.now == nil {
		r.done = append(r.done, catalog.Replacement{Page: r.page})
		r.now = &r.done[len(r.done)-1]
	}
	r.leaveOut(r.held)
	r.held = nil
	r.now.By = append(r.now.By, s.page.ID)
}

func (r *rescans) leaveOut(held []sheet) {
	for _, s := range held {
		r.now.LeftOut = append(r.now.LeftOut, catalog.LeftOut{Page: s.page.ID, Reason: s.reason(), Before: len(r.now.By) + 1})
	}
}

// end ends what takes a page's place. Where nothing does, the sheets go their own way, a slip as one that parts the stack.
func (r *rescans) end() {
	held, slip := r.held, r.slip
	if r.now != nil {
		r.leaveOut(held)
		held = nil
	}
	r.slip, r.page, r.file, r.now, r.held = false, "", -1, nil, nil
	for i, s := range held {
		if slip && i == 0 {
			r.unplaced = append(r.unplaced, s.page.ID)
			s.meaning.marker = separate.MarkerSlip
		}
		r.pass(s)
	}
}

func (r *rescans) pass(s sheet) {
	if !r.stopped {
		r.stopped = !r.give(s)
	}
}

// warnUnplaced has the dossiers reviewed that hold pages which were to replace others.
func (s *stack) warnUnplaced(parts []catalog.Part) {
	for i := range parts {
		plan := &parts[i].Plan
		if all := plan.All(); slices.ContainsFunc(s.rescans.unplaced, func(id string) bool { return slices.Contains(all, id) }) {
			plan.Warnings = merge(slices.Clone(plan.Warnings), []string{dossier.WarnRescanUnplaced})
		}
	}
}

// leaveReplaced puts the pages that were scanned again within the batch to those that replace them.
func (s *stack) leaveReplaced(parts []catalog.Part) {
	by := map[string]string{}
	for _, page := range s.replaced {
		by[page.ID] = page.ReplacedBy
	}
	for _, page := range s.replaced {
		last := page.ReplacedBy
		for by[last] != "" {
			last = by[last]
		}
		left := catalog.LeftOut{Page: page.ID, Reason: catalog.LeftReplaced, By: []string{page.ReplacedBy}}
		for i := range parts {
			if parts[i].LeaveOutAt(last, left) {
				break
			}
		}
	}
}

// rescanOf is the page that a slip asks to be replaced; the zero value for any other page.
func rescanOf(says payload.Page) payload.Rescan {
	if !says.Slip.Sheet {
		return payload.Rescan{}
	}
	return says.Slip.Rescan
}

// sheet says whether a page parts others.
func (m *meaning) sheet() catalog.Sheet {
	switch {
	case m.marker == separate.MarkerSlip, m.marker == separate.MarkerSeparator:
		return catalog.SheetBegins
	case m.marker == separate.MarkerDocument, m.rescan.Valid():
		return catalog.SheetParts
	}
	return catalog.SheetNone
}
