package dossier

// Document is a paper: consecutive pages of a dossier version.
type Document struct {
	FirstPage  int     `json:"first_page"` // of the rendition, from 1
	LastPage   int     `json:"last_page"`
	Kind       string  `json:"kind,omitempty"`       // name of the kind that was recognised, "" for none
	Title      string  `json:"title,omitempty"`      // for people: the kind's name, with number and symbol where it has them
	Role       Role    `json:"role,omitempty"`       // "" for what the citizen brought
	Confidence float64 `json:"confidence,omitempty"` // of the kind, 0..1
	Fields     []Field `json:"fields,omitempty"`
}

// Role is what a paper is in its dossier.
type Role string

// The roles of papers that no citizen brought.
const (
	RoleResult  Role = "result"  // what the department has decided
	RoleReceipt Role = "receipt" // what the citizen signed when the result was handed over
)

// Field is one value that was found on a document, or what is known of where it should have been.
type Field struct {
	Name  string `json:"name"`  // as the kind calls it: symbol, place, issued_on, holder ...
	Type  string `json:"type"`  // of the value: text, date, citizen_number ...
	Value string `json:"value"` // in the type's normal form: 2024-01-05, 123/QĐ-UBND
	Raw   string `json:"raw"`   // as it was read
	// OtherRaw is the second reading where a repair was proved or two sources disagree.
	OtherRaw   string     `json:"other_raw,omitempty"`
	Page       int        `json:"page"`       // of the rendition, from 1
	Box        [4]float64 `json:"box"`        // left, top, right, bottom in pt from the upright page's top left
	Confidence float64    `json:"confidence"` // 0..1; never above that of the weakest word
	Rule       string     `json:"rule"`       // what found it: label, zone, pattern, qr, mrz; its detail after a colon
	Warnings   []string   `json:"warnings,omitempty"`
	// Personal values stand masked wherever they leave private.json.
	Personal bool `json:"personal,omitempty"`
	// Corrected is set where a person gave the value; Confidence is 1 then, and Rule RulePerson.
	Corrected *Corrected `json:"corrected,omitempty"`
}

// RulePerson is the rule of a field that a person corrected.
const RulePerson = "person"

// Warning codes of fields.
const (
	WarnHandwritten = "handwritten" // written by hand or under a seal; confidence below 0.5
	WarnDisagree    = "disagree"    // two sources say different things: both readings are kept
	WarnRepaired    = "repaired"    // a known slip of reading was mended, and a validator proved it
	WarnUnsure      = "unsure"      // a word of it was read weakly, and no check digit speaks for it
	WarnForced      = "forced"      // a person insists on it, and its type can't have such a value
)

// CutLevel is what a cut parts.
type CutLevel string

// The levels.
const (
	CutDocument CutLevel = "document" // another paper of the same dossier begins
	CutDossier  CutLevel = "dossier"  // another dossier begins
)

// Cut is a place between two pages where one paper, or one dossier, ends and another begins.
type Cut struct {
	Page       int        `json:"page"`       // of the stack, from 1: the first after the cut
	Level      CutLevel   `json:"level"`      //
	Confidence float64    `json:"confidence"` // 0..1
	Reasons    []Evidence `json:"reasons"`    // strongest first
	Made       bool       `json:"made"`       // cut; else proposed to a person
}

// Evidence is one reason for, or with a negative weight against, a cut.
type Evidence struct {
	Code   string  `json:"code"`             // slip, separator, head, page_number, number_changes, size_changes ...
	Weight float64 `json:"weight"`           //
	Detail string  `json:"detail,omitempty"` // what was seen: "Trang 1/3"
}
