package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// refuse takes a deposit in and rejects it; minutes is how much later than noon it comes.
func refuse(t *testing.T, c *Catalog, id, station string, code dossier.Code, minutes int) {
	t.Helper()
	n := given(id, station)
	n.Deposit.ReceivedAt = noon.Add(time.Duration(minutes) * time.Minute)
	takeIn(t, c, n)
	must(t, c.Reject(t.Context(), id, dossier.Reject(code, ""), ""))
}

// quarantined are the ids that the quarantine lists, in its order.
func quarantined(t *testing.T, c *Catalog, s dossier.Scope, f QuarantineFilter) []string {
	t.Helper()
	list, err := c.Quarantine(t.Context(), s, f)
	must(t, err)
	ids := []string{}
	for _, q := range list {
		ids = append(ids, q.ID)
	}
	return ids
}

func TestTheQuarantineListsWhatWaitsLongestFirst(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 3)
		refuse(t, c, "d2", "quay-2", dossier.CodeEncrypted, 2)
		refuse(t, c, "d3", "quay-1", dossier.CodeEncrypted, 1)
		takeIn(t, c, given("d4", "quay-1"))
		_, err := c.Assign(t.Context(), everybody, []string{"d2"}, "anna")
		must(t, err)
		_, err = c.Dismiss(t.Context(), by("anna"), []string{"d3"}, "a test page")
		must(t, err)
		for _, tt := range []struct {
			scope  dossier.Scope
			filter QuarantineFilter
			want   []string
		}{
			{all, QuarantineFilter{}, []string{"d2", "d1"}},
			{all, QuarantineFilter{Limit: 1}, []string{"d2"}},
			{all, QuarantineFilter{After: "d2"}, []string{"d1"}},
			{all, QuarantineFilter{Station: "quay-1"}, []string{"d1"}},
			{all, QuarantineFilter{Code: dossier.CodeEncrypted}, []string{"d2"}},
			{all, QuarantineFilter{Assigned: "anna"}, []string{"d2"}},
			{all, QuarantineFilter{Unassigned: true}, []string{"d1"}},
			{all, QuarantineFilter{Dismissed: true}, []string{"d3"}},
			{dossier.Scope{}, QuarantineFilter{}, []string{}},
			{dossier.Scope{Stations: []string{"quay-1"}}, QuarantineFilter{}, []string{"d1"}},
			{dossier.Scope{Departments: []string{"so-tu-phap"}}, QuarantineFilter{}, []string{"d2", "d1"}},
			{dossier.Scope{Departments: []string{"so-y-te"}, Stations: []string{"quay-2"}}, QuarantineFilter{}, []string{"d2"}},
		} {
			if got := quarantined(t, c, tt.scope, tt.filter); !slices.Equal(got, tt.want) {
				t.Errorf("%+v %+v: %q, want %q", tt.scope, tt.filter, got, tt.want)
			}
		}
	})
}

func TestTheQuarantineGoesOnBehindADepositOfTheScopeOnly(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 2)
		refuse(t, c, "d2", "quay-2", dossier.CodeDamaged, 1)
		for _, after := range []string{"d1", "unknown"} {
			list, err := c.Quarantine(t.Context(), dossier.Scope{Stations: []string{"quay-2"}}, QuarantineFilter{After: after})
			if !errors.Is(err, ErrCursor) {
				t.Errorf("behind %s: %v, %v", after, list, err)
			}
		}
	})
}

func TestTheQuarantineSaysWhatCanBeShownAndTriedAgain(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		must(t, c.AddLook(t.Context(), "d1", dossier.Look{Page: 2, Pages: 2}, true))
		must(t, c.AddLook(t.Context(), "d1", dossier.Look{Page: 1, Pages: 2}, false))
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeWorkerCrashed, ""), ""))
		link := given("d2", "quay-1")
		link.Deposit.SHA256, link.Rejection = "", dossier.Reject(dossier.CodeNotAFile, "symlink")
		takeIn(t, c, link)
		list, err := c.Quarantine(t.Context(), all, QuarantineFilter{})
		must(t, err)
		if len(list) != 2 || !list[0].Retryable || !slices.Equal(list[0].Thumbs, []string{"d1-2"}) || list[1].Retryable || list[1].Thumbs != nil {
			t.Errorf("%+v", list)
		}
	})
}

