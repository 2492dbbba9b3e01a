package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/storage/catalog"
)

func TestWhatIsSentAgainUnderItsKeyIsDoneOnceAndAnsweredAlike(t *testing.T) {
	s := start(t)
	s.catalog.SetSubscribers([]catalog.Subscriber{{Name: "1"}, {Name: "2"}})
	s.publishDossier(t)
	told, err := s.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{})
	must(t, err)
	for i := range told {
		must(t, s.catalog.Delivered(t.Context(), told[i].ID, catalog.Attempt{Status: 204}))
	}
	as := []string{"Authorization", "Bearer " + mender}
	under := append([]string{"Idempotency-Key", `"k1"`}, as...)
	replay := `{"deliveries":["` + told[0].ID + `"]}`
	for path, body := range map[string]string{"/api/v1/deliveries/replay": replay, "/api/v1/subscribers/1/test": ""} {
		before := sent(t, s)
		first := s.post(t, path, body, under...)
		again := s.post(t, path, body, under...)
		if first.status/100 != 2 || again.status != first.status || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") {
			t.Errorf("%s: %+v, then %+v", path, first, again)
		}
		if now := sent(t, s); now != before+1 {
			t.Errorf("%s: %d deliveries were pending, now %d are", path, before, now)
		}
	}
	for path, body := range map[string]string{
		"/api/v1/deliveries/replay": `{"deliveries":["` + told[1].ID + `"]}`, "/api/v1/subscribers/2/test": "",
	} {
		a := s.post(t, path, body, under...)
		wantProblem(t, a, http.StatusUnprocessableEntity)
		if !strings.Contains(a.body, `"code":"key_reused"`) {
			t.Errorf("%s: %s", path, a.body)
		}
	}
	wantProblem(t, s.post(t, "/api/v1/subscribers/none/test", "", as...), http.StatusNotFound)
	before := sent(t, s)
	for range 2 {
		if a := s.post(t, "/api/v1/subscribers/2/test", "", as...); a.status != http.StatusAccepted {
			t.Errorf("without a key: %+v", a)
		}
	}
	if now := sent(t, s); now != before+2 {
		t.Errorf("without a key %d tests were sent, not 2", now-before)
	}
}

// sent counts the deliveries that go out.
func sent(t *testing.T, s *site) int {
	t.Helper()
	list, err := s.catalog.Deliveries(t.Context(), catalog.Everything(), catalog.DeliveryFilter{State: catalog.DeliveryPending})
	must(t, err)
	return len(list)
}
