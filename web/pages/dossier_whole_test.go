package pages

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// another publishes a second dossier, of one page, at a station.
func (a *archive) another(t *testing.T, deposit, station string) (code string) {
	t.Helper()
	at := time.Date(2026, 1, 6, 12, 0, 0, 0, time.UTC)
	_, err := a.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: deposit, Station: station, Department: "so-tu-phap", Name: "b.pdf", SHA256: strings.Repeat("cd", 32), Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, a.catalog.Split(t.Context(), catalog.Split{DepositID: deposit, Pages: 1}))
	must(t, a.catalog.PageDone(t.Context(), catalog.PageDone{PageID: deposit + "-1", ArtifactID: deposit + "-1"}))
	plan := catalog.Plan{Documents: []catalog.PlanDocument{{Pages: []string{deposit + "-1"}}}}
	versions, err := a.catalog.Reserve(t.Context(), deposit, []catalog.Part{{Plan: plan}})
	must(t, err)
	a.publish(t, deposit, versions)
	return versions[0].Dossier.Code
}

// make publishes what the last decision about a dossier makes.
func (a *archive) make(t *testing.T, code string) {
	t.Helper()
	record, err := a.catalog.Record(t.Context(), code, catalog.Everything())
	must(t, err)
	last := record.Decisions[len(record.Decisions)-1].ID
	versions, err := a.catalog.Revision(t.Context(), last)
	must(t, err)
	a.publish(t, last, versions)
}

// saying is a message as a page has it.
func saying(key string, args ...any) string { return html.EscapeString(say("en", key, args...)) }

func stateOf(t *testing.T, c *catalog.Catalog, code string) catalog.DossierState {
	t.Helper()
	d, err := c.Dossier(t.Context(), code)
	must(t, err)
	return d.State
}

func TestTwoDossiersAreJoinedOnceItIsSaidWhatComesOfIt(t *testing.T) {
	a := newArchive(t)
	other := a.another(t, "d2", "quay-1")
	w := a.as(t, clerkOf("quay-1"), a.path()+"/whole?do=join&to="+other, "")
	says(t, w, http.StatusOK, saying("whole.join.comes", a.code, 4, 3, 1, other), saying("whole.leaves", other), `name="version" value="1"`, `name="to_version" value="1"`)
	w = a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&to_version=1&do=join&to="+other)
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != a.path()+"?after=2" {
		t.Fatalf("%d to %s: %s", w.Code, to, w.Body)
	}
	a.make(t, a.code)
	body := a.as(t, clerkOf("quay-1"), a.path()+"?after=2", "").Body.String()
	if !strings.Contains(body, saying("dossier.made", 2)) || !strings.Contains(body, saying("rail.count", 4)) || stateOf(t, a.catalog, other) != catalog.DossierWithdrawn {
		t.Error(body)
	}
	w = a.as(t, clerkOf("quay-1"), "/dossiers/"+other, "")
	says(t, w, http.StatusGone, saying("dossier.joined")+` <a class="code" href="`+a.path()+`">`+a.code+`</a>`)
	saysNot(t, w, "its pages are in")
}

func TestWhatChangedInEitherDossierIsLookedAtBeforeTheyAreJoined(t *testing.T) {
	a := newArchive(t)
	other := a.another(t, "d2", "quay-1")
	if w := a.as(t, clerkOf("quay-1"), "/dossiers/"+other+"/fields", "version=1&page=1"); w.Code != http.StatusUnprocessableEntity {
		t.Fatalf("%d", w.Code)
	}
	third := a.another(t, "d3", "quay-1")
	_, err := a.catalog.Decide(t.Context(), other, 1, catalog.Decision{Do: catalog.DoJoin, To: third}, dossier.Principal{Name: "mai", Scope: catalog.Everything()})
	must(t, err)
	a.make(t, other)
	w := a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&to_version=1&do=join&to="+other)
	says(t, w, http.StatusPreconditionFailed, saying("whole.stale"), `name="to_version" value="2"`, saying("whole.join.comes", a.code, 5, 3, 2, other))
	w = a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=0&to_version=2&do=join&to="+other)
	says(t, w, http.StatusPreconditionFailed, saying("whole.stale"))
	if stateOf(t, a.catalog, other) == catalog.DossierWithdrawn {
		t.Error("they were joined")
	}
}

