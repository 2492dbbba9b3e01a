package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// rescanWithin is how long after a deposit of which a rescan was advised a file of its name counts as that rescan.
const rescanWithin = 24 * time.Hour

// doRescan is what a revision says it did that put new scans in the place of others.
const doRescan = "rescan"

// rescans is the record of such a revision.
type rescans struct {
	Do       string     `json:"do"`
	Replaced []Replaced `json:"replaced"`
}

// keepPlaces keeps where the pages of a batch of several files lie in it: slips name them so, whatever becomes of the files.
func keepPlaces(ctx context.Context, t tx, a *Assembly) error {
	if a.Batch.Grouping == dossier.GroupFile {
		return nil
	}
	var ids []string
	places := map[string]int{}
	for _, p := range a.InOrder() {
		if p.ReplacedBy == "" {
			ids, places[p.ID] = append(ids, p.ID), p.Position
		}
	}
	for in, some := range inLists(ids) {
		var args []any
		for _, id := range some {
			args = append(args, id, places[id.(string)])
		}
		cases := strings.Repeat(` WHEN ? THEN CAST(? AS INTEGER)`, len(some))
		if _, err := t.exec(ctx, `UPDATE pages SET place = CASE id`+cases+` END WHERE id `+in, append(args, some...)...); err != nil {
			return err
		}
	}
	return nil
}

// PageOfBatch names page number n of another batch than batchID, as its pages lie in order. It returns ErrNotFound where there is
// none, and ErrBusy while a batch that was opened before batchID is not published.
func (c *Catalog) PageOfBatch(ctx context.Context, batchID, other string, n int) (string, error) {
	var state string
	err := c.db.queryRow(ctx, `SELECT state FROM batches WHERE id = ?`, other).Scan(&state)
	switch {
	case err != nil:
		return "", noRow(err)
	case state == "open" && other < batchID: // two that wait for each other would wait for ever
		return "", fmt.Errorf("batch %s: %w", other, ErrBusy)
	case state != "published" || other == batchID:
		return "", ErrNotFound
	}
	var id string
	err = c.db.queryRow(ctx, `SELECT p.id FROM deposits d JOIN pages p ON p.deposit_id = d.id JOIN batches b ON b.id = d.batch_id
		WHERE d.batch_id = ? AND CASE WHEN b.grouping = 'file' THEN p.number ELSE p.place END = ?`, other, n).Scan(&id)
	return id, noRow(err)
}

// Replaceable reports whether a page is in a published dossier that a batch may join, so that a new scan can take its place. It returns
// ErrBusy while a version of the dossier is being made.
func (c *Catalog) Replaceable(ctx context.Context, b dossier.BatchFacts, pageID string) (bool, error) {
	_, _, err := openHolder(ctx, c.db, b, pageID)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for page %s: %w", pageID, err)
	}
	return true, nil
}

// holder finds the dossier in whose latest version a page stands, or what replaced it. page names the one to be replaced there.
// It returns ErrNotFound where there is none, as when it was withdrawn.
func holder(ctx context.Context, t conn, pageID string) (code, page string, err error) {
	d, err := deposit(ctx, t, depositOfPage(pageID))
	if err != nil {
		return "", "", err
	}
	for _, held := range d.Dossiers {
		plan, err := latestPlan(ctx, t, held)
		if err != nil {
			return "", "", err
		}
		if plan == nil || !plan.has(pageID) {
			continue
		}
		code = held
		if i := plan.leftOut(pageID); i >= 0 && len(plan.LeftOut[i].By) > 0 && len(plan.standsIn(pageID)) == 0 {
			// What replaced it was moved elsewhere.
			there, moved, err := holder(ctx, t, plan.LeftOut[i].By[0])
			if !errors.Is(err, ErrNotFound) {
				return there, moved, err
			}
		}
		return code, pageID, nil
	}
	return "", "", ErrNotFound
}

// openHolder is holder for a batch; ErrNotFound stands for a dossier that it may not join, too.
func openHolder(ctx context.Context, t conn, b dossier.BatchFacts, pageID string) (code, page string, err error) {
	code, page, err = holder(ctx, t, pageID)
	if err != nil {
		return "", "", err
	}
	d, err := readDossier(ctx, t, code, "")
	if err == nil && !b.MayJoin(d.Department, d.Station) {
		err = ErrNotFound
	}
	return code, page, err
}