func TestADismissedDepositStaysCountedAndIsTold(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 0)
		before := depositOf(t, c, "d1")
		for range 2 { // a second time changes nothing
			refused, err := c.Dismiss(t.Context(), by("anna"), []string{"d1"}, " of 001089012345 ")
			if err != nil || len(refused) > 0 {
				t.Fatal(refused, err)
			}
		}
		d := depositOf(t, c, "d1")
		if d.Dismissed == nil || d.Dismissed.By != "anna" || d.Dismissed.Reason != "of 001089012345" || d.State != before.State {
			t.Errorf("%+v", d)
		}
		s, err := c.Status(t.Context(), Everything())
		must(t, err)
		if st := s.Stations[0]; st.Deposits[dossier.StateRejected] != 1 || st.Total != 1 || st.Dismissed != 1 {
			t.Errorf("%+v", st)
		}
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		var e dossier.Event
		must(t, json.Unmarshal(events[len(events)-1].Body, &e))
		if len(events) != 2 || e.Type != dossier.EventDepositDismissed || e.Sequence != 2 || e.Data.Deposit.Dismissed.Reason != "of 001*****2345" {
			t.Errorf("%d events, %+v", len(events), e)
		}
		receipts, err := c.Receipts(t.Context(), "quay-1", 10)
		must(t, err)
		if len(receipts) != 1 || receipts[0].Files[0].Deposit.Dismissed == nil {
			t.Errorf("%+v", receipts)
		}
	})
}

func TestWhatIsTriedAgainIsDismissedNoMore(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeWorkerTimedOut, 0)
		_, err := c.Dismiss(t.Context(), by("anna"), []string{"d1"}, "hopeless")
		must(t, err)
		refused, err := c.Requeue(t.Context(), everybody, []string{"d1"}, &dossier.Retry{Plain: true})
		if err != nil || len(refused) > 0 {
			t.Fatal(refused, err)
		}
		if d := depositOf(t, c, "d1"); d.Dismissed != nil || d.State != dossier.StateReceived || d.Retry == nil || !d.Retry.Plain {
			t.Errorf("%+v", d)
		}
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeWorkerTimedOut, ""), ""))
		must(t, requeueOne(t.Context(), c, "d1"))
		if d := depositOf(t, c, "d1"); d.Retry != nil {
			t.Errorf("as everything is read: %+v", d.Retry)
		}
	})
}

func TestOfSeveralDepositsThoseThatDoNotFitAreReturned(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 0)
		refuse(t, c, "d2", "quay-2", dossier.CodeDamaged, 0)
		takeIn(t, c, given("d3", "quay-1"))
		one := dossier.Principal{Name: "one", Scope: dossier.Scope{Stations: []string{"quay-1"}}}
		ids := []string{"d2", "d3", "unknown", "d1"}
		for name, do := range map[string]func() ([]Refused, error){
			"assign":  func() ([]Refused, error) { return c.Assign(t.Context(), one, ids, "anna") },
			"dismiss": func() ([]Refused, error) { return c.Dismiss(t.Context(), one, ids, "a test") },
			"requeue": func() ([]Refused, error) { return c.Requeue(t.Context(), one, ids, nil) },
		} {
			must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
			refused, err := do()
			must(t, err)
			var got []string
			for _, r := range refused {
				got = append(got, fmt.Sprint(r.ID, " ", errors.Is(r.Err, ErrNotFound), errors.Is(r.Err, ErrNotRejected)))
			}
			if want := []string{"d2 true false", "d3 false true", "unknown true false"}; !slices.Equal(got, want) {
				t.Errorf("%s refuses %q, want %q", name, got, want)
			}
		}
		if d := depositOf(t, c, "d2"); d.Assigned != "" || d.Dismissed != nil || d.State != dossier.StateRejected {
			t.Errorf("out of the scope: %+v", d)
		}
	})
}

func TestWhatIsMendedAndNothingElseStandsInTheAuditLog(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 0)
		takeIn(t, c, given("d2", "quay-1"))
		ids, anna := []string{"d2", "unknown", "d1"}, by("anna")
		_, err := c.Assign(t.Context(), anna, ids, "ông 001089012345 ")
		must(t, err)
		for range 2 {
			_, err = c.Dismiss(t.Context(), anna, ids, "of 001089012345")
			must(t, err)
		}
		for range 2 {
			_, err = c.Requeue(t.Context(), anna, ids, &dossier.Retry{Plain: true})
			must(t, err)
		}
		log, err := c.AuditLog(t.Context(), AuditFilter{Action: ActionMend})
		must(t, err)
		var got []string
		for _, a := range log {
			got = append(got, a.Who+" "+a.Subject+" "+string(a.Details))
		}
		want := []string{`anna d1 {"retry":{"plain":true}}`, `anna d1 {"dismiss":true}`, `anna d1 {"assign":"ông 001*****2345"}`}
		if !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func TestADismissalNeedsAReason(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		refuse(t, c, "d1", "quay-1", dossier.CodeDamaged, 0)
		_, err := c.Dismiss(t.Context(), by("anna"), []string{"d1"}, " ")
		if misfit := (*Misfit)(nil); !errors.As(err, &misfit) || depositOf(t, c, "d1").Dismissed != nil {
			t.Errorf("%v", err)
		}
	})
}
