package pipeline

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// look has pages looked at until the test ends.
func (h *house) look() {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- h.Look(ctx) }()
	h.t.Cleanup(func() {
		cancel()
		must(h.t, <-done)
	})
}

// advised waits for the event in the feed: no delivery is worked.
func (h *house) advised(id string) dossier.Event {
	h.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		feed, _, err := h.catalog.Events(h.t.Context(), "", 100, catalog.Everything())
		must(h.t, err)
		for _, one := range feed {
			var e dossier.Event
			must(h.t, json.Unmarshal(one.Body, &e))
			if e.Type == dossier.EventRescanAdvised && e.Data.Deposit.ID == id {
				return e
			}
		}
	}
	h.t.Fatal("no rescan was advised")
	panic("unreachable")
}

// verdicts lists what the receipt says of each page.
func (h *house) verdicts(id string) map[int][]dossier.VerdictCode {
	h.t.Helper()
	r, err := h.catalog.Receipt(h.t.Context(), id)
	must(h.t, err)
	found := map[int][]dossier.VerdictCode{}
	for _, l := range r.Files[0].Looks {
		found[l.Number] = l.Verdicts
	}
	return found
}

func TestABadScanIsToldBeforeAnybodyReadsIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.look() // and no job is worked
	id := h.take("scan 3 x\nlook 2 blurred\nlook 3 blank")
	e := h.advised(id)
	want := dossier.Verdict{Page: 2, Code: dossier.VerdictBlurred, Message: dossier.VerdictText("vi", dossier.VerdictBlurred, 2)}
	if e.Sequence != 1 || e.Data.Deposit.ID != id || !slices.Equal(e.Data.Deposit.Verdicts, []dossier.Verdict{want}) {
		t.Errorf("got %+v", e.Data.Deposit)
	}
	if got := h.verdicts(id); len(got) != 3 || len(got[1]) != 0 || got[3][0] != dossier.VerdictBlank {
		t.Errorf("got %v", got)
	}
	if keys := h.keys("pages/" + id); len(keys) != 3 || keys[0] != storage.PageKey(id+"-1", "thumb.jpg") {
		t.Errorf("stored %q", keys)
	}
	if h.askedOf("read") != 0 {
		t.Error("a page was read")
	}
}

func TestALookThatDiesCostsItsVerdictAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.look()
	id := h.take("scan 3 x\nlook 2 crash\nlook 3 blurred")
	if e := h.advised(id); e.Data.Deposit.Verdicts[0].Page != 3 {
		t.Errorf("got %+v", e.Data.Deposit.Verdicts)
	}
	if h.askedOf("look") != 3 {
		t.Errorf("asked %q", h.asked())
	}
	h.run()
	h.next(dossier.EventRescanAdvised)
	h.next(dossier.EventDossierPublished)
}

func TestALookThatWasLeftIsTakenUpByTheNextProcess(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	id := h.take("scan 1 x\nlook 1 too_dark")
	h.looks = newLooks() // as if the process had died
	h.look()
	h.advised(id)
}

func TestTwoSheetsDrawnInTogetherAreSuspected(t *testing.T) {
	t.Parallel()
	page := func(width, height float64) dossier.Look { return dossier.Look{Width: width, Height: height} }
	a4, long := page(210, 297), page(210, 380)
	for name, c := range map[string]struct {
		looks []dossier.Look
		want  []int
	}{
		"among pages alike": {[]dossier.Look{a4, a4, long, page(210, 298)}, []int{2}},
		"of few pages":      {[]dossier.Look{a4, long, a4}, nil},
		"of another width":  {[]dossier.Look{a4, a4, a4, page(297, 420)}, nil},
		"twice as long":     {[]dossier.Look{a4, a4, a4, page(210, 594)}, nil},
		"as most are":       {[]dossier.Look{long, long, long, a4, a4, a4}, nil},
		"what was skipped":  {[]dossier.Look{{}, {}, {}, long}, nil},
	} {
		if got := doubleFeeds(c.looks); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestADirtyGlassIsToldOnceAtTheThirdPageOfAStation(t *testing.T) {
	t.Parallel()
	g := &glasses{stations: map[string][]*streak{}}
	line, other := []dossier.Span{{From: 70, To: 70.3}}, []dossier.Span{{From: 120, To: 120.2}}
	told := 0
	see := func(station string, spans []dossier.Span) { told += len(g.see(station, spans)) }
	see("a", line)
	see("a", line)
	see("b", line)
	see("a", nil)
	see("a", line)
	see("a", other)
	if told != 0 {
		t.Errorf("told after two pages")
	}
	for range 5 {
		see("a", line)
	}
	if told != 1 {
		t.Errorf("told %d times", told)
	}
	for range streakGone {
		see("a", nil)
	}
	for range 3 {
		see("a", line)
	}
	if told != 2 {
		t.Errorf("told %d times in all", told)
	}
}

func TestAPageThatHadToBeDrawnIsToldOfOnceItIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.look()
	h.run()
	id := h.take("scan 2 x\n1 drawn\nlook 1 skipped")
	e := h.advised(id)
	want := dossier.Verdict{Page: 1, Code: dossier.VerdictTooDark, Message: dossier.VerdictText("vi", dossier.VerdictTooDark, 1)}
	if e.Sequence != 1 || !slices.Equal(e.Data.Deposit.Verdicts, []dossier.Verdict{want}) {
		t.Errorf("got %+v", e.Data.Deposit)
	}
	if got := h.verdicts(id); !slices.Equal(got[1], []dossier.VerdictCode{dossier.VerdictTooDark}) || len(got[2]) != 0 {
		t.Errorf("the receipt says %v", got)
	}
	if !slices.Contains(h.keys("pages/"+id), storage.PageKey(id+"-1", "thumb.jpg")) {
		t.Error("no thumbnail is stored")
	}
}

func TestAPageThatWasNotFedIsToldOnceItsPaperIsRead(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.look() // and no job is worked
	id := h.take("scan 4 x\n1 1/5\n2 2/5\n3 4/5\n4 5/5\nlook 2 blurred")
	h.advised(id)
	h.run()
	var published dossier.Event
	var told []dossier.Event
	for late := time.After(patience); published.ID == "" || len(told) < 2; {
		select {
		case e := <-h.hook.events:
			switch e.Type {
			case dossier.EventDossierPublished:
				published = e
			case dossier.EventRescanAdvised:
				told = append(told, e)
			}
		case <-late:
			t.Fatalf("only %+v and %+v came", published, told)
		}
	}
	if f := published.Data.Dossier; f == nil || !slices.Equal(f.Warnings, []string{dossier.WarnPageGap}) {
		t.Fatalf("published %+v", f)
	}
	var m Metadata
	must(t, json.Unmarshal(h.object(published.Data.Objects["metadata"].Key), &m))
	if !slices.Equal(m.Warnings, []string{dossier.WarnPageGap}) {
		t.Errorf("the metadata has the warnings %q", m.Warnings)
	}
	want := dossier.Verdict{Page: 3, Code: dossier.VerdictPageGap, Message: dossier.VerdictText("vi", dossier.VerdictPageGap, 3)}
	if told[1].Sequence != 2 || told[1].Data.Deposit.ID != id || !slices.Equal(told[1].Data.Deposit.Verdicts, []dossier.Verdict{want}) {
		t.Errorf("told %+v", told)
	}
	if got := h.verdicts(id); !slices.Equal(got[3], []dossier.VerdictCode{dossier.VerdictPageGap}) || len(got[4]) != 0 {
		t.Errorf("the receipt says %v", got)
	}
}