// latestPlan is the plan of a dossier's latest version; nil for one that has none, or was ended.
func latestPlan(ctx context.Context, t conn, code string) (*Plan, error) {
	if err := busy(ctx, t, code); err != nil {
		return nil, err
	}
	d, err := readDossier(ctx, t, code, "")
	if err != nil || d.Version == 0 || !slices.Contains(way, d.State) {
		return nil, err
	}
	plan, err := planOf(ctx, t, code, d.Version)
	return &plan, err
}

// placed puts replacements to the parts of their dossiers. It returns ErrBusy where one has no place any more: who asks
// Replaceable again is told so.
func placed(ctx context.Context, t conn, b dossier.BatchFacts, parts []Part) ([]Part, error) {
	var all []Part
	for _, p := range parts {
		if len(p.Plan.Documents) > 0 {
			all = append(all, p)
		}
	}
	for _, p := range parts {
		for _, r := range p.Replaces {
			code, page, err := openHolder(ctx, t, b, r.Page)
			if errors.Is(err, ErrNotFound) {
				err = fmt.Errorf("page %s: %w", r.Page, ErrBusy)
			}
			if err != nil {
				return nil, err
			}
			r.Page = page
			i := slices.IndexFunc(all, func(p Part) bool { return p.Code == code })
			if i < 0 {
				i = len(all)
				all = append(all, Part{Code: code})
			}
			all[i].Replaces = append(all[i].Replaces, r)
			if len(p.Plan.Documents) == 0 {
				all[i].Plan.Tickets, p.Plan.Tickets = append(all[i].Plan.Tickets, p.Plan.Tickets...), nil
				all[i].Plan.Warnings, p.Plan.Warnings = append(all[i].Plan.Warnings, p.Plan.Warnings...), nil
			}
		}
	}
	return all, nil
}

// onto is a dossier with what a part brings; before has no documents for a new one.
func (p *Part) onto(before Plan) (Plan, error) {
	if len(before.Documents) == 0 {
		if len(p.Replaces) > 0 {
			return before, ErrBusy
		}
		return p.Plan, nil
	}
	next := before
	for _, r := range p.Replaces {
		var ok bool
		if next, ok = next.replace(r); !ok {
			return next, ErrBusy
		}
	}
	next.Append(p.Plan)
	return next, nil
}

