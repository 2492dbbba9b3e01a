package catalog

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/dossierd/dossierd/dossier"
)

// Errors of decisions, to be tested with errors.Is. A *Misfit says what can't be done.
var (
	ErrStale     = errors.New("the dossier is not as it was seen")
	ErrWithdrawn = errors.New("the dossier was withdrawn")
)

// What a decision does.
const (
	DoCut      = "cut"      // another paper, or by Level another dossier, begins at Page
	DoJoin     = "join"     // the paper that begins at Page goes on from the one before it; with To, that dossier is joined to this one
	DoMove     = "move"     // Pages go before page Before of dossier To, or to its end as a paper of their own
	DoArrange  = "arrange"  // the pages are those of Documents, in this order
	DoRestore  = "restore"  // the page LeftOut is put back at its place
	DoReassign = "reassign" // all of it becomes dossier To
	DoWithdraw = "withdraw" // it was filed wrongly
	DoCorrect  = "correct"  // Field of the paper that Page is of is Value, or is Absent from it
	DoErase    = "erase"    // destroyed, but for what another dossier has too; a withdrawn one can be erased as well
)

// Decision is what a person decides about a dossier. Pages are those of the rendition, from 1.
type Decision struct {
	Do        string           `json:"do" enum:"cut,join,move,arrange,restore,reassign,withdraw,correct,erase"`
	Page      int              `json:"page,omitempty" minimum:"1" doc:"cut: the first page after the cut; join: the first page of the document that goes on from the one before it."`
	Level     dossier.CutLevel `json:"level,omitempty" enum:"document,dossier" doc:"cut: what begins there; document without it."`
	To        string           `json:"to,omitempty" maxLength:"64" doc:"Code of another dossier: join, move, reassign; cut at level dossier, which else is given the station's next."`
	Pages     []int            `json:"pages,omitempty" maxItems:"10000" doc:"move: the pages that go."`
	Before    int              `json:"before,omitempty" minimum:"1" doc:"move: the page of the other dossier that they go before; without it they become a document at its end."`
	Documents [][]int          `json:"documents,omitempty" maxItems:"10000" doc:"arrange: for each document its pages, in the new order; every page once."`
	LeftOut   string           `json:"left_out,omitempty" maxLength:"64" doc:"restore: id of the page."`
	Field     string           `json:"field,omitempty" maxLength:"64" doc:"correct: name of the field, of those that were read on the paper or any other."`
	Value     string           `json:"value,omitempty" maxLength:"5000" doc:"correct: what stands there. In the record it is masked where the field is personal."`
	Absent    bool             `json:"absent,omitempty" doc:"correct: the field is not on the paper."`
	Box       []float64        `json:"box,omitempty" minItems:"4" maxItems:"4" doc:"correct: where it stands, as fields have it in metadata.json; without it where it was read."`
	Force     bool             `json:"force,omitempty" doc:"correct: the value stands though the field's type can't have it; reason says why."`
	Reason    string           `json:"reason,omitempty" maxLength:"500" doc:"Why; withdraw and erase need one, and correct with force."`

	// Key has the decision taken once: sent again, it is answered alike. "" takes it each time.
	Key string `json:"-"`
	// ToVersion is the latest version of To as the person saw it; 0 for whichever that is.
	ToVersion int `json:"-"`

	made *Correction // of DoCorrect, once it is judged
}

// Decided is a decision that was taken, and the versions it makes.
type Decided struct {
	ID       string       `json:"id"`
	Versions []VersionKey `json:"versions"` // that are being made
}

// VersionKey names a version.
type VersionKey struct {
	Code   string `json:"code"`
	Number int    `json:"version"`
}

// outcome is what a decision makes of the dossiers it touches: by code, a plan without documents for one that ends. "" is a
// dossier whose code is yet to be allotted.
type outcome struct {
	order []string
	plans map[string]Plan
}

func (o *outcome) set(code string, p Plan) {
	if o.plans == nil {
		o.plans = map[string]Plan{}
	}
	if _, known := o.plans[code]; !known {
		o.order = append(o.order, code)
	}
	o.plans[code] = p
}

// Decide takes a decision about version number of a dossier: the next versions of all dossiers it touches are reserved, and
// made by a job; what is erased is destroyed by one. It returns ErrNotFound, also for a dossier that who does not see, ErrForbidden,
// ErrStale where another version is the latest, ErrWithdrawn, an *Erased, ErrBusy while a version is being made,
// ErrKeyReused, or a *Misfit.
func (c *Catalog) Decide(ctx context.Context, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	decided, err := c.decideOnce(ctx, code, number, d, who)
	if err != nil {
		return decided, fmt.Errorf("decide about %s: %w", code, err)
	}
	c.wake()
	return decided, nil
}

