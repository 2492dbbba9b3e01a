package extract

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
)

// Written makes a field of what a person writes in the place of what was read, on a paper of a kind in a language (as Tesseract
// names it). A field that the kind does not have is a text, and personal: nobody knows whom it tells of. The error, a sentence,
// says why the text is no value of the field's type; the field then has it as it is written.
func (k *Kinds) Written(kind, name, text, language string) (dossier.Field, error) {
	f := &field{name: name, typ: "text", personal: true}
	if of := k.Kind(kind); of != nil {
		if i := slices.IndexFunc(of.fields, func(f field) bool { return f.name == name }); i >= 0 {
			f = &of.fields[i]
		}
	}
	written := dossier.Field{Name: name, Type: f.typ, Raw: text, Personal: f.personal}
	parsed, err := f.written(text, language)
	if written.Value = parsed.Value; err != nil {
		written.Value = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	}
	return written, err
}

// written reads a text that is all of the value, or no more than the part of it that the field wants.
func (f *field) written(text, language string) (value.Parsed, error) {
	opt := value.Options{Language: language, Allowed: f.allowed}
	parsed, err := value.Parse(f.typ, text, opt)
	if f.part == "" {
		return parsed, err
	}
	if err == nil {
		if part, err := f.take(parsed); err == nil {
			return part, nil
		}
	}
	typ := "text"
	if value.Known(f.part) {
		typ = f.part
	}
	return value.Parse(typ, text, value.Options{Language: language})
}

// Retitle gives a paper whose fields have changed the title that follows from them.
func (k *Kinds) Retitle(doc *dossier.Document, language string) {
	if kind := k.Kind(doc.Kind); kind != nil {
		doc.Title = kind.titleOf(doc, language)
	}
}
