package catalog

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// WaitingBatch is a batch that is not closed, or files in a folder that wait for one.
type WaitingBatch struct {
	ID         string           `json:"id,omitempty"` // "" as long as nothing of it is taken in: then it can't be closed by hand
	Station    string           `json:"station"`
	Department string           `json:"department"`
	Grouping   dossier.Grouping `json:"grouping"`
	Key        string           `json:"key,omitempty"` // identity numbers masked; "" for files without a ticket
	Since      time.Time        `json:"since"`
	Deposits   int              `json:"deposits"`        // that were taken in
	Pages      int              `json:"pages"`           // of these, that are not read yet
	Files      int              `json:"files"`           // of it that lie in the folder
	Waits      string           `json:"waits,omitempty"` // as of FolderBatch; "" where no daemon tells
	Missing    int              `json:"missing,omitempty"`
	Thumbs     []string         `json:"thumbs,omitempty"` // ids of the first pages of its first deposits, of those that have a thumbnail
}

const waitingThumbs = 6 // of a batch

// Waiting lists the batches of a scope that are not closed, the one that waits longest first.
func (c *Catalog) Waiting(ctx context.Context, scope dossier.Scope) ([]WaitingBatch, error) {
	all, err := collect(ctx, c.db, func(r row) (WaitingBatch, error) {
		var b WaitingBatch
		var opened int64
		err := r.Scan(&b.ID, &b.Station, &b.Department, &b.Grouping, &b.Key, &opened, &b.Deposits, &b.Pages)
		b.Since, b.Key = asTime(opened), dossier.MaskText(b.Key)
		return b, err
	}, `SELECT id, station, `+batchDepartment+`, grouping, group_key, opened_at,
		(SELECT count(*) FROM deposits d WHERE d.batch_id = b.id), open_pages FROM batches b WHERE closed = 0`)
	if err != nil {
		return nil, fmt.Errorf("list the batches that wait: %w", err)
	}
	all = slices.DeleteFunc(all, func(b WaitingBatch) bool { return !scope.Sees(b.Department, b.Station) })
	if err := c.addThumbs(ctx, all); err != nil {
		return nil, fmt.Errorf("find the pictures of the batches that wait: %w", err)
	}
	folders, err := c.Folders(ctx, scope)
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		if time.Since(f.At) < believed {
			all = f.join(all)
		}
	}
	slices.SortStableFunc(all, func(a, b WaitingBatch) int { return a.Since.Compare(b.Since) })
	return all, nil
}

// addThumbs adds to batches the pictures of what was taken in. Those of identity papers are left out.
func (c *Catalog) addThumbs(ctx context.Context, all []WaitingBatch) error {
	at := map[string]*WaitingBatch{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	for in, args := range inLists(slices.Collect(maps.Keys(at))) {
		_, err := collect(ctx, c.db, func(r row) (string, error) {
			var batch, page string
			err := r.Scan(&batch, &page)
			if b := at[batch]; err == nil && len(b.Thumbs) < waitingThumbs {
				b.Thumbs = append(b.Thumbs, page)
			}
			return page, err
		}, `SELECT d.batch_id, l.page_id FROM deposits d JOIN looks l ON l.deposit_id = d.id LEFT JOIN pages p ON p.id = l.page_id
			WHERE l.number = 1 AND l.thumb = 1 AND coalesce(p.personal, 0) = 0 AND d.batch_id `+in+` ORDER BY d.batch_id, d.id`, args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// join adds to batches what their folder tells of them, and those of which nothing is taken in yet.
func (f *Folder) join(all []WaitingBatch) []WaitingBatch {
	for _, b := range f.Batches {
		i := slices.IndexFunc(all, func(w WaitingBatch) bool {
			return w.Station == f.Station && w.Key == b.Key && w.Waits == "" && w.ID != ""
		})
		if i < 0 {
			all = append(all, WaitingBatch{
				Station: f.Station, Department: f.Department, Grouping: b.Grouping, Key: b.Key, Since: b.Since, Deposits: b.Deposits,
			})
			i = len(all) - 1
		}
		all[i].Files, all[i].Waits, all[i].Missing = b.Files, b.Waits, b.Missing
	}
	return all
}

// CloseWaiting closes a batch by hand: no further deposit joins it, and it is assembled once its last page is read. What comes
// later under its key is a new batch. One that is closed already is left as it is. It returns ErrNotFound, outside the scope too.
func (c *Catalog) CloseWaiting(ctx context.Context, who dossier.Principal, batchID string) error {
	err := c.db.write(ctx, func(t tx) error {
		b, err := lockedBatch(ctx, t, batchID)
		if err != nil {
			return err
		}
		var department, station string
		err = t.queryRow(ctx, `SELECT `+batchDepartment+`, station FROM batches b WHERE id = ?`, batchID).Scan(&department, &station)
		if err == nil && !who.Scope.Sees(department, station) {
			err = ErrNotFound
		}
		if err != nil || b.closed == 1 {
			return err
		}
		if err := closeBatch(ctx, t, batchID); err != nil {
			return err
		}
		return appendAudit(ctx, t, who, Entry{Action: ActionMend, Subject: "batch/" + batchID, Details: map[string]bool{"close": true}})
	})
	if err != nil {
		return fmt.Errorf("close batch %s: %w", batchID, err)
	}
	c.wake()
	return nil
}
