package pages

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

func (s *site) reportRoutes() []route {
	return []route{
		{pattern: "GET /reports", right: access.Report, nav: "report.nav", do: s.reportPage},
		{pattern: "GET /reports/csv", right: access.Report, do: s.reportCSV},
	}
}

// reportBys are what a report can have a row for, in the order of the choice.
var reportBys = []catalog.ReportBy{catalog.ByDepartment, catalog.ByStation, catalog.ByProcedure, catalog.ByClerk}

var errPeriod = errors.New("it is no period of days")

// reportShown is what the page of reports is given.
type reportShown struct {
	By       catalog.ReportBy
	Bys      []catalog.ReportBy
	Station  string   // alone; "" for all
	Stations []string // there is a choice of
	From, To string   // days, the last one included, as 2026-01-31
	First    time.Time
	Last     time.Time
	Fault    string // sentence: why there is no report
	Rows     []rowShown
	Total    rowShown
	CSV      string // address of the same as a file
}

// rowShown is one row of a report with its bars.
type rowShown struct {
	catalog.ReportRow
	Label    string
	Outcomes []bar // of its deposits
	Times    []bar // of digitising: the median, and from there to the 95th percentile
}

// bar is a piece of a chart that is barsWide wide.
type bar struct {
	Class    string // of report.css, and the end of a message's key
	X, Width float64
	Text     string
}

const barsWide = 1000

func (s *site) reportPage(v *visit) error {
	q, err := s.reportAsked(v.r.URL.Query(), time.Now())
	stations, failed := s.stationsToReport(v, q.Station)
	if failed != nil {
		return failed
	}
	p := reportShown{By: q.By, Bys: reportBys, Station: q.Station, Stations: stations, From: v.r.FormValue("from"), To: v.r.FormValue("to")}
	if errors.Is(err, errPeriod) {
		p.Fault = v.T("report.period.fault")
		return v.render(http.StatusUnprocessableEntity, "report", p)
	}
	if err != nil {
		return err
	}
	r, err := s.reported(v, q)
	if err != nil {
		return err
	}
	p.First, p.Last = q.From, q.To.AddDate(0, 0, -1)
	p.From, p.To = p.First.Format(time.DateOnly), p.Last.Format(time.DateOnly)
	p.CSV = "/reports/csv?" + url.Values{"by": {string(q.By)}, "station": {p.Station}, "from": {p.From}, "to": {p.To}}.Encode()
	p.Rows, p.Total = v.rowsShown(q.By, &r), rowShown{ReportRow: r.Total, Label: v.T("report.total")}
	return v.render(http.StatusOK, "report", p)
}

// stationsToReport are those that the visitor may choose from, with the one that was asked for: it may stand in the settings no more.
func (s *site) stationsToReport(v *visit, asked string) ([]string, error) {
	stations, err := s.stationsOf(v)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, st := range stations {
		names = append(names, st.Name)
	}
	if asked != "" && !slices.Contains(names, asked) {
		names = append(names, asked)
	}
	slices.Sort(names)
	return names, nil
}

// reportAsked reads what a report is to be of: whole days, where none are named from the first of this month to today.
func (s *site) reportAsked(values url.Values, now time.Time) (catalog.ReportQuery, error) {
	q := catalog.ReportQuery{By: catalog.ReportBy(values.Get("by")), Station: values.Get("station"), Now: now, Due: s.cfg.Office().Due}
	if !slices.Contains(reportBys, q.By) {
		q.By = reportBys[0]
	}
	if q.Due == nil {
		q.Due = func(string, time.Time) time.Time { return time.Time{} }
	}
	today := now.In(s.cfg.Location)
	midnight := func(name string, day, after int) (time.Time, error) {
		at := time.Date(today.Year(), today.Month(), day, 0, 0, 0, 0, s.cfg.Location)
		if text := values.Get(name); text != "" {
			var err error
			if at, err = time.ParseInLocation(time.DateOnly, text, s.cfg.Location); err != nil {
				return at, errPeriod
			}
		}
		return at.AddDate(0, 0, after), nil
	}
	var err error
	if q.From, err = midnight("from", 1, 0); err != nil {
		return q, err
	}
	if q.To, err = midnight("to", today.Day(), 1); err == nil && !q.From.Before(q.To) {
		err = errPeriod
	}
	return q, err
}

