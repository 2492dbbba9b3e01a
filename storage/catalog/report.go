package catalog

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ReportBy is what a report's rows stand for.
type ReportBy string

// The ways to divide a report.
const (
	ByDepartment ReportBy = "department"
	ByStation    ReportBy = "station"
	ByProcedure  ReportBy = "procedure"
	ByClerk      ReportBy = "clerk"
)

// ReportQuery asks for what was received from From on and before To, at whatever time the rest happened.
type ReportQuery struct {
	From, To time.Time
	By       ReportBy
	// Due is the first moment at which the answer to a dossier of a procedure is late; zero where no deadline is known.
	Due func(procedure string, received time.Time) time.Time
	Now time.Time
}

// Report is an account of a period. Each deposit and each dossier is counted in one row.
type Report struct {
	Rows  []ReportRow `json:"rows"` // by name; the one without a name, of what nobody knows it of, comes last
	Total ReportRow   `json:"total"`
}

// ReportRow counts deposits and dossiers. Deposits = Waiting + Published + Duplicates + Rejected.
type ReportRow struct {
	Name       string `json:"name"`
	Deposits   int    `json:"deposits"`
	Pages      int    `json:"pages"` // of the deposits
	Waiting    int    `json:"waiting"`
	Published  int    `json:"published"`
	Duplicates int    `json:"duplicates"`
	Rejected   int    `json:"rejected"`
	Rescans    int    `json:"rescans"` // deposits that the clerk was advised to scan again
	Dossiers   int    `json:"dossiers"`
	Incomplete int    `json:"incomplete"`    // dossiers that lack papers of their procedure
	Results    int    `json:"results"`       // dossiers whose result has come
	Returned   int    `json:"returned"`      // dossiers whose result the citizen has
	WithDue    int    `json:"with_deadline"` // dossiers whose deadline is known
	Late       int    `json:"late"`          // of those
	// Digitising goes from the first deposit's reception to the first version, Transfer from there to the first subscriber
	// that acknowledged it, Processing from reception to the department's result.
	Digitising Step `json:"digitising"`
	Transfer   Step `json:"transfer"`
	Processing Step `json:"processing"` // from reception to the result
}

// Step is how long a step took those that have it behind them, in seconds. By nearest rank: each is a time that was
// measured. 0 where Count is 0.
type Step struct {
	Count  int     `json:"count"`
	Median float64 `json:"median_seconds"`
	P95    float64 `json:"p95_seconds"`
}

// subject is what rows are made by.
type subject struct {
	department, station, procedure, clerk string
}

func (s *subject) name(by ReportBy) string {
	switch by {
	case ByStation:
		return s.station
	case ByProcedure:
		return s.procedure
	case ByClerk:
		return s.clerk
	case ByDepartment:
	}
	return s.department
}

// depositFacts and dossierFacts are what the catalogue knows of each; a time that has not come is zero.
type depositFacts struct {
	subject
	state  dossier.State
	pages  int
	rescan bool
}

type dossierFacts struct {
	subject
	complete                                         Completeness
	received, published, delivered, result, returned time.Time
}

// ended is when the citizen could have the answer.
func (d *dossierFacts) ended() time.Time {
	if d.result.IsZero() || !d.returned.IsZero() && d.returned.Before(d.result) {
		return d.returned
	}
	return d.result
}

