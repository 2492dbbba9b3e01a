package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
)

// InOrder yields the pages in the order in which they lie in the batch, each with the index of its document. It is the order of
// Documents, but for the pages of a scanner that gives fronts and backs in two files.
func (a *Assembly) InOrder() iter.Seq2[int, AssemblyPage] {
	type placed struct {
		document int
		page     AssemblyPage
	}
	var all []placed
	for i, doc := range a.Documents {
		for _, p := range doc.Pages {
			all = append(all, placed{i, p})
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.page.Position, b.page.Position) })
	return func(yield func(int, AssemblyPage) bool) {
		for _, p := range all {
			if !yield(p.document, p.page) {
				return
			}
		}
	}
}

// arrange puts the members of a batch, given in the order of reception, into a: the pages that go into the dossier, in the
// batch's order.
func arrange(a *Assembly, members []member, interleaved bool) {
	if len(members) > 0 {
		a.Station, a.CreatedAt = members[0].Deposit.Station, members[0].Deposit.ReceivedAt
	}
	byName := a.Batch.Grouping == dossier.GroupFolder || a.Batch.Grouping == dossier.GroupPrefix
	slices.SortStableFunc(members, func(x, y member) int {
		order := cmp.Compare(x.position, y.position)
		if order == 0 && byName {
			order = naturally(x.Deposit.Name, y.Deposit.Name)
		}
		return order
	})
	sheets := slices.DeleteFunc(slices.Clone(members), func(m member) bool { return m.ticket || m.isReplaced() })
	if interleaved {
		a.interleave(sheets)
	} else {
		number := 0
		for _, s := range sheets {
			number = s.place(number)
		}
	}
	placeReplaced(members)
	for _, m := range members {
		switch {
		case m.Deposit.State == dossier.StateRejected:
			a.warn(dossier.WarnFileRefused)
		case m.ticket:
			a.Tickets = append(a.Tickets, m.Deposit)
		default:
			a.Documents = append(a.Documents, m.AssemblyDocument)
		}
	}
}

// interleave places the pages of files that are the fronts of some sheets, the backs of these with the last one first, the fronts
// of others, and so on. A refused file keeps its place, so that what follows stays paired.
func (a *Assembly) interleave(files []member) {
	number := 0
	if areSides(files) {
		a.interleaveSides(files)
		return
	}
	for pair := range slices.Chunk(files, 2) {
		fronts := pair[0]
		var backs member
		if len(pair) == 2 {
			backs = pair[1]
		}
		n := len(fronts.Pages)
		if n != len(backs.Pages) { // nobody knows which sheet lacks a side
			a.warn(dossier.WarnSidesUnpaired)
			number = backs.place(fronts.place(number))
			continue
		}
		for i := range n {
			fronts.Pages[i].Position, backs.Pages[n-1-i].Position = number+1, number+2
			number += 2
		}
	}
}

// areSides reports whether each file is one side of a sheet: then it takes more than two of them to be a stack.
func areSides(files []member) bool {
	return len(files) > 2 && !slices.ContainsFunc(files, func(m member) bool {
		return len(m.Pages) != 1 && m.Deposit.State != dossier.StateRejected
	})
}

// interleaveSides places files of one page each, of which the first half are the fronts and the second half the backs, the last
// sheet's first.
func (a *Assembly) interleaveSides(files []member) {
	number, n := 0, len(files)
	if n%2 != 0 {
		a.warn(dossier.WarnSidesUnpaired)
		for _, m := range files {
			number = m.place(number)
		}
		return
	}
	for i := range n / 2 {
		number = files[n-1-i].place(files[i].place(number))
	}
}

// place numbers the pages after number and returns the last number given.
func (m member) place(number int) int {
	for i := range m.Pages {
		number++
		m.Pages[i].Position = number
	}
	return number
}

// isReplaced reports whether a later file of the batch is a new scan of this one.
func (m member) isReplaced() bool { return len(m.Pages) > 0 && m.Pages[0].ReplacedBy != "" }

// placeReplaced gives pages that were scanned again within the batch the places of those that replace them, which may have been
// replaced in turn.
func placeReplaced(members []member) {
	pages := map[string]AssemblyPage{}
	for _, m := range members {
		for _, p := range m.Pages {
			pages[p.ID] = p
		}
	}
	for _, m := range members {
		for i := range m.Pages {
			last := m.Pages[i]
			for last.ReplacedBy != "" {
				last = pages[last.ReplacedBy]
			}
			m.Pages[i].Position = last.Position
		}
	}
}

func (a *Assembly) warn(code string) {
	if !slices.Contains(a.Warnings, code) {
		a.Warnings = append(a.Warnings, code)
	}
}

// naturally compares names as people do: 9.jpg comes before 10.jpg.
func naturally(a, b string) int {
	for a != "" && b != "" {
		x, y := leadingDigits(a), leadingDigits(b)
		if x == "" || y == "" {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		a, b = a[len(x):], b[len(y):]
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if order := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); order != 0 {
			return order
		}
	}
	return cmp.Compare(len(a), len(b))
}

func leadingDigits(s string) string {
	end := 0
	for end < len(s) && s[end] >= '0' && s[end] <= '9' {
		end++
	}
	return s[:end]
}
