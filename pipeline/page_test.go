package pipeline

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestTheSameBytesAnotherDayReuseThePages(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	first := h.take("scan 40 a\n")
	h.next(dossier.EventDossierPublished)
	read := h.askedOf(ocr.OpRead)
	second := h.take("scan 40 a\n")
	e := h.next(dossier.EventDossierPublished)
	if e.Data.Dossier.Pages != 40 || e.Data.Dossier.Code != "quay-1-20260107-0001" {
		t.Errorf("%+v", e.Data.Dossier)
	}
	if n := h.askedOf(ocr.OpRead); read != 40 || n != 40 {
		t.Errorf("%d pages read, then %d", read, n)
	}
	if keys := h.keys("pages/" + second); len(keys) > 0 {
		t.Errorf("%d artifacts that belong to nobody, %s", len(keys), keys[0])
	}
	if keys := h.keys("pages/" + first); len(keys) != 3*40 {
		t.Errorf("%d artifacts", len(keys))
	}
}

func TestPagesThatAreStoredNoLongerAreReadAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 2 a\n")
	h.next(dossier.EventDossierPublished)
	for _, key := range h.keys("pages/") {
		must(t, h.store.Delete(t.Context(), key))
	}
	h.take("scan 2 a\n")
	h.next(dossier.EventDossierPublished)
	if n := h.askedOf(ocr.OpRead); n != 4 {
		t.Errorf("%d pages read", n)
	}
}

func TestPagesAWorkerDiedOnAreReadAnew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 2 a\n2 crash\n")
	if e := h.next(dossier.EventDossierPublished); !slices.Equal(e.Data.Dossier.Warnings, []string{"placeholder", "worker_crashed"}) {
		t.Errorf("%q", e.Data.Dossier.Warnings)
	}
	before := h.askedOf(ocr.OpRead)
	h.take("scan 2 a\n2 crash\n")
	h.next(dossier.EventDossierPublished)
	if n := h.askedOf(ocr.OpRead); n == before {
		t.Error("nothing was read")
	}
}

func TestWhatAnEarlierTryLeftGivesWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	left := storage.PageKey(fmt.Sprintf("%026d-1", 1), "layout.json.gz")
	digest := storage.Digest{SHA256: "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae", Bytes: 3}
	must(t, h.store.Put(t.Context(), left, strings.NewReader("foo"), digest))
	h.run()
	h.take("scan 1 a\n")
	e := h.next(dossier.EventDossierPublished)
	if page, err := loadPage(t.Context(), h.store, fmt.Sprintf("%026d-1", 1)); err != nil || page.Number != 1 || e.Data.Dossier.Version != 1 {
		t.Errorf("%+v, %v", page, err)
	}
}

func TestARejectedDepositThatIsTriedAgainIsRejectedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	id := h.take("scan 1 a\n0 crash\n")
	for sequence := 1; sequence <= 2; sequence++ {
		e := h.next(dossier.EventDepositRejected)
		if e.Sequence != sequence || e.Data.Deposit.ID != id || e.Data.Deposit.Reason.Code != dossier.CodeWorkerCrashed {
			t.Errorf("%+v", e)
		}
		notices, err := h.catalog.Notices(t.Context(), quay, 10)
		if err != nil || len(notices) != 1 || notices[0].Deposit.Rejection == nil {
			t.Errorf("%+v, %v", notices, err)
		}
		if sequence == 1 {
			h.requeue(id)
		}
	}
}

func TestADepositIsTriedAgainInTheSafestWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	id := h.take("scan 1 a\n1 bad\n")
	h.next(dossier.EventDepositRejected)
	before := len(h.asked())
	refused, err := h.catalog.Requeue(t.Context(), dossier.Principal{Scope: dossier.Scope{All: true}}, []string{id}, &dossier.Retry{Plain: true})
	if err != nil || len(refused) > 0 {
		t.Fatal(refused, err)
	}
	h.next(dossier.EventDepositRejected)
	reads := slices.DeleteFunc(h.asked()[before:], func(line string) bool { return !strings.HasPrefix(line, "read ") })
	if len(reads) == 0 || slices.ContainsFunc(reads, func(line string) bool { return !strings.HasSuffix(line, " plain") }) {
		t.Errorf("asked %q, then %q", h.asked()[:before], reads)
	}
}

func TestAnOriginalThatHasFewerPagesThanBeforeIsRejected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	id := h.take("scan 1 a\n")
	must(t, h.catalog.Split(t.Context(), catalog.Split{DepositID: id, Pages: 2}))
	h.run()
	if e := h.next(dossier.EventDepositRejected); e.Data.Deposit.Reason.Code != dossier.CodeDamaged || e.Data.Deposit.Reason.Page != 2 {
		t.Errorf("%+v", e.Data.Deposit.Reason)
	}
}

func TestAnOriginalWithoutPagesIsRejected(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 0 a\n")
	if e := h.next(dossier.EventDepositRejected); e.Data.Deposit.Reason.Code != dossier.CodeNoPages {
		t.Errorf("%+v", e.Data.Deposit.Reason)
	}
}

// flaky is a store that goes away.
type flaky struct {
	storage.Store
	away atomic.Bool
}

func (f *flaky) fault() error {
	if f.away.Load() {
		return fmt.Errorf("connect: %w", storage.ErrUnavailable)
	}
	return nil
}

func (f *flaky) Put(ctx context.Context, key string, r io.Reader, d storage.Digest) error {
	if err := f.fault(); err != nil {
		return err
	}
	return f.Store.Put(ctx, key, r, d)
}

func (f *flaky) Get(ctx context.Context, key string) (storage.Reader, error) {
	if err := f.fault(); err != nil {
		return nil, err
	}
	return f.Store.Get(ctx, key)
}

func TestWorkWaitsForStorageAndTheLogSaysSo(t *testing.T) {
	t.Parallel()
	var store *flaky
	h := newHouse(t, nil, func(s storage.Store) storage.Store {
		store = &flaky{Store: s}
		return store
	})
	id := h.take("scan 2 a\n")
	store.away.Store(true)
	h.run()
	h.log.await(t, "object storage is away")
	if d := h.deposit(id); d.State != dossier.StateReceived {
		t.Errorf("%+v", d)
	}
	store.away.Store(false)
	h.next(dossier.EventDossierPublished)
	h.log.await(t, "object storage is back")
	if strings.Contains(h.log.String(), "job failed") {
		t.Error("waiting counted as failing")
	}
}

func TestNoNameOfAFileReachesWorkersOrTheLog(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	h.take("scan 3 a\n2 crash\n3 bad\n")
	h.next(dossier.EventDossierPublished)
	h.take("scan 1 b\n0 crash\n")
	h.next(dossier.EventDepositRejected)
	h.take("scan 1 c\n0 bad\n")
	h.next(dossier.EventDepositRejected)
	for where, text := range map[string]string{"log": h.log.String(), "worker": strings.Join(h.asked(), "\n")} {
		if strings.Contains(text, "đơn") || strings.Contains(text, "trang2") {
			t.Errorf("%s: %s", where, text)
		}
	}
}
