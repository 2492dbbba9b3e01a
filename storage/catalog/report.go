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
	Scope    dossier.Scope // of who asks
	Station  string        // one station alone; "" for all
	From, To time.Time
	By       ReportBy
	// Due is the first moment at which the answer to a dossier of a procedure is late; zero where no deadline is known.
	Due func(procedure string, received time.Time) time.Time
	Now time.Time
}

// within narrows a query to the scope, and to the station.
func (q *ReportQuery) within(alias string) (condition string, args []any) {
	condition, args = within(q.Scope, alias)
	if q.Station != "" {
		condition, args = condition+` AND `+alias+`.station = ?`, append(args, q.Station)
	}
	return condition, args
}

// Report is an account of a period. Each deposit and each dossier is counted in one row.
type Report struct {
	Rows  []ReportRow `json:"rows"` // by name; the one without a name, of what nobody knows it of, comes last
	Total ReportRow   `json:"total"`
}

// ReportRow counts deposits and dossiers. Deposits = Waiting + Published + Duplicates + Rejected; Dossiers = Online + Counter.
type ReportRow struct {
	Name       string `json:"name"`
	Deposits   int    `json:"deposits"`
	Pages      int    `json:"pages"` // of the deposits
	Waiting    int    `json:"waiting"`
	Published  int    `json:"published"`
	Duplicates int    `json:"duplicates"`
	Rejected   int    `json:"rejected"`
	Rescans    int    `json:"rescans"`   // deposits that the clerk was advised to scan again
	Dossiers   int    `json:"dossiers"`  // with a version, whenever that was published
	Online     int    `json:"online"`    // of the dossiers, those whose first deposit came by the API or an online station
	Counter    int    `json:"counter"`   // the others
	Withdrawn  int    `json:"withdrawn"` // of the dossiers; they count in nothing that follows
	Complete   int    `json:"complete"`
	Incomplete int    `json:"incomplete"`
	WithDue    int    `json:"with_deadline"` // whose deadline is known
	Late       int    `json:"late"`          // of those
	Results    int    `json:"results"`       // whose result has come
	Returned   int    `json:"returned"`      // whose result the citizen has
	// Digitising goes from the first deposit's reception to the first version, Transfer from there to the first subscriber
	// that acknowledged it, Processing from reception to the department's result, and Return from there to the citizen.
	Digitising Step `json:"digitising"`
	Transfer   Step `json:"transfer"`
	Processing Step `json:"processing"`
	Return     Step `json:"return"`
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
	state                                            DossierState
	complete                                         Completeness
	channel                                          dossier.Channel
	received, published, delivered, result, returned time.Time
}

// Report counts what was received in a period.
func (c *Catalog) Report(ctx context.Context, q ReportQuery) (Report, error) {
	deposits, err := c.depositFacts(ctx, &q)
	if err != nil {
		return Report{}, fmt.Errorf("report on deposits: %w", err)
	}
	dossiers, err := c.dossierFacts(ctx, &q)
	if err != nil {
		return Report{}, fmt.Errorf("report on dossiers: %w", err)
	}
	return account(q, deposits, dossiers), nil
}

// depositFacts reads the deposits of a period. What a dossier knows of procedure and clerk, its deposits know from it; one
// that became several, from the first. Of a dossier out of scope nothing is told.
func (c *Catalog) depositFacts(ctx context.Context, q *ReportQuery) ([]depositFacts, error) {
	var subjects map[string]subject
	if q.By == ByProcedure || q.By == ByClerk {
		var err error
		if subjects, err = c.dossierSubjects(ctx, q.Scope); err != nil {
			return nil, err
		}
	}
	seen, args := q.within("d")
	return collect(ctx, c.db, func(r row) (depositFacts, error) {
		var d depositFacts
		var codes string
		if err := r.Scan(&d.department, &d.station, &d.state, &d.pages, &codes, &d.rescan); err != nil {
			return d, err
		}
		list, err := fromListJSON(codes)
		if len(list) > 0 {
			of := subjects[list[0]]
			d.procedure, d.clerk = of.procedure, of.clerk
		}
		return d, err
	}, `SELECT d.department, d.station, d.state, d.pages, d.dossiers,
			EXISTS (SELECT 1 FROM events e WHERE e.subject = d.id AND e.type = 'deposit.rescan_advised')
		FROM deposits d WHERE d.received_at >= ? AND d.received_at < ? AND `+seen, append([]any{asMicros(q.From), asMicros(q.To)}, args...)...)
}

