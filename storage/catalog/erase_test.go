package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// destroy does what a tombstone's job does, three keys at a time; remove is told each key.
func destroy(ctx context.Context, c *Catalog, tombstone string, remove func(key string) error) error {
	for {
		keys, err := c.ToDestroy(ctx, tombstone, 3)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			return c.ErasureDone(ctx, tombstone)
		}
		for _, key := range keys {
			if err := remove(key); err != nil {
				return err
			}
		}
		if err := c.Destroyed(ctx, tombstone, keys); err != nil {
			return err
		}
	}
}

// erased lets the latest version of a dossier be erased; its objects are yet to be destroyed.
func erased(t testing.TB, c *Catalog, code string) Decided {
	t.Helper()
	d, err := c.Dossier(t.Context(), code)
	must(t, err)
	made, err := c.Decide(t.Context(), code, d.Version, Decision{Do: DoErase, Reason: "asked for by 001089012345"}, by("anna"))
	must(t, err)
	return made
}

func recordOf(t testing.TB, c *Catalog, code string) Record {
	t.Helper()
	r, err := c.Record(t.Context(), code, Everything())
	must(t, err)
	return r
}

func TestAnErasedDossierLeavesATombstone(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		v := published(t, c, "d1")
		code := v.Dossier.Code
		must(t, c.SetPlace(t.Context(), code, "Kệ 3", "", by("anna")))
		made := erased(t, c, code)
		if r := recordOf(t, c, code); r.State != DossierErased || len(r.Tombstones) != 1 || !r.Tombstones[0].DestroyedAt.IsZero() {
			t.Errorf("before its objects are destroyed: %+v", r)
		}
		pdf := storage.DossierKey(v.Dossier.Department, v.Dossier.Year, code, 1, "dossier.pdf")
		var removed []string
		must(t, destroy(t.Context(), c, made.ID, func(key string) error {
			if strings.HasPrefix(key, "dossiers/") && strings.HasSuffix(key, "/") {
				return c.Unfold(t.Context(), made.ID, key, []dossier.Object{{Key: pdf, SHA256: "sum", Bytes: 7}})
			}
			removed = append(removed, key)
			return nil
		}))
		original := storage.OriginalKey("sha-of-d1")
		if want := []string{original, storage.PageKey("d1-1", ""), pdf}; !slices.Equal(removed, want) {
			t.Errorf("removed %q, want %q", removed, want)
		}
		r := recordOf(t, c, code)
		stone := r.Tombstones[0]
		want := []TombstoneObject{
			{Key: pdf, SHA256: "sum", Bytes: 7, Disposition: DispositionDestroyed}, {Key: original, SHA256: "sha-of-d1", Bytes: 100_000, Disposition: DispositionDestroyed},
		}
		if got := fmt.Sprint(stone.Objects); got != fmt.Sprint(want) {
			t.Errorf("objects %s", got)
		}
		if stone.Version != 1 || stone.Who != "anna" || stone.Reason != "asked for by 001*****2345" || stone.Pages != 1 || stone.At.IsZero() ||
			stone.DestroyedAt.Before(stone.At) {
			t.Errorf("%+v", stone)
		}
		if r.Place != "" || !r.Versions[0].Erased || len(r.Plan.Documents) != 0 || len(r.Decisions) != 1 || r.Decisions[0].Who != "anna" {
			t.Errorf("%+v", r)
		}
		if d := depositOf(t, c, "d1"); d.Name != "" || d.State != dossier.StatePublished {
			t.Errorf("%+v", d)
		}
		if got := typesOf(t, c, code); got != "dossier.published dossier.erased" {
			t.Errorf("events %s", got)
		}
		history, err := c.History(t.Context(), code, Everything())
		must(t, err)
		if last := history[len(history)-1]; last.State != DossierErased || last.Who != "anna" {
			t.Errorf("%+v", history)
		}
	})
}

func TestTheEventOfAnErasureMasksItsReason(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		erased(t, c, published(t, c, "d1").Dossier.Code)
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		var e dossier.Event
		must(t, json.Unmarshal(events[len(events)-1].Body, &e))
		if e.Type != dossier.EventDossierErased || e.Sequence != 2 || e.Data.Dossier.Reason != "asked for by 001*****2345" {
			t.Errorf("%+v", e)
		}
	})
}

