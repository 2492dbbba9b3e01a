package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// standing is a dossier's state and its history, with who saw to each.
func standing(t *testing.T, c *Catalog, code string) string {
	t.Helper()
	d, err := c.Dossier(t.Context(), code)
	must(t, err)
	steps, err := c.History(t.Context(), code, Everything())
	must(t, err)
	said := string(d.State) + ":"
	for i, s := range steps {
		if i > 0 && s.At.Before(steps[i-1].At) {
			t.Errorf("%s came before %s", s.State, steps[i-1].State)
		}
		said += fmt.Sprintf(" %s by %s", s.State, s.Who)
	}
	return said
}

// told lists the events about a dossier, in the order of their sequence: type and the state that they tell.
func told(t *testing.T, c *Catalog, code string) string {
	t.Helper()
	bodies, err := collect(t.Context(), c.db, scanOne[string], `SELECT body FROM events WHERE subject = ? ORDER BY sequence`, code)
	must(t, err)
	said := ""
	for _, body := range bodies {
		var e dossier.Event
		must(t, json.Unmarshal([]byte(body), &e))
		said += fmt.Sprintf("%s %s %d;", e.Type, e.Data.Dossier.State, e.Data.Dossier.Version)
	}
	return said
}

// deliverAll has the case system acknowledge everything about a dossier, and says how much that was.
func deliverAll(t *testing.T, c *Catalog, code string) int {
	t.Helper()
	for n := 0; ; n++ {
		d := next(t, c, code)
		if d == nil || n == 20 {
			return n
		}
		must(t, c.Delivered(t.Context(), d.ID, Attempt{Status: 204}))
	}
}

func TestADossierIsTransferredOnceASubscriberHasIt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}, {Name: "archive"}})
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		if got, want := standing(t, c, code), "digitised: received by quay-1 digitised by quay-1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if n := deliverAll(t, c, code); n != 2 {
			t.Errorf("%d events were delivered, want the publication and the state", n)
		}
		late, err := c.NextDelivery(t.Context(), "archive", code)
		must(t, err)
		must(t, c.Delivered(t.Context(), late.ID, Attempt{Status: 204}))
		if _, err := c.Replay(t.Context(), all, []string{late.ID}); err != nil {
			t.Fatal(err)
		}
		must(t, c.Delivered(t.Context(), late.ID, Attempt{Status: 204}))
		if got, want := standing(t, c, code), "transferred: received by quay-1 digitised by quay-1 transferred by case-system"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got, want := told(t, c, code), "dossier.published  1;dossier.state transferred 1;"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestADossierIsNotTransferredByAFailedDelivery(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		d := next(t, c, code)
		must(t, c.DeliveryFailed(t.Context(), d.ID, Attempt{Status: 500, Error: "broken"}, noon, true))
		must(t, c.Delivered(t.Context(), d.ID, Attempt{Status: 204})) // came too late: it was given up
		if got, want := standing(t, c, code), "digitised: received by quay-1 digitised by quay-1"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestAStateIsSetByHandAndNeverGoesBack(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		must(t, c.SetDossierState(t.Context(), code, DossierReturned, "", by("Hoa")))
		must(t, c.SetDossierState(t.Context(), code, DossierReturned, "", by("Lan")))
		if err := c.SetDossierState(t.Context(), code, DossierResult, "", by("Hoa")); !errors.Is(err, ErrPast) {
			t.Errorf("back to the result: %v", err)
		}
		deliverAll(t, c, code)
		if got, want := standing(t, c, code), "returned: received by quay-1 digitised by quay-1 returned by Hoa"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got, want := told(t, c, code), "dossier.published  1;dossier.state returned 1;"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestNoStateIsSetThatADossierCantBeIn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 1)
		v, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		code := v.Dossier.Code
		set := func(code string, state DossierState) error {
			return c.SetDossierState(t.Context(), code, state, "", by("Hoa"))
		}
		var misfit *Misfit
		if err := set(code, DossierReturned); !errors.As(err, &misfit) {
			t.Errorf("before it is published: %v", err)
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(v)}}))
		for _, state := range []DossierState{DossierReceived, DossierDigitised, DossierWithdrawn, "lost"} {
			if err := set(code, state); !errors.As(err, &misfit) {
				t.Errorf("%s: %v", state, err)
			}
		}
		if err := set("quay-1-20260105-9999", DossierReturned); !errors.Is(err, ErrNotFound) {
			t.Errorf("of no dossier: %v", err)
		}
		change(t, c, `UPDATE dossiers SET state = 'withdrawn' WHERE code = ?`, code)
		if err := set(code, DossierReturned); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("of a withdrawn one: %v", err)
		}
		if err := c.SetPlace(t.Context(), code, "Kệ 3", "", by("anna")); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("place of a withdrawn one: %v", err)
		}
	})
}

