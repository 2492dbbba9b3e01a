package catalog

import (
	"cmp"
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// LeftReplaced is the reason of a page that stands in a dossier no longer because a later scan does.
const LeftReplaced = "replaced"

// Replacement puts pages of a batch in the place of one that is in a dossier already.
type Replacement struct {
	Page    string    // id of the page that is replaced
	By      []string  // ids of the pages in its place, at least one
	LeftOut []LeftOut // what else came with them; Before counts the pages of By
}

// Replaced is a page that gave way to a later scan, for the record.
type Replaced struct {
	Dossier string   `json:"dossier"`
	Page    int      `json:"page"` // of the rendition, where the first page stands that takes its place
	Was     string   `json:"was"`  // id of the page that was replaced
	By      []string `json:"by"`   // ids of the pages in its place
}

// standsIn lists the pages of the rendition that stand for a page: itself, or those that replaced it, or these in turn.
func (p *Plan) standsIn(id string) []string {
	rendition := p.rendition()
	chain := []string{id}
	var ids []string
	for i := 0; i < len(chain); i++ {
		if slices.Contains(rendition, chain[i]) {
			ids = append(ids, chain[i])
		} else if left := p.leftOut(chain[i]); left >= 0 {
			for _, by := range p.LeftOut[left].By {
				if !slices.Contains(chain, by) {
					chain = append(chain, by)
				}
			}
		}
	}
	return ids
}

// replacedBy lists what these pages alone stand for: it goes where they go.
func (p *Plan) replacedBy(ids []string) []LeftOut {
	var all []LeftOut
	for _, l := range p.LeftOut {
		now := p.standsIn(l.Page)
		if len(now) > 0 && !slices.ContainsFunc(now, func(id string) bool { return !slices.Contains(ids, id) }) {
			all = append(all, l)
		}
	}
	return all
}

// leaveOut adds what was replaced by pages of the plan, at their places.
func (p *Plan) leaveOut(replaced []LeftOut) {
	p.LeftOut = append(p.LeftOut, replaced...)
	for _, l := range replaced {
		p.LeftOut[p.leftOut(l.Page)].Before = slices.Index(p.rendition(), p.standsIn(l.Page)[0]) + 1
	}
	slices.SortStableFunc(p.LeftOut, byPlace)
}

// First names the page in whose place one stands, or in whose place that one stood, and so on; itself for one that replaced none.
func (p *Plan) First(id string) string {
	for range p.LeftOut {
		if i := slices.IndexFunc(p.LeftOut, func(l LeftOut) bool { return slices.Contains(l.By, id) }); i >= 0 {
			id = p.LeftOut[i].Page
		}
	}
	return id
}

func (p *Plan) leftOut(id string) int {
	return slices.IndexFunc(p.LeftOut, func(l LeftOut) bool { return l.Page == id })
}

// has reports whether a page of a plan, or one that stands for it, can be replaced.
func (p *Plan) has(id string) bool { return len(p.standsIn(id)) > 0 || p.leftOut(id) >= 0 }

// replace puts pages in the place of one: into its document, where a cut before it stays. Of several that stand for it already the
// first one's place is taken, and all of them go. A page that was left out is given its place back. It is false where the
// plan has no such page.
func (p *Plan) replace(r Replacement) (Plan, bool) {
	next := p.clone()
	going := p.standsIn(r.Page)
	at := next.leftOut(r.Page)
	switch {
	case len(going) > 0:
		next.exchange(going, r.By)
	case at >= 0:
		next.giveBack(at, r.By)
	default:
		return next, false
	}
	doc, within := next.placeOf(r.By[0])
	first := within + 1
	for _, d := range next.Documents[:doc] {
		first += len(d.Pages)
	}
	for _, l := range r.LeftOut {
		l.Before += first - 1
		next.LeftOut = append(next.LeftOut, l)
	}
	slices.SortStableFunc(next.LeftOut, byPlace)
	return next, true
}

// placeOf tells in which document a page lies, and where in it, both from 0.
func (p *Plan) placeOf(id string) (doc, at int) {
	for doc, d := range p.Documents {
		if at := slices.Index(d.Pages, id); at >= 0 {
			return doc, at
		}
	}
	return -1, -1
}

// exchange puts pages in the place of the first of those that go, and leaves these out.
func (p *Plan) exchange(going, by []string) {
	ids := p.rendition()
	slices.SortFunc(going, func(a, b string) int { return slices.Index(ids, a) - slices.Index(ids, b) })
	first := slices.Index(ids, going[0]) + 1
	moved := func(page int) int { // where what is before a page is now
		if page <= first {
			return page
		}
		n := page + len(by)
		for _, id := range going {
			if slices.Index(ids, id)+1 < page {
				n--
			}
		}
		return n
	}
	for i := range p.LeftOut {
		p.LeftOut[i].Before = moved(p.LeftOut[i].Before)
	}
	for i := range p.Cuts {
		p.Cuts[i].Page = moved(p.Cuts[i].Page)
	}
	doc, at := p.placeOf(going[0])
	p.Documents[doc].Pages = slices.Insert(p.Documents[doc].Pages, at, by...)
	for i := range p.Documents {
		d := &p.Documents[i]
		d.Pages = slices.DeleteFunc(d.Pages, func(id string) bool { return slices.Contains(going, id) })
	}
	p.Documents = slices.DeleteFunc(p.Documents, func(d PlanDocument) bool { return len(d.Pages) == 0 })
	p.Cuts = slices.CompactFunc(p.Cuts, func(a, b dossier.Cut) bool { return a.Page == b.Page && a.Level == b.Level })
	for _, id := range going {
		p.LeftOut = append(p.LeftOut, LeftOut{Page: id, Reason: LeftReplaced, Before: moved(slices.Index(ids, id) + 1), By: by})
	}
}

// giveBack puts pages where one was left out, into the document of the page before it.
func (p *Plan) giveBack(left int, by []string) {
	before, n := p.LeftOut[left].Before, len(by)
	for i := range p.LeftOut {
		if l := &p.LeftOut[i]; l.Before > before || l.Before == before && i > left {
			l.Before += n
		}
	}
	doc, at := 0, 0
	if before > 1 {
		doc, at = p.find(before - 1)
		at++
	}
	for i := range p.Cuts {
		if c := &p.Cuts[i]; c.Page > before || c.Page == before && before > 1 {
			c.Page += n
		}
	}
	p.LeftOut[left].Reason, p.LeftOut[left].By = LeftReplaced, by
	p.Documents[doc].Pages = slices.Insert(p.Documents[doc].Pages, at, by...)
}

// replacedSince lists the pages that are left out as replaced by others than before.
func (p *Plan) replacedSince(code string, before Plan) []Replaced {
	var all []Replaced
	ids := p.rendition()
	for _, l := range p.LeftOut {
		if l.Reason != LeftReplaced {
			continue
		}
		if i := before.leftOut(l.Page); i >= 0 && slices.Equal(before.LeftOut[i].By, l.By) {
			continue
		}
		page := slices.IndexFunc(ids, func(id string) bool { return slices.Contains(l.By, id) }) + 1
		all = append(all, Replaced{Dossier: code, Page: cmp.Or(page, l.Before), Was: l.Page, By: l.By})
	}
	return all
}

// LeaveOutAt adds a page to what a part leaves out, beside another page of it. It is false where the part has no such page.
func (p *Part) LeaveOutAt(beside string, l LeftOut) bool {
	before := slices.Index(p.Plan.rendition(), beside) + 1
	if i := p.Plan.leftOut(beside); i >= 0 {
		before = p.Plan.LeftOut[i].Before
	}
	if before > 0 {
		l.Before = before
		p.Plan.LeftOut = append(p.Plan.LeftOut, l)
		slices.SortStableFunc(p.Plan.LeftOut, byPlace)
		return true
	}
	for i := range p.Replaces {
		r := &p.Replaces[i]
		l.Before = slices.Index(r.By, beside) + 1
		if at := slices.IndexFunc(r.LeftOut, func(l LeftOut) bool { return l.Page == beside }); at >= 0 {
			l.Before = r.LeftOut[at].Before
		}
		if l.Before > 0 {
			r.LeftOut = append(r.LeftOut, l)
			return true
		}
	}
	return false
}

func byPlace(a, b LeftOut) int { return cmp.Compare(a.Before, b.Before) }
