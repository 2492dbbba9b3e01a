// Package fs keeps objects as files under one folder: the key is the path.
//
// It owns the order of writing that makes an object whole or absent after a crash: temporary file, fsync, link under
// its name, fsync of each folder above it. What keys mean it leaves to its callers. Proof: storagetest.Run, and tests
// that kill a writer at any moment.
package fs

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/storage"
)

const (
	fileMode   = 0o600
	folderMode = 0o700

	// digestAttr keeps an object's SHA-256 beside it, so that Stat need not read it. Not every file system, and no plain
	// copy, carries it; without it Stat reads the object.
	digestAttr = "user.dossierd.sha256"
)

// Store implements storage.Store on a folder. All of its files are its owner's only.
type Store struct {
	root    *os.Root
	scratch string   // folder of this Store's temporary files, under root
	lock    *os.File // held as long as the process lives, so that no other clears scratch
	serial  atomic.Int64
	folders folders
}

// Open makes the folder if it is missing, and clears away what writers that are gone have left unfinished. Several
// processes may have the same folder open. It needs a file system with hard links and flock.
func Open(root string) (*Store, error) {
	if err := makeRoot(root); err != nil {
		return nil, fmt.Errorf("make store folder %s: %w", root, err)
	}
	r, err := os.OpenRoot(root)
	if err != nil {
		return nil, fmt.Errorf("open store folder: %w", err)
	}
	s := &Store{root: r, folders: folders{root: r}}
	if err := s.openScratch(rand.Text()); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare store folder %s: %w", root, err), r.Close())
	}
	return s, nil
}

// Put implements storage.Store.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, d storage.Digest) error {
	if err := storage.CheckKey(key); err != nil {
		return err
	}
	if err := s.put(ctx, key, storage.NewVerifier(r, d), d); err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

func (s *Store) put(ctx context.Context, key string, v *storage.Verifier, d storage.Digest) error {
	if found, err := s.compare(ctx, key, d); found || err != nil {
		return err
	}
	temp := path.Join(s.scratch, strconv.FormatInt(s.serial.Add(1), 10))
	err := s.write(ctx, temp, v, d)
	if err == nil {
		err = s.publish(ctx, temp, key, d)
	}
	// Gone or not: a temporary file that stays is cleared away by the next Open.
	if removed := s.root.Remove(temp); removed != nil && !errors.Is(removed, fs.ErrNotExist) {
		err = errors.Join(err, unavailable(removed))
	}
	return err
}

// write makes the temporary file with all bytes of v on disk, or fails.
func (s *Store) write(ctx context.Context, temp string, v *storage.Verifier, d storage.Digest) error {
	f, err := s.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return unavailable(err)
	}
	_, err = io.Copy(f, contextReader{ctx, v})
	switch {
	case err == nil:
		setDigest(f, d.SHA256)
		err = unavailable(f.Sync())
	case v.Err() == nil && ctx.Err() == nil:
		err = unavailable(err)
	}
	return errors.Join(err, unavailable(f.Close()))
}

// publish gives the temporary file its name. Linking, unlike renaming, never replaces what another writer of the same
// key has put there meanwhile.
func (s *Store) publish(ctx context.Context, temp, key string, d storage.Digest) error {
	if err := s.folders.make(path.Dir(key)); err != nil {
		return unavailable(err)
	}
	if err := s.root.Link(temp, key); err != nil {
		if !errors.Is(err, fs.ErrExist) {
			return unavailable(err)
		}
		if found, err := s.compare(ctx, key, d); found || err != nil {
			return err
		}
		return fmt.Errorf("%w: others are writing the same key", storage.ErrUnavailable)
	}
	return unavailable(s.folders.sync(path.Dir(key)))
}

// compare reports whether key exists with the bytes of d, durably; ErrConflict when it has others.
func (s *Store) compare(ctx context.Context, key string, d storage.Digest) (found bool, err error) {
	r, err := s.Get(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer r.Close()
	if r.Size() != d.Bytes {
		return false, fmt.Errorf("%w: %d bytes, not %d", storage.ErrConflict, r.Size(), d.Bytes)
	}
	sum, err := digest(ctx, r)
	if err != nil {
		return false, err
	}
	if sum != d.SHA256 {
		return false, storage.ErrConflict
	}
	// Its writer may not have come as far as this yet.
	if err := s.folders.make(path.Dir(key)); err != nil {
		return false, unavailable(err)
	}
	return true, unavailable(s.folders.sync(path.Dir(key)))
}

// Delete implements storage.Store. It leaves folders that it empties.
func (s *Store) Delete(_ context.Context, key string) error {
	if err := storage.CheckKey(key); err != nil {
		return err
	}
	if info, err := s.root.Lstat(key); absent(err) || err == nil && info.IsDir() {
		return nil
	}
	if err := s.root.Remove(key); err != nil {
		if absent(err) {
			return nil
		}
		return fmt.Errorf("delete: %w", unavailable(err))
	}
	if err := s.folders.sync(path.Dir(key)); err != nil {
		return fmt.Errorf("delete %s: %w", key, unavailable(err))
	}
	return nil
}

// digest reads r to its end.
func digest(ctx context.Context, r io.Reader) (string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, contextReader{ctx, r}); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// contextReader ends with the context's error.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// unavailable marks an error that passes when somebody frees space or brings the file system back.
func unavailable(err error) error {
	for _, passing := range []unix.Errno{
		unix.ENOSPC, unix.EDQUOT, unix.EROFS, unix.EIO, unix.ESTALE, unix.ETIMEDOUT, unix.EMFILE, unix.ENFILE,
	} {
		if errors.Is(err, passing) {
			return fmt.Errorf("%w: %w", storage.ErrUnavailable, err)
		}
	}
	return err
}

// absent reports whether err says that there is no such file.
func absent(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, unix.ENOTDIR)
}
