package value

import "github.com/dossierd/dossierd/dossier"

// Fault says why a text is no value of its type.
type Fault struct {
	sentence string // in English, of faults
	args     []any
}

func fault(sentence string, args ...any) error { return &Fault{sentence, args} }

// Error is the sentence in English, without capital and full stop.
func (f *Fault) Error() string { return f.Message("en") }

// Message is the sentence in lang (vi, fr, en; others get English).
func (f *Fault) Message(lang string) string {
	return dossier.Sentence(lang, f.sentence, faults, f.args...)
}
