package pages

import (
	"net/http"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestTheBoardShowsTheStationsOfTheVisitorAndNoOther(t *testing.T) {
	h := newHouse(t)
	h.refuse(t, "d1", "quay-1", "hong 001085012345.pdf")
	h.refuse(t, "d2", "quay-2", "khac.pdf")
	one := dossier.Scope{Stations: []string{"quay-1"}}
	w := h.getSeeing(t, dossier.RoleClerk, one, "/counters")
	says(t, w, http.StatusOK, `id="counter-quay-1"`, "damaged", `href="/waiting?station=quay-1"`)
	saysNot(t, w, "quay-2", "khac.pdf", "001085012345")
	says(t, h.getSeeing(t, dossier.RoleClerk, one, "/counters/quay-1"), http.StatusOK, `data-live="/counters/live?station=quay-1"`)
	says(t, h.getSeeing(t, dossier.RoleClerk, one, "/counters/quay-2"), http.StatusNotFound)
	says(t, h.getSeeing(t, dossier.RoleClerk, dossier.Scope{}, "/counters"), http.StatusOK, say("en", "board.none"))
}

func TestWhatIsWrongWithAnEarlierFileStaysOnTheBoardUntilItIsDismissed(t *testing.T) {
	h := newHouse(t)
	h.refuse(t, "d1", "quay-1", "hong.pdf")
	h.takeIn(t, "d2", "quay-1", "tiep.pdf")
	loud := `class="said bad">` + dossier.Message("en", dossier.Reject(dossier.CodeDamaged, ""), "hong.pdf")
	says(t, h.get(t, dossier.RoleAdministrator, "/counters"), http.StatusOK, loud)
	says(t, h.post(t, dossier.RoleAdministrator, "/waiting/dismiss", "id=d1&reason=a+test"), http.StatusSeeOther)
	saysNot(t, h.get(t, dossier.RoleAdministrator, "/counters"), loud, `class="advice bad"`)
}

func TestADepositIsReadWhenItsLastPageIsAndItsBatchIsOpen(t *testing.T) {
	for _, c := range []struct {
		state       dossier.State
		pages, read int
		want        string
	}{
		{dossier.StateReading, 0, 0, "reading"},
		{dossier.StateReading, 3, 2, "reading"},
		{dossier.StateReading, 3, 3, "read"},
		{dossier.StatePublished, 3, 3, "published"},
	} {
		d := depositShown{BoardDeposit: catalog.BoardDeposit{State: c.state, Pages: c.pages, PagesRead: c.read}}
		if got := d.Stands(); got != c.want {
			t.Errorf("%s, %d of %d pages: %q, want %q", c.state, c.read, c.pages, got, c.want)
		}
	}
}