func TestThePlaceOfThePaperIsKept(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		must(t, c.SetPlace(t.Context(), code, "Kệ 3, hộp 12", "", by("anna")))
		d, err := c.Dossier(t.Context(), code)
		must(t, err)
		if d.Place != "Kệ 3, hộp 12" {
			t.Errorf("it lies in %q", d.Place)
		}
		if err := c.SetPlace(t.Context(), "none", "Kệ 3", "", by("anna")); !errors.Is(err, ErrNotFound) {
			t.Errorf("of no dossier: %v", err)
		}
		if _, err := c.History(t.Context(), "none", Everything()); !errors.Is(err, ErrNotFound) {
			t.Errorf("history of no dossier: %v", err)
		}
	})
}

// publishAs publishes what a batch becomes, which is said to bring a dossier into a state, as part of dossier code.
func publishAs(t *testing.T, c *Catalog, id, code string, state DossierState) error {
	t.Helper()
	read(t, c, id, 1)
	a, err := c.Assembly(t.Context(), id)
	must(t, err)
	part := whole(a)
	part.Code = code
	versions, err := c.Reserve(t.Context(), id, []Part{part})
	must(t, err)
	p := publishedOf(&versions[0])
	p.Reached, p.ReachedBy = state, "quay-results"
	return c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{p}})
}

func TestAVersionBringsItsDossierIntoTheStateThatItsPapersTell(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		takeIn(t, c, given("d2", "quay-results"))
		must(t, publishAs(t, c, "d2", code, DossierResult))
		must(t, c.Publish(t.Context(), Published{Revision: "d2"})) // a job that died before it could say so
		takeIn(t, c, given("d3", "quay-results"))
		must(t, publishAs(t, c, "d3", code, DossierReturned))
		takeIn(t, c, given("d4", "quay-results"))
		must(t, publishAs(t, c, "d4", code, DossierResult))
		if got, want := standing(t, c, code), "returned: received by quay-1 digitised by quay-1 result_received by quay-results returned by quay-results"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
		want := "dossier.published  1;dossier.published  2;dossier.state result_received 2;dossier.published  3;dossier.state returned 3;dossier.published  4;"
		if got := told(t, c, code); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}

func TestAResultForAWithdrawnDossierIsALaterPaperOfIt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		change(t, c, `UPDATE dossiers SET state = 'withdrawn' WHERE code = ?`, code)
		takeIn(t, c, given("d2", "quay-results"))
		must(t, publishAs(t, c, "d2", code, ""))
		d, err := c.Dossier(t.Context(), code)
		must(t, err)
		if d.State != DossierDigitised || d.Version != 2 {
			t.Errorf("%+v", d)
		}
	})
}

func TestACodeIsInUseUntilItsDossierIsWithdrawn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		takeIn(t, c, given("d2", "quay-1"))
		one, two := published(t, c, "d1").Dossier.Code, published(t, c, "d2").Dossier.Code
		change(t, c, `UPDATE dossiers SET state = 'withdrawn' WHERE code = ?`, two)
		known, err := c.InUse(t.Context(), []string{"none", two, one})
		must(t, err)
		if !slices.Equal(known, []string{one}) {
			t.Errorf("%q", known)
		}
	})
}

func TestAChangeOfADossierThatWasChangedMeanwhileIsRefused(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		d, err := c.Dossier(t.Context(), code)
		must(t, err)
		seen := d.Tag()
		must(t, c.SetPlace(t.Context(), code, "Kệ 3", seen, by("anna")))
		if err := c.SetPlace(t.Context(), code, "Kệ 4", seen, by("binh")); !errors.Is(err, ErrStale) {
			t.Errorf("another place: %v", err)
		}
		if err := c.SetDossierState(t.Context(), code, DossierReturned, seen, by("binh")); !errors.Is(err, ErrStale) {
			t.Errorf("a state: %v", err)
		}
		must(t, c.SetPlace(t.Context(), code, "Kệ 3", seen, by("anna"))) // the same request again
		d, err = c.Dossier(t.Context(), code)
		must(t, err)
		if d.Place != "Kệ 3" || d.State == DossierReturned {
			t.Errorf("%+v", d)
		}
		seen = d.Tag()
		for range 2 {
			must(t, c.SetDossierState(t.Context(), code, DossierReturned, seen, by("anna")))
		}
		for _, tag := range []string{"", "1"} { // whatever was seen; the version alone
			must(t, c.SetPlace(t.Context(), code, "Kệ 5"+tag, tag, by("anna")))
		}
		if err := c.SetPlace(t.Context(), code, "Kệ 6", "2", by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("of another version: %v", err)
		}
	})
}
