package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Quarantined is a rejected deposit, and what can be done about it.
type Quarantined struct {
	dossier.Deposit
	Retryable bool     `json:"retryable"`        // its bytes are stored: it can be tried again
	Thumbs    []string `json:"thumbs,omitempty"` // ids of its pages that have a thumbnail, in order
}

// QuarantineFilter chooses rejected deposits; the zero value of a field chooses all, but for those that were dismissed.
type QuarantineFilter struct {
	Station    string
	Code       dossier.Code // why
	Assigned   string       // to whom
	Unassigned bool         // to nobody
	Dismissed  bool         // those that were dismissed, in place of the others
	Limit      int          // 0: 100
	After      string       // id of the last deposit of the former page
}

// Refused is one of several deposits that was left as it is.
type Refused struct {
	ID  string
	Err error // ErrNotFound, outside the scope too, or ErrNotRejected
}

// Quarantine lists rejected deposits of a scope, the one that waits longest first. It returns ErrCursor where After is no deposit of
// the scope.
func (c *Catalog) Quarantine(ctx context.Context, scope dossier.Scope, f QuarantineFilter) ([]Quarantined, error) {
	all, err := c.quarantine(ctx, scope, f)
	if err != nil {
		return nil, fmt.Errorf("list what is in quarantine: %w", err)
	}
	return all, nil
}

func (c *Catalog) quarantine(ctx context.Context, scope dossier.Scope, f QuarantineFilter) ([]Quarantined, error) {
	var q conditions
	q.add(`d.state = 'rejected'`)
	if f.Dismissed {
		q.add(`d.dismissed <> ''`)
	} else {
		q.add(`d.dismissed = ''`)
	}
	q.within(scope, `d`)
	q.equal(`d.station`, f.Station)
	q.equal(`d.assigned`, f.Assigned)
	if f.Code != "" {
		q.add(`d.rejection LIKE ?`, `{"code":"`+string(f.Code)+`"%`)
	}
	if f.Unassigned {
		q.add(`d.assigned = ''`)
	}
	if f.After != "" {
		at, err := c.cursor(ctx, depositCursor, f.After, scope)
		if err != nil {
			return nil, err
		}
		q.add(`(d.received_at, d.id) > (?, ?)`, at, f.After)
	}
	deposits, err := collect(ctx, c.db, scanDeposit, depositQuery+q.where()+` ORDER BY d.received_at, d.id LIMIT ?`,
		append(q.args, orPageSize(f.Limit))...)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(deposits))
	for _, d := range deposits {
		ids = append(ids, d.ID)
	}
	thumbs, err := thumbsOf(ctx, c.db, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Quarantined, 0, len(deposits))
	for _, d := range deposits {
		all = append(all, Quarantined{Deposit: d, Retryable: d.SHA256 != "", Thumbs: thumbs[d.ID]})
	}
	return all, nil
}

// thumbsOf lists the pages of deposits that have a thumbnail, by deposit. Those of identity papers have none.
func thumbsOf(ctx context.Context, t conn, deposits []string) (map[string][]string, error) {
	type thumb struct{ deposit, page string }
	of := map[string][]string{}
	for in, args := range inLists(deposits) {
		all, err := collect(ctx, t, func(r row) (thumb, error) {
			var th thumb
			return th, r.Scan(&th.deposit, &th.page)
		}, `SELECT l.deposit_id, l.page_id FROM looks l LEFT JOIN pages p ON p.id = l.page_id
			WHERE l.thumb = 1 AND coalesce(p.personal, 0) = 0 AND l.deposit_id `+in+` ORDER BY l.deposit_id, l.number`, args...)
		if err != nil {
			return nil, err
		}
		for _, th := range all {
			of[th.deposit] = append(of[th.deposit], th.page)
		}
	}
	return of, nil
}

