package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Attempt is one time that a delivery was tried.
type Attempt struct {
	At      time.Time         `json:"at"`
	Took    time.Duration     `json:"took"`              // nanoseconds
	Status  int               `json:"status,omitempty"`  // HTTP status, 0 where there was no answer
	Error   string            `json:"error,omitempty"`   // why it was not accepted
	Headers map[string]string `json:"headers,omitempty"` // of the request, without what is secret
	Answer  string            `json:"answer,omitempty"`  // the first KB, identity numbers masked
}

func insertAttempt(ctx context.Context, t tx, deliveryID string, a Attempt) error {
	headers, err := asJSON(&a.Headers)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO delivery_attempts (delivery_id, at, took, status, error, headers, answer) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		deliveryID, asMicros(a.At), a.Took.Microseconds(), a.Status, a.Error, headers, dossier.MaskText(a.Answer))
	return err
}

// DeliveryFilter chooses deliveries; the zero value of a field chooses all.
type DeliveryFilter struct {
	State      DeliveryState
	Subscriber string
	Subject    string // dossier code, or deposit id
	Limit      int    // 0: 100
	Before     string // id of the last delivery of the former page
}

// Deliveries lists deliveries of a scope without their bodies, the newest first.
func (c *Catalog) Deliveries(ctx context.Context, scope dossier.Scope, f DeliveryFilter) ([]Delivery, error) {
	var q conditions
	q.equal(`v.state`, string(f.State))
	q.equal(`v.subscriber`, f.Subscriber)
	q.equal(`v.subject`, f.Subject)
	if f.Before != "" {
		q.add(`v.id < ?`, f.Before)
	}
	q.subjectWithin(scope, `v.subject`)
	all, err := collect(ctx, c.db, scanDelivery, `SELECT `+deliveryColumns+` FROM deliveries v `+q.where()+` ORDER BY v.id DESC LIMIT ?`,
		append(q.args, orPageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return all, nil
}

// ViewDelivery is Delivery for somebody who is shown it: the event tells of a dossier or a deposit, and that this was looked at
// stands in the audit log. A test tells of nothing.
func (c *Catalog) ViewDelivery(ctx context.Context, who dossier.Principal, id string) (Delivery, []Attempt, error) {
	d, attempts, err := c.Delivery(ctx, who.Scope, id)
	if err != nil || d.EventType == string(dossier.EventTest) {
		return d, attempts, err
	}
	e := Entry{Action: ActionView, Subject: d.Subject, Details: map[string]string{"delivery": d.ID}}
	if strings.HasPrefix(d.EventType, "deposit.") {
		e.Action = ActionDeposit
	}
	return d, attempts, c.Audit(ctx, who, e)
}

// Delivery reads one delivery with its body, and its attempts, the first one first; ErrNotFound where there is none in the scope.
func (c *Catalog) Delivery(ctx context.Context, scope dossier.Scope, id string) (Delivery, []Attempt, error) {
	d, err := readDelivery(ctx, c.db, scope, id)
	if err != nil {
		return d, nil, fmt.Errorf("read delivery %s: %w", id, err)
	}
	attempts, err := collect(ctx, c.db, func(r row) (Attempt, error) {
		var a Attempt
		var at, took int64
		var headers string
		if err := r.Scan(&at, &took, &a.Status, &a.Error, &headers, &a.Answer); err != nil {
			return a, err
		}
		a.At, a.Took = asTime(at), time.Duration(took)*time.Microsecond
		known, err := fromJSON[map[string]string](headers)
		if known != nil {
			a.Headers = *known
		}
		return a, err
	}, `SELECT at, took, status, error, headers, answer FROM delivery_attempts WHERE delivery_id = ? ORDER BY at`, id)
	if err != nil {
		return d, nil, fmt.Errorf("list the attempts of delivery %s: %w", id, err)
	}
	return d, attempts, nil
}

func readDelivery(ctx context.Context, t conn, scope dossier.Scope, id string) (Delivery, error) {
	var q conditions
	q.add(`v.id = ?`, id)
	q.subjectWithin(scope, `v.subject`)
	var body string
	d, err := scanDeliveryAnd(t.queryRow(ctx, `SELECT `+deliveryColumns+`, e.body FROM deliveries v JOIN events e ON e.id = v.event_id `+
		q.where(), q.args...), &body)
	d.Body = []byte(body)
	return d, err
}

// SwitchedOff is a subscriber that wants nothing any more, for it answered 410.
type SwitchedOff struct {
	Subscriber string    `json:"subscriber"`
	Reason     string    `json:"reason"`
	Since      time.Time `json:"since"`
	Pending    int       `json:"pending"` // deliveries that are held back
}

// SwitchedOff lists the subscribers that are switched off, by name.
func (c *Catalog) SwitchedOff(ctx context.Context) ([]SwitchedOff, error) {
	all, err := collect(ctx, c.db, func(r row) (SwitchedOff, error) {
		var s SwitchedOff
		var since int64
		err := r.Scan(&s.Subscriber, &s.Reason, &since, &s.Pending)
		s.Since = asTime(since)
		return s, err
	}, `SELECT subscriber, reason, since, (SELECT count(*) FROM deliveries v WHERE v.subscriber = s.subscriber AND v.state = 'pending')
		FROM switched_off s ORDER BY subscriber`)
	if err != nil {
		return nil, fmt.Errorf("list subscribers that are switched off: %w", err)
	}
	return all, nil
}

// SwitchOn lets everything go out that is pending for a subscriber that was switched off, and says how much. Of one that was not,
// nothing changes.
func (c *Catalog) SwitchOn(ctx context.Context, subscriber string) (pending int, err error) {
	err = c.db.write(ctx, func(t tx) (err error) {
		pending, err = switchOn(ctx, t, subscriber, asMicros(time.Now()))
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("switch on %s: %w", subscriber, err)
	}
	return pending, nil
}

// testSubject is what the test events for a subscriber are about; no dossier's code and no deposit's id has a blank.
func testSubject(subscriber string) string { return "test " + subscriber }

// SendTest makes an event of type test for one subscriber, whatever it wants else, and returns the id of its delivery. While the
// subscriber is switched off it is held back like the others. The feed does not have it. Under a key of who's, "" for none, it is made
// once. It returns ErrNotFound for a subscriber that is not in the settings, and ErrKeyReused where another one was sent a test under
// the key.
func (c *Catalog) SendTest(ctx context.Context, who dossier.Principal, key, subscriber string) (deliveryID string, err error) {
	if !slices.ContainsFunc(*c.subscribers.Load(), func(s Subscriber) bool { return s.Name == subscriber }) {
		return "", fmt.Errorf("send a test to %s: %w", subscriber, ErrNotFound)
	}
	test := dossier.Event{Type: dossier.EventTest}
	if key != "" {
		test.ID = keyedID("evt_", who, key)
	}
	err = c.db.write(ctx, func(t tx) (err error) {
		if deliveryID, err = sentBefore(ctx, t, test.ID, subscriber); err != nil || deliveryID != "" {
			return err
		}
		e, err := storeEvent(ctx, t, testSubject(subscriber), test)
		if err != nil {
			return err
		}
		deliveryID, err = insertDelivery(ctx, t, subscriber, testSubject(subscriber), e)
		if err != nil {
			return err
		}
		if err := deliverNow(ctx, t, subscriber, testSubject(subscriber)); err != nil {
			return err
		}
		return appendAudit(ctx, t, who, Entry{Action: ActionMend, Subject: "subscriber/" + subscriber, Details: map[string]string{"test": deliveryID}})
	})
	if err != nil {
		return "", fmt.Errorf("send a test to %s: %w", subscriber, err)
	}
	return deliveryID, nil
}

// sentBefore is the delivery of the test event that has an id already, "" where none has. One event is stored after the other: who
// waits for the feed's row sees what was stored meanwhile.
func sentBefore(ctx context.Context, t tx, eventID, subscriber string) (deliveryID string, err error) {
	if eventID == "" {
		return "", nil
	}
	var last int64
	if err := t.queryRow(ctx, `SELECT last FROM feed FOR UPDATE`).Scan(&last); err != nil {
		return "", err
	}
	var subject string
	err = noRow(t.queryRow(ctx, `SELECT subject FROM events WHERE id = ?`, eventID).Scan(&subject))
	switch {
	case errors.Is(err, ErrNotFound):
		return "", nil
	case err != nil:
		return "", err
	case subject != testSubject(subscriber):
		return "", ErrKeyReused
	}
	err = t.queryRow(ctx, `SELECT id FROM deliveries WHERE subject = ? AND event_id = ?`, subject, eventID).Scan(&deliveryID)
	return deliveryID, err
}
