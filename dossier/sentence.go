package dossier

import (
	"fmt"
	"slices"
)

// Sentence is an English sentence in lang (vi, fr; others get English) with args put into it; others has it in vi and fr, by the English
// one. An argument that has sentences of its own, by a method Message(lang), speaks lang too.
func Sentence(lang, english string, others map[string][2]string, args ...any) string {
	sentence := english
	if other, ok := others[english]; ok {
		switch lang {
		case "vi":
			sentence = other[0]
		case "fr":
			sentence = other[1]
		}
	}
	args = slices.Clone(args)
	for i, a := range args {
		if inner, ok := a.(interface{ Message(lang string) string }); ok {
			args[i] = inner.Message(lang)
		}
	}
	return fmt.Sprintf(sentence, args...)
}
