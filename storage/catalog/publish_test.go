package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dossierd/dossierd/dossier"
)

func isError(err, want error) bool { return errors.Is(err, want) }

func TestCodesCountTheStationsDay(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		hanoi := time.FixedZone("+07", 7*3600)
		c.SetLocation(hanoi)
		for i, tt := range []struct {
			station  string
			received time.Time
			want     string
		}{
			{"quay-1", noon, "quay-1-20260105-0001"},
			{"quay-1", noon, "quay-1-20260105-0002"},
			{"quay-2", noon, "quay-2-20260105-0001"},
			{"quay-1", time.Date(2026, 1, 5, 18, 0, 0, 0, time.UTC), "quay-1-20260106-0001"}, // past midnight in Hanoi
		} {
			n := given(fmt.Sprintf("d%d", i), tt.station)
			n.Deposit.ReceivedAt = tt.received
			takeIn(t, c, n)
			if a := published(t, c, n.Deposit.ID); a.Dossier.Code != tt.want {
				t.Errorf("deposit %d: %s, want %s", i, a.Dossier.Code, tt.want)
			}
		}
	})
}

// The command line takes numbers beside a daemon that gives them to what is scanned.
func TestNoTwoDossiersShareANumber(t *testing.T) {
	onBoth(t, func(t *testing.T, cfg Config) {
		daemon, command := open(t, cfg), open(t, cfg)
		const each = 10
		codes := make(chan string, 2*each)
		var group errgroup.Group
		group.Go(func() error {
			for range each {
				code, err := command.NextCode(t.Context(), "quay-1")
				if err != nil {
					return err
				}
				codes <- code
			}
			return nil
		})
		for i := range each {
			n := given(fmt.Sprintf("d%d", i), "quay-1")
			n.Deposit.ReceivedAt = time.Now()
			takeIn(t, daemon, n)
			codes <- published(t, daemon, n.Deposit.ID).Dossier.Code
		}
		must(t, group.Wait())
		close(codes)
		seen := map[string]bool{}
		for code := range codes {
			if seen[code] || !strings.HasPrefix(code, "quay-1-") {
				t.Errorf("%s was given out twice", code)
			}
			seen[code] = true
		}
	})
}

func TestAnAssemblyIsTheSameWhenAskedForAgain(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		if _, err := c.Assembly(t.Context(), "d1"); err == nil {
			t.Error("an open page did not matter")
		}
		read(t, c, "d1", 2)
		first, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		again, err := reserveWhole(t.Context(), c, "d1")
		must(t, err)
		if fmt.Sprintf("%+v", first) != fmt.Sprintf("%+v", again) || first.Number != 1 || len(first.Pages) != 2 {
			t.Errorf("first %+v, then %+v", first, again)
		}
		code := first.Dossier.Code
		if got := depositOf(t, c, "d1").Dossiers; !slices.Equal(got, []string{code}) {
			t.Errorf("the deposit's dossiers are %q", got)
		}
		next, err := c.NextVersion(t.Context(), code, 1)
		must(t, err)
		a, err := c.Assembly(t.Context(), "d1")
		must(t, err)
		if next != 2 || len(a.Reserved) != 1 || a.Reserved[0].Number != 2 || a.Reserved[0].Dossier.Code != code {
			t.Errorf("next version %d, then %+v", next, a.Reserved)
		}
	})
}

func TestAVersionIsPublishedOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: "case-system"}, {Name: "other", Events: []dossier.EventType{dossier.EventDepositRejected}}})
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		must(t, c.Publish(t.Context(), Published{Revision: "d1", Versions: []PublishedVersion{publishedOf(a)}}))
		takeIn(t, c, given("d2", "quay-1"))
		read(t, c, "d2", 1)
		other, err := reserveWhole(t.Context(), c, "d2")
		must(t, err)
		other.Number = 7
		if err := c.Publish(t.Context(), Published{Revision: "d2", Versions: []PublishedVersion{publishedOf(other)}}); err == nil {
			t.Error("a version that nobody reserved was published")
		}
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		if len(events) != 1 {
			t.Fatalf("%d events", len(events))
		}
		var e dossier.Event
		must(t, json.Unmarshal(events[0].Body, &e))
		if e.Sequence != 1 || e.Type != dossier.EventDossierPublished || e.Data.Dossier.Code != a.Dossier.Code {
			t.Errorf("event %s", events[0].Body)
		}
		d, err := c.NextDelivery(t.Context(), "case-system", a.Dossier.Code)
		must(t, err)
		if string(d.Body) != string(events[0].Body) || d.EventID != e.ID {
			t.Errorf("delivery %+v", d)
		}
		if n := count(t, c, `SELECT count(*) FROM deliveries`); n != 1 {
			t.Errorf("%d deliveries", n)
		}
		if gone, err := c.Assembly(t.Context(), "d1"); gone != nil || err != nil {
			t.Errorf("there is still something to assemble: %+v, %v", gone, err)
		}
	})
}

