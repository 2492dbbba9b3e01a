package pipeline

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// slip is what the symbol of a slip says that asks for page n of a batch to be scanned again.
func slip(batch string, n int) string { return fmt.Sprintf("DOSSIERD:1:SLIP:::::%s:%d", batch, n) }

// metadata reads what an event names.
func (h *house) metadata(e dossier.Event) (m Metadata) {
	h.t.Helper()
	must(h.t, json.Unmarshal(h.object(e.Data.Objects["metadata"].Key), &m))
	return m
}

// outline lists the pages of a version, then those left out: "deposit-page" and "page reason before".
func outline(m Metadata) string {
	var all []string
	short := func(id string) string { return strings.TrimLeft(id, "0") }
	for _, p := range m.Pages {
		all = append(all, short(p.ID))
	}
	all = append(all, "|")
	for _, l := range m.LeftOut {
		all = append(all, fmt.Sprintf("%s %s %d", short(l.Page), l.Reason, l.Before))
	}
	return strings.Join(all, " ")
}

func TestWhatFollowsARescanSlipReplacesThePageItNames(t *testing.T) {
	h := newHouse(t, nil, nil)
	h.run()
	first := h.take("scan 4 a\n3 blank\n")
	was := h.next(dossier.EventDossierPublished).Data.Dossier
	// A duplex scanner: the slip and its back, the page and its back, the next page for the same place; then a citizen's own papers.
	second := h.take("scan 8 b\n1 " + slip(first, 2) + "\n2 blank\n4 blank\n6 DOSSIERD:1:SEPARATOR:DOSSIER\n8 blank\n")
	var events []dossier.Event
	for range 2 {
		events = append(events, h.next(dossier.EventDossierPublished))
	}
	slices.SortFunc(events, func(a, b dossier.Event) int { return a.Data.Dossier.Version - b.Data.Dossier.Version })
	if f := events[1].Data.Dossier; f.Code != was.Code || f.Version != 2 || f.Pages != 4 {
		t.Errorf("%+v", f)
	}
	if got, want := outline(h.metadata(events[1])), "1-1 2-3 2-5 1-4 | 1-2 replaced 2 2-1 slip 2 2-2 blank 2 2-4 blank 3 1-3 blank 4"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := outline(h.metadata(events[0])); got != "2-7 | 2-6 separator 1 2-8 blank 2" {
		t.Errorf("the rest became %s", got)
	}
	r, err := h.catalog.Record(t.Context(), was.Code)
	must(t, err)
	if len(r.Decisions) != 1 || r.Decisions[0].Who != quay {
		t.Errorf("%+v", r.Decisions)
	}
	receipt, err := h.catalog.Receipt(t.Context(), second)
	must(t, err)
	if notes := receipt.Files[0].Notes; !slices.Contains(notes, was.Code+": Trang 2 đã được thay bằng bản quét lại.") {
		t.Errorf("notes %q", notes)
	}
}

func TestARescanSlipForAPageThatIsNotThereIsReviewed(t *testing.T) {
	h := newHouse(t, nil, nil)
	h.run()
	first := h.take("scan 1 a\n")
	h.next(dossier.EventDossierPublished)
	itself := fmt.Sprintf("%026d", h.claims+1)
	for _, contents := range []string{
		"scan 2 d\n1 " + slip(itself, 2) + "\n",
		"scan 2 b\n1 " + slip("nobody", 1) + "\n",
		"scan 2 c\n1 " + slip(first, 2) + "\n",
		"scan 2 e\n1 " + slip(first, 1) + "\n2 blank\n",
		"scan 1 f\n1 " + slip(first, 1) + "\n",
	} {
		h.take(contents)
		f := h.next(dossier.EventDossierPublished).Data.Dossier
		h.next(dossier.EventDossierReview)
		if f.Version != 1 || f.Pages != 1 || !slices.Contains(f.Warnings, dossier.WarnRescanUnplaced) {
			t.Errorf("%s: %+v", contents, f)
		}
	}
}

func TestAFileScannedAgainReplacesTheOneThatWasAdvised(t *testing.T) {
	h := newHouse(t, nil, nil)
	h.look()
	take := func(contents string, ago time.Duration) string {
		c := h.claim("scan-1.tif", contents)
		c.ClaimedAt = time.Now().Add(-ago).UTC().Truncate(time.Millisecond)
		must(t, h.Take(t.Context(), c))
		return c.DepositID
	}
	first := take("scan 3 a\n2 blank\nlook 1 blurred\n", time.Hour)
	h.advised(first)
	h.run()
	h.next(dossier.EventRescanAdvised)
	was := h.next(dossier.EventDossierPublished).Data.Dossier
	take("scan 3 b\n2 blank\n", -time.Hour)
	e := h.next(dossier.EventDossierPublished)
	if f := e.Data.Dossier; f.Code != was.Code || f.Version != 2 || f.Pages != 2 {
		t.Errorf("%+v", f)
	}
	if got, want := outline(h.metadata(e)), "2-1 2-3 | 1-1 replaced 1 1-2 blank 2 2-2 blank 2 1-3 replaced 2"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	take("scan 3 c\n", -2*time.Hour) // the second one was good: the scanner's counter has begun anew
	if f := h.next(dossier.EventDossierPublished).Data.Dossier; f.Code == was.Code || f.Version != 1 {
		t.Errorf("%+v", f)
	}
	if d := h.deposit(first); d.State != dossier.StatePublished || !slices.Equal(d.Dossiers, []string{was.Code}) {
		t.Errorf("%+v", d)
	}
}