func TestWhatCantBeErasedSaysWhy(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 2)
		v, err := publish(t.Context(), c, "d1")
		must(t, err)
		code := v.Dossier.Code
		erase := func(code string, version int, reason string) error {
			_, err := c.Decide(t.Context(), code, version, Decision{Do: DoErase, Reason: reason}, by("anna"))
			return err
		}
		if err := erase("nobody", 1, "x"); !errors.Is(err, ErrNotFound) {
			t.Errorf("an unknown one: %v", err)
		}
		if err := erase(code, 2, "x"); !errors.Is(err, ErrStale) {
			t.Errorf("another version: %v", err)
		}
		if misfit := (*Misfit)(nil); !errors.As(erase(code, 1, ""), &misfit) {
			t.Error("it was erased without a reason")
		}
		made, err := c.Decide(t.Context(), code, 1, Decision{Do: DoReassign, To: "other"}, by("anna"))
		must(t, err)
		for _, busy := range []string{code, "other"} { // one ends with the decision, of the other a version is being made
			if err := erase(busy, map[string]int{code: 1}[busy], "x"); !errors.Is(err, ErrBusy) {
				t.Errorf("%s: %v", busy, err)
			}
		}
		must(t, (&clerk{c: c}).Revise(t.Context(), made.ID))
		must(t, erase(code, 1, "x")) // withdrawn
		gone := func(what string, err error) {
			if since := (*Erased)(nil); !errors.As(err, &since) || since.Since.IsZero() {
				t.Errorf("%s: %v", what, err)
			}
		}
		gone("erased again", erase(code, 1, "x"))
		gone("its place", c.SetPlace(t.Context(), code, "x", "", by("anna")))
		gone("its state", c.SetDossierState(t.Context(), code, DossierReturned, "", by("x")))
		_, err = c.Decide(t.Context(), code, 1, Decision{Do: DoCut, Page: 2}, by("anna"))
		gone("cut", err)
		_, err = c.Decide(t.Context(), "other", 1, Decision{Do: DoMove, Pages: []int{1}, To: code}, by("anna"))
		if misfit := (*Misfit)(nil); !errors.As(err, &misfit) {
			t.Errorf("pages were moved to it: %v", err)
		}
	})
}

func TestAnErasedDossierIsFoundByNoNumberAndTellsOfNobody(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("d1", "quay-1")
		facts := dossier.BatchFacts{Fields: map[string]string{"applicant": "Nguyễn Văn A"}}
		n.Batch = &dossier.Batch{Grouping: dossier.GroupTicket, Key: "Nguyễn Văn A", Closes: true, Facts: facts}
		takeIn(t, c, n)
		again := given("d2", "quay-1")
		again.Deposit.SHA256, again.DuplicateWindow = n.Deposit.SHA256, time.Hour
		takeIn(t, c, again)
		read(t, c, "d1", 1)
		a, err := c.Assembly(t.Context(), "d1")
		must(t, err)
		part := whole(a)
		part.Plan.Facts.Fields = a.Batch.Fields
		versions, err := c.Reserve(t.Context(), "d1", []Part{part})
		must(t, err)
		made := publishedOf(&versions[0])
		made.Identities, made.Notes = []Identity{{Hash: "h", Page: 1}}, []string{"Nguyễn Văn A"}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{made}}))
		erased(t, c, made.Code)
		if codes, err := c.Lookup(t.Context(), "h", Everything()); err != nil || len(codes) > 0 {
			t.Errorf("found %q, %v", codes, err)
		}
		for _, column := range []string{
			"batches WHERE facts || group_key", "versions WHERE plan || notes || kinds", "dossiers WHERE place", "revisions WHERE decision",
		} {
			if n := count(t, c, `SELECT count(*) FROM `+column+` LIKE '%Nguyễn%'`); n != 0 {
				t.Errorf("%d of %s tell of somebody", n, column)
			}
		}
		if n := count(t, c, `SELECT count(*) FROM deposits WHERE name <> ''`); n != 0 {
			t.Errorf("%d deposits have a name", n)
		}
		for _, list := range []func(context.Context, string, int) (int, error){
			func(ctx context.Context, s string, n int) (int, error) {
				l, err := c.Notices(ctx, s, n)
				return len(l), err
			},
			func(ctx context.Context, s string, n int) (int, error) {
				l, err := c.Receipts(ctx, s, n)
				return len(l), err
			},
		} {
			if n, err := list(t.Context(), "quay-1", 10); err != nil || n != 0 {
				t.Errorf("the station is told %d times, %v", n, err)
			}
		}
	})
}

func TestAnErasureForgetsWhatCameWithAnUploadWhereverItIsKept(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		upload := func(id string) NewDeposit {
			n := given(id, "quay-1")
			n.Deposit.SHA256, n.Deposit.Upload, n.DuplicateWindow = "sha", "request", time.Hour
			facts := dossier.BatchFacts{Fields: map[string]string{"applicant": "Nguyễn Văn A"}}
			n.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: id, Closes: true, Facts: facts}
			return n
		}
		takeIn(t, c, upload("d1"))
		must(t, c.Reject(t.Context(), "d1", dossier.Reject(dossier.CodeDamaged, ""), ""))
		must(t, requeueOne(t.Context(), c, "d1")) // into a batch of its own
		if state := takeIn(t, c, upload("d2")); state != dossier.StateDuplicate {
			t.Fatalf("%s", state)
		}
		read(t, c, "d1", 1)
		v, err := publish(t.Context(), c, batchOf(t, c, "d1"))
		must(t, err)
		erased(t, c, v.Dossier.Code)
		if n := count(t, c, `SELECT count(*) FROM batches WHERE facts <> ''`); n != 0 {
			t.Errorf("%d batches tell of somebody", n)
		}
		for _, id := range []string{"d1", "d2"} {
			if d := depositOf(t, c, id); d.Upload != UploadErased {
				t.Errorf("%+v", d)
			}
		}
	})
}

