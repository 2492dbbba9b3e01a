package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
)

// decided lets a decision be taken and its versions be made.
func decided(t testing.TB, c *Catalog, code string, version int, d Decision) Decided {
	t.Helper()
	made, err := c.Decide(t.Context(), code, version, d, by("anna"))
	must(t, err)
	must(t, (&clerk{c: c}).Revise(t.Context(), made.ID))
	return made
}

func TestADecisionMakesTheNextVersionOfEveryDossierItTouches(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, given("d2", "quay-1"))
		b := published(t, c, "d2")
		made := decided(t, c, a.Dossier.Code, 1, Decision{Do: DoMove, Pages: []int{3}, To: b.Dossier.Code})
		want := []VersionKey{{a.Dossier.Code, 2}, {b.Dossier.Code, 2}}
		if !slices.Equal(made.Versions, want) {
			t.Errorf("made %+v", made.Versions)
		}
		for _, k := range want {
			if d, err := c.Dossier(t.Context(), k.Code); err != nil || d.Version != 2 {
				t.Errorf("%+v, %v", d, err)
			}
		}
		if got := depositOf(t, c, "d1").Dossiers; !slices.Equal(got, []string{a.Dossier.Code, b.Dossier.Code}) {
			t.Errorf("the deposit's dossiers are %q", got)
		}
		if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("about an old version: %v", err)
		}
	})
}

func TestWhileAVersionIsMadeNoOtherIsDecided(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		a, err := publish(t.Context(), c, "d1")
		must(t, err)
		first, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		must(t, err)
		for _, d := range []Decision{{Do: DoCut, Page: 3}, {Do: DoWithdraw, Reason: "wrong"}} {
			if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, d, by("anna")); !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", d.Do, err)
			}
		}
		must(t, (&clerk{c: c}).Revise(t.Context(), first.ID))
		decided(t, c, a.Dossier.Code, 2, Decision{Do: DoCut, Page: 3})
	})
}

// Its pages are in the other one by then: they would be in two.
func TestADossierThatIsAboutToEndTakesInNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		one, two := publishedAs(t, c, "d1", "H42.16-240112-0001"), publishedAs(t, c, "d2", "H42.16-240112-0002")
		first, err := c.Decide(t.Context(), one, 1, Decision{Do: DoJoin, To: two}, by("anna"))
		must(t, err)
		for _, d := range []Decision{{Do: DoCut, Page: 2}, {Do: DoWithdraw, Reason: "wrong"}} {
			if _, err := c.Decide(t.Context(), two, 1, d, by("bao")); !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", d.Do, err)
			}
		}
		takeIn(t, c, given("d3", "quay-1"))
		read(t, c, "d3", 1)
		late := partAs(t, c, "d3", two)
		if _, err := c.Reserve(t.Context(), "d3", []Part{late}); !errors.Is(err, ErrBusy) {
			t.Errorf("a paper of it: %v", err)
		}
		must(t, (&clerk{c: c}).Revise(t.Context(), first.ID))
		versions, err := c.Reserve(t.Context(), "d3", []Part{late})
		must(t, err)
		if v := versions[0]; v.Number != 2 || v.Plan.Pages() != 1 {
			t.Errorf("what comes for the code afterwards is %+v", v)
		}
	})
}

// partAs is what a batch becomes whose papers name a dossier.
func partAs(t testing.TB, c *Catalog, batchID, code string) Part {
	t.Helper()
	a, err := c.Assembly(t.Context(), batchID)
	must(t, err)
	part := whole(a)
	part.Code = code
	return part
}

