package catalog

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
)

// ErrCursor says that a cursor was not given out by Events or Search.
var ErrCursor = errors.New("no such cursor")

// commitDepositEvent commits an event about a deposit that did not become a dossier of its own.
func (c *Catalog) commitDepositEvent(ctx context.Context, t tx, of dossier.EventType, d dossier.Deposit, message string) error {
	facts := factsOfDeposit(d)
	facts.Reason, facts.Message, facts.DuplicateOf = d.Rejection, dossier.MaskText(message), d.Duplicate
	if d.Duplicate != "" {
		first, err := deposit(ctx, t, d.Duplicate)
		if err != nil {
			return err
		}
		if len(first.Dossiers) > 0 {
			facts.Dossier = first.Dossiers[0]
		}
	}
	return c.commitEvent(ctx, t, d.ID, dossier.Event{Type: of, Data: dossier.EventData{Deposit: facts}})
}

// factsOfDeposit are what every event about a deposit tells of it.
func factsOfDeposit(d dossier.Deposit) *dossier.DepositFacts {
	return &dossier.DepositFacts{ID: d.ID, Station: d.Station, Name: dossier.MaskText(d.Name), SHA256: d.SHA256, Bytes: d.Bytes}
}

// commitEvent numbers and stores an event, with a delivery and its job for each subscriber that wants it. From here to
// the end of the transaction no other can commit an event, so it comes last.
func (c *Catalog) commitEvent(ctx context.Context, t tx, subject string, e dossier.Event) error {
	e, err := storeEvent(ctx, t, subject, e)
	if err != nil {
		return err
	}
	return c.insertDeliveries(ctx, t, subject, e)
}

// storeEvent numbers and stores an event, and returns it as it is stored. One that has an id keeps it.
func storeEvent(ctx context.Context, t tx, subject string, e dossier.Event) (dossier.Event, error) {
	var number int64
	if err := t.queryRow(ctx, `UPDATE feed SET last = last + 1 RETURNING last`).Scan(&number); err != nil {
		return e, fmt.Errorf("number the event: %w", err)
	}
	err := t.queryRow(ctx, `SELECT coalesce(max(sequence), 0) + 1 FROM events WHERE subject = ?`, subject).Scan(&e.Sequence)
	if err != nil {
		return e, fmt.Errorf("number the event: %w", err)
	}
	e.At = time.Now().UTC().Truncate(time.Millisecond)
	e.ID = cmp.Or(e.ID, newID("evt_", e.At))
	body, err := marshalEvent(e)
	if err != nil {
		return e, err
	}
	_, err = t.exec(ctx, `INSERT INTO events (number, id, type, subject, sequence, body, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		number, e.ID, e.Type, subject, e.Sequence, string(body), asMicros(e.At))
	if err != nil {
		return e, fmt.Errorf("store event %s: %w", e.ID, err)
	}
	return e, nil
}

func (c *Catalog) insertDeliveries(ctx context.Context, t tx, subject string, e dossier.Event) error {
	var jobs []river.InsertManyParams
	for _, s := range *c.subscribers.Load() {
		if !s.wants(e.Type) {
			continue
		}
		if _, err := insertDelivery(ctx, t, s.Name, subject, e); err != nil {
			return err
		}
		jobs = append(jobs, deliverJob(s.Name, subject))
	}
	_, err := t.insertJobs(ctx, jobs)
	return err
}

func insertDelivery(ctx context.Context, t tx, subscriber, subject string, e dossier.Event) (id string, err error) {
	id = newID("dlv_", e.At)
	_, err = t.exec(ctx, `INSERT INTO deliveries (id, event_id, subscriber, subject, type, sequence, state, created_at, next_at)
		VALUES (?, ?, ?, ?, ?, ?, 'pending', ?, ?)`,
		id, e.ID, subscriber, subject, e.Type, e.Sequence, asMicros(e.At), asMicros(e.At))
	if err != nil {
		return "", fmt.Errorf("store the delivery of %s to %s: %w", e.ID, subscriber, err)
	}
	return id, nil
}

// marshalEvent leaves & and < in URLs and names as they are.
func marshalEvent(e dossier.Event) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("encode event: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Events reads the feed after a cursor, from its beginning for "", in the order in which events were committed, and the cursor to go
// on from. Told are events about the records of the scope. An event that commits later always comes later: a reader that goes on from
// the last cursor misses none. It returns ErrCursor for a cursor that is none.
func (c *Catalog) Events(ctx context.Context, after string, limit int, s dossier.Scope) (events []FeedEvent, next string, err error) {
	var number int64
	if after != "" {
		if number, err = strconv.ParseInt(after, 10, 64); err != nil || number < 0 {
			return nil, "", fmt.Errorf("read the feed after %q: %w", after, ErrCursor)
		}
	}
	last, err := c.lastEvent(ctx) // before the events: up to here they are all there
	switch {
	case err != nil:
	case number > last:
		err = ErrCursor
	default:
		events, err = c.eventsAfter(ctx, number, limit, s)
	}
	if err != nil {
		return nil, "", fmt.Errorf("read the feed after %q: %w", after, err)
	}
	if n := len(events); n == orPageSize(limit) || n > 0 && events[n-1].number > last {
		last = events[n-1].number
	}
	if last == number {
		return events, after, nil
	}
	return events, strconv.FormatInt(last, 10), nil
}

func (c *Catalog) eventsAfter(ctx context.Context, number int64, limit int, s dossier.Scope) ([]FeedEvent, error) {
	var q conditions
	q.add(`e.number > ? AND e.type <> 'test'`, number)
	q.subjectWithin(s, `e.subject`)
	return collect(ctx, c.db, func(r row) (FeedEvent, error) {
		var e FeedEvent
		var body string
		err := r.Scan(&e.number, &body)
		e.Cursor, e.Body = strconv.FormatInt(e.number, 10), []byte(body)
		return e, err
	}, `SELECT e.number, e.body FROM events e `+q.where()+` ORDER BY e.number LIMIT ?`, append(q.args, orPageSize(limit))...)
}

// lastEvent is the number of the last event. A cursor behind it was given by a catalogue that has since been put back to an older
// state, and who went on from it would miss what comes before it now.
func (c *Catalog) lastEvent(ctx context.Context) (last int64, err error) {
	err = c.db.queryRow(ctx, `SELECT last FROM feed`).Scan(&last)
	return last, err
}