func TestAReceiptNamesNoFileThatWasErasedWithAnotherDossier(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i, id := range []string{"d1", "d2"} {
			n := memberOf("b1", id, i)
			n.Batch.Grouping = dossier.GroupSeparator
			takeIn(t, c, n)
			read(t, c, id, 1)
		}
		closeKey(t, c, "b1")
		parts := []Part{
			{Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d1-1"}}}}}, {Plan: Plan{Documents: []PlanDocument{{Pages: []string{"d2-1"}}}}},
		}
		versions, err := c.Reserve(t.Context(), "d1", parts)
		must(t, err)
		p := Published{Revision: "d1"}
		for i := range versions {
			p.Versions = append(p.Versions, publishedOf(&versions[i]))
		}
		must(t, c.Publish(t.Context(), p))
		erased(t, c, versions[0].Dossier.Code)
		r, err := c.Receipt(t.Context(), "d2")
		must(t, err)
		if name := depositOf(t, c, "d2").Name; len(r.Files) != 1 || r.Name != name || r.Files[0].Deposit.Name != name {
			t.Errorf("%+v", r)
		}
		erased(t, c, versions[1].Dossier.Code)
		if r, err := c.Receipt(t.Context(), "d2"); err != nil || len(r.Files) > 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestPapersThatComeForAnErasedDossierBeginItAnew(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		v := published(t, c, "d1")
		code := v.Dossier.Code
		made := erased(t, c, code)
		takeIn(t, c, given("d2", "quay-1"))
		read(t, c, "d2", 1)
		a, err := c.Assembly(t.Context(), "d2")
		must(t, err)
		part := whole(a)
		part.Code = code
		versions, err := c.Reserve(t.Context(), "d2", []Part{part})
		must(t, err)
		if next := versions[0]; next.Number != 2 || next.Plan.Pages() != 1 {
			t.Errorf("%+v", next)
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d2", Versions: []PublishedVersion{publishedOf(&versions[0])}}))
		must(t, destroy(t.Context(), c, made.ID, func(key string) error {
			if strings.Contains(key, "v2") || strings.Contains(key, "d2") {
				t.Errorf("%s is destroyed", key)
			}
			return nil
		}))
		r := recordOf(t, c, code)
		if r.State != DossierDigitised || r.Reason != "" || r.Version != 2 || !r.Versions[0].Erased || r.Versions[1].Erased || len(r.Tombstones) != 1 {
			t.Errorf("%+v", r)
		}
		for number, want := range map[int]bool{1: true, 2: false} {
			since, err := c.ErasedSince(t.Context(), storage.DossierKey("so-tu-phap", 2026, code, number, "dossier.pdf"))
			must(t, err)
			if since.IsZero() == want {
				t.Errorf("version %d is erased since %v", number, since)
			}
		}
	})
}

func TestBytesThatComeAgainAfterAnErasureAreNoDuplicate(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		code := published(t, c, "d1").Dossier.Code
		again := given("d2", "quay-1")
		again.Deposit.SHA256, again.DuplicateWindow = "sha-of-d1", time.Hour
		made := erased(t, c, code)
		if state := takeIn(t, c, again); state != dossier.StateReceived {
			t.Errorf("taken in as %s", state)
		}
		if disposition, err := c.OriginalDisposition(t.Context(), "d1", "sha-of-d1"); err != nil || disposition != "" {
			t.Errorf("the deposit that was erased is to be kept: %q, %v", disposition, err)
		}
		if disposition, err := c.OriginalDisposition(t.Context(), "d2", "sha-of-d1"); err != nil || disposition != DispositionPending {
			t.Errorf("%s, %v", disposition, err)
		}
		must(t, destroy(t.Context(), c, made.ID, func(key string) error {
			if strings.HasPrefix(key, "originals/") {
				t.Error("the original of the later deposit is destroyed")
			}
			return nil
		}))
		if o := recordOf(t, c, code).Tombstones[0].Objects; len(o) != 1 || o[0].Disposition != DispositionRetained || !slices.Equal(o[0].RetainedFor, []string{"d2"}) {
			t.Errorf("%+v", o)
		}
		if pages, _, err := c.Reusable(t.Context(), "sha-of-d1", "profile"); err != nil || pages != nil {
			t.Errorf("erased pages are reused: %+v, %v", pages, err)
		}
		if err := c.Reuse(t.Context(), "d1", Split{DepositID: "d2", Pages: 1}, []PageDone{{PageID: "d2-1", ArtifactID: "d1-1"}}); err == nil {
			t.Error("pages that were erased meanwhile are reused")
		}
	})
}

