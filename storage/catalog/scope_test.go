package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// twoOffices publishes a dossier of one page at a station of each of two departments, and returns their codes.
func twoOffices(t *testing.T, c *Catalog) (justice, health string) {
	t.Helper()
	a, b := given("a", "quay-1"), given("b", "quay-2")
	b.Deposit.Department = "so-y-te"
	takeIn(t, c, a)
	takeIn(t, c, b)
	return published(t, c, "a").Dossier.Code, published(t, c, "b").Dossier.Code
}

var (
	ofJustice = dossier.Scope{Departments: []string{"so-tu-phap"}}
	ofHealth  = dossier.Scope{Departments: []string{"so-y-te"}}
	ofQuay1   = dossier.Scope{Stations: []string{"quay-1"}}
	ofQuay2   = dossier.Scope{Stations: []string{"quay-2", "quay-3"}}
)

func TestARecordOutOfScopeIsNotThere(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, _ := twoOffices(t, c)
		ctx := t.Context()
		ask := func(s dossier.Scope) map[string]error {
			who := dossier.Principal{Name: "anna", Scope: s, Erase: true}
			asked := map[string]error{}
			_, asked["record"] = c.Record(ctx, code, s)
			_, asked["history"] = c.History(ctx, code, s)
			asked["state"] = c.SetDossierState(ctx, code, DossierDigitised, "", who)
			asked["place"] = c.SetPlace(ctx, code, "Kệ 3", "", who)
			_, asked["cut"] = c.Decide(ctx, code, 1, Decision{Do: DoCut, Page: 9}, who)
			_, asked["erase"] = c.Decide(ctx, code, 9, Decision{Do: DoErase, Reason: "x"}, who)
			for _, key := range []string{
				storage.OriginalKey("sha-of-a"), storage.PageKey("a-1", "image.jpg"), storage.DossierKey("so-tu-phap", 2026, code, 1, "dossier.pdf"),
			} {
				asked[key] = c.Sees(ctx, s, key)
			}
			return asked
		}
		for _, s := range []dossier.Scope{{}, ofHealth, ofQuay2} {
			for what, err := range ask(s) {
				misfit := (*Misfit)(nil)
				if what == "state" && errors.As(err, &misfit) {
					continue // refused before anything is read
				}
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("%s to %+v: %v", what, s, err)
				}
			}
		}
		for _, s := range []dossier.Scope{Everything(), ofJustice, ofQuay1, {Departments: []string{"so-y-te"}, Stations: []string{"quay-1"}}} {
			for what, err := range ask(s) {
				if errors.Is(err, ErrNotFound) {
					t.Errorf("%s to %+v: %v", what, s, err)
				}
			}
		}
	})
}

func TestADecisionReachesNoDossierOutOfScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, other := twoOffices(t, c)
		for _, d := range []Decision{{Do: DoJoin, Page: 1, To: other}, {Do: DoMove, Pages: []int{1}, To: other}, {Do: DoReassign, To: other}} {
			_, err := c.Decide(t.Context(), code, 1, d, dossier.Principal{Name: "anna", Scope: ofJustice})
			var misfit *Misfit
			if !errors.As(err, &misfit) {
				t.Errorf("%s: %v", d.Do, err)
			}
		}
		if d, err := c.Dossier(t.Context(), other); err != nil || d.Version != 1 {
			t.Errorf("%+v, %v", d, err)
		}
	})
}

func TestErasingNeedsItsRight(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, _ := twoOffices(t, c)
		who := by("anna")
		who.Erase = false
		if _, err := c.Decide(t.Context(), code, 1, Decision{Do: DoErase, Reason: "x"}, who); !errors.Is(err, ErrForbidden) {
			t.Errorf("%v", err)
		}
	})
}

func TestTheFeedTellsAScopeOfItsRecordsAndGoesOnBehindTheOthers(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, other := twoOffices(t, c)
		rejected := given("r", "quay-2")
		rejected.Deposit.Department = "so-y-te"
		rejected.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
		takeIn(t, c, rejected)
		told := func(s dossier.Scope) (subjects string, next string) {
			events, next, err := c.Events(t.Context(), "", 10, s)
			must(t, err)
			var bodies []string
			for _, e := range events {
				bodies = append(bodies, string(e.Body))
			}
			return strings.Join(bodies, "\n"), next
		}
		all, end := told(Everything())
		for _, s := range []dossier.Scope{ofHealth, ofQuay2} {
			if got, next := told(s); strings.Contains(got, code) || !strings.Contains(got, other) || !strings.Contains(got, `"id":"r"`) || next != end {
				t.Errorf("%+v is told %s, next %s", s, got, next)
			}
		}
		if got, next := told(ofJustice); !strings.Contains(got, code) || strings.Contains(got, other) || strings.Contains(got, `"r"`) || next != end {
			t.Errorf("told %s, next %s of %s", got, next, all)
		}
		if got, next := told(dossier.Scope{}); got != "" || next != end {
			t.Errorf("told %s, next %s", got, next)
		}
		if one, next, err := c.Events(t.Context(), "", 1, ofHealth); err != nil || len(one) != 1 || next != one[0].Cursor {
			t.Errorf("%+v, %s, %v", one, next, err)
		}
	})
}

