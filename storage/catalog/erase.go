package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// Erased is the error of what is asked of a dossier that was erased.
type Erased struct{ Since time.Time }

func (e *Erased) Error() string { return "erased on " + e.Since.Format(time.RFC3339) }

// ended says why nothing more can be decided about a dossier, or nil.
func ended(ctx context.Context, c conn, d Dossier) error {
	switch d.State { //nolint:exhaustive // the others go on
	case DossierWithdrawn:
		return ErrWithdrawn
	case DossierErased:
		return erasedError(ctx, c, d.Code)
	}
	return nil
}

// erasedError is the error of what is asked of an erased dossier, or of an erased version.
func erasedError(ctx context.Context, c conn, code string) error {
	var since int64
	if err := c.queryRow(ctx, `SELECT max(at) FROM tombstones WHERE code = ?`, code).Scan(&since); err != nil {
		return err
	}
	return &Erased{asTime(since)}
}

// erase takes the decision to destroy a dossier. From the end of the transaction on nothing of it is given out; its objects are
// destroyed by a job.
func (c *Catalog) erase(ctx context.Context, t tx, code string, number int, d Decision, who string) (Decided, error) {
	of, err := erasable(ctx, t, code)
	switch {
	case err != nil:
		return Decided{}, err
	case of.Version != number || number == 0:
		return Decided{}, ErrStale
	case d.Reason == "":
		return Decided{}, misfit("Say in \"reason\" why the dossier is erased.")
	}
	return c.eraseDossier(ctx, t, of, d.Reason, who)
}

// erasable locks a dossier that can be erased now: a withdrawn one too, but none that is busy.
func erasable(ctx context.Context, t tx, code string) (Dossier, error) {
	of, err := lockedDossier(ctx, t, code)
	if err == nil && of.State == DossierErased {
		err = ended(ctx, t, of)
	}
	if err == nil {
		err = busy(ctx, t, code)
	}
	return of, err
}

// eraseDossier erases a locked dossier.
func (c *Catalog) eraseDossier(ctx context.Context, t tx, of Dossier, reason, who string) (Decided, error) {
	now := time.Now()
	decided := Decided{ID: newID("dec_", now), Versions: []VersionKey{}}
	x, err := extentOf(ctx, t, of.Code)
	if err != nil {
		return decided, err
	}
	if err := recordErasure(ctx, t, decided.ID, of, x, reason, who, now); err != nil {
		return decided, err
	}
	if err := listObjects(ctx, t, decided.ID, of, x); err != nil {
		return decided, err
	}
	if err := forget(ctx, t, of.Code, reason, x); err != nil {
		return decided, err
	}
	if _, err := t.insertJobs(ctx, []river.InsertManyParams{{Args: eraseArgs{decided.ID}}}); err != nil {
		return decided, err
	}
	facts := of.facts()
	facts.Reason = dossier.MaskText(reason)
	err = c.commitEvent(ctx, t, of.Code, dossier.Event{Type: dossier.EventDossierErased, Data: dossier.EventData{Dossier: facts}})
	if err != nil {
		return decided, err
	}
	return decided, c.unindex(ctx, t, of.Code)
}

// recordErasure records the decision and the tombstone.
func recordErasure(ctx context.Context, t tx, id string, of Dossier, x *extent, reason, who string, now time.Time) error {
	said, err := json.Marshal(Decision{Do: DoErase, Reason: reason})
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO revisions (id, state, at, who, decision, code) VALUES (?, 'published', ?, ?, ?, ?)`,
		id, asMicros(now), who, string(said), of.Code)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO tombstones (id, code, version, state, at, who, reason, pages) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		id, of.Code, of.Version, of.State, asMicros(now), who, reason, len(x.pages))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, 'erased', ?, ?)`, of.Code, asMicros(now), who)
	return err
}

// extent is what an erasure takes.
type extent struct {
	pages    []string                   // that no other dossier has
	deposits []dossier.Deposit          // all that the dossier has pages of, or that are its tickets
	others   map[string]map[string]bool // dossiers that have something of a deposit too, by its id
}

// gone reports whether nothing of a deposit is left.
func (x *extent) gone(d dossier.Deposit) bool { return len(x.others[d.ID]) == 0 }

// extentOf finds out what goes with a dossier. The rows of its deposits are locked, so that of two dossiers that share one the second
// to be erased sees that the first is gone.
func extentOf(ctx context.Context, t tx, code string) (*extent, error) {
	x := &extent{others: map[string]map[string]bool{}}
	own, err := plansOf(ctx, t, code, `= 'published'`)
	if err != nil {
		return nil, err
	}
	ids, err := collect(ctx, t, scanOne[string], `SELECT deposit_id FROM dossier_deposits WHERE code = ?`, code)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		ids = append(ids, p.deposits()...)
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		d, err := lockedFormer(ctx, t, id)
		if err != nil {
			return nil, err
		}
		x.deposits = append(x.deposits, d)
	}
	held, err := x.holders(ctx, t, code)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		x.pages = append(x.pages, p.All()...)
	}
	slices.Sort(x.pages)
	x.pages = slices.DeleteFunc(slices.Compact(x.pages), func(id string) bool { return held[id] })
	return x, nil
}

