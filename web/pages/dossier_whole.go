package pages

import (
	"cmp"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/dossierd/dossierd/storage/catalog"
)

// wholePage is the step before something is done with a whole dossier. It says what comes of it.
type wholePage struct {
	dossierHead
	Do      string // join, reassign, withdraw, erase
	Version int
	Pages   int
	To      string        // code of the other dossier
	Other   *otherDossier // that is joined; nil where there is none
	Points  []point
	Reason  string
	Fault   string // why it was not done, or can't be
	Ready   bool   // all is known of what it comes to: it can be done
}

// otherDossier is one that is to be joined.
type otherDossier struct {
	Code, Path, Station string
	ReceivedAt          time.Time
	Version, Pages      int
}

// point is a sentence about what comes of it.
type point struct {
	Sort string // comes, goes, stays
	Text string
}

// whole shows the step.
func (s *site) whole(v *visit) error {
	return s.showWhole(v, http.StatusOK, "")
}

func (s *site) showWhole(v *visit, status int, fault string) error {
	p, err := s.wholePage(v)
	if err != nil {
		return err
	}
	p.Fault = cmp.Or(p.Fault, fault)
	return v.render(status, "dossier-whole", p)
}

// wholePage is errNotFound where nothing of the sort can be done with the dossier as it stands.
func (s *site) wholePage(v *visit) (*wholePage, error) {
	record, err := s.catalog.Record(v.r.Context(), v.r.PathValue("code"), v.Who.Scope)
	if err != nil {
		return nil, err
	}
	e := &edition{record: record, number: record.Version}
	p := &wholePage{
		dossierHead: s.headOf(v, e), Do: v.r.FormValue("do"), Version: record.Version, Pages: e.pages(),
		To: strings.TrimSpace(v.r.FormValue("to")), Reason: strings.TrimSpace(v.r.PostFormValue("reason")),
	}
	switch {
	case p.Do == catalog.DoErase && !p.Erases:
		return nil, errForbidden
	case record.Version == 0, record.State == catalog.DossierErased, record.State == catalog.DossierWithdrawn && p.Do != catalog.DoErase:
		return nil, errNotFound
	}
	if err := s.audit(v, catalog.ActionView, record.Code, lookedAt{Version: record.Version}); err != nil {
		return nil, err
	}
	switch p.Do {
	case catalog.DoJoin, catalog.DoReassign:
		err = s.meetOther(v, p)
	case catalog.DoWithdraw:
		p.Ready = true
		p.Points = []point{
			{"goes", v.T("whole.withdraw.lists")},
			{"goes", v.T("whole.withdraw.told")},
			{"stays", v.T("whole.withdraw.files", len(e.versionLinks()))},
			{"stays", v.T("whole.history")},
		}
	case catalog.DoErase:
		p.Ready = true
		p.Points = []point{
			{"goes", v.T("whole.erase.versions", len(e.versionLinks()))},
			{"goes", v.T("whole.erase.pages", p.Pages)},
			{"goes", v.T("whole.erase.known")},
			{"stays", v.T("whole.erase.tombstone")},
			{"stays", v.T("whole.erase.counts")},
			{"stays", v.T("whole.erase.elsewhere")},
		}
	default:
		return nil, errNotFound
	}
	return p, err
}

// pages are those of the latest version.
func (e *edition) pages() int {
	for _, made := range e.record.Versions {
		if made.Number == e.record.Version {
			return made.Pages
		}
	}
	return 0
}

// meetOther finds the dossier of the code that was written, and says what the two come to. Of one that the visitor does not see
// nothing is told.
func (s *site) meetOther(v *visit, p *wholePage) error {
	if p.To == "" {
		return nil
	}
	if p.To == p.Code {
		p.Fault = v.T("whole.same")
		return nil
	}
	other, err := s.catalog.Record(v.r.Context(), p.To, v.Who.Scope)
	e := &edition{record: other}
	there := err == nil
	switch {
	case err != nil && !errors.Is(err, catalog.ErrNotFound):
		return err
	case there && (e.ended() || other.Version == 0):
		p.Fault = v.T("whole.ended", p.To)
	case p.Do == catalog.DoReassign && there:
		p.Fault = v.T("whole.reassign.taken", p.To)
	case p.Do == catalog.DoReassign:
		p.Ready = true
		p.Points = []point{
			{"comes", v.T("whole.reassign.comes", p.Pages, p.To)},
			{"goes", v.T("whole.leaves", p.Code)},
			{"stays", v.T("whole.files")},
			{"stays", v.T("whole.history")},
		}
	case !there:
		p.Fault = v.T("whole.join.none", p.To)
	default:
		p.Ready = true
		p.Other = &otherDossier{other.Code, dossierPath(other.Code), other.Station, other.ReceivedAt, other.Version, e.pages()}
		p.Points = []point{
			{"comes", v.T("whole.join.comes", p.Code, p.Pages+p.Other.Pages, p.Pages, p.Other.Pages, other.Code)},
			{"comes", v.T("whole.join.checked")},
			{"goes", v.T("whole.leaves", other.Code)},
			{"stays", v.T("whole.files")},
			{"stays", v.T("whole.history")},
		}
		return s.audit(v, catalog.ActionView, other.Code, lookedAt{Version: other.Version})
	}
	return nil
}

// decideWhole does it, once it is confirmed. What is refused is said where it was asked for.
func (s *site) decideWhole(v *visit) error {
	d := catalog.Decision{
		Do: v.r.PostFormValue("do"), To: strings.TrimSpace(v.r.PostFormValue("to")), ToVersion: wholeNumber(v.r.PostFormValue("to_version")),
		Reason: strings.TrimSpace(v.r.PostFormValue("reason")),
	}
	code := v.r.PathValue("code")
	ends := d.Do == catalog.DoWithdraw || d.Do == catalog.DoErase
	switch {
	case d.Do == catalog.DoErase && !v.May("erase"):
		return errForbidden
	case !ends && d.Do != catalog.DoJoin && d.Do != catalog.DoReassign:
		return errNotFound
	case !ends && d.To == "":
		return s.showWhole(v, http.StatusUnprocessableEntity, v.T("whole.which"))
	case ends && d.Reason == "":
		return s.showWhole(v, http.StatusUnprocessableEntity, v.T("decide.reason"))
	case ends && !strings.EqualFold(strings.TrimSpace(v.r.PostFormValue("confirm")), code):
		return s.showWhole(v, http.StatusUnprocessableEntity, v.T("whole.not-confirmed", code))
	}
	err := s.carryOut(v, d)
	var misfit *catalog.Misfit
	switch {
	case errors.Is(err, catalog.ErrStale):
		return s.showWhole(v, http.StatusPreconditionFailed, v.T("whole.stale"))
	case errors.Is(err, catalog.ErrBusy):
		return s.showWhole(v, http.StatusConflict, v.T("decide.busy"))
	case errors.As(err, &misfit):
		return s.showWhole(v, http.StatusUnprocessableEntity, v.T("whole.misfit."+d.Do, d.To))
	}
	return err
}