func TestStatusCountsTheScopeOnly(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		twoOffices(t, c)
		takeIn(t, c, given("c", "quay-1"))
		for _, tt := range []struct {
			scope   dossier.Scope
			station string
			total   int
			waiting int
		}{{ofJustice, "quay-1", 2, 1}, {ofQuay2, "quay-2", 1, 0}, {dossier.Scope{}, "", 0, 0}} {
			s, err := c.Status(t.Context(), tt.scope)
			must(t, err)
			if len(s.Deliveries) > 0 || len(s.SwitchedOff) > 0 {
				t.Errorf("%+v is told of deliveries: %+v", tt.scope, s)
			}
			if tt.station == "" {
				if len(s.Stations) > 0 {
					t.Errorf("%+v", s)
				}
				continue
			}
			if len(s.Stations) != 1 || s.Stations[0].Station != tt.station || s.Stations[0].Total != tt.total || s.Stations[0].WaitingPages != tt.waiting {
				t.Errorf("%+v: %+v", tt.scope, s)
			}
		}
		if s, err := c.Status(t.Context(), Everything()); err != nil || len(s.Stations) != 2 {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestANumberIsFoundInTheScopeOnly(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, other := twoOffices(t, c)
		must(t, c.db.write(t.Context(), func(tx tx) error {
			for _, of := range []string{code, other} {
				err := addIdentities(t.Context(), tx, PublishedVersion{Code: of, Number: 1, Identities: []Identity{{Hash: "h", Page: 1}}})
				if err != nil {
					return err
				}
			}
			return nil
		}))
		for want, s := range map[string]dossier.Scope{code: ofJustice, other: ofQuay2, "": {}} {
			if got, err := c.Lookup(t.Context(), "h", s); err != nil || strings.Join(got, " ") != want {
				t.Errorf("%+v finds %q, %v", s, got, err)
			}
		}
	})
}

func TestAPageIsSeenWithTheDossierThatHoldsItAndItsFileWithAllOfThem(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		_, other := twoOffices(t, c)
		takeIn(t, c, given("two", "quay-1"))
		read(t, c, "two", 2)
		v, err := publish(t.Context(), c, "two")
		must(t, err)
		code := v.Dossier.Code
		// One page goes to the other department, by who sees both.
		made, err := c.Decide(t.Context(), code, 1, Decision{Do: DoMove, Pages: []int{2}, To: other}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		p := Published{Revision: made.ID}
		for i := range versions {
			p.Versions = append(p.Versions, publishedOf(&versions[i]))
		}
		must(t, c.Publish(t.Context(), p))
		for key, want := range map[string]bool{
			storage.PageKey("two-2", "image.jpg"): true, storage.PageKey("two-1", "image.jpg"): false, storage.OriginalKey("sha-of-two"): false,
			storage.PageKey("nothing", "image.jpg"): false, storage.OriginalKey("nothing"): false, "receipts/x": false, "pages/%zz/x": false,
		} {
			if err := c.Sees(t.Context(), ofHealth, key); (err == nil) != want {
				t.Errorf("%s: %v", key, err)
			}
		}
		both := dossier.Scope{Departments: []string{"so-y-te", "so-tu-phap"}}
		if err := c.Sees(t.Context(), both, storage.OriginalKey("sha-of-two")); err != nil {
			t.Error(err)
		}
	})
}

