package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrBusy says that a version of a dossier is being made, or of another one that takes its pages, and that nothing else can be begun
// before that is published.
var ErrBusy = errors.New("a version of the dossier is being made")

// busy returns ErrBusy for a dossier of which a version is being made, or that ends once those of a decision are made: its pages are in
// them too until then.
func busy(ctx context.Context, t conn, code string) error {
	var open int
	if err := t.queryRow(ctx, `SELECT count(*) FROM versions WHERE code = ? AND state = 'reserved'`, code).Scan(&open); err != nil {
		return err
	}
	lists, err := collect(ctx, t, scanOne[string], `SELECT withdraws FROM revisions WHERE state = 'reserved' AND withdraws <> ''`)
	if err != nil {
		return err
	}
	for _, list := range lists {
		codes, err := fromListJSON(list)
		if err != nil {
			return err
		}
		if slices.Contains(codes, code) {
			open++
		}
	}
	if open > 0 {
		return fmt.Errorf("%s: %w", code, ErrBusy)
	}
	return nil
}

// reserve takes the next version number of a dossier for a revision, and returns it. The dossier's row is locked.
func reserve(ctx context.Context, t tx, revision string, ordinal int, code string, plan Plan) (int, error) {
	if err := busy(ctx, t, code); err != nil {
		return 0, err
	}
	var last int
	err := t.queryRow(ctx, `SELECT coalesce(max(number), 0) FROM versions WHERE code = ?`, code).Scan(&last)
	if err != nil {
		return 0, err
	}
	text, err := planJSON(plan)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", code, err)
	}
	_, err = t.exec(ctx, `INSERT INTO versions (code, number, revision_id, ordinal, state, plan) VALUES (?, ?, ?, ?, 'reserved', ?)`,
		code, last+1, revision, ordinal, text)
	if err != nil {
		return 0, err
	}
	return last + 1, hold(ctx, t, code, plan)
}

// hold records that a dossier has pages of deposits: from now on they are not erased with another one.
func hold(ctx context.Context, t tx, code string, plan Plan) error {
	const atOnce = 200
	for some := range slices.Chunk(plan.deposits(), atOnce) {
		args := make([]any, 0, 2*len(some))
		for _, id := range some {
			args = append(args, code, id)
		}
		_, err := t.exec(ctx, `INSERT INTO dossier_deposits (code, deposit_id) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(some)-1)+
			` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// NextCode takes the next number of the station's day for a dossier whose papers are yet to be scanned. No other dossier is
// given it, whether it is used or not.
func (c *Catalog) NextCode(ctx context.Context, station string) (string, error) {
	var code string
	err := c.db.write(ctx, func(t tx) (err error) {
		code, err = c.allotCode(ctx, t, station, time.Now())
		return err
	})
	return code, err
}

// allotCode takes the next number of the station's day.
func (c *Catalog) allotCode(ctx context.Context, t tx, station string, at time.Time) (string, error) {
	day := at.In(c.location.Load()).Format("20060102")
	for {
		var number int
		err := t.queryRow(ctx, `INSERT INTO station_days (station, day, last) VALUES (?, ?, 1)
			ON CONFLICT (station, day) DO UPDATE SET last = station_days.last + 1 RETURNING last`, station, day).Scan(&number)
		if err != nil {
			return "", fmt.Errorf("allot a dossier code: %w", err)
		}
		code := fmt.Sprintf("%s-%s-%04d", station, day, number)
		if _, err := lockedDossier(ctx, t, code); errors.Is(err, ErrNotFound) {
			return code, nil
		} else if err != nil {
			return "", err // else a slip named it before
		}
	}
}

// NextVersion gives up a version that is reserved, because something else lies under its keys, and reserves the next of the
// same dossier in its place.
func (c *Catalog) NextVersion(ctx context.Context, code string, number int) (int, error) {
	err := c.db.write(ctx, func(t tx) error {
		if _, err := lockedDossier(ctx, t, code); err != nil {
			return err
		}
		changed, err := t.exec(ctx, `UPDATE versions SET state = 'abandoned' WHERE code = ? AND number = ? AND state = 'reserved'`, code, number)
		if err == nil && changed == 0 {
			err = errors.New("it is not reserved")
		}
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO versions (code, number, revision_id, ordinal, state, plan)
			SELECT code, number + 1, revision_id, ordinal, 'reserved', plan FROM versions WHERE code = ? AND number = ?`, code, number)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("reserve the version after %d of %s: %w", number, code, err)
	}
	return number + 1, nil
}
