package catalog

import (
	"encoding/csv"
	"io"
	"strconv"
)

// steps are the steps of a row with the names of their columns, in order.
func (r *ReportRow) steps() []namedStep {
	return []namedStep{{"digitising", r.Digitising}, {"transfer", r.Transfer}, {"processing", r.Processing}, {"return", r.Return}}
}

type namedStep struct {
	name string
	Step
}

// WriteCSV writes a header of the JSON's names and a line a row. There is no total: who adds the lines up would count it twice.
func (r *Report) WriteCSV(w io.Writer, by ReportBy) error {
	out := csv.NewWriter(w)
	head := []string{
		string(by), "deposits", "pages", "waiting", "published", "duplicates", "rejected", "rescans", "dossiers", "online", "counter", "withdrawn",
		"complete", "incomplete", "with_deadline", "late", "results", "returned",
	}
	for _, s := range r.Total.steps() {
		head = append(head, s.name+"_count", s.name+"_median_seconds", s.name+"_p95_seconds")
	}
	if err := out.Write(head); err != nil {
		return err
	}
	for _, row := range r.Rows {
		if err := out.Write(row.cells()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r *ReportRow) cells() []string {
	line := []string{r.Name}
	for _, n := range []int{
		r.Deposits, r.Pages, r.Waiting, r.Published, r.Duplicates, r.Rejected, r.Rescans, r.Dossiers, r.Online, r.Counter, r.Withdrawn,
		r.Complete, r.Incomplete, r.WithDue, r.Late, r.Results, r.Returned,
	} {
		line = append(line, strconv.Itoa(n))
	}
	for _, s := range r.steps() {
		line = append(line, strconv.Itoa(s.Count), s.seconds(s.Median), s.seconds(s.P95))
	}
	return line
}

// seconds is empty where nothing was measured.
func (s Step) seconds(value float64) string {
	if s.Count == 0 {
		return ""
	}
	return strconv.FormatFloat(value, 'f', 3, 64)
}