func TestAQueryIsNarrowedToWhatAScopeSees(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		names := []string{"a", "b", "c", "d' OR 1=1 --"}
		var all []dossier.Deposit
		for i, department := range names {
			for j, station := range names {
				n := given(fmt.Sprintf("d%d%d", i, j), station)
				n.Deposit.Department = department
				takeIn(t, c, n)
				all = append(all, n.Deposit)
			}
		}
		some := rapid.SliceOfN(rapid.SampledFrom(append(names, "nobody")), 0, 3)
		rapid.Check(t, func(r *rapid.T) {
			s := dossier.Scope{All: rapid.IntRange(0, 5).Draw(r, "all") == 0, Departments: some.Draw(r, "departments"), Stations: some.Draw(r, "stations")}
			in, args := within(s, "d")
			got, err := collect(t.Context(), c.db, scanOne[string], `SELECT d.id FROM deposits d WHERE `+in+` ORDER BY d.id`, args...)
			if err != nil {
				r.Fatal(err)
			}
			var want []string
			for _, d := range all {
				if s.Sees(d.Department, d.Station) {
					want = append(want, d.ID)
				}
			}
			if !slices.Equal(got, want) {
				r.Fatalf("%+v: %v, not %v", s, got, want)
			}
		})
	})
}

func TestADossierIsGivenNoNameThatEventsOfOthersGoBy(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code, _ := twoOffices(t, c)
		clerk := dossier.Principal{Name: "anna", Scope: ofQuay1}
		for _, to := range []string{"b", "test case-system", "a/b", ".a", "a\x00b", "a\xffb", "ơ", strings.Repeat("x", 65)} {
			_, err := c.Decide(t.Context(), code, 1, Decision{Do: DoReassign, To: to}, clerk)
			var misfit *Misfit
			if !errors.As(err, &misfit) {
				t.Errorf("%q: %v", to, err)
			}
		}
		_, err := c.Decide(t.Context(), code, 1, Decision{Do: DoReassign, To: "H42.16-240112-0003"}, clerk)
		must(t, err)
	})
}

func TestACursorTellsNothingOfARecordOutOfScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		justice, health := twoOffices(t, c)
		for before, known := range map[string]bool{justice: true, health: false, "none": false} {
			if _, err := c.Dossiers(t.Context(), DossierFilter{Scope: ofJustice, Before: before}); errors.Is(err, ErrCursor) == known {
				t.Errorf("dossiers before %s: %v", before, err)
			}
		}
		for before, known := range map[string]bool{"a": true, "b": false, "none": false} {
			if _, err := c.Deposits(t.Context(), DepositFilter{Scope: ofJustice, Before: before}); errors.Is(err, ErrCursor) == known {
				t.Errorf("deposits before %s: %v", before, err)
			}
		}
	})
}

func TestAPageIsReadByWhoSeesTheDossierThatItIsIn(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		justice, health := twoOffices(t, c)
		if _, err := c.Page(t.Context(), ofHealth, "a-1"); !errors.Is(err, ErrNotFound) {
			t.Errorf("before it is moved: %v", err)
		}
		made, err := c.Decide(t.Context(), justice, 1, Decision{Do: DoMove, Pages: []int{1}, To: health}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		must(t, c.Publish(t.Context(), Published{Revision: made.ID, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		for _, s := range []dossier.Scope{ofHealth, ofJustice} { // of the dossier, and of the deposit
			if p, err := c.Page(t.Context(), s, "a-1"); err != nil || p.ID != "a-1" {
				t.Errorf("%+v: %v", s, err)
			}
		}
	})
}

func TestOfADossierOutOfScopeItsDepositsTellNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		justice, health := twoOffices(t, c)
		made, err := c.Decide(t.Context(), justice, 1, Decision{Do: DoMove, Pages: []int{1}, To: health}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), made.ID)
		must(t, err)
		v := publishedOf(&versions[0])
		v.Procedure = "1.000894"
		must(t, c.Publish(t.Context(), Published{Revision: made.ID, Versions: []PublishedVersion{v}}))
		codes := depositOf(t, c, "a").Dossiers
		for _, of := range []struct {
			scope dossier.Scope
			codes []string
			name  string
		}{{ofJustice, nil, ""}, {ofHealth, []string{health}, "1.000894"}, {Everything(), []string{health}, "1.000894"}} {
			if got, err := c.InScope(t.Context(), of.scope, codes); err != nil || !slices.Equal(got, of.codes) {
				t.Errorf("%+v: %q, %v", of.scope, got, err)
			}
			r, err := c.Report(t.Context(), ReportQuery{Scope: of.scope, From: noon.AddDate(0, 0, -1), To: noon.AddDate(0, 0, 1), By: ByProcedure})
			if err != nil || len(r.Rows) == 0 || r.Rows[0].Name != of.name {
				t.Errorf("%+v: %+v, %v", of.scope, r.Rows, err)
			}
		}
	})
}
