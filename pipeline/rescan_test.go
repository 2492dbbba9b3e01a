package pipeline

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
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
	t.Parallel()
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
	r, err := h.catalog.Record(t.Context(), was.Code, catalog.Everything())
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

func TestAPaperIsWhatItWasWhereverItIsScannedAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	results := h.settings.Stations[0]
	results.Name, results.Purpose = "quay-9", dossier.PurposeResults
	h.settings.Stations = append(h.settings.Stations, results)
	h.Apply(h.settings)
	h.run()
	take := func(station, contents string) (id string, published dossier.Event) {
		c := h.claim("a.tif", contents)
		c.Station = station
		must(t, h.Take(t.Context(), c))
		return c.DepositID, h.next(dossier.EventDossierPublished)
	}
	result, _ := take("quay-9", "scan 1 a\n")
	h.next(dossier.EventDossierReview)
	_, again := take(quay, "scan 2 b\n1 "+slip(result, 1)+"\n")
	if f := again.Data.Dossier; f.Version != 2 || f.Documents[0].Role != dossier.RoleResult || !slices.Contains(f.Warnings, dossier.WarnResultUnlinked) {
		t.Errorf("a result scanned again at reception: %+v", f)
	}
	h.next(dossier.EventDossierReview)
	brought, _ := take(quay, "scan 1 c\n")
	for i := range 2 { // the second replaces what the first did
		_, again = take("quay-9", fmt.Sprintf("scan 2 d%d\n1 %s\n", i, slip(brought, 1)))
		if f := again.Data.Dossier; f.Version != i+2 || f.Documents[0].Role != "" {
			t.Errorf("a paper scanned again where results are: %+v", f)
		}
	}
}

func TestARescanSlipForAPageThatIsNotThereIsReviewed(t *testing.T) {
	t.Parallel()
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
		"scan 2 g\n1 " + slip(first, 1) + "\n2 bad\n", // no picture
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

func TestAnUploadComesIntoNoDossierThatItsSenderDoesNotSee(t *testing.T) {
	h := newHouse(t, nil, nil)
	health := h.settings.Stations[0]
	health.Name, health.Department = "quay-9", "so-y-te"
	h.settings.Stations = append(h.settings.Stations, health)
	h.Apply(h.settings)
	h.run()
	first := h.take("scan 2 a\n")
	was := h.next(dossier.EventDossierPublished).Data.Dossier
	upload := func(contents string, facts dossier.BatchFacts) *dossier.DossierFacts {
		c := h.claim("a.tif", contents)
		c.Station, c.Department, c.Upload = "quay-9", "so-y-te", "x"
		c.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: c.DepositID, Closes: true, Facts: facts}
		must(t, h.Take(t.Context(), c))
		return h.next(dossier.EventDossierPublished).Data.Dossier
	}
	within := &dossier.Scope{Departments: []string{"so-y-te"}}
	for contents, facts := range map[string]dossier.BatchFacts{
		"scan 1 b\n": {Reference: was.Code, Within: within},
		"scan 2 c\n1 DOSSIERD:1:SLIP:" + was.Code + "\n": {Within: within},
		"scan 2 d\n1 " + slip(first, 1) + "\n":           {Within: within},
	} {
		f := upload(contents, facts)
		warned := slices.Contains(f.Warnings, dossier.WarnCodeTaken) || slices.Contains(f.Warnings, dossier.WarnRescanUnplaced)
		if f.Code == was.Code || f.Department != "so-y-te" || f.Version != 1 || !warned {
			t.Errorf("%q: %+v", contents, f)
		}
		h.next(dossier.EventDossierReview)
	}
	r, err := h.catalog.Record(t.Context(), was.Code, catalog.Everything())
	if must(t, err); r.Version != 1 || len(r.Decisions) != 0 {
		t.Errorf("%+v", r)
	}
	both := &dossier.Scope{Departments: []string{"so-y-te", "so-tu-phap"}}
	if f := upload("scan 1 e\n", dossier.BatchFacts{Reference: was.Code, Within: both}); f.Code != was.Code || f.Version != 2 {
		t.Errorf("of one who sees both: %+v", f)
	}
	if f := upload("scan 1 f\n", dossier.BatchFacts{Reference: "H42.16-240112-0003", Within: within}); f.Code != "H42.16-240112-0003" || len(f.Warnings) > 0 {
		t.Errorf("a new code: %+v", f)
	}
}

