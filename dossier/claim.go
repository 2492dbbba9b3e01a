package dossier

import (
	"os"
	"time"
)

// Claim is a file that was taken out of a station's drop folder and now lies in the folder's .dossierd/claimed/<deposit
// id>/, or one that came over the API, waiting to be stored. The same claim can be handed over more than once; the deposit id makes that harmless.
type Claim struct {
	DepositID  string // [a-z0-9]{26}; sorts by time
	Station    string
	Department string
	// Name is the file's name as the station wrote it. It is valid UTF-8: bytes that are not stand in it as %XX.
	Name string
	// Open opens the claimed file for reading, through no link; the caller closes it. It is not called for what is no file.
	Open       func() (*os.File, error)
	ModifiedAt time.Time // the file's own time when it was claimed
	ClaimedAt  time.Time // UTC, whole milliseconds; the same every time the claim is handed over
	// Irregular names what lay in the folder if it was no file: symlink, fifo, socket, device. It has no bytes to store.
	Irregular string
	// Refused, if not nil, is why the file is not to be read: its bytes are stored and it is rejected.
	Refused *Reason
	// Batch is nil for a file that is a batch of its own.
	Batch *Batch
	// Upload, if not "", is the hash of the request by which the file came over the API, and not into the folder.
	Upload string
}

// Notice is an outcome that the station's folder has not been told yet.
type Notice struct {
	Deposit Deposit  // state published, duplicate or rejected
	Codes   []string // of the dossiers it became part of, if any
	Pages   int
	Notes   []string // sentences for the clerk about these dossiers, each behind its code, in the language of their station
	// Incomplete says that one of them lacks papers that its procedure asks for.
	Incomplete bool
	Warning    []string // Warn... codes, each once
}