func TestAReportCountsAnErasedDossierAsItStood(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		var codes []string
		for _, id := range []string{"d1", "d2", "d3"} {
			takeIn(t, c, given(id, "quay-1"))
			codes = append(codes, published(t, c, id).Dossier.Code)
		}
		must(t, c.SetDossierState(t.Context(), codes[0], DossierReturned, "", by("anna")))
		decided(t, c, codes[1], 1, Decision{Do: DoWithdraw, Reason: "wrong counter"})
		report := func() string {
			r, err := c.Report(t.Context(), ReportQuery{Scope: Everything(), From: noon.Add(-time.Hour), To: noon.Add(time.Hour), By: ByStation, Now: noon.Add(time.Hour)})
			must(t, err)
			text, err := json.Marshal(r)
			must(t, err)
			return string(text)
		}
		before := report()
		for _, code := range codes {
			erased(t, c, code)
		}
		if after := report(); after != before {
			t.Errorf("before\n%s, after\n%s", before, after)
		}
		s, err := c.Status(t.Context(), Everything())
		must(t, err)
		if s.Stations[0].Total != 3 || s.Stations[0].Deposits[dossier.StatePublished] != 3 {
			t.Errorf("%+v", s)
		}
	})
}

func TestTwoErasuresAtOnceOfDossiersThatShareADepositLeaveNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		const dossiers = 6
		read(t, c, "d1", dossiers)
		var parts []Part
		for n := range dossiers {
			parts = append(parts, Part{Plan: Plan{Documents: []PlanDocument{{Pages: []string{fmt.Sprintf("d1-%d", n+1)}}}}})
		}
		versions, err := c.Reserve(t.Context(), "d1", parts)
		must(t, err)
		p := Published{Revision: "d1"}
		for i := range versions {
			p.Versions = append(p.Versions, publishedOf(&versions[i]))
		}
		must(t, c.Publish(t.Context(), p))
		done := make(chan []string, dossiers)
		for i := range versions {
			go func() {
				made, err := c.Decide(context.Background(), versions[i].Dossier.Code, 1, Decision{Do: DoErase, Reason: "x"}, by("anna"))
				var removed []string
				if err == nil {
					err = destroy(context.Background(), c, made.ID, func(key string) error { removed = append(removed, key); return nil })
				}
				if err != nil {
					t.Error(err)
				}
				done <- removed
			}()
		}
		removed := map[string]int{}
		for range versions {
			for _, key := range receive(t, done) {
				removed[key]++
			}
		}
		if removed[storage.OriginalKey("sha-of-d1")] == 0 || len(removed) != 2*dossiers+1 { // prefixes of versions and pages
			t.Errorf("removed %v", removed)
		}
		for i := range versions {
			for _, o := range recordOf(t, c, versions[i].Dossier.Code).Tombstones[0].Objects {
				if o.Disposition != DispositionDestroyed {
					t.Errorf("%+v", o)
				}
			}
		}
	})
}

func TestACatalogueFromBeforeErasuresKnowsWhichDepositsItsDossiersHave(t *testing.T) {
	text, err := schema.ReadFile("schema/0007_retention.sql")
	must(t, err)
	_, after, _ := strings.Cut(string(text), "INSERT INTO dossier_deposits")
	fill, _, _ := strings.Cut("INSERT INTO dossier_deposits"+after, ";")
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 3)
		first, err := publish(t.Context(), c, "d1")
		must(t, err)
		takeIn(t, c, given("d2", "quay-1"))
		second := published(t, c, "d2")
		decided(t, c, first.Dossier.Code, 1, Decision{Do: DoMove, Pages: []int{1}, To: second.Dossier.Code})
		takeIn(t, c, given("d3", "quay-1"))
		published(t, c, "d3")
		has := func() string {
			list, err := collect(t.Context(), c.db, scanOne[string], `SELECT code || ' ' || deposit_id FROM dossier_deposits ORDER BY code, deposit_id`)
			must(t, err)
			return strings.Join(list, ", ")
		}
		kept := has()
		must(t, c.db.write(t.Context(), func(tx tx) error {
			if _, err := tx.exec(t.Context(), `DELETE FROM dossier_deposits`); err != nil {
				return err
			}
			_, err := tx.exec(t.Context(), fill)
			return err
		}))
		if filled := has(); filled != kept || strings.Count(kept, ",") != 3 {
			t.Errorf("filled %q, kept %q", filled, kept)
		}
	})
}
