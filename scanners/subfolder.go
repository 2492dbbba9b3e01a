package scanners

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// doneFile says, in a subfolder, that nothing more comes into it.
	doneFile = ".done"
	// subfoldersKept bounds how many subfolders are looked into. Those beyond have their turn once others are gone.
	subfoldersKept = 1000
)

// subfolder is one below the station's folder that is a batch.
type subfolder struct {
	dir        string // its name
	changed    time.Time
	state      uint64 // of what lies in it and is no file of the batch
	done       bool
	unfinished bool // something in it has the name of a file that is still being written
	unreadable bool
	tidied     bool
	left       bool // its batch was closed, and it could not be removed
	scan       int
}

// isBatchFolder tells the subfolders that may be batches from those that programs and clerks keep for themselves.
func isBatchFolder(name string) bool { return !leftAlone(name) && !strings.HasPrefix(name, "_") }

// ends is when the batch of a subfolder, of which nothing lies in it and which was last active then, has got all.
func (s *subfolder) ends(st Station, active time.Time) time.Time {
	last := active
	if s.changed.After(last) {
		last = s.changed
	}
	switch {
	case s.done:
		return last.Add(st.Quiet)
	case s.unfinished:
		return last.Add(max(st.BatchQuiet, st.IncompleteAfter))
	default:
		return last.Add(st.BatchQuiet)
	}
}

// readSubfolder updates what is known of a subfolder and of the files in it. Folders in it are not entered.
func (f *folder) readSubfolder(p *place, dir string, now time.Time) error {
	key := validName(dir)
	s := f.subfolders[key]
	if s == nil {
		if len(f.subfolders) >= subfoldersKept {
			f.crowd()
			return nil
		}
		s = &subfolder{dir: dir, changed: now}
		f.subfolders[key] = s
	}
	s.scan = f.scan
	entries, err := readDir(p, dir)
	if gone(err) {
		return nil
	}
	if s.unreadable = err != nil; s.unreadable {
		f.blameSubfolder(err)
		return nil
	}
	s.done, s.unfinished = false, false
	state := fnv.New64a()
	for _, e := range entries {
		name := dir + "/" + e.Name()
		switch {
		case e.IsDir():
		case leftAlone(e.Name()):
			s.done = s.done || e.Name() == doneFile
			s.unfinished = s.unfinished || isUnfinished(e.Name())
			if info, err := p.root.Lstat(name); err == nil {
				fmt.Fprintln(state, e.Name(), info.Size(), info.ModTime().UnixNano())
			}
		default:
			if err := f.meet(p, name, now); err != nil {
				return err
			}
		}
	}
	if sum := state.Sum64(); sum != s.state {
		s.state, s.changed, s.tidied = sum, now, false
	}
	return nil
}

// crowd notes that a subfolder is not looked into. That is logged when it begins.
func (f *folder) crowd() {
	if f.unread++; f.unread == 1 && !f.crowded {
		f.crowded = true
		f.log.Warn("there are too many subfolders; those beyond are looked into once others are gone", "subfolders", subfoldersKept)
	}
}

// blameSubfolder logs why a subfolder can't be read, when that is new to the folder. The batch waits.
func (f *folder) blameSubfolder(err error) {
	if reason := blame(err); !f.faults[reason] {
		f.faults[reason] = true
		f.log.Warn("a subfolder can't be read; it will be tried again", "reason", reason)
	}
}

// leaveSubfolder removes the subfolder of a batch that has got all, before the batch is closed: so the folder that is there again
// after a crash is a new batch. It is false where something came in at the last moment. What a file manager keeps for itself goes
// with the folder that it tells of; what else is left alone stays, and the folder with it.
func (f *folder) leaveSubfolder(key string, now time.Time) bool {
	s := f.subfolders[key]
	if s == nil {
		return true
	}
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return false
	}
	defer p.close()
	if s.done {
		_ = p.root.Remove(s.dir + "/" + doneFile) // else the folder stays
	}
	p.removeJunk(s.dir)
	err = p.root.Remove(s.dir)
	if err == nil || gone(err) {
		delete(f.subfolders, key)
		return true
	}
	if holdsFiles(p, s.dir) {
		f.nextScan = now
		return false
	}
	s.left = true
	return true
}

// isJunk knows what file managers and network drives keep in a folder about what lies in it.
func isJunk(name string) bool {
	switch strings.ToLower(name) {
	case "thumbs.db", "desktop.ini", ".ds_store", "@eadir":
		return true
	}
	return false
}

// removeJunk removes junk from a folder that has nothing else. What can't be removed stays.
func (p *place) removeJunk(dir string) {
	entries, err := readDir(p, dir)
	if err != nil || slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !isJunk(e.Name()) }) {
		return
	}
	for _, e := range entries {
		_ = p.root.RemoveAll(dir + "/" + e.Name()) // else the folder stays
	}
}

func holdsFiles(p *place, dir string) bool {
	entries, err := readDir(p, dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !e.IsDir() && !leftAlone(e.Name()) {
			return true
		}
	}
	return false
}

// tidy removes subfolders that are no batch: those that were said to be done, into which nothing ever came or which a crash left, and
// those of former batches once what kept them is gone or may go.
func (f *folder) tidy(now time.Time) {
	for key, s := range f.subfolders {
		f.mu.Lock()
		collects := f.groups[key] != nil
		f.mu.Unlock()
		if (s.done || s.left) && !s.tidied && !collects && !f.lies(s.dir) && !now.Before(s.ends(f.station, s.changed)) {
			s.tidied = true // or tried once for what lies in it now
			f.leaveSubfolder(key, now)
		}
	}
}

// lies reports whether a file of a subfolder waits to be claimed.
func (f *folder) lies(dir string) bool {
	for name := range f.files {
		if path.Dir(name) == dir {
			return true
		}
	}
	return false
}

// gone reports whether an error says that a file, or the folder it lay in, is not there.
func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR) }
