package separate

import (
	"fmt"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// codesOf tells the dossiers of a plan: code, and the pages of each paper.
func codesOf(plan Plan) []string {
	var said []string
	for _, d := range plan.Dossiers {
		text := d.Code
		for _, doc := range d.Documents {
			text += fmt.Sprint(doc.Pages)
		}
		said = append(said, text)
	}
	return said
}

func TestAPaperThatNamesNoDossierIsNotThatOfTheOneBeforeIt(t *testing.T) {
	const one, two = "H42.16-240112-0003", "H42.16-240112-0004"
	document := sheetOf("PHÂN CÁCH")
	document.Marker = MarkerDocument
	for name, tt := range map[string]struct {
		pages []Page
		want  []string
	}{
		"behind one that does":       {[]Page{coded(decisionPage("12"), one), body(prose), decisionPage("13")}, []string{one + "[1 2]", "[3]"}},
		"before one that does":       {[]Page{decisionPage("12"), coded(decisionPage("13"), one)}, []string{"[1]", one + "[2]"}},
		"between two":                {[]Page{coded(decisionPage("12"), one), decisionPage("13"), coded(decisionPage("14"), two)}, []string{one + "[1]", "[2]", two + "[3]"}},
		"nor does the other":         {[]Page{decisionPage("12"), decisionPage("13")}, []string{"[1]", "[2]"}},
		"named on its second page":   {[]Page{coded(decisionPage("12"), one), decisionPage("13"), coded(body(prose), one)}, []string{one + "[1]", one + "[2 3]"}},
		"that names the same":        {[]Page{coded(decisionPage("12"), one), coded(decisionPage("13"), one)}, []string{one + "[1][2]"}},
		"behind a slip":              {[]Page{slip(one), decisionPage("12"), decisionPage("13")}, []string{one + "[2][3]"}},
		"behind the slip of another": {[]Page{slip(one), coded(decisionPage("12"), two), decisionPage("13")}, []string{one, two + "[2]", "[3]"}},
		"behind a document sheet":    {[]Page{coded(decisionPage("12"), one), document, decisionPage("13")}, []string{one + "[1][3]"}},
		"that may be no other paper": {[]Page{coded(decisionPage("12"), one), body("PHỤ LỤC I")}, []string{one + "[1 2]"}},
	} {
		plan := cuts(tt.pages, Options{PapersNameDossiers: true})
		if got := codesOf(plan); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if n := len(madeAt(plan, dossier.CutDossier)); n != len(tt.want)-1 {
			t.Errorf("%s: %d cuts between %d dossiers: %+v", name, n, len(tt.want), plan.Cuts)
		}
	}
}