func TestAFileScannedAgainReplacesTheOneThatWasAdvised(t *testing.T) {
	t.Parallel()
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

func TestALaterFileTakesThePlaceOfTheAdvisedOneInAnOpenBatch(t *testing.T) {
	t.Parallel()
	for again, want := range map[string]string{
		"scan 1 c\n":        "3-1 2-1 | 1-1 replaced 1",
		"scan 1 c\n1 bad\n": "1-1 2-1 |", // it is refused: the old one is better than none
		"scan 2 c\n":        "1-1 3-1 3-2 2-1 |",
	} {
		h := newHouse(t, nil, nil)
		h.look()
		take := func(name, contents string, position int, ago time.Duration) string {
			c := h.claim(name, contents)
			c.ClaimedAt = time.Now().Add(-ago).UTC().Truncate(time.Millisecond)
			c.Batch = &dossier.Batch{Grouping: dossier.GroupPrefix, Key: "b1", Position: position}
			must(t, h.Take(t.Context(), c))
			return c.DepositID
		}
		first := take("b1-1.tif", "scan 1 a\nlook 1 blurred\n", 1, 2*time.Hour)
		take("b1-2.tif", "scan 1 b\n", 2, time.Hour)
		h.advised(first)
		take("b1-1.tif", again, 1, -time.Hour)
		must(t, h.catalog.CloseBatch(t.Context(), quay, "b1"))
		h.run()
		var e dossier.Event
		for e.Type != dossier.EventDossierPublished {
			e = receive(t, h.hook.events)
		}
		if got := outline(h.metadata(e)); got != want {
			t.Errorf("%q: %s, want %s", again, got, want)
		}
	}
}

func receive[T any](t testing.TB, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatal("it did not come")
		panic("unreachable")
	}
}

// Whatever a stack is made of, each of its pages is in one place of one dossier, and so are those that it replaced.
func TestAnyStackWithRescanSlipsLeavesEachPageInOnePlace(t *testing.T) {
	t.Parallel()
	h := newHouse(t, nil, nil)
	h.run()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	pages := map[string]int{} // of deposits
	var ids []string
	for stack := range 30 {
		n := 1 + random.IntN(8)
		contents := fmt.Sprintf("scan %d s%d\n", n, stack)
		for page := 1; page <= n; page++ {
			target := "nobody"
			if len(ids) > 0 {
				target = ids[random.IntN(len(ids))]
			}
			switch random.IntN(9) {
			case 0, 1:
				contents += fmt.Sprintf("%d blank\n", page)
			case 2, 3, 4:
				contents += fmt.Sprintf("%d %s\n", page, slip(target, 1+random.IntN(6)))
			case 5:
				contents += fmt.Sprintf("%d DOSSIERD:1:SEPARATOR:DOSSIER\n", page)
			case 6:
				contents += fmt.Sprintf("%d DOSSIERD:1:SEPARATOR:DOCUMENT\n", page)
			}
		}
		id := h.take(contents)
		ids, pages[id] = append(ids, id), n
		for deadline := time.Now().Add(patience); h.deposit(id).State != dossier.StatePublished; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("%q was not published", contents)
			}
		}
	}
	places := map[string]int{}
	codes := map[string]bool{}
	for _, id := range ids {
		for _, code := range h.deposit(id).Dossiers {
			codes[code] = true
		}
	}
	replaced := 0
	for code := range codes {
		r, err := h.catalog.Record(t.Context(), code, catalog.Everything())
		must(t, err)
		for _, id := range r.Plan.All() {
			places[id]++
		}
		for _, l := range r.Plan.LeftOut {
			if l.Reason == catalog.LeftReplaced {
				replaced++
			}
		}
	}
	for id, n := range pages {
		for page := 1; page <= n; page++ {
			if key := fmt.Sprintf("%s-%d", id, page); places[key] != 1 {
				t.Errorf("page %s is in %d places", key, places[key])
			}
		}
	}
	t.Logf("%d dossiers, %d pages were replaced", len(codes), replaced)
}