// decideAs takes a decision of somebody who may, and logs it.
func (c *Catalog) decideAs(ctx context.Context, t tx, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	if d.Do == DoErase && !who.Erase {
		return Decided{}, ErrForbidden
	}
	if err := sees(ctx, t, who.Scope, code); err != nil {
		return Decided{}, err
	}
	decided, err := c.decide(ctx, t, code, number, d, who)
	if err != nil {
		return decided, err
	}
	return decided, appendAudit(ctx, t, who, Entry{Action: ActionDecide, Subject: code, Details: map[string]any{
		"do": d.Do, "decision": decided.ID, "version": number, "to": d.To,
	}})
}

func (c *Catalog) decide(ctx context.Context, t tx, code string, number int, d Decision, who dossier.Principal) (Decided, error) {
	if d.Do == DoErase {
		return c.erase(ctx, t, code, number, d, who.Name)
	}
	codes := []string{code}
	if d.To != "" && d.To != code {
		codes = append(codes, d.To)
	}
	if err := lockDossiers(ctx, t, codes); err != nil {
		return Decided{}, err
	}
	of, err := readDossier(ctx, t, code, "")
	if err == nil {
		err = ended(ctx, t, of)
	}
	switch {
	case err != nil:
		return Decided{}, err
	case of.Version != number || number == 0:
		return Decided{}, ErrStale
	}
	plan, err := planOf(ctx, t, code, number)
	if err != nil {
		return Decided{}, err
	}
	other, err := d.otherPlan(ctx, t, who.Scope, of)
	if err != nil {
		return Decided{}, err
	}
	o, err := d.apply(code, plan, other)
	if err != nil {
		return Decided{}, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	return c.carryOut(ctx, t, of, d, o, now, who)
}

// otherPlan is the plan of the dossier that a decision names beside the one it is about; nil where there is none yet.
// Of one that is not in the scope nothing is told.
func (d *Decision) otherPlan(ctx context.Context, t tx, s dossier.Scope, of Dossier) (*Plan, error) {
	if d.To == "" || d.To == of.Code {
		return nil, nil
	}
	other, err := readDossier(ctx, t, d.To, "")
	may := err != nil || s.Sees(other.Department, other.Station)
	there := err == nil
	if errors.Is(err, ErrNotFound) {
		may, err = mayName(ctx, t, s, of.Station, d.To)
	}
	switch {
	case err != nil:
		return nil, err
	case !may && d.Do == DoJoin:
		return nil, nil // as where there is none
	case !may, there && (other.State == DossierWithdrawn || other.State == DossierErased || other.Version == 0):
		return nil, misfit("Dossier %s is withdrawn, erased or not there yet.", d.To)
	case !there:
		return nil, checkNewCode(ctx, t, d.To)
	}
	if d.ToVersion > 0 && other.Version != d.ToVersion {
		return nil, ErrStale
	}
	plan, err := planOf(ctx, t, d.To, other.Version)
	return &plan, err
}

var newCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$`)

// checkNewCode says what is wrong with a code that a person gives a dossier. Events are told to who sees their subject, and that is
// a dossier's code, a deposit's id or "test" and a subscriber: one must not be taken for another.
func checkNewCode(ctx context.Context, t tx, code string) error {
	var deposits int
	err := t.queryRow(ctx, `SELECT count(*) FROM deposits WHERE id = ?`, code).Scan(&deposits)
	if err == nil && (deposits > 0 || !newCode.MatchString(code)) {
		err = misfit("%q can't be the code of a dossier.", code)
	}
	return err
}

// carryOut records a decision and reserves what it makes.
func (c *Catalog) carryOut(ctx context.Context, t tx, of Dossier, d Decision, o outcome, now time.Time, who dossier.Principal) (Decided, error) {
	decided := Decided{ID: cmp.Or(d.keyed(who), newID("dec_", now)), Versions: []VersionKey{}}
	said, err := json.Marshal(d)
	if err != nil {
		return decided, err
	}
	_, err = t.exec(ctx, `INSERT INTO revisions (id, state, at, who, decision, code) VALUES (?, 'reserved', ?, ?, ?, ?)`,
		decided.ID, asMicros(now), who.Name, string(said), of.Code)
	if err != nil {
		return decided, err
	}
	var ends []string
	holders := map[string][]string{} // deposits to the dossiers that now hold pages of them
	for ordinal, code := range o.order {
		plan := o.plans[code]
		if len(plan.Documents) == 0 {
			ends = append(ends, code)
			continue
		}
		if code == "" {
			if code, err = c.allotCode(ctx, t, of.Station, now); err != nil {
				return decided, err
			}
		}
		number, err := c.reserveDecided(ctx, t, of, decided.ID, ordinal, code, plan, now)
		if err != nil {
			return decided, err
		}
		decided.Versions = append(decided.Versions, VersionKey{code, number})
		for _, id := range plan.deposits() {
			holders[id] = append(holders[id], code)
		}
	}
	if err := c.endDossiers(ctx, t, decided.ID, ends); err != nil {
		return decided, err
	}
	if err := rehold(ctx, t, of.Code, o, holders); err != nil {
		return decided, err
	}
	if len(decided.Versions) > 0 {
		_, err = t.insertJobs(ctx, []river.InsertManyParams{{Args: reviseArgs{decided.ID}}})
		return decided, err
	}
	return decided, c.publish(ctx, t, Published{Revision: decided.ID}, "")
}

// reserveDecided reserves the version of a dossier that a decision makes, and the dossier where it is a new one: then its papers
// came when those of the dossier it comes from did.
func (c *Catalog) reserveDecided(ctx context.Context, t tx, of Dossier, revision string, ordinal int, code string, plan Plan, now time.Time) (int, error) {
	_, err := readDossier(ctx, t, code, "")
	if errors.Is(err, ErrNotFound) {
		next := Dossier{Code: code, Station: of.Station, Department: of.Department, ReceivedAt: of.ReceivedAt, Channel: of.Channel}
		next.Year = now.In(c.location.Load()).Year()
		err = insertDossier(ctx, t, next)
	}
	if err != nil {
		return 0, err
	}
	return reserve(ctx, t, revision, ordinal, code, plan)
}

// endDossiers notes which dossiers a revision withdraws. None of them may be busy.
func (c *Catalog) endDossiers(ctx context.Context, t tx, revision string, codes []string) error {
	for _, code := range codes {
		if err := busy(ctx, t, code); err != nil {
			return err
		}
	}
	list, err := listJSON(codes)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, `UPDATE revisions SET withdraws = ? WHERE id = ?`, list, revision)
	return err
}

// rehold brings up to date of which dossiers the deposits have pages. Decisions about two dossiers of one deposit wait for each other.
func rehold(ctx context.Context, t tx, code string, o outcome, holders map[string][]string) error {
	for _, id := range slices.Sorted(maps.Keys(holders)) {
		d, err := lockedFormer(ctx, t, id)
		if err != nil {
			return err
		}
		list := slices.DeleteFunc(d.Dossiers, func(held string) bool {
			_, touched := o.plans[held]
			return touched || held == code
		})
		text, err := listJSON(append(list, holders[id]...))
		if err != nil {
			return err
		}
		if _, err := t.exec(ctx, `UPDATE deposits SET dossiers = ? WHERE id = ?`, text, id); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes the dossiers that a revision ends out of the lists, with an event each.
func (c *Catalog) withdraw(ctx context.Context, t tx, revision string, now time.Time) error {
	var list, said, who, about string
	err := t.queryRow(ctx, `SELECT withdraws, decision, who, code FROM revisions WHERE id = ?`, revision).Scan(&list, &said, &who, &about)
	if err != nil {
		return err
	}
	codes, err := fromListJSON(list)
	if err != nil {
		return err
	}
	for _, code := range codes {
		d, err := fromJSON[Decision](said)
		if err != nil {
			return err
		}
		reason := d.endReason(code, about)
		_, err = t.exec(ctx, `UPDATE dossiers SET state = 'withdrawn', reason = ? WHERE code = ?`, reason, code)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO dossier_states (code, state, at, who) VALUES (?, 'withdrawn', ?, ?)`, code, asMicros(now), who)
		if err != nil {
			return err
		}
		of, err := readDossier(ctx, t, code, "")
		if err != nil {
			return err
		}
		facts := of.facts()
		facts.Reason = dossier.MaskText(reason)
		err = c.commitEvent(ctx, t, code, dossier.Event{Type: dossier.EventDossierWithdrawn, Data: dossier.EventData{Dossier: facts}})
		if err != nil {
			return err
		}
	}
	return c.unindex(ctx, t, codes...)
}