// holders reads what other dossiers have of the deposits: their pages are returned.
func (x *extent) holders(ctx context.Context, t tx, code string) (pages map[string]bool, err error) {
	var codes []string
	for _, d := range x.deposits {
		also, err := collect(ctx, t, scanOne[string], `SELECT code FROM dossier_deposits WHERE deposit_id = ?`, d.ID)
		if err != nil {
			return nil, err
		}
		codes = append(append(codes, also...), d.Dossiers...)
	}
	slices.Sort(codes)
	pages = map[string]bool{}
	for _, other := range slices.Compact(codes) {
		if other == code {
			continue
		}
		plans, err := plansOf(ctx, t, other, `IN ('published', 'reserved')`)
		if err != nil {
			return nil, err
		}
		for _, p := range plans {
			for _, id := range p.All() {
				pages[id] = true
			}
			for _, id := range p.deposits() {
				if x.others[id] == nil {
					x.others[id] = map[string]bool{}
				}
				x.others[id][other] = true
			}
		}
	}
	return pages, nil
}

// plansOf reads the plans of those versions of a dossier that are in a state.
func plansOf(ctx context.Context, t tx, code, state string) ([]Plan, error) {
	numbers, err := collect(ctx, t, scanOne[int], `SELECT number FROM versions WHERE code = ? AND state `+state+` ORDER BY number`, code)
	plans := make([]Plan, 0, len(numbers))
	for _, number := range numbers {
		plan, err := planOf(ctx, t, code, number)
		if err != nil {
			return nil, err
		}
		plans = append(plans, plan)
	}
	return plans, err
}

// listObjects writes down what is to be destroyed, and of the originals also what is kept.
func listObjects(ctx context.Context, t tx, tombstone string, of Dossier, x *extent) error {
	const insert = `INSERT INTO tombstone_objects (tombstone_id, key, sha256, bytes, disposition, retained_for) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT DO NOTHING`
	numbers, err := collect(ctx, t, scanOne[int], `SELECT number FROM versions WHERE code = ? AND state IN ('published', 'abandoned')`, of.Code)
	if err != nil {
		return err
	}
	var prefixes []string
	for _, number := range numbers {
		prefixes = append(prefixes, storage.DossierKey(of.Department, of.Year, of.Code, number, ""))
	}
	for _, id := range x.pages {
		var artifact string
		if err := t.queryRow(ctx, `SELECT artifact_id FROM pages WHERE id = ?`, id).Scan(&artifact); err != nil {
			return fmt.Errorf("read page %s: %w", id, noRow(err))
		}
		prefixes = append(prefixes, storage.PageKey(id, "")) // a thumbnail lies there in any case
		if artifact != "" && artifact != id {
			prefixes = append(prefixes, storage.PageKey(artifact, ""))
		}
	}
	for _, prefix := range prefixes {
		if _, err := t.exec(ctx, insert, tombstone, prefix, "", 0, DispositionPending, ""); err != nil {
			return err
		}
	}
	for _, d := range x.deposits {
		if d.SHA256 == "" {
			continue
		}
		disposition, retainedFor := DispositionPending, ""
		if !x.gone(d) {
			disposition = DispositionRetained
			if retainedFor, err = listJSON(slices.Sorted(maps.Keys(x.others[d.ID]))); err != nil {
				return err
			}
		}
		if _, err := t.exec(ctx, insert, tombstone, storage.OriginalKey(d.SHA256), d.SHA256, d.Bytes, disposition, retainedFor); err != nil {
			return err
		}
	}
	return nil
}

// eraseArgs is the job that destroys what an erasure takes.
type eraseArgs struct {
	Tombstone string `json:"tombstone" river:"unique"`
}

func (eraseArgs) Kind() string { return "erase" }

func (eraseArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: assembleQueue, MaxAttempts: neverGivenUp, UniqueOpts: onceAtATime()}
}

// sweepTombstones gives each erasure whose objects are not all destroyed a job, unless it has one.
func (c *Catalog) sweepTombstones(ctx context.Context) error {
	ids, err := collect(ctx, c.db, scanOne[string], `SELECT id FROM tombstones WHERE destroyed_at = 0 ORDER BY id LIMIT ?`, sweepAtOnce)
	if err == nil && len(ids) > 0 {
		err = c.db.write(ctx, func(t tx) error {
			var jobs []river.InsertManyParams
			for _, id := range ids {
				jobs = append(jobs, river.InsertManyParams{Args: eraseArgs{id}})
			}
			_, err := t.insertJobs(ctx, jobs)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("sweep tombstones: %w", err)
	}
	return nil
}
