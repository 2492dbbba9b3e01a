package catalog

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// Gap is a place in a version where a page is missing.
type Gap struct {
	Page    string          // id of the page after it, or of the last one of its paper
	Verdict dossier.Verdict // on that page of its deposit
}

// notLookedAt is the look at a page of which a verdict is known before it is looked at, or instead.
const notLookedAt = "it was not looked at before it was read"

// tellGaps adds the verdicts on gaps to the looks at their pages, and takes back those of earlier versions that are none any more.
// It returns what is new, by deposit.
func tellGaps(ctx context.Context, t tx, versions []PublishedVersion) (map[string][]dossier.Verdict, error) {
	var gaps []Gap
	for _, v := range versions {
		gaps = append(gaps, v.Gaps...)
		if v.Number > 1 {
			if err := closeGaps(ctx, t, v); err != nil {
				return nil, fmt.Errorf("%s version %d: %w", v.Code, v.Number, err)
			}
		}
	}
	told := map[string][]dossier.Verdict{}
	slices.SortFunc(gaps, func(a, b Gap) int { return cmp.Compare(a.Page, b.Page) })
	for _, g := range slices.Compact(gaps) {
		deposit := depositOfPage(g.Page)
		empty, err := asJSON(&dossier.Look{Page: g.Verdict.Page, Pages: g.Verdict.Page, Skipped: notLookedAt})
		if err != nil {
			return nil, err
		}
		_, err = t.exec(ctx, `INSERT INTO looks (page_id, deposit_id, number, look, thumb) VALUES (?, ?, ?, ?, 0) ON CONFLICT (page_id) DO NOTHING`,
			g.Page, deposit, g.Verdict.Page, empty)
		if err != nil {
			return nil, err
		}
		isNew, err := setGap(ctx, t, g.Page, true)
		if err != nil {
			return nil, err
		}
		if isNew {
			told[deposit] = append(told[deposit], g.Verdict)
		}
	}
	return told, nil
}

// closeGaps takes the verdict from the pages of a version that have a gap beside them no more.
func closeGaps(ctx context.Context, t tx, v PublishedVersion) error {
	plan, err := planOf(ctx, t, v.Code, v.Number)
	if err != nil {
		return err
	}
	pages := map[string]bool{}
	for _, id := range plan.All() {
		pages[id] = true
	}
	for _, g := range v.Gaps {
		delete(pages, g.Page)
	}
	for _, deposit := range slices.Sorted(slices.Values(plan.deposits())) {
		told, err := collect(ctx, t, scanOne[string], `SELECT page_id FROM looks WHERE deposit_id = ? AND look LIKE '%"page_gap"%' ORDER BY page_id`, deposit)
		if err != nil {
			return err
		}
		for _, id := range told {
			if pages[id] {
				if _, err := setGap(ctx, t, id, false); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// setGap adds the verdict to the look at a page, or takes it away, and reports whether that changed it.
func setGap(ctx context.Context, t tx, pageID string, is bool) (changed bool, err error) {
	var text string
	if err := t.queryRow(ctx, `SELECT look FROM looks WHERE page_id = ? FOR UPDATE`, pageID).Scan(&text); err != nil {
		return false, fmt.Errorf("read the look at page %s: %w", pageID, err)
	}
	look, err := fromJSON[dossier.Look](text)
	if err != nil || slices.Contains(look.Verdicts, dossier.VerdictPageGap) == is {
		return false, err
	}
	if is {
		look.Verdicts = append(look.Verdicts, dossier.VerdictPageGap)
		slices.Sort(look.Verdicts)
	} else {
		look.Verdicts = slices.DeleteFunc(look.Verdicts, func(c dossier.VerdictCode) bool { return c == dossier.VerdictPageGap })
	}
	if text, err = asJSON(look); err != nil {
		return false, err
	}
	if _, err := t.exec(ctx, `UPDATE looks SET look = ? WHERE page_id = ?`, text, pageID); err != nil {
		return false, err
	}
	_, err = t.exec(ctx, `UPDATE deposits SET receipt = receipt + 1 WHERE id = ?`, depositOfPage(pageID))
	return true, err
}

// hasGap reports whether the verdict stands on a page.
func hasGap(ctx context.Context, t tx, depositID string, page int) (bool, error) {
	told, err := collect(ctx, t, scanOne[string], `SELECT page_id FROM looks WHERE deposit_id = ? AND number = ? AND look LIKE '%"page_gap"%'`,
		depositID, page)
	return len(told) > 0, err
}

// adviseRescans commits an event for each deposit of which something is told.
func (c *Catalog) adviseRescans(ctx context.Context, t tx, told map[string][]dossier.Verdict) error {
	for _, id := range slices.Sorted(maps.Keys(told)) {
		d, err := deposit(ctx, t, id)
		if err != nil {
			return err
		}
		facts := factsOfDeposit(d)
		facts.Verdicts = told[id]
		if err := c.commitEvent(ctx, t, id, dossier.Event{Type: dossier.EventRescanAdvised, Data: dossier.EventData{Deposit: facts}}); err != nil {
			return err
		}
	}
	return nil
}
