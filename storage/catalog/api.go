package catalog

import (
	"context"
	"errors"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// Errors to be tested with errors.Is.
var (
	ErrNotFound = errors.New("no such row")
)

// NewDeposit is what intake records. ID, Station, Department, Name, SHA256, Bytes, ModifiedAt and ReceivedAt of Deposit
// are set by the caller.
type NewDeposit struct {
	Deposit dossier.Deposit
	// DuplicateWindow: the same bytes at the same station within this time before ReceivedAt are a duplicate. 0: never.
	DuplicateWindow time.Duration
	// Rejection, if not nil, refuses the deposit at once (not_a_file, too_large); Message is the clerk's sentence.
	Rejection *dossier.Reason
	Message   string
	// Batch says which batch the deposit joins; nil: one of its own.
	Batch *dossier.Batch
}

// PageKey names a page row and what its job needs to know.
type PageKey struct {
	ID      string // <deposit id>-<number>; artifacts lie under pages/<ArtifactID>/
	Deposit dossier.Deposit
	BatchID string
	Number  int
}

// Split is what opening a deposit found: its pages 2..Pages get rows, in the same transaction.
type Split struct {
	DepositID string
	Pages     int
	Signature *dossier.Signed
	Warnings  []string
}

// PageDone records that a page's artifacts are stored.
type PageDone struct {
	PageID string
	// Split is set for page 1 of a deposit whose split was not recorded before: then both commit together.
	Split      *Split
	ArtifactID string // page id whose artifacts these are; another deposit's when pages are reused
	ProfileKey string // hash of what the reading depends on (languages, level, versions); pages are reused only where it is equal
	Language   string
	Words      int
	Confidence float64 // 0..1
	Blank      bool
	Rotation   int  // degrees that the image was turned clockwise to be upright: 0, 90, 180, 270
	Personal   bool // an identity paper, as far as the page alone tells
	Sheet      Sheet
	Warnings   []string
	Seconds    float64 // worker CPU
	// Look is what was seen of a page that had to be drawn; Thumb says that its thumbnail is stored, and Advised what its clerk
	// is to be told. nil for pages that are looked at before they are read.
	Look    *dossier.Look
	Thumb   bool
	Advised []dossier.Verdict
}

// Sheet says whether a page is one that parts others.
type Sheet int

// The kinds of sheets.
const (
	SheetNone   Sheet = iota // a page of a paper, or a blank one
	SheetParts               // it parts the stack and is no page of a paper
	SheetBegins              // another dossier begins with it: a stream is cut there if it is a file's first page
)

// ReusablePage is a page of an earlier deposit with the same bytes, read with the same profile.
type ReusablePage struct {
	Number     int
	ArtifactID string
	Language   string
	Words      int
	Confidence float64
	Blank      bool
	Rotation   int
	Personal   bool
	Sheet      Sheet
	Warnings   []string
}

// Assembly is what the assemble job works on. Where every file of the batch was refused and only its ticket is left, there are
// no Documents: the tickets are to be refused too.
type Assembly struct {
	BatchID   string
	CreatedAt time.Time // the time of what is made of it: ReceivedAt of its first deposit
	Station   string
	Batch     AssemblyBatch
	Documents []AssemblyDocument // in the order of the batch, see dossier.Batch
	Tickets   []dossier.Deposit  // originals without pages
	Warnings  []string           // Warn... codes of the batch as a whole
	Reserved  []Version          // by an earlier call of Reserve, in order
}

// AssemblyBatch is what a batch knows of itself beside its pages.
type AssemblyBatch struct {
	Grouping dossier.Grouping
	Key      string // "" under dossier.GroupFile
	dossier.BatchFacts
}

// AssemblyDocument is one deposit of an Assembly with its pages in order.
type AssemblyDocument struct {
	Deposit dossier.Deposit
	Pages   []AssemblyPage
}

// AssemblyPage names where a page's artifacts lie.
type AssemblyPage struct {
	ID         string
	ArtifactID string
	Number     int // in its deposit, from 1
	Position   int // in the batch, from 1; see Assembly.InOrder
	// ReplacedBy is the id of the page of this batch that is a new scan of this one, and has its position; "" for none.
	ReplacedBy string
	// Replaces is the id of the page of an earlier batch that this one is a new scan of by its file's name; "" for none.
	Replaces string
}

// Part is what of a batch becomes one dossier, or joins one.
type Part struct {
	Code string // that its papers name; "" allots the station's next
	Plan Plan
	// Replaces are pages of the dossier that give way to pages of the batch. In a part that has nothing else, Code is "" and the
	// dossier is that which holds them; the documents of Plan are empty.
	Replaces []Replacement
}

// Version is a version of a dossier that is reserved, or published, and what it is made of.
type Version struct {
	Dossier  Dossier // as it stands
	Number   int
	Revision string     // that makes it
	Replaced []Replaced // pages that give way in it
	At       time.Time  // when the batch came or the decision was made
	Plan     Plan
	Deposits []dossier.Deposit      // that its pages come from, in their order, then tickets
	Pages    map[string]VersionPage // by id
}

// VersionPage is a page of a version, in the rendition or left out.
type VersionPage struct {
	ArtifactID string
	Number     int  // in its deposit, from 1
	Deposit    int  // index into the version's Deposits
	Personal   bool // known as an identity paper
}

// Published is what Publish commits in one transaction: every version of a revision, deposits published, events, deliveries,
// notices.
type Published struct {
	Revision string
	Versions []PublishedVersion
}

// PublishedVersion is one version that was rendered and stored.
type PublishedVersion struct {
	Code     string
	Number   int
	Pages    int
	Personal []string // ids of its pages that are identity papers
	// Identities are the identity numbers that stand in it.
	Identities []Identity
	// Kinds are those of its documents, each once, "" among them where one is of no kind or that is unsure. Retention goes by them.
	Kinds     []string
	Procedure string
	Complete  Completeness
	Papers    []Paper  // that its procedure asks for, in order
	Place     string   // where the paper lies; "" leaves what is known
	Notes     []string // sentences for the clerk
	Warnings  []string
	Gaps      []Gap // where its page numbers leave pages out
	// Search is what can be found of it: its documents with all pages of the rendition, in order.
	Search []SearchDocument
	Events []dossier.Event // type and data, in order; the catalogue fills in id, time and sequence
	// Reached is the state that the dossier comes into with this version, unless it is past it, and ReachedBy who sees to
	// it where no person decided; "" for none.
	Reached   DossierState
	ReachedBy string
}

// Paper is one that a dossier's procedure asks for.
type Paper struct {
	Name  map[string]string `json:"name"`  // by language: vi, fr, en
	State string            `json:"state"` // there, missing, undecided, by_eye
}

// Subscriber is what the catalogue must know of a subscriber to make deliveries for it.
type Subscriber struct {
	Name   string
	Events []dossier.EventType // empty: all
}

// DeliveryState is where a delivery stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead"
)

