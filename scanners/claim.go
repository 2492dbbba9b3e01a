package scanners

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/scanners/whole"
)

const (
	// claimedAtOnce is how many files are claimed before hints are looked at again.
	claimedAtOnce = 64
	// claimsMost is how many claims a folder may have before no more are made: what can't be taken in is better left where
	// its owner sees it.
	claimsMost = 2 * stationHands
)

var errChanged = errors.New("the file changed while it was looked at")

// claimDue hands over the claims that are due for another try, then claims the files that are due, the oldest first. It
// returns when to look again.
func (f *folder) claimDue(ctx, life context.Context, all *sync.WaitGroup) time.Time {
	now := time.Now()
	next := f.retryDue(ctx, life, all, now)
	if f.station.Grouping == dossier.GroupTicket {
		f.gather(now)
	}
	for i, name := range f.dueFiles(now) {
		if i >= claimedAtOnce {
			return now
		}
		if f.claimCount() >= claimsMost {
			return next // the end of a claim wakes us
		}
		if f.here == nil || ctx.Err() != nil {
			return f.nextScan
		}
		if !f.files[name].staged && !f.examine(name) {
			if f.holdsUp(name) {
				break
			}
			continue
		}
		if !f.acquire(ctx) {
			return next
		}
		p, err := f.claim(name)
		if err != nil {
			f.release()
			f.failed(name, err)
			continue
		}
		if f.files[name].staged {
			f.nextScan = now // the last one of a set is followed by its ticket
		}
		delete(f.files, name)
		all.Go(func() { f.hand(life, p) })
	}
	return earlier(next, f.nextDue(now))
}

// dueFiles lists the files to be looked at now, the oldest first. Those of a stream follow one another: none of them is due before
// the ones in front of it.
func (f *folder) dueFiles(now time.Time) []string {
	var due []string
	for name, s := range f.files {
		if (!now.Before(s.due) || f.isStream()) && !s.held && !f.isClosing(s.batch) {
			due = append(due, name)
		}
	}
	slices.SortFunc(due, func(a, b string) int {
		return cmp.Or(cmp.Compare(f.files[a].stamp.modified, f.files[b].stamp.modified), strings.Compare(a, b))
	})
	if f.isStream() {
		if i := slices.IndexFunc(due, func(name string) bool { return now.Before(f.files[name].due) && f.holdsUp(name) }); i >= 0 {
			due = due[:i]
		}
		due = slices.DeleteFunc(due, func(name string) bool { return now.Before(f.files[name].due) })
	}
	return due
}

// nextDue is when the next file is to be looked at.
func (f *folder) nextDue(now time.Time) time.Time {
	next := f.nextScan
	inLine := f.isStream() && len(f.dueFiles(now)) == 0
	for _, s := range f.files {
		switch {
		case s.held && s.ripe, f.isClosing(s.batch): // something else wakes us
		case inLine && !now.Before(s.due): // due with the one in front of it
		default:
			next = earlier(next, s.due)
		}
	}
	return next
}

func (f *folder) isStream() bool { return f.station.Grouping == dossier.GroupSeparator }

// holdsUp reports whether what comes behind a file that can't be claimed yet has to wait for it. One that can't be read at all
// holds up nothing.
func (f *folder) holdsUp(name string) bool {
	s := f.files[name]
	return f.isStream() && s != nil && s.fault == ""
}

// examine reports whether the file may be claimed; if not, it notes when to look again.
func (f *folder) examine(name string) bool {
	defer f.asking()()
	s := f.files[name]
	now := time.Now()
	ok, err := f.ripe(name, s, now)
	if err != nil {
		f.failed(name, err)
		return false
	}
	return ok
}

func (f *folder) ripe(name string, s *sighting, now time.Time) (bool, error) {
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return false, err
	}
	defer p.close()
	info, err := p.root.Lstat(name)
	if err != nil {
		return false, err
	}
	if s.see(f.station, info, now); now.Before(s.due) {
		return false, nil
	}
	writing := false
	if s.irregular == "" {
		if writing, err = f.judge(p, name, s, info); err != nil {
			return false, err
		}
	}
	ok, again := s.decide(f.station, writing, now)
	if s.due = again; !ok {
		s.fault = "" // else the claim tells
	}
	return ok, nil
}