func TestTheStationIsToldEachOutcomeOnce(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"good", "bad", "open"} {
			takeIn(t, c, given(id, "quay-1"))
		}
		a := published(t, c, "good")
		must(t, c.Reject(t.Context(), "bad", dossier.Reject(dossier.CodeEmpty, ""), ""))
		again := given("later", "quay-1")
		again.Deposit.SHA256, again.DuplicateWindow = "sha-of-good", time.Hour
		takeIn(t, c, again)
		notices, err := c.Notices(t.Context(), "quay-1", 10)
		must(t, err)
		var got []string
		for _, n := range notices {
			got = append(got, fmt.Sprintf("%s %s %q %d %v", n.Deposit.ID, n.Deposit.State, strings.Join(n.Codes, " "), n.Pages, n.Warning))
			must(t, c.NoticeWritten(t.Context(), n.Deposit.ID))
		}
		want := []string{
			`bad rejected "" 0 []`, fmt.Sprintf(`good published %q 1 [damaged]`, a.Dossier.Code), fmt.Sprintf(`later duplicate %q 0 []`, a.Dossier.Code),
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if rest, err := c.Notices(t.Context(), "quay-1", 10); err != nil || len(rest) != 0 {
			t.Errorf("then %+v, %v", rest, err)
		}
	})
}

func TestADuplicatesEventNamesTheDossierOfTheFirst(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("d1", "quay-1"))
		a := published(t, c, "d1")
		n := given("d2", "quay-1")
		n.Deposit.SHA256, n.DuplicateWindow, n.Deposit.Name = "sha-of-d1", time.Hour, "a<b>&c.pdf"
		takeIn(t, c, n)
		events, _, err := c.Events(t.Context(), "", 10, Everything())
		must(t, err)
		var e dossier.Event
		must(t, json.Unmarshal(events[1].Body, &e))
		want := dossier.DepositFacts{
			ID: "d2", Station: "quay-1", Name: "a<b>&c.pdf", SHA256: "sha-of-d1", Bytes: 100_000, DuplicateOf: "d1", Dossier: a.Dossier.Code,
		}
		if e.Data.Deposit == nil || !reflect.DeepEqual(*e.Data.Deposit, want) {
			t.Errorf("event %s", events[1].Body)
		}
	})
}

// A reader that goes on from its last cursor while others commit sees every event, in order.
func TestAReaderOfTheFeedMissesNothing(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		const writers, each = 6, 20
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for j := range each {
					id := fmt.Sprintf("d%d-%d", i, j)
					if _, err := c.TakeIn(t.Context(), given(id, "quay-1")); err != nil {
						t.Error(err)
						return
					}
					if err := c.Reject(t.Context(), id, dossier.Reject(dossier.CodeEmpty, ""), ""); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		cursor, seen := "", map[string]bool{}
		for len(seen) < writers*each && !t.Failed() {
			events, _, err := c.Events(t.Context(), cursor, 7, Everything())
			must(t, err)
			for _, e := range events {
				cursor = e.Cursor
				seen[string(e.Body)] = true
			}
		}
		wg.Wait()
		if rest, _, err := c.Events(t.Context(), cursor, 7, Everything()); err != nil || len(rest) != 0 {
			t.Errorf("after the last: %d, %v", len(rest), err)
		}
		for _, none := range []string{"yesterday", "-1", strconv.Itoa(writers*each + 1)} { // the last: of a catalogue that was put back
			if _, _, err := c.Events(t.Context(), none, 7, Everything()); !errors.Is(err, ErrCursor) {
				t.Errorf("cursor %s, which was never given: %v", none, err)
			}
		}
	})
}
