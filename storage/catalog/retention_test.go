package catalog

import (
	"fmt"
	"testing"
	"time"
)

// publishedKinds publishes a dossier whose documents are of kinds.
func publishedKinds(t testing.TB, c *Catalog, id string, kinds ...string) string {
	t.Helper()
	takeIn(t, c, given(id, "quay-1"))
	read(t, c, id, 1)
	v, err := reserveWhole(t.Context(), c, id)
	must(t, err)
	made := publishedOf(v)
	made.Kinds = kinds
	must(t, c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{made}}))
	return made.Code
}

// happened sets when everything happened to a dossier.
func happened(t testing.TB, c *Catalog, code string, at time.Time) {
	t.Helper()
	must(t, c.db.write(t.Context(), func(tx tx) error {
		if _, err := tx.exec(t.Context(), `UPDATE versions SET published_at = ? WHERE code = ?`, asMicros(at), code); err != nil {
			return err
		}
		_, err := tx.exec(t.Context(), `UPDATE dossier_states SET at = ? WHERE code = ?`, asMicros(at), code)
		return err
	}))
}

func isErased(t testing.TB, c *Catalog, code string) bool {
	t.Helper()
	d, err := c.Dossier(t.Context(), code)
	must(t, err)
	return d.State == DossierErased
}

func sweptAt(t testing.TB, c *Catalog, now time.Time) {
	t.Helper()
	must(t, c.sweepRetention(t.Context(), new(retained), now))
}

var hanoi = time.FixedZone("", 7*3600)

func TestADossierIsErasedTheDayAfterThePeriodOfItsLongestPaperEnds(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetLocation(hanoi)
		c.SetRetention(map[string]Period{"form": {Days: 90}, "birth": {Years: 70}})
		last := time.Date(2026, 1, 5, 23, 30, 0, 0, hanoi) // the 5th there, and still the 5th in UTC
		form, birth := publishedKinds(t, c, "d1", "form"), publishedKinds(t, c, "d2", "birth", "form")
		happened(t, c, form, last)
		happened(t, c, birth, last.Add(time.Hour)) // the 6th there
		for _, tt := range []struct {
			now         time.Time
			form, birth bool
		}{
			{time.Date(2026, 4, 5, 23, 59, 59, 0, hanoi), false, false},
			{time.Date(2026, 4, 6, 0, 0, 0, 0, hanoi), true, false},
			{time.Date(2096, 1, 6, 23, 59, 59, 0, hanoi), true, false},
			{time.Date(2096, 1, 7, 0, 0, 0, 0, hanoi), true, true},
		} {
			sweptAt(t, c, tt.now)
			if f, b := isErased(t, c, form), isErased(t, c, birth); f != tt.form || b != tt.birth {
				t.Errorf("on %v form %v, birth %v are erased", tt.now, f, b)
			}
		}
		stone := recordOf(t, c, birth).Tombstones[0]
		if stone.Who != "retention" || stone.Reason != "kept no longer than the rule says, birth: 70y" {
			t.Errorf("%+v", stone)
		}
		if n := count(t, c, `SELECT count(*) FROM river_job WHERE kind = 'erase'`); n != 2 {
			t.Errorf("%d jobs", n)
		}
	})
}

func TestWhatNoRuleNamesIsKeptForEver(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var codes []string
		for i, kinds := range [][]string{{}, {""}, {"", "form"}, {"form", "letter"}, {"form"}} {
			code := publishedKinds(t, c, fmt.Sprint("d", i), kinds...)
			happened(t, c, code, noon)
			codes = append(codes, code)
		}
		sweptAt(t, c, noon.AddDate(900, 0, 0))
		for _, code := range codes {
			if isErased(t, c, code) {
				t.Errorf("%s is erased without a rule", code)
			}
		}
		c.SetRetention(map[string]Period{"form": {Years: 1}})
		sweptAt(t, c, noon.AddDate(900, 0, 0))
		for i, code := range codes {
			if got := isErased(t, c, code); got != (i == len(codes)-1) {
				t.Errorf("%d is erased: %v", i, got)
			}
		}
	})
}

func TestThePeriodCountsFromTheLastThatHappened(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetLocation(time.UTC)
		c.SetRetention(map[string]Period{"form": {Days: 10}})
		code := publishedKinds(t, c, "d1", "form")
		happened(t, c, code, noon)
		must(t, c.SetDossierState(t.Context(), code, DossierReturned, "", by("anna")))
		returned := time.Now().UTC()
		sweptAt(t, c, noon.AddDate(0, 0, 11))
		sweptAt(t, c, returned.AddDate(0, 0, 10))
		if isErased(t, c, code) {
			t.Error("erased before its period was over")
		}
		sweptAt(t, c, returned.AddDate(0, 0, 11).Add(time.Minute))
		if !isErased(t, c, code) {
			t.Error("it is still there")
		}
	})
}

func TestADossierOfWhichAVersionIsMadeIsLeftToTheNextSweep(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetRetention(map[string]Period{"form": {Days: 10}})
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		v, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		made := publishedOf(v)
		made.Kinds = []string{"form"}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{made}}))
		decision, err := c.Decide(t.Context(), made.Code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		must(t, err)
		next := publishedKinds(t, c, "d2", "form")
		happened(t, c, made.Code, noon)
		happened(t, c, next, noon)
		r := new(retained)
		day := noon.AddDate(1, 0, 0)
		must(t, c.sweepRetention(t.Context(), r, day))
		if isErased(t, c, made.Code) || !isErased(t, c, next) || !r.done {
			t.Errorf("the busy one is erased: %v, the next: %v, %+v", isErased(t, c, made.Code), isErased(t, c, next), r)
		}
		versions, err := c.Revision(t.Context(), decision.ID)
		must(t, err)
		made = publishedOf(&versions[0])
		made.Kinds = []string{"form"}
		must(t, c.Publish(t.Context(), Published{Revision: decision.ID, Versions: []PublishedVersion{made}}))
		happened(t, c, made.Code, noon)
		must(t, c.sweepRetention(t.Context(), r, day))
		if isErased(t, c, made.Code) {
			t.Error("swept twice on one day")
		}
		must(t, c.sweepRetention(t.Context(), r, day.AddDate(0, 0, 1)))
		if !isErased(t, c, made.Code) {
			t.Error("it is still there")
		}
	})
}

func TestASweepErasesAFewAndGoesOnWhereItStopped(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetRetention(map[string]Period{"form": {Days: 10}})
		for i := range erasedAtOnce + 1 {
			happened(t, c, publishedKinds(t, c, fmt.Sprint("d", i), "form"), noon)
		}
		r := new(retained)
		for i, want := range []int{erasedAtOnce, erasedAtOnce + 1} {
			must(t, c.sweepRetention(t.Context(), r, noon.AddDate(1, 0, 0)))
			if n := count(t, c, `SELECT count(*) FROM dossiers WHERE state = 'erased'`); n != want || r.done != (i == 1) {
				t.Errorf("after %d sweeps %d are erased, %+v", i+1, n, r)
			}
		}
	})
}
