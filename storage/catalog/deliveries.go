package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
)

const deliveryColumns = `v.id, v.subscriber, v.subject, v.event_id, v.type, v.sequence, v.state, v.attempts, v.created_at, v.tried_at,
	v.next_at, v.last_status, v.last_error, v.delivered_at`

func scanDelivery(r row) (Delivery, error) {
	return scanDeliveryAnd(r)
}

func scanDeliveryAnd(r row, more ...any) (Delivery, error) {
	var d Delivery
	var created, tried, next, delivered int64
	err := r.Scan(append([]any{
		&d.ID, &d.Subscriber, &d.Subject, &d.EventID, &d.EventType, &d.Sequence, &d.State, &d.Attempts, &created, &tried,
		&next, &d.LastStatus, &d.LastError, &delivered,
	}, more...)...)
	d.CreatedAt, d.TriedAt, d.NextAt, d.DeliveredAt = asTime(created), asTime(tried), asTime(next), asTime(delivered)
	return d, noRow(err)
}

// NextDelivery returns the delivery to make next for a subscriber and subject: the pending one with the lowest sequence,
// whether it is due or not. A dead one does not hold up those behind it. It returns ErrNotFound where none is pending
// and while the subscriber is switched off.
func (c *Catalog) NextDelivery(ctx context.Context, subscriber, subject string) (*Delivery, error) {
	var body string
	d, err := scanDeliveryAnd(c.db.queryRow(ctx, `SELECT `+deliveryColumns+`, e.body
		FROM deliveries v JOIN events e ON e.id = v.event_id WHERE `+pendingOf+` ORDER BY v.sequence LIMIT 1`, subscriber, subject), &body)
	if err != nil {
		return nil, fmt.Errorf("find the next delivery to %s about %s: %w", subscriber, subject, err)
	}
	d.Body = []byte(body)
	return &d, nil
}

// pendingOf is the condition under which a subscriber and subject have a delivery to make.
const pendingOf = `v.subscriber = ? AND v.subject = ? AND v.state = 'pending'
	AND NOT EXISTS (SELECT 1 FROM switched_off s WHERE s.subscriber = v.subscriber)`

// finishDeliveries completes the job of a subscriber and subject unless there is something left to deliver, which it
// reports. An event that commits beside it can't be forgotten: its transaction either finds the job completed and
// inserts another, or holds the job's row until its delivery can be seen here.
func (c *Catalog) finishDeliveries(ctx context.Context, job *river.Job[deliverArgs]) (left bool, err error) {
	err = c.db.write(ctx, func(t tx) error {
		var n int
		if err := t.queryRow(ctx, `SELECT 1 FROM river_job WHERE id = ? FOR UPDATE`, job.ID).Scan(&n); err != nil {
			return err
		}
		err := t.queryRow(ctx, `SELECT count(*) FROM deliveries v WHERE `+pendingOf, job.Args.Subscriber, job.Args.Subject).Scan(&n)
		if left = n > 0; err != nil || left {
			return err
		}
		return t.completeJob(ctx, job)
	})
	if err != nil {
		return false, fmt.Errorf("finish deliveries to %s about %s: %w", job.Args.Subscriber, job.Args.Subject, err)
	}
	return left, nil
}

// Delivered records an attempt that the subscriber accepted. The dossier of a dossier.published is transferred with it, unless it
// was before.
func (c *Catalog) Delivered(ctx context.Context, id string, a Attempt) error {
	err := c.db.write(ctx, func(t tx) error {
		var subscriber, subject string
		var kind dossier.EventType
		err := t.queryRow(ctx, `SELECT subscriber, subject, type FROM deliveries WHERE id = ?`, id).Scan(&subscriber, &subject, &kind)
		if err != nil {
			return noRow(err)
		}
		var of Dossier
		if kind == dossier.EventDossierPublished { // a dossier's row is locked before those that follow from it
			if of, err = lockedDossier(ctx, t, subject); err != nil {
				return err
			}
		}
		changed, err := t.exec(ctx, `UPDATE deliveries SET state = 'delivered', attempts = attempts + 1, last_status = ?,
			last_error = '', delivered_at = ? WHERE id = ? AND state = 'pending'`, a.Status, asMicros(time.Now()), id)
		if err != nil || changed == 0 {
			return err
		}
		if err := insertAttempt(ctx, t, id, a); err != nil {
			return err
		}
		return c.acknowledged(ctx, t, of, subscriber)
	})
	if err != nil {
		return fmt.Errorf("record delivery %s: %w", id, err)
	}
	return nil
}

