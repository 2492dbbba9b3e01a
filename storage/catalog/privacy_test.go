package catalog

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// personalAre checks what Personal says of keys.
func personalAre(t *testing.T, c *Catalog, want bool, keys ...string) {
	t.Helper()
	for _, key := range keys {
		if got, err := c.Personal(t.Context(), key); err != nil || got != want {
			t.Errorf("%s: %v, %v", key, got, err)
		}
	}
}

// dossierKeys are the keys of a version that show its pages.
func dossierKeys(v *Version) []string {
	d := v.Dossier
	return []string{
		storage.DossierKey(d.Department, d.Year, d.Code, v.Number, "dossier.pdf"), storage.DossierKey(d.Department, d.Year, d.Code, v.Number, "alto.zip"),
	}
}

// publishPersonal publishes a batch of one page, which is an identity paper with a number.
func publishPersonal(t testing.TB, c *Catalog, id, hash string) *Version {
	t.Helper()
	v, err := reserveWhole(t.Context(), c, id)
	must(t, err)
	p := publishedOf(v)
	p.Personal, p.Identities = v.Plan.All(), []Identity{{Hash: hash, Page: 1}, {Hash: hash, Page: 1}}
	must(t, c.Publish(t.Context(), Published{Revision: id, Versions: []PublishedVersion{p}}))
	return v
}

func TestWhatIsNoIdentityPaperIsForEveryToken(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		v := published(t, c, "a")
		personalAre(t, c, false, append(dossierKeys(v), storage.OriginalKey("sha-of-a"), storage.PageKey("a-1", "layout.json.gz"), storage.PageKey("a-1", "preview.jpg"))...)
		d := v.Dossier
		personalAre(t, c, false, storage.DossierKey(d.Department, d.Year, d.Code, 1, "metadata.json"))
		personalAre(t, c, true, storage.DossierKey(d.Department, d.Year, d.Code, 1, "private.json"))
	})
}

func TestAnIdentityPaperIsPersonalInEveryForm(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 1)
		v := publishPersonal(t, c, "a", "h")
		d := v.Dossier
		personalAre(t, c, true, append(dossierKeys(v), storage.OriginalKey("sha-of-a"), storage.PageKey("a-1", "layout.json.gz"), storage.PageKey("a-1", "image.jpg"))...)
		personalAre(t, c, false, storage.DossierKey(d.Department, d.Year, d.Code, 1, "metadata.json"))
	})
}

func TestWhatNobodyKnowsYetIsPersonal(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 1)
		v, err := reserveWhole(t.Context(), c, "a")
		must(t, err)
		personalAre(t, c, true, dossierKeys(v)...)
		personalAre(t, c, true, storage.OriginalKey("sha-of-a"), storage.PageKey("a-1", "layout.json.gz"), storage.OriginalKey("nobodys"), storage.PageKey("nobodys-1", "image.jpg"),
			"originals", "pages/x", "dossiers/a/b", "dossiers/a/2026/c/vx/dossier.pdf", "dossiers/a/2026/nobodys/v1/dossier.pdf", "pages/%zz/image.jpg", "else/a/b")
	})
}

func TestThePagesOfAnEqualDepositAreHiddenWithThoseOfTheFirst(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"a", "b"} {
			n := given(id, "quay-1")
			n.Deposit.SHA256 = "same"
			takeIn(t, c, n)
		}
		first := published(t, c, "b")
		personalAre(t, c, false, dossierKeys(first)...)
		page := pageRead("a", 1)
		page.ArtifactID = "b-1"
		must(t, c.Reuse(t.Context(), "b", Split{DepositID: "a", Pages: 1}, []PageDone{page}))
		second := publishPersonal(t, c, "a", "h")
		for _, v := range []*Version{first, second} {
			personalAre(t, c, true, dossierKeys(v)...)
		}
		personalAre(t, c, true, storage.OriginalKey("same"), storage.PageKey("a-1", "thumb.jpg"), storage.PageKey("b-1", "image.jpg"))
		if ids, err := c.alike(t.Context(), "a-1"); err != nil || len(ids) != 2 {
			t.Errorf("%q, %v", ids, err)
		}
	})
}