// Delivery is one event for one subscriber.
type Delivery struct {
	ID          string        `json:"id"`
	Subscriber  string        `json:"subscriber"`
	Subject     string        `json:"subject"` // dossier code, or deposit id for deposit.* events
	EventID     string        `json:"event"`
	EventType   string        `json:"type"`
	Sequence    int           `json:"sequence"`
	State       DeliveryState `json:"state"`
	Attempts    int           `json:"attempts"`
	CreatedAt   time.Time     `json:"created_at"`
	TriedAt     time.Time     `json:"tried_at,omitzero"` // first attempt that failed, since it was made or replayed
	NextAt      time.Time     `json:"next_at"`
	LastStatus  int           `json:"last_status,omitempty"` // HTTP status, 0 where there was no answer
	LastError   string        `json:"last_error,omitempty"`
	DeliveredAt time.Time     `json:"delivered_at,omitzero"`
	Body        []byte        `json:"-"`
}

// FeedEvent is one event of the pull feed. Cursor is opaque to callers and grows.
type FeedEvent struct {
	number int64
	Cursor string
	Body   []byte // the event's JSON, byte for byte what the webhook carries
}

// Work is what the catalogue's jobs call; pipeline implements it. A returned error retries the job by RunConfig.Retry;
// an error made by Snooze retries it later without counting as an attempt.
type Work interface {
	Page(ctx context.Context, page PageKey) error
	Assemble(ctx context.Context, batchID string) error
	Revise(ctx context.Context, revision string) error
	// Hide removes preview and thumbnail of pages that are identity papers; what is gone already is no error.
	Hide(ctx context.Context, pageIDs []string) error
	// Erase destroys what ToDestroy lists for a tombstone, and says so; what is gone already is no error.
	Erase(ctx context.Context, tombstone string) error
	Deliver(ctx context.Context, subscriber, subject string) error
}

// RunConfig says how jobs are worked.
type RunConfig struct {
	Workers int                                    // page jobs at once
	Retry   func(attempt int) (wait time.Duration) // pause before the next attempt
	Grace   time.Duration                          // for jobs in hand after ctx is done; then they are cancelled
}

// StationStatus counts one station's deposits by state.
type StationStatus struct {
	Station      string                `json:"station"`
	Deposits     map[dossier.State]int `json:"deposits"`
	Total        int                   `json:"total"`
	Dismissed    int                   `json:"dismissed,omitempty"` // of the rejected ones
	WaitingPages int                   `json:"waiting_pages"`
	OldestOpen   time.Time             `json:"oldest_open,omitzero"` // received time of the oldest deposit that is not at its end

	// Batches counts those of other groupings than dossier.GroupFile, each in one state.
	Batches map[BatchState]int `json:"batches,omitempty"`
	// OldestBatch is when the oldest batch that still collects was opened.
	OldestBatch time.Time `json:"oldest_batch,omitzero"`
}

// BatchState is where a batch stands.
type BatchState string

// The states of a batch.
const (
	BatchCollecting BatchState = "collecting" // further deposits join it
	BatchReading    BatchState = "reading"    // closed; being read or assembled
	BatchPublished  BatchState = "published"
	BatchRejected   BatchState = "rejected" // every deposit was refused or a duplicate
)

// Status is the catalogue's own account: per station, and deliveries by state.
type Status struct {
	Stations    []StationStatus       `json:"stations"`
	Deliveries  map[DeliveryState]int `json:"deliveries"`
	SwitchedOff []string              `json:"switched_off,omitempty"` // subscribers that answered 410
}