// judge finds the verdict on a file, once for each state it is in, and whether a writer holds it open. It waits for nobody,
// and looks at no other file than the one described.
func (f *folder) judge(p *place, name string, s *sighting, info fs.FileInfo) (writing bool, err error) {
	file, err := p.root.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return false, err
	}
	defer file.Close()
	opened, err := file.Stat()
	if err != nil {
		return false, err
	}
	if !os.SameFile(opened, info) {
		return false, errChanged
	}
	if !s.judged {
		if f.isTicket(name) {
			s.verdict, err = f.readTicket(file, s)
		} else {
			s.verdict, err = whole.Check(file, s.stamp.size)
		}
		if err != nil {
			return false, err
		}
		s.judged = true
	}
	return !p.network && openForWriting(file), nil
}

// failed notes why a file could not be examined or claimed; it is tried again later. A fault is logged when it is new to the
// folder: its files tend to have the same.
// One that may be the folder's is looked into.
func (f *folder) failed(name string, err error) {
	s := f.files[name]
	now := time.Now()
	switch {
	case errors.Is(err, errChanged):
		s.since, s.judged, s.due = now, false, now.Add(f.station.Quiet)
		return
	case gone(err) && f.isThere() == nil:
		delete(f.files, name)
		return
	case !errors.Is(err, fs.ErrPermission):
		if gone := f.isThere(); gone != nil {
			f.report(gone)
			return
		}
	}
	s.due = now.Add(faultPause)
	s.fault = blame(err)
	if !f.faults[s.fault] {
		f.faults[s.fault] = true
		f.log.Warn("files can't be read or claimed; they will be tried again", "reason", s.fault)
	}
}

// isThere returns why the folder can't be written to, or nil.
func (f *folder) isThere() error {
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer p.close()
	if f.here == nil || !p.same(f.here) {
		return errAway
	}
	return p.touch()
}

// claim renames a file that was found ripe into a folder of its own.
func (f *folder) claim(name string) (*pending, error) {
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return nil, err
	}
	defer p.close()
	s := f.files[name]
	info, err := p.root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if stampOf(info) != s.stamp {
		return nil, errChanged
	}
	id := newID(f.claimTime())
	dir := claimedDir + "/" + id
	if err := p.makeClaimDir(dir); err != nil {
		return nil, err
	}
	n := note{Batch: s.batch, Refused: s.refused}
	if n.Batch != nil || n.Refused != nil {
		if err := p.writeNote(dir, n); err != nil {
			return nil, errors.Join(err, p.removeDir(dir))
		}
	}
	base := path.Base(name)
	if err := p.root.Rename(name, dir+"/"+base); err != nil {
		return nil, errors.Join(err, p.removeDir(dir))
	}
	if moved, err := p.root.Lstat(dir + "/" + base); err == nil {
		if info = moved; !stampOf(moved).sameBytes(s.stamp) && base == name && p.putBack(dir, name) {
			return nil, errChanged
		}
	}
	claim := f.keep(id, base, info, n)
	claim.from = path.Dir(name)
	return claim, nil
}

// claimTime is the time of the next claim. The files of a stream are in the order of their claims, so that no two may have the same.
func (f *folder) claimTime() time.Time {
	at := time.Now()
	if next := f.lastClaim.Add(time.Millisecond); f.isStream() && at.Before(next) {
		at = next
	}
	f.lastClaim = at
	return at
}

// putBack undoes a claim whose file was written to in the last moment, unless its name is taken again. Then the claim
// stands: the intake hashes a file until it holds still.
func (p *place) putBack(dir, name string) bool {
	root, err := p.root.Open(".")
	if err != nil {
		return false
	}
	defer root.Close()
	fd := int(root.Fd())
	if unix.Renameat2(fd, dir+"/"+name, fd, name, unix.RENAME_NOREPLACE) != nil {
		return false
	}
	_ = p.removeDir(dir) // empty; else the next start removes it
	return true
}
