package iiif

import (
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// pageOf has lines of words, each word 10 px wide.
func pageOf(lines ...[]string) *dossier.Page {
	var p dossier.Paragraph
	for y, words := range lines {
		var l dossier.Line
		for x, w := range words {
			box := dossier.Box{X0: float64(20 * x), Y0: float64(10 * y), X1: float64(20*x + 10), Y1: float64(10*y + 8)}
			l.Words = append(l.Words, dossier.Word{Text: w, Box: box})
		}
		p.Lines = append(p.Lines, l)
	}
	return &dossier.Page{Layout: dossier.Layout{Blocks: []dossier.Block{{Paragraphs: []dossier.Paragraph{p}}}}}
}

func TestHitsThatFollowOneAnotherOnALineAreOne(t *testing.T) {
	words := wordsOf(pageOf([]string{"Quyết", "định", "ly", "hôn"}, []string{"của", "Tòa", "án"}))
	for _, c := range []struct {
		hits []int
		want [][2]int
	}{
		{[]int{2, 3}, [][2]int{{2, 3}}},
		{[]int{3, 2, 0}, [][2]int{{0, 0}, {2, 3}}},
		{[]int{3, 4, 5}, [][2]int{{3, 3}, {4, 5}}}, // a box over two lines would lie over both whole
		{[]int{3, 3, -1, 99}, [][2]int{{3, 3}}},
		{nil, nil},
	} {
		if got := runsOf(words, c.hits); !slices.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.hits, got, c.want)
		}
	}
}

func TestAnIdentityNumberIsMaskedAlsoWhereItIsSeveralWords(t *testing.T) {
	words := wordsOf(pageOf([]string{"Số", "001", "089", "012", "345", "cấp"}))
	if got := quoted(words, 0, 99); got != "Số 001 *** **2 345 cấp" {
		t.Errorf("%q", got)
	}
}
