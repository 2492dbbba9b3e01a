package pages

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// happening is one thing that happened to a dossier.
type happening struct {
	At      time.Time
	Text    string
	Who     string // a person, a station or a program; "" where dossierd did it by itself
	Note    string // the reason that was given
	Version int    // that came of it; 0 for none
	Path    string // of that version; "" where it can't be looked at
}

// history tells what happened to a dossier, the last thing first.
func (e *edition) history(v *visit) []happening {
	var all []happening
	decided := map[string]bool{}
	for _, d := range e.record.Decisions {
		decided[d.ID] = true
		h := happening{At: d.At, Text: v.site.decisionText(v, e, d), Who: d.Who, Note: reasonOf(d)}
		for _, made := range e.record.Versions {
			if made.Revision == d.ID && e.published(made.Number) {
				h.Version, h.Path = made.Number, dossierPath(e.record.Code, "version", strconv.Itoa(made.Number))
			}
		}
		all = append(all, h)
	}
	for _, made := range e.record.Versions {
		if decided[made.Revision] || made.PublishedAt.IsZero() {
			continue
		}
		h := happening{At: made.PublishedAt, Text: v.T("history.published", made.Pages), Version: made.Number}
		if e.published(made.Number) {
			h.Path = dossierPath(e.record.Code, "version", strconv.Itoa(made.Number))
		}
		all = append(all, h)
	}
	for _, step := range e.steps {
		if step.State == catalog.DossierDigitised || step.State == catalog.DossierWithdrawn || step.State == catalog.DossierErased {
			continue // its version, or the decision, tells
		}
		all = append(all, happening{At: step.At, Text: v.T("history.state." + string(step.State)), Who: step.Who})
	}
	slices.SortStableFunc(all, func(a, b happening) int { return b.At.Compare(a.At) })
	return all
}

// told is a decision as the record has it.
type told struct {
	catalog.Decision
	Replaced []catalog.Replaced `json:"replaced"`
}

func toldOf(d catalog.TakenInfo) told {
	var t told
	if json.Unmarshal(d.Decision, &t) != nil {
		t.Do = "" // said as something unknown
	}
	return t
}

func reasonOf(d catalog.TakenInfo) string { return toldOf(d).Reason }

// decisionText says in plain words what was decided.
func (s *site) decisionText(v *visit, e *edition, d catalog.TakenInfo) string {
	t := toldOf(d)
	switch t.Do {
	case catalog.DoCorrect:
		label := s.fieldLabel(e.kindAt(t.Page), t.Field, v.Language)
		if t.Absent {
			return v.T("history.absent", t.Page, label)
		}
		return v.T("history.correct", t.Page, label, valueText(v.Language, &dossier.Field{Type: e.typeOf(t.Page, t.Field), Value: t.Value}))
	case catalog.DoCut:
		if t.Level == dossier.CutDossier {
			return v.T("history.cut-dossier", t.Page)
		}
		return v.T("history.cut", t.Page)
	case catalog.DoJoin:
		if t.To != "" {
			return v.T("history.join-dossier", t.To)
		}
		return v.T("history.join", t.Page)
	case catalog.DoMove:
		return v.movedText(t)
	case catalog.DoReassign:
		return v.T("history.reassign", t.To)
	case "rescan":
		return v.T("history.rescan", len(t.Replaced))
	case catalog.DoArrange:
		return v.T("history.arrange")
	case catalog.DoRestore:
		return v.T("history.restore")
	case catalog.DoWithdraw:
		return v.T("history.withdraw")
	case catalog.DoErase:
		return v.T("history.erase")
	}
	return v.T("history.unknown", t.Do)
}

// kindAt is the kind of the paper that a page is of now, and typeOf the type of a field there; "" where they are not known.
func (e *edition) kindAt(page int) string {
	for _, d := range e.documents() {
		if d.FirstPage <= page && page <= d.LastPage {
			return d.Kind
		}
	}
	return ""
}

func (e *edition) typeOf(page int, field string) string {
	for _, d := range e.documents() {
		for _, f := range d.Fields {
			if d.FirstPage <= page && page <= d.LastPage && f.Name == field {
				return f.Type
			}
		}
	}
	return ""
}

func (v *visit) movedText(t told) string {
	pages := pageList(t.Pages)
	switch {
	case t.To != "":
		return v.T("history.move-dossier", len(t.Pages), pages, t.To)
	case t.Before > 0:
		return v.T("history.move-before", len(t.Pages), pages, t.Before)
	}
	return v.T("history.move-end", len(t.Pages), pages)
}

// pageList writes page numbers as people do: 2–4, 7.
func pageList(pages []int) string {
	var parts []string
	for i := 0; i < len(pages); {
		j := i
		for j+1 < len(pages) && pages[j+1] == pages[j]+1 {
			j++
		}
		part := strconv.Itoa(pages[i])
		if j > i {
			part += "–" + strconv.Itoa(pages[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// endedPage is what is left to tell of a dossier that was withdrawn or erased.
type endedPage struct {
	dossierHead
	Reason  string
	Joined  string // code of the dossier that has its pages now; "" for none
	At      time.Time
	Stones  []catalog.Tombstone // one each time that it was erased
	History []happening
}

func (s *site) endedPage(v *visit, e *edition) *endedPage {
	p := &endedPage{dossierHead: s.headOf(v, e), Reason: e.record.Reason, Joined: catalog.JoinedTo(e.record.Reason), Stones: e.record.Tombstones, History: e.history(v)}
	for _, step := range e.steps {
		if step.State == e.record.State {
			p.At = step.At
		}
	}
	return p
}
