package pages

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

// withTrials has the pages of the archive try kinds by a function.
func (a *archive) withTrials(t *testing.T, try func(context.Context, office.TrialRequest) (office.Trial, error)) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	gate, err := access.New(access.Config{}, a.catalog, log)
	must(t, err)
	a.pages = New(Config{
		Language: "en", Location: time.UTC, Papers: layouts{}, Try: try,
		Office: func() office.Office {
			return office.Office{Kinds: []office.Kind{{Name: "form", Title: office.Text{EN: "Form"}, File: "form.yaml", Source: "name: form\n"}}}
		},
	}, gate, a.store, a.catalog, log)
}

func administrator(clear bool) dossier.Principal {
	return dossier.Principal{Name: "mai", Role: dossier.RoleAdministrator, Scope: dossier.Scope{All: true}, Clear: clear}
}

// found is a trial that read a citizen number and did not find a name.
func found(context.Context, office.TrialRequest) (office.Trial, error) {
	return office.Trial{
		Kind: "form", Score: .8, Threshold: .6, Clues: []office.Clue{{Says: "TỜ KHAI", Weight: .8, Shown: true}},
		Fields: []office.Tried{
			{Name: "citizen", Title: "Citizen number", Field: &dossier.Field{
				Name: "citizen", Type: "citizen_number", Value: "001203000123", Raw: "001203000123", Page: 1, Box: [4]float64{72, 36, 144, 54}, Confidence: .95, Personal: true,
			}},
			{Name: "name", Title: "Name", Why: "label not found", Code: "no_label", Label: &[4]float64{72, 100, 144, 110}, Page: 1},
		},
	}, nil
}

func TestAKindThatIsTriedDrawsItsFieldsAndTheAuditLogKnows(t *testing.T) {
	a := newArchive(t)
	a.withTrials(t, found)
	path := "/admin/kinds/form?" + url.Values{"code": {a.code}, "page": {"1"}}.Encode()
	w := a.as(t, administrator(true), path, "")
	says(t, w, http.StatusOK, "Recognised", "001203000123", "label not found", `data-box="1" x="195.9" y="95.9" width="208.3" height="58.3"`, `data-box="2"`)
	rows, err := a.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionView, Subject: a.code, Limit: 10})
	if err != nil || len(rows) != 1 || !strings.Contains(string(rows[0].Details), `"kind":"form"`) {
		t.Errorf("%v %+v", err, rows)
	}
}

func TestATrialShowsNothingPersonalToWhoMayNotSeeIt(t *testing.T) {
	a := newArchive(t)
	var tried []int
	a.withTrials(t, func(ctx context.Context, r office.TrialRequest) (office.Trial, error) {
		tried = append(tried, len(r.Pages))
		return found(ctx, r)
	})
	path := func(page string) string {
		return "/admin/kinds/form?" + url.Values{"code": {a.code}, "page": {page}}.Encode()
	}
	w := a.as(t, administrator(false), path("1"), "")
	says(t, w, http.StatusOK, say("en", "fields.hidden"), say("en", "kind.unread", 1))
	saysNot(t, w, "001203000123")
	says(t, a.as(t, administrator(false), path("2"), ""), http.StatusUnprocessableEntity, say("en", "kind.hidden"))
	says(t, a.as(t, administrator(true), path("1"), ""), http.StatusOK)
	if len(tried) != 2 || tried[0] != 1 || tried[1] != 2 {
		t.Errorf("tried on %v pages", tried)
	}
	elsewhere := administrator(true)
	elsewhere.Scope = dossier.Scope{Departments: []string{"so-y-te"}}
	says(t, a.as(t, elsewhere, path("1"), ""), http.StatusUnprocessableEntity, say("en", "kind.no-dossier"))
}

func TestAKindIsTriedAsItIsWrittenAndNothingIsKept(t *testing.T) {
	a := newArchive(t)
	var asked office.TrialRequest
	a.withTrials(t, func(ctx context.Context, r office.TrialRequest) (office.Trial, error) {
		asked = r
		return found(ctx, r)
	})
	form := url.Values{"code": {a.code}, "page": {"3"}, "source": {"name: other\r\nfields: []\r\n"}}
	w := a.as(t, administrator(false), "/admin/kinds/form", form.Encode())
	says(t, w, http.StatusOK, say("en", "kind.changed"))
	if asked.Source != "name: other\nfields: []\n" || asked.File != "form.yaml" || asked.Language != "en" || len(asked.Pages) != 1 {
		t.Errorf("asked for %+v", asked)
	}
	form.Set("source", "name: form\r\n")
	saysNot(t, a.as(t, administrator(false), "/admin/kinds/form", form.Encode()), say("en", "kind.changed"))
	form.Set("source", strings.Repeat("x", sourceMost+1))
	asked = office.TrialRequest{}
	says(t, a.as(t, administrator(false), "/admin/kinds/form", form.Encode()), http.StatusUnprocessableEntity, say("en", "kind.too-long", sourceMost>>10))
	if asked.Source != "" {
		t.Error("a kind of any length is tried")
	}
}

func TestWhyAKindIsNotTriedIsSaid(t *testing.T) {
	a := newArchive(t)
	for _, c := range []struct {
		err    error
		status int
		says   string
	}{
		{office.ErrBusy, http.StatusUnprocessableEntity, say("en", "admin.busy")},
		{office.ErrBounds, http.StatusUnprocessableEntity, say("en", "kind.bounds")},
		{errors.New("no such program"), http.StatusServiceUnavailable, say("en", "fault.away.text")},
	} {
		a.withTrials(t, func(context.Context, office.TrialRequest) (office.Trial, error) { return office.Trial{}, c.err })
		says(t, a.as(t, administrator(false), "/admin/kinds/form?code="+a.code+"&page=1", ""), c.status, c.says)
	}
	a.withTrials(t, func(context.Context, office.TrialRequest) (office.Trial, error) {
		return office.Trial{Faults: []office.RuleFault{{Line: 1, Key: "name", Text: "choose another"}}}, nil
	})
	says(t, a.as(t, administrator(false), "/admin/kinds/form?code="+a.code+"&page=1", ""), http.StatusUnprocessableEntity,
		say("en", "kind.line", 1), "choose another", `<pre class="code">name: form</pre>`)
	says(t, a.as(t, administrator(false), "/admin/kinds/form?code="+a.code+"&page=4", ""), http.StatusUnprocessableEntity, say("en", "kind.no-page", 3))
	says(t, a.as(t, administrator(false), "/admin/kinds/nothing", ""), http.StatusNotFound)
}

func TestNumbersOfBoxesDoNotCoverEachOther(t *testing.T) {
	page := triedPage{sheet: sheet{Width: 1650, Full: picture{Source: "x"}}, read: &dossier.Page{DPI: 72}}
	shown := trialShown{Pages: []triedPage{page}}
	for n := range 3 {
		if !shown.mark(1, [4]float64{100, 100, 200, 120}, triedMark{Number: n + 1}) {
			t.Fatal("no box")
		}
	}
	m := shown.Pages[0].Marks
	if m[1].TagX-m[0].TagX < m[0].Size || m[2].TagX-m[1].TagX < m[0].Size || m[0].X != m[2].X {
		t.Errorf("%+v", m)
	}
	if shown.mark(2, [4]float64{1, 1, 2, 2}, triedMark{}) || shown.mark(1, [4]float64{}, triedMark{}) {
		t.Error("a box where there is nothing")
	}
}
