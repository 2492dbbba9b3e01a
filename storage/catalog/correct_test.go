package catalog

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// judge lets every correction be what it says: the field's page is the rendition's, and what is called holder is personal.
func judge(c *Catalog) Corrector {
	return func(ctx context.Context, d Dossier, version int, said Decision) (Correction, error) {
		plan, err := planOf(ctx, c.db, d.Code, version)
		if err != nil {
			return Correction{}, err
		}
		ids := plan.rendition()
		if said.Page > len(ids) {
			return Correction{}, misfit("There is no page %d.", said.Page)
		}
		return Correction{Page: ids[said.Page-1], Field: dossier.Field{
			Name: said.Field, Value: said.Value, Raw: said.Value, Personal: said.Field == "holder",
			Corrected: &dossier.Corrected{Reading: &dossier.Reading{Value: "read " + said.Value}},
		}}, nil
	}
}

// correctable is a catalogue with a published dossier of two pages whose fields can be corrected.
func correctable(t *testing.T, c *Catalog) (code string) {
	t.Helper()
	c.SetCorrector(judge(c))
	takeIn(t, c, given("d1", "quay-1"))
	read(t, c, "d1", 2)
	v, err := publish(t.Context(), c, "d1")
	must(t, err)
	return v.Dossier.Code
}

func TestACorrectionIsInEveryLaterPlan(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := correctable(t, c)
		decided(t, c, code, 1, Decision{Do: DoCorrect, Page: 2, Field: "symbol", Value: "12/QĐ"})
		decided(t, c, code, 2, Decision{Do: DoCorrect, Page: 2, Field: "symbol", Value: "12/QĐ-UBND"})
		decided(t, c, code, 3, Decision{Do: DoCorrect, Page: 1, Field: "place", Value: "Huế"})
		decided(t, c, code, 4, Decision{Do: DoCut, Page: 2, Level: dossier.CutDossier, To: "B"})
		for of, want := range map[string]string{code: "d1-1 place Huế anna", "B": "d1-2 symbol 12/QĐ-UBND anna"} {
			r, err := c.Record(t.Context(), of, Everything())
			must(t, err)
			var got []string
			for _, k := range r.Plan.Corrections {
				got = append(got, strings.Join([]string{k.Page, k.Field.Name, k.Field.Value, k.Field.Corrected.By}, " "))
			}
			if strings.Join(got, ", ") != want {
				t.Errorf("%s has %q, want %q", of, got, want)
			}
		}
	})
}

func TestWhatIsPersonalInACorrectionIsInTheRecordMasked(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := correctable(t, c)
		decided(t, c, code, 1, Decision{Do: DoCorrect, Page: 1, Field: "holder", Value: "Nguyễn Văn An"})
		r, err := c.Record(t.Context(), code, Everything())
		must(t, err)
		if said := fmt.Sprintf("%+v %s %+v", r.Plan, r.Decisions[0].Decision, r.Plan.Corrections[0].Field.Corrected.Reading); strings.Contains(said, "Nguyễn") {
			t.Error(said)
		}
		v, err := readVersion(t.Context(), c.db, code, 2)
		must(t, err)
		if v.Plan.Corrections[0].Field.Value != "Nguyễn Văn An" {
			t.Errorf("those who make versions have %+v", v.Plan.Corrections)
		}
	})
}

func TestAnErasureForgetsCorrections(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := correctable(t, c)
		const secret = "số nhà 12"
		decided(t, c, code, 1, Decision{Do: DoCorrect, Page: 1, Field: "address", Value: secret, Reason: "by " + secret})
		decided(t, c, code, 2, Decision{Do: DoCorrect, Page: 1, Field: "holder", Value: secret})
		known := `SELECT (SELECT count(*) FROM versions WHERE plan LIKE ?) + (SELECT count(*) FROM revisions WHERE decision LIKE ?)`
		if n := count(t, c, known, "%"+secret+"%", "%"+secret+"%"); n != 3 {
			t.Errorf("%d rows tell it before", n)
		}
		_, err := c.Decide(t.Context(), code, 3, Decision{Do: DoErase, Reason: "asked for"}, by("anna"))
		must(t, err)
		if n := count(t, c, known, "%"+secret+"%", "%"+secret+"%"); n != 0 {
			t.Errorf("%d rows tell it still", n)
		}
	})
}

func TestACorrectionIsAboutTheLatestVersionOfADossierThatIsThere(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d0", "quay-1"))
		alone := published(t, c, "d0").Dossier.Code
		d := Decision{Do: DoCorrect, Page: 1, Field: "place", Value: "Huế"}
		if _, err := c.Decide(t.Context(), alone, 1, d, by("anna")); !errors.As(err, new(*Misfit)) {
			t.Errorf("without a judge: %v", err)
		}
		code := correctable(t, c)
		decided(t, c, code, 1, d)
		if _, err := c.Decide(t.Context(), code, 1, d, by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("of a former version: %v", err)
		}
		if _, err := c.Decide(t.Context(), "unknown", 1, d, by("anna")); !errors.Is(err, ErrNotFound) {
			t.Errorf("of none: %v", err)
		}
		decided(t, c, alone, 1, Decision{Do: DoWithdraw, Reason: "wrong"})
		if _, err := c.Decide(t.Context(), alone, 1, d, by("anna")); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("of a withdrawn one: %v", err)
		}
		d.Page = 7
		if _, err := c.Decide(t.Context(), code, 2, d, by("anna")); !errors.As(err, new(*Misfit)) {
			t.Errorf("of no page: %v", err)
		}
	})
}
