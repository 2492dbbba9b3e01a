package dossier

import (
	"slices"
	"testing"
)

func TestValuesInClearTakeThePlaceOfTheirMaskedOnes(t *testing.T) {
	personal := func(name, value string) Field { return Field{Name: name, Value: value, Personal: true} }
	clear := []Field{personal("a", "1"), personal("a", "2"), {Name: "c", Value: "of 001085012345"}}
	var shown []Field
	for _, f := range []Field{clear[0], {Name: "a", Value: "open"}, clear[1], personal("b", "3"), clear[2]} {
		shown = append(shown, f.Shown())
	}
	Unmask(shown, clear)
	var got []string
	for _, f := range shown {
		got = append(got, f.Value)
	}
	if !slices.Equal(got, []string{"1", "open", "2", "***", "of 001085012345"}) {
		t.Error(got)
	}
}
