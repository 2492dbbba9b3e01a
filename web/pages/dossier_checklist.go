package pages

import "github.com/dossierd/dossierd/storage/catalog"

// checklist says which papers of the procedure are there.
type checklist struct {
	Complete bool
	Rows     []checkRow
	Missing  int
}

// checkRow is one paper that is there, or not.
type checkRow struct {
	State string // here, missing, undecided, by_eye, unexpected
	Name  string
	Note  string // the condition under which it is needed
	Count int    // how many are missing
	Page  int    // of the rendition, where it is here
}

// checklist is nil where no procedure is known.
func (e *edition) checklist(lang string) *checklist {
	a := e.meta.Papers
	if a == nil {
		return nil
	}
	c := &checklist{Complete: a.Complete && e.record.Complete != catalog.Incomplete}
	for _, m := range a.Missing {
		c.Missing += m.Count
		c.Rows = append(c.Rows, checkRow{State: "missing", Name: inLanguage(m.Name, lang), Note: inLanguage(m.Words, lang), Count: m.Count})
	}
	for _, m := range a.Undecided {
		c.Rows = append(c.Rows, checkRow{State: "undecided", Name: inLanguage(m.Name, lang), Note: inLanguage(m.Words, lang), Count: m.Count})
	}
	for _, m := range a.ByEye {
		c.Rows = append(c.Rows, checkRow{State: "by_eye", Name: inLanguage(m.Name, lang), Note: inLanguage(m.Words, lang), Count: m.Count})
	}
	unexpected := map[int]bool{}
	for _, u := range a.Unexpected {
		unexpected[u.First] = true
	}
	for _, d := range e.documents() {
		row := checkRow{State: "here", Name: d.Title, Page: d.FirstPage}
		switch {
		case d.Kind == "":
			row.State = "unrecognised"
		case unexpected[d.FirstPage]:
			row.State = "unexpected"
		}
		c.Rows = append(c.Rows, row)
	}
	return c
}
