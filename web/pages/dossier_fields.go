package pages

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// fieldGroup are the fields of one paper, or of the dossier as a whole.
type fieldGroup struct {
	Number int    // of the paper; 0 for the dossier
	Title  string // of the paper; "" where no kind was recognised
	First  int    // page of the paper
	Last   int
	Fields []fieldView
	// What the paper's kind has beside them, and the pages on which that may stand and that the visitor sees: it can be added.
	Missing []missingField
	Pages   []int
}

// missingField is one that was never read.
type missingField struct{ Name, Label string }

// fieldView is one field for people.
type fieldView struct {
	Index      int // among all fields of the version, from 1
	Name       string
	Label      string
	Value      string     // for people; "" where nothing was read
	Normal     string     // in the normal form of its type
	Raw        string     // as it was read, where that says something else
	Other      string     // a second reading
	Page       int        // of the rendition; 0 where it stands on none that can be shown
	Path       string     // of the page of the dossier that shows where
	Box        [4]float64 // left, top, width and height in px of page space
	Confidence float64
	Level      string // good, fair, poor
	Hidden     bool   // it is personal, and masked
	Warnings   []string
	At         int         // page that a correction of it is about; 0 where it is of no paper
	Corrected  *correction // nil where nobody corrected it
}

// correction is what a person said of a field, and what was read.
type correction struct {
	By     string
	At     time.Time
	Read   bool   // something was read
	Was    string // for people
	Sure   float64
	Absent bool
	Forced string // why the value stands though its type can't have it
}

// Confidence from which on a value is good, and below which it is poor.
const (
	goodFrom  = .9
	poorBelow = .6
)

func sureness(confidence float64) string {
	switch {
	case confidence >= goodFrom:
		return "good"
	case confidence < poorBelow:
		return "poor"
	}
	return "fair"
}

func (s *site) fieldGroups(v *visit, e *edition, p *dossierPage) []fieldGroup {
	var groups []fieldGroup
	index := 0
	add := func(g fieldGroup, kind string, first int, fields []dossier.Field) {
		for i := range fields {
			index++
			view := s.fieldView(v, e, p, index, kind, &fields[i])
			view.At = cmp.Or(fields[i].Page, first)
			g.Fields = append(g.Fields, view)
		}
		groups = append(groups, g)
	}
	if len(e.meta.Fields) > 0 {
		add(fieldGroup{}, "", 0, e.meta.Fields)
	}
	for i, d := range e.documents() {
		add(fieldGroup{Number: i + 1, Title: d.Title, First: d.FirstPage, Last: d.LastPage}, d.Kind, d.FirstPage, d.Fields)
	}
	return groups
}

// findMissing tells of each paper which fields of its kind were never read.
func (s *site) findMissing(v *visit, e *edition, groups []fieldGroup) {
	kinds := map[string][]string{}
	for _, k := range s.cfg.Office().Kinds {
		kinds[k.Name] = k.Fields
	}
	documents := e.documents()
	for i := range groups {
		g := &groups[i]
		if g.Number == 0 {
			continue
		}
		d := &documents[g.Number-1]
		for n := d.FirstPage; n <= d.LastPage; n++ {
			if !e.hidden(e.meta.Pages[n-1].ID) {
				g.Pages = append(g.Pages, n)
			}
		}
		if len(g.Pages) == 0 {
			continue
		}
		for _, name := range kinds[d.Kind] {
			if !slices.ContainsFunc(d.Fields, func(f dossier.Field) bool { return f.Name == name }) {
				g.Missing = append(g.Missing, missingField{name, s.fieldLabel(d.Kind, name, v.Language)})
			}
		}
	}
}

func (s *site) fieldView(v *visit, e *edition, p *dossierPage, index int, kind string, f *dossier.Field) fieldView {
	view := fieldView{
		Index: index, Name: f.Name, Label: s.fieldLabel(kind, f.Name, v.Language), Value: valueText(v.Language, f), Normal: f.Value,
		Other: f.OtherRaw, Confidence: f.Confidence, Level: sureness(f.Confidence), Hidden: f.Personal && !e.clear, Warnings: f.Warnings,
	}
	if view.Corrected = corrected(v.Language, f); view.Corrected == nil {
		view.Raw = otherwise(f)
	}
	if f.Page < 1 || f.Page > len(e.meta.Pages) || f.Box[2] <= f.Box[0] || e.hidden(e.meta.Pages[f.Page-1].ID) {
		return view
	}
	const points = 72 // to the inch
	by := e.meta.Pages[f.Page-1].DPI / points
	view.Page, view.Path = f.Page, p.pagePath(v, f.Page)+"#viewer"
	view.Box = [4]float64{f.Box[0] * by, f.Box[1] * by, (f.Box[2] - f.Box[0]) * by, (f.Box[3] - f.Box[1]) * by}
	return view
}

// otherwise is a value as it was read, where that says something else; else "".
func otherwise(f *dossier.Field) string {
	if strings.Contains(plainly(f.Raw), plainly(f.Value)) {
		return ""
	}
	return f.Raw
}

// plainly is a text without what people overlook when they compare two.
func plainly(text string) string { return strings.Join(strings.Fields(strings.ToLower(text)), " ") }

func corrected(lang string, f *dossier.Field) *correction {
	c := f.Corrected
	if c == nil {
		return nil
	}
	view := &correction{By: c.By, At: c.At, Absent: c.Absent, Forced: c.Forced}
	if r := c.Reading; r != nil {
		view.Read, view.Was, view.Sure = true, valueText(lang, &dossier.Field{Type: f.Type, Value: r.Value}), r.Confidence
	}
	return view
}

// fieldLabel is what a field is called. One of a ticket goes by the name it has there.
func (s *site) fieldLabel(kind, name, lang string) string {
	label := name
	if s.cfg.Papers != nil && kind != "" {
		label = s.cfg.Papers.FieldTitle(kind, name, lang)
	}
	if label == name {
		label = strings.ReplaceAll(name, "_", " ")
	}
	return label
}

// valueText is a value as the visitor writes it; what is no day stays as it is.
func valueText(lang string, f *dossier.Field) string {
	if f.Type == "date" {
		if at, err := time.Parse(time.DateOnly, f.Value); err == nil {
			return onDay(lang, at)
		}
	}
	return f.Value
}
