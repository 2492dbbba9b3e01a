package catalog

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

func TestDossiersAreListedWithinAScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		justice, health := twoOffices(t, c)
		gone := given("c", "quay-1")
		gone.Deposit.ReceivedAt = noon.Add(time.Hour)
		takeIn(t, c, gone)
		withdrawn := published(t, c, "c").Dossier.Code
		_, err := c.Decide(t.Context(), withdrawn, 1, Decision{Do: DoWithdraw, Reason: "001089012345"}, by("anna"))
		must(t, err)
		for name, tt := range map[string]struct {
			f    DossierFilter
			want []string
		}{
			"nobody":         {DossierFilter{}, nil},
			"all":            {DossierFilter{Scope: Everything()}, []string{health, justice}},
			"a department":   {DossierFilter{Scope: ofHealth}, []string{health}},
			"a station":      {DossierFilter{Scope: ofQuay1}, []string{justice}},
			"out of scope":   {DossierFilter{Scope: ofHealth, Department: "so-tu-phap"}, nil},
			"by department":  {DossierFilter{Scope: Everything(), Department: "so-tu-phap"}, []string{justice}},
			"by station":     {DossierFilter{Scope: Everything(), Station: "quay-2"}, []string{health}},
			"by procedure":   {DossierFilter{Scope: Everything(), Procedure: "1.001193"}, nil},
			"withdrawn":      {DossierFilter{Scope: Everything(), State: DossierWithdrawn}, []string{withdrawn}},
			"of later":       {DossierFilter{Scope: Everything(), From: noon.Add(time.Minute)}, nil},
			"of before noon": {DossierFilter{Scope: Everything(), To: noon}, nil},
			"behind one":     {DossierFilter{Scope: Everything(), Before: health}, []string{justice}},
		} {
			list, err := c.Dossiers(t.Context(), tt.f)
			must(t, err)
			var codes []string
			for _, d := range list {
				codes = append(codes, d.Code)
				if d.State == DossierWithdrawn && d.Reason != "001*****2345" {
					t.Errorf("reason %q", d.Reason)
				}
			}
			if !slices.Equal(codes, tt.want) {
				t.Errorf("%s: %v, want %v", name, codes, tt.want)
			}
		}
		if _, err := c.Dossiers(t.Context(), DossierFilter{Scope: Everything(), Before: "none"}); !errors.Is(err, ErrCursor) {
			t.Error(err)
		}
	})
}

func TestDepositsAreListedWithinAScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		twoOffices(t, c)
		for want, f := range map[string]DepositFilter{
			"[]": {}, "[b a]": {Scope: Everything()}, "[b]": {Scope: ofHealth}, "[a]": {Scope: Everything(), Department: "so-tu-phap"},
		} {
			list, err := c.Deposits(t.Context(), f)
			must(t, err)
			ids := []string{}
			for _, d := range list {
				ids = append(ids, d.ID)
			}
			if got := fmt.Sprint(ids); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		if _, err := c.Deposits(t.Context(), DepositFilter{Scope: Everything(), Before: "none"}); !errors.Is(err, ErrCursor) {
			t.Error(err)
		}
	})
}

func TestAVersionIsToldAsItWasPublished(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 1)
		v, err := reserveWhole(t.Context(), c, "a")
		must(t, err)
		p := publishedOf(v)
		p.Events = []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{
			Dossier: &dossier.DossierFacts{Code: v.Dossier.Code, Version: 1}, Objects: map[string]dossier.Object{"pdf": {Key: "x"}},
		}}}
		must(t, c.Publish(t.Context(), Published{Revision: "a", Versions: []PublishedVersion{p}}))
		code := v.Dossier.Code
		facts, err := c.VersionFacts(t.Context(), ofQuay1, code, 1)
		if err != nil || facts.Number != 1 || facts.Facts.Code != code || facts.Objects["pdf"].Key != "x" {
			t.Errorf("%+v, %v", facts, err)
		}
		if list, err := c.Versions(t.Context(), ofQuay1, code); err != nil || len(list) != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		for _, s := range []dossier.Scope{{}, ofHealth} {
			if _, err := c.VersionFacts(t.Context(), s, code, 1); !errors.Is(err, ErrNotFound) {
				t.Error(err)
			}
			if _, err := c.Versions(t.Context(), s, code); !errors.Is(err, ErrNotFound) {
				t.Error(err)
			}
		}
		if _, err := c.VersionFacts(t.Context(), Everything(), code, 2); !errors.Is(err, ErrNotFound) {
			t.Error(err)
		}
		_, err = c.Decide(t.Context(), code, 1, Decision{Do: DoErase, Reason: "x"}, by("anna"))
		must(t, err)
		var erased *Erased
		if _, err := c.VersionFacts(t.Context(), Everything(), code, 1); !errors.As(err, &erased) {
			t.Error(err)
		}
	})
}

func TestAPageIsKnownOnceItIsLookedAt(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		must(t, c.AddLook(t.Context(), "a", lookAt(1, 2, dossier.VerdictTooDark), true))
		must(t, c.AddLook(t.Context(), "a", lookAt(2, 2), false))
		pages, err := c.PagesOf(t.Context(), "a")
		must(t, err)
		if len(pages) != 2 || pages[0].State != PageWaiting || !pages[0].Thumb || !slices.Equal(pages[0].Verdicts, []dossier.VerdictCode{dossier.VerdictTooDark}) ||
			pages[1].State != PageWaiting || pages[1].Look == nil {
			t.Fatalf("%+v", pages)
		}
		must(t, c.Split(t.Context(), Split{DepositID: "a", Pages: 2}))
		done := pageRead("a", 1)
		done.Personal = true
		must(t, c.PageDone(t.Context(), done))
		p, err := c.Page(t.Context(), ofQuay1, "a-1")
		if err != nil || p.State != PageRead || p.Thumb || !p.Personal || p.ArtifactID != "a-1" || p.Station != "quay-1" {
			t.Errorf("%+v, %v", p, err)
		}
		for id, s := range map[string]dossier.Scope{"a-1": ofHealth, "a-2": {}, "a-3": Everything(), "": Everything()} {
			if _, err := c.Page(t.Context(), s, id); !errors.Is(err, ErrNotFound) {
				t.Errorf("%q: %v", id, err)
			}
		}
	})
}

func TestAReportCountsWhatItsReaderSees(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		twoOffices(t, c)
		for want, s := range map[int]dossier.Scope{0: {}, 1: ofHealth, 2: Everything()} {
			r, err := c.Report(t.Context(), ReportQuery{Scope: s, From: noon.Add(-time.Hour), To: noon.Add(time.Hour), By: ByStation, Now: noon})
			if err != nil || r.Total.Deposits != want || r.Total.Dossiers != want || len(r.Rows) != want {
				t.Errorf("%d: %+v, %v", want, r, err)
			}
		}
	})
}
