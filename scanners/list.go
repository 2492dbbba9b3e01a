package scanners

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

const (
	// tracked bounds how many files of a folder are kept in mind. Those beyond are seen once others have been claimed.
	tracked = 50_000
	// listedAtOnce is how many entries of a folder are read at a time.
	listedAtOnce = 1000
)

// list reads the folder and brings the sightings up to date. A file is looked at when it is new, or when it is being
// waited for; one that waits for its turn to be claimed is not.
func (f *folder) list(now time.Time) error {
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer p.close()
	if f.here == nil || !p.same(f.here) {
		if err := f.arrive(p); err != nil {
			return err
		}
	}
	f.nextScan = now.Add(pollInterval)
	f.nextLook = f.nextScan
	f.scan++
	f.unread = 0
	if err := errors.Join(f.readNames(p, now), f.readSets(p, now)); err != nil {
		return fmt.Errorf("list the folder: %w", err)
	}
	for name, s := range f.files {
		if s.scan != f.scan {
			delete(f.files, name)
		}
	}
	for key, s := range f.subfolders {
		if s.scan != f.scan {
			delete(f.subfolders, key)
		}
	}
	f.crowded = f.unread > 0
	if f.hints != nil && len(f.subfolders)+len(f.sets) == 0 { // no event tells of what lies deeper
		f.nextScan = now.Add(listInterval)
	}
	f.listedAt = now
	return nil
}

// arrive prepares a folder that is met for the first time, or anew, and finds the claims that were left in it.
func (f *folder) arrive(p *place) error {
	if f.mounted && !p.mounted {
		return errNotMounted
	}
	f.depart()
	if err := p.root.MkdirAll(claimedDir, 0o700); err != nil {
		return fmt.Errorf("make the folder for claims: %w", err)
	}
	p.makeSpare(f.station.Grouping != dossier.GroupFile)
	if err := p.touch(); err != nil {
		return err
	}
	if !p.network && !f.w.polling {
		f.hints = listen(f.station.Folder, f.wake, p.touch)
	}
	if err := f.recover(p); err != nil {
		return fmt.Errorf("look for claims: %w", err)
	}
	f.here, f.mounted = p, p.mounted
	f.log.Info("the folder is watched", "folder", f.station.Folder, "events", f.hints != nil)
	return nil
}

func (f *folder) readNames(p *place, now time.Time) error {
	dir, err := p.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	for {
		entries, err := dir.ReadDir(listedAtOnce)
		for _, e := range entries {
			switch {
			case leftAlone(e.Name()):
			case !e.IsDir():
				if err := f.meet(p, e.Name(), now); err != nil {
					return err
				}
			case f.station.Grouping == dossier.GroupFolder && isBatchFolder(e.Name()):
				if err := f.readSubfolder(p, e.Name(), now); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// meet updates the sighting of a listed name if it is new or being waited for.
func (f *folder) meet(p *place, name string, now time.Time) error {
	s := f.files[name]
	if s == nil && len(f.files) >= tracked {
		return nil
	}
	if s != nil {
		s.scan = f.scan
		if !s.judged {
			return nil
		}
	}
	return f.look(p, name, now)
}

// refresh looks at the files that events told of, and now and then at the folder itself: no event tells that something
// was mounted or unmounted.
func (f *folder) refresh(names map[string]struct{}, now time.Time) error {
	if f.here == nil || len(names) == 0 && now.Before(f.nextLook) {
		return nil
	}
	defer f.asking()()
	p, err := openPlace(f.station.Folder)
	if err != nil {
		return err
	}
	defer p.close()
	f.nextLook = now.Add(pollInterval)
	if !p.same(f.here) {
		f.nextScan = now
		return nil
	}
	for name := range names {
		if err := f.look(p, name, now); err != nil {
			return err
		}
	}
	return nil
}

// look updates the sighting of one name. The error is about the folder, not the file.
func (f *folder) look(p *place, name string, now time.Time) error {
	info, err := p.root.Lstat(name)
	switch {
	case gone(err):
		delete(f.files, name)
		return nil
	case err != nil:
		return err
	case info.IsDir():
		if f.station.Grouping == dossier.GroupFolder {
			f.nextScan = now // it may be a batch
		}
		return nil
	}
	s := f.files[name]
	if s == nil {
		s = &sighting{batch: f.batchOf(name)}
		f.files[name] = s
	}
	s.scan = f.scan
	s.see(f.station, info, now)
	return nil
}
