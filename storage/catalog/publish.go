package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Assembly returns what a batch whose pages are all done is made into: the first time it allots a dossier code and
// reserves version 1, later it returns the same. It is nil for a batch that was published or rejected. Rejected
// deposits of the batch are not part of it; a warning tells of them.
func (c *Catalog) Assembly(ctx context.Context, batchID string) (*Assembly, error) {
	var a *Assembly
	err := c.db.write(ctx, func(t tx) error {
		a = nil
		b, err := lockedBatch(ctx, t, batchID)
		if err != nil || b.state != "open" {
			return err
		}
		if b.openPages > 0 || b.closed == 0 {
			return fmt.Errorf("batch has %d open pages", b.openPages)
		}
		a = &Assembly{BatchID: batchID, Code: b.code, Version: b.version}
		if err := readBatch(ctx, t, a); err != nil || len(a.Documents) == 0 {
			return err
		}
		if a.Code != "" {
			a.Year, err = yearOf(a.Code)
			return err
		}
		if a.Code, err = c.allotCode(ctx, t, a.Station, a.CreatedAt); err != nil {
			return err
		}
		if a.Year, err = yearOf(a.Code); err != nil {
			return err
		}
		for i := range a.Documents {
			a.Documents[i].Deposit.Dossier = a.Code
		}
		a.Version = 1
		return reserve(ctx, t, batchID, a.Code, a.Version)
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the assembly of batch %s: %w", batchID, err)
	}
	return a, nil
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
	var number int
	err := t.queryRow(ctx, `INSERT INTO station_days (station, day, last) VALUES (?, ?, 1)
		ON CONFLICT (station, day) DO UPDATE SET last = station_days.last + 1 RETURNING last`, station, day).Scan(&number)
	if err != nil {
		return "", fmt.Errorf("allot a dossier code: %w", err)
	}
	return fmt.Sprintf("%s-%s-%04d", station, day, number), nil
}

// yearOf reads the year out of a dossier code: the time zone may have been another one when it was allotted.
func yearOf(code string) (int, error) {
	parts := strings.Split(code, "-")
	if len(parts) < 3 {
		return 0, fmt.Errorf("dossier code %q has no day", code)
	}
	day, err := time.Parse("20060102", parts[len(parts)-2])
	if err != nil {
		return 0, fmt.Errorf("day of dossier code %q: %w", code, err)
	}
	return day.Year(), nil
}

func reserve(ctx context.Context, t tx, batchID, code string, version int) error {
	_, err := t.exec(ctx, `INSERT INTO versions (code, number, batch_id, state) VALUES (?, ?, ?, 'reserved')`, code, version, batchID)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE batches SET code = ?, version = ? WHERE id = ?`, code, version, batchID)
	return err
}

// NextVersion gives up the version that is reserved for a batch, because something else lies under its keys, and
// reserves the next.
func (c *Catalog) NextVersion(ctx context.Context, batchID string) (int, error) {
	var next int
	err := c.db.write(ctx, func(t tx) error {
		b, err := lockedBatch(ctx, t, batchID)
		if err != nil {
			return err
		}
		if b.state != "open" || b.code == "" {
			return fmt.Errorf("batch is %s and has no reserved version", b.state)
		}
		_, err = t.exec(ctx, `UPDATE versions SET state = 'abandoned' WHERE code = ? AND number = ?`, b.code, b.version)
		if err != nil {
			return err
		}
		next = b.version + 1
		return reserve(ctx, t, batchID, b.code, next)
	})
	if err != nil {
		return 0, fmt.Errorf("reserve the next version for batch %s: %w", batchID, err)
	}
	return next, nil
}

// Publish makes the reserved version the dossier's: version, deposits, event, deliveries and notices in one
// transaction. A version that is published already is left as it is.
func (c *Catalog) Publish(ctx context.Context, p Published) error {
	err := c.db.write(ctx, func(t tx) error {
		b, err := lockedBatch(ctx, t, p.BatchID)
		if err != nil {
			return err
		}
		if b.code != p.Code || b.version != p.Version {
			return fmt.Errorf("version %d of %s is not reserved for batch %s", p.Version, p.Code, p.BatchID)
		}
		switch b.state {
		case "published":
			return nil
		case "open":
			return c.publish(ctx, t, p)
		default:
			return fmt.Errorf("batch %s is %s", p.BatchID, b.state)
		}
	})
	if err != nil {
		return fmt.Errorf("publish %s version %d: %w", p.Code, p.Version, err)
	}
	c.wake()
	return nil
}

func (c *Catalog) publish(ctx context.Context, t tx, p Published) error {
	warnings, err := listJSON(p.Warnings)
	if err != nil {
		return err
	}
	now := time.Now()
	_, err = t.exec(ctx, `UPDATE versions SET state = 'published', pages = ?, warnings = ?, published_at = ? WHERE code = ? AND number = ?`,
		p.Pages, warnings, asMicros(now), p.Code, p.Version)
	if err != nil {
		return err
	}
	if _, err := t.exec(ctx, `UPDATE batches SET state = 'published' WHERE id = ?`, p.BatchID); err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET state = 'published', notice = 1 WHERE batch_id = ? AND state = 'assembling'`, p.BatchID)
	if err != nil {
		return err
	}
	return c.commitEvent(ctx, t, p.Code, dossier.Event{Type: dossier.EventDossierPublished, Data: p.Event})
}