// publishedAs takes in a deposit of two pages that becomes a dossier of the code, which it returns.
func publishedAs(t testing.TB, c *Catalog, id, code string) string {
	t.Helper()
	takeIn(t, c, given(id, "quay-1"))
	read(t, c, id, 2)
	versions, err := c.Reserve(t.Context(), id, []Part{partAs(t, c, id, code)})
	must(t, err)
	must(t, c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
	return code
}

func TestDecisionsAtOnceAboutTwoDossiersOfOneDepositAreBothHeldByIt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 4)
		versions, err := c.Reserve(t.Context(), "d1", []Part{
			{Code: "A-1", Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-1", "d1-2"}}}}},
			{Code: "B-1", Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-3", "d1-4"}}}}},
		})
		must(t, err)
		p := Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(&versions[0]), publishedOf(&versions[1])}}
		must(t, c.Publish(t.Context(), p))
		var g errgroup.Group
		must(t, c.db.write(t.Context(), func(tx tx) error { // the last that decisions lock: they go as far as they can
			var last int64
			if err := tx.queryRow(t.Context(), `SELECT number FROM audit_head FOR UPDATE`).Scan(&last); err != nil {
				return err
			}
			for _, code := range []string{"A-1", "B-1"} {
				g.Go(func() error {
					cut := Decision{Do: DoCut, Level: dossier.CutDossier, Page: 2, To: code + ".2"}
					_, err := c.Decide(t.Context(), code, 1, cut, by("anna"))
					return err
				})
			}
			return awaitWaiting(t.Context(), c, 2)
		}))
		must(t, g.Wait())
		got := depositOf(t, c, "d1").Dossiers
		if slices.Sort(got); !slices.Equal(got, []string{"A-1", "A-1.2", "B-1", "B-1.2"}) {
			t.Errorf("the deposit's dossiers are %q", got)
		}
	})
}

// awaitWaiting waits until n transactions wait for others. In SQLite they wait before they begin.
func awaitWaiting(ctx context.Context, c *Catalog, n int) error {
	if _, is := c.db.(*sqlite); is {
		return nil
	}
	for waiting := 0; waiting < n; {
		err := c.db.queryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		if err != nil {
			return err
		}
	}
	return nil
}

func TestAReassignedDossierIsVersionOneThereAndWithdrawnHere(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		const code = "H42.16-240112-0003"
		decided(t, c, a.Dossier.Code, 1, Decision{Do: DoReassign, To: code})
		here, err := c.Dossier(t.Context(), a.Dossier.Code)
		must(t, err)
		there, err := c.Dossier(t.Context(), code)
		must(t, err)
		if here.State != DossierWithdrawn || here.Reason == "" || there.Version != 1 || there.State != DossierDigitised {
			t.Errorf("here %+v, there %+v", here, there)
		}
		if got := typesOf(t, c, a.Dossier.Code); got != "dossier.published dossier.withdrawn" {
			t.Errorf("events here: %s", got)
		}
		if got := typesOf(t, c, code); got != "dossier.published" {
			t.Errorf("events there: %s", got)
		}
		if _, err := c.Decide(t.Context(), a.Dossier.Code, 1, Decision{Do: DoWithdraw, Reason: "again"}, by("anna")); !errors.Is(err, ErrWithdrawn) {
			t.Errorf("about a withdrawn one: %v", err)
		}
	})
}

func TestAWithdrawnDossierTellsItsReason(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		if made := decided(t, c, a.Dossier.Code, 1, Decision{Do: DoWithdraw, Reason: "wrong counter"}); len(made.Versions) != 0 {
			t.Errorf("made %+v", made)
		}
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		var e dossier.Event
		must(t, json.Unmarshal(events[len(events)-1].Body, &e))
		if e.Type != dossier.EventDossierWithdrawn || e.Sequence != 2 || e.Data.Dossier.Reason != "wrong counter" {
			t.Errorf("%+v", e)
		}
	})
}

func TestPapersThatNameADossierJoinItAsItsNextVersion(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const code = "H42.16-240112-0003"
		for i, id := range []string{"d1", "d2"} {
			takeIn(t, c, given(id, "quay-1"))
			read(t, c, id, 2)
			a, err := c.Assembly(t.Context(), id)
			must(t, err)
			part := whole(a)
			part.Code = code
			versions, err := c.Reserve(t.Context(), id, []Part{part})
			must(t, err)
			if v := versions[0]; v.Number != i+1 || v.Plan.Pages() != 2*(i+1) || v.Dossier.Year != 2026 {
				t.Errorf("%+v", v)
			}
			if i == 0 { // while it is being made, another batch waits
				takeIn(t, c, given("d3", "quay-1"))
				read(t, c, "d3", 1)
				other, err := c.Assembly(t.Context(), "d3")
				must(t, err)
				late := whole(other)
				late.Code = code
				if _, err := c.Reserve(t.Context(), "d3", []Part{late}); !errors.Is(err, ErrBusy) {
					t.Errorf("%v", err)
				}
			}
			must(t, c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		}
	})
}

