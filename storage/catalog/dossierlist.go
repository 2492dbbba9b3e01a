package catalog

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// DossierFilter chooses dossiers; the zero value of a field but Scope chooses all.
type DossierFilter struct {
	Scope      dossier.Scope // of who asks
	Department string
	Station    string
	Procedure  string
	State      DossierState // "": all but withdrawn and erased ones
	From, To   time.Time    // received from From on and before To
	Limit      int          // 0: 100
	Before     string       // code of the last dossier of the former page
}

// Dossiers lists dossiers, the last received first. It returns ErrCursor where Before is no dossier of the scope. What a clerk
// wrote of them is masked.
func (c *Catalog) Dossiers(ctx context.Context, f DossierFilter) ([]Dossier, error) {
	var q conditions
	q.within(f.Scope, "s")
	q.equal("department", f.Department)
	q.equal("station", f.Station)
	q.equal("procedure", f.Procedure)
	q.equal("state", string(f.State))
	if f.State == "" {
		q.add(`state NOT IN ('withdrawn', 'erased')`)
	}
	q.received("received_at", f.From, f.To)
	if f.Before != "" {
		at, err := c.cursor(ctx, `SELECT r.received_at FROM dossiers r WHERE r.code = ?`, f.Before, f.Scope)
		if err != nil {
			return nil, fmt.Errorf("list dossiers before %q: %w", f.Before, err)
		}
		q.add(`(received_at, code) < (?, ?)`, at, f.Before)
	}
	all, err := collect(ctx, c.db, scanDossier, `SELECT `+dossierColumns+` FROM dossiers s `+q.where()+
		` ORDER BY received_at DESC, code DESC LIMIT ?`, append(q.args, orPageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("list dossiers: %w", err)
	}
	for i := range all {
		all[i].Place, all[i].Reason = dossier.MaskText(all[i].Place), dossier.MaskText(all[i].Reason)
	}
	return all, nil
}

// seen reads a dossier that a scope sees; ErrNotFound where there is none, or one that it does not see.
func (c *Catalog) seen(ctx context.Context, s dossier.Scope, code string) (Dossier, error) {
	d, err := c.Dossier(ctx, code)
	if err == nil && !s.Sees(d.Department, d.Station) {
		return Dossier{}, fmt.Errorf("read dossier %s: %w", code, ErrNotFound)
	}
	return d, err
}

// InScope keeps of the codes of dossiers those that a scope sees, in their order.
func (c *Catalog) InScope(ctx context.Context, s dossier.Scope, codes []string) ([]string, error) {
	if s.All {
		return codes, nil
	}
	condition, scope := within(s, "s")
	seen := map[string]bool{}
	for in, args := range inLists(codes) {
		some, err := collect(ctx, c.db, scanOne[string], `SELECT s.code FROM dossiers s WHERE s.code `+in+` AND `+condition, append(args, scope...)...)
		if err != nil {
			return nil, fmt.Errorf("find out which dossiers are seen: %w", err)
		}
		for _, code := range some {
			seen[code] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return !seen[code] }), nil
}

// Versions lists the versions of a dossier that a scope sees, the first one first; those that were given up are left out.
func (c *Catalog) Versions(ctx context.Context, s dossier.Scope, code string) ([]VersionInfo, error) {
	if _, err := c.seen(ctx, s, code); err != nil {
		return nil, err
	}
	return c.versions(ctx, code)
}

// VersionFacts is what was told when a version was published.
type VersionFacts struct {
	VersionInfo
	Dossier Dossier
	Facts   *dossier.DossierFacts
	Objects map[string]dossier.Object
}

// VersionFacts reads a published version of a dossier that a scope sees. It returns ErrNotFound where there is none, and an
// *Erased.
func (c *Catalog) VersionFacts(ctx context.Context, s dossier.Scope, code string, number int) (p VersionFacts, err error) {
	if p.Dossier, err = c.seen(ctx, s, code); err != nil {
		return p, err
	}
	versions, err := c.versions(ctx, code)
	if err != nil {
		return p, err
	}
	for _, v := range versions {
		if v.Number == number {
			p.VersionInfo = v
		}
	}
	switch {
	case p.Erased:
		return p, erasedError(ctx, c.db, code)
	case p.PublishedAt.IsZero():
		return p, fmt.Errorf("read version %d of %s: %w", number, code, ErrNotFound)
	}
	events, err := collect(ctx, c.db, scanOne[string], `SELECT body FROM events WHERE subject = ? AND type = ? ORDER BY sequence`,
		code, dossier.EventDossierPublished)
	if err != nil {
		return p, fmt.Errorf("read version %d of %s: %w", number, code, err)
	}
	for _, body := range events {
		e, err := fromJSON[dossier.Event](body)
		if err != nil {
			return p, err
		}
		if e.Data.Dossier != nil && e.Data.Dossier.Version == number {
			p.Facts, p.Objects = e.Data.Dossier, e.Data.Objects
		}
	}
	if p.Facts == nil {
		return p, fmt.Errorf("read version %d of %s: %w", number, code, ErrNotFound)
	}
	return p, nil
}