// reported counts, once the audit log knows who wants to know.
func (s *site) reported(v *visit, q catalog.ReportQuery) (catalog.Report, error) {
	if err := s.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{Action: catalog.ActionExport, Subject: "report"}); err != nil {
		return catalog.Report{}, err
	}
	q.Scope = v.Who.Scope
	return s.catalog.Report(v.r.Context(), q)
}

func (s *site) reportCSV(v *visit) error {
	q, err := s.reportAsked(v.r.URL.Query(), time.Now())
	if errors.Is(err, errPeriod) {
		return errNotFound
	}
	if err != nil {
		return err
	}
	r, err := s.reported(v, q)
	if err != nil {
		return err
	}
	for i := range r.Rows {
		r.Rows[i].Name = harmless(r.Rows[i].Name)
	}
	h := v.w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="report-%s-%s.csv"`, q.By, q.From.Format(time.DateOnly)))
	h.Set("Cache-Control", "no-store")
	_, _ = io.WriteString(v.w, "\ufeff") // spreadsheets know by it that this is UTF-8
	_ = r.WriteCSV(v.w, q.By)            // a client gone is its own affair
	return nil
}

// rowsShown draws the rows, to the scale of the longest bar.
func (v *visit) rowsShown(by catalog.ReportBy, r *catalog.Report) []rowShown {
	most, longest := 0, 0.0
	for _, row := range r.Rows {
		most, longest = max(most, row.Deposits), max(longest, row.Digitising.P95)
	}
	rows := make([]rowShown, 0, len(r.Rows))
	for _, row := range r.Rows {
		shown := rowShown{ReportRow: row, Label: row.Name}
		switch {
		case row.Name == "":
			shown.Label = v.T("report.unnamed")
		case by == catalog.ByProcedure:
			shown.Label = v.named(string(by), row.Name)
		}
		shown.Outcomes = v.outcomes(&row, most)
		shown.Times = v.times(row.Digitising, longest)
		rows = append(rows, shown)
	}
	return rows
}

func (v *visit) outcomes(row *catalog.ReportRow, most int) []bar {
	var bars []bar
	x := 0.0
	for _, part := range []struct {
		class string
		n     int
	}{{"published", row.Published}, {"waiting", row.Waiting}, {"duplicates", row.Duplicates}, {"rejected", row.Rejected}} {
		if part.n == 0 {
			continue
		}
		width := barsWide * float64(part.n) / float64(most)
		bars = append(bars, bar{Class: part.class, X: x, Width: width, Text: v.T("report.bar", v.T("report.part."+part.class), part.n)})
		x += width
	}
	return bars
}

func (v *visit) times(step catalog.Step, longest float64) []bar {
	if step.Count == 0 || longest == 0 {
		return nil
	}
	middle := barsWide * step.Median / longest
	return []bar{
		{Class: "median", Width: middle, Text: v.T("report.bar.time", v.T("report.part.median"), clock(step.Median))},
		{Class: "p95", X: middle, Width: barsWide*step.P95/longest - middle, Text: v.T("report.bar.time", v.T("report.part.p95"), clock(step.P95))},
	}
}

// Told is a row's bars in words.
func (rowShown) Told(bars []bar) string {
	var texts []string
	for _, b := range bars {
		texts = append(texts, b.Text)
	}
	return strings.Join(texts, ", ")
}

// Median is how long a step takes, as a clock shows it.
func (rowShown) Median(s catalog.Step) string { return timeOf(s, s.Median) }

// P95 is the same for all but the slowest twentieth.
func (rowShown) P95(s catalog.Step) string { return timeOf(s, s.P95) }

func timeOf(s catalog.Step, seconds float64) string {
	if s.Count == 0 {
		return "–"
	}
	return clock(seconds)
}

// clock is seconds as hours, minutes and seconds.
func clock(seconds float64) string {
	n := int(seconds + .5)
	return fmt.Sprintf("%d:%02d:%02d", n/3600, n/60%60, n%60)
}
