package pages

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
)

// wholeNumber is a whole number that somebody wrote; 0 for anything else.
func wholeNumber(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return n
}

// errForm is a form that lacks something; the text is the key of what to do.
type errForm string

func (e errForm) Error() string { return string(e) }

// decide takes a decision about the pages of a dossier.
func (s *site) decide(v *visit) error {
	d, err := v.decision()
	if err != nil {
		return s.refused(v, err)
	}
	return s.take(v, d)
}

// correct takes a decision about what stands in a field.
func (s *site) correct(v *visit) error {
	box, err := boxWritten(v.r.PostFormValue("box"))
	if err != nil {
		return s.refused(v, err)
	}
	d := catalog.Decision{
		Do: catalog.DoCorrect, Page: wholeNumber(v.r.PostFormValue("page")), Field: v.r.PostFormValue("field"),
		Value: strings.TrimSpace(v.r.PostFormValue("value")), Absent: v.r.PostFormValue("absent") != "", Box: box,
		Force: v.r.PostFormValue("force") != "", Reason: strings.TrimSpace(v.r.PostFormValue("reason")),
	}
	if d.Absent { // it stands nowhere
		d.Value, d.Box = "", nil
	}
	return s.take(v, d)
}

// boxWritten reads a box in pt of its page: left, top, right and bottom; nil where none is written.
func boxWritten(text string) ([]float64, error) {
	var box []float64
	for _, part := range strings.Fields(text) {
		side, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil, errForm("decide.form")
		}
		box = append(box, side)
	}
	if len(box) != 0 && len(box) != len(dossier.Field{}.Box) {
		return nil, errForm("decide.form")
	}
	return box, nil
}

// take takes a decision, or says on the dossier's page why it is not taken.
func (s *site) take(v *visit, d catalog.Decision) error {
	if err := s.carryOut(v, d); err != nil {
		return s.refused(v, err)
	}
	return nil
}

// carryOut hands a decision to the catalogue, and leads to what becomes of it.
func (s *site) carryOut(v *visit, d catalog.Decision) error {
	code := v.r.PathValue("code")
	if !bounded(d) {
		return s.refused(v, errForm("decide.form"))
	}
	decided, err := s.catalog.Decide(v.r.Context(), code, v.whole("version"), d, v.Who)
	if err != nil {
		return err
	}
	s.log.Info("decision taken", "decision", decided.ID, "do", d.Do, "dossier", code, "who", v.Who.Name)
	var leads catalog.VersionKey // this dossier's next version, or that of the one which has its pages now
	for _, made := range decided.Versions {
		if leads.Code == "" || made.Code == code {
			leads = made
		}
	}
	if leads.Code == "" {
		leads.Code = code // withdrawn or erased
	}
	page := ""
	if leads.Code == code && d.Page > 0 {
		page = strconv.Itoa(d.Page)
	}
	v.goTo(dossierPath(leads.Code, "after", orNone(leads.Number), "page", page))
	return nil
}

// bounded reports whether a decision keeps to what the API's description lets it have. No page of ours offers more.
func bounded(d catalog.Decision) bool {
	const name, value, most = 64, 5000, 10_000 // letters, and pages
	letters := utf8.RuneCountInString
	return letters(d.Do) <= name && letters(d.To) <= name && letters(d.Field) <= name && letters(d.LeftOut) <= name &&
		letters(d.Value) <= value && letters(d.Reason) <= longestReason && len(d.Pages) <= most && len(d.Documents) <= most
}