// Report counts what was received in a period.
func (c *Catalog) Report(ctx context.Context, q ReportQuery) (Report, error) {
	from, to := asMicros(q.From), asMicros(q.To)
	deposits, err := collect(ctx, c.db, func(r row) (depositFacts, error) {
		var d depositFacts
		return d, r.Scan(&d.department, &d.station, &d.state, &d.pages, &d.rescan)
	}, `SELECT d.department, d.station, d.state, d.pages,
			EXISTS (SELECT 1 FROM events e WHERE e.subject = d.id AND e.type = 'deposit.rescan_advised')
		FROM deposits d WHERE d.received_at >= ? AND d.received_at < ?`, from, to)
	if err != nil {
		return Report{}, fmt.Errorf("report on deposits: %w", err)
	}
	dossiers, err := collect(ctx, c.db, func(r row) (dossierFacts, error) {
		var d dossierFacts
		var received, published, delivered, result, returned int64
		err := r.Scan(&d.department, &d.station, &d.procedure, &d.complete, &received, &published, &delivered, &result, &returned)
		d.received, d.published, d.delivered = asTime(received), asTime(published), asTime(delivered)
		d.result, d.returned = asTime(result), asTime(returned)
		return d, err
	}, `SELECT s.department, s.station, s.procedure, s.complete, s.received_at,
			coalesce((SELECT min(v.published_at) FROM versions v WHERE v.code = s.code AND v.state = 'published'), 0), coalesce(l.at, 0),
			coalesce((SELECT min(t.at) FROM dossier_states t WHERE t.code = s.code AND t.state = 'result_received'), 0),
			coalesce((SELECT min(t.at) FROM dossier_states t WHERE t.code = s.code AND t.state = 'returned'), 0)
		FROM dossiers s
		LEFT JOIN (SELECT subject, min(delivered_at) AS at FROM deliveries
			WHERE type = 'dossier.published' AND delivered_at > 0 GROUP BY subject) l ON l.subject = s.code
		WHERE s.received_at >= ? AND s.received_at < ? AND s.state <> 'withdrawn'`, from, to)
	if err != nil {
		return Report{}, fmt.Errorf("report on dossiers: %w", err)
	}
	return account(q, deposits, dossiers), nil
}

// account makes the rows.
func account(q ReportQuery, deposits []depositFacts, dossiers []dossierFacts) Report {
	rows := map[string]*tally{}
	total := new(tally)
	of := func(s *subject) [2]*tally {
		name := s.name(q.By)
		if rows[name] == nil {
			rows[name] = &tally{ReportRow: ReportRow{Name: name}}
		}
		return [2]*tally{rows[name], total}
	}
	for i := range deposits {
		for _, t := range of(&deposits[i].subject) {
			t.deposit(&deposits[i])
		}
	}
	for i := range dossiers {
		for _, t := range of(&dossiers[i].subject) {
			t.dossier(&q, &dossiers[i])
		}
	}
	r := Report{Rows: make([]ReportRow, 0, len(rows)), Total: total.row()}
	for _, t := range rows {
		r.Rows = append(r.Rows, t.row())
	}
	slices.SortFunc(r.Rows, func(a, b ReportRow) int {
		if (a.Name == "") != (b.Name == "") {
			return cmp.Compare(b.Name, a.Name)
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return r
}

// tally is a row in the making.
type tally struct {
	ReportRow
	digitising, transfer, processing []time.Duration
}

func (t *tally) deposit(d *depositFacts) {
	t.Deposits++
	t.Pages += d.pages
	if d.rescan {
		t.Rescans++
	}
	switch d.state {
	case dossier.StatePublished:
		t.Published++
	case dossier.StateDuplicate:
		t.Duplicates++
	case dossier.StateRejected:
		t.Rejected++
	case dossier.StateReceived, dossier.StateReading, dossier.StateAssembling:
		t.Waiting++
	}
}

func (t *tally) dossier(q *ReportQuery, d *dossierFacts) {
	t.Dossiers++
	if d.complete == Incomplete {
		t.Incomplete++
	}
	if !d.result.IsZero() {
		t.Results++
		t.processing = append(t.processing, d.result.Sub(d.received))
	}
	if !d.returned.IsZero() {
		t.Returned++
	}
	if q.Due != nil {
		if due := q.Due(d.procedure, d.received); !due.IsZero() {
			t.WithDue++
			if end := d.ended(); !end.Before(due) || (end.IsZero() && !q.Now.Before(due)) {
				t.Late++
			}
		}
	}
	if !d.published.IsZero() {
		t.digitising = append(t.digitising, d.published.Sub(d.received))
		if !d.delivered.IsZero() {
			t.transfer = append(t.transfer, d.delivered.Sub(d.published))
		}
	}
}

func (t *tally) row() ReportRow {
	t.Digitising, t.Transfer, t.Processing = newStep(t.digitising), newStep(t.transfer), newStep(t.processing)
	return t.ReportRow
}

func newStep(times []time.Duration) Step {
	if len(times) == 0 {
		return Step{}
	}
	slices.Sort(times)
	rank := func(share float64) float64 { return times[int(math.Ceil(share*float64(len(times))))-1].Seconds() }
	return Step{Count: len(times), Median: rank(.5), P95: rank(.95)}
}
