package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/storage/catalog"
)

// reportObject is `dossierd report --format json`.
type reportObject struct {
	From    string           `json:"from"`
	To      string           `json:"to"` // the last day
	By      catalog.ReportBy `json:"by"`
	Station string           `json:"station,omitempty"` // that it is of alone
	catalog.Report
}

func (a *app) reportCommand() *cobra.Command {
	var from, to, by, station, format string
	bys := []string{string(catalog.ByDepartment), string(catalog.ByStation), string(catalog.ByProcedure), string(catalog.ByClerk)}
	formats := []string{"table", "csv", "json"}
	cmd := &cobra.Command{
		Use:     "report",
		Short:   "Count what was received in a period, how it ended and how long it took",
		Example: "  dossierd report --from 2026-01-01 --to 2026-03-31 --by station --format csv",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(a.oneOf("--by", by, bys), a.oneOf("--format", format, formats)); err != nil {
				return err
			}
			first, err := a.day("--from", from)
			if err != nil {
				return err
			}
			last, err := a.day("--to", to)
			if err != nil {
				return err
			}
			return a.withCatalogue(cmd.Context(), func(cfg *config.Config, c *catalog.Catalog) error {
				procedures, err := readProcedures(cfg.Procedures, cfg.Language)
				if err != nil {
					return &exitError{code: exitUsage, err: err}
				}
				q := reportQuery(first, last, time.Now().In(cfg.Location), procedures)
				if q.By, q.Station = catalog.ReportBy(by), station; !q.From.Before(q.To) {
					return errors.New(a.words.say("flag_period", lastDay(&q), q.From.Format(time.DateOnly)))
				}
				report, err := c.Report(cmd.Context(), q)
				if err != nil {
					return err
				}
				return a.printReport(format, &reportObject{q.From.Format(time.DateOnly), lastDay(&q), q.By, q.Station, report})
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&from, "from", "", "first `DAY`, as 2026-01-31 (default: the first of this month)")
	flags.StringVar(&to, "to", "", "last `DAY` (default: today)")
	flags.StringVar(&by, "by", bys[0], "a row each `WHAT`: department, station, procedure, clerk")
	flags.StringVar(&station, "station", "", "what came by station `NAME` alone")
	flags.StringVar(&format, "format", formats[0], "`FORMAT`: table, csv, json")
	completeWith(cmd, "by", bys)
	completeWith(cmd, "format", formats)
	return cmd
}

// day reads the day that a flag names, zero for none.
func (a *app) day(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, value)
	if err != nil {
		return day, errors.New(a.words.say("flag_day", flag, value))
	}
	return day, nil
}

// reportQuery asks for whole days in the time zone of now: where they are not given, from the first of the month to today.
func reportQuery(first, last, now time.Time, procedures *procedure.Set) catalog.ReportQuery {
	if first.IsZero() {
		first = time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	}
	if last.IsZero() {
		last = now
	}
	midnight := func(day time.Time, after int) time.Time {
		return time.Date(day.Year(), day.Month(), day.Day()+after, 0, 0, 0, 0, now.Location())
	}
	return catalog.ReportQuery{
		Scope: catalog.Everything(),
		From:  midnight(first, 0), To: midnight(last, 1), Now: now,
		Due: func(code string, received time.Time) time.Time {
			p := procedures.ByCode(code)
			if p == nil {
				return time.Time{}
			}
			return midnight(procedures.Calendar.Due(received.In(now.Location()), p.Deadline), 1)
		},
	}
}

func lastDay(q *catalog.ReportQuery) string { return q.To.AddDate(0, 0, -1).Format(time.DateOnly) }

func (a *app) printReport(format string, r *reportObject) error {
	switch format {
	case "json":
		return json.NewEncoder(a.stdout).Encode(r)
	case "csv":
		return r.WriteCSV(a.stdout, r.By)
	}
	total := r.Total
	total.Name = a.words.say("report_total")
	fmt.Fprintln(a.stdout, a.words.say("report_period", r.From, r.To))
	return list(a.stdout, false, a.words.say("report_head"), append(r.Rows, total), func(row catalog.ReportRow) []string {
		name := row.Name
		if name == "" {
			name = "-"
		}
		late := "-"
		if row.WithDue > 0 {
			late = fmt.Sprintf("%d / %d", row.Late, row.WithDue)
		}
		cells := []string{name}
		for _, n := range []int{
			row.Deposits, row.Pages, row.Waiting, row.Published, row.Duplicates, row.Rejected, row.Rescans, row.Dossiers, row.Online, row.Counter,
			row.Incomplete,
		} {
			cells = append(cells, strconv.Itoa(n))
		}
		cells = append(cells, late, strconv.Itoa(row.Results), strconv.Itoa(row.Returned))
		for _, s := range steps(&row) {
			cells = append(cells, stepText(s))
		}
		return cells
	})
}

// steps are a row's steps in the order of the columns.
func steps(row *catalog.ReportRow) []catalog.Step {
	return []catalog.Step{row.Digitising, row.Transfer, row.Processing, row.Return}
}

// stepText is median and p95 in hours, minutes and seconds.
func stepText(s catalog.Step) string {
	if s.Count == 0 {
		return "-"
	}
	clock := func(seconds float64) string {
		n := int(seconds + 0.5)
		return fmt.Sprintf("%d:%02d:%02d", n/3600, n/60%60, n%60)
	}
	return clock(s.Median) + " / " + clock(s.P95)
}
