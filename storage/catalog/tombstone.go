package catalog

import (
	"context"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// Disposition is what becomes of an object of an erased dossier.
type Disposition string

// The dispositions.
const (
	DispositionPending   Disposition = "pending"   // it is about to be destroyed
	DispositionDestroyed Disposition = "destroyed" //
	DispositionRetained  Disposition = "retained"  // somebody else has it too
)

// Tombstone is what is left of a dossier that was erased.
type Tombstone struct {
	Version     int               `json:"version"` // the latest there was
	At          time.Time         `json:"at"`
	Who         string            `json:"who"` // name of a token, or retention
	Reason      string            `json:"reason"`
	Pages       int               `json:"pages"`                 // that were erased: those that no other dossier has
	DestroyedAt time.Time         `json:"destroyed_at,omitzero"` // zero while objects are left to be destroyed
	Objects     []TombstoneObject `json:"objects"`               // originals and the files of every version; of pages there is no list
}

// TombstoneObject is an object that a dossier had.
type TombstoneObject struct {
	Key         string      `json:"key"`
	SHA256      string      `json:"sha256"`
	Bytes       int64       `json:"bytes"`
	Disposition Disposition `json:"disposition" enum:"pending,destroyed,retained"`
	// RetainedFor are the codes of the dossiers, and the ids of the deposits not yet in one, that have it too.
	RetainedFor []string `json:"retained_for,omitempty"`
}

// tombstones lists those of a dossier, the first one first: a dossier whose code papers came for later can be erased again.
func (c *Catalog) tombstones(ctx context.Context, code string) ([]Tombstone, error) {
	type stone struct {
		id string
		Tombstone
	}
	stones, err := collect(ctx, c.db, func(r row) (stone, error) {
		var s stone
		var at, destroyed int64
		err := r.Scan(&s.id, &s.Version, &at, &s.Who, &s.Reason, &s.Pages, &destroyed)
		s.At, s.DestroyedAt, s.Reason = asTime(at), asTime(destroyed), dossier.MaskText(s.Reason)
		return s, err
	}, `SELECT id, version, at, who, reason, pages, destroyed_at FROM tombstones WHERE code = ? ORDER BY at, id`, code)
	if err != nil {
		return nil, err
	}
	var all []Tombstone
	for _, s := range stones {
		s.Objects, err = collect(ctx, c.db, func(r row) (TombstoneObject, error) {
			var o TombstoneObject
			var retainedFor string
			if err := r.Scan(&o.Key, &o.SHA256, &o.Bytes, &o.Disposition, &retainedFor); err != nil {
				return o, err
			}
			var err error
			o.RetainedFor, err = fromListJSON(retainedFor)
			return o, err
		}, `SELECT key, sha256, bytes, disposition, retained_for FROM tombstone_objects WHERE tombstone_id = ? AND key NOT LIKE '%/' ORDER BY key`, s.id)
		if err != nil {
			return nil, err
		}
		all = append(all, s.Tombstone)
	}
	return all, nil
}

// ErasedSince tells since when an object is erased, whether it is destroyed yet or not; the zero time for one that is not.
func (c *Catalog) ErasedSince(ctx context.Context, key string) (time.Time, error) {
	var since int64
	below := path.Dir(key) + "/"
	err := c.db.queryRow(ctx, `SELECT coalesce(max(t.at), 0) FROM tombstone_objects o JOIN tombstones t ON t.id = o.tombstone_id
		WHERE o.key IN (?, ?) AND o.disposition <> 'retained'`, key, below).Scan(&since)
	if err != nil || since == 0 {
		return time.Time{}, wrapped(err, "find out whether %s was erased", key)
	}
	if strings.HasPrefix(key, "pages/") {
		key = below
	}
	retainedFor, err := holdersOf(ctx, c.db, key)
	if err != nil || len(retainedFor) > 0 {
		return time.Time{}, wrapped(err, "find out whether %s was erased", key)
	}
	return asTime(since), nil
}

func wrapped(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// OriginalDisposition tells what an erasure does or did to the original of a deposit; "" where none is about it, or one was about the
// deposit itself. One that is pending may be gone at any moment, one that is not may have been.
func (c *Catalog) OriginalDisposition(ctx context.Context, depositID, sha string) (Disposition, error) {
	var told, pending int
	err := c.db.queryRow(ctx, `SELECT count(*), coalesce(sum(CASE disposition WHEN 'pending' THEN 1 ELSE 0 END), 0) FROM tombstone_objects
		WHERE key = ? AND NOT EXISTS (SELECT 1 FROM deposits WHERE id = ? AND erased = 2)`, storage.OriginalKey(sha), depositID).Scan(&told, &pending)
	switch {
	case err != nil:
		return "", fmt.Errorf("find out whether original %s was erased: %w", sha, err)
	case pending > 0:
		return DispositionPending, nil
	case told > 0:
		return DispositionDestroyed, nil
	}
	return "", nil
}

// ToDestroy lists keys that an erasure has yet to destroy, limit at most and none where all is done. One that ends in a slash
// stands for all objects whose keys begin with it. What somebody else has by now is recorded as retained, and left out.
func (c *Catalog) ToDestroy(ctx context.Context, tombstone string, limit int) ([]string, error) {
	for {
		keys, err := collect(ctx, c.db, scanOne[string], `SELECT key FROM tombstone_objects WHERE tombstone_id = ? AND disposition = 'pending'
			ORDER BY key LIMIT ?`, tombstone, limit)
		if err != nil || len(keys) == 0 {
			return nil, wrapped(err, "list what %s destroys", tombstone)
		}
		kept := map[string][]string{}
		for _, key := range keys {
			if kept[key], err = holdersOf(ctx, c.db, key); err != nil {
				return nil, fmt.Errorf("find out who has %s: %w", key, err)
			}
		}
		if err := c.keepFor(ctx, tombstone, kept); err != nil {
			return nil, fmt.Errorf("record what is kept of %s: %w", tombstone, err)
		}
		keys = slices.DeleteFunc(keys, func(key string) bool { return len(kept[key]) > 0 })
		if len(keys) > 0 {
			return keys, nil
		}
	}
}

// keepFor records for whom objects are kept that no erasure may destroy.
func (c *Catalog) keepFor(ctx context.Context, tombstone string, kept map[string][]string) error {
	some := false
	for _, holders := range kept {
		some = some || len(holders) > 0
	}
	if !some {
		return nil
	}
	return c.db.write(ctx, func(t tx) error {
		for key, holders := range kept {
			if len(holders) == 0 {
				continue
			}
			list, err := listJSON(holders)
			if err != nil {
				return err
			}
			_, err = t.exec(ctx, `UPDATE tombstone_objects SET disposition = 'retained', retained_for = ? WHERE tombstone_id = ? AND key = ?`, list, tombstone, key)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// holdersOf lists who else has an original, or what lies under a page's prefix: codes of dossiers, and ids of deposits that are
// in none yet or were refused. A dossier's own files are nobody else's.
func holdersOf(ctx context.Context, c conn, key string) ([]string, error) {
	parts := strings.Split(key, "/")
	switch {
	case parts[0] == "originals" && len(parts) == 3:
		return depositHolders(ctx, c, `SELECT id, state FROM deposits WHERE sha256 = ? AND erased < 2 AND state <> 'duplicate'`, parts[2])
	case parts[0] == "pages" && len(parts) == 3:
		id, err := url.PathUnescape(parts[1])
		if err != nil {
			return nil, err
		}
		return depositHolders(ctx, c, `SELECT d.id, d.state FROM deposits d WHERE d.id IN (SELECT p.deposit_id FROM pages p
			WHERE (p.id = ? OR p.artifact_id = ? AND p.artifact_id <> '') AND p.state <> 'erased') AND d.state <> 'rejected'`, id, id)
	}
	return nil, nil
}

// depositHolders lists the dossiers that have the deposits of a query, and the deposits that are in none.
func depositHolders(ctx context.Context, c conn, query string, args ...any) ([]string, error) {
	type holder struct {
		id    string
		state dossier.State
	}
	deposits, err := collect(ctx, c, func(r row) (holder, error) {
		var h holder
		return h, r.Scan(&h.id, &h.state)
	}, query, args...)
	if err != nil {
		return nil, err
	}
	var holders []string
	for _, d := range deposits {
		codes, err := collect(ctx, c, scanOne[string], `SELECT code FROM dossier_deposits WHERE deposit_id = ?`, d.id)
		if err != nil {
			return nil, err
		}
		if d.state != dossier.StatePublished || len(codes) == 0 {
			codes = append(codes, d.id)
		}
		holders = append(holders, codes...)
	}
	slices.Sort(holders)
	return slices.Compact(holders), nil
}

// Unfold writes down the objects that begin with a pending prefix: from now on each is pending by itself, and told of.
func (c *Catalog) Unfold(ctx context.Context, tombstone, prefix string, objects []dossier.Object) error {
	err := c.db.write(ctx, func(t tx) error {
		for _, o := range objects {
			_, err := t.exec(ctx, `INSERT INTO tombstone_objects (tombstone_id, key, sha256, bytes, disposition) VALUES (?, ?, ?, ?, 'pending')
				ON CONFLICT DO NOTHING`, tombstone, o.Key, o.SHA256, o.Bytes)
			if err != nil {
				return err
			}
		}
		_, err := t.exec(ctx, `UPDATE tombstone_objects SET disposition = 'destroyed' WHERE tombstone_id = ? AND key = ?`, tombstone, prefix)
		return err
	})
	return wrapped(err, "record the objects of %s", prefix)
}

// Destroyed records that nothing is left under keys; also on the tombstones that said until now that somebody has it.
func (c *Catalog) Destroyed(ctx context.Context, tombstone string, keys []string) error {
	err := c.db.write(ctx, func(t tx) error {
		for _, key := range keys {
			_, err := t.exec(ctx, `UPDATE tombstone_objects SET disposition = 'destroyed', retained_for = ''
				WHERE key = ? AND (disposition = 'retained' OR (disposition = 'pending' AND tombstone_id = ?))`, key, tombstone)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return wrapped(err, "record what %s destroyed", tombstone)
}

// ErasureDone records that an erasure has destroyed all that it takes.
func (c *Catalog) ErasureDone(ctx context.Context, tombstone string) error {
	err := c.db.write(ctx, func(t tx) error {
		var left int
		err := t.queryRow(ctx, `SELECT count(*) FROM tombstone_objects WHERE tombstone_id = ? AND disposition = 'pending'`, tombstone).Scan(&left)
		if err == nil && left > 0 {
			err = fmt.Errorf("%d objects are yet to be destroyed", left)
		}
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `UPDATE tombstones SET destroyed_at = ? WHERE id = ? AND destroyed_at = 0`, asMicros(time.Now()), tombstone)
		return err
	})
	return wrapped(err, "finish %s", tombstone)
}
