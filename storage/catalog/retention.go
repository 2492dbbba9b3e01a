package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Period is how long papers of a kind are kept: whole years or days, one of them more than 0.
type Period struct{ Years, Days int }

func (p Period) String() string {
	if p.Years > 0 {
		return strconv.Itoa(p.Years) + "y"
	}
	return strconv.Itoa(p.Days) + "d"
}

// byRetention is who erases what is kept no longer.
const byRetention = "retention"

// agedAtOnce is how many dossiers one sweep looks at, and erasedAtOnce how many it erases: pages are not handed out meanwhile.
const (
	agedAtOnce   = 5000
	erasedAtOnce = 20
)

// SetRetention says by kind how long papers are kept, from the last thing that happened to their dossier: its latest version,
// or a state that it came into. A dossier is kept as long as the longest of the papers of its latest version; a paper of
// a kind that is not named, or of none, keeps it for ever.
func (c *Catalog) SetRetention(rules map[string]Period) { c.retention.Store(&rules) }

// due tells the first moment at which a dossier is to be erased, and the rule that says so; ok is false where none does. The
// day on which a period ends is the last on which the dossier is kept.
func (c *Catalog) due(kinds []string, last time.Time) (at time.Time, rule string, ok bool) {
	rules := *c.retention.Load()
	location := c.location.Load()
	year, month, day := last.In(location).Date()
	for _, kind := range kinds {
		period, known := rules[kind]
		if !known || kind == "" {
			return time.Time{}, "", false
		}
		ends := time.Date(year+period.Years, month, day+period.Days+1, 0, 0, 0, 0, location)
		if ends.After(at) {
			at, rule = ends, kind+": "+period.String()
		}
	}
	return at, rule, len(kinds) > 0
}

// aged is a dossier and what its retention goes by.
type aged struct {
	code  string
	kinds []string
	last  time.Time
}

const agedQuery = `SELECT d.code, v.kinds, v.published_at, coalesce((SELECT max(s.at) FROM dossier_states s WHERE s.code = d.code), 0)
	FROM dossiers d JOIN versions v ON v.code = d.code AND v.number = d.version AND v.state = 'published'
	WHERE d.state <> 'erased' AND v.kinds <> '' AND `

func scanAged(r row) (aged, error) {
	var a aged
	var kinds string
	var published, state int64
	if err := r.Scan(&a.code, &kinds, &published, &state); err != nil {
		return a, noRow(err)
	}
	var err error
	a.kinds, err = fromListJSON(kinds)
	a.last = asTime(max(published, state))
	return a, err
}

// retained is how far the sweep of a day came.
type retained struct {
	day   string // that is done, or begun
	after string // code of the last dossier that was looked at
	done  bool
}

// sweepRetention erases what is kept no longer, once a day and a few dossiers at a time. One that is busy is left to the next day.
func (c *Catalog) sweepRetention(ctx context.Context, r *retained, now time.Time) error {
	if len(*c.retention.Load()) == 0 {
		*r = retained{} // a rule that comes by a reload is applied on the same day
		return nil
	}
	if day := now.In(c.location.Load()).Format(time.DateOnly); day != r.day {
		*r = retained{day: day}
	}
	if r.done {
		return nil
	}
	some, err := collect(ctx, c.db, scanAged, agedQuery+`d.code > ? ORDER BY d.code LIMIT ?`, r.after, agedAtOnce)
	if err != nil {
		return fmt.Errorf("sweep retention: %w", err)
	}
	r.done = len(some) < agedAtOnce
	erased := 0
	for i, a := range some {
		if at, _, ok := c.due(a.kinds, a.last); ok && !now.Before(at) {
			if err := c.eraseAged(ctx, a.code, now); err != nil {
				r.done = false
				return fmt.Errorf("sweep retention: erase %s: %w", a.code, err)
			}
			erased++
		}
		if r.after = a.code; erased == erasedAtOnce && i+1 < len(some) {
			r.done = false
			return nil
		}
	}
	return nil
}

// eraseAged erases a dossier if it is still due once its row is locked.
func (c *Catalog) eraseAged(ctx context.Context, code string, now time.Time) error {
	var decided Decided
	var rule string
	err := c.db.write(ctx, func(t tx) error {
		decided = Decided{}
		of, err := erasable(ctx, t, code)
		if err != nil {
			return err
		}
		a, err := scanAged(t.queryRow(ctx, agedQuery+`d.code = ?`, code))
		if err != nil {
			return err
		}
		at, by, ok := c.due(a.kinds, a.last)
		if !ok || now.Before(at) {
			return nil
		}
		rule = by
		decided, err = c.eraseDossier(ctx, t, of, "kept no longer than the rule says, "+by, byRetention)
		if err != nil {
			return err
		}
		who := dossier.Principal{Kind: dossier.KindDaemon, Name: byRetention}
		return appendAudit(ctx, t, who, Entry{Action: ActionDecide, Subject: code, Details: map[string]any{"do": DoErase, "decision": decided.ID}})
	})
	if already := (*Erased)(nil); errors.Is(err, ErrBusy) || errors.Is(err, ErrNotFound) || errors.As(err, &already) {
		return nil
	}
	if err == nil && decided.ID != "" {
		c.log.LogAttrs(ctx, slog.LevelInfo, "dossier erased by the retention rule", slog.String("dossier", code), slog.String("rule", rule),
			slog.String("decision", decided.ID))
		c.wake()
	}
	return err
}
