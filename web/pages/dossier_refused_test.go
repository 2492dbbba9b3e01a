package pages

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/extract/value"
	"github.com/dossierd/dossierd/storage/catalog"
)

// judging has corrections judged as dates.
func (a *archive) judging() (said *[]catalog.Decision) {
	said = new([]catalog.Decision)
	a.catalog.SetCorrector(func(_ context.Context, _ catalog.Dossier, _ int, d catalog.Decision) (catalog.Correction, error) {
		*said = append(*said, d)
		if d.Absent {
			return catalog.Correction{Page: "d1-1", Field: dossier.Field{Name: d.Field, Corrected: &dossier.Corrected{Absent: true}}}, nil
		}
		if d.Value == "" {
			return catalog.Correction{}, catalog.NewMisfit("Say in \"value\" what stands there, or that it is \"absent\".")
		}
		_, err := value.Parse("date", d.Value, value.Options{})
		if err != nil && !d.Force {
			return catalog.Correction{}, catalog.NewMisfit("That can't be the %s, which is of the type %s: %s. If it stands there all the same, say \"force\" and why in \"reason\".",
				d.Field, "date", err)
		}
		if err != nil && d.Reason == "" {
			return catalog.Correction{}, catalog.NewMisfit("Say in \"reason\" why it stands there all the same.")
		}
		return catalog.Correction{Page: "d1-1", Field: dossier.Field{Name: d.Field, Value: d.Value, Corrected: &dossier.Corrected{}}}, nil
	})
	return said
}

func TestWhyAValueIsNoneIsSaidAndWhatWasTypedIsKept(t *testing.T) {
	a := newArchive(t)
	a.judging()
	who := clerkOf("quay-1")
	for lang, why := range map[string]string{"vi": "không có ngày 30/02", "fr": "le 30/02 n&#39;existe pas", "en": "30/02 is no date"} {
		who.Language = lang
		w := a.as(t, who, a.path()+"/fields", "version=1&page=1&field=issued_on&value=30/02/2024&box=1+2+3+4")
		says(t, w, http.StatusUnprocessableEntity, why, `<input type="hidden" name="force" value="1">`, `<input type="hidden" name="box" value="1 2 3 4">`,
			`value="30/02/2024" maxlength="5000" autocomplete="off" aria-invalid="true" aria-describedby="refused"`, `<details class="correct" open>`)
	}
}

func TestWhatWasTypedOfAFieldThatWasNotReadIsKeptToo(t *testing.T) {
	a := newArchive(t)
	a.judging()
	w := a.as(t, clerkOf("quay-1"), a.path()+"/fields", "version=1&page=1&field=place&value=31/04/2024")
	says(t, w, http.StatusUnprocessableEntity, `<details class="correct add" open>`, `<option value="place" selected>`, `value="31/04/2024" aria-invalid="true"`)
	if n := strings.Count(w.Body.String(), `<details class="correct add" open>`); n != 1 {
		t.Errorf("%d forms are open", n)
	}
}

func TestAFieldWithoutAValueIsNotInsistedOn(t *testing.T) {
	a := newArchive(t)
	a.judging()
	w := a.as(t, clerkOf("quay-1"), a.path()+"/fields", "version=1&page=1&field=issued_on&value=+")
	says(t, w, http.StatusUnprocessableEntity, saying("decide.no-value"))
	saysNot(t, w, `name="force"`)
}

func TestAValueIsInsistedOnWithAReasonOnly(t *testing.T) {
	a := newArchive(t)
	a.judging()
	w := a.as(t, clerkOf("quay-1"), a.path()+"/fields", "version=1&page=1&field=issued_on&value=30/02/2024&force=1&reason=+")
	says(t, w, http.StatusUnprocessableEntity, saying("decide.reason"), `<input type="hidden" name="force" value="1">`)
}

func TestAPlaceGoesWithACorrectionUnlessTheFieldIsNotOnThePaper(t *testing.T) {
	a := newArchive(t)
	said := a.judging()
	who := clerkOf("quay-1")
	says(t, a.as(t, who, a.path(), ""), http.StatusOK, `data-place data-pages="1 "`) // the other page is not the clerk's to see
	if w := a.as(t, who, a.path()+"/fields", "version=1&page=1&field=issued_on&value=29/02/2024&box=72+36+144+54"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	a.make(t, a.code)
	if w := a.as(t, who, a.path()+"/fields", "version=2&page=1&field=issued_on&value=x&absent=1&box=72+36+144+54"); w.Code != http.StatusSeeOther {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if len(*said) != 2 || len((*said)[0].Box) != 4 || (*said)[1].Box != nil || (*said)[1].Value != "" {
		t.Errorf("%+v", *said)
	}
}

func TestADossierThatIsNotThereMayBeSearchedFor(t *testing.T) {
	a := newArchive(t)
	who := dossier.Principal{Name: "lan", Role: dossier.RoleArchivist, Scope: catalog.Everything()}
	says(t, a.as(t, who, "/dossiers/H42-9", ""), http.StatusNotFound, saying("fault.search", "H42-9"), `href="/search?q=H42-9"`)
	who.Role = dossier.RoleOperator // who searches for nothing
	saysNot(t, a.as(t, who, "/dossiers/H42-9", ""), "/search?q=H42-9")
	who.Role = dossier.RoleArchivist
	saysNot(t, a.as(t, who, "/dossiers/"+strings.Repeat("x", 65), ""), "/search?q=")
}
