package catalog

import (
	"slices"

	"github.com/dossierd/dossierd/dossier"
)

// apply says what a decision makes of a dossier and of the other one that it names, which is nil where that is new. Every page of
// both is in the outcome, once.
func (d *Decision) apply(code string, plan Plan, other *Plan) (outcome, error) {
	if d.Do == DoCorrect {
		var o outcome
		o.set(code, plan.corrected(*d.made))
		return o, nil
	}
	o, err := d.rearrange(code, plan, other)
	if err != nil {
		return o, err
	}
	corrections := plan.Corrections
	if other != nil {
		corrections = slices.Concat(corrections, other.Corrections)
	}
	o.keepCorrections(corrections)
	return o, nil
}

func (d *Decision) rearrange(code string, plan Plan, other *Plan) (outcome, error) {
	var o outcome
	switch d.Do {
	case DoCut:
		return d.cut(code, plan, other)
	case DoJoin:
		return d.join(code, plan, other)
	case DoMove:
		return d.move(code, plan, other)
	case DoArrange:
		next, err := arranged(plan, d.Documents)
		o.set(code, next)
		return o, err
	case DoRestore:
		next, err := restored(plan, d.LeftOut)
		o.set(code, next)
		return o, err
	case DoReassign:
		if d.To == "" || d.To == code {
			return o, misfit("Say in \"to\" which code the dossier is to have.")
		}
		if other != nil {
			return o, misfit("Dossier %s is there already: join this one to it.", d.To)
		}
		o.set(d.To, plan)
		o.set(code, Plan{})
		return o, nil
	case DoWithdraw:
		if d.Reason == "" {
			return o, misfit("Say in \"reason\" why the dossier is withdrawn.")
		}
		o.set(code, Plan{})
		return o, nil
	}
	return o, misfit("%q is nothing that can be decided.", d.Do)
}

// person is the reason of a cut that somebody decided.
func person() []dossier.Evidence { return []dossier.Evidence{{Code: "person", Weight: 10}} }

func (d *Decision) cut(code string, plan Plan, other *Plan) (o outcome, err error) {
	if d.Page < 2 || d.Page > plan.Pages() {
		return o, misfit("A cut lies before one of the pages 2 to %d.", plan.Pages())
	}
	if d.Level != dossier.CutDossier {
		doc, at := plan.find(d.Page)
		if at == 0 {
			return o, misfit("A document begins at page %d already.", d.Page)
		}
		o.set(code, plan.splitAt(doc, at).withCut(d.Page))
		return o, nil
	}
	if other != nil {
		return o, misfit("Dossier %s is there already: move the pages to it.", d.To)
	}
	head, tail := plan.parted(d.Page)
	o.set(code, head)
	o.set(d.To, tail)
	return o, nil
}

func (d *Decision) join(code string, plan Plan, other *Plan) (o outcome, err error) {
	if d.To != "" {
		if other == nil {
			return o, misfit("There is no other dossier %s.", d.To)
		}
		next := plan.clone()
		next.Append(*other)
		o.set(code, next)
		o.set(d.To, Plan{})
		return o, nil
	}
	doc, at := plan.find(d.Page)
	if doc <= 0 || at != 0 {
		return o, misfit("No document but the first begins at page %d.", d.Page)
	}
	next := plan.clone()
	next.Documents[doc-1].Pages = append(next.Documents[doc-1].Pages, next.Documents[doc].Pages...)
	next.Documents = slices.Delete(next.Documents, doc, doc+1)
	next.Cuts = slices.DeleteFunc(next.Cuts, func(c dossier.Cut) bool { return c.Page == d.Page && c.Level == dossier.CutDocument })
	o.set(code, next)
	return o, nil
}

func (d *Decision) move(code string, plan Plan, other *Plan) (o outcome, err error) {
	going, err := plan.pick(d.Pages)
	if err != nil {
		return o, err
	}
	replaced := plan.replacedBy(going)
	rest := plan.without(going)
	into := &rest
	to := code
	if d.To != "" && d.To != code {
		into, to = &Plan{}, d.To
		if other != nil {
			next := other.clone()
			into = &next
		}
	}
	before := d.Before
	if to == code && before > 0 { // counted before the pages were taken out
		if slices.Contains(d.Pages, before) {
			return o, misfit("Page %d is one of those that are moved.", before)
		}
		for _, p := range d.Pages {
			if p < d.Before {
				before--
			}
		}
	}
	if err := into.insert(going, before); err != nil {
		return o, err
	}
	into.leaveOut(replaced)
	o.set(code, rest)
	o.set(to, *into)
	return o, nil
}

