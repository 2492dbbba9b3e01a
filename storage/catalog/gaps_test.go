package catalog

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

// gapAt is a gap before a page of deposit a.
func gapAt(page string, number int) Gap {
	return Gap{Page: page, Verdict: dossier.Verdict{Page: number, Code: dossier.VerdictPageGap, Message: "missing"}}
}

// publishGaps publishes what is reserved for a revision, with gaps.
func publishGaps(t *testing.T, c *Catalog, v *Version, gaps ...Gap) {
	t.Helper()
	p := publishedOf(v)
	p.Gaps = gaps
	must(t, c.Publish(t.Context(), Published{Revision: v.Revision, Versions: []PublishedVersion{p}}))
}

// gapsTold lists the verdicts of each event about deposit a, by sequence.
func gapsTold(t *testing.T, c *Catalog) (told [][]dossier.Verdict) {
	t.Helper()
	feed, _, err := c.Events(t.Context(), "", 100, Everything())
	must(t, err)
	for _, one := range feed {
		var e dossier.Event
		must(t, json.Unmarshal(one.Body, &e))
		if e.Type == dossier.EventRescanAdvised {
			if told = append(told, e.Data.Deposit.Verdicts); e.Sequence != len(told) {
				t.Errorf("event %d has the sequence %d", len(told), e.Sequence)
			}
		}
	}
	return told
}

func verdictsOf(t *testing.T, c *Catalog) (verdicts [][]dossier.VerdictCode) {
	t.Helper()
	for _, l := range receiptOf(t, c, "a").Looks {
		verdicts = append(verdicts, l.Verdicts)
	}
	return verdicts
}

func TestAGapIsToldAfterWhatTheLooksAdvised(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		blurred := []dossier.Verdict{{Page: 1, Code: dossier.VerdictBlurred}}
		must(t, c.AddLook(t.Context(), "a", lookAt(1, 3, dossier.VerdictBlurred), true))
		must(t, c.AddLook(t.Context(), "a", lookAt(2, 3), true))
		must(t, c.LooksDone(t.Context(), "a", blurred))
		read(t, c, "a", 3)
		v, err := reserveWhole(t.Context(), c, "a")
		must(t, err)
		before := receiptOf(t, c, "a").Change
		gap, unlooked := gapAt("a-2", 2), gapAt("a-3", 3)
		publishGaps(t, c, v, gap, unlooked)
		told := gapsTold(t, c)
		if len(told) != 2 || !slices.Equal(told[0], blurred) || !slices.Equal(told[1], []dossier.Verdict{gap.Verdict, unlooked.Verdict}) {
			t.Errorf("told %+v", told)
		}
		must(t, c.AddLook(t.Context(), "a", lookAt(3, 3, dossier.VerdictSkewed), true)) // later than it was read
		want := [][]dossier.VerdictCode{{dossier.VerdictBlurred}, {dossier.VerdictPageGap}, {dossier.VerdictPageGap, dossier.VerdictSkewed}}
		if got := verdictsOf(t, c); !slices.EqualFunc(got, want, slices.Equal[[]dossier.VerdictCode]) {
			t.Errorf("the receipt says %v", got)
		}
		if after := receiptOf(t, c, "a").Change; after <= before {
			t.Errorf("the receipt has changed %d times, and then %d", before, after)
		}
	})
}

func TestAGapIsToldOnceAndTakenBackWhenItIsClosed(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		takeIn(t, c, given("a", "quay-1"))
		must(t, c.AddLook(t.Context(), "a", lookAt(1, 2), true))
		must(t, c.AddLook(t.Context(), "a", lookAt(2, 2), true))
		read(t, c, "a", 2)
		v, err := reserveWhole(t.Context(), c, "a")
		must(t, err)
		publishGaps(t, c, v, gapAt("a-2", 2))
		for i, gaps := range [][]Gap{{gapAt("a-2", 2)}, nil} {
			decision := Decision{Do: []string{DoCut, DoJoin}[i], Page: 2}
			made, err := c.Decide(t.Context(), v.Dossier.Code, i+1, decision, by("anna"))
			must(t, err)
			versions, err := c.Revision(t.Context(), made.ID)
			must(t, err)
			publishGaps(t, c, &versions[0], gaps...)
			if told := gapsTold(t, c); len(told) != 1 {
				t.Errorf("told %+v", told)
			}
			if got := verdictsOf(t, c)[1]; slices.Contains(got, dossier.VerdictPageGap) != (len(gaps) > 0) {
				t.Errorf("with the gaps %+v the receipt says %v", gaps, got)
			}
		}
	})
}
