// Package dossier holds the nouns that every part of dossierd speaks in: deposits, pages, layouts, dossiers,
// events and the codes of what can go wrong with them.
//
// It owns meaning and shape, and no behaviour beyond small pure functions. It imports the standard library only, so
// that every other package can import it. How the nouns are stored, read or sent is the business of storage/catalog,
// ocr and pipeline.
package dossier

import "time"

// Level is a PDF/A conformance level as the command line and the configuration spell it.
type Level string

// The levels that dossierd writes. Level2u is the default.
const (
	Level1b Level = "1b"
	Level2u Level = "2u"
	Level3u Level = "3u"
)

// Valid reports whether l is one of the three levels.
func (l Level) Valid() bool { return l == Level1b || l == Level2u || l == Level3u }

// Deposit is one file that a station put into its drop folder.
type Deposit struct {
	ID         string    `json:"id"`                     // unique in the catalogue; also the name of the claim folder
	Station    string    `json:"station"`                // name of the station, [a-z0-9-]{1,32}
	Department string    `json:"department"`             // department of the station when the deposit was taken in
	Name       string    `json:"name"`                   // file name as the station wrote it, no folder
	SHA256     string    `json:"sha256"`                 // lower-case hex of the original; empty for what is not a file
	Bytes      int64     `json:"bytes"`                  // size of the original
	ModifiedAt time.Time `json:"modified_at"`            // the file's own time
	ReceivedAt time.Time `json:"received_at"`            // when it was claimed; the time of the dossier
	State      State     `json:"state"`                  //
	Pages      int       `json:"pages,omitempty"`        // 0 until the original was opened
	Signature  *Signed   `json:"signature,omitempty"`    // digital signature found in a PDF
	Duplicate  string    `json:"duplicate_of,omitempty"` // deposit whose bytes these are; state duplicate
	Rejection  *Reason   `json:"rejection,omitempty"`    // state rejected
	Dossiers   []string  `json:"dossiers,omitempty"`     // codes of the dossiers that have pages of it, once they are known
	Warnings   []string  `json:"warnings,omitempty"`     // Warn... codes of the deposit as a whole
	Channel    Channel   `json:"channel"`                // by which it came; "" is the counter
	Purpose    Purpose   `json:"purpose"`                // of its station when it was taken in; "" is reception
	Upload     string    `json:"-"`                      // hash of the request that it came by; "" for a file out of a folder

	// What people did about it after it was rejected.
	Assigned  string     `json:"assigned,omitempty"`  // who sees to it
	Dismissed *Dismissal `json:"dismissed,omitempty"` // nothing more is done about it; it stays counted as rejected
	Retry     *Retry     `json:"retry,omitempty"`     // how it is tried again; nil: as everything is read
}

// Dismissal says that nothing more is done about a rejected deposit.
type Dismissal struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`
	Reason string    `json:"reason"`
}

// Retry is how a deposit is read otherwise than others, after it was rejected. The zero value changes nothing. Limits are not
// among it: they are what keeps the machine alive, and are changed in the settings.
type Retry struct {
	Plain bool `json:"plain,omitempty"` // no optional step, the safest reading from the first try on, with all of the time
}

// State is where a deposit stands. Every deposit is in exactly one, and the counts of all states add up to the number
// of deposits.
type State string

// The states of a deposit. Received, Reading and Assembling are waiting or in work; the others are ends.
const (
	StateReceived   State = "received"   // original and row exist; nobody has opened it yet
	StateReading    State = "reading"    // opened; its pages are being read
	StateAssembling State = "assembling" // every page is read; the rendition is being made
	StatePublished  State = "published"
	StateDuplicate  State = "duplicate"
	StateRejected   State = "rejected"
)

// States lists every state in the order of a deposit's way.
func States() []State {
	return []State{StateReceived, StateReading, StateAssembling, StatePublished, StateDuplicate, StateRejected}
}

// Signed says that a digital signature was found in a PDF. It was not judged.
type Signed struct {
	Signer string   `json:"signer,omitempty"` // common name of the signing certificate, or the signature's Name
	Range  [4]int64 `json:"range"`            // ByteRange: offset, length, offset, length in bytes of the original
}

// Limits bound what one original may ask of a worker.
type Limits struct {
	Pixels int64 `json:"pixels"` // per page; 250,000,000 by default
	Pages  int   `json:"pages"`  // per original; 5,000 by default
	Bytes  int64 `json:"bytes"`  // of an original; 2 GiB by default
}

// DefaultLimits are the limits of a configuration that names none.
func DefaultLimits() Limits { return Limits{Pixels: 250_000_000, Pages: 5000, Bytes: 2 << 30} }
