package pages

import (
	"errors"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
)

// hitList is what of a dossier was found.
type hitList struct {
	Asked bool
	Fault string // why the question can't be answered; "" where it can
	Pages []pageHits
	Total int // runs of words on all pages
	More  bool
}

// pageHits are the words of one page that were found, in runs that follow each other.
type pageHits struct {
	Page int // of the rendition
	Runs [][]int
}

// on counts the runs of a page.
func (h *hitList) on(page int) int {
	for _, p := range h.Pages {
		if p.Page == page {
			return len(p.Runs)
		}
	}
	return 0
}

// runs tells of each word of a page that was found to which run it belongs.
func (h *hitList) runs(page int) map[int]int {
	of := map[int]int{}
	for _, p := range h.Pages {
		if p.Page != page {
			continue
		}
		for run, words := range p.Runs {
			for _, w := range words {
				of[w] = run
			}
		}
	}
	return of
}

// inRuns parts ascending word numbers where one is left out.
func inRuns(words []int) [][]int {
	var runs [][]int
	for i, w := range words {
		if i == 0 || w != words[i-1]+1 {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], w)
	}
	return runs
}

// hitsOf finds a question's words on the pages of the latest version, and tells the audit log.
func (s *site) hitsOf(v *visit, e *edition, question string) (hitList, error) {
	list, err := s.findHits(v, e, question)
	if err != nil || !list.Asked {
		return list, err
	}
	entry := map[string]any{"query": dossier.MaskText(question), "found": list.Total}
	return list, s.audit(v, catalog.ActionSearch, e.record.Code, entry)
}

// findHits finds them; on pages that an older version has too they are the same.
func (s *site) findHits(v *visit, e *edition, question string) (hitList, error) {
	if strings.TrimSpace(question) == "" || !v.May("search") {
		return hitList{}, nil
	}
	list := hitList{Asked: true}
	query, err := search.Parse(question)
	if err != nil {
		list.Fault = faultText(err, v.Language)
		return list, nil
	}
	number := map[string]int{} // of pages, by id
	for i, p := range e.meta.Pages {
		number[p.ID] = i + 1
	}
	wanted := catalog.Search{Query: query, Who: v.Who, Within: e.record.Code, Limit: 200, Order: catalog.OrderRelevance}
	const calls = 10 // more hits than that nobody walks through one by one
	for range calls {
		found, err := s.catalog.Search(v.r.Context(), wanted)
		if err != nil {
			if text := faultText(err, v.Language); text != "" {
				list.Fault = text
				return list, nil
			}
			return list, err
		}
		for _, hit := range found.Hits {
			if n := number[hit.PageID]; n > 0 && len(hit.Words) > 0 && !e.hidden(hit.PageID) {
				runs := inRuns(hit.Words)
				list.Pages = append(list.Pages, pageHits{n, runs})
				list.Total += len(runs)
			}
		}
		list.More = found.Next != "" || found.Shortfall().Lacking()
		if wanted.Cursor = found.Next; wanted.Cursor == "" {
			break
		}
	}
	slices.SortFunc(list.Pages, func(a, b pageHits) int { return a.Page - b.Page })
	return list, nil
}

// faultText says what is wrong with a question; "" where the error is about something else.
func faultText(err error, lang string) string {
	var wrong *search.SyntaxError
	if errors.As(err, &wrong) {
		return wrong.Message(lang)
	}
	return ""
}
