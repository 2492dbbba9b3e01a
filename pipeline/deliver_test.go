package pipeline

import (
	"database/sql"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// refuse makes the hook answer so until the test says otherwise; each event that was refused comes on the channel.
func (h *house) refuse(status int, header ...string) <-chan dossier.Event {
	refused := make(chan dossier.Event, 100)
	h.hook.say(func(w http.ResponseWriter, e dossier.Event) bool {
		for _, line := range header {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		refused <- e
		return false
	})
	return refused
}

func (h *house) deliveries(state catalog.DeliveryState) []catalog.Delivery {
	h.t.Helper()
	all, err := h.catalog.Deliveries(h.t.Context(), catalog.Everything(), catalog.DeliveryFilter{State: state})
	must(h.t, err)
	return all
}

// rejectedTwice makes two events of one subject, the first of which is refused.
func (h *house) rejectedTwice(refused <-chan dossier.Event) (first dossier.Event) {
	h.t.Helper()
	id := h.take("scan 0 a\n")
	first = <-refused
	h.log.await(h.t, "deposit rejected")
	h.requeue(id)
	h.log.awaitTimes(h.t, "deposit rejected", 2)
	return first
}

func TestAnEventThatIsRefusedIsTriedAgainBeforeThoseBehindIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	refused := h.refuse(http.StatusServiceUnavailable)
	h.run()
	first := h.rejectedTwice(refused)
	h.hook.say(nil)
	if e := h.next(dossier.EventDepositRejected); e.Sequence != 1 || e.ID != first.ID {
		t.Errorf("%+v came, refused was %+v", e, first)
	}
	if e := h.next(dossier.EventDepositRejected); e.Sequence != 2 {
		t.Errorf("then %+v", e)
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	refused := h.refuse(http.StatusTooManyRequests, "Retry-After: 3600")
	h.run()
	h.take("scan 0 a\n")
	<-refused
	h.log.await(t, "event not delivered")
	d := h.deliveries(catalog.DeliveryPending)
	if _, tries, err := h.catalog.Delivery(t.Context(), dossier.Scope{All: true}, d[0].ID); err != nil || len(tries) != 1 || tries[0].Headers["webhook-id"] != d[0].EventID ||
		tries[0].Status != http.StatusTooManyRequests || tries[0].Error == "" || tries[0].Took <= 0 {
		t.Errorf("its attempts %+v, %v", tries, err)
	}
	if wait := time.Until(d[0].NextAt); wait < 59*time.Minute || d[0].Attempts != 1 || d[0].LastStatus != http.StatusTooManyRequests {
		t.Errorf("%+v", d)
	}
}

func TestASubscriberThatIsGoneHearsNothingUntilReplay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	refused := h.refuse(http.StatusGone)
	h.run()
	first := h.rejectedTwice(refused)
	h.hook.say(nil)
	held := h.deliveries(catalog.DeliveryPending)
	if len(held) != 2 || len(h.hook.events) > 0 {
		t.Fatalf("%d are held, %d were sent", len(held), len(h.hook.events))
	}
	n, err := h.catalog.Replay(t.Context(), dossier.Scope{All: true}, []string{held[0].ID})
	if err != nil || n != 2 {
		t.Errorf("%d replayed, %v", n, err)
	}
	for sequence := 1; sequence <= 2; sequence++ {
		if e := h.next(dossier.EventDepositRejected); e.Sequence != sequence || sequence == 1 && e.ID != first.ID {
			t.Errorf("%+v", e)
		}
	}
}

// stopRefused is the catalogue of a pipeline that was stopped while the subscriber refused the first of two events of
// one deposit. What is refused from then on comes out of the channel.
func (h *house) stopRefused() (*sql.DB, <-chan dossier.Event) {
	h.t.Helper()
	refused := h.refuse(http.StatusInternalServerError)
	stop := h.run()
	h.rejectedTwice(refused)
	stop()
	db, err := sql.Open("sqlite", filepath.Join(h.dir, "catalogue.db"))
	must(h.t, err)
	h.t.Cleanup(func() { db.Close() })
	return db, refused
}

func TestAnEventIsGivenUpAfterThreeDaysAndTheNextFollows(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	db, _ := h.stopRefused()
	old := time.Now().Add(-73 * time.Hour).UnixMicro()
	_, err := db.Exec(`UPDATE deliveries SET tried_at = ?, next_at = ? WHERE sequence = 1`, old, old)
	must(t, err)
	_, err = db.Exec(`UPDATE river_job SET scheduled_at = '2026-01-01 00:00:00' WHERE kind = 'deliver'`)
	must(t, err)
	h.hook.say(func(w http.ResponseWriter, e dossier.Event) bool {
		if e.Sequence == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
		return e.Sequence > 1
	})
	h.run()
	if e := h.next(dossier.EventDepositRejected); e.Sequence != 2 {
		t.Errorf("%+v", e)
	}
	if dead := h.deliveries(catalog.DeliveryDead); len(dead) != 1 || dead[0].Sequence != 1 {
		t.Errorf("%+v", dead)
	}
}

// As after a week in which the machine was off, or behind an event that was given up.
func TestAnEventThatWaitedLongForItsFirstAttemptIsNotGivenUpByIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	db, refused := h.stopRefused()
	_, err := db.Exec(`UPDATE deliveries SET created_at = ?`, time.Now().Add(-73*time.Hour).UnixMicro())
	must(t, err)
	_, err = db.Exec(`UPDATE deliveries SET state = 'delivered' WHERE sequence = 1`)
	must(t, err)
	_, err = db.Exec(`UPDATE river_job SET scheduled_at = '2026-01-01 00:00:00' WHERE kind = 'deliver'`)
	must(t, err)
	h.run()
	if e := <-refused; e.Sequence != 2 {
		t.Errorf("%+v", e)
	}
	h.log.awaitTimes(t, "event not delivered", 2)
	if d := h.deliveries(catalog.DeliveryPending); len(d) != 1 || d[0].Attempts != 1 {
		t.Errorf("%+v", d)
	}
}

func TestWhatIsPendingForASubscriberThatWasRemovedWaitsForItsReturn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	refused := h.refuse(http.StatusInternalServerError)
	h.run()
	h.take("scan 0 a\n")
	<-refused
	h.log.await(t, "event not delivered")
	h.hook.say(nil)
	h.Apply(Settings{Stations: h.settings.Stations})
	h.take("scan 0 b\n") // for nobody
	d := h.deliveries("")
	if len(d) != 1 || d[0].State != catalog.DeliveryPending {
		t.Errorf("%+v", d)
	}
	h.Apply(h.settings)
	if d, err := h.catalog.NextDelivery(t.Context(), caseSystem, d[0].Subject); err != nil || d.Attempts != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}
