package dossier

// Receipt is what a station's folder is told of the files that a clerk knows as one thing, from the first look at them on
// and until all have come to an end.
type Receipt struct {
	Name  string        // of the file, or of the batch
	Files []ReceiptFile // by time of reception
}

// ReceiptFile is a deposit in a receipt. The outcome is set once it has one.
type ReceiptFile struct {
	Notice
	Looked bool       // nothing of it is left to be looked at
	Looks  []PageLook // of its pages so far, in order
	Change int        // of what the receipt shows of this deposit; for Outcomes.ReceiptWritten
}

// PageLook is what was found about one page.
type PageLook struct {
	PageID   string        `json:"page_id"`
	Number   int           `json:"number"`
	Verdicts []VerdictCode `json:"verdicts,omitempty"` // the gravest first
	Thumb    bool          `json:"thumb"`              // there is a thumbnail to be shown
	// Slip names the page as a slip does by which it is scanned again, BATCH:PAGE. It is "" where none is advised, and while the
	// batch of several files is in work: its pages are counted when it is published.
	Slip string `json:"slip,omitempty"`
}

// InWork reports whether the receipt is going to change.
func (r *Receipt) InWork() bool {
	for _, f := range r.Files {
		switch f.Deposit.State {
		case StatePublished, StateDuplicate, StateRejected:
		default:
			return true
		}
	}
	return false
}
