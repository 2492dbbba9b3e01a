package scanners

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/ticket"
)

// The defaults of a station.
const (
	defaultQuiet           = 2 * time.Second
	defaultIncompleteAfter = time.Minute
	defaultBatchQuiet      = 30 * time.Second
	defaultIdle            = time.Minute
)

// Station is one scanner at one counter, as far as its folder goes.
type Station struct {
	Name            string // [a-z0-9-]{1,32}
	Folder          string // where the scanner drops its files; it must exist
	Department      string
	Language        string        // of notes to the clerk: vi, fr, en; "" is en
	Quiet           time.Duration // how long a whole file must not have changed; 0 is 2 s
	IncompleteAfter time.Duration // how long one that is not whole must not have changed; 0 is 60 s

	Grouping   dossier.Grouping // "" is file
	BatchQuiet time.Duration    // folder and prefix: how long nothing more came before a batch is closed; 0 is 30 s
	Idle       time.Duration    // separator: likewise; 0 is 60 s
	Prefix     string           // prefix: regular expression over the file's name, with the groups dossier and, if need be, page
	Ticket     *ticket.Mapping  // ticket: what the tickets look like
	// FrontsThenBacks says that the scanner gives the fronts of some sheets in one file and their backs, last one first, in the
	// next one of the batch.
	FrontsThenBacks bool
}

// The named groups of Station.Prefix.
const (
	prefixDossier = "dossier"
	prefixPage    = "page"
)

// Validate names every fault of the station in one error.
func (s Station) Validate() error {
	var faults []error
	if !regexp.MustCompile(`^[a-z0-9-]{1,32}$`).MatchString(s.Name) {
		faults = append(faults, errors.New("name must be 1 to 32 of a-z, 0-9 and -"))
	}
	if s.Folder == "" {
		faults = append(faults, errors.New("folder is missing"))
	}
	switch s.Language {
	case "", "vi", "fr", "en":
	default:
		faults = append(faults, fmt.Errorf("language %q is not vi, fr or en", s.Language))
	}
	if s.Quiet < 0 {
		faults = append(faults, fmt.Errorf("quiet %s is negative", s.Quiet))
	}
	if s.IncompleteAfter < 0 {
		faults = append(faults, fmt.Errorf("incomplete_after %s is negative", s.IncompleteAfter))
	}
	return errors.Join(append(faults, s.validateGrouping())...)
}

func (s Station) validateGrouping() error {
	var faults []error
	if s.BatchQuiet < 0 || s.Idle < 0 {
		faults = append(faults, errors.New("batch_quiet or idle is negative"))
	}
	switch s.Grouping {
	case "", dossier.GroupFile:
		if s.FrontsThenBacks {
			faults = append(faults, errors.New("a single file has no backs in another"))
		}
	case dossier.GroupFolder, dossier.GroupSeparator:
	case dossier.GroupPrefix:
		if expression, err := regexp.Compile(s.Prefix); err != nil {
			faults = append(faults, fmt.Errorf("prefix: %w", err))
		} else if expression.SubexpIndex(prefixDossier) < 0 {
			faults = append(faults, errors.New("prefix has no group named dossier"))
		}
	case dossier.GroupTicket:
		if s.Ticket == nil {
			faults = append(faults, errors.New("ticket is missing"))
		} else if err := s.Ticket.Validate(); err != nil {
			faults = append(faults, fmt.Errorf("ticket: %w", err))
		}
	default:
		faults = append(faults, fmt.Errorf("grouping %q is unknown", s.Grouping))
	}
	return errors.Join(faults...)
}

func (s Station) withDefaults() Station {
	s.Folder = filepath.Clean(s.Folder)
	if s.Quiet == 0 {
		s.Quiet = defaultQuiet
	}
	if s.IncompleteAfter == 0 {
		s.IncompleteAfter = defaultIncompleteAfter
	}
	if s.Grouping == "" {
		s.Grouping = dossier.GroupFile
	}
	if s.BatchQuiet == 0 {
		s.BatchQuiet = defaultBatchQuiet
	}
	if s.Idle == 0 {
		s.Idle = defaultIdle
	}
	return s
}

// FolderStatus is how a station's folder is.
type FolderStatus struct {
	Station    string    `json:"station"`
	Department string    `json:"department"`
	Folder     string    `json:"folder"`
	Since      time.Time `json:"away_since,omitzero"`   // since when the folder is away, zero while it is there
	Reason     string    `json:"away_reason,omitempty"` // why it is away, "" while it is there
	Paused     string    `json:"paused,omitempty"`      // why nothing is claimed anywhere
	Inotify    bool      `json:"inotify"`               // whether file-system events are believed; without them it is listed every 2 s
	Waiting    int       `json:"waiting"`               // files seen and not claimed yet
	Oldest     time.Time `json:"oldest,omitzero"`       // when the first of them was seen as it is now
	Faults     int       `json:"faults,omitempty"`      // those among them that can't be read or moved
	Fault      string    `json:"fault,omitempty"`       // why, of one of them
	Untold     string    `json:"untold,omitempty"`      // why outcomes can't be written into the folder, "" while they can
	Unread     int       `json:"unread,omitempty"`      // subfolders that are not looked into, for there are too many
	Claimed    int       `json:"claimed"`               // claims not taken in yet
	Taken      int64     `json:"taken"`                 // claims taken in since the start

	Batches []BatchStatus `json:"batches,omitempty"` // those that are not closed, the oldest first, 1000 at most
}

// BatchStatus is a batch that is not closed, or files that wait for one. Its key may tell of a person; identity
// numbers in it are masked.
type BatchStatus struct {
	Key      string           `json:"key,omitempty"` // "" for files without a ticket
	Grouping dossier.Grouping `json:"grouping"`
	Since    time.Time        `json:"since"`             // when it was opened, or the oldest of its files was seen as it is now
	Deposits int              `json:"deposits"`          // that were taken in
	Files    int              `json:"files"`             // of it that lie in the folder
	Waits    Wait             `json:"waits"`             // what it waits for
	Missing  int              `json:"missing,omitempty"` // files that its ticket lists and that are not there
}

// Wait is what a batch waits for.
type Wait string

// What batches wait for.
const (
	WaitMore    Wait = "more"    // further files, or that none comes for long enough
	WaitWhole   Wait = "whole"   // that its files are whole, can be read and moved
	WaitIntake  Wait = "intake"  // that its claims are taken in, or that it is closed in the catalogue
	WaitMissing Wait = "missing" // files that its ticket lists
	WaitTicket  Wait = "ticket"  // a ticket that lists the files
)