func TestABatchThatBecomesTwoDossiersPublishesBothAtOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		parts := []Part{
			{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-1"}}}}},
			{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-2"}}}}},
		}
		versions, err := c.Reserve(t.Context(), "d1", parts)
		must(t, err)
		one := Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(&versions[0])}}
		if err := c.Publish(t.Context(), one); err == nil {
			t.Error("one of two was published")
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: append(one.Versions, publishedOf(&versions[1]))}))
		if got := depositOf(t, c, "d1").Dossiers; len(got) != 2 || got[0] == got[1] {
			t.Errorf("the deposit's dossiers are %q", got)
		}
	})
}

// typesOf names the events of a dossier in their sequence.
func typesOf(t testing.TB, c *Catalog, subject string) string {
	t.Helper()
	types, err := collect(t.Context(), c.db, scanOne[string], `SELECT type FROM events WHERE subject = ? ORDER BY sequence`, subject)
	must(t, err)
	return strings.Join(types, " ")
}

func TestFieldsThatCameBeforeStayUnlessTheyAreToldAnew(t *testing.T) {
	p := Plan{Facts: PlanFacts{Fields: map[string]string{"applicant": "An", "phone": "1"}}}
	p.Append(Plan{Facts: PlanFacts{Fields: map[string]string{"phone": "2"}}})
	if got := fmt.Sprint(p.Facts.Fields); got != "map[applicant:An phone:2]" {
		t.Errorf("fields %s", got)
	}
}

func TestACorrectionUnderAKeyIsTakenOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		code := correctable(t, c)
		d := Decision{Do: DoCorrect, Page: 1, Field: "holder", Value: "Nguyễn Văn An", Key: "k"}
		first, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		must(t, err)
		again, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		if err != nil || again.ID != first.ID || !slices.Equal(again.Versions, first.Versions) {
			t.Errorf("%+v after %+v, %v", again, first, err)
		}
		for _, other := range []Decision{
			{Do: DoCorrect, Page: 1, Field: "holder", Value: "Nguyễn Văn Ân", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "holder", Value: "***", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "place", Value: "Nguyễn Văn An", Key: "k"},
			{Do: DoCorrect, Page: 2, Field: "holder", Value: "Nguyễn Văn An", Key: "k"},
			{Do: DoCorrect, Page: 1, Field: "holder", Absent: true, Key: "k"},
		} {
			if _, err := c.Decide(t.Context(), code, 1, other, by("anna")); !errors.Is(err, ErrKeyReused) {
				t.Errorf("%+v: %v", other, err)
			}
		}
	})
}

func TestADecisionUnderAKeyIsTakenOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 3)
		v, err := publish(t.Context(), c, "a")
		must(t, err)
		code, d := v.Dossier.Code, Decision{Do: DoCut, Page: 2, Key: "k"}
		first, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		must(t, err)
		again, err := c.Decide(t.Context(), code, 1, d, by("anna"))
		if err != nil || again.ID != first.ID || !slices.Equal(again.Versions, first.Versions) || len(first.Versions) != 1 {
			t.Errorf("%+v after %+v, %v", again, first, err)
		}
		if _, err := c.Decide(t.Context(), code, 1, Decision{Do: DoCut, Page: 3, Key: "k"}, by("anna")); !errors.Is(err, ErrKeyReused) {
			t.Error(err)
		}
		if _, err := c.Decide(t.Context(), code, 1, d, by("bao")); !errors.Is(err, ErrBusy) {
			t.Errorf("another one's key: %v", err)
		}
		token := by("anna")
		token.Kind = dossier.KindToken
		if _, err := c.Decide(t.Context(), code, 1, d, token); !errors.Is(err, ErrBusy) {
			t.Errorf("the key of a token that is called as a user: %v", err)
		}
		if _, err := c.Decide(t.Context(), code, 1, d, dossier.Principal{Name: "anna", Scope: ofHealth}); !errors.Is(err, ErrNotFound) {
			t.Errorf("out of scope: %v", err)
		}
	})
}

