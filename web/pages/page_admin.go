package pages

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

func (s *site) adminRoutes() []route {
	return []route{
		{pattern: "GET /admin", right: access.Administer, nav: "admin.nav", do: s.admin},
		{pattern: "POST /admin/health", right: access.Administer, do: s.examine},
		{pattern: "GET /admin/users", right: access.Administer, do: s.users},
		{pattern: "POST /admin/users", right: access.Administer, do: s.addUser},
		{pattern: "GET /admin/users/{name}", right: access.Administer, do: s.userPage},
		{pattern: "POST /admin/users/{name}", right: access.Administer, do: s.changeUser},
		{pattern: "POST /admin/users/{name}/link", right: access.Administer, do: s.newLink},
		{pattern: "GET /admin/rules", right: access.Administer, do: s.rulesPage},
		{pattern: "GET /admin/kinds/{name}", right: access.Administer, do: s.kindOf},
		{pattern: "POST /admin/kinds/{name}", right: access.Administer, do: s.tryKind},
		{pattern: "GET /admin/audit", right: access.Administer, do: s.auditPage},
		{pattern: "POST /admin/audit/verify", right: access.Administer, do: s.verifyAudit},
	}
}

// readyTime bounds the check of what dossierd needs; who asks gives up soon.
const readyTime = 5 * time.Second

// adminPage is what the page of stations, subscribers and health is given.
type adminPage struct {
	Faults      []string // what keeps dossierd from working; none where nothing does
	Stations    []office.Station
	Subscribers []subscriberShown
	Examines    bool             // the visitor may have the machine examined
	Findings    []office.Finding // what is urgent first; none where nobody had it examined
	All         bool             // the visitor sees all records: what is pending is told
	Missing     int              // those that keep something from working
	Fault       string           // sentence: why it was not examined
}

func (s *site) admin(v *visit) error { return s.adminWith(v, http.StatusOK, adminPage{}) }

func (s *site) adminWith(v *visit, status int, p adminPage) error {
	p.All = v.Who.Scope.All
	p.Faults, p.Examines = s.faults(v.r.Context()), s.cfg.Examine != nil && p.All
	var err error
	if p.Stations, err = s.stationsOf(v); err != nil {
		return err
	}
	if p.Subscribers, err = s.subscribers(v); err != nil {
		return err
	}
	return v.render(status, "admin", p)
}

// examine has the machine looked at, for who sees all records: what is found tells of all stations.
func (s *site) examine(v *visit) error {
	if !v.Who.Scope.All || s.cfg.Examine == nil {
		return errForbidden
	}
	var p adminPage
	var err error
	p.Findings, err = s.cfg.Examine(v.r.Context(), v.Language)
	switch {
	case errors.Is(err, office.ErrBusy):
		p.Fault = v.T("admin.busy")
	case errors.Is(err, office.ErrBounds):
		p.Fault = v.T("health.bounds")
	case err != nil:
		return err
	}
	status := http.StatusOK
	if p.Fault != "" {
		status = http.StatusServiceUnavailable
	}
	urgency := []string{"missing", "warning", "good"}
	slices.SortStableFunc(p.Findings, func(a, b office.Finding) int {
		return slices.Index(urgency, a.State) - slices.Index(urgency, b.State)
	})
	for _, f := range p.Findings {
		if f.State == "missing" {
			p.Missing++
		}
	}
	return s.adminWith(v, status, p)
}

func (s *site) faults(ctx context.Context) []string {
	if s.cfg.Ready == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	if err := s.cfg.Ready(ctx); err != nil {
		return strings.Split(err.Error(), "\n") // errors.Join has one a line
	}
	return nil
}

// rulesShown is what the page of procedures and kinds is given.
type rulesShown struct {
	Procedures []office.Procedure
	Kinds      []office.Kind
}

func (s *site) rulesPage(v *visit) error {
	o := s.cfg.Office()
	return v.render(http.StatusOK, "rules", rulesShown{Procedures: o.Procedures, Kinds: o.Kinds})
}

// In is a text in a language, or in any that it has.
func (rulesShown) In(text office.Text, language string) string {
	return inLanguage(map[string]string{"vi": text.VI, "fr": text.FR, "en": text.EN}, language)
}

// Kind is what people call a kind.
func (p rulesShown) Kind(name, language string) string {
	if i := slices.IndexFunc(p.Kinds, func(k office.Kind) bool { return k.Name == name }); i >= 0 {
		return p.In(p.Kinds[i].Title, language)
	}
	return name
}

const auditedAtOnce = 100

// auditShown is what the page of the audit log is given.
type auditShown struct {
	Who, Subject string // that it is narrowed to
	Action       catalog.Action
	Actions      []catalog.Action
	Rows         []catalog.Audited
	Next         string // address of the older rows; "" on the last page
	Told         []noticeShown
}

// auditActions are what the log can be narrowed to.
var auditActions = []catalog.Action{
	catalog.ActionView, catalog.ActionDeposit, catalog.ActionObject, catalog.ActionPersonal, catalog.ActionSearch, catalog.ActionExport,
	catalog.ActionUpload, catalog.ActionDecide, catalog.ActionState, catalog.ActionPlace, catalog.ActionMend, catalog.ActionLogin,
	catalog.ActionLoginRefused, catalog.ActionLogout, catalog.ActionPassword, catalog.ActionLink, catalog.ActionUser, catalog.ActionAudit,
}

func (s *site) auditPage(v *visit) error { return s.auditTold(v) }

func (s *site) auditTold(v *visit, told ...noticeShown) error {
	if !v.Who.Scope.All {
		return errForbidden // it tells of all records
	}
	before, _ := strconv.ParseInt(v.r.FormValue("before"), 10, 64) // what is no number is the end
	p := auditShown{
		Who: strings.TrimSpace(v.r.FormValue("who")), Subject: strings.TrimSpace(v.r.FormValue("subject")),
		Action: catalog.Action(v.r.FormValue("action")), Actions: auditActions, Told: told,
	}
	rows, err := s.catalog.AuditLog(v.r.Context(), catalog.AuditFilter{
		Who: p.Who, Action: p.Action, Subject: p.Subject, Before: before, Limit: auditedAtOnce + 1,
	})
	if err != nil {
		return err
	}
	if err := s.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{Action: catalog.ActionAudit}); err != nil {
		return err
	}
	if p.Rows = rows; len(rows) > auditedAtOnce {
		p.Rows = rows[:auditedAtOnce]
		p.Next = "/admin/audit?" + url.Values{
			"who": {p.Who}, "subject": {p.Subject}, "action": {string(p.Action)}, "before": {strconv.FormatInt(p.Rows[auditedAtOnce-1].Number, 10)},
		}.Encode()
	}
	return v.render(http.StatusOK, "audit", p)
}

// verifyAudit walks the chain of the log from its first row to its end.
func (s *site) verifyAudit(v *visit) error {
	if !v.Who.Scope.All {
		return errForbidden
	}
	head, err := s.catalog.VerifyAudit(v.r.Context())
	if broken := (*catalog.BrokenChain)(nil); errors.As(err, &broken) {
		s.log.Error("the audit log is not as it was written", "row", broken.Number, "fault", broken.Fault)
		return s.auditTold(v, noticeShown{"bad", v.T("audit.broken", int(broken.Number))})
	}
	if err != nil {
		return err
	}
	return s.auditTold(v, noticeShown{"good", v.T("audit.whole", int(head.Number), head.String())})
}
