package catalog

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// atOnceIndexed is how many dossiers are listed at a time to be indexed anew.
const atOnceIndexed = 100

// Reindex makes the index anew, one dossier after another, from what read says can be found of the latest version of each. Meanwhile
// all is found that was found before, and versions that are published are indexed as ever. One that is broken off is gone on with by
// the next call. What can't be read keeps what the index has of it, and is gone on with too; the error names it. progress is told
// how many dossiers are done.
func (c *Catalog) Reindex(ctx context.Context, read func(context.Context, Dossier) ([]SearchDocument, error), progress func(done, total int)) error {
	stamp, err := c.openStamp(ctx)
	if err != nil {
		return fmt.Errorf("begin to index anew: %w", err)
	}
	total, done, err := c.stamped(ctx, stamp)
	if err != nil {
		return fmt.Errorf("count dossiers: %w", err)
	}
	progress(done, total)
	var failed []error
	for last := ""; ; {
		codes, err := c.unstamped(ctx, stamp, last)
		if err != nil {
			return fmt.Errorf("list dossiers: %w", err)
		}
		if len(codes) == 0 {
			break
		}
		for _, code := range codes {
			if err := c.reindexOne(ctx, code, read); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				failed = append(failed, fmt.Errorf("index %s: %w", code, err))
				continue
			}
			done++
			progress(done, max(done, total))
		}
		last = codes[len(codes)-1]
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return c.closeStamp(ctx, stamp)
}

// openStamp goes on with a reindexing that is not done, or begins one.
func (c *Catalog) openStamp(ctx context.Context) (stamp int64, err error) {
	err = c.db.write(ctx, func(t tx) error {
		return t.queryRow(ctx, `UPDATE search_stamp SET stamp = stamp + 1 - open, open = 1 RETURNING stamp`).Scan(&stamp)
	})
	return stamp, err
}

// closeStamp ends a reindexing, and takes out of the index what has no business there.
func (c *Catalog) closeStamp(ctx context.Context, stamp int64) error {
	err := c.db.write(ctx, func(t tx) error {
		codes, err := collect(ctx, t, scanOne[string], `SELECT s.code FROM search_dossiers s JOIN dossiers d ON d.code = s.code
			WHERE d.state IN ('withdrawn', 'erased') ORDER BY s.code`)
		if err == nil {
			err = lockFeed(ctx, t)
		}
		if err == nil {
			err = c.unindex(ctx, t, codes...)
		}
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE search_stamp SET open = 0 WHERE stamp = ?`, stamp)
		return err
	})
	if err != nil {
		return fmt.Errorf("end of indexing anew: %w", err)
	}
	return nil
}

// warnOfIndex says that a reindexing is not done: one that was broken off, or one that a new form of the index makes necessary.
func (c *Catalog) warnOfIndex(ctx context.Context) {
	var open bool
	err := c.db.queryRow(ctx, `SELECT open = 1 FROM search_stamp`).Scan(&open)
	switch {
	case err != nil && ctx.Err() == nil:
		c.log.Warn("whether the search index is whole is not known", "error", err)
	case open:
		c.log.Warn("the search index is not whole: pages may not be found until 'dossierd reindex' has been run to its end")
	}
}

// toBeFound are the dossiers of which a version is found.
const toBeFound = ` FROM dossiers d LEFT JOIN search_dossiers s ON s.code = d.code WHERE d.version > 0 AND d.state NOT IN ('withdrawn', 'erased')`

func (c *Catalog) stamped(ctx context.Context, stamp int64) (total, done int, err error) {
	err = c.db.queryRow(ctx, `SELECT count(*), coalesce(sum(CASE WHEN s.stamp >= ? THEN 1 ELSE 0 END), 0)`+toBeFound, stamp).Scan(&total, &done)
	return total, done, err
}

func (c *Catalog) unstamped(ctx context.Context, stamp int64, after string) ([]string, error) {
	return collect(ctx, c.db, scanOne[string], `SELECT d.code`+toBeFound+` AND d.code > ? AND coalesce(s.stamp, -1) < ? ORDER BY d.code LIMIT ?`,
		after, stamp, atOnceIndexed)
}

// reindexOne leaves a dossier alone of which another version was published meanwhile: with that it was indexed.
func (c *Catalog) reindexOne(ctx context.Context, code string, read func(context.Context, Dossier) ([]SearchDocument, error)) error {
	of, err := c.Dossier(ctx, code)
	if err != nil {
		return err
	}
	docs, err := read(ctx, of)
	if err != nil {
		now, again := c.Dossier(ctx, code)
		if again == nil && now.Version != of.Version || now.State == DossierErased {
			return nil
		}
		return err
	}
	err = c.db.write(ctx, func(t tx) error {
		now, err := lockedDossier(ctx, t, code)
		if err != nil || now.Version != of.Version || !slices.Contains(way, now.State) {
			return err
		}
		if err := lockFeed(ctx, t); err != nil {
			return err
		}
		x := c.newIndexing(t)
		if err := x.version(ctx, now, now.Version, docs); err != nil {
			return err
		}
		return x.settle(ctx)
	})
	if err == nil {
		c.mergeIndex(ctx, docs)
	}
	return err
}
