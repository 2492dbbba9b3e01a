package pages

import (
	"net/http"
	"testing"

	"github.com/dossierd/dossierd/dossier"
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
