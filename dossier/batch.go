package dossier

import "time"

// Grouping is a station's rule by which deposits belong together.
type Grouping string

// The rules.
const (
	GroupFile      Grouping = "file"      // each file is a batch
	GroupFolder    Grouping = "folder"    // a subfolder is
	GroupPrefix    Grouping = "prefix"    // the files are in whose names a regular expression finds the same
	GroupTicket    Grouping = "ticket"    // the files are that a ticket of the scanner's software lists
	GroupSeparator Grouping = "separator" // everything is that comes without a longer pause
)

// Groupings lists every rule.
func Groupings() []Grouping {
	return []Grouping{GroupFile, GroupFolder, GroupPrefix, GroupTicket, GroupSeparator}
}

// Batch says to which batch of its station a claim belongs, and what is known of the batch. Folder names and fields may tell of
// a person: they are never logged.
type Batch struct {
	Grouping Grouping `json:"grouping"`
	// Key is unique among the batches of a station that still collect: the first claim with a key opens a batch, the others
	// join it until it is closed.
	Key string `json:"key"`
	// Position is where the file stands in the batch, from 1. Files of one position, 0 included, go by name under
	// GroupFolder and GroupPrefix, else in the order of their claims.
	Position int `json:"position,omitempty"`
	// FrontsThenBacks says that each file of fronts is followed by the file of their backs, last one first.
	FrontsThenBacks bool `json:"fronts_then_backs,omitempty"`
	// Ticket says that the file is the batch's ticket: it is kept like every original and has no pages.
	Ticket bool `json:"ticket,omitempty"`
	// Closes says that no further claim joins.
	Closes bool `json:"closes,omitempty"`

	Facts BatchFacts `json:"facts,omitzero"`
}

// BatchFacts are what ticket or file name say of a batch, as they say it: nobody has judged them.
type BatchFacts struct {
	Reference string            `json:"reference,omitempty"` // dossier code, or whatever the counter calls the dossier by
	Procedure string            `json:"procedure,omitempty"` // procedure code
	Fields    map[string]string `json:"fields,omitempty"`    // by the names that the station's mapping gives them
	// Within is what the sender of an upload sees, where that is not everything. nil: a station's folder, which is trusted.
	Within *Scope `json:"within,omitempty"`
}

// MayJoin reports whether pages of the batch may come into a dossier that is there, whatever names it.
func (f BatchFacts) MayJoin(department, station string) bool {
	return f.Within == nil || f.Within.Sees(department, station)
}

// OpenBatch is a batch that still collects.
type OpenBatch struct {
	Grouping Grouping  `json:"grouping"`
	Key      string    `json:"key"`
	OpenedAt time.Time `json:"opened_at"`
	Deposits int       `json:"deposits"` // that joined it, duplicates aside
}
