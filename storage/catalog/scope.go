package catalog

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// ErrForbidden says that who asks sees the record, and has not the right to what is asked.
var ErrForbidden = errors.New("another right is needed")

// Everything is the scope of what dossierd does by itself.
func Everything() dossier.Scope { return dossier.Scope{All: true} }

// within is the condition on a row's department and station by which a query is narrowed to a scope. alias is that of the table.
func within(s dossier.Scope, alias string) (condition string, args []any) {
	if s.All {
		return `1 = 1`, nil
	}
	var any []string
	for _, list := range []struct {
		column string
		names  []string
	}{{"department", s.Departments}, {"station", s.Stations}} {
		if len(list.names) == 0 {
			continue
		}
		any = append(any, alias+"."+list.column+` IN (?`+strings.Repeat(`, ?`, len(list.names)-1)+`)`)
		for _, name := range list.names {
			args = append(args, name)
		}
	}
	if len(any) == 0 {
		return `1 = 0`, nil
	}
	return `(` + strings.Join(any, ` OR `) + `)`, args
}

// sees returns ErrNotFound for a dossier that is not there, or not in the scope: nobody learns which.
func sees(ctx context.Context, c conn, s dossier.Scope, code string) error {
	in, args := within(s, "s")
	var n int
	err := c.queryRow(ctx, `SELECT count(*) FROM dossiers s WHERE s.code = ? AND `+in, append([]any{code}, args...)...).Scan(&n)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	return wrapped(err, "read dossier %s", code)
}

// numbered are the codes that stations are allotted: name, day, number.
var numbered = regexp.MustCompile(`^([a-z0-9-]{1,32})-[0-9]{8}-[0-9]{4,}$`)

// mayName reports whether somebody of a scope may give a dossier of a station a code that none has. Another station's number waits for that
// one: slips with it are printed before there is a dossier, and whoever had taken it would be given the papers.
func mayName(ctx context.Context, t conn, s dossier.Scope, station, code string) (bool, error) {
	of := numbered.FindStringSubmatch(code)
	if s.All || of == nil || of[1] == station {
		return true, nil
	}
	var department string
	err := t.queryRow(ctx, `SELECT coalesce(max(department), '') FROM folders WHERE station = ?`, of[1]).Scan(&department)
	return s.Sees(department, of[1]), err
}

// Sees returns ErrNotFound for an object of nobody in the scope. An original belongs to the deposits that have its bytes, a page to its
// deposit and to the dossiers that hold it, a dossier's file to the dossier. Who sees all dossiers that an original has pages in sees the
// original. A scope of everything sees what no row tells of, too.
func (c *Catalog) Sees(ctx context.Context, s dossier.Scope, key string) error {
	if s.All {
		return nil
	}
	seen, err := c.seesObject(ctx, s, strings.Split(key, "/"))
	if err == nil && !seen {
		err = ErrNotFound
	}
	return wrapped(err, "find out whose %s is", key)
}

func (c *Catalog) seesObject(ctx context.Context, s dossier.Scope, key []string) (bool, error) {
	switch {
	case key[0] == "originals" && len(key) == 3:
		seen, err := c.seesDeposit(ctx, s, `d.sha256 = ?`, key[2])
		if seen || err != nil {
			return seen, err
		}
		return c.seesAllOf(ctx, s, key[2])
	case key[0] == "pages" && len(key) == 3:
		id, err := url.PathUnescape(key[1])
		if err != nil {
			return false, nil //nolint:nilerr // no key of ours
		}
		return c.seesPage(ctx, s, id)
	case key[0] == "dossiers" && len(key) == 6:
		code, err := url.PathUnescape(key[3])
		if err != nil {
			return false, nil //nolint:nilerr // no key of ours
		}
		err = sees(ctx, c.db, s, code)
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	return false, nil
}

func (c *Catalog) seesDeposit(ctx context.Context, s dossier.Scope, which string, args ...any) (bool, error) {
	in, more := within(s, "d")
	var n int
	err := c.db.queryRow(ctx, `SELECT count(*) FROM deposits d WHERE (`+which+`) AND `+in, append(args, more...)...).Scan(&n)
	return n > 0, err
}

// seesAllOf reports whether all dossiers that have pages of an original are in the scope, and one is.
func (c *Catalog) seesAllOf(ctx context.Context, s dossier.Scope, sha string) (bool, error) {
	in, args := within(s, "s")
	var all, seen int
	err := c.db.queryRow(ctx, `SELECT count(*), coalesce(sum(CASE WHEN `+in+` THEN 1 ELSE 0 END), 0) FROM deposits d
		JOIN dossier_deposits h ON h.deposit_id = d.id JOIN dossiers s ON s.code = h.code WHERE d.sha256 = ?`, append(args, sha)...).Scan(&all, &seen)
	return all > 0 && all == seen, err
}

// seesPage looks at a page, or all pages that have its artifacts.
func (c *Catalog) seesPage(ctx context.Context, s dossier.Scope, id string) (bool, error) {
	const alike = `SELECT p.deposit_id FROM pages p WHERE p.id = ? OR p.artifact_id = ? AND p.artifact_id <> ''`
	seen, err := c.seesDeposit(ctx, s, `d.id IN (`+alike+`)`, id, id)
	if seen || err != nil {
		return seen, err
	}
	ids, err := collect(ctx, c.db, scanOne[string], `SELECT p.id FROM pages p WHERE p.id = ? OR p.artifact_id = ? AND p.artifact_id <> ''`, id, id)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	in, args := within(s, "s")
	dossiers, err := collect(ctx, c.db, scanDossier, `SELECT DISTINCT `+dossierColumns+` FROM dossiers s WHERE s.version > 0 AND `+in+`
		AND s.code IN (SELECT h.code FROM dossier_deposits h WHERE h.deposit_id IN (`+alike+`))`, append(args, id, id)...)
	if err != nil {
		return false, err
	}
	for _, d := range dossiers {
		plan, err := planOf(ctx, c.db, d.Code, d.Version)
		if err != nil {
			return false, fmt.Errorf("read dossier %s: %w", d.Code, err)
		}
		if slices.ContainsFunc(plan.All(), func(page string) bool { return slices.Contains(ids, page) }) {
			return true, nil
		}
	}
	return false, nil
}
