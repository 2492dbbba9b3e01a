package catalog

import (
	"context"
	"errors"
	"time"
)

// mostSaved is how many searches a user may keep.
const mostSaved = 100

// ErrTooManySaved says that a user keeps as many searches as one may.
var ErrTooManySaved = errors.New("too many saved searches")

// SavedSearch is a search that a user has given a name to.
type SavedSearch struct {
	ID    string
	Name  string
	Query string // of the page's address: q=...&order=...
}

// SavedSearches lists what a user keeps, by name.
func (c *Catalog) SavedSearches(ctx context.Context, owner string) ([]SavedSearch, error) {
	all, err := collect(ctx, c.db, func(r row) (SavedSearch, error) {
		var s SavedSearch
		return s, r.Scan(&s.ID, &s.Name, &s.Query)
	}, `SELECT id, name, query FROM saved_searches WHERE owner = ? ORDER BY name, id`, owner)
	return all, wrapped(err, "list the saved searches of %q", owner)
}

// SaveSearch keeps a search for a user; one of the same name gives way. It returns ErrTooManySaved for the hundred and first.
func (c *Catalog) SaveSearch(ctx context.Context, owner, name, query string) error {
	err := c.db.write(ctx, func(t tx) error {
		// The user's row is what two saves at once wait for.
		var n int
		if err := t.queryRow(ctx, `SELECT 1 FROM users WHERE name = ? FOR UPDATE`, owner).Scan(&n); err != nil {
			return noRow(err)
		}
		if err := t.queryRow(ctx, `SELECT count(*) FROM saved_searches WHERE owner = ? AND name <> ?`, owner, name).Scan(&n); err != nil {
			return err
		}
		if n >= mostSaved {
			return ErrTooManySaved
		}
		now := time.Now()
		_, err := t.exec(ctx, `INSERT INTO saved_searches (id, owner, name, query, created_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner, name) DO UPDATE SET query = excluded.query`, newID("sse_", now), owner, name, query, asMicros(now))
		return err
	})
	return wrapped(err, "save a search of %q", owner)
}

// DropSearch forgets a search that a user keeps; of one that is not there, or another's, nothing happens.
func (c *Catalog) DropSearch(ctx context.Context, owner, id string) error {
	err := c.db.write(ctx, func(t tx) error {
		_, err := t.exec(ctx, `DELETE FROM saved_searches WHERE owner = ? AND id = ?`, owner, id)
		return err
	})
	return wrapped(err, "drop a search of %q", owner)
}
