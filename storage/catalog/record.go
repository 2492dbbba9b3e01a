package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Record is all that is known of a dossier: how it stands, and how it came to stand so.
type Record struct {
	Dossier
	Plan      Plan          `json:"plan"`      // of the latest version; empty where that was erased
	Versions  []VersionInfo `json:"versions"`  // the first one first; those that were given up are left out
	Decisions []TakenInfo   `json:"decisions"` // the first one first
	// Tombstones tell of each time that it was erased, the first one first. Papers may have come for the code since.
	Tombstones []Tombstone `json:"tombstones,omitempty"`
}

// VersionInfo is one version of a dossier.
type VersionInfo struct {
	Number      int       `json:"version"`
	Pages       int       `json:"pages"`
	Warnings    []string  `json:"warnings"`
	PublishedAt time.Time `json:"published_at,omitzero"` // zero while it is being made
	Revision    string    `json:"revision"`              // the batch or decision that made it
	Erased      bool      `json:"erased,omitempty"`      // its files are destroyed, or are about to be
}

// TakenInfo is a decision that somebody took about a dossier.
type TakenInfo struct {
	ID       string          `json:"id"`
	At       time.Time       `json:"at"`
	Who      string          `json:"who"`
	Decision json.RawMessage `json:"decision"`
}

// Record reads what is known of a dossier; ErrNotFound where there is none in the scope. Plan is that of Version, whatever is
// published meanwhile.
func (c *Catalog) Record(ctx context.Context, code string, s dossier.Scope) (r Record, err error) {
	if err := sees(ctx, c.db, s, code); err != nil {
		return r, err
	}
	if r.Dossier, err = readDossier(ctx, c.db, code, ""); err != nil {
		return r, err
	}
	if r.Versions, err = c.versions(ctx, code); err != nil {
		return r, err
	}
	r.Decisions, err = collect(ctx, c.db, func(r row) (TakenInfo, error) {
		var d TakenInfo
		var at int64
		var said string
		err := r.Scan(&d.ID, &at, &d.Who, &said)
		d.At, d.Decision = asTime(at), json.RawMessage(dossier.MaskText(said))
		return d, err
	}, `SELECT id, at, who, decision FROM revisions WHERE decision <> '' AND (code = ? OR id IN (SELECT revision_id FROM versions WHERE code = ?))
		ORDER BY at, id`, code, code)
	if err != nil {
		return r, fmt.Errorf("list the decisions about %s: %w", code, err)
	}
	if r.Tombstones, err = c.tombstones(ctx, code); err != nil {
		return r, fmt.Errorf("list the tombstones of %s: %w", code, err)
	}
	r.Decisions, r.Plan.Documents = append([]TakenInfo{}, r.Decisions...), []PlanDocument{}
	if r.Version > 0 && r.State != DossierErased {
		r.Plan, err = planOf(ctx, c.db, code, r.Version)
	}
	r.Reason, r.Place = dossier.MaskText(r.Reason), dossier.MaskText(r.Place)
	for name := range r.Plan.Facts.Fields {
		r.Plan.Facts.Fields[name] = "***" // what a ticket tells stands in private.json
	}
	for i := range r.Plan.Corrections {
		r.Plan.Corrections[i].Field = r.Plan.Corrections[i].Field.Shown()
	}
	return r, err
}

// versions lists the versions of a dossier, the first one first; those that were given up are left out.
func (c *Catalog) versions(ctx context.Context, code string) ([]VersionInfo, error) {
	all, err := collect(ctx, c.db, func(r row) (VersionInfo, error) {
		var v VersionInfo
		var warnings string
		var at int64
		if err := r.Scan(&v.Number, &v.Pages, &warnings, &at, &v.Revision, &v.Erased); err != nil {
			return v, err
		}
		list, err := fromListJSON(warnings)
		v.Warnings, v.PublishedAt = append([]string{}, list...), asTime(at)
		return v, err
	}, `SELECT number, pages, warnings, published_at, revision_id, state = 'erased' FROM versions
		WHERE code = ? AND state <> 'abandoned' ORDER BY number`, code)
	if err != nil {
		return nil, fmt.Errorf("list the versions of %s: %w", code, err)
	}
	return all, nil
}