// Assign says who sees to rejected deposits, "" for nobody. Each is done by itself; those that can't be are returned.
func (c *Catalog) Assign(ctx context.Context, who dossier.Principal, ids []string, to string) ([]Refused, error) {
	to = strings.TrimSpace(to)
	return c.eachRejected(ctx, who, ids, func(t tx, d dossier.Deposit, _ string) (told any, err error) {
		_, err = t.exec(ctx, `UPDATE deposits SET assigned = ? WHERE id = ?`, to, d.ID)
		return map[string]string{"assign": dossier.MaskText(to)}, err
	})
}

// Dismiss ends what is to be done about rejected deposits: they leave the quarantine's list and stay counted as rejected; an event
// tells of it, and the receipt, if there still is one. One that is dismissed already is left as it is. Each is done by itself;
// those that can't be are returned. It returns a *Misfit where no reason is given.
func (c *Catalog) Dismiss(ctx context.Context, who dossier.Principal, ids []string, reason string) ([]Refused, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return nil, misfit("Say in \"reason\" why nothing more is to be done.")
	}
	return c.eachRejected(ctx, who, ids, func(t tx, d dossier.Deposit, _ string) (told any, err error) {
		if d.Dismissed != nil {
			return nil, nil
		}
		d.Dismissed = &dossier.Dismissal{At: time.Now().UTC().Truncate(time.Millisecond), By: who.Name, Reason: reason}
		text, err := asJSON(d.Dismissed)
		if err != nil {
			return nil, err
		}
		_, err = t.exec(ctx, `UPDATE deposits SET dismissed = ?, receipt = receipt + 1 WHERE id = ?`, text, d.ID)
		if err != nil {
			return nil, err
		}
		facts := factsOfDeposit(d)
		facts.Reason, facts.Dismissed = d.Rejection, &dossier.Dismissal{At: d.Dismissed.At, By: who.Name, Reason: dossier.MaskText(reason)}
		return map[string]bool{"dismiss": true}, c.commitEvent(ctx, t, d.ID, dossier.Event{Type: dossier.EventDepositDismissed, Data: dossier.EventData{Deposit: facts}})
	})
}

// Requeue lets rejected deposits begin anew, with page 1 waiting: each in its batch if that still collects, else in one of its own.
// how says what is done otherwise this time; nil is as everything is read. One that was dismissed is not any more. Each is
// done by itself; those that can't be are returned, with ErrNotRejected also where bytes were never stored.
func (c *Catalog) Requeue(ctx context.Context, who dossier.Principal, ids []string, how *dossier.Retry) ([]Refused, error) {
	if how != nil && *how == (dossier.Retry{}) {
		how = nil
	}
	retry, err := asJSON(how)
	if err != nil {
		return nil, err
	}
	return c.eachRejected(ctx, who, ids, func(t tx, d dossier.Deposit, batchID string) (told any, err error) {
		if d.SHA256 == "" {
			return nil, ErrNotRejected
		}
		return map[string]any{"retry": cmp.Or(how, &dossier.Retry{})}, requeue(ctx, t, d, batchID, retry)
	})
}

// eachRejected does something with each of some rejected deposits that who sees. The audit log is told in the same transaction, nothing
// where do tells nothing.
func (c *Catalog) eachRejected(
	ctx context.Context, who dossier.Principal, ids []string, do func(t tx, d dossier.Deposit, batchID string) (told any, err error),
) ([]Refused, error) {
	var refused []Refused
	for _, id := range ids {
		err := c.db.write(ctx, func(t tx) error {
			d, batchID, err := lockedDeposit(ctx, t, id)
			switch {
			case err != nil:
				return err
			case !who.Scope.Sees(d.Department, d.Station):
				return ErrNotFound
			case d.State != dossier.StateRejected:
				return ErrNotRejected
			}
			t.touch(d.Department, d.Station)
			told, err := do(t, d, batchID)
			if err != nil || told == nil {
				return err
			}
			return appendAudit(ctx, t, who, Entry{Action: ActionMend, Subject: d.ID, Details: told})
		})
		switch {
		case err == nil:
		case errors.Is(err, ErrNotFound), errors.Is(err, ErrNotRejected):
			refused = append(refused, Refused{id, err})
		default:
			return refused, fmt.Errorf("deposit %s: %w", id, err)
		}
	}
	c.wake()
	return refused, nil
}
