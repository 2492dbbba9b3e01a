package catalog

import (
	"fmt"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// reported is the report on the deposits of noon.
func reported(t *testing.T, c *Catalog, by ReportBy) Report {
	t.Helper()
	r, err := c.Report(t.Context(), ReportQuery{From: noon, To: noon.Add(time.Microsecond), By: by, Now: noon})
	must(t, err)
	return r
}

func TestAReportCountsByStationAndDepartment(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		c.SetSubscribers([]Subscriber{{Name: caseSystem}})
		health := given("d1", "quay-2")
		health.Deposit.Department = "so-y-te"
		takeIn(t, c, health)
		takeIn(t, c, given("d2", "quay-1"))
		again := given("d3", "quay-1")
		again.Deposit.SHA256, again.DuplicateWindow = "sha-of-d2", time.Hour
		takeIn(t, c, again)
		bad := given("d4", "quay-1")
		bad.Rejection = dossier.Reject(dossier.CodeTooLarge, "")
		takeIn(t, c, bad)
		early, late := given("d5", "quay-1"), given("d6", "quay-1")
		early.Deposit.ReceivedAt, late.Deposit.ReceivedAt = noon.Add(-time.Microsecond), noon.Add(time.Microsecond)
		takeIn(t, c, early)
		takeIn(t, c, late)
		read(t, c, "d2", 3)
		a, err := publish(t.Context(), c, "d2")
		must(t, err)
		d, err := c.NextDelivery(t.Context(), caseSystem, a.Dossier.Code)
		must(t, err)
		must(t, c.Delivered(t.Context(), d.ID, 204))
		must(t, c.db.write(t.Context(), func(x tx) error {
			return c.commitEvent(t.Context(), x, "d2", dossier.Event{Type: "deposit.rescan_advised"})
		}))
		r := reported(t, c, ByStation)
		want := ReportRow{
			Name: "quay-1", Deposits: 3, Pages: 3, Published: 1, Duplicates: 1, Rejected: 1, Rescans: 1, Dossiers: 1,
			Digitising: Step{Count: 1}, Transfer: Step{Count: 1},
		}
		if len(r.Rows) != 2 {
			t.Fatalf("%+v", r)
		}
		one := r.Rows[0]
		if one.Digitising.Median < time.Since(noon).Seconds()-60 || one.Digitising.P95 != one.Digitising.Median || one.Transfer.Median < 0 {
			t.Errorf("steps %+v, %+v", one.Digitising, one.Transfer)
		}
		one.Digitising, one.Transfer = Step{Count: one.Digitising.Count}, Step{Count: one.Transfer.Count}
		if one != want {
			t.Errorf("%+v, want %+v", one, want)
		}
		if two := r.Rows[1]; two != (ReportRow{Name: "quay-2", Deposits: 1, Waiting: 1}) {
			t.Errorf("%+v", two)
		}
		if r := reported(t, c, ByDepartment); len(r.Rows) != 2 || r.Rows[0].Name != "so-tu-phap" || r.Rows[1].Name != "so-y-te" || r.Total.Deposits != 4 {
			t.Errorf("%+v", r)
		}
		if r := reported(t, c, ByProcedure); len(r.Rows) != 1 || r.Rows[0].Name != "" || r.Rows[0].Deposits != 4 {
			t.Errorf("%+v", r)
		}
	})
}

func TestStepsAreByNearestRank(t *testing.T) {
	for n, want := range map[int]Step{
		0: {}, 1: {1, 1, 1}, 2: {2, 1, 2}, 3: {3, 2, 3}, 19: {19, 10, 19}, 20: {20, 10, 19}, 100: {100, 50, 95}, 101: {101, 51, 96},
	} {
		var times []time.Duration
		for i := range n {
			times = append(times, time.Duration(n-i)*time.Second)
		}
		if got := newStep(times); got != want {
			t.Errorf("of %d: %+v, want %+v", n, got, want)
		}
	}
}

func TestADossierIsLateFromItsDeadlineUntilItsAnswer(t *testing.T) {
	due := noon.Add(time.Hour)
	q := ReportQuery{By: ByProcedure, Due: func(procedure string, received time.Time) time.Time {
		if procedure == "" {
			return time.Time{}
		}
		return received.Add(time.Hour)
	}}
	for i, c := range []struct {
		now, ended time.Time
		procedure  string
		with, late int
	}{
		{now: due.Add(-1), procedure: "p", with: 1},
		{now: due, procedure: "p", with: 1, late: 1},
		{now: due.Add(9), ended: due.Add(-1), procedure: "p", with: 1},
		{now: due.Add(9), ended: due, procedure: "p", with: 1, late: 1},
		{now: due.Add(9)},
	} {
		q.Now = c.now
		r := account(q, nil, []dossierFacts{{subject: subject{procedure: c.procedure}, received: noon, result: c.ended}})
		if r.Total.WithDue != c.with || r.Total.Late != c.late || r.Rows[0].Name != c.procedure {
			t.Errorf("%d: %+v", i, r)
		}
	}
}

func TestTheRowOfWhatNobodyKnowsComesLast(t *testing.T) {
	r := account(ReportQuery{By: ByClerk}, []depositFacts{{}, {subject: subject{clerk: "b"}}, {subject: subject{clerk: "a"}}}, nil)
	if got := fmt.Sprint(r.Rows[0].Name, r.Rows[1].Name, r.Rows[2].Name); got != "ab" || len(r.Rows) != 3 {
		t.Errorf("%q", got)
	}
}
