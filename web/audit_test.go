package web_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestWhoLooksAtADeliveryHasLookedAtWhatItTellsOf(t *testing.T) {
	s := prepare(t)
	s.uploads = &taker{}
	s.serve(t, s.store)
	s.catalog.SetSubscribers([]catalog.Subscriber{{Name: "1"}})
	code := s.publishDossier(t)
	s.takeIn(t, 2) // d1 is there already
	must(t, s.catalog.Reject(t.Context(), "d2", dossier.Reject(dossier.CodeDamaged, "no end"), ""))
	_, err := s.catalog.SendTest(t.Context(), dossier.Principal{}, "", "1")
	must(t, err)
	list, err := s.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{})
	must(t, err)
	as := []string{"Authorization", "Bearer " + mender}
	for i := range list {
		if a := s.get(t, "/api/v1/deliveries/"+list[i].ID, as...); a.status != http.StatusOK {
			t.Fatalf("%+v", a)
		}
	}
	for _, path := range []string{"/api/v1/deliveries", "/api/v1/quarantine", "/api/v1/quarantine?limit=1", "/api/v1/events", "/api/v1/events?limit=1"} {
		if a := s.get(t, path, as...); a.status != http.StatusOK {
			t.Fatalf("%s: %+v", path, a)
		}
	}
	log, err := s.catalog.AuditLog(t.Context(), catalog.AuditFilter{Who: "mender"})
	must(t, err)
	var got []string
	for _, row := range log {
		got = append(got, string(row.Action)+" "+row.Subject)
	}
	want := []string{"export events", "export quarantine", "dossier.view " + code, "deposit.view d2"}
	if slices.Sort(got); len(list) != 3 || !slices.Equal(got, slices.Sorted(slices.Values(want))) {
		t.Errorf("of %d deliveries %q", len(list), got)
	}
}
