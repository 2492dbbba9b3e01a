package scanners

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"time"
)

// The defaults of a station.
const (
	defaultQuiet           = 2 * time.Second
	defaultIncompleteAfter = time.Minute
)

// Station is one scanner at one counter, as far as its folder goes.
type Station struct {
	Name            string // [a-z0-9-]{1,32}
	Folder          string // where the scanner drops its files; it must exist
	Department      string
	Language        string        // of notes to the clerk: vi, fr, en; "" is en
	Quiet           time.Duration // how long a whole file must not have changed; 0 is 2 s
	IncompleteAfter time.Duration // how long one that is not whole must not have changed; 0 is 60 s
}

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
	return s
}

// FolderStatus is how a station's folder is.
type FolderStatus struct {
	Station string    `json:"station"`
	Folder  string    `json:"folder"`
	Since   time.Time `json:"away_since,omitzero"`   // since when the folder is away, zero while it is there
	Reason  string    `json:"away_reason,omitempty"` // why it is away, "" while it is there
	Paused  string    `json:"paused,omitempty"`      // why nothing is claimed anywhere
	Inotify bool      `json:"inotify"`               // whether file-system events are believed; without them it is listed every 2 s
	Waiting int       `json:"waiting"`               // files seen and not claimed yet
	Oldest  time.Time `json:"oldest,omitzero"`       // when the first of them was seen as it is now
	Faults  int       `json:"faults,omitempty"`      // those among them that can't be read or moved
	Fault   string    `json:"fault,omitempty"`       // why, of one of them
	Untold  string    `json:"untold,omitempty"`      // why outcomes can't be written into the folder, "" while they can
	Claimed int       `json:"claimed"`               // claims not taken in yet
	Taken   int64     `json:"taken"`                 // claims taken in since the start
}
