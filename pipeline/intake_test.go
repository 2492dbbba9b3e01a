package pipeline

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

func TestTakingAClaimTwiceMakesOneDossier(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	c := h.claim("a.tif", "scan 1 a\n")
	for range 2 {
		must(t, h.Take(t.Context(), c))
	}
	h.run()
	h.next(dossier.EventDossierPublished)
	must(t, h.Take(t.Context(), c)) // by a daemon that was killed before it removed the file
	other := h.take("scan 1 b\n")
	if e := h.next(dossier.EventDossierPublished); !slices.Equal(h.deposit(other).Dossiers, []string{e.Data.Dossier.Code}) {
		t.Errorf("%+v", e.Data.Dossier)
	}
	if n := len(h.keys("dossiers/")); n != 4 {
		t.Errorf("%d objects of dossiers, want two of each", n)
	}
}

func TestTheSameBytesWithinTheWindowAreADuplicate(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	first := h.take("scan 1 a\n")
	code := h.next(dossier.EventDossierPublished).Data.Dossier.Code
	c := h.claim("again.tif", "scan 1 a\n")
	c.ClaimedAt = noon(1).Add(30 * time.Second)
	must(t, h.Take(t.Context(), c))
	e := h.next(dossier.EventDepositDuplicate)
	if d := e.Data.Deposit; d.DuplicateOf != first || d.Dossier != code || d.Name != "again.tif" {
		t.Errorf("%+v", d)
	}
}

func TestTheSameBytesAfterARefusalAreTriedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 0 a\n")
	h.next(dossier.EventDepositRejected)
	c := h.claim("again.tif", "scan 0 a\n")
	c.ClaimedAt = noon(1).Add(30 * time.Second)
	must(t, h.Take(t.Context(), c))
	h.next(dossier.EventDepositRejected)
}

// scribbling writes into a file when its bytes are to be stored.
type scribbling struct {
	storage.Store
	path string
}

func (s *scribbling) Put(ctx context.Context, key string, r io.Reader, d storage.Digest) error {
	if s.path != "" {
		if err := os.WriteFile(s.path, []byte("scan 1 B\n"), 0o600); err != nil {
			return err
		}
		s.path = ""
	}
	return s.Store.Put(ctx, key, r, d)
}

func TestAFileThatChangesAfterItWasHashedIsTakenAsItIsThen(t *testing.T) {
	t.Parallel()
	var store *scribbling
	h := newHouse(t, nil, func(s storage.Store) storage.Store {
		store = &scribbling{Store: s}
		return store
	})
	c := h.claim("a.tif", "scan 1 A\n")
	f, err := c.Open()
	must(t, err)
	must(t, f.Close())
	store.path = f.Name()
	if err := h.Take(t.Context(), c); !errors.Is(err, storage.ErrDigest) {
		t.Fatalf("%v", err)
	}
	if keys := h.keys(""); len(keys) > 0 {
		t.Errorf("stored %q", keys)
	}
	must(t, h.Take(t.Context(), c))
	if data := h.object(storage.OriginalKey(h.deposit(c.DepositID).SHA256)); string(data) != "scan 1 B\n" {
		t.Errorf("kept %q", data)
	}
}

func TestWhatIsTooLargeIsKeptAndRejected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(c *Config) { c.Limits.Bytes = 5 }, nil)
	h.run()
	id := h.take("scan 1 a\n")
	if e := h.next(dossier.EventDepositRejected); e.Data.Deposit.Reason.Code != dossier.CodeTooLarge || e.Data.Deposit.Message == "" {
		t.Errorf("%+v", e.Data.Deposit)
	}
	if data := h.object(storage.OriginalKey(h.deposit(id).SHA256)); string(data) != "scan 1 a\n" {
		t.Errorf("kept %q", data)
	}
}

func TestWhatIsNoFileIsRejectedUnopened(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	c := h.claim("link", "")
	c.Open, c.Irregular = nil, "symlink"
	must(t, h.Take(t.Context(), c))
	if e := h.next(dossier.EventDepositRejected); e.Data.Deposit.Reason.Code != dossier.CodeNotAFile || e.Data.Deposit.SHA256 != "" {
		t.Errorf("%+v", e.Data.Deposit)
	}
}

func TestNamesOfAnyKindComeThrough(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	for i, name := range []string{"a\nb.tif", "100%.tif", "%2e%2e%2f.tif", "\x01\x7f.tif", strings.Repeat("đ", 127), "<b>&.tif", "{name}.tif"} {
		c := h.claim(name, "scan 1 "+string(rune('a'+i))+"\n")
		c.Department = "phòng/" + name
		must(t, h.Take(t.Context(), c))
		e := h.next(dossier.EventDossierPublished)
		if got := e.Data.Dossier.Documents[0].Name; got != name {
			t.Errorf("%q became %q", name, got)
		}
		h.object(e.Data.Objects["pdf"].Key)
	}
}
