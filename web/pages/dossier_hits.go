package pages

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

func (s *site) hitsOf(v *visit, e *edition, question string) (hitList, error) {
	return hitList{}, nil
}
