package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// ErrKeyReused says that another decision was taken under a key.
var ErrKeyReused = errors.New("the key was used for another decision")

// keyed is the id of a decision that is taken under a key of somebody's, "" for one without a key.
func (d *Decision) keyed(who string) string {
	if d.Key == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(who + "\x00" + d.Key))
	return "dec_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]))[:26]
}

// takenBefore returns what a decision under its key came to when it was taken, nil where it was not. It returns ErrKeyReused where
// another one was.
func (c *Catalog) takenBefore(ctx context.Context, code string, d Decision, who string) (*Decided, error) {
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

// decideOnce is Decide for a caller that may not have heard the answer to the same decision.
func (c *Catalog) decideOnce(ctx context.Context, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	before, err := c.takenBefore(ctx, code, d, who.Name)
	if err != nil || before != nil {
		if before != nil {
			return *before, sees(ctx, c.db, who.Scope, code)
		}
		return Decided{}, err
	}
	if d.Do == DoCorrect {
		if err := sees(ctx, c.db, who.Scope, code); err != nil {
			return Decided{}, err
		}
		if err := c.correction(ctx, code, number, &d, who.Name); err != nil {
			return Decided{}, err
		}
	}
	var decided Decided
	err = c.db.write(ctx, func(t tx) (err error) {
		decided, err = c.decideAs(ctx, t, code, number, d, who)
		return err
	})
	return decided, err
}
