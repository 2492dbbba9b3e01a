package catalog

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
)

// Identity is an identity number that stands on a page of a version.
type Identity struct {
	Hash string // dossier.IdentityKey.Hash of the number
	Page int    // of the rendition, from 1; 0: told of the dossier as a whole
}

// Personal reports whether an object is given to those only who may see fields in clear: private.json, what shows an identity
// paper, and scanners' tickets, of which nobody knows whom they tell of. What lies under a page or an original is not known
// before the deposit is published: until then, and for good where it is refused, it counts as personal, as does whatever the
// catalogue has no row of.
func (c *Catalog) Personal(ctx context.Context, key string) (bool, error) {
	personal, err := c.personal(ctx, strings.Split(key, "/"))
	if errors.Is(err, ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return true, fmt.Errorf("find out whom %s tells of: %w", key, err)
	}
	return personal, nil
}

func (c *Catalog) personal(ctx context.Context, key []string) (bool, error) {
	switch {
	case key[0] == "originals" && len(key) == 3:
		// Who sees an original sees all its pages.
		return c.shows(ctx, `WHERE d.sha256 = ? AND d.ticket = 0`, key[2])
	case key[0] == "pages" && len(key) == 3:
		id, err := url.PathUnescape(key[1])
		if err != nil {
			return true, nil //nolint:nilerr // no key of ours
		}
		return c.shows(ctx, `WHERE p.id = ? OR p.artifact_id = ? AND p.artifact_id <> ''`, id, id)
	case key[0] == "dossiers" && len(key) == 6:
		code, err := url.PathUnescape(key[3])
		number, notNumber := strconv.Atoi(strings.TrimPrefix(key[4], "v"))
		if err != nil || notNumber != nil {
			return true, nil //nolint:nilerr // no key of ours
		}
		return c.personalFile(ctx, code, number, key[5])
	}
	return true, nil
}

// shows reports whether one of the pages is an identity paper, or nobody knows yet.
func (c *Catalog) shows(ctx context.Context, where string, args ...any) (bool, error) {
	var personal, published int
	err := c.db.queryRow(ctx, `SELECT coalesce(max(p.personal), 0), coalesce(max(CASE d.state WHEN 'published' THEN 1 ELSE 0 END), 0)
		FROM pages p JOIN deposits d ON d.id = p.deposit_id `+where, args...).Scan(&personal, &published)
	return personal == 1 || published == 0, err
}

// personalFile is Personal of a file of a dossier version. Metadata are masked.
func (c *Catalog) personalFile(ctx context.Context, code string, number int, file string) (bool, error) {
	switch file {
	case "metadata.json":
		return false, nil
	case "dossier.pdf", "alto.zip":
	default:
		return true, nil
	}
	var state string
	var personal int
	err := c.db.queryRow(ctx, `SELECT state, personal FROM versions WHERE code = ? AND number = ?`, code, number).Scan(&state, &personal)
	if err != nil {
		return true, noRow(err)
	}
	if state != "published" || personal == 1 {
		return true, nil
	}
	plan, err := planOf(ctx, c.db, code, number)
	if err != nil {
		return true, err
	}
	return c.anyPersonal(ctx, plan.All())
}

// anyPersonal reports whether one of the pages is known as an identity paper: it may have become known after a version with it
// was published.
func (c *Catalog) anyPersonal(ctx context.Context, pages []string) (bool, error) {
	for in, args := range inLists(pages) {
		var n int
		err := c.db.queryRow(ctx, `SELECT count(*) FROM pages WHERE personal = 1 AND id `+in, args...).Scan(&n)
		if err != nil || n > 0 {
			return true, err
		}
	}
	return false, nil
}

// Lookup lists the codes of those dossiers in the scope whose latest version has an identity number, by its hash. Those that were
// withdrawn or erased are left out.
func (c *Catalog) Lookup(ctx context.Context, hash string, s dossier.Scope) ([]string, error) {
	in, args := within(s, "s")
	codes, err := collect(ctx, c.db, scanOne[string], `SELECT DISTINCT h.code FROM identity_hashes h
		JOIN dossiers s ON s.code = h.code AND s.version = h.version
		WHERE h.hash = ? AND s.state NOT IN ('withdrawn', 'erased') AND `+in+` ORDER BY h.code`, append([]any{hash}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("look up an identity number: %w", err)
	}
	return codes, nil
}

func addIdentities(ctx context.Context, t tx, v PublishedVersion) error {
	for _, i := range v.Identities {
		_, err := t.exec(ctx, `INSERT INTO identity_hashes (hash, code, version, page) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			i.Hash, v.Code, v.Number, i.Page)
		if err != nil {
			return err
		}
	}
	return nil
}

// hidePage makes a page, and those of equal deposits that share its artifacts, personal. Their pictures follow by a job, their
// receipts are written anew. A page that is personal already is left as it is.
func hidePage(ctx context.Context, t tx, pageID string) error {
	var artifact string
	if err := t.queryRow(ctx, `SELECT artifact_id FROM pages WHERE id = ?`, pageID).Scan(&artifact); err != nil {
		return noRow(err)
	}
	const alike = `(id = ? OR artifact_id = ? AND artifact_id <> '')`
	_, err := t.exec(ctx, `UPDATE deposits SET receipt = receipt + 1 WHERE id IN
		(SELECT deposit_id FROM pages WHERE personal = 0 AND `+alike+`)`, pageID, artifact)
	if err != nil {
		return err
	}
	changed, err := t.exec(ctx, `UPDATE pages SET personal = 1 WHERE personal = 0 AND `+alike, pageID, artifact)
	if err != nil || changed == 0 {
		return err
	}
	return hidePictures(ctx, t, pageID)
}

func hidePictures(ctx context.Context, t tx, pageID string) error {
	_, err := t.insertJobs(ctx, []river.InsertManyParams{{Args: hideArgs{pageID}}})
	return err
}

// alike lists a page, that whose artifacts it has, and all others that have them.
func (c *Catalog) alike(ctx context.Context, pageID string) ([]string, error) {
	ids, err := collect(ctx, c.db, scanOne[string], `SELECT p.id FROM pages p JOIN pages q ON q.id = ? WHERE p.id = q.id OR
		p.id = q.artifact_id OR p.artifact_id = q.artifact_id AND p.artifact_id <> ''`, pageID)
	if err != nil {
		return nil, fmt.Errorf("read page %s: %w", pageID, err)
	}
	return ids, nil
}

// hideArgs is the job that removes the pictures of an identity paper.
type hideArgs struct {
	Page string `json:"page" river:"unique"`
}

func (hideArgs) Kind() string { return "hide" }

// InsertOpts lets one job wait beside one that runs: what the running one removed may have been stored again since.
func (hideArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: assembleQueue, MaxAttempts: neverGivenUp}
}
