package scanners

import (
	"io/fs"
	"path"
	"strings"
	"syscall"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/ticket"
	"github.com/dossierd/dossierd/scanners/whole"
)

const (
	// unknownQuiet is how long a file must not have changed whose format does not tell its end.
	unknownQuiet = 10 * time.Second
	// openPause is when a file that a writer still holds open is looked at again.
	openPause = time.Second
	// faultPause is when a file that could not be read or moved is tried again.
	faultPause = 5 * time.Second
)

// stamp tells a file that changed from one that did not. The change time catches what keeps the modification time
// as it was, such as a copy that sets it first.
type stamp struct {
	inode           uint64
	size            int64
	modified, moved int64 // ns; moved is the inode's change time
}

func stampOf(info fs.FileInfo) stamp {
	s := stamp{size: info.Size(), modified: info.ModTime().UnixNano()}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.inode, s.moved = sys.Ino, sys.Ctim.Nano()
	}
	return s
}

// sameBytes compares without the change time, which a rename moves on.
func (s stamp) sameBytes(o stamp) bool {
	s.moved = o.moved
	return s == o
}

// sighting is what is known of a file that lies in the folder.
type sighting struct {
	stamp     stamp
	irregular string    // symlink, fifo, ...; "" for a file
	since     time.Time // when stamp was first seen, by our clock: another machine's may be wrong
	due       time.Time // when to look again
	judged    bool      // verdict is that of stamp
	verdict   whole.Verdict
	fault     string // why it could not be read or moved
	scan      int    // number of the listing it was last in

	batch   *dossier.Batch  // that it belongs to; nil for one of its own, and while its ticket is not known
	staged  bool            // it lies in a full set
	held    bool            // it waits for its ticket, or is one
	ripe    bool            // of a held one: it could be claimed
	ticket  *ticket.Ticket  // that it is
	refused *dossier.Reason // why it is no ticket though it is named like one
}

// see updates a sighting with what was found now.
func (s *sighting) see(st Station, info fs.FileInfo, now time.Time) {
	found := stampOf(info)
	if found == s.stamp && !s.since.IsZero() {
		return
	}
	s.stamp, s.irregular, s.since, s.judged = found, irregular(info.Mode()), now, false
	s.held, s.ripe, s.ticket, s.refused = st.Grouping == dossier.GroupTicket, false, nil, nil
	s.due = now.Add(st.Quiet)
}

// decide says whether the file may be claimed now, and if not, when to look again. open: a writer holds it open.
func (s *sighting) decide(st Station, open bool, now time.Time) (claim bool, again time.Time) {
	ripe := s.since.Add(s.patience(st, open))
	if !now.Before(ripe) {
		return true, now
	}
	if open && now.Add(openPause).Before(ripe) {
		return false, now.Add(openPause)
	}
	return false, ripe
}

// patience is how long the file must have been unchanged.
func (s *sighting) patience(st Station, open bool) time.Duration {
	switch {
	case s.irregular != "":
		return st.Quiet
	case !open && s.verdict == whole.Whole:
		return st.Quiet
	case !open && s.verdict == whole.Unknown:
		return max(st.Quiet, unknownQuiet)
	default:
		return max(st.Quiet, st.IncompleteAfter)
	}
}

// irregular names what is no file; "" for a file.
func irregular(m fs.FileMode) string {
	switch {
	case m.IsRegular():
		return ""
	case m&fs.ModeSymlink != 0:
		return "symlink"
	case m&fs.ModeNamedPipe != 0:
		return "fifo"
	case m&fs.ModeSocket != 0:
		return "socket"
	default:
		return "device"
	}
}

// leftAlone knows the names of what scanners, file managers and copy programs leave in a folder for themselves.
func leftAlone(name string) bool {
	lower := strings.ToLower(name)
	if strings.HasPrefix(lower, ".") || strings.HasPrefix(lower, "~$") {
		return true
	}
	switch lower {
	case "thumbs.db", "desktop.ini", "@eadir":
		return true
	}
	return isUnfinished(name)
}

// isUnfinished knows the names under which files are written that get another one at their end.
func isUnfinished(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".tmp", ".part", ".partial", ".crdownload", ".filepart":
		return true
	}
	return false
}
