package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/procedures"
	"github.com/dossierd/dossierd/storage/catalog"
)

func someReport() *reportObject {
	row := catalog.ReportRow{
		Name: "quay-1", Deposits: 12, Pages: 40, Waiting: 1, Published: 9, Duplicates: 1, Rejected: 1, Rescans: 2, Dossiers: 9,
		Online: 7, Counter: 2,
		Withdrawn: 1, Complete: 4, Incomplete: 3, WithDue: 4, Late: 1, Results: 3, Returned: 2,
		Digitising: catalog.Step{Count: 9, Median: 61.4, P95: 7325}, Transfer: catalog.Step{Count: 9, Median: .25, P95: 360000},
	}
	total := row
	total.Name = ""
	return &reportObject{From: "2026-01-01", To: "2026-01-31", By: catalog.ByStation, Report: catalog.Report{
		Rows: []catalog.ReportRow{row, {Deposits: 0}}, Total: total,
	}}
}

func TestAReportIsATableALineOfCSVOrAnObject(t *testing.T) {
	for format, want := range map[string][]string{
		"table": {
			"Received from 2026-01-01 to 2026-01-31, both included; times: median / p95, hours:minutes:seconds\nBY ",
			"\nquay-1  12        40     1        9          1          1         2          9         7       2        3           1 / 4                 3        2         0:01:01 / 2:02:05  0:00:00 / 100:00:00  -           -\n",
			"\n-  ", "\nTOTAL   12 ",
		},
		"csv": {"station,deposits,pages,", "\nquay-1,12,40,1,9,1,1,2,9,7,2,1,4,3,4,1,3,2,9,61.400,7325.000,9,0.250,360000.000,0,,,0,,\n,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,,0,,,0,,,0,,\n"},
		"json": {
			`{"from":"2026-01-01","to":"2026-01-31","by":"station","rows":[{"name":"quay-1","deposits":12,`,
			`"digitising":{"count":9,"median_seconds":61.4,"p95_seconds":7325}`, `"total":{"name":"",`,
		},
	} {
		var out bytes.Buffer
		a := &app{stdout: &out, words: wordsFor("en")}
		if err := a.printReport(format, someReport()); err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s: %q is not in\n%s", format, text, out.String())
			}
		}
	}
}

func TestTheTableHasAsManyHeadsAsColumnsInEachLanguage(t *testing.T) {
	for _, language := range []string{"vi", "fr", "en"} {
		if n := strings.Count(wordsFor(language).say("report_head"), "\t"); n != 18 {
			t.Errorf("%s: %d heads", language, n+1)
		}
	}
}

func TestAReportIsOnWholeDaysOfTheSettingsTimeZone(t *testing.T) {
	hanoi := time.FixedZone("", 7*3600)
	now := time.Date(2026, 3, 15, 1, 0, 0, 0, hanoi) // still the 14th in UTC
	day := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 0, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		first, last time.Time
		want        string
	}{
		{want: "2026-03-01 00:00 2026-03-16 00:00"},
		{first: day(1, 1), last: day(1, 31), want: "2026-01-01 00:00 2026-02-01 00:00"},
		{first: day(1, 1), want: "2026-01-01 00:00 2026-03-16 00:00"},
	} {
		q := reportQuery(c.first, c.last, now, nil)
		const form = "2006-01-02 15:04"
		if got := q.From.Format(form) + " " + q.To.Format(form); got != c.want || q.From.Location() != hanoi {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

func TestADossierIsLateFromTheMidnightAfterItsLastDay(t *testing.T) {
	hanoi := time.FixedZone("", 7*3600)
	set, err := procedure.Load(procedures.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	q := reportQuery(time.Time{}, time.Time{}, time.Date(2026, 3, 15, 12, 0, 0, 0, hanoi), set)
	received := time.Date(2026, 2, 13, 1, 0, 0, 0, time.UTC) // a Friday, Tết begins on Monday
	if got, want := q.Due("1.000894", received), time.Date(2026, 2, 28, 0, 0, 0, 0, hanoi); !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
	if got := q.Due("", received); !got.IsZero() {
		t.Errorf("without a procedure: due %s", got)
	}
}

func TestAReportIsOfOneStationAloneWhereThatIsNamed(t *testing.T) {
	o := newTownHall(t, "")
	c := o.open(t)
	for id, station := range map[string]string{"d1": "quay-1", "d2": "quay-2"} {
		_, err := c.TakeIn(t.Context(), catalog.NewDeposit{Deposit: dossier.Deposit{
			ID: id, Station: station, Department: "so-y-te", Name: "a.tiff", SHA256: id, Bytes: 1, ModifiedAt: time.Now(), ReceivedAt: time.Now(),
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for station, want := range map[string]int{"quay-1": 1, "quay-9": 0, "": 2} {
		out, _ := o.run(t, exitDone, "report", "--station", station, "--format", "json")
		var r reportObject
		if err := json.Unmarshal([]byte(out), &r); err != nil || r.Total.Deposits != want || r.Station != station {
			t.Errorf("of %q: %s, %v", station, out, err)
		}
	}
}
