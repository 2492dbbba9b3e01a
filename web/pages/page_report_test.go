package pages

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

func TestAReportCountsWhatTheVisitorSeesAndNothingElse(t *testing.T) {
	h := newHouse(t)
	h.takeIn(t, "d1", "quay-1", "a.pdf")
	h.refuse(t, "d2", "quay-1", "b.pdf")
	h.takeIn(t, "d3", "quay-2", "c.pdf")
	w := h.get(t, dossier.RoleArchivist, "/reports?by=station")
	says(t, w, http.StatusOK, "quay-1: Waiting: 1, Refused: 1", "quay-2: Waiting: 1", `<th scope="row">Total</th><td class="end">3</td>`)
	w = h.getSeeing(t, dossier.RoleArchivist, dossier.Scope{Stations: []string{"quay-1"}}, "/reports?by=station")
	says(t, w, http.StatusOK, `<th scope="row">Total</th><td class="end">2</td>`)
	saysNot(t, w, "quay-2")
	says(t, h.get(t, dossier.RoleClerk, "/reports"), http.StatusForbidden)
	says(t, h.get(t, dossier.RoleClerk, "/reports/csv"), http.StatusForbidden)
}

func TestAReportCanBeOfOneCounter(t *testing.T) {
	h := newHouse(t)
	h.withOffice(t, nil)
	h.takeIn(t, "d1", "quay-1", "a.pdf")
	h.takeIn(t, "d2", "quay-2", "b.pdf")
	w := h.get(t, dossier.RoleArchivist, "/reports?by=station&station=quay-2")
	says(t, w, http.StatusOK, `<option selected>quay-2</option>`, say("en", "report.lead.station", "quay-2"), `<th scope="row">Total</th><td class="end">1</td>`, "station=quay-2")
	saysNot(t, w, `<th scope="row">quay-1`)
	says(t, h.get(t, dossier.RoleArchivist, "/reports?station=quay-3"), http.StatusOK, say("en", "report.none"), say("en", "report.none.station", "quay-3"))
	rows, err := csv.NewReader(h.get(t, dossier.RoleArchivist, "/reports/csv?by=station&station=quay-1").Body).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][0] != "quay-1" {
		t.Errorf("%v %q", err, rows)
	}
	w = h.getSeeing(t, dossier.RoleArchivist, dossier.Scope{Stations: []string{"quay-1"}}, "/reports?station=quay-2")
	says(t, w, http.StatusOK, say("en", "report.none"))
	saysNot(t, h.getSeeing(t, dossier.RoleArchivist, dossier.Scope{Stations: []string{"quay-1"}}, "/reports"), "quay-2")
}

func TestAReportIsOfWholeDaysAndSaysWhereThereIsNone(t *testing.T) {
	h := newHouse(t)
	h.takeIn(t, "d1", "quay-1", "a.pdf")
	today, yesterday := time.Now().UTC().Format(time.DateOnly), time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
	says(t, h.get(t, dossier.RoleOperator, "/reports?from="+today+"&to="+today), http.StatusOK, "so-tu-phap")
	says(t, h.get(t, dossier.RoleOperator, "/reports?from="+yesterday+"&to="+yesterday), http.StatusOK, say("en", "report.none"))
	for _, period := range []string{"from=" + today + "&to=" + yesterday, "from=nothing", "to=2026-02-30"} {
		says(t, h.get(t, dossier.RoleOperator, "/reports?"+period), http.StatusUnprocessableEntity, say("en", "report.period.fault"))
	}
}

func TestAReportIsTakenAwayAsAFileAndTheAuditLogKnows(t *testing.T) {
	h := newHouse(t)
	h.takeIn(t, "d1", "quay-1", "a.pdf")
	w := h.get(t, dossier.RoleArchivist, "/reports/csv?by=station")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][0] != "station" || rows[1][0] != "quay-1" || rows[1][1] != "1" {
		t.Errorf("%v %q", err, rows)
	}
	log, err := h.catalog.AuditLog(t.Context(), catalog.AuditFilter{Action: catalog.ActionExport})
	if err != nil || len(log) != 1 || log[0].Who != "lan" || log[0].Subject != "report" {
		t.Errorf("%v %+v", err, log)
	}
}

func TestBarsAreToTheScaleOfTheLongest(t *testing.T) {
	v := &visit{Language: "en"}
	r := catalog.Report{Rows: []catalog.ReportRow{
		{Name: "a", Deposits: 4, Published: 3, Rejected: 1, Digitising: catalog.Step{Count: 3, Median: 30, P95: 60}},
		{Name: "b", Deposits: 1, Waiting: 1},
	}}
	rows := v.rowsShown(catalog.ByStation, &r)
	a, b := rows[0], rows[1]
	if a.Outcomes[0].Width != 750 || a.Outcomes[1].X != 750 || a.Outcomes[1].Width != 250 || b.Outcomes[0].Width != 250 {
		t.Errorf("%+v %+v", a.Outcomes, b.Outcomes)
	}
	if a.Times[0].Width != 500 || a.Times[1].X != 500 || a.Times[1].Width != 500 || b.Times != nil {
		t.Errorf("%+v %+v", a.Times, b.Times)
	}
	if got := a.P95(a.Digitising); got != "0:01:00" {
		t.Errorf("%q", got)
	}
}
