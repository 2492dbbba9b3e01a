package pages

import (
	"net/http"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// comparePage is what the page that compares two versions is given.
type comparePage struct {
	dossierHead
	Versions []versionLink
	From, To int
	Rows     []compareRow
	Came     int
	Gone     int
	Moved    int
	Fields   []fieldChange
}

// compareRow is a page in both versions, or in one of them.
type compareRow struct {
	State    string // same, moved, came, gone
	From, To *sheet
	Paper    string // title of the paper in the version where the row's page stands
	Begins   bool   // a paper begins with it in the later version
}

// fieldChange is a field that is not as it was; "" where it was not, or is not.
type fieldChange struct {
	Paper, Label, Was, Is string
	Hidden                bool
}

func (s *site) compare(v *visit) error {
	code := v.r.PathValue("code")
	to, err := s.open(v, code, v.whole("to"))
	if err != nil {
		return err
	}
	if to.ended() || to.number == 0 {
		v.goTo(dossierPath(to.record.Code))
		return nil
	}
	number := v.whole("from")
	if number == 0 {
		number = to.before()
	}
	from, err := s.open(v, code, number)
	if err != nil {
		return err
	}
	for _, e := range []*edition{from, to} {
		if err := s.audit(v, catalog.ActionView, code, lookedAt{Version: e.number}); err != nil {
			return err
		}
	}
	page := &comparePage{dossierHead: s.headOf(v, to), Versions: to.versionLinks(), From: from.number, To: to.number}
	page.pages(v, from, to)
	page.Fields = s.compareFields(v, from, to)
	return v.render(http.StatusOK, "dossier-compare", page)
}

// before is the version that was published before this one; itself where it is the first.
func (e *edition) before() int {
	before := e.number
	for _, v := range e.record.Versions {
		if v.Number < e.number && e.published(v.Number) {
			before = v.Number
		}
	}
	return before
}

func (page *comparePage) pages(v *visit, from, to *edition) {
	was, is := from.ids(), to.ids()
	kept := commonOrder(was, is)
	i := 0
	row := func(r compareRow) { page.Rows = append(page.Rows, r) }
	gone := func(until string) {
		for ; i < len(was) && was[i] != until; i++ {
			if !slices.Contains(is, was[i]) {
				page.Gone++
				row(compareRow{State: "gone", From: compared(v, from, i)})
			}
		}
	}
	for j, id := range is {
		r := compareRow{State: "same", To: compared(v, to, j), Begins: to.begins(j + 1), Paper: to.titleAt(j + 1)}
		at := slices.Index(was, id)
		switch {
		case at < 0:
			r.State = "came"
			page.Came++
		case !kept[id]:
			r.State, r.From = "moved", compared(v, from, at)
			page.Moved++
		default:
			gone(id)
			r.From = compared(v, from, at)
			i = at + 1
		}
		row(r)
	}
	gone("")
}

func compared(v *visit, e *edition, i int) *sheet {
	p := &dossierPage{dossierHead: dossierHead{Code: e.record.Code}, Version: e.number, Latest: e.latest()}
	one := p.sheetOf(v, e, i+1)
	return &one
}

// ids are the pages of the rendition, in order.
func (e *edition) ids() []string {
	ids := make([]string, 0, len(e.meta.Pages))
	for _, p := range e.meta.Pages {
		ids = append(ids, p.ID)
	}
	return ids
}

func (e *edition) begins(page int) bool {
	return slices.ContainsFunc(e.documents(), func(d dossier.Document) bool { return d.FirstPage == page })
}

func (e *edition) titleAt(page int) string {
	for _, d := range e.documents() {
		if d.FirstPage <= page && page <= d.LastPage {
			return d.Title
		}
	}
	return ""
}

// commonOrder is the largest set of ids that stand in the same order in both lists: what is in both, and not in it, was moved.
func commonOrder(was, is []string) map[string]bool {
	place := map[string]int{}
	for i, id := range was {
		place[id] = i
	}
	var list []string // of is, those that were there too
	for _, id := range is {
		if _, there := place[id]; there {
			list = append(list, id)
		}
	}
	// ends[n] is the end of the chain of n+1 that ends earliest; before links each to the one before it in its chain.
	var ends []int
	before := make([]int, len(list))
	for i, id := range list {
		n, _ := slices.BinarySearchFunc(ends, place[id], func(end, at int) int { return place[list[end]] - at })
		before[i] = -1
		if n > 0 {
			before[i] = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, i)
		} else {
			ends[n] = i
		}
	}
	kept := map[string]bool{}
	if len(ends) == 0 {
		return kept
	}
	for i := ends[len(ends)-1]; i >= 0; i = before[i] {
		kept[list[i]] = true
	}
	return kept
}

// fieldKey tells fields of two versions that are the same one: by the page on which their paper begins, which has the same id in both.
type fieldKey struct {
	paper, name string
	nth         int
}

func (e *edition) fields() (keys []fieldKey, all map[fieldKey]*dossier.Field, kinds map[fieldKey]*dossier.Document) {
	all, kinds = map[fieldKey]*dossier.Field{}, map[fieldKey]*dossier.Document{}
	add := func(paper string, d *dossier.Document, fields []dossier.Field) {
		nth := map[string]int{}
		for i := range fields {
			f := &fields[i]
			k := fieldKey{paper, f.Name, nth[f.Name]}
			nth[f.Name]++
			keys, all[k], kinds[k] = append(keys, k), f, d
		}
	}
	add("", &dossier.Document{}, e.meta.Fields)
	for i := range e.meta.Documents {
		d := &e.meta.Documents[i]
		if d.FirstPage >= 1 && d.FirstPage <= len(e.meta.Pages) {
			add(e.meta.Pages[d.FirstPage-1].ID, d, d.Fields)
		}
	}
	return keys, all, kinds
}

func (s *site) compareFields(v *visit, from, to *edition) []fieldChange {
	oldKeys, old, oldKinds := from.fields()
	newKeys, now, newKinds := to.fields()
	var changes []fieldChange
	for _, k := range oldKeys {
		f := old[k]
		is := ""
		if other, there := now[k]; there {
			if other.Value == f.Value {
				continue
			}
			is = valueText(v.Language, other)
		}
		changes = append(changes, fieldChange{
			Paper: oldKinds[k].Title, Label: s.fieldLabel(oldKinds[k].Kind, f.Name, v.Language), Was: valueText(v.Language, f), Is: is,
			Hidden: f.Personal && !from.clear,
		})
	}
	for _, k := range newKeys {
		if _, there := old[k]; there {
			continue
		}
		f := now[k]
		changes = append(changes, fieldChange{
			Paper: newKinds[k].Title, Label: s.fieldLabel(newKinds[k].Kind, f.Name, v.Language), Is: valueText(v.Language, f), Hidden: f.Personal && !to.clear,
		})
	}
	return changes
}
