package catalog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// archive is what a test put into object storage, and for whom: a model of what may be destroyed.
type archive struct {
	c       *Catalog
	prefix  string                     // of this archive's ids and codes
	stored  map[string]bool            // keys
	refs    map[string]map[string]bool // keys by the dossier, or deposit that is in none yet, that needs them
	latest  map[string]int             // version by code
	pending []string                   // erasures whose job is to be done
	ids     int
}

func (a *archive) need(who string, keys ...string) {
	if a.refs[who] == nil {
		a.refs[who] = map[string]bool{}
	}
	for _, key := range keys {
		a.stored[key], a.refs[who][key] = true, true
	}
}

// deposit takes in a file of some pages, whose bytes may have come before, and publishes it as dossiers, or leaves it waiting.
func (a *archive) deposit(t *rapid.T, tb testing.TB) {
	a.ids++
	id := fmt.Sprintf("%sd%d", a.prefix, a.ids)
	n := given(id, "quay-1")
	n.Deposit.SHA256 = a.prefix + rapid.SampledFrom([]string{"x", "x", id}).Draw(t, "bytes")
	takeIn(tb, a.c, n)
	disposition, err := a.c.OriginalDisposition(tb.Context(), n.Deposit.ID, n.Deposit.SHA256)
	must(tb, err)
	if disposition == DispositionPending {
		a.finish(t, tb)
	}
	original := storage.OriginalKey(n.Deposit.SHA256)
	a.need(id, original)
	artifacts := a.readPages(t, tb, n.Deposit)
	for page, artifact := range artifacts {
		a.need(id, storage.PageKey(artifact, "image.g4"), storage.PageKey(page, "thumb.jpg"))
	}
	if rapid.IntRange(0, 4).Draw(t, "waits") == 0 {
		return
	}
	a.publish(t, tb, id, slices.Sorted(maps.Keys(artifacts)))
	delete(a.refs, id)
}

// readPages reads the pages of a deposit, or reuses what was read before, and returns their artifacts.
func (a *archive) readPages(t *rapid.T, tb testing.TB, d dossier.Deposit) map[string]string {
	artifacts := map[string]string{}
	known, split, err := a.c.Reusable(tb.Context(), d.SHA256, "profile")
	must(tb, err)
	if split == nil {
		pages := rapid.IntRange(1, 4).Draw(t, "pages")
		read(tb, a.c, d.ID, pages)
		for n := range pages {
			page := fmt.Sprintf("%s-%d", d.ID, n+1)
			artifacts[page] = page
		}
		return artifacts
	}
	from := split.DepositID
	split.DepositID = d.ID
	var done []PageDone
	for _, p := range known {
		next := pageRead(d.ID, p.Number)
		next.ArtifactID = p.ArtifactID
		artifacts[next.PageID] = p.ArtifactID
		done = append(done, next)
	}
	must(tb, a.c.Reuse(tb.Context(), from, *split, done))
	return artifacts
}

// publish deals pages out to dossiers, known ones or new.
func (a *archive) publish(t *rapid.T, tb testing.TB, batch string, pages []string) {
	plans := map[string]*Plan{}
	for _, page := range pages {
		code := a.prefix + rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "code")
		if plans[code] == nil {
			plans[code] = &Plan{}
		}
		plans[code].Documents = append(plans[code].Documents, PlanDocument{Pages: []string{page}})
	}
	var parts []Part
	for _, code := range slices.Sorted(maps.Keys(plans)) {
		parts = append(parts, Part{Code: code, Plan: *plans[code]})
	}
	versions, err := a.c.Reserve(tb.Context(), batch, parts)
	must(tb, err)
	a.made(tb, batch, versions)
}

// made publishes reserved versions and stores their files.
func (a *archive) made(tb testing.TB, revision string, versions []Version) {
	p := Published{Revision: revision}
	for i := range versions {
		v := &versions[i]
		p.Versions = append(p.Versions, publishedOf(v))
		code := v.Dossier.Code
		a.latest[code] = v.Number
		a.need(code, storage.DossierKey(v.Dossier.Department, v.Dossier.Year, code, v.Number, "dossier.pdf"))
		for id, page := range v.Pages {
			a.need(code, storage.PageKey(page.ArtifactID, "image.g4"), storage.PageKey(id, "thumb.jpg"))
		}
		for _, d := range v.Deposits {
			a.need(code, storage.OriginalKey(d.SHA256))
		}
	}
	must(tb, a.c.Publish(tb.Context(), p))
}

// decide moves a page between dossiers, joins one to another, or withdraws one.
func (a *archive) decide(t *rapid.T, tb testing.TB) {
	if len(a.latest) == 0 {
		return
	}
	codes := slices.Sorted(maps.Keys(a.latest))
	code, to := rapid.SampledFrom(codes).Draw(t, "of"), rapid.SampledFrom(codes).Draw(t, "to")
	d := rapid.SampledFrom([]Decision{
		{Do: DoMove, Pages: []int{1}, To: to},
		{Do: DoJoin, To: to},
		{Do: DoCut, Page: 2, Level: dossier.CutDossier, To: a.prefix + "E"},
		{Do: DoWithdraw, Reason: "wrong counter"},
	}).Draw(t, "decision")
	made, err := a.c.Decide(tb.Context(), code, a.latest[code], d, by("anna"))
	if misfit := (*Misfit)(nil); errors.As(err, &misfit) || errors.Is(err, ErrWithdrawn) {
		return
	}
	must(tb, err)
	versions, err := a.c.Revision(tb.Context(), made.ID)
	must(tb, err)
	if len(versions) > 0 {
		a.made(tb, made.ID, versions)
	}
}

