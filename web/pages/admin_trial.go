package pages

import (
	"errors"
	"math"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/web/office"
)

// trialShown is what a kind makes of a paper, as it is shown.
type trialShown struct {
	office.Trial
	OtherTitle string // of the kind that fits better, in the visitor's language
	Tried      []triedField
	Pages      []triedPage // that it was tried on; at last the first, and those with boxes
	On         int         // pages of the paper
	Unread     int         // pages of the paper that are hidden from the visitor, or of which nothing is stored
	Found      int         // fields that have a value
}

// triedPage is a page with what was found on it.
type triedPage struct {
	sheet
	Marks []triedMark

	read *dossier.Page
}

// triedMark is the box of a field, or of the label of one that has no value, in px of page space.
type triedMark struct {
	Number              int    // of the field, from 1
	Level               string // good, fair, poor; nothing for the box of a label
	X, Y, Width, Height float64
	TagX, TagY, Size    float64 // of the number above it
}

// triedField is what came of looking for a field.
type triedField struct {
	office.Tried
	Number int // from 1
	Value  string
	Raw    string // as it was read, where that says something else
	Level  string // good, fair, poor
	Hidden bool   // it is personal, and masked
	Marked bool   // a box on the scan has its number
	Page   int    // of the rendition that the value stands on
}

// As in earnest: of a long paper its beginning is looked at, and its end, where it is signed.
const (
	triedFirst = 8
	triedLast  = 2
)

// paperFrom reads the paper that a page is of, from that page on. There are no pages where the visitor may not see the first.
func (s *site) paperFrom(v *visit, e *edition, from int) (*trialShown, error) {
	last := from
	for _, d := range e.documents() {
		if d.FirstPage <= from && from <= d.LastPage {
			last = d.LastPage
		}
	}
	t := &trialShown{}
	for n := from; n <= last; n++ {
		if n >= from+triedFirst && n <= last-triedLast {
			continue
		}
		page, err := s.readPage(v, e, n)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return nil, err
		}
		if page == nil {
			if t.Unread++; n == from {
				return t, nil
			}
			continue
		}
		m := e.meta.Pages[n-1]
		one := sheet{ID: m.ID, Number: n, Width: m.Width, Height: m.Height}
		if m.Image.Format != "" {
			one = e.sheet(one, m.Width, m.Height)
		}
		t.Pages = append(t.Pages, triedPage{sheet: one, read: page})
	}
	return t, nil
}

// fill turns the trial into what is shown: what is personal is masked, and boxes are laid over their pages.
func (t *trialShown) fill(v *visit, e *edition) {
	t.On = len(t.Pages)
	for i := range t.Fields {
		shown := triedField{Tried: t.Fields[i], Number: i + 1}
		switch f := shown.Field; {
		case f != nil:
			t.Found++
			t.fillValue(v, e, &shown)
		case shown.Label != nil:
			shown.Marked = t.mark(shown.Tried.Page, *shown.Label, triedMark{Number: shown.Number, Level: "nothing"})
		}
		t.Tried = append(t.Tried, shown)
	}
	first := t.Pages[0].Number
	t.Pages = slices.DeleteFunc(t.Pages, func(p triedPage) bool { return len(p.Marks) == 0 && p.Number != first })
}

func (t *trialShown) fillValue(v *visit, e *edition, shown *triedField) {
	f := shown.Field
	if !e.clear {
		masked := f.Shown()
		shown.Field, f = &masked, &masked
	}
	shown.Value, shown.Raw, shown.Level, shown.Hidden = valueText(v.Language, f), otherwise(f), sureness(f.Confidence), f.Personal && !e.clear
	if f.Page >= 1 && f.Page <= len(t.Pages) {
		shown.Page = t.Pages[f.Page-1].Number
	}
	shown.Marked = t.mark(f.Page, f.Box, triedMark{Number: shown.Number, Level: shown.Level})
}

// mark lays a box, in pt, over a page of the paper, from 1. It is false where there is nothing to be seen.
func (t *trialShown) mark(page int, box [4]float64, m triedMark) bool {
	if page < 1 || page > len(t.Pages) || box[2] <= box[0] || t.Pages[page-1].Full.Source == "" {
		return false
	}
	p := &t.Pages[page-1]
	const points = 72 // to the inch
	by := p.read.DPI / points
	air := float64(p.Width) / 400
	m.X, m.Y = tenth(box[0]*by-air), tenth(box[1]*by-air)
	m.Width, m.Height = tenth((box[2]-box[0])*by+2*air), tenth((box[3]-box[1])*by+2*air)
	m.Size = tenth(float64(p.Width) / 55)
	m.TagX, m.TagY = m.X, tenth(m.Y-m.Size/5)
	covers := func(o triedMark) bool {
		return math.Abs(o.TagX-m.TagX) < m.Size*1.4 && math.Abs(o.TagY-m.TagY) < m.Size
	}
	for slices.ContainsFunc(p.Marks, covers) {
		m.TagX = tenth(m.TagX + m.Size*1.4)
	}
	p.Marks = append(p.Marks, m)
	return true
}
