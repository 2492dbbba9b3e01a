package value

import "fmt"

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
	sentence := f.sentence
	if other, ok := faults[f.sentence]; ok {
		switch lang {
		case "vi":
			sentence = other[0]
		case "fr":
			sentence = other[1]
		}
	}
	args := make([]any, len(f.args))
	for i, a := range f.args {
		if inner, ok := a.(*Fault); ok {
			a = inner.Message(lang)
		}
		args[i] = a
	}
	return fmt.Sprintf(sentence, args...)
}