func (a *archive) erase(t *rapid.T, tb testing.TB) {
	if len(a.latest) == 0 {
		return
	}
	code := rapid.SampledFrom(slices.Sorted(maps.Keys(a.latest))).Draw(t, "erased")
	a.pending = append(a.pending, erased(tb, a.c, code).ID)
	delete(a.latest, code)
	delete(a.refs, code)
}

// finish does the jobs of the erasures. Each may break off after something was removed, and is done again.
func (a *archive) finish(t *rapid.T, tb testing.TB) {
	errBroken := errors.New("killed")
	for _, id := range a.pending {
		breaks := rapid.IntRange(0, 6).Draw(t, "broken off after")
		for {
			err := destroy(tb.Context(), a.c, id, func(key string) error {
				if err := a.remove(tb, id, key); err != nil {
					return err
				}
				if breaks--; breaks == 0 {
					return errBroken
				}
				return nil
			})
			if !errors.Is(err, errBroken) {
				must(tb, err)
				break
			}
		}
	}
	a.pending = nil
}

func (a *archive) remove(tb testing.TB, id, key string) error {
	var below []dossier.Object
	for stored := range a.stored {
		if stored == key || strings.HasSuffix(key, "/") && strings.HasPrefix(stored, key) {
			below = append(below, dossier.Object{Key: stored, SHA256: "sum", Bytes: 1})
		}
	}
	if strings.HasPrefix(key, "dossiers/") && strings.HasSuffix(key, "/") {
		return a.c.Unfold(tb.Context(), id, key, below)
	}
	for _, o := range below {
		delete(a.stored, o.Key)
	}
	return nil
}

// check holds what is stored against what somebody needs: no less, and no more.
func (a *archive) check(t *rapid.T, tb testing.TB) {
	needed := map[string]bool{}
	for _, keys := range a.refs {
		maps.Copy(needed, keys)
	}
	for key := range needed {
		since, err := a.c.ErasedSince(tb.Context(), key)
		must(tb, err)
		if !a.stored[key] || !since.IsZero() {
			t.Fatalf("%s is needed, stored: %v, erased since %v", key, a.stored[key], since)
		}
	}
	for key := range a.stored {
		if own := strings.HasSuffix(key, "thumb.jpg"); !needed[key] && !own {
			t.Fatalf("%s is stored for nobody", key)
		}
	}
	stones, err := collect(tb.Context(), a.c.db, scanOne[string], `SELECT DISTINCT code FROM tombstones WHERE code LIKE ?`, a.prefix+"%")
	must(tb, err)
	for _, code := range stones {
		for _, stone := range recordOf(tb, a.c, code).Tombstones {
			a.checkStone(t, code, stone)
		}
	}
}

func (a *archive) checkStone(t *rapid.T, code string, stone Tombstone) {
	if stone.DestroyedAt.IsZero() {
		t.Fatalf("%s: %+v", code, stone)
	}
	pdfs, originals := 0, 0
	for _, o := range stone.Objects {
		if strings.HasPrefix(o.Key, "dossiers/") {
			pdfs++
		} else {
			originals++
		}
		if o.Disposition == DispositionRetained && (len(o.RetainedFor) == 0 || !a.stored[o.Key]) || o.Disposition == DispositionPending || o.SHA256 == "" || o.Bytes == 0 {
			t.Fatalf("%s: %+v", code, o)
		}
	}
	if pdfs == 0 || originals == 0 {
		t.Fatalf("%s: %+v", code, stone)
	}
}

// Whatever was dealt out, moved and erased: what a dossier that is left or a waiting deposit needs is there, and nothing else.
func TestAnErasureDestroysWhatNobodyElseHasAndNothingElse(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		rounds := 0
		rapid.Check(t, func(rt *rapid.T) {
			rounds++
			a := &archive{
				c: c, prefix: fmt.Sprintf("r%d.", rounds), stored: map[string]bool{}, refs: map[string]map[string]bool{}, latest: map[string]int{},
			}
			for range 2 {
				a.deposit(rt, t)
			}
			for range rapid.IntRange(3, 14).Draw(rt, "steps") {
				switch rapid.SampledFrom([]string{"deposit", "decide", "erase", "erase", "finish"}).Draw(rt, "step") {
				case "deposit":
					a.deposit(rt, t)
				case "decide":
					a.decide(rt, t)
				case "erase":
					a.erase(rt, t)
				case "finish":
					a.finish(rt, t)
				}
			}
			a.finish(rt, t)
			a.check(rt, t)
		})
	})
}
