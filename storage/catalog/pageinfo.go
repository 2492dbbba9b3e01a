package catalog

import (
	"context"
	"fmt"

	"github.com/dossierd/dossierd/dossier"
)

// PageState is where a page stands.
type PageState string

// The states of a page. One that was looked at and that nobody has listed yet is waiting as well.
const (
	PageWaiting   PageState = "waiting"
	PageQueued    PageState = "queued" // or being read
	PageRead      PageState = "done"
	PageCancelled PageState = "cancelled" // its deposit was rejected
	PageErased    PageState = "erased"
)

// PageInfo is what is known of a page.
type PageInfo struct {
	ID         string
	DepositID  string
	Station    string // of its deposit, as is Department
	Department string
	Number     int // in its deposit, from 1
	State      PageState
	ArtifactID string // page id under which its artifacts lie; "" before it is read
	Language   string // tessdata name
	Words      int
	Confidence float64 // 0..1
	Blank      bool
	Personal   bool
	Warnings   []string
	Look       *dossier.Look // nil: it was not looked at
	Verdicts   []dossier.VerdictCode
	Thumb      bool // pages/<id>/thumb.jpg is stored and not personal
}

// pageQuery reads pages p, and those that only a look l knows, of the ids i.
const pageQuery = `SELECT i.id, d.id, d.station, d.department, i.number, coalesce(p.state, 'waiting'), coalesce(p.artifact_id, ''),
	coalesce(p.language, ''), coalesce(p.words, 0), coalesce(p.confidence, 0), coalesce(p.blank, 0), coalesce(p.personal, 0),
	coalesce(p.warnings, ''), coalesce(p.rotation, -1), coalesce(l.look, ''), coalesce(l.thumb, 0)
	FROM (SELECT id, deposit_id, number FROM pages WHERE deposit_id = ? UNION SELECT page_id, deposit_id, number FROM looks WHERE deposit_id = ?) i
	JOIN deposits d ON d.id = i.deposit_id LEFT JOIN pages p ON p.id = i.id LEFT JOIN looks l ON l.page_id = i.id `

func scanPage(r row) (PageInfo, error) {
	var p PageInfo
	var warnings, look string
	var blank, personal, rotation, thumb int
	err := r.Scan(&p.ID, &p.DepositID, &p.Station, &p.Department, &p.Number, &p.State, &p.ArtifactID, &p.Language, &p.Words, &p.Confidence,
		&blank, &personal, &warnings, &rotation, &look, &thumb)
	if err != nil {
		return p, noRow(err)
	}
	p.Blank, p.Personal, p.Thumb = blank == 1, personal == 1, thumb == 1 && personal == 0
	if p.Warnings, err = fromListJSON(warnings); err != nil {
		return p, err
	}
	if p.Look, err = fromJSON[dossier.Look](look); err == nil && p.Look != nil {
		p.Verdicts = verdicts(p.Look, rotation, p.Blank)
	}
	return p, err
}

// Page reads a page that a scope sees, by its deposit or by the dossier that it is in; ErrNotFound where there is none, or one that it
// does not see.
func (c *Catalog) Page(ctx context.Context, s dossier.Scope, id string) (PageInfo, error) {
	deposit := depositOfPage(id)
	p, err := scanPage(c.db.queryRow(ctx, pageQuery+`WHERE i.id = ?`, deposit, deposit, id))
	if err == nil && !s.Sees(p.Department, p.Station) {
		var seen bool
		if seen, err = c.seesPage(ctx, s, id); err == nil && !seen {
			err = ErrNotFound
		}
	}
	if err != nil {
		return p, fmt.Errorf("read page %s: %w", id, err)
	}
	return p, nil
}

// PagesOf lists the pages of a deposit that are known so far, in their order.
func (c *Catalog) PagesOf(ctx context.Context, depositID string) ([]PageInfo, error) {
	all, err := collect(ctx, c.db, scanPage, pageQuery+` ORDER BY i.number`, depositID, depositID)
	if err != nil {
		return nil, fmt.Errorf("list the pages of %s: %w", depositID, err)
	}
	return all, nil
}