func TestADossierIsGivenAnotherCodeThatNoneHas(t *testing.T) {
	a := newArchive(t)
	other := a.another(t, "d2", "quay-1")
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole?do=reassign&to="+other, ""), http.StatusOK, saying("whole.reassign.taken", other))
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&do=reassign&to="+other), http.StatusUnprocessableEntity, saying("whole.reassign.taken", other))
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&do=reassign&to=a+b"), http.StatusUnprocessableEntity, saying("whole.misfit.reassign", "a b"))
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole?do=reassign&to=H42-7", ""), http.StatusOK, saying("whole.reassign.comes", 3, "H42-7"))
	w := a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&do=reassign&to=H42-7")
	if to := w.Header().Get("Location"); w.Code != http.StatusSeeOther || to != "/dossiers/H42-7?after=1" {
		t.Fatalf("%d to %s: %s", w.Code, to, w.Body)
	}
	says(t, a.as(t, clerkOf("quay-1"), "/dossiers/H42-7?after=1", ""), http.StatusOK, saying("dossier.making", 1))
}

func TestNothingIsToldOfADossierElsewhereThatIsToBeJoined(t *testing.T) {
	a := newArchive(t)
	other := a.another(t, "d2", "quay-2")
	w := a.as(t, clerkOf("quay-1"), a.path()+"/whole?do=join&to="+other, "")
	says(t, w, http.StatusOK, saying("whole.join.none", other))
	saysNot(t, w, "quay-2 ")
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole", "version=1&do=join&to="+other), http.StatusUnprocessableEntity, saying("whole.join.none", other))
	says(t, a.as(t, clerkOf("quay-1"), a.path()+"/whole?do=join&to="+a.code, ""), http.StatusOK, saying("whole.same"))
}

func TestADossierEndsOnlyWhereItsCodeIsTyped(t *testing.T) {
	a := newArchive(t)
	who := clerkOf("quay-1")
	who.Erase = true
	for _, do := range []string{"withdraw", "erase"} {
		w := a.as(t, who, a.path()+"/whole", "version=1&do="+do+"&reason=filed+twice&confirm=something")
		says(t, w, http.StatusUnprocessableEntity, saying("whole.not-confirmed", a.code), `value="filed twice"`)
		says(t, a.as(t, who, a.path()+"/whole", "version=1&do="+do+"&confirm="+a.code), http.StatusUnprocessableEntity, saying("decide.reason"))
		says(t, a.as(t, who, a.path()+"/whole", "version=7&do="+do+"&reason=x&confirm="+a.code), http.StatusPreconditionFailed, saying("whole.stale"))
	}
	if state := stateOf(t, a.catalog, a.code); state != catalog.DossierDigitised {
		t.Errorf("it is %s", state)
	}
}

func TestOnlyWhoMayEraseIsShownTheWayAndDoes(t *testing.T) {
	a := newArchive(t)
	way := "whole?do=erase"
	saysNot(t, a.as(t, clerkOf("quay-1"), a.path(), ""), way)
	form := url.Values{"version": {"1"}, "do": {"erase"}, "reason": {"destroyed by law"}, "confirm": {strings.ToLower(a.code)}}.Encode()
	for _, path := range []string{"/whole?do=erase", "/whole"} {
		if w := a.as(t, clerkOf("quay-1"), a.path()+path, map[string]string{"/whole": form}[path]); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	who := clerkOf("quay-1")
	who.Erase = true
	says(t, a.as(t, who, a.path(), ""), http.StatusOK, way)
	says(t, a.as(t, who, a.path()+"/"+way, ""), http.StatusOK, saying("whole.erase.versions", 1), saying("whole.erase.pages", 3), saying("whole.erase.tombstone"))
	if w := a.as(t, who, a.path()+"/whole", form); w.Code != http.StatusSeeOther || w.Header().Get("Location") != a.path() {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := a.as(t, who, a.path(), "")
	says(t, w, http.StatusGone, saying("stone.title"), "destroyed by law", strings.Repeat("ab", 32), saying("stone.left.pending"))
	saysNot(t, w, way, "/iiif/")
	if w := a.as(t, who, a.path()+"/"+way, ""); w.Code != http.StatusNotFound {
		t.Errorf("a second time: %d", w.Code)
	}
}

func TestAWithdrawnDossierCanBeErased(t *testing.T) {
	a := newArchive(t)
	who := clerkOf("quay-1")
	who.Erase = true
	a.as(t, who, a.path()+"/whole", "version=1&do=withdraw&reason=filed+twice&confirm="+a.code)
	says(t, a.as(t, who, a.path(), ""), http.StatusGone, "whole?do=erase")
	if w := a.as(t, who, a.path()+"/whole?do=join", ""); w.Code != http.StatusNotFound {
		t.Errorf("it can be joined: %d", w.Code)
	}
	a.as(t, who, a.path()+"/whole", "version=1&do=erase&reason=by+law&confirm="+a.code)
	if state := stateOf(t, a.catalog, a.code); state != catalog.DossierErased {
		t.Errorf("it is %s", state)
	}
}
