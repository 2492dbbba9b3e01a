package fs

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

const (
	scratchFolder = ".tmp" // no key begins with a dot
	lockFile      = "lock"

	// rememberedFolders bounds what folders keeps in mind; beyond it, it begins anew.
	rememberedFolders = 10_000
)

// folders makes folders that survive a crash, and remembers which ones do.
type folders struct {
	root    *os.Root
	mu      sync.Mutex
	durable map[string]bool
}

// make makes a folder and those above it, each fsynced into its parent. One that is there already is fsynced as well
// the first time it is met: who made it may have died before.
func (f *folders) make(folder string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.makeLocked(folder)
}

func (f *folders) makeLocked(folder string) error {
	if folder == "." {
		return nil
	}
	if err := f.makeLocked(path.Dir(folder)); err != nil {
		return err
	}
	err := f.root.Mkdir(folder, folderMode)
	if errors.Is(err, fs.ErrExist) && f.durable[folder] {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.sync(path.Dir(folder)); err != nil {
		return err
	}
	if f.durable == nil || len(f.durable) >= rememberedFolders {
		f.durable = map[string]bool{}
	}
	f.durable[folder] = true
	return nil
}

// sync makes the names in a folder durable.
func (f *folders) sync(folder string) error {
	d, err := f.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// makeRoot is os.MkdirAll with an fsync of each folder that got a new entry.
func makeRoot(root string) error {
	if _, err := os.Stat(root); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(filepath.Clean(root))
	if err := makeRoot(parent); err != nil {
		return err
	}
	if err := os.Mkdir(root, folderMode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	d, err := os.Open(parent)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// openScratch makes this Store's folder for temporary files, locked, and clears away those whose lock is free: their
// owner is dead. One more lock keeps two that do so at once apart.
func (s *Store) openScratch(name string) error {
	if err := s.folders.make(scratchFolder); err != nil {
		return err
	}
	all, err := s.flock(path.Join(scratchFolder, lockFile), unix.LOCK_EX)
	if err != nil {
		return err
	}
	defer all.Close()
	if err := s.clearScratch(); err != nil {
		return err
	}
	s.scratch = path.Join(scratchFolder, name)
	if err := s.root.Mkdir(s.scratch, folderMode); err != nil {
		return err
	}
	s.lock, err = s.flock(path.Join(s.scratch, lockFile), unix.LOCK_EX)
	return err
}

func (s *Store) clearScratch() error {
	entries, err := fs.ReadDir(s.root.FS(), scratchFolder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		folder := path.Join(scratchFolder, e.Name())
		held, err := s.flock(path.Join(folder, lockFile), unix.LOCK_EX|unix.LOCK_NB)
		if errors.Is(err, unix.EWOULDBLOCK) {
			continue
		}
		if err != nil {
			return err
		}
		if err := errors.Join(s.root.RemoveAll(folder), held.Close()); err != nil {
			return err
		}
	}
	return nil
}

// flock opens a lock file and locks it until it is closed.
func (s *Store) flock(name string, how int) (*os.File, error) {
	f, err := s.root.OpenFile(name, os.O_RDWR|os.O_CREATE, fileMode)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), how)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(&fs.PathError{Op: "flock", Path: name, Err: err}, f.Close())
	}
	return f, nil
}
