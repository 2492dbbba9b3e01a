package dossier

import (
	"encoding/json"
	"time"
)

// EventType names a fact that subscribers can ask for.
type EventType string

// The event types.
const (
	EventDossierPublished  EventType = "dossier.published"
	EventDossierReview     EventType = "dossier.review"     // cuts are proposed to a person
	EventDossierIncomplete EventType = "dossier.incomplete" // papers are missing that its procedure asks for
	EventDossierWithdrawn  EventType = "dossier.withdrawn"  // filed wrongly, or re-assigned: gone from lists
	EventDossierErased     EventType = "dossier.erased"     // destroyed: whoever has copies should delete them
	EventDossierState      EventType = "dossier.state"      // transferred, result received, returned
	EventDepositRejected   EventType = "deposit.rejected"
	EventDepositDuplicate  EventType = "deposit.duplicate"
	EventDepositDismissed  EventType = "deposit.dismissed"      // rejected, and nothing more is done about it
	EventRescanAdvised     EventType = "deposit.rescan_advised" // what is seen at a glance asks for another scan

	// EventTest says nothing: it is sent to one subscriber whatever that wants, and stands in no feed.
	EventTest EventType = "test"
)

// EventTypes lists every event type that can be asked for.
func EventTypes() []EventType {
	return []EventType{
		EventDossierPublished, EventDossierReview, EventDossierIncomplete, EventDossierWithdrawn, EventDossierErased, EventDossierState,
		EventDepositRejected, EventDepositDuplicate, EventDepositDismissed, EventRescanAdvised,
	}
}

// Event is a fact about a dossier, or about a deposit that did not become one. Its JSON is the webhook's body, byte
// for byte the same on every try and in the feed.
type Event struct {
	Type     EventType `json:"type"`
	ID       string    `json:"id"` // evt_...
	At       time.Time `json:"timestamp"`
	Sequence int       `json:"sequence"` // from 1, per dossier (per deposit for deposit.* events)
	Data     EventData `json:"data"`
}

// EventData is the payload: Dossier and Objects for dossier.* events, Deposit for deposit.* events.
type EventData struct {
	Dossier *DossierFacts     `json:"dossier,omitempty"`
	Deposit *DepositFacts     `json:"deposit,omitempty"`
	Objects map[string]Object `json:"objects,omitempty"` // pdf, metadata, original
}

// DossierFacts is what an event tells of a dossier version.
type DossierFacts struct {
	Code       string                     `json:"code"`
	Version    int                        `json:"version"`
	Department string                     `json:"department"`
	Station    string                     `json:"station"`
	Documents  []DocumentFacts            `json:"documents"`
	Fields     map[string]json.RawMessage `json:"fields"`
	Pages      int                        `json:"pages"`
	Warnings   []string                   `json:"warnings"`
	Procedure  string                     `json:"procedure,omitempty"` // code
	// Papers says what its procedure asks for and what is missing, as metadata.json has it.
	Papers       json.RawMessage `json:"papers,omitempty"`
	ProposedCuts []Cut           `json:"proposed_cuts,omitempty"`
	LeftOut      int             `json:"left_out,omitempty"` // pages that are in the originals only
	Reason       string          `json:"reason,omitempty"`   // why it was withdrawn or erased
	State        string          `json:"state,omitempty"`    // dossier.state: the one it came into
}

// DocumentFacts is one document of a dossier: pages First to Last of the rendition, from 1.
type DocumentFacts struct {
	First int    `json:"first_page"`
	Last  int    `json:"last_page"`
	Name  string `json:"name"` // file name of the deposit that its first page came in, masked
	Kind  string `json:"kind,omitempty"`
	Title string `json:"title,omitempty"`
	Role  Role   `json:"role,omitempty"`
	// Fields are the values that were read, by name: value, page, confidence, warnings; personal ones masked.
	Fields map[string]FieldFacts `json:"fields,omitempty"`
}

// DepositFacts is what an event tells of a deposit.
type DepositFacts struct {
	ID          string    `json:"id"`
	Station     string    `json:"station"`
	Name        string    `json:"name"` // of the file, masked
	SHA256      string    `json:"sha256"`
	Bytes       int64     `json:"bytes"`
	Reason      *Reason   `json:"reason,omitempty"`
	Message     string    `json:"message,omitempty"`      // the clerk's sentence
	DuplicateOf string    `json:"duplicate_of,omitempty"` // deposit id
	Dossier     string    `json:"dossier,omitempty"`      // code of the dossier the first deposit became, if it has one yet
	Verdicts    []Verdict `json:"verdicts,omitempty"`     // what is wrong with its pages, by page

	Dismissed *Dismissal `json:"dismissed,omitempty"` // deposit.dismissed: when, by whom and why
}

// Object points to something in object storage.
type Object struct {
	Key    string `json:"key"`
	SHA256 string `json:"sha256"`
	Bytes  int64  `json:"bytes"`
	URL    string `json:"url,omitempty"` // the API's own URL; needs a bearer token
}

// FieldFacts is what an event tells of a field.
type FieldFacts struct {
	Value      string   `json:"value"` // in the type's normal form; masked where it is personal
	Page       int      `json:"page"`  // of the rendition, from 1
	Confidence float64  `json:"confidence"`
	Warnings   []string `json:"warnings,omitempty"`
	// Corrected says that a person gave the value; what is personal in it is masked.
	Corrected *Corrected `json:"corrected,omitempty"`
}
