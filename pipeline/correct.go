package pipeline

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// fieldName is how a field may be called that no kind has.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// Correction says what a decision to correct a field of a published version comes to: the field as the person has it, and what was
// read in its place. The version's own files tell what that was. It returns storage.ErrNotFound where they are gone, or a
// *catalog.Misfit.
func (p *Pipeline) Correction(ctx context.Context, d catalog.Dossier, version int, said catalog.Decision) (catalog.Correction, error) {
	var none catalog.Correction
	m, private, err := p.described(ctx, d, version)
	if err != nil {
		return none, fmt.Errorf("read version %d of %s: %w", version, d.Code, err)
	}
	if said.Page < 1 || said.Page > len(m.Pages) {
		return none, catalog.NewMisfit("There is no page %d.", said.Page)
	}
	i := slices.IndexFunc(m.Documents, func(doc dossier.Document) bool { return said.Page <= doc.LastPage })
	if i < 0 {
		return none, catalog.NewMisfit("Page %d is of no document.", said.Page)
	}
	doc := &m.Documents[i]
	former := clearField(doc, private, said.Field)
	if former == nil && !fieldName.MatchString(said.Field) {
		return none, catalog.NewMisfit("Say in \"field\" what the field is called: small letters, digits and low lines.")
	}
	page := said.Page
	if former != nil && len(said.Box) == 0 {
		page = former.Page // where it was read
	}
	field, err := p.written(doc.Kind, said, m.Pages[page-1].Language)
	if err != nil {
		return none, err
	}
	if former != nil {
		field.Personal, field.Box = field.Personal || former.Personal, former.Box
		field.Corrected.Reading = readingOf(former)
	}
	if len(said.Box) == len(field.Box) {
		if copy(field.Box[:], said.Box); !m.Pages[page-1].has(field.Box) {
			return none, catalog.NewMisfit("The box does not lie on page %d.", page)
		}
	}
	return catalog.Correction{Page: m.Pages[page-1].ID, Field: field}, nil
}

// has reports whether a box, in pt, lies on the page and is one. A point of what lies beside it may be the pen's.
func (p *MetadataPage) has(box [4]float64) bool {
	const inch, pen = 72, 1
	width, height := float64(p.Width)/p.DPI*inch+pen, float64(p.Height)/p.DPI*inch+pen
	return -pen <= box[0] && box[0] < box[2] && box[2] <= width && -pen <= box[1] && box[1] < box[3] && box[3] <= height
}

// described reads what a version's own files say of it.
func (p *Pipeline) described(ctx context.Context, d catalog.Dossier, version int) (*Metadata, *Private, error) {
	m, private := new(Metadata), new(Private)
	err := loadJSON(ctx, p.store, storage.DossierKey(d.Department, d.Year, d.Code, version, "metadata.json"), m)
	if err == nil {
		err = loadJSON(ctx, p.store, storage.DossierKey(d.Department, d.Year, d.Code, version, "private.json"), private)
		if errors.Is(err, storage.ErrNotFound) { // nothing of it is personal
			err = nil
		}
	}
	return m, private, err
}

// clearField is a field of a document as it is known in clear; nil where there is none of the name.
func clearField(doc *dossier.Document, private *Private, name string) *dossier.Field {
	named := func(f dossier.Field) bool { return f.Name == name }
	for _, d := range private.Documents {
		if i := slices.IndexFunc(d.Fields, named); i >= 0 && d.FirstPage == doc.FirstPage {
			return &d.Fields[i]
		}
	}
	if i := slices.IndexFunc(doc.Fields, named); i >= 0 {
		return &doc.Fields[i]
	}
	return nil
}

// readingOf is what was read of a field before anybody corrected it.
func readingOf(f *dossier.Field) *dossier.Reading {
	if f.Corrected != nil {
		return f.Corrected.Reading
	}
	return &dossier.Reading{
		Value: f.Value, Raw: f.Raw, OtherRaw: f.OtherRaw, Box: f.Box, Confidence: f.Confidence, Rule: f.Rule, Warnings: f.Warnings,
	}
}

// written is the field that a person writes.
func (p *Pipeline) written(kind string, said catalog.Decision, language string) (dossier.Field, error) {
	field, fault := p.settings.Load().kinds.Written(kind, said.Field, said.Value, language)
	field.Confidence, field.Rule, field.Corrected = 1, dossier.RulePerson, &dossier.Corrected{}
	switch {
	case said.Absent && said.Value != "":
		return field, catalog.NewMisfit("What is not on the paper has no value.")
	case said.Absent:
		field.Value, field.Raw, field.Corrected.Absent = "", "", true
	case strings.TrimSpace(said.Value) == "" || errors.Is(fault, value.ErrAbsent):
		return field, catalog.NewMisfit("Say in \"value\" what stands there, or that it is \"absent\".")
	case fault != nil && !said.Force:
		return field, catalog.NewMisfit("That can't be the %s, which is of the type %s: %s. If it stands there all the same, say \"force\" and why in \"reason\".",
			said.Field, field.Type, fault)
	case fault != nil && said.Reason == "":
		return field, catalog.NewMisfit("Say in \"reason\" why it stands there all the same.")
	case fault != nil:
		field.Warnings, field.Corrected.Forced = []string{dossier.WarnForced}, said.Reason
	}
	return field, nil
}

// correct puts what people said in the place of what was read, of a document of these pages, the first of which is page first of the
// rendition, and reports whether there was something. Of two corrections of a name, which the joining of two papers may bring
// together, the later one counts.
func (r *record) correct(doc *dossier.Document, pages []string, first int) (changed bool) {
	corrections := slices.Clone(r.version.Plan.Corrections)
	slices.SortStableFunc(corrections, func(a, b catalog.Correction) int { return a.Field.Corrected.At.Compare(b.Field.Corrected.At) })
	for _, c := range corrections {
		at := slices.Index(pages, c.Page)
		if at < 0 {
			continue
		}
		changed, c.Field.Page = true, first+at
		i := slices.IndexFunc(doc.Fields, func(f dossier.Field) bool { return f.Name == c.Field.Name })
		if i < 0 {
			doc.Fields = append(doc.Fields, c.Field)
		} else {
			doc.Fields[i] = c.Field
		}
	}
	return changed
}