// deposits lists the ids of the deposits that a part brings pages or tickets of.
func (p *Part) deposits() []string {
	ids := p.Plan.deposits()
	for _, r := range p.Replaces {
		pages := slices.Clone(r.By)
		for _, l := range r.LeftOut {
			pages = append(pages, l.Page)
		}
		for _, page := range pages {
			if id := depositOfPage(page); !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// decideReplaced keeps in the record which pages give way to those of a batch.
func decideReplaced(ctx context.Context, t tx, a *Assembly, replaced []Replaced) error {
	if len(replaced) == 0 {
		return nil
	}
	said, err := json.Marshal(rescans{doRescan, replaced})
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE revisions SET who = ?, decision = ? WHERE id = ?`, a.Station, string(said), a.BatchID)
	return err
}

// replacedOf reads from what a revision says which pages of a dossier gave way.
func replacedOf(said, code string) ([]Replaced, error) {
	r, err := fromJSON[rescans](said)
	if err != nil || r == nil || r.Do != doRescan {
		return nil, err
	}
	return slices.DeleteFunc(r.Replaced, func(r Replaced) bool { return r.Dossier != code }), nil
}

// earlier is a deposit of which a rescan was advised.
type earlier struct {
	id, name, key, batchID string
	grouping               dossier.Grouping
	position               int
	state                  dossier.State
	received, advised      int64
}

// findRescans finds out which members of a batch are new scans of earlier deposits: files of the same name or place in a batch of
// the same key, of as many pages, given after the clerk was told to scan again. It returns ErrBusy while the earlier one is not
// published. The names of uploads say nothing: two people call theirs the same.
func findRescans(ctx context.Context, t conn, a *Assembly, members []member) error {
	switch a.Batch.Grouping {
	case dossier.GroupFile, dossier.GroupFolder, dossier.GroupPrefix:
	case dossier.GroupTicket, dossier.GroupSeparator:
		return nil // their names are the scanner's, or come once
	}
	if len(members) == 0 {
		return nil
	}
	first, last := members[0].Deposit, members[len(members)-1].Deposit // by reception
	all, err := collect(ctx, t, func(r row) (earlier, error) {
		var e earlier
		return e, r.Scan(&e.id, &e.name, &e.key, &e.batchID, &e.grouping, &e.position, &e.state, &e.received, &e.advised)
	}, `SELECT d.id, d.name, b.group_key, b.id, b.grouping, d.position, d.state, d.received_at,
		coalesce((SELECT min(e.created_at) FROM events e WHERE e.subject = d.id AND e.type = 'deposit.rescan_advised'), 0)
		FROM deposits d JOIN batches b ON b.id = d.batch_id
		WHERE d.station = ? AND d.advised = 1 AND d.upload = '' AND d.received_at BETWEEN ? AND ? ORDER BY d.received_at DESC, d.id DESC`,
		first.Station, asMicros(first.ReceivedAt.Add(-rescanWithin)), asMicros(last.ReceivedAt))
	if err != nil {
		return err
	}
	for i := range members {
		for _, e := range all {
			if !members[i].follows(a, e) {
				continue
			}
			told, err := tells(ctx, t, a, e, members[i].Deposit)
			if err != nil {
				return err
			}
			if told {
				err = members[i].replaces(ctx, t, a, e, members)
			}
			if err != nil {
				return err
			}
			break
		}
	}
	return nil
}

// follows reports whether a member has the name of an earlier deposit and was given after its rescan was advised.
func (m *member) follows(a *Assembly, e earlier) bool {
	at := asMicros(m.Deposit.ReceivedAt)
	switch {
	case m.ticket || m.Deposit.Upload != "" || m.Deposit.ID == e.id || m.Deposit.State == dossier.StateRejected || e.state == dossier.StateRejected:
		return false
	case e.grouping != a.Batch.Grouping || e.key != a.Batch.Key || e.position != m.position:
		return false
	case e.name != m.Deposit.Name && (a.Batch.Grouping != dossier.GroupPrefix || e.position == 0):
		return false
	}
	return e.advised > 0 && e.advised < at && e.received < at && at-e.received <= rescanWithin.Microseconds()
}

// tells reports whether e's name says that d is a new scan of it: none but scans to be made again ever had the name. A scanner
// that calls everything the same, or begins its counter anew, says nothing by its names.
func tells(ctx context.Context, t conn, a *Assembly, e earlier, d dossier.Deposit) (bool, error) {
	name := e.name
	if a.Batch.Grouping == dossier.GroupPrefix && e.position > 0 {
		name = ""
	}
	var others int
	err := t.queryRow(ctx, `SELECT count(*) FROM deposits d JOIN batches b ON b.id = d.batch_id WHERE d.station = ? AND d.received_at <= ?
		AND d.id <> ? AND d.advised = 0 AND d.state <> 'rejected' AND d.ticket = 0 AND b.grouping = ? AND b.group_key = ? AND d.position = ?
		AND (? = '' OR d.name = ?)`, d.Station, asMicros(d.ReceivedAt), d.ID, e.grouping, e.key,
		e.position, name, name).Scan(&others)
	return others == 0, err
}

// replaces notes page by page that a member is a new scan of an earlier deposit, if it has as many pages.
func (m *member) replaces(ctx context.Context, t conn, a *Assembly, e earlier, members []member) error {
	if e.batchID == a.BatchID {
		i := slices.IndexFunc(members, func(x member) bool { return x.Deposit.ID == e.id })
		if len(members[i].Pages) == len(m.Pages) {
			for n := range m.Pages {
				members[i].Pages[n].ReplacedBy = m.Pages[n].ID
			}
		}
		return nil
	}
	if e.state != dossier.StatePublished {
		return fmt.Errorf("deposit %s: %w", e.id, ErrBusy)
	}
	pages, err := readPages(ctx, t, dossier.Deposit{ID: e.id})
	if err != nil || len(pages) != len(m.Pages) {
		return err
	}
	for n := range pages {
		m.Pages[n].Replaces = pages[n].ID
	}
	return nil
}
