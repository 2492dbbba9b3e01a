package pages

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
	"github.com/dossierd/dossierd/web/office"
)

func (s *site) deliveryRoutes() []route {
	return []route{
		{pattern: "GET /deliveries", right: access.Mend, nav: "delivery.nav", do: s.deliveries},
		{pattern: "GET /deliveries/{id}", right: access.Mend, do: s.delivery},
		{pattern: "POST /deliveries/replay", right: access.Mend, do: s.replay},
		{pattern: "POST /deliveries/test", right: access.Mend, do: s.sendTest},
		{pattern: "POST /deliveries/on", right: access.Mend, do: s.switchOn},
	}
}

const deliveriesAtOnce = 50

// deliveriesPage is what the list of deliveries is given.
type deliveriesPage struct {
	State, Subscriber, Subject string // that the list is narrowed to
	States                     []catalog.DeliveryState
	Subscribers                []subscriberShown
	Deliveries                 []catalog.Delivery
	Next                       string // address of the older ones; "" on the last page
	Told                       string // sentence: what was done before
	All                        bool   // the visitor sees all records: what is pending is told, and subscribers are seen to
}

// subscriberShown is an endpoint that events go to, or went to.
type subscriberShown struct {
	office.Subscriber
	Off *catalog.SwitchedOff
}

func (s *site) deliveries(v *visit) error {
	ctx := v.r.Context()
	f := catalog.DeliveryFilter{
		State: catalog.DeliveryState(v.r.FormValue("state")), Subscriber: v.r.FormValue("subscriber"),
		Subject: strings.TrimSpace(v.r.FormValue("subject")), Before: v.r.FormValue("before"), Limit: deliveriesAtOnce + 1,
	}
	list, err := s.catalog.Deliveries(ctx, v.Who.Scope, f)
	if err != nil {
		return err
	}
	p := deliveriesPage{
		All: v.Who.Scope.All, State: string(f.State), Subscriber: f.Subscriber, Subject: f.Subject, Deliveries: list,
		States: []catalog.DeliveryState{catalog.DeliveryPending, catalog.DeliveryDelivered, catalog.DeliveryDead},
	}
	if len(list) > deliveriesAtOnce {
		p.Deliveries = list[:deliveriesAtOnce]
		q := v.r.URL.Query()
		q.Set("before", p.Deliveries[deliveriesAtOnce-1].ID)
		p.Next = "/deliveries?" + q.Encode()
	}
	switch {
	case v.r.FormValue("on") != "":
		p.Told = v.T("delivery.told.on", v.r.FormValue("on"))
	case v.r.FormValue("replayed") != "":
		p.Told = v.T("delivery.told.replayed")
	}
	if p.Subscribers, err = s.subscribers(v); err != nil {
		return err
	}
	return v.render(http.StatusOK, "deliveries", p)
}

// subscribers are those of the settings, and those that are switched off though no settings have them any more.
func (s *site) subscribers(v *visit) ([]subscriberShown, error) {
	off, err := s.catalog.SwitchedOff(v.r.Context())
	if err != nil {
		return nil, err
	}
	var list []subscriberShown
	for _, sub := range s.cfg.Office().Subscribers {
		shown := subscriberShown{Subscriber: sub}
		if i := slices.IndexFunc(off, func(o catalog.SwitchedOff) bool { return o.Subscriber == sub.Name }); i >= 0 {
			shown.Off = &off[i]
			off = slices.Delete(slices.Clone(off), i, i+1)
		}
		list = append(list, shown)
	}
	for _, o := range off {
		list = append(list, subscriberShown{Subscriber: office.Subscriber{Name: o.Subscriber}, Off: &o})
	}
	return list, nil
}

// deliveryPage is what the page of one delivery is given.
type deliveryPage struct {
	catalog.Delivery
	Attempts []attemptShown
	Event    string // its JSON, indented
	Told     string
}

// attemptShown is one attempt, its headers in order.
type attemptShown struct {
	catalog.Attempt
	Number  int
	Seconds float64
	Lines   []string
}

func (s *site) delivery(v *visit) error {
	d, attempts, err := s.catalog.ViewDelivery(v.r.Context(), v.Who, v.r.PathValue("id"))
	if err != nil {
		return err
	}
	p := deliveryPage{Delivery: d, Event: indented(d.Body)}
	if v.r.FormValue("replayed") != "" {
		p.Told = v.T("delivery.told.replayed")
	}
	if v.r.FormValue("sent") != "" {
		p.Told = v.T("delivery.told.sent")
	}
	for i, a := range slices.Backward(attempts) {
		shown := attemptShown{Attempt: a, Number: i + 1, Seconds: a.Took.Round(time.Millisecond).Seconds()}
		for name, value := range a.Headers {
			shown.Lines = append(shown.Lines, name+": "+value)
		}
		slices.Sort(shown.Lines)
		p.Attempts = append(p.Attempts, shown)
	}
	return v.render(http.StatusOK, "delivery", p)
}

// indented is JSON for people; what is none stays as it is.
func indented(body []byte) string {
	var b bytes.Buffer
	if json.Indent(&b, body, "", "  ") != nil {
		return string(body)
	}
	return b.String()
}

// replay sends deliveries again: those that are ticked, or the one whose page was open.
func (s *site) replay(v *visit) error {
	if err := v.r.ParseForm(); err != nil {
		return errNotFound
	}
	ids := v.r.PostForm["id"]
	if len(ids) > mostAtOnce {
		return errNotFound
	}
	if err := v.mended("deliveries/replay", map[string]any{"deliveries": ids}); err != nil {
		return err
	}
	if _, err := s.catalog.Replay(v.r.Context(), v.Who.Scope, ids); err != nil {
		return err
	}
	if len(ids) == 1 && v.r.FormValue("back") == "one" {
		v.goTo("/deliveries/" + url.PathEscape(ids[0]) + "?replayed=1")
		return nil
	}
	v.goTo("/deliveries?replayed=1")
	return nil
}

func (s *site) sendTest(v *visit) error {
	name := v.r.FormValue("subscriber")
	if !v.Who.Scope.All {
		return errForbidden // it goes to one who is told of all records
	}
	id, err := s.catalog.SendTest(v.r.Context(), v.Who, "", name)
	if err != nil {
		return err
	}
	v.goTo("/deliveries/" + url.PathEscape(id) + "?sent=1")
	return nil
}

func (s *site) switchOn(v *visit) error {
	name := v.r.FormValue("subscriber")
	if !v.Who.Scope.All {
		return errForbidden // all that is pending goes out
	}
	if err := v.mended("deliveries/on", map[string]any{"subscriber": name}); err != nil {
		return err
	}
	if _, err := s.catalog.SwitchOn(v.r.Context(), name); err != nil {
		return err
	}
	v.goTo("/deliveries?" + url.Values{"on": {name}}.Encode())
	return nil
}

// mended tells the audit log what was mended.
func (v *visit) mended(subject string, details map[string]any) error {
	return v.site.catalog.Audit(v.r.Context(), v.Who, catalog.Entry{Action: catalog.ActionMend, Subject: subject, Details: details})
}
