package pipeline

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/fs"
)

// counting counts the objects that are asked for, and can break off in the middle of them.
type counting struct {
	storage.Store
	gets atomic.Int64
	cut  atomic.Bool
}

func (c *counting) Get(ctx context.Context, key string) (storage.Reader, error) {
	c.gets.Add(1)
	r, err := c.Store.Get(ctx, key)
	if err == nil && c.cut.Load() {
		r = &broken{Reader: r}
	}
	return r, err
}

type broken struct {
	storage.Reader
	read bool
}

func (b *broken) Read(p []byte) (int, error) {
	if b.read {
		return 0, errors.New("the line went dead")
	}
	b.read = true
	return b.Reader.Read(p[:1])
}

func newOriginalsOf(t *testing.T, contents ...string) (*originals, *counting, []string) {
	t.Helper()
	folder, err := fs.Open(filepath.Join(t.TempDir(), "objects"))
	must(t, err)
	c := &counting{Store: folder}
	var shas []string
	for _, content := range contents {
		sha := keep(t, folder, content)
		shas = append(shas, sha)
	}
	o, err := newOriginals(filepath.Join(t.TempDir(), "originals"), c)
	must(t, err)
	return o, c, shas
}

func TestPagesOfOneOriginalOneAfterTheOtherFetchItOnce(t *testing.T) {
	o, store, shas := newOriginalsOf(t, "one")
	for range 3 * keptOriginals {
		_, release, err := o.acquire(t.Context(), shas[0])
		must(t, err)
		release()
	}
	if n := store.gets.Load(); n != 1 {
		t.Errorf("fetched %d times", n)
	}
}

func TestFewOriginalsStayAndThoseInUseDo(t *testing.T) {
	var contents []string
	for i := range 3 * keptOriginals {
		contents = append(contents, strconv.Itoa(i))
	}
	o, _, shas := newOriginalsOf(t, contents...)
	used, release, err := o.acquire(t.Context(), shas[0])
	must(t, err)
	for _, sha := range shas[1:] {
		_, release, err := o.acquire(t.Context(), sha)
		must(t, err)
		release()
	}
	if data, err := os.ReadFile(used.path); err != nil || string(data) != "0" {
		t.Errorf("the one in use: %q, %v", data, err)
	}
	if files, err := os.ReadDir(o.dir); err != nil || len(files) != keptOriginals+1 {
		t.Errorf("%d files, %v", len(files), err)
	}
	release()
	if files, err := os.ReadDir(o.dir); err != nil || len(files) != keptOriginals {
		t.Errorf("%d files, %v", len(files), err)
	}
}

func TestACopyThatBrokeOffIsGoneAndFetchedAnew(t *testing.T) {
	o, store, shas := newOriginalsOf(t, "whole")
	store.cut.Store(true)
	if _, _, err := o.acquire(t.Context(), shas[0]); err == nil {
		t.Fatal("no error")
	}
	if files, err := os.ReadDir(o.dir); err != nil || len(files) > 0 {
		t.Errorf("%d files left, %v", len(files), err)
	}
	store.cut.Store(false)
	e, release, err := o.acquire(t.Context(), shas[0])
	must(t, err)
	defer release()
	f, err := os.Open(e.path)
	must(t, err)
	defer f.Close()
	if data, err := io.ReadAll(f); err != nil || string(data) != "whole" {
		t.Errorf("%q, %v", data, err)
	}
}
