package pages

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// Papers is what the dossier pages ask of the pipeline. Errors are the store's: storage.ErrNotFound where nothing is stored of a page.
type Papers interface {
	ReadPage(ctx context.Context, artifactID string) (*dossier.Page, error)
	// FieldTitle is what a field of a kind is called in vi, fr or en; its name where nobody said.
	FieldTitle(kind, field, language string) string
}

func (s *site) dossierRoutes() []route {
	return []route{
		{pattern: "GET /dossiers/{code}", right: access.View, do: s.dossier},
		{pattern: "GET /dossiers/{code}/making", right: access.View, do: s.making},
		{pattern: "GET /dossiers/{code}/layer/{page}", right: access.View, do: s.layer},
		{pattern: "GET /dossiers/{code}/compare", right: access.View, do: s.compare},
		{pattern: "GET /dossiers/{code}/alto.zip", right: access.View, do: s.altoOfAll},
		{pattern: "POST /dossiers/{code}/decisions", right: access.Decide, do: s.decide},
		{pattern: "GET /dossiers/{code}/whole", right: access.Decide, do: s.whole},
		{pattern: "POST /dossiers/{code}/whole", right: access.Decide, do: s.decideWhole},
		{pattern: "POST /dossiers/{code}/fields", right: access.Correct, do: s.correct},
		{pattern: "POST /dossiers/{code}/state", right: access.Decide, do: s.enterState},
		{pattern: "POST /dossiers/{code}/place", right: access.Decide, do: s.setPlace},
	}
}

// dossierPath is where a dossier is shown; pairs are names and values of the address's query, "" left out.
func dossierPath(code string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	path := "/dossiers/" + url.PathEscape(code)
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return path
}

// dossier shows a version of a dossier, the latest where none is asked for.
func (s *site) dossier(v *visit) error {
	e, err := s.open(v, v.r.PathValue("code"), v.whole("version"))
	if err != nil {
		return err
	}
	return s.showDossier(v, e, http.StatusOK, nil)
}

// whole is a whole number of the address's query or a form; 0 where there is none.
func (v *visit) whole(name string) int { return wholeNumber(v.r.FormValue(name)) }

// refusal is what is said of something that was asked of a dossier and not done.
type refusal struct {
	Text  string
	Again url.Values // the form, where it may be sent once more; nil where not
	Path  string     // to which it goes
	Typed url.Values // the form of a correction; nil of anything else
	Force bool       // which may be insisted on, with a reason
	Fresh bool       // the latest version is to be looked at first
}

// retyped is what somebody wrote into a form that was refused.
type retyped struct{ Field, Value string }

// Of is what was written for a field; nil where the refusal is about something else.
func (r *refusal) Of(f fieldView) *retyped {
	if r == nil || r.Typed.Get("field") != f.Name || wholeNumber(r.Typed.Get("page")) != f.At {
		return nil
	}
	return &retyped{f.Name, r.Typed.Get("value")}
}

// Adds is what was written for a field that a paper lacks; nil where the refusal is about something else.
func (r *refusal) Adds(g fieldGroup) *retyped {
	if r == nil || !slices.Contains(g.Pages, wholeNumber(r.Typed.Get("page"))) {
		return nil
	}
	name := r.Typed.Get("field")
	if !slices.ContainsFunc(g.Missing, func(f missingField) bool { return f.Name == name }) {
		return nil
	}
	return &retyped{name, r.Typed.Get("value")}
}

// showDossier answers with the page of an edition, or with what is left of a dossier that ended. The audit log is told before.
func (s *site) showDossier(v *visit, e *edition, status int, refused *refusal) error {
	if err := s.audit(v, catalog.ActionView, e.record.Code, lookedAt{Version: e.number}); err != nil {
		return err
	}
	if e.ended() {
		return v.render(http.StatusGone, "dossier-ended", s.endedPage(v, e))
	}
	if e.number == 0 {
		return v.render(status, "dossier-coming", s.headOf(v, e))
	}
	page, err := s.dossierPage(v, e)
	if err != nil {
		return err
	}
	page.Refused = refused
	return v.render(status, "dossier", page)
}