// DeliveryFailed records an attempt that failed. The next attempt is due at next, unless the delivery is dead.
func (c *Catalog) DeliveryFailed(ctx context.Context, id string, a Attempt, next time.Time, dead bool) error {
	state := DeliveryPending
	if dead {
		state = DeliveryDead
	}
	err := c.db.write(ctx, func(t tx) error {
		changed, err := t.exec(ctx, `UPDATE deliveries SET state = ?, attempts = attempts + 1, last_status = ?, last_error = ?,
			tried_at = CASE WHEN tried_at = 0 THEN ? ELSE tried_at END, next_at = ? WHERE id = ? AND state = 'pending'`,
			state, a.Status, a.Error, asMicros(time.Now()), asMicros(next), id)
		if err != nil || changed == 0 {
			return err
		}
		return insertAttempt(ctx, t, id, a)
	})
	if err != nil {
		return fmt.Errorf("record delivery %s: %w", id, err)
	}
	return nil
}

// SwitchOff holds back everything for the subscriber that answered a delivery with an attempt, until Replay or SwitchOn; its
// deliveries stay pending, and new ones are still made.
func (c *Catalog) SwitchOff(ctx context.Context, id string, a Attempt) error {
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `INSERT INTO switched_off (subscriber, reason, since) SELECT subscriber, ?, ? FROM deliveries WHERE id = ?
			ON CONFLICT (subscriber) DO UPDATE SET reason = excluded.reason`, a.Error, asMicros(time.Now()), id)
		if err != nil {
			return err
		}
		return insertAttempt(ctx, t, id, a)
	})
	if err != nil {
		return fmt.Errorf("switch off the subscriber of %s: %w", id, err)
	}
	return nil
}

// switchOn lets everything that is pending for a subscriber that was switched off go out at once, and says how much.
func switchOn(ctx context.Context, t tx, subscriber string, now int64) (pending int, err error) {
	off, err := t.exec(ctx, `DELETE FROM switched_off WHERE subscriber = ?`, subscriber)
	if err != nil || off == 0 {
		return 0, err
	}
	due, err := t.exec(ctx, `UPDATE deliveries SET tried_at = 0, next_at = ? WHERE subscriber = ? AND state = 'pending'`, now, subscriber)
	if err != nil {
		return 0, err
	}
	subjects, err := collect(ctx, t, scanOne[string],
		`SELECT DISTINCT subject FROM deliveries WHERE subscriber = ? AND state = 'pending'`, subscriber)
	if err != nil {
		return 0, err
	}
	for _, subject := range subjects {
		if err := deliverNow(ctx, t, subscriber, subject); err != nil {
			return 0, err
		}
	}
	return int(due), nil
}

// deliverNow sees to it that a subscriber and subject have a job that runs at once.
func deliverNow(ctx context.Context, t tx, subscriber, subject string) error {
	inserted, err := t.insertJobs(ctx, []river.InsertManyParams{deliverJob(subscriber, subject)})
	if err != nil {
		return err
	}
	if inserted[0].UniqueSkippedAsDuplicate {
		return t.hurryJob(ctx, inserted[0].Job.ID)
	}
	return nil
}

// Replay makes dead or delivered deliveries pending again, as if their events were new, and says how many go out again. A
// subscriber that is switched off is switched on with everything that is pending for it, by a scope of everything; by a narrower one
// what is replayed is held back like the rest. Pending ones are passed over else.
// An unknown id, or one outside the scope, is ErrNotFound, and then none goes out again.
func (c *Catalog) Replay(ctx context.Context, scope dossier.Scope, ids []string) (n int, err error) {
	err = c.db.write(ctx, func(t tx) (err error) {
		n, err = replayAll(ctx, t, scope, ids)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("replay deliveries: %w", err)
	}
	return n, nil
}

func replayAll(ctx context.Context, t tx, scope dossier.Scope, ids []string) (int, error) {
	replayed := 0
	now := asMicros(time.Now())
	for _, id := range ids {
		if _, err := readDelivery(ctx, t, scope, id); err != nil {
			return 0, err
		}
		n, err := replay(ctx, t, scope, id, now)
		if err != nil {
			return 0, err
		}
		replayed += n
	}
	return replayed, nil
}

func replay(ctx context.Context, t tx, scope dossier.Scope, id string, now int64) (int, error) {
	var subscriber, subject string
	err := noRow(t.queryRow(ctx, `SELECT subscriber, subject FROM deliveries WHERE id = ?`, id).Scan(&subscriber, &subject))
	if err != nil {
		return 0, fmt.Errorf("delivery %s: %w", id, err)
	}
	pending := 0
	if scope.All { // what else is pending is about the records of all
		if pending, err = switchOn(ctx, t, subscriber, now); err != nil {
			return 0, err
		}
	}
	changed, err := t.exec(ctx, `UPDATE deliveries SET state = 'pending', attempts = 0, created_at = ?, tried_at = 0, next_at = ?,
		last_status = 0, last_error = '', delivered_at = 0 WHERE id = ? AND state <> 'pending'`, now, now, id)
	if err != nil || changed == 0 {
		return pending, err
	}
	return pending + 1, deliverNow(ctx, t, subscriber, subject)
}
