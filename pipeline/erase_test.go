package pipeline

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// erase decides to erase the latest version of a dossier.
func (h *house) erase(code string) {
	h.t.Helper()
	d, err := h.catalog.Dossier(h.t.Context(), code)
	must(h.t, err)
	_, err = h.catalog.Decide(h.t.Context(), code, d.Version, catalog.Decision{Do: catalog.DoErase, Reason: "asked for"}, by("anna"))
	must(h.t, err)
}

// destroyed waits until the objects of an erased dossier are destroyed, and returns its last tombstone.
func (h *house) destroyed(code string) catalog.Tombstone {
	h.t.Helper()
	h.log.await(h.t, "dossier destroyed")
	for late := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) { // another erasure may have been logged
		r, err := h.catalog.Record(h.t.Context(), code, catalog.Everything())
		must(h.t, err)
		if stone := r.Tombstones[len(r.Tombstones)-1]; !stone.DestroyedAt.IsZero() {
			return stone
		}
		if time.Now().After(late) {
			h.t.Fatalf("%s is not destroyed: %+v", code, r.Tombstones)
		}
	}
}

func TestAnErasedDossierIsDestroyedWithAllItsVersions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	c := h.claim("CCCD "+cardNumber+".tif", "scan 3 a\n")
	must(t, h.Take(t.Context(), c))
	first := h.next(dossier.EventDossierPublished)
	code := first.Data.Dossier.Code
	_, err := h.catalog.Decide(t.Context(), code, 1, catalog.Decision{Do: catalog.DoCut, Page: 2}, by("anna"))
	must(t, err)
	second := h.next(dossier.EventDossierPublished)
	h.erase(code)
	if e := h.next(dossier.EventDossierErased); e.Data.Dossier.Code != code || e.Data.Dossier.Reason != "asked for" {
		t.Errorf("%+v", e)
	}
	stone := h.destroyed(code)
	if left := h.keys(""); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	told := map[string]catalog.TombstoneObject{}
	for _, o := range stone.Objects {
		told[o.Key] = o
	}
	for _, e := range []dossier.Event{first, second} {
		for _, o := range e.Data.Objects {
			if got := told[o.Key]; got.SHA256 != o.SHA256 || got.Bytes != o.Bytes || got.Disposition != catalog.DispositionDestroyed {
				t.Errorf("the tombstone says %+v of %+v", got, o)
			}
		}
	}
	if want := 7; len(told) != want { // two versions of pdf, metadata and private, one original
		t.Errorf("%d objects in the tombstone: %+v", len(told), told)
	}
	if _, kept := h.originals.entries[first.Data.Objects["original"].SHA256]; kept {
		t.Error("a copy of the original is left in the scratch folder")
	}
}

func TestAFileOfTwoDossiersIsKeptUntilTheLastOfThemIsErased(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	id := h.take("scan 3 a\n")
	e := h.next(dossier.EventDossierPublished)
	code, original := e.Data.Dossier.Code, e.Data.Objects["original"].Key
	_, err := h.catalog.Decide(t.Context(), code, 1, catalog.Decision{Do: catalog.DoReassign, To: "other"}, by("anna"))
	must(t, err)
	for published, withdrawn := false, false; !published || !withdrawn; { // in no order
		switch e := <-h.hook.events; e.Type {
		case dossier.EventDossierPublished:
			published = true
		case dossier.EventDossierWithdrawn:
			withdrawn = true
		default:
		}
	}
	h.erase("other")
	h.next(dossier.EventDossierErased)
	stone := h.destroyed("other")
	i := slices.IndexFunc(stone.Objects, func(o catalog.TombstoneObject) bool { return o.Key == original })
	if i < 0 || stone.Objects[i].Disposition != catalog.DispositionRetained || !slices.Equal(stone.Objects[i].RetainedFor, []string{code}) {
		t.Errorf("%+v", stone)
	}
	h.object(e.Data.Objects["pdf"].Key)
	h.object(original)
	for _, page := range []string{id + "-1", id + "-2", id + "-3"} {
		h.object(storage.PageKey(page, "layout.json.gz"))
	}
	h.erase(code)
	h.next(dossier.EventDossierErased)
	h.destroyed(code)
	if left := h.keys(""); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if stone := h.destroyed("other"); stone.Objects[i].Disposition != catalog.DispositionDestroyed {
		t.Errorf("the first tombstone still says %+v", stone.Objects[i])
	}
}

// meddler is a store in which something else happens just after a Put and just before a Delete.
type meddler struct {
	storage.Store
	mu       sync.Mutex
	onPut    func(key string)
	onDelete func(key string)
}

