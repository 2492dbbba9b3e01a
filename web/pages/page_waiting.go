package pages

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

func (s *site) waitingRoutes() []route {
	return []route{
		{pattern: "GET /waiting", right: access.View, nav: "waiting.nav", do: s.waiting},
		{pattern: "POST /waiting/close", right: access.Mend, do: s.closeWaiting},
		{pattern: "POST /waiting/retry", right: access.Mend, do: s.retry},
		{pattern: "POST /waiting/assign", right: access.Mend, do: s.assign},
		{pattern: "POST /waiting/dismiss", right: access.Mend, do: s.dismiss},
	}
}

const (
	refusedAtOnce = 50
	mostAtOnce    = 1000 // that one form is about
	longestWho    = 64   // of who sees to something, in characters
	longestReason = 500  // of a dismissal or a decision, in characters
)

// Whose refused deposits the list is narrowed to.
const (
	seenToByMe     = "mine"
	seenToByNobody = "nobody"
)

// waitingPage is what the page of what waits and what was refused is given.
type waitingPage struct {
	Station, Who string           // that the lists are narrowed to
	Dismissed    bool             // refused deposits of which nothing more is to be done, in place of the others
	Stations     []office.Station // that the lists can be narrowed to
	Whose        []string
	Batches      []batchShown
	Refused      []refusedShown
	Next         string // address of the younger ones; "" on the last page
	Back         string // address of the page as it is narrowed
	Me           string
	Mend         bool // the visitor may act
	Told         []noticeShown
}

// batchShown is a batch that is not closed.
type batchShown struct {
	catalog.WaitingBatch
	Waits string // what it waits for: the end of a message's key
}

// refusedShown is a refused deposit, its texts masked and in the visitor's language.
type refusedShown struct {
	catalog.Quarantined
	Name, Why string
	Reason    string // of its dismissal
}

// noticeShown is a sentence about what was done.
type noticeShown struct{ Kind, Text string }

func (s *site) waiting(v *visit) error {
	p := waitingPage{
		Station: v.r.FormValue("station"), Who: v.r.FormValue("who"), Dismissed: v.r.FormValue("dismissed") != "",
		Whose: []string{seenToByMe, seenToByNobody}, Me: v.Who.Name, Mend: access.May(v.Who, access.Mend),
		Told: v.mendedTold(),
	}
	p.Back = p.address("")
	var err error
	if p.Stations, err = s.stationsOf(v); err != nil {
		return err
	}
	if p.Batches, err = s.batchesShown(v, p.Station); err != nil {
		return err
	}
	if err := s.refusedShown(v, &p); err != nil {
		return err
	}
	return v.render(http.StatusOK, "waiting", p)
}

// stationsOf are the stations that the visitor sees, whichever daemon watches them.
func (s *site) stationsOf(v *visit) ([]office.Station, error) {
	folders, err := s.catalog.Folders(v.r.Context(), v.Who.Scope)
	all := office.Watched(s.cfg.Office().Stations, folders)
	return slices.DeleteFunc(all, func(st office.Station) bool { return !v.Who.Scope.Sees(st.Department, st.Name) }), err
}

// address is that of the page as it is narrowed, behind the deposit of an id.
func (p *waitingPage) address(after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"station": p.Station, "who": p.Who, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if p.Dismissed {
		q.Set("dismissed", "1")
	}
	if len(q) == 0 {
		return "/waiting"
	}
	return "/waiting?" + q.Encode()
}

func (s *site) batchesShown(v *visit, station string) ([]batchShown, error) {
	all, err := s.catalog.Waiting(v.r.Context(), v.Who.Scope)
	if err != nil {
		return nil, err
	}
	var list []batchShown
	for _, b := range all {
		if station != "" && b.Station != station {
			continue
		}
		shown := batchShown{WaitingBatch: b, Waits: b.Waits}
		if shown.Waits == "" && b.Pages > 0 {
			shown.Waits = "reading"
		}
		list = append(list, shown)
	}
	return list, nil
}