// orNone is a number of an address; "" for 0.
func orNone(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// decision reads a form. Its pages are those that were chosen at left, its do what was pressed.
func (v *visit) decision() (catalog.Decision, error) {
	if err := v.r.ParseForm(); err != nil {
		return catalog.Decision{}, errForm("decide.form")
	}
	form := v.r.PostForm
	d := catalog.Decision{Do: form.Get("do"), To: strings.TrimSpace(form.Get("to"))}
	var chosen []int
	for _, p := range form["pages"] {
		chosen = append(chosen, wholeNumber(p))
	}
	slices.Sort(chosen)
	switch d.Do {
	case "cut-dossier":
		d.Do, d.Level = catalog.DoCut, dossier.CutDossier
		fallthrough
	case catalog.DoCut, catalog.DoJoin:
		if len(chosen) != 1 {
			return d, errForm("decide.one-page")
		}
		d.Page = chosen[0]
		if d.Level != dossier.CutDossier {
			d.To = ""
		}
	case catalog.DoMove:
		d.Pages, d.Before = chosen, wholeNumber(form.Get("before"))
		if len(chosen) == 0 {
			return d, errForm("decide.some-pages")
		}
	case catalog.DoArrange:
		if json.Unmarshal([]byte(form.Get("documents")), &d.Documents) != nil {
			return d, errForm("decide.form")
		}
	case catalog.DoRestore:
		d.LeftOut = form.Get("left_out")
	default:
		return d, errForm("decide.form")
	}
	return d, nil
}

// refused shows the dossier as it is now, and above it in plain words why something was not done and what to do. Errors that are
// about something else are returned.
func (s *site) refused(v *visit, err error) error {
	refused := refusal{Path: v.r.URL.Path}
	var status int
	var misfit *catalog.Misfit
	var form errForm
	switch {
	case errors.As(err, &form):
		status, refused.Text = http.StatusUnprocessableEntity, v.T(string(form))
	case errors.As(err, &misfit) && strings.HasSuffix(v.r.URL.Path, "/fields"):
		status = http.StatusUnprocessableEntity
		refused.ofField(v, misfit)
	case errors.As(err, &misfit):
		status, refused.Text = http.StatusUnprocessableEntity, v.T("decide.misfit."+misfitOf(v.r.PostFormValue("do")))
	case errors.Is(err, catalog.ErrStale):
		status, refused.Text, refused.Fresh = http.StatusPreconditionFailed, v.T("decide.stale"), true
	case errors.Is(err, catalog.ErrBusy):
		status, refused.Text, refused.Again = http.StatusConflict, v.T("decide.busy"), v.r.PostForm
	case errors.Is(err, catalog.ErrPast):
		status, refused.Text, refused.Fresh = http.StatusConflict, v.T("decide.past"), true
	default:
		return err
	}
	e, failed := s.open(v, v.r.PathValue("code"), 0)
	if failed != nil {
		return failed
	}
	if stale := e.lastDecision(v); refused.Fresh && stale != "" {
		refused.Text += " " + stale
	}
	return s.showDossier(v, e, status, &refused)
}

// ofField says what is wrong with what somebody wrote of a field, and keeps it, so that it need not be written again.
func (r *refusal) ofField(v *visit, misfit *catalog.Misfit) {
	form, why := v.r.PostForm, misfit.Why(v.Language)
	r.Typed = form
	switch {
	case why != "":
		r.Text, r.Force = v.T("decide.misfit.correct", form.Get("value"), why), true
	case strings.TrimSpace(form.Get("value")) == "":
		r.Text = v.T("decide.no-value")
	case form.Get("force") != "" && strings.TrimSpace(form.Get("reason")) == "":
		r.Text, r.Force = v.T("decide.reason"), true
	default:
		r.Text = v.T("decide.misfit.other")
	}
}

// misfitOf is by which ending the message is known of what did not fit.
func misfitOf(do string) string {
	switch do {
	case catalog.DoCut, "cut-dossier", catalog.DoJoin, catalog.DoMove, catalog.DoArrange, catalog.DoRestore:
		return do
	}
	return "other"
}

// lastDecision tells who decided last about a dossier, and what; "" where nobody has.
func (e *edition) lastDecision(v *visit) string {
	if len(e.record.Decisions) == 0 {
		return ""
	}
	last := e.record.Decisions[len(e.record.Decisions)-1]
	return v.T("decide.last", last.Who, atTime(v.Language, last.At.In(v.site.cfg.Location)), v.site.decisionText(v, e, last))
}

// making answers whether a version that is being made is there by now: then htmx opens it. It is asked every second, and so it reads
// nothing of what the versions hold.
func (s *site) making(v *visit) error {
	record, err := s.catalog.Record(v.r.Context(), v.r.PathValue("code"), v.Who.Scope)
	if err != nil {
		return err
	}
	e := &edition{record: record, number: record.Version}
	head := s.headOf(v, e)
	if head.Making == 0 || head.Making > head.Awaited && head.Awaited > 0 {
		v.w.Header().Set("HX-Redirect", dossierPath(head.Code, "after", orNone(head.Awaited), "page", v.r.FormValue("page")))
	}
	name := "dossier"
	if e.number == 0 {
		name = "dossier-coming"
	}
	return v.fragment(name, "making", head)
}

// enterState records that a dossier came into a state: it was transferred, its result has come, or the citizen has it back.
func (s *site) enterState(v *visit) error {
	code, state := v.r.PathValue("code"), catalog.DossierState(v.r.PostFormValue("state"))
	if err := s.catalog.SetDossierState(v.r.Context(), code, state, "", v.Who); err != nil {
		return s.refused(v, err)
	}
	v.goTo(dossierPath(code) + "#about")
	return nil
}

// setPlace records where the paper of a dossier lies.
func (s *site) setPlace(v *visit) error {
	const most = 200 // letters
	code, place := v.r.PathValue("code"), strings.TrimSpace(v.r.PostFormValue("place"))
	if len([]rune(place)) > most {
		return s.refused(v, errForm("decide.place-long"))
	}
	if err := s.catalog.SetPlace(v.r.Context(), code, place, "", v.Who); err != nil {
		return s.refused(v, err)
	}
	v.goTo(dossierPath(code) + "#about")
	return nil
}