// facts is what an event tells of a dossier apart from its pages.
func (d Dossier) facts() *dossier.DossierFacts {
	return &dossier.DossierFacts{
		Code: d.Code, Version: d.Version, Department: d.Department, Station: d.Station, Procedure: d.Procedure,
		Documents: []dossier.DocumentFacts{}, Fields: map[string]json.RawMessage{}, Warnings: []string{},
	}
}

// endReason says why a dossier ended by a decision about one.
func (d *Decision) endReason(ended, about string) string {
	if d.Do == DoWithdraw || d.To == "" {
		return d.Reason
	}
	to := d.To
	if to == ended { // it was joined to the one that the decision is about
		to = about
	}
	return cmp.Or(d.Reason, joined+to)
}

const joined = "its pages are in "

// JoinedTo is the code of the dossier that has the pages of one which ended for this reason; "" where a person gave the reason.
func JoinedTo(reason string) string {
	code, ok := strings.CutPrefix(reason, joined)
	if !ok || !newCode.MatchString(code) {
		return ""
	}
	return code
}

// Revision lists the versions that are reserved for a decision.
func (c *Catalog) Revision(ctx context.Context, id string) ([]Version, error) {
	versions, err := reservedVersions(ctx, c.db, id)
	if err != nil {
		return nil, fmt.Errorf("read revision %s: %w", id, err)
	}
	return versions, nil
}
