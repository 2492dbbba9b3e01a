package catalog

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// boardOf reads the board of one station.
func boardOf(t *testing.T, c *Catalog, s dossier.Scope, station string) StationBoard {
	t.Helper()
	b, err := c.Board(t.Context(), s, station)
	must(t, err)
	if len(b.Stations) != 1 {
		t.Fatalf("%+v", b)
	}
	return b.Stations[0]
}

func TestABoardShowsWhatCameLastAndHowFarItIs(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for i := range boardDeposits + 2 {
			n := given(fmt.Sprintf("d%02d", i), "quay-1")
			n.Deposit.ReceivedAt = noon.Add(time.Duration(i) * time.Minute)
			takeIn(t, c, n)
		}
		read(t, c, "d12", 1)
		must(t, c.Split(t.Context(), Split{DepositID: "d13", Pages: 3}))
		must(t, c.PageDone(t.Context(), pageRead("d13", 2)))
		must(t, c.AddLook(t.Context(), "d13", dossier.Look{Page: 1, Pages: 3, Verdicts: []dossier.VerdictCode{dossier.VerdictBlurred}}, true))
		must(t, c.LooksDone(t.Context(), "d13", []dossier.Verdict{{Page: 1, Code: dossier.VerdictBlurred}}))
		must(t, c.Reject(t.Context(), "d11", dossier.Reject(dossier.CodeDamaged, ""), ""))
		s := boardOf(t, c, all, "quay-1")
		if len(s.Deposits) != boardDeposits || s.Deposits[0].ID != "d13" || s.Department != "so-tu-phap" {
			t.Fatalf("%+v", s)
		}
		d := s.Deposits[0]
		if d.Pages != 3 || d.PagesRead != 1 || !d.Looked || !d.Advised || len(d.Looks) != 1 || !d.Looks[0].Thumb || d.Looks[0].Verdicts[0] != dossier.VerdictBlurred {
			t.Errorf("%+v", d)
		}
		if r := s.Deposits[2]; r.ID != "d11" || r.Rejection == nil || r.Rejection.Code != dossier.CodeDamaged {
			t.Errorf("%+v", r)
		}
		if s.Quarantined != 1 || s.WaitingPages != 11+2 || !s.OldestOpen.Equal(noon) || s.Lag < 3600 {
			t.Errorf("%+v", s)
		}
	})
}

func TestABoardTicksOffThePapersOfADossier(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		read(t, c, "d1", 1)
		v, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		if d := boardOf(t, c, all, "quay-1").Deposits[0]; len(d.Dossiers) != 1 || d.Dossiers[0].Version != 0 {
			t.Errorf("being made: %+v", d.Dossiers)
		}
		made := publishedOf(v)
		made.Complete, made.Papers = Incomplete, []Paper{
			{Name: map[string]string{"en": "Application"}, State: "there"}, {Name: map[string]string{"en": "Identity card"}, State: "missing"},
		}
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{made}}))
		d := boardOf(t, c, all, "quay-1").Deposits[0].Dossiers[0]
		if d.Complete != Incomplete || len(d.Papers) != 2 || d.Papers[1].State != "missing" || d.Papers[0].Name["en"] != "Application" || d.Version != 1 || d.Pages != 1 {
			t.Errorf("%+v", d)
		}
	})
}

func TestOfALongDepositABoardShowsThePagesThatHaveAVerdict(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		for n := 1; n <= 3*boardLooks; n++ {
			l := dossier.Look{Page: n, Pages: 3 * boardLooks}
			if n == 2*boardLooks {
				l.Verdicts = []dossier.VerdictCode{dossier.VerdictCutOff}
			}
			must(t, c.AddLook(t.Context(), "d1", l, true))
		}
		looks := boardOf(t, c, all, "quay-1").Deposits[0].Looks
		if len(looks) != boardLooks || looks[0].Number != 1 || looks[boardLooks-1].Number != 2*boardLooks {
			t.Errorf("%d looks, the last %+v", len(looks), looks[len(looks)-1])
		}
	})
}

func TestABoardSaysWhetherAStationIsWatched(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		must(t, c.ReportFolders(t.Context(), []Folder{
			{Station: "quay-1", Department: "so-tu-phap", Waiting: 2}, {Station: "quay-2", Department: "so-y-te", Away: "no such file"},
		}))
		takeIn(t, c, given("d1", "quay-3"))
		b, err := c.Board(t.Context(), all)
		must(t, err)
		var got []string
		for _, s := range b.Stations {
			got = append(got, fmt.Sprint(s.Station, " ", s.Online, " ", s.Folder != nil))
		}
		if want := []string{"quay-1 true true", "quay-2 false true", "quay-3 false false"}; !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if f := b.Stations[0].Folder; f.Waiting != 2 || time.Since(f.At) > time.Minute {
			t.Errorf("%+v", f)
		}
		old := Folder{At: time.Now().Add(-2 * believed)}
		if old.Online() {
			t.Error("what was told long ago is believed")
		}
	})
}

