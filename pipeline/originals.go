package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
)

// keptOriginals is how many local copies stay after their last page, for the next page of the same deposit.
const keptOriginals = 4

// originals keeps local copies of originals for the page workers, which see nothing of object storage. A copy is never
// a link: a worker that was taken over must not reach the stored bytes.
type originals struct {
	dir   string
	store storage.Store

	mu      sync.Mutex
	entries map[string]*original
	idle    []string // SHA-256 of unused copies, each once, the one used last at the end
}

// original is one local copy and, once a worker has opened it, what is in it.
type original struct {
	path string
	refs int

	mu       sync.Mutex // held while fetching or opening
	fetched  bool
	contents *ocr.Contents
}

func newOriginals(dir string, s storage.Store) (*originals, error) {
	if err := emptyFolder(dir); err != nil {
		return nil, fmt.Errorf("empty the scratch folder: %w", err)
	}
	return &originals{dir: dir, store: s, entries: map[string]*original{}}, nil
}

// close removes what is kept. It may fail: the next start removes it too.
func (o *originals) close() { _ = os.RemoveAll(o.dir) }

// acquire returns the copy of the original with this hash, fetching it first if need be. release must be called once.
func (o *originals) acquire(ctx context.Context, sha string) (copied *original, release func(), err error) {
	o.mu.Lock()
	e := o.entries[sha]
	if e == nil {
		e = &original{path: filepath.Join(o.dir, sha)}
		o.entries[sha] = e
	}
	e.refs++
	o.idle = slices.DeleteFunc(o.idle, func(idle string) bool { return idle == sha })
	o.mu.Unlock()
	release = func() { o.release(sha, e) }

	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.fetched {
		if err := localCopy(ctx, o.store, storage.OriginalKey(sha), e.path); err != nil {
			release()
			return nil, nil, fmt.Errorf("fetch original %s: %w", sha, err)
		}
		e.fetched = true
	}
	return e, release, nil
}

func (o *originals) release(sha string, e *original) {
	o.mu.Lock()
	defer o.mu.Unlock()
	e.refs--
	if e.refs > 0 {
		return
	}
	o.idle = append(o.idle, sha)
	if len(o.idle) > keptOriginals {
		oldest := o.idle[0]
		o.idle = o.idle[1:]
		_ = os.Remove(o.entries[oldest].path) // the folder is emptied at the next start anyway
		delete(o.entries, oldest)
	}
}

// localCopy leaves nothing behind where it fails: the disk may be full.
func localCopy(ctx context.Context, s storage.Store, key, path string) error {
	r, err := s.Get(ctx, key)
	if err != nil {
		return err
	}
	defer r.Close()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}
