package scanners

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path"
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

// blameSubfolder logs why a subfolder can't be read, when that is new to the folder. The batch waits.
func (f *folder) blameSubfolder(err error) {
	if reason := blame(err); !f.faults[reason] {
		f.faults[reason] = true
		f.log.Warn("a subfolder can't be read; it will be tried again", "reason", reason)
	}
}

// leaveSubfolder removes the subfolder of a batch that has got all, before the batch is closed: so the folder that is there again
// after a crash is a new batch. It is false where something came in at the last moment. What is left alone stays, and the
// folder with it.
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
	err = p.root.Remove(s.dir)
	if err == nil || gone(err) {
		delete(f.subfolders, key)
		return true
	}
	if holdsFiles(p, s.dir) {
		f.nextScan = now
		return false
	}
	return true
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

// tidy removes subfolders that were said to be done and are no batch: nothing ever came into them, or a crash left them.
func (f *folder) tidy(now time.Time) {
	for key, s := range f.subfolders {
		f.mu.Lock()
		collects := f.groups[key] != nil
		f.mu.Unlock()
		if s.done && !s.tidied && !collects && !f.lies(s.dir) && !now.Before(s.ends(f.station, s.changed)) {
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