func TestABoardIsThatOfItsScope(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		takeIn(t, c, given("d2", "quay-2"))
		other := given("d3", "quay-3")
		other.Deposit.Department = "so-y-te"
		takeIn(t, c, other)
		for _, tt := range []struct {
			scope dossier.Scope
			want  string
		}{
			{all, "quay-1 quay-2 quay-3 "},
			{dossier.Scope{}, ""},
			{dossier.Scope{Stations: []string{"quay-2"}}, "quay-2 "},
			{dossier.Scope{Departments: []string{"so-y-te"}}, "quay-3 "},
		} {
			b, err := c.Board(t.Context(), tt.scope)
			must(t, err)
			got := ""
			for _, s := range b.Stations {
				got += s.Station + " "
			}
			if got != tt.want {
				t.Errorf("%+v: %q", tt.scope, got)
			}
		}
	})
}

// hinted waits for a hint that names a station. Those that come anyway name none.
func hinted(t *testing.T, hints <-chan []string, station string) {
	t.Helper()
	for late := time.After(patience); ; {
		select {
		case h := <-hints:
			if slices.Contains(h, station) {
				return
			}
			if len(h) > 0 {
				t.Errorf("a hint about %q", h)
			}
		case <-late:
			t.Fatalf("no hint about %s", station)
		}
	}
}

func TestWhateverHappensAtAStationIsHintedTo(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		ctx, cancel := context.WithCancel(t.Context())
		hints := c.Changes(ctx, dossier.Scope{Stations: []string{"quay-1"}})
		defer func() {
			cancel()
			for range hints { // until it is closed
			}
		}()
		receive(t, hints) // now it is listened
		for _, step := range []struct {
			name string
			do   func()
		}{
			{"deposit", func() { takeIn(t, c, given("d1", "quay-1")) }},
			{"look", func() { must(t, c.AddLook(t.Context(), "d1", dossier.Look{Page: 1, Pages: 1}, true)) }},
			{"looked", func() { must(t, c.LooksDone(t.Context(), "d1", nil)) }},
			{"split", func() { must(t, c.Split(t.Context(), Split{DepositID: "d1", Pages: 1})) }},
			{"page", func() { must(t, c.PageDone(t.Context(), pageRead("d1", 1))) }},
			{"published", func() { _, err := publish(t.Context(), c, "d1"); must(t, err) }},
			{"refused", func() {
				link := given("d2", "quay-1")
				link.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
				takeIn(t, c, link)
			}},
			{"dismissed", func() { _, err := c.Dismiss(t.Context(), by("anna"), []string{"d2"}, "a test"); must(t, err) }},
			{"tried again", func() { must(t, requeueOne(t.Context(), c, "d2")) }},
			{"batch", func() { takeIn(t, c, ofBatch("d3", "quay-1", "lot")) }},
			{"closed", func() { must(t, c.CloseBatch(t.Context(), "quay-1", "lot")) }},
			{"folder", func() { must(t, c.ReportFolders(t.Context(), []Folder{{Station: "quay-1"}})) }},
		} {
			t.Log(step.name)
			takeIn(t, c, given("other-"+step.name, "quay-2")) // of which nothing is said
			step.do()
			hinted(t, hints, "quay-1")
		}
	})
}

func TestWhoeverComesToABoardLaterIsHintedToAtOnceToo(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		ctx, cancel := context.WithCancel(t.Context())
		first := c.Changes(ctx, all)
		receive(t, first)
		second := c.Changes(ctx, all)
		defer func() {
			cancel()
			for range first {
			}
			for range second {
			}
		}()
		select {
		case h := <-second:
			if len(h) != 0 {
				t.Errorf("the first hint is about %q", h)
			}
		case <-time.After(anyway / 2):
			t.Error("no hint")
		}
	})
}

// Nobody who looks at a board holds up the work: a hint that is not received waits, one for many changes.
func TestHintsWaitAndAddUpWhileNobodyReceivesThem(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		ctx, cancel := context.WithCancel(t.Context())
		hints := c.Changes(ctx, all)
		defer func() {
			cancel()
			for range hints {
			}
		}()
		for i := range 50 {
			takeIn(t, c, given(fmt.Sprintf("d%d", i), fmt.Sprintf("quay-%d", i%3+1)))
		}
		time.Sleep(3 * gather)
		received := 0
		for deadline := time.After(5 * gather); ; {
			select {
			case <-hints:
				received++
				continue
			case <-deadline:
			}
			break
		}
		if received < 1 || received > 3 {
			t.Errorf("%d hints", received)
		}
	})
}

// One that hears that it is over only when the next has begun would else leave that one deaf.
func TestWhoListensIsGoneBeforeTheNextBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ws watchers
		release := make(chan struct{})
		first, second := &watcher{wake: make(chan struct{}, 1)}, &watcher{wake: make(chan struct{}, 1)}
		ws.add(first, func(ctx context.Context, _ func([]counter)) {
			<-ctx.Done()
			<-release
		})
		ws.remove(first)
		begun := false
		ws.add(second, func(ctx context.Context, _ func([]counter)) {
			begun = true
			<-ctx.Done()
		})
		synctest.Wait()
		if begun {
			t.Error("two listen at once")
		}
		close(release)
		synctest.Wait()
		if !begun {
			t.Error("nobody listens")
		}
		ws.remove(second)
		ws.busy.Wait()
	})
}