func (s *site) refusedShown(v *visit, p *waitingPage) error {
	f := catalog.QuarantineFilter{
		Station: p.Station, Unassigned: p.Who == seenToByNobody, Dismissed: p.Dismissed, After: v.r.FormValue("after"), Limit: refusedAtOnce + 1,
	}
	if p.Who == seenToByMe {
		f.Assigned = v.Who.Name
	}
	list, err := s.catalog.Quarantine(v.r.Context(), v.Who.Scope, f)
	if err == nil && len(list) > 0 {
		err = s.catalog.AuditOnce(v.r.Context(), v.Who, catalog.Entry{Action: catalog.ActionExport, Subject: "quarantine"})
	}
	if err != nil {
		return err
	}
	if len(list) > refusedAtOnce {
		list = list[:refusedAtOnce]
		p.Next = p.address(list[refusedAtOnce-1].ID)
	}
	for _, q := range list {
		shown := refusedShown{Quarantined: q, Name: dossier.MaskText(q.Name)}
		if q.Rejection != nil {
			shown.Why = dossier.MaskText(dossier.Message(v.Language, q.Rejection, q.Name))
		}
		if q.Dismissed != nil {
			shown.Reason = dossier.MaskText(q.Dismissed.Reason)
		}
		p.Refused = append(p.Refused, shown)
	}
	return nil
}

// mendedTold says what came of what was done before, as the address has it.
func (v *visit) mendedTold() []noticeShown {
	did := v.r.FormValue("did")
	switch did {
	case "closed":
		return []noticeShown{{"good", v.T("waiting.told.closed")}}
	case "reason":
		return []noticeShown{{"bad", v.T("waiting.told.reason")}}
	case "none":
		return []noticeShown{{"bad", v.T("waiting.told.none")}}
	case "retry", "assign", "dismiss":
	default:
		return nil
	}
	var told []noticeShown
	if n, err := strconv.Atoi(v.r.FormValue("done")); err == nil && n > 0 {
		told = append(told, noticeShown{"good", v.T("waiting.told."+did, n)})
	}
	if n, err := strconv.Atoi(v.r.FormValue("left")); err == nil && n > 0 {
		told = append(told, noticeShown{"warn", v.T("waiting.told.left", n)})
	}
	return told
}

func (s *site) closeWaiting(v *visit) error {
	id := v.r.PostFormValue("batch")
	if err := s.catalog.CloseWaiting(v.r.Context(), v.Who, id); err != nil {
		return err
	}
	v.goBack(url.Values{"did": {"closed"}})
	return nil
}

func (s *site) retry(v *visit) error {
	return s.mend(v, "retry", func(ids []string) ([]catalog.Refused, error) {
		how := dossier.Retry{Plain: v.r.PostFormValue("plain") != ""}
		return s.catalog.Requeue(v.r.Context(), v.Who, ids, &how)
	})
}

func (s *site) assign(v *visit) error {
	return s.mend(v, "assign", func(ids []string) ([]catalog.Refused, error) {
		return s.catalog.Assign(v.r.Context(), v.Who, ids, atMost(v.r.PostFormValue("to"), longestWho))
	})
}

func (s *site) dismiss(v *visit) error {
	return s.mend(v, "dismiss", func(ids []string) ([]catalog.Refused, error) {
		return s.catalog.Dismiss(v.r.Context(), v.Who, ids, atMost(v.r.PostFormValue("reason"), longestReason))
	})
}

// mend does something about the refused deposits that are ticked, or about the one whose own button was pressed.
func (s *site) mend(v *visit, what string, do func(ids []string) ([]catalog.Refused, error)) error {
	if err := v.r.ParseForm(); err != nil {
		return errNotFound
	}
	ids := v.r.PostForm["id"]
	if one := v.r.PostFormValue("only"); one != "" {
		ids = []string{one}
	}
	if len(ids) > mostAtOnce {
		return errNotFound // no page of ours offers so many
	}
	if len(ids) == 0 {
		v.goBack(url.Values{"did": {"none"}})
		return nil
	}
	left, err := do(ids)
	if misfit := (*catalog.Misfit)(nil); errors.As(err, &misfit) {
		v.goBack(url.Values{"did": {"reason"}})
		return nil
	}
	if err != nil {
		return err
	}
	v.goBack(url.Values{"did": {what}, "done": {strconv.Itoa(len(ids) - len(left))}, "left": {strconv.Itoa(len(left))}})
	return nil
}

// goBack leads to the list as it was narrowed, with what is to be told there.
func (v *visit) goBack(told url.Values) {
	path := "/waiting"
	if u, err := url.Parse(access.LocalPath(v.r.PostFormValue("back"))); err == nil && u.Path == path {
		for name, values := range u.Query() {
			if slices.Contains([]string{"station", "who", "dismissed"}, name) {
				told[name] = values
			}
		}
	}
	v.goTo(path + "?" + told.Encode())
}

// atMost is a text without blanks around it, cut where it is longer than it may be.
func atMost(text string, most int) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) > most {
		return string([]rune(text)[:most])
	}
	return text
}
