package pages

import (
	"cmp"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// dossierHead is what every page about a dossier says of it.
type dossierHead struct {
	Code       string
	Path       string
	State      catalog.DossierState
	Complete   catalog.Completeness
	Procedure  string // in the visitor's words, else its code; "" where none is known
	Department string
	Station    string
	Place      string
	ReceivedAt time.Time
	Making     int  // the version that is being made; 0 for none
	Awaited    int  // the version that the visitor's decision made; 0 for none
	Decides    bool // the visitor may decide about dossiers
	Erases     bool // and destroy them
}

func (s *site) headOf(v *visit, e *edition) dossierHead {
	r := &e.record
	return dossierHead{
		Code: r.Code, Path: dossierPath(r.Code), State: r.State, Complete: r.Complete, Procedure: e.procedure(v),
		Department: r.Department, Station: r.Station, Place: r.Place, ReceivedAt: r.ReceivedAt,
		Making: e.making(), Awaited: v.whole("after"), Decides: v.May("decide"), Erases: v.May("decide") && v.May("erase"),
	}
}

func (e *edition) procedure(v *visit) string {
	if a := e.meta.Papers; a != nil {
		if name := inLanguage(a.Name, v.Language); name != "" {
			return name
		}
	}
	return v.named("procedure", cmp.Or(e.meta.Dossier.Procedure, e.record.Procedure))
}

// inLanguage chooses from texts by language: the language's own, else the first that is there.
func inLanguage(texts map[string]string, lang string) string {
	for _, l := range append([]string{lang}, languages...) {
		if t := texts[l]; t != "" {
			return t
		}
	}
	return ""
}

// dossierPage is what the page of a dossier is given.
type dossierPage struct {
	dossierHead
	Version   int
	Latest    bool
	Newest    int // the latest version
	Versions  []versionLink
	Papers    []paper
	Pages     int
	Page      sheet // that is shown
	Previous  string
	Next      string
	Layer     *layer // of the page; nil where nothing is to be laid over it
	Query     string
	Hits      hitList
	Groups    []fieldGroup
	Checklist *checklist
	History   []happening
	States    []catalog.DossierState // that it may be said to have come into
	Files     dossierFiles
	Warnings  []string
	Refused   *refusal
	Corrects  bool // the visitor may correct what was read
	Arranges  bool // pages may be moved here: the latest version, and the right to decide
}

type versionLink struct {
	Number int
	Path   string
	At     time.Time
	Pages  int
	Here   bool
}

// paper is a document with its pages, at left.
type paper struct {
	Number     int
	Title      string // "" where no kind was recognised
	Kind       string
	Role       dossier.Role
	Confidence float64
	First      int
	Last       int
	Sheets     []sheet // with those that were left out, at their places
}

// sheet is one page, or one that was left out.
type sheet struct {
	ID       string
	Number   int    // of the rendition; 0 for one that was left out
	Reason   string // why it was left out
	Path     string // of the dossier's page that shows it
	Image    string // address of its image service; "" where there is nothing to see
	Thumb    picture
	Full     picture
	Layer    string // address of what is laid over it
	Width    int    // of page space, px
	Height   int
	DPI      float64
	Hidden   bool // it is personal, and the visitor may not see that
	Hits     int
	Proposed bool // a cut before it is proposed
	Here     bool
	Warnings []string
}

// picture is an image as the page names it.
type picture struct {
	Source        string
	Width, Height int
}

func (s *site) dossierPage(v *visit, e *edition) (*dossierPage, error) {
	p := &dossierPage{
		dossierHead: s.headOf(v, e), Version: e.number, Latest: e.latest(), Newest: e.record.Version, Pages: len(e.meta.Pages),
		Query: v.r.FormValue("q"), Corrects: v.May("correct") && e.latest(), Checklist: e.checklist(v.Language), History: e.history(v),
	}
	p.Arranges = p.Decides && p.Latest
	var err error
	if p.Hits, err = s.hitsOf(v, e, p.Query); err != nil {
		return nil, err
	}
	number := min(max(1, v.whole("page")), max(1, p.Pages))
	if v.r.FormValue("page") == "" && len(p.Hits.Pages) > 0 {
		number = p.Hits.Pages[0].Page
	}
	p.Versions = e.versionLinks()
	p.Papers = p.papers(v, e, number)
	p.Groups = s.fieldGroups(v, e, p)
	if p.Corrects {
		s.findMissing(v, e, p.Groups)
	}
	if p.Pages > 0 {
		p.Page = p.sheetOf(v, e, number)
		p.Layer, err = s.layerOf(v, e, number, p.Hits, p.Groups)
		if err != nil {
			return nil, err
		}
	}
	p.Previous, p.Next = p.beside(v, number-1), p.beside(v, number+1)
	p.States = e.ahead()
	p.Warnings = e.warnings(v.Language)
	p.Files, err = s.filesOf(v, e)
	return p, err
}

// beside is where another page is shown; "" where there is none.
func (p *dossierPage) beside(v *visit, number int) string {
	if number < 1 || number > p.Pages {
		return ""
	}
	return p.pagePath(v, number)
}

// pagePath is where a page is shown, with version and question as they are now.
func (p *dossierPage) pagePath(v *visit, number int) string {
	version := ""
	if !p.Latest {
		version = strconv.Itoa(p.Version)
	}
	return dossierPath(p.Code, "page", strconv.Itoa(number), "version", version, "q", v.r.FormValue("q"))
}

func (e *edition) versionLinks() []versionLink {
	var list []versionLink
	for _, v := range slices.Backward(e.record.Versions) {
		if !e.published(v.Number) {
			continue
		}
		list = append(list, versionLink{
			Number: v.Number, Path: dossierPath(e.record.Code, "version", strconv.Itoa(v.Number)), At: v.PublishedAt, Pages: v.Pages, Here: v.Number == e.number,
		})
	}
	return list
}

// ahead are the states that lie before the dossier.
func (e *edition) ahead() []catalog.DossierState {
	settable := catalog.SettableStates()
	return settable[slices.Index(settable, e.record.State)+1:]
}

func (p *dossierPage) papers(v *visit, e *edition, here int) []paper {
	var list []paper
	for i, d := range e.documents() {
		one := paper{Number: i + 1, Title: d.Title, Kind: d.Kind, Role: d.Role, Confidence: d.Confidence, First: d.FirstPage, Last: d.LastPage}
		for n := d.FirstPage; n <= d.LastPage; n++ {
			one.Sheets = append(one.Sheets, e.leftOutBefore(n)...)
			page := p.sheetOf(v, e, n)
			page.Here = n == here
			one.Sheets = append(one.Sheets, page)
		}
		list = append(list, one)
	}
	if rest := e.leftOutBefore(len(e.meta.Pages) + 1); len(rest) > 0 && len(list) > 0 {
		last := &list[len(list)-1]
		last.Sheets = append(last.Sheets, rest...)
	}
	return list
}

// documents are the papers; one of all pages where the metadata name none.
func (e *edition) documents() []dossier.Document {
	n := len(e.meta.Pages)
	if len(e.meta.Documents) == 0 && n > 0 {
		return []dossier.Document{{FirstPage: 1, LastPage: n}}
	}
	var list []dossier.Document
	for _, d := range e.meta.Documents {
		if d.FirstPage >= 1 && d.LastPage <= n {
			list = append(list, d)
		}
	}
	return list
}

func (e *edition) leftOutBefore(before int) []sheet {
	var list []sheet
	for _, l := range e.meta.LeftOut {
		if l.Before == before {
			list = append(list, e.sheet(sheet{ID: l.Page, Reason: l.Reason}, 0, 0))
		}
	}
	return list
}

// sheetOf is page n of the rendition.
func (p *dossierPage) sheetOf(v *visit, e *edition, n int) sheet {
	m := e.meta.Pages[n-1]
	one := sheet{ID: m.ID, Number: n, Path: p.pagePath(v, n), DPI: m.DPI, Hits: p.Hits.on(n)}
	one.Layer = "/dossiers/" + url.PathEscape(e.record.Code) + "/layer/" + strconv.Itoa(n) + "?" +
		url.Values{"version": {strconv.Itoa(e.number)}, "q": {p.Query}}.Encode()
	one.Proposed = slices.ContainsFunc(e.meta.Cuts, func(c dossier.Cut) bool { return c.Page == n && !c.Made })
	for _, code := range m.Warnings {
		one.Warnings = append(one.Warnings, dossier.WarningText(v.Language, code, 0))
	}
	if m.Image.Format == "" {
		one.Width, one.Height = m.Width, m.Height
		return one
	}
	return e.sheet(one, m.Width, m.Height)
}

// Sides of pictures in px.
const (
	thumbWide = 200
	fullMost  = 1400
)

// sheet fills in where the pictures of a page are; width and height are 0 where they are not known.
func (e *edition) sheet(one sheet, width, height int) sheet {
	one.Width, one.Height = width, height
	one.Hidden = e.hidden(one.ID)
	if one.Hidden || one.ID == "" {
		return one
	}
	one.Image = "/iiif/image/" + url.PathEscape(one.ID)
	if width == 0 || height == 0 {
		one.Thumb = picture{one.Image + "/full/" + strconv.Itoa(thumbWide) + ",/0/default.jpg", 0, 0}
		return one
	}
	one.Thumb = fitted(one.Image, width, height, thumbWide, math.MaxInt)
	one.Full = fitted(one.Image, width, height, fullMost, fullMost)
	return one
}

// fitted is a page as a picture of at most these sides.
func fitted(image string, width, height, mostWide, mostHigh int) picture {
	by := min(1, float64(mostWide)/float64(width), float64(mostHigh)/float64(height))
	w, h := max(1, int(math.Round(float64(width)*by))), max(1, int(math.Round(float64(height)*by)))
	return picture{image + "/full/" + strconv.Itoa(w) + "," + strconv.Itoa(h) + "/0/default.jpg", w, h}
}

// warnings are sentences about the version as a whole and its files.
func (e *edition) warnings(lang string) []string {
	var list []string
	add := func(codes []string) {
		for _, code := range codes {
			if text := dossier.WarningText(lang, code, 0); !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	add(e.record.Plan.Warnings)
	for _, d := range e.meta.Deposits {
		add(d.Warnings)
	}
	return list
}

// readPage reads what was read on page n, for the visitor who may see it; nil where there is nothing, or it is hidden.
func (s *site) readPage(v *visit, e *edition, n int) (*dossier.Page, error) {
	id := e.meta.Pages[n-1].ID
	if e.hidden(id) || s.cfg.Papers == nil {
		return nil, nil
	}
	if e.shown[id].Personal {
		if err := s.audit(v, catalog.ActionPersonal, storage.PageKey(id, "layout.json.gz"), nil); err != nil {
			return nil, err
		}
	}
	return s.cfg.Papers.ReadPage(v.r.Context(), e.shown[id].ArtifactID)
}