func TestADecisionThatIsSentTwiceAtOnceUnderAKeyIsAnsweredAlike(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, d := range []Decision{{Do: DoCut, Page: 2, Key: "k1"}, {Do: DoWithdraw, Reason: "wrong", Key: "k2"}} {
			code := publishedAs(t, c, fmt.Sprintf("d%d", i), fmt.Sprintf("A-%d", i))
			var g errgroup.Group
			var ids [4]string
			for n := range ids {
				g.Go(func() error {
					decided, err := c.Decide(t.Context(), code, 1, d, by("anna"))
					ids[n] = decided.ID
					return err
				})
			}
			if err := g.Wait(); err != nil || ids[0] == "" || len(slices.Compact(ids[:])) != 1 {
				t.Errorf("%s: %q, %v", d.Do, ids, err)
			}
		}
	})
}

func TestAJoinIsAboutTheVersionsOfBothThatWereSeen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		one, two := findable(t, c, given("d1", "quay-1"), paper("don", "a")), findable(t, c, given("d2", "quay-1"), paper("don", "b"))
		join := Decision{Do: DoJoin, To: two, ToVersion: 2}
		if _, err := c.Decide(t.Context(), one, 1, join, by("anna")); !errors.Is(err, ErrStale) {
			t.Errorf("of a version that is not there: %v", err)
		}
		join.ToVersion = 1
		if _, err := c.Decide(t.Context(), one, 1, join, by("anna")); err != nil {
			t.Error(err)
		}
	})
}

func TestADossierThatWasJoinedSaysWhereItsPagesAre(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		one, two := findable(t, c, given("d1", "quay-1"), paper("don", "a")), findable(t, c, given("d2", "quay-1"), paper("don", "b"))
		decided, err := c.Decide(t.Context(), one, 1, Decision{Do: DoJoin, To: two}, by("anna"))
		must(t, err)
		versions, err := c.Revision(t.Context(), decided.ID)
		must(t, err)
		must(t, c.Publish(t.Context(), Published{Revision: decided.ID, Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		record, err := c.Record(t.Context(), two, Everything())
		must(t, err)
		if record.State != DossierWithdrawn || record.Reason != "its pages are in "+one {
			t.Errorf("%s: %q", record.State, record.Reason)
		}
		if to := JoinedTo(record.Reason); to != one {
			t.Errorf("its pages are in %q", to)
		}
		if to := JoinedTo("its pages are in the drawer"); to != "" {
			t.Errorf("a person's reason leads to %q", to)
		}
	})
}

func TestADecisionTellsNothingOfADossierThatIsNotSeen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		hidden := published(t, c, "d1").Dossier.Code
		takeIn(t, c, given("d2", "quay-2"))
		read(t, c, "d2", 2)
		own, err := publish(t.Context(), c, "d2")
		must(t, err)
		who := by("binh")
		who.Scope = dossier.Scope{Stations: []string{"quay-2"}}
		free := "quay-1-20260105-0099"
		for _, d := range []Decision{
			{Do: DoJoin}, {Do: DoMove, Pages: []int{1}}, {Do: DoReassign}, {Do: DoCut, Level: dossier.CutDossier, Page: 2},
		} {
			var said []string
			for _, to := range []string{hidden, free} {
				d.To = to
				_, err := c.Decide(t.Context(), own.Dossier.Code, 1, d, who)
				if misfit := (*Misfit)(nil); !errors.As(err, &misfit) {
					t.Fatalf("%s to %s: %v", d.Do, to, err)
				}
				said = append(said, strings.ReplaceAll(err.Error(), to, ""))
			}
			if said[0] != said[1] {
				t.Errorf("%s: %q", d.Do, said)
			}
		}
		_, err = c.Decide(t.Context(), own.Dossier.Code, 1, Decision{Do: DoReassign, To: "quay-2-20260105-0099"}, who)
		must(t, err)
	})
}
