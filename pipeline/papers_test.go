package pipeline

import (
	"slices"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/kinds"
	"github.com/dossierd/dossierd/pipeline/extract"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/procedures"
	"github.com/dossierd/dossierd/storage/catalog"
)

// checked holds documents against the procedure that the facts or the documents name.
func checked(t *testing.T, facts catalog.PlanFacts, documents ...dossier.Document) *Metadata {
	t.Helper()
	set, err := procedure.Load(procedures.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &Pipeline{}
	known, err := extract.Load(kinds.Files)
	if err != nil {
		t.Fatal(err)
	}
	p.settings.Store(&settings{kinds: known, procedures: set})
	r := &record{version: &catalog.Version{Plan: catalog.Plan{Facts: facts}}, metadata: NewMetadata(nil), sheets: make([]bool, len(documents))}
	r.metadata.Documents = documents
	p.checkPapers(r, nil)
	return r.metadata
}

func TestAnIdentityNumberInTheTitleOfAPaperThatIsNotAskedForIsMasked(t *testing.T) {
	m := checked(t, catalog.PlanFacts{Slip: "2.000488"},
		dossier.Document{FirstPage: 1, LastPage: 1, Kind: "vi-letter", Title: "Giấy mời 001089012345"})
	if len(m.Papers.Unexpected) != 1 || m.Papers.Unexpected[0].Title != "Giấy mời 001*****2345" {
		t.Errorf("%+v", m.Papers.Unexpected)
	}
	if said := strings.Join(m.Papers.Sentences("vi"), "\n"); strings.Contains(said, "001089012345") || !strings.Contains(said, "Còn thiếu: ") {
		t.Error(said)
	}
}

func TestASlipAndAFormThatNameDifferentProceduresAreAWarning(t *testing.T) {
	form := dossier.Document{FirstPage: 1, LastPage: 1, Kind: "vi-application", Title: "TỜ KHAI ĐĂNG KÝ KHAI SINH"}
	for slip, want := range map[string]bool{"2.000488": true, "1.001193": false, "": false} {
		m := checked(t, catalog.PlanFacts{Slip: slip}, form)
		if slices.Contains(m.Warnings, dossier.WarnProceduresDiffer) != want || m.Papers == nil {
			t.Errorf("slip %q: warnings %v, procedure %s", slip, m.Warnings, m.Dossier.Procedure)
		}
	}
}