func (m *meddler) set(onPut, onDelete func(key string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.onPut, m.onDelete = onPut, onDelete
}

func (m *meddler) hooks() (onPut, onDelete func(key string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.onPut, m.onDelete
}

func (m *meddler) Put(ctx context.Context, key string, r io.Reader, d storage.Digest) error {
	err := m.Store.Put(ctx, key, r, d)
	if onPut, _ := m.hooks(); onPut != nil {
		onPut(key)
	}
	return err
}

func (m *meddler) Delete(ctx context.Context, key string) error {
	if _, onDelete := m.hooks(); onDelete != nil {
		onDelete(key)
	}
	return m.Store.Delete(ctx, key)
}

// meddled is a running house with a published dossier that is about to be erased.
func meddled(t *testing.T) (h *house, m *meddler, code, original string) {
	t.Helper()
	m = &meddler{}
	h = newHouse(t, nil, func(s storage.Store) storage.Store {
		m.Store = s
		return m
	})
	h.run()
	h.take("scan 2 a\n")
	e := h.next(dossier.EventDossierPublished)
	return h, m, e.Data.Dossier.Code, e.Data.Objects["original"].Key
}

// checkTakenIn holds that the same bytes, taken in anew, became a dossier with its original.
func (h *house) checkTakenIn(original string) {
	h.t.Helper()
	e := h.next(dossier.EventDossierPublished)
	if e.Data.Objects["original"].Key != original {
		h.t.Errorf("%+v", e.Data.Objects)
	}
	for _, o := range e.Data.Objects {
		h.object(o.Key)
	}
}

func TestBytesThatComeWhileTheyAreErasedWaitAndAreThereAfterwards(t *testing.T) {
	h, m, code, original := meddled(t)
	c := h.claim("b.tif", "scan 2 a\n")
	tried := make(chan error, 1)
	m.set(nil, func(key string) {
		if key == original {
			m.set(nil, nil)
			tried <- h.Take(context.Background(), c) // stored already, and to be destroyed at once
		}
	})
	h.erase(code)
	h.next(dossier.EventDossierErased)
	if err := <-tried; !errors.Is(err, errErasing) {
		t.Errorf("taken in while it was erased: %v", err)
	}
	h.destroyed(code)
	must(t, h.Take(t.Context(), c))
	h.checkTakenIn(original)
}

func TestBytesThatAreErasedBetweenTheirStoringAndTheirRecordAreStoredAgain(t *testing.T) {
	h, m, code, original := meddled(t)
	c := h.claim("b.tif", "scan 2 a\n")
	m.set(func(key string) {
		if key == original {
			m.set(nil, nil)
			h.erase(code)
			h.destroyed(code)
			if keys := h.keys("originals/"); len(keys) > 0 {
				t.Errorf("%q are left", keys)
			}
		}
	}, nil)
	must(t, h.Take(t.Context(), c))
	h.next(dossier.EventDossierErased)
	h.checkTakenIn(original)
}

func TestAnUploadThatIsSentAgainAfterItsBytesWereErasedHasThemAgain(t *testing.T) {
	h, m, code, original := meddled(t)
	c := h.claim("b.tif", "scan 2 a\n")
	c.Upload = "request"
	m.set(nil, func(key string) {
		if key == original {
			m.set(nil, nil)
			if err := h.Take(context.Background(), c); !errors.Is(err, errErasing) {
				t.Errorf("taken in while it was erased: %v", err)
			}
		}
	})
	h.erase(code)
	h.next(dossier.EventDossierErased)
	h.destroyed(code)
	must(t, h.KeepAgain(t.Context(), c))
	h.checkTakenIn(original)
	h.erase(h.deposit(c.DepositID).Dossiers[0])
	h.next(dossier.EventDossierErased)
	h.destroyed(h.deposit(c.DepositID).Dossiers[0])
	must(t, h.KeepAgain(t.Context(), c))
	if left := h.keys("originals/"); len(left) > 0 {
		t.Errorf("what was erased is there again: %q", left)
	}
}

func TestWhatWasErasedIsLookedAtNoMore(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 1 a\n")
	code := h.next(dossier.EventDossierPublished).Data.Dossier.Code
	h.erase(code)
	h.destroyed(code)
	h.look()
	for late := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		h.looks.mu.Lock()
		left := len(h.looks.asked)
		h.looks.mu.Unlock()
		if left == 0 {
			return
		}
		if time.Now().After(late) {
			t.Fatal("it is looked at again and again")
		}
	}
}

func TestAPaperOfNoKindKeepsItsDossierForEver(t *testing.T) {
	r := &record{metadata: &Metadata{Documents: []dossier.Document{
		{Kind: "form", Confidence: 1}, {Kind: "form", Confidence: .95}, {Kind: "letter", Confidence: .7}, {},
	}}}
	if got := strings.Join(r.kinds(), ","); got != ",form" {
		t.Errorf("kinds %q", got)
	}
}
