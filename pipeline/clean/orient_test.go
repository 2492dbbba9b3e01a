package clean

import (
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

func TestAPageReadsUprightWhereItsWordsAreSureAndRunAcross(t *testing.T) {
	across := func(confidence float64, text string) dossier.Layout {
		line := lineAt(100, map[float64]string{100: text})
		for i := range line.Words {
			line.Words[i].Confidence = confidence
		}
		return layoutOf(line)
	}
	down := across(0.9, "A line of print that runs down the page")
	for line := range down.Lines {
		for i := range line.Words {
			b := &line.Words[i].Box
			b.X0, b.Y0, b.X1, b.Y1 = b.Y0, b.X0, b.Y1, b.X1
		}
	}
	for name, c := range map[string]struct {
		layout dossier.Layout
		want   bool
	}{
		"sure":             {across(0.9, "A line of print that is long enough"), true},
		"unsure":           {across(0.44, "A line of print that is long enough"), false},
		"of a few letters": {across(0.9, "Page 12"), false},
		"down":             {down, false},
		"nothing":          {dossier.Layout{}, false},
	} {
		if got := readsUpright(&c.layout); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
