package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// ErrPast says that a dossier is further than the state that it was to come into.
var ErrPast = errors.New("the dossier is past that state")

// DossierStep is a state that a dossier came into.
type DossierStep struct {
	State DossierState `json:"state"`
	At    time.Time    `json:"at"`
	Who   string       `json:"who"` // saw to it: a station, a subscriber, or a token by its name
}

// way are the states in the order in which a dossier comes into them; one may be passed over.
var way = []DossierState{DossierReceived, DossierDigitised, DossierTransferred, DossierResult, DossierReturned}

// SettableStates lists the states that a person may say a dossier has come into.
func SettableStates() []DossierState { return slices.Clone(way[2:]) }

// SetDossierState records that a dossier came into one of SettableStates, with a dossier.state event. One that is in it already
// is left as it is. tag tells how the dossier was seen: Tag, its version alone, or "". It returns ErrNotFound, also for one that who does
// not see, ErrWithdrawn, an *Erased, ErrStale for another tag, ErrPast, or a *Misfit for another state and for a dossier of which nothing
// is published.
func (c *Catalog) SetDossierState(ctx context.Context, code string, state DossierState, tag string, who dossier.Principal) error {
	err := c.db.write(ctx, func(t tx) error {
		if !slices.Contains(way[2:], state) {
			return misfit("%q is no state that can be set.", state)
		}
		if err := sees(ctx, t, who.Scope, code); err != nil {
			return err
		}
		d, err := lockedDossier(ctx, t, code)
		switch {
		case err != nil:
			return err
		case d.State == DossierWithdrawn, d.State == DossierErased:
			return ended(ctx, t, d)
		case d.Version == 0:
			return misfit("Nothing of dossier %s is published yet.", code)
		case d.State == state: // also where this very request changed the tag
			return nil
		case !d.is(tag):
			return ErrStale
		case !d.before(state):
			return ErrPast
		}
		if err := c.enter(ctx, t, d, state, who.Name); err != nil {
			return err
		}
		return appendAudit(ctx, t, who, Entry{Action: ActionState, Subject: code, Details: map[string]any{"state": state}})
	})
	if err != nil {
		return fmt.Errorf("dossier %s to state %s: %w", code, state, err)
	}
	return nil
}

// before reports whether a state lies ahead of a dossier. Nothing does of one that was withdrawn or erased.
func (d *Dossier) before(state DossierState) bool {
	now := slices.Index(way, d.State)
	return now >= 0 && now < slices.Index(way, state)
}

// enter brings a locked dossier into a state and commits the event.
func (c *Catalog) enter(ctx context.Context, t tx, d Dossier, state DossierState, who string) error {
	if _, err := t.exec(ctx, `UPDATE dossiers SET state = ? WHERE code = ?`, state, d.Code); err != nil {
		return err
	}
	_, err := t.exec(ctx, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, ?, ?, ?)`, d.Code, state, asMicros(time.Now()), who)
	if err != nil {
		return err
	}
	facts := d.facts()
	facts.State = string(state)
	return c.commitEvent(ctx, t, d.Code, dossier.Event{Type: dossier.EventDossierState, Data: dossier.EventData{Dossier: facts}})
}

// reach brings the dossier of a version that was just published into the state that the version's papers tell.
func (c *Catalog) reach(ctx context.Context, t tx, revision string, v PublishedVersion) error {
	if v.Reached == "" {
		return nil
	}
	d, err := readDossier(ctx, t, v.Code, "")
	if err != nil || !d.before(v.Reached) {
		return err
	}
	var who string
	if err := t.queryRow(ctx, `SELECT who FROM revisions WHERE id = ?`, revision).Scan(&who); err != nil {
		return err
	}
	return c.enter(ctx, t, d, v.Reached, cmp.Or(who, v.ReachedBy))
}

// acknowledged brings the dossier of a dossier.published that was just delivered on its way: the first subscriber that has it makes
// it transferred. Of the event that follows from this, none follows.
func (c *Catalog) acknowledged(ctx context.Context, t tx, d Dossier, subscriber string) error {
	if d.State != DossierDigitised {
		return nil
	}
	return c.enter(ctx, t, d, DossierTransferred, subscriber)
}

// SetPlace records where the paper of a dossier lies; "" where nobody knows any more. tag tells how the dossier was seen: Tag, its
// version alone, or "". It returns ErrNotFound, also for one that who does not see, ErrWithdrawn, an *Erased, or ErrStale for another tag.
func (c *Catalog) SetPlace(ctx context.Context, code, place, tag string, who dossier.Principal) error {
	err := c.db.write(ctx, func(t tx) error {
		if err := sees(ctx, t, who.Scope, code); err != nil {
			return err
		}
		d, err := lockedDossier(ctx, t, code)
		if err == nil {
			err = ended(ctx, t, d)
		}
		switch {
		case err != nil:
			return err
		case d.Place == place: // also where this very request changed the tag
			return nil
		case !d.is(tag):
			return ErrStale
		}
		if _, err = t.exec(ctx, `UPDATE dossiers SET place = ? WHERE code = ?`, place, code); err != nil {
			return err
		}
		return appendAudit(ctx, t, who, Entry{Action: ActionPlace, Subject: code})
	})
	if err != nil {
		return fmt.Errorf("record the place of dossier %s: %w", code, err)
	}
	return nil
}

// History lists the states that a dossier came into, the first one first; ErrNotFound where there is none in the scope.
func (c *Catalog) History(ctx context.Context, code string, s dossier.Scope) ([]DossierStep, error) {
	if err := sees(ctx, c.db, s, code); err != nil {
		return nil, err
	}
	steps, err := collect(ctx, c.db, func(r row) (DossierStep, error) {
		var s DossierStep
		var at int64
		err := r.Scan(&s.State, &at, &s.Who)
		s.At = asTime(at)
		return s, err
	}, `SELECT state, at, who FROM dossier_states WHERE code = ? ORDER BY at`, code)
	if err == nil && len(steps) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read the history of dossier %s: %w", code, err)
	}
	return steps, nil
}
