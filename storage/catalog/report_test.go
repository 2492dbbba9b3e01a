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
	r, err := c.Report(t.Context(), ReportQuery{Scope: Everything(), From: noon, To: noon.Add(time.Microsecond), By: by, Now: noon})
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
		must(t, c.Delivered(t.Context(), d.ID, Attempt{Status: 204}))
		must(t, c.db.write(t.Context(), func(x tx) error {
			return c.commitEvent(t.Context(), x, "d2", dossier.Event{Type: "deposit.rescan_advised"})
		}))
		r := reported(t, c, ByStation)
		want := ReportRow{
			Name: "quay-1", Deposits: 3, Pages: 3, Published: 1, Duplicates: 1, Rejected: 1, Rescans: 1, Dossiers: 1, Counter: 1,
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

func TestAReportOfOneStationCountsNothingOfAnother(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for n, station := range []string{"quay-1", "quay-1", "quay-2"} {
			id := fmt.Sprintf("d%d", n+1)
			takeIn(t, c, given(id, station))
			read(t, c, id, 1)
			_, err := publish(t.Context(), c, id)
			must(t, err)
		}
		for station, want := range map[string]int{"": 3, "quay-1": 2, "quay-2": 1, "quay-3": 0} {
			asked := ReportQuery{Scope: Everything(), Station: station, From: noon, To: noon.Add(time.Microsecond), By: ByDepartment, Now: noon}
			r, err := c.Report(t.Context(), asked)
			if must(t, err); r.Total.Deposits != want || r.Total.Dossiers != want {
				t.Errorf("of %q: %+v, want %d", station, r.Total, want)
			}
			asked.Scope = dossier.Scope{Stations: []string{"quay-9"}}
			r, err = c.Report(t.Context(), asked)
			if must(t, err); r.Total != (ReportRow{}) {
				t.Errorf("of %q, to somebody elsewhere: %+v", station, r.Total)
			}
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
		now        time.Time
		facts      dossierFacts
		with, late int
	}{
		{now: due.Add(-1), with: 1},
		{now: due, with: 1, late: 1},
		{now: due.Add(9), facts: dossierFacts{result: due.Add(-1)}, with: 1},
		{now: due.Add(9), facts: dossierFacts{result: due.Add(-1), returned: due.Add(5)}, with: 1},
		{now: due.Add(9), facts: dossierFacts{returned: due.Add(-1)}, with: 1},
		{now: due.Add(9), facts: dossierFacts{result: due}, with: 1, late: 1},
		{now: due.Add(9), facts: dossierFacts{state: DossierWithdrawn}},
	} {
		q.Now = c.now
		c.facts.received, c.facts.procedure = noon, "p"
		r := account(q, nil, []dossierFacts{c.facts})
		if r.Total.WithDue != c.with || r.Total.Late != c.late || r.Rows[0].Name != "p" {
			t.Errorf("%d: %+v", i, r)
		}
	}
	if r := account(q, nil, []dossierFacts{{received: noon}}); r.Total.WithDue != 0 || r.Total.Late != 0 || r.Total.Dossiers != 1 {
		t.Errorf("without a procedure: %+v", r)
	}
}

func TestAReportFollowsADossierToTheCitizen(t *testing.T) {
	withCatalogue(t, func(t *testing.T, c *Catalog) {
		for _, id := range []string{"d1", "d2", "d3"} {
			n := given(id, "quay-1")
			if id != "d2" {
				n.Deposit.Channel = dossier.ChannelOnline
			}
			takeIn(t, c, n)
			code := published(t, c, id).Dossier.Code
			if id == "d3" {
				change(t, c, `UPDATE dossiers SET state = 'withdrawn', procedure = 'p' WHERE code = ?`, code)
				continue
			}
			change(t, c, `UPDATE dossiers SET procedure = 'p', complete = ? WHERE code = ?`, []Completeness{Incomplete, Complete, CompleteUnknown}[id[1]-'1'], code)
			change(t, c, `UPDATE dossier_states SET who = 'Hoa' WHERE code = ? AND state = 'received'`, code)
			change(t, c, `UPDATE versions SET published_at = ? WHERE code = ?`, asMicros(noon.Add(time.Minute)), code)
			change(t, c, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, 'result_received', ?, 'quay-1')`, code, asMicros(noon.Add(time.Hour)))
			if id == "d1" {
				change(t, c, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, 'returned', ?, 'Hoa')`, code, asMicros(noon.Add(3*time.Hour)))
			}
		}
		want := ReportRow{
			Name: "p", Deposits: 3, Pages: 3, Published: 3, Dossiers: 3, Online: 2, Counter: 1, Withdrawn: 1, Complete: 1, Incomplete: 1, Results: 2, Returned: 1,
			Digitising: Step{2, 60, 60}, Processing: Step{2, 3600, 3600}, Return: Step{1, 7200, 7200},
		}
		if r := reported(t, c, ByProcedure); len(r.Rows) != 1 || r.Rows[0] != want {
			t.Errorf("by procedure %+v, want %+v", r.Rows, want)
		}
		r := reported(t, c, ByClerk)
		if len(r.Rows) != 2 || r.Rows[0].Name != "Hoa" || r.Rows[0].Deposits != 2 || r.Rows[0].Dossiers != 2 || r.Rows[1].Withdrawn != 1 {
			t.Errorf("by clerk %+v", r.Rows)
		}
	})
}

// change runs a statement that changes one row.
func change(t *testing.T, c *Catalog, query string, args ...any) {
	t.Helper()
	must(t, c.db.write(t.Context(), func(x tx) error {
		n, err := x.exec(t.Context(), query, args...)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d rows changed", n)
		}
		return err
	}))
}

func TestTheRowOfWhatNobodyKnowsComesLast(t *testing.T) {
	r := account(ReportQuery{By: ByClerk}, []depositFacts{{}, {subject: subject{clerk: "b"}}, {subject: subject{clerk: "a"}}}, nil)
	if got := fmt.Sprint(r.Rows[0].Name, r.Rows[1].Name, r.Rows[2].Name); got != "ab" || len(r.Rows) != 3 {
		t.Errorf("%q", got)
	}
}
