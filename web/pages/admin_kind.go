package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/office"
)

// kindPage is what the page of a kind is given.
type kindPage struct {
	rulesShown
	office.Kind
	Title  string // in the visitor's language
	Asked  kindAsked
	Fault  string       // sentence: why the kind was not tried; "" where it was, or nobody asked
	Faults []faultyLine // of the kind as it was written
	Latest []latestPaper
	Trial  *trialShown // nil where nothing was tried
}

// kindAsked is what the form asks for.
type kindAsked struct {
	Code, Page string
	Source     string // of the kind: as in force, or as the visitor changed it
	Changed    bool
}

// faultyLine is what is wrong with a kind, with the line as it was written.
type faultyLine struct {
	office.RuleFault
	Written string
}

// latestPaper is one of the kind, to try it on.
type latestPaper struct {
	Path, Code, Thumb string
	Page              int
	Here              bool
}

// sourceMost bounds what is tried of what somebody wrote, in bytes; a kind takes a few thousand.
const sourceMost = 64 << 10

// How many papers of a kind are offered, and among how many pages they are looked for.
const (
	latestShown = 6
	latestOf    = 60
)

// kindOf shows a kind, and tries it where the address names a page.
func (s *site) kindOf(v *visit) error {
	p, err := s.kindPage(v)
	if err != nil {
		return err
	}
	return s.showKind(v, p)
}

// tryKind tries a kind as the form has it. Nothing is kept.
func (s *site) tryKind(v *visit) error {
	p, err := s.kindPage(v)
	if err != nil {
		return err
	}
	if err := v.r.ParseForm(); err != nil {
		return errNotFound
	}
	written := strings.ReplaceAll(v.r.PostForm.Get("source"), "\r\n", "\n")
	if p.Asked.Changed = strings.TrimSpace(written) != strings.TrimSpace(p.Source); p.Asked.Changed {
		p.Asked.Source = written
	}
	return s.showKind(v, p)
}

func (s *site) kindPage(v *visit) (*kindPage, error) {
	kinds := s.cfg.Office().Kinds
	i := slices.IndexFunc(kinds, func(k office.Kind) bool { return k.Name == v.r.PathValue("name") })
	if i < 0 {
		return nil, errNotFound
	}
	p := &kindPage{rulesShown: rulesShown{Kinds: kinds}, Kind: kinds[i]}
	p.Title = p.In(p.Kind.Title, v.Language)
	p.Asked = kindAsked{Code: strings.TrimSpace(v.r.FormValue("code")), Page: v.r.FormValue("page"), Source: p.Source}
	var err error
	p.Latest, err = s.latestPapers(v, p)
	return p, err
}

// latestPapers are those of the kind that the visitor sees, each by its first page.
func (s *site) latestPapers(v *visit, p *kindPage) ([]latestPaper, error) {
	filter := search.Filter{Field: "kind", Op: ":", Values: []string{p.Name}}
	query := search.Query{Root: filter}
	found, err := s.find(v, asked{Text: query.String(), Order: catalog.OrderNewest, query: query}, catalog.Search{Limit: latestOf})
	if err != nil {
		return nil, err
	}
	var list []latestPaper
	papers := map[string]int{} // place in the list
	for _, h := range found.Hits {
		paper := h.Code + "/" + strconv.Itoa(h.Document)
		at, known := papers[paper]
		if !known {
			if at = len(list); at == latestShown {
				continue
			}
			papers[paper], list = at, append(list, latestPaper{Page: h.Page})
		}
		if h.Page <= list[at].Page {
			list[at] = latestPaper{
				Code: h.Code, Page: h.Page, Thumb: "/pages/" + url.PathEscape(h.PageID) + "/thumb.jpg", Path: kindPath(p.Name, h.Code, h.Page),
				Here: h.Code == p.Asked.Code && strconv.Itoa(h.Page) == p.Asked.Page,
			}
		}
	}
	return list, nil
}

// kindPath is where a kind is tried on a page.
func kindPath(kind, code string, page int) string {
	return "/admin/kinds/" + url.PathEscape(kind) + "?" + url.Values{"code": {code}, "page": {strconv.Itoa(page)}}.Encode() + "#trial"
}

// showKind answers with the page of a kind and what came of trying it.
func (s *site) showKind(v *visit, p *kindPage) error {
	status := http.StatusOK
	if p.Asked.Code != "" {
		if err := s.fillTrial(v, p); err != nil {
			return err
		}
		if p.Fault != "" || len(p.Faults) > 0 {
			status = http.StatusUnprocessableEntity
		}
	}
	return v.render(status, "kind", p)
}

// fillTrial tries the kind, or says why not.
func (s *site) fillTrial(v *visit, p *kindPage) error {
	if len(p.Asked.Source) > sourceMost {
		p.Fault = v.T("kind.too-long", sourceMost>>10)
		return nil
	}
	e, err := s.open(v, p.Asked.Code, 0)
	if errors.Is(err, catalog.ErrNotFound) || err == nil && (e.ended() || e.number == 0) {
		p.Fault = v.T("kind.no-dossier")
		return nil
	}
	if err != nil {
		return err
	}
	number := wholeNumber(p.Asked.Page)
	if number < 1 || number > len(e.meta.Pages) {
		p.Fault = v.T("kind.no-page", len(e.meta.Pages))
		return nil
	}
	details := lookedAt{Version: e.number, Page: number, Kind: p.Name}
	if err := s.audit(v, catalog.ActionView, e.record.Code, details); err != nil {
		return err
	}
	t, err := s.paperFrom(v, e, number)
	if err != nil {
		return err
	}
	if len(t.Pages) == 0 {
		p.Fault = v.T("kind.hidden")
		return nil
	}
	return s.fillTried(v, p, e, t)
}

func (s *site) fillTried(v *visit, p *kindPage, e *edition, t *trialShown) error {
	if s.cfg.Try == nil {
		return errNotFound
	}
	request := office.TrialRequest{File: p.File, Source: p.Asked.Source, Language: v.Language}
	for i := range t.Pages {
		request.Pages = append(request.Pages, t.Pages[i].read)
	}
	var err error
	t.Trial, err = s.cfg.Try(v.r.Context(), request)
	switch {
	case errors.Is(err, office.ErrBusy):
		p.Fault = v.T("admin.busy")
		return nil
	case errors.Is(err, office.ErrBounds):
		s.log.Warn("a kind was not tried", "kind", p.Name, "by", v.Who.Name, "error", err)
		p.Fault = v.T("kind.bounds")
		return nil
	case err != nil:
		return err
	}
	lines := strings.Split(p.Asked.Source, "\n")
	for _, f := range t.Faults {
		shown := faultyLine{RuleFault: f}
		if f.Line >= 1 && f.Line <= len(lines) {
			shown.Written = strings.TrimRight(lines[f.Line-1], " ")
		}
		p.Faults = append(p.Faults, shown)
	}
	if len(p.Faults) == 0 {
		p.Trial, t.OtherTitle = t, p.rulesShown.Kind(t.Other, v.Language)
		t.fill(v, e)
	}
	return nil
}
