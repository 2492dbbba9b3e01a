package fs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/storage"
)

// Get implements storage.Store.
func (s *Store) Get(_ context.Context, key string) (storage.Reader, error) {
	if err := storage.CheckKey(key); err != nil {
		return nil, err
	}
	f, info, err := s.open(key)
	if err != nil {
		return nil, err
	}
	return &reader{file: f, size: info.Size()}, nil
}

// Stat implements storage.Store.
func (s *Store) Stat(ctx context.Context, key string) (storage.Info, error) {
	if err := storage.CheckKey(key); err != nil {
		return storage.Info{}, err
	}
	f, info, err := s.open(key)
	if err != nil {
		return storage.Info{}, err
	}
	defer f.Close()
	sum := getDigest(f)
	if sum == "" {
		if sum, err = digest(ctx, f); err != nil {
			return storage.Info{}, fmt.Errorf("read %s: %w", key, unavailable(err))
		}
	}
	return storage.Info{Key: key, Bytes: info.Size(), SHA256: sum, ModifiedAt: info.ModTime()}, nil
}

func (s *Store) open(key string) (*os.File, fs.FileInfo, error) {
	f, err := s.root.Open(key)
	if absent(err) {
		return nil, nil, fmt.Errorf("read %s: %w", key, storage.ErrNotFound)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read: %w", unavailable(err))
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read: %w", unavailable(err)), f.Close())
	}
	if !info.Mode().IsRegular() {
		return nil, nil, errors.Join(fmt.Errorf("read %s: %w", key, storage.ErrNotFound), f.Close())
	}
	return f, info, nil
}

// List implements storage.Store. It holds the names of one folder at a time and level in memory.
func (s *Store) List(ctx context.Context, prefix string, yield func(storage.Info) bool) error {
	folder := "."
	if i := strings.LastIndexByte(prefix, '/'); i > 0 && storage.CheckKey(prefix[:i]) == nil {
		folder = prefix[:i] // those above it may hold a million others
	}
	_, err := s.list(ctx, folder, prefix, yield)
	return err
}

// list walks a folder; more says whether yield wants to go on.
func (s *Store) list(ctx context.Context, folder, prefix string, yield func(storage.Info) bool) (more bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, fmt.Errorf("list %s: %w", prefix, err)
	}
	entries, err := fs.ReadDir(s.root.FS(), folder)
	if absent(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("list %s: %w", prefix, unavailable(err))
	}
	sortAsKeys(entries)
	for _, e := range entries {
		key := path.Join(folder, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if e.IsDir() {
			if below := key + "/"; strings.HasPrefix(below, prefix) || strings.HasPrefix(prefix, below) {
				if more, err := s.list(ctx, key, prefix, yield); !more {
					return false, err
				}
			}
			continue
		}
		if !strings.HasPrefix(key, prefix) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if absent(err) {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("list %s: %w", prefix, unavailable(err))
		}
		if !yield(storage.Info{Key: key, Bytes: info.Size(), ModifiedAt: info.ModTime()}) {
			return false, nil
		}
	}
	return true, nil
}

// sortAsKeys puts a folder where the keys below it belong: "a-b" before "a/c", though "a" sorts before "a-b".
func sortAsKeys(entries []fs.DirEntry) {
	name := func(e fs.DirEntry) string {
		if e.IsDir() {
			return e.Name() + "/"
		}
		return e.Name()
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return cmp.Compare(name(a), name(b)) })
}

// reader is an open object.
type reader struct {
	file *os.File
	size int64
}

func (r *reader) Size() int64  { return r.size }
func (r *reader) Close() error { return r.file.Close() }

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, unavailable(err)
	}
	return n, err
}

func (r *reader) Seek(offset int64, whence int) (int64, error) {
	return r.file.Seek(offset, whence)
}

// setDigest notes the SHA-256 on the file, where the file system can.
func setDigest(f *os.File, sum string) {
	// Without it Stat takes longer and tells the same.
	_ = unix.Fsetxattr(int(f.Fd()), digestAttr, []byte(sum), 0)
}

// getDigest is the SHA-256 that setDigest noted, or "".
func getDigest(f *os.File) string {
	var sum [64]byte
	n, err := unix.Fgetxattr(int(f.Fd()), digestAttr, sum[:])
	if err != nil || n != len(sum) {
		return ""
	}
	return string(sum[:])
}
