package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestADepositTellsOfTheDossiersThatTheCallerSees(t *testing.T) {
	s := prepare(t)
	v := newSurvey(t, s)
	at := time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)
	_, err := s.catalog.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
		ID: "d9", Station: "quay-9", Department: "so-khac", Name: "a.pdf", SHA256: strings.Repeat("9", 64), Bytes: 1, ModifiedAt: at, ReceivedAt: at,
	}})
	must(t, err)
	must(t, s.catalog.Split(t.Context(), catalog.Split{DepositID: "d9", Pages: 1}))
	must(t, s.catalog.PageDone(t.Context(), catalog.PageDone{PageID: "d9-1", ArtifactID: "d9-1"}))
	plan := catalog.Plan{Documents: []catalog.PlanDocument{{Pages: []string{"d9-1"}}}}
	versions, err := s.catalog.Reserve(t.Context(), "d9", []catalog.Part{{Plan: plan}})
	must(t, err)
	publish(t, s.catalog, "d9", versions)
	made, err := s.catalog.Decide(t.Context(), versions[0].Dossier.Code, 1, catalog.Decision{Do: catalog.DoMove, Pages: []int{1}, To: v.code}, by("anna"))
	must(t, err)
	versions, err = s.catalog.Revision(t.Context(), made.ID)
	must(t, err)
	publish(t, s.catalog, made.ID, versions)
	for name, sees := range map[string]bool{"all-archivist-true": true, "elsewhere-archivist-true": false} {
		for _, path := range []string{"/api/v1/deposits/d9", "/api/v1/deposits?station=quay-9"} {
			status, told := v.ask(t, route{method: http.MethodGet}, path, [2]string{"Authorization", "Bearer " + name})
			if status != http.StatusOK || !strings.Contains(told, "d9") || strings.Contains(told, v.code) != sees {
				t.Errorf("%s %s: %d %s", name, path, status, told)
			}
		}
	}
}
