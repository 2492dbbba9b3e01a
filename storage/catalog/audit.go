package catalog

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Action is what somebody did, as the audit log has it.
type Action string

// The actions. What they are about is the entry's subject.
const (
	ActionView         Action = "dossier.view"   // of a dossier's record, page or manifest, or of a delivery that tells of it
	ActionDeposit      Action = "deposit.view"   //
	ActionObject       Action = "object.read"    // of an object that is not personal
	ActionPersonal     Action = "personal.read"  // of what is personal: an object by its key, or lookup/<hash>
	ActionSearch       Action = "search"         // details: query, found
	ActionExport       Action = "export"         // of lists, the feed and reports
	ActionUpload       Action = "deposit.upload" //
	ActionDecide       Action = "dossier.decide" // details: the decision
	ActionState        Action = "dossier.state"  //
	ActionPlace        Action = "dossier.place"  //
	ActionMend         Action = "mend"           // of what waits, is in quarantine or could not be delivered
	ActionLogin        Action = "login"          //
	ActionLoginRefused Action = "login.refused"  //
	ActionLogout       Action = "logout"         //
	ActionPassword     Action = "user.password"  // it was set
	ActionLink         Action = "user.link"      // one to set a password was made
	ActionUser         Action = "user.change"    // details: what the user is now
	ActionAudit        Action = "audit.read"     // of the log itself
)

// Entry is what the audit log is told. Personal text belongs neither into subject nor into details.
type Entry struct {
	Action  Action
	Subject string // what it is about; "" for nothing single
	Details any    // what JSON makes an object of; nil for nothing
}

// Audited is a row of the audit log.
type Audited struct {
	Number  int64                 `json:"number"` // from 1, none is left out
	At      time.Time             `json:"at"`
	Kind    dossier.PrincipalKind `json:"kind"`
	Who     string                `json:"who"`
	Role    dossier.UserRole      `json:"role,omitempty"`
	Action  Action                `json:"action"`
	Subject string                `json:"subject,omitempty"`
	Details json.RawMessage       `json:"details,omitempty"`
	Hash    string                `json:"hash"`
}

// AuditHead is the end of the chain: who has noted it elsewhere can tell whether the log up to it is as it was.
type AuditHead struct {
	Number int64  `json:"number"` // 0: nothing was logged yet
	Hash   string `json:"hash"`
}

func (h AuditHead) String() string { return fmt.Sprintf("%d:%s", h.Number, h.Hash) }

// hashAfter is the hash of a row behind one whose hash is former: the SHA-256, in hexadecimal, of a JSON array without blanks.
func (a *Audited) hashAfter(former string) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode([]any{former, a.Number, asMicros(a.At), a.Kind, a.Who, a.Role, a.Action, a.Subject, string(a.Details)})
	sum := sha256.Sum256(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return hex.EncodeToString(sum[:]), err
}

// audited is an entry, and who it is of.
type audited struct {
	who   dossier.Principal
	entry Entry
}

// appendAudit is appendAll for one entry.
func appendAudit(ctx context.Context, t tx, who dossier.Principal, e Entry) error {
	return appendAll(ctx, t, []audited{{who, e}})
}