func TestAPageWithACardIsKnownWhenItIsRead(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		must(t, c.Split(t.Context(), Split{DepositID: "a", Pages: 1}))
		before, err := c.Receipt(t.Context(), "a")
		must(t, err)
		page := pageRead("a", 1)
		page.Personal = true
		must(t, c.PageDone(t.Context(), page))
		after, err := c.Receipt(t.Context(), "a")
		must(t, err)
		if after.Files[0].Change <= before.Files[0].Change {
			t.Error("the receipt is not written anew")
		}
		v, err := publish(t.Context(), c, "a")
		must(t, err)
		if !v.Pages["a-1"].Personal {
			t.Error("the version does not know")
		}
		personalAre(t, c, true, dossierKeys(v)...)
		reusable, _, err := c.Reusable(t.Context(), "sha-of-a", "profile")
		if err != nil || len(reusable) != 1 || !reusable[0].Personal {
			t.Errorf("%+v, %v", reusable, err)
		}
	})
}

func TestThePicturesOfAnIdentityPaperAreRemovedByAJob(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg Config) {
		c := open(t, cfg)
		takeIn(t, c, given("a", "quay-1"))
		read(t, c, "a", 1)
		publishPersonal(t, c, "a", "h")
		hidden := make(chan []string, 10)
		ctx, cancel := context.WithCancel(t.Context())
		var ended sync.WaitGroup
		ended.Go(func() {
			w := &clerk{c: c, onHide: func(ids []string) { hidden <- ids }}
			_ = c.Run(ctx, RunConfig{Workers: 1, Grace: time.Second, Retry: func(int) time.Duration { return time.Millisecond }}, w)
		})
		defer ended.Wait()
		defer cancel()
		select {
		case ids := <-hidden:
			if !slices.Equal(ids, []string{"a-1"}) {
				t.Errorf("%q", ids)
			}
		case <-time.After(20 * time.Second):
			t.Error("nothing is removed")
		}
	})
}

func TestANumberIsFoundInTheLatestVersionOfDossiersThatStand(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"a", "b", "c"} {
			takeIn(t, c, given(id, "quay-1"))
			read(t, c, id, 1)
		}
		a, b := publishPersonal(t, c, "a", "one"), publishPersonal(t, c, "b", "one")
		other := publishPersonal(t, c, "c", "another")
		find := func(hash string, want ...string) {
			t.Helper()
			if got, err := c.Lookup(t.Context(), hash, Everything()); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s: %q, %v, want %q", hash, got, err, want)
			}
		}
		find("one", a.Dossier.Code, b.Dossier.Code)
		find("another", other.Dossier.Code)
		find("none")
		must(t, c.db.write(t.Context(), func(t tx) error {
			_, err := t.exec(context.Background(), `UPDATE dossiers SET state = 'withdrawn' WHERE code = ?`, a.Dossier.Code)
			return err
		}))
		must(t, c.db.write(t.Context(), func(t tx) error {
			_, err := t.exec(context.Background(), `UPDATE dossiers SET version = 2 WHERE code = ?`, other.Dossier.Code)
			return err
		}))
		find("one", b.Dossier.Code)
		find("another")
	})
}

func TestAnEventOfADepositTellsNoIdentityNumber(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		n := given("a", "quay-1")
		n.Deposit.Name = "CCCD 001089012345.pdf"
		takeIn(t, c, n)
		again := given("b", "quay-1")
		again.Deposit.Name, again.Deposit.SHA256, again.DuplicateWindow = n.Deposit.Name, n.Deposit.SHA256, time.Hour
		takeIn(t, c, again)
		must(t, c.LooksDone(t.Context(), "a", nil))
		must(t, c.Reject(t.Context(), "a", &dossier.Reason{Code: dossier.CodeDamaged}, "“001089012345.pdf” is damaged."))
		if all, masked := count(t, c, `SELECT count(*) FROM events WHERE body LIKE '%001089012345%'`), count(t, c, `SELECT count(*) FROM events WHERE body LIKE '%001*****2345%'`); all != 0 || masked != 2 {
			t.Errorf("%d events tell it, %d mask it", all, masked)
		}
	})
}