func arranged(plan Plan, documents [][]int) (Plan, error) {
	var all []int
	next := plan.clone()
	ids := plan.rendition()
	next.Documents, next.Cuts = nil, nil
	for _, pages := range documents {
		var doc PlanDocument
		for _, p := range pages {
			if p < 1 || p > len(ids) {
				return next, misfit("There is no page %d.", p)
			}
			doc.Pages = append(doc.Pages, ids[p-1])
		}
		if len(pages) == 0 {
			return next, misfit("A document needs a page.")
		}
		if i := slices.IndexFunc(plan.Documents, func(former PlanDocument) bool { return former.Pages[0] == doc.Pages[0] }); i >= 0 {
			doc.Kind = plan.Documents[i].Kind
		}
		next.Documents = append(next.Documents, doc)
		all = append(all, pages...)
	}
	slices.Sort(all)
	if len(all) != len(ids) || len(slices.Compact(all)) != len(ids) {
		return next, misfit("Each of the %d pages must be named once.", len(ids))
	}
	return next, nil
}

// restored puts a page back behind the one before it, into the same document.
func restored(plan Plan, id string) (Plan, error) {
	i := slices.IndexFunc(plan.LeftOut, func(l LeftOut) bool { return l.Page == id })
	if i < 0 {
		return plan, misfit("No page %q was left out.", id)
	}
	next := plan.clone()
	before := next.LeftOut[i].Before
	next.LeftOut = slices.Delete(next.LeftOut, i, i+1)
	for j := range next.LeftOut {
		if l := &next.LeftOut[j]; l.Before > before || l.Before == before && j >= i {
			l.Before++
		}
	}
	for j := range next.Cuts {
		if c := &next.Cuts[j]; c.Page >= before {
			c.Page++
		}
	}
	doc, at := 0, 0
	if before > 1 {
		doc, at = next.find(before - 1)
		at++
	}
	next.Documents[doc].Pages = slices.Insert(next.Documents[doc].Pages, at, id)
	return next, nil
}

func (p *Plan) clone() Plan {
	next := *p
	next.Documents = nil
	for _, d := range p.Documents {
		next.Documents = append(next.Documents, PlanDocument{Pages: slices.Clone(d.Pages), Kind: d.Kind})
	}
	next.LeftOut, next.Cuts = slices.Clone(p.LeftOut), slices.Clone(p.Cuts)
	next.Tickets, next.Warnings = slices.Clone(p.Tickets), slices.Clone(p.Warnings)
	next.Corrections = slices.Clone(p.Corrections)
	return next
}

// rendition lists the ids of the rendition's pages.
func (p *Plan) rendition() []string {
	var ids []string
	for _, d := range p.Documents {
		ids = append(ids, d.Pages...)
	}
	return ids
}

// find tells in which document a page of the rendition lies, and where in it, both from 0; -1 where there is no such page.
func (p *Plan) find(page int) (doc, at int) {
	rest := page - 1
	for i, d := range p.Documents {
		if rest >= 0 && rest < len(d.Pages) {
			return i, rest
		}
		rest -= len(d.Pages)
	}
	return -1, -1
}

// splitAt makes a document of its own of the pages of a document from one on.
func (p *Plan) splitAt(doc, at int) *Plan {
	next := p.clone()
	pages := next.Documents[doc].Pages
	next.Documents[doc].Pages = slices.Clone(pages[:at])
	next.Documents = slices.Insert(next.Documents, doc+1, PlanDocument{Pages: slices.Clone(pages[at:])})
	return &next
}

// withCut notes that a person cut before a page.
func (p *Plan) withCut(page int) Plan {
	next := p.clone()
	next.Cuts = slices.DeleteFunc(next.Cuts, func(c dossier.Cut) bool { return c.Page == page && c.Level == dossier.CutDocument })
	next.Cuts = append(next.Cuts, dossier.Cut{Page: page, Level: dossier.CutDocument, Confidence: 1, Reasons: person(), Made: true})
	slices.SortStableFunc(next.Cuts, func(a, b dossier.Cut) int { return a.Page - b.Page })
	return next
}