// appendAll adds entries to the log, as the last thing that a transaction does: the head stays locked until its end.
func appendAll(ctx context.Context, t tx, all []audited) error {
	var head AuditHead
	if err := t.queryRow(ctx, `SELECT number, hash FROM audit_head FOR UPDATE`).Scan(&head.Number, &head.Hash); err != nil {
		return fmt.Errorf("read the end of the audit log: %w", err)
	}
	for _, one := range all {
		who, e := one.who, one.entry
		details, err := detailsOf(e)
		if err != nil {
			return err
		}
		a := Audited{
			Number: head.Number + 1, At: time.Now().UTC().Truncate(time.Microsecond), Kind: who.Kind, Who: storable(who.Name), Role: who.Role,
			Action: e.Action, Subject: storable(e.Subject), Details: details,
		}
		if a.Hash, err = a.hashAfter(head.Hash); err != nil {
			return err
		}
		_, err = t.exec(ctx, `INSERT INTO audit (number, at, kind, who, role, action, subject, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.Number, asMicros(a.At), a.Kind, a.Who, a.Role, a.Action, a.Subject, string(a.Details), a.Hash)
		if err != nil {
			return fmt.Errorf("append to the audit log: %w", err)
		}
		head = AuditHead{a.Number, a.Hash}
	}
	_, err := t.exec(ctx, `UPDATE audit_head SET number = ?, hash = ?`, head.Number, head.Hash)
	return err
}

// Audit adds an entry to the log. It is durable when Audit returns nil; only then the reader of what it tells may be answered.
// Concurrent calls share a transaction.
func (c *Catalog) Audit(ctx context.Context, who dossier.Principal, e Entry) error {
	return wrapped(c.audit.bring(ctx, audited{who, e}), "log %s by %s", e.Action, who.Name)
}

// onceIn is how long a view that AuditOnce logged stands for the same one by the same.
const onceIn = 10 * time.Minute

// viewsMost is how many views are kept in mind; where there are more, some are logged again.
const viewsMost = 20_000

// views are those that were logged of late.
type views struct {
	mu     sync.Mutex
	logged map[view]time.Time
}

type view struct {
	who    string
	kind   dossier.PrincipalKind
	action Action
	about  string
}

// AuditOnce is Audit for what is asked for piece by piece, as the tiles of a page or the ranges of a file are: one entry stands for all
// that the same one asks about the subject within ten minutes. Details of later ones are not logged.
func (c *Catalog) AuditOnce(ctx context.Context, who dossier.Principal, e Entry) error {
	v, now := view{who.Name, who.Kind, e.Action, e.Subject}, time.Now()
	if c.views.fresh(v, now) {
		return nil
	}
	if err := c.Audit(ctx, who, e); err != nil {
		return err
	}
	c.views.keep(v, now)
	return nil
}

func (s *views) fresh(v view, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.logged[v]
	return ok && now.Sub(at) < onceIn
}

func (s *views) keep(v view, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.logged == nil || len(s.logged) >= viewsMost {
		s.logged = map[view]time.Time{}
	}
	s.logged[v] = now
}

func (c *Catalog) auditAll(ctx context.Context, all []audited) error {
	return c.db.write(ctx, func(t tx) error { return appendAll(ctx, t, all) })
}

func detailsOf(e Entry) (json.RawMessage, error) {
	if e.Details == nil {
		return nil, nil
	}
	text, err := json.Marshal(e.Details)
	if err != nil {
		return nil, fmt.Errorf("encode what the audit log is told of %s: %w", e.Action, err)
	}
	return text, nil
}

// storable is a text that both databases give back as they got it.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\ufffd")
}

// AuditFilter chooses rows of the audit log; the zero value of a field chooses all.
type AuditFilter struct {
	Who     string
	Action  Action
	Subject string
	Before  int64 // number of the last row of the former page
	Limit   int   // 0: 100
}

// ofSubject asks for rows about something, in words by which the index is found: SQLite goes through all rows without the second part.
const ofSubject = `subject = ? AND subject <> ''`

const auditColumns = `number, at, kind, who, role, action, subject, details, hash`

func scanAudited(r row) (Audited, error) {
	var a Audited
	var at int64
	var details string
	err := r.Scan(&a.Number, &at, &a.Kind, &a.Who, &a.Role, &a.Action, &a.Subject, &details, &a.Hash)
	a.At = asTime(at)
	if details != "" {
		a.Details = json.RawMessage(details)
	}
	return a, err
}

// AuditLog lists rows of the audit log, the last one first.
func (c *Catalog) AuditLog(ctx context.Context, f AuditFilter) ([]Audited, error) {
	var q conditions
	q.equal(`who`, f.Who)
	q.equal(`action`, string(f.Action))
	if f.Subject != "" {
		q.add(ofSubject, f.Subject)
	}
	if f.Before > 0 {
		q.add(`number < ?`, f.Before)
	}
	all, err := collect(ctx, c.db, scanAudited, `SELECT `+auditColumns+` FROM audit `+q.where()+` ORDER BY number DESC LIMIT ?`,
		append(q.args, orPageSize(f.Limit))...)
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return all, nil
}

// AuditEnd is the end of the audit log.
func (c *Catalog) AuditEnd(ctx context.Context) (AuditHead, error) {
	var h AuditHead
	if err := c.db.queryRow(ctx, `SELECT number, hash FROM audit_head`).Scan(&h.Number, &h.Hash); err != nil {
		return h, fmt.Errorf("read the end of the audit log: %w", err)
	}
	return h, nil
}