// received is who took a dossier in, "" where that is its station.
const received = `coalesce((SELECT min(s.who) FROM dossier_states s WHERE s.code = d.code AND s.state = 'received' AND s.who <> d.station), '')`

func (c *Catalog) dossierSubjects(ctx context.Context, s dossier.Scope) (map[string]subject, error) {
	subjects := map[string]subject{}
	seen, args := within(s, "d")
	_, err := collect(ctx, c.db, func(r row) (struct{}, error) {
		var code string
		var of subject
		err := r.Scan(&code, &of.procedure, &of.clerk)
		subjects[code] = of
		return struct{}{}, err
	}, `SELECT d.code, d.procedure, `+received+` FROM dossiers d WHERE `+seen, args...)
	return subjects, err
}

// dossierFacts reads the dossiers of a period that have a version. One that was erased counts as it stood then, so that the
// account of a period stays what it was.
func (c *Catalog) dossierFacts(ctx context.Context, q *ReportQuery) ([]dossierFacts, error) {
	seen, args := q.within("d")
	return collect(ctx, c.db, func(r row) (dossierFacts, error) {
		var d dossierFacts
		var at [5]int64
		err := r.Scan(&d.department, &d.station, &d.procedure, &d.clerk, &d.state, &d.complete, &d.channel, &at[0], &at[1], &at[2], &at[3], &at[4])
		for i, t := range []*time.Time{&d.received, &d.published, &d.delivered, &d.result, &d.returned} {
			*t = asTime(at[i])
		}
		return d, err
	}, `SELECT d.department, d.station, d.procedure, `+received+`,
			CASE d.state WHEN 'erased' THEN (SELECT t.state FROM tombstones t WHERE t.code = d.code ORDER BY t.at DESC LIMIT 1)
				ELSE d.state END, d.complete, d.channel, d.received_at,
			coalesce((SELECT min(v.published_at) FROM versions v WHERE v.code = d.code AND v.state IN ('published', 'erased')), 0), coalesce(l.at, 0),
			coalesce((SELECT min(s.at) FROM dossier_states s WHERE s.code = d.code AND s.state = 'result_received'), 0),
			coalesce((SELECT min(s.at) FROM dossier_states s WHERE s.code = d.code AND s.state = 'returned'), 0)
		FROM dossiers d
		LEFT JOIN (SELECT subject, min(delivered_at) AS at FROM deliveries
			WHERE type = 'dossier.published' AND delivered_at > 0 GROUP BY subject) l ON l.subject = d.code
		WHERE d.version > 0 AND d.received_at >= ? AND d.received_at < ? AND `+seen, append([]any{asMicros(q.From), asMicros(q.To)}, args...)...)
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
	digitising, transfer, processing, giveBack []time.Duration
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
	if d.channel == dossier.ChannelOnline {
		t.Online++
	} else {
		t.Counter++
	}
	if d.state == DossierWithdrawn {
		t.Withdrawn++
		return
	}
	switch d.complete {
	case Complete:
		t.Complete++
	case Incomplete:
		t.Incomplete++
	case CompleteUnknown:
	}
	if !d.result.IsZero() {
		t.Results++
	}
	if !d.returned.IsZero() {
		t.Returned++
	}
	t.deadline(q, d)
	for _, step := range []struct {
		times    *[]time.Duration
		from, to time.Time
	}{
		{&t.digitising, d.received, d.published},
		{&t.transfer, d.published, d.delivered},
		{&t.processing, d.received, d.result},
		{&t.giveBack, d.result, d.returned},
	} {
		if !step.from.IsZero() && !step.to.IsZero() {
			*step.times = append(*step.times, step.to.Sub(step.from))
		}
	}
}

// deadline counts a dossier as late if neither its result came in time nor, without its being scanned, went to the citizen.
func (t *tally) deadline(q *ReportQuery, d *dossierFacts) {
	if q.Due == nil {
		return
	}
	due := q.Due(d.procedure, d.received)
	if due.IsZero() {
		return
	}
	t.WithDue++
	end := q.Now
	for _, at := range []time.Time{d.result, d.returned} {
		if !at.IsZero() && at.Before(end) {
			end = at
		}
	}
	if !end.Before(due) {
		t.Late++
	}
}

func (t *tally) row() ReportRow {
	t.Digitising, t.Transfer = newStep(t.digitising), newStep(t.transfer)
	t.Processing, t.Return = newStep(t.processing), newStep(t.giveBack)
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