// parted are the pages before one and those from it on.
func (p *Plan) parted(page int) (head, tail Plan) {
	whole := p
	if doc, at := p.find(page); at > 0 {
		whole = p.splitAt(doc, at)
	}
	doc, _ := whole.find(page)
	head, tail = whole.clone(), whole.clone()
	head.Documents, tail.Documents = head.Documents[:doc], tail.Documents[doc:]
	head.LeftOut = slices.DeleteFunc(head.LeftOut, func(l LeftOut) bool { return l.Before >= page })
	tail.LeftOut = slices.DeleteFunc(tail.LeftOut, func(l LeftOut) bool { return l.Before < page })
	for i := range tail.LeftOut {
		tail.LeftOut[i].Before -= page - 1
	}
	head.Cuts = slices.DeleteFunc(head.Cuts, func(c dossier.Cut) bool { return c.Page >= page })
	tail.Cuts = slices.DeleteFunc(tail.Cuts, func(c dossier.Cut) bool { return c.Page <= page })
	for i := range tail.Cuts {
		tail.Cuts[i].Page -= page - 1
	}
	tail.Tickets, tail.Facts = nil, PlanFacts{}
	return head, tail
}

// pick gives the ids of pages of the rendition, in the order in which they are named.
func (p *Plan) pick(pages []int) ([]string, error) {
	ids := p.rendition()
	var picked []string
	for i, page := range pages {
		switch {
		case page < 1 || page > len(ids):
			return nil, misfit("There is no page %d.", page)
		case slices.Contains(pages[:i], page):
			return nil, misfit("Page %d is named twice.", page)
		}
		picked = append(picked, ids[page-1])
	}
	if len(picked) == 0 {
		return nil, misfit("Say in \"pages\" which pages are to be moved.")
	}
	return picked, nil
}

// without is the plan without these pages of its rendition, what they replaced, and the documents that would have none. A plan that
// keeps no document keeps what was left out as its pages.
func (p *Plan) without(ids []string) Plan {
	next := p.clone()
	for _, l := range p.replacedBy(ids) {
		next.LeftOut = slices.Delete(next.LeftOut, next.leftOut(l.Page), next.leftOut(l.Page)+1)
	}
	number := 0
	gone := map[int]bool{}
	for i := range next.Documents {
		d := &next.Documents[i]
		d.Pages = slices.DeleteFunc(d.Pages, func(id string) bool {
			number++
			gone[number] = slices.Contains(ids, id)
			return gone[number]
		})
	}
	next.Documents = slices.DeleteFunc(next.Documents, func(d PlanDocument) bool { return len(d.Pages) == 0 })
	shift := func(page int) int {
		n := page
		for g, is := range gone {
			if is && g < page {
				n--
			}
		}
		return n
	}
	for i := range next.LeftOut {
		next.LeftOut[i].Before = shift(next.LeftOut[i].Before)
	}
	next.Cuts = slices.DeleteFunc(next.Cuts, func(c dossier.Cut) bool { return gone[c.Page] })
	for i := range next.Cuts {
		next.Cuts[i].Page = shift(next.Cuts[i].Page)
	}
	if len(next.Documents) == 0 && len(next.LeftOut) > 0 {
		var doc PlanDocument
		for _, l := range next.LeftOut {
			doc.Pages = append(doc.Pages, l.Page)
		}
		next.Documents, next.LeftOut, next.Cuts = []PlanDocument{doc}, nil, nil
	}
	return next
}

// insert puts pages before one of the rendition, into its document; 0 makes a document of them at the end.
func (p *Plan) insert(ids []string, before int) error {
	if before == 0 {
		p.Documents = append(p.Documents, PlanDocument{Pages: ids})
		return nil
	}
	doc, at := p.find(before)
	if doc < 0 {
		return misfit("There is no page %d to put them before.", before)
	}
	p.Documents[doc].Pages = slices.Insert(p.Documents[doc].Pages, at, ids...)
	for i := range p.LeftOut {
		if p.LeftOut[i].Before > before {
			p.LeftOut[i].Before += len(ids)
		}
	}
	for i := range p.Cuts {
		if p.Cuts[i].Page >= before {
			p.Cuts[i].Page += len(ids)
		}
	}
	return nil
}
