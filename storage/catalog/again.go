package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// ErrKeyReused says that something else was done under a key.
var ErrKeyReused = errors.New("the key was used for something else")

// keyedID is the id of what somebody does under a key. A token may have the name of a user.
func keyedID(prefix string, who dossier.Principal, key string) string {
	sum := sha256.Sum256([]byte(string(who.Kind) + "\x00" + who.Name + "\x00" + key))
	return prefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))[:26]
}

// keyed is the id of a decision that is taken under a key of somebody's, "" for one without a key.
func (d *Decision) keyed(who dossier.Principal) string {
	if d.Key == "" {
		return ""
	}
	return keyedID("dec_", who, d.Key)
}

// takenBefore returns what a decision under its key came to when it was taken, nil where it was not. It returns ErrKeyReused where
// another one was.
func (c *Catalog) takenBefore(ctx context.Context, code string, d Decision, who dossier.Principal) (*Decided, error) {
	id := d.keyed(who)
	if id == "" {
		return nil, nil
	}
	var of, said string
	err := noRow(c.db.queryRow(ctx, `SELECT code, decision FROM revisions WHERE id = ?`, id).Scan(&of, &said))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read decision %s: %w", id, err)
	}
	versions, err := collect(ctx, c.db, func(r row) (VersionKey, error) {
		var v VersionKey
		return v, r.Scan(&v.Code, &v.Number)
	}, `SELECT code, number FROM versions WHERE revision_id = ? ORDER BY ordinal`, id)
	if err != nil {
		return nil, fmt.Errorf("read decision %s: %w", id, err)
	}
	same := of == code
	if same && d.Do == DoCorrect && len(versions) == 1 {
		d.Value, same, err = recorded(ctx, c.db, versions[0], d.Value)
	}
	if err != nil {
		return nil, fmt.Errorf("read decision %s: %w", id, err)
	}
	now, err := asJSON(&d)
	if err != nil {
		return nil, err
	}
	if !same || now != said {
		return nil, ErrKeyReused
	}
	return &Decided{ID: id, Versions: append([]VersionKey{}, versions...)}, nil
}

// recorded is what the record has for a value by which a field was corrected, and whether that is the one which made the version.
func recorded(ctx context.Context, t conn, v VersionKey, value string) (string, bool, error) {
	plan, err := planOf(ctx, t, v.Code, v.Number)
	if err != nil || len(plan.Corrections) == 0 {
		return "", false, err
	}
	made := plan.Corrections[len(plan.Corrections)-1].Field
	return made.Shown().Value, made.Raw == value, nil
}

// decideOnce is Decide for a caller that may not have heard the answer to the same decision, or sends it twice at once.
func (c *Catalog) decideOnce(ctx context.Context, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	before, err := c.takenBefore(ctx, code, d, who)
	if err != nil {
		return Decided{}, err
	}
	if before == nil {
		decided, err := c.decideNow(ctx, code, number, d, who)
		if err == nil {
			return decided, nil
		}
		var failed error
		if before, failed = c.takenBefore(ctx, code, d, who); failed != nil || before == nil {
			return decided, err
		}
	}
	return *before, sees(ctx, c.db, who.Scope, code)
}

func (c *Catalog) decideNow(ctx context.Context, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	if d.Do == DoCorrect {
		if err := sees(ctx, c.db, who.Scope, code); err != nil {
			return Decided{}, err
		}
		if err := c.correction(ctx, code, number, &d, who.Name); err != nil {
			return Decided{}, err
		}
	}
	var decided Decided
	err := c.db.write(ctx, func(t tx) (err error) {
		decided, err = c.decideAs(ctx, t, code, number, d, who)
		return err
	})
	return decided, err
}

// replayed is what the audit log is told of a replay. It is the record of what was done under a key.
type replayed struct {
	IDs []string `json:"replay"`
	N   int      `json:"replayed"`
}

// ReplayOnce is Replay for a caller that may not have heard the answer to the same request: under a key, "" for none, it is done once,
// and answered alike when it comes again. The audit log is told in the same transaction. It returns ErrKeyReused where other deliveries
// were replayed under the key.
func (c *Catalog) ReplayOnce(ctx context.Context, who dossier.Principal, key string, ids []string) (n int, err error) {
	entry := Entry{Action: ActionMend, Subject: "deliveries"}
	if key != "" {
		entry.Subject += "/" + keyedID("", who, key)
	}
	err = c.db.write(ctx, func(t tx) error {
		for in, args := range inLists(ids) { // a request that is sent twice at once waits for itself here
			if _, err := collect(ctx, t, scanOne[string], `SELECT id FROM deliveries WHERE id `+in+` ORDER BY id FOR UPDATE`, args...); err != nil {
				return err
			}
		}
		if key != "" {
			before, err := replayedBefore(ctx, t, entry.Subject)
			if err != nil {
				return err
			}
			if before != nil {
				if n = before.N; !slices.Equal(before.IDs, ids) {
					return ErrKeyReused
				}
				return nil
			}
		}
		if n, err = replayAll(ctx, t, who.Scope, ids); err != nil {
			return err
		}
		entry.Details = replayed{ids, n}
		return appendAudit(ctx, t, who, entry)
	})
	if err != nil {
		return 0, fmt.Errorf("replay deliveries: %w", err)
	}
	return n, nil
}

// replayedBefore is what was replayed under a key, nil where nothing was.
func replayedBefore(ctx context.Context, t conn, subject string) (*replayed, error) {
	var details string
	err := noRow(t.queryRow(ctx, `SELECT details FROM audit WHERE `+ofSubject+` AND action = ?`, subject, ActionMend).Scan(&details))
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return fromJSON[replayed](details)
}
