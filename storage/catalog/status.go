package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Status counts the deposits of a scope, and for who sees everything deliveries. Each deposit is counted in one state, so that a
// station's counts add up to its total. Stations are in the order of their names; those that never had a deposit are not known
// here.
func (c *Catalog) Status(ctx context.Context, of dossier.Scope) (Status, error) {
	s := Status{Stations: []StationStatus{}, Deliveries: map[DeliveryState]int{}}
	if err := c.countDeposits(ctx, &s, of); err != nil {
		return s, fmt.Errorf("count deposits: %w", err)
	}
	if err := c.countBatches(ctx, &s, of); err != nil {
		return s, fmt.Errorf("count batches: %w", err)
	}
	if !of.All {
		return s, nil
	}
	type count struct {
		state DeliveryState
		n     int
	}
	deliveries, err := collect(ctx, c.db, func(r row) (count, error) {
		var n count
		return n, r.Scan(&n.state, &n.n)
	}, `SELECT state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		return s, fmt.Errorf("count deliveries: %w", err)
	}
	for _, n := range deliveries {
		s.Deliveries[n.state] = n.n
	}
	s.SwitchedOff, err = collect(ctx, c.db, scanOne[string], `SELECT subscriber FROM switched_off ORDER BY subscriber`)
	if err != nil {
		return s, fmt.Errorf("list subscribers that are switched off: %w", err)
	}
	return s, nil
}

// countDeposits reads everything in one statement, and so at one moment.
func (c *Catalog) countDeposits(ctx context.Context, s *Status, of dossier.Scope) error {
	type count struct {
		station string
		state   dossier.State
		n       int
		oldest  int64
		open    int
		waiting int
	}
	in, args := within(of, "d")
	counts, err := collect(ctx, c.db, func(r row) (count, error) {
		var n count
		return n, r.Scan(&n.station, &n.state, &n.n, &n.oldest, &n.open, &n.waiting)
	}, `SELECT d.station, d.state, d.n, d.oldest, coalesce(q.n, 0), coalesce(p.n, 0)
		FROM (SELECT d.station, d.state, count(*) AS n, min(d.received_at) AS oldest FROM deposits d WHERE `+in+` GROUP BY d.station, d.state) d
		LEFT JOIN (SELECT p.station, count(*) AS n FROM pages p JOIN deposits d ON d.id = p.deposit_id
			WHERE p.state IN ('waiting', 'queued') AND `+in+` GROUP BY p.station) p ON p.station = d.station
		LEFT JOIN (SELECT d.station, count(*) AS n FROM deposits d WHERE d.state = 'rejected' AND d.dismissed = '' AND `+in+`
			GROUP BY d.station) q ON q.station = d.station
		ORDER BY d.station`, slices.Concat(args, args, args)...)
	if err != nil {
		return err
	}
	for _, n := range counts {
		if len(s.Stations) == 0 || s.Stations[len(s.Stations)-1].Station != n.station {
			s.Stations = append(s.Stations, StationStatus{Station: n.station, Deposits: map[dossier.State]int{}, WaitingPages: n.waiting})
		}
		st := &s.Stations[len(s.Stations)-1]
		st.Deposits[n.state] = n.n
		st.Total += n.n
		switch n.state {
		case dossier.StateReceived, dossier.StateReading, dossier.StateAssembling:
			if oldest := asTime(n.oldest); st.OldestOpen.IsZero() || oldest.Before(st.OldestOpen) {
				st.OldestOpen = oldest
			}
		case dossier.StateRejected:
			st.Dismissed = n.n - n.open
		case dossier.StatePublished, dossier.StateDuplicate:
		}
	}
	return nil
}
