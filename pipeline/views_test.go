package pipeline

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/fs"
)

// newPageImagesOf stores pages whose images have these bytes, a-1 first.
func newPageImagesOf(t *testing.T, contents ...string) (*pageImages, *counting) {
	t.Helper()
	folder, err := fs.Open(filepath.Join(t.TempDir(), "objects"))
	must(t, err)
	c := &counting{Store: folder}
	p := &Pipeline{store: folder}
	for i, content := range contents {
		page := dossier.Page{Width: 1, Height: 1, Image: dossier.PageImage{Format: dossier.FormatJPEG, ICC: []byte("profile")}}
		layout, err := EncodePage(&page)
		must(t, err)
		id := "a-" + strconv.Itoa(i+1)
		must(t, p.putArtifact(t.Context(), storage.PageKey(id, "layout.json.gz"), layout))
		must(t, p.putArtifact(t.Context(), storage.PageKey(id, "image.jpg"), []byte(content)))
	}
	images, err := newPageImages(filepath.Join(t.TempDir(), "images"), c)
	must(t, err)
	return images, c
}

func TestViewsOfOnePageFetchItsImageOnce(t *testing.T) {
	images, store := newPageImagesOf(t, "one")
	for range 3 {
		e, release, err := images.acquire(t.Context(), "a-1")
		must(t, err)
		if data, err := os.ReadFile(e.path); err != nil || string(data) != "one" || e.page.Image.ICC != nil {
			t.Errorf("%q, %v", data, err)
		}
		release()
	}
	if n := store.gets.Load(); n != 2 { // layout and image
		t.Errorf("%d objects were fetched", n)
	}
	images.close()
}

func TestTheCopyOfAnImageIsRemovedWhenNobodyLooksAnyMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		images, _ := newPageImagesOf(t, "one")
		e, release, err := images.acquire(t.Context(), "a-1")
		must(t, err)
		release()
		time.Sleep(imageStay / 2)
		_, release, err = images.acquire(t.Context(), "a-1")
		must(t, err)
		time.Sleep(2 * imageStay)
		if _, err := os.Stat(e.path); err != nil {
			t.Errorf("in use: %v", err)
		}
		release()
		time.Sleep(2 * imageStay)
		synctest.Wait()
		if _, err := os.Stat(e.path); !errors.Is(err, os.ErrNotExist) || len(images.entries) != 0 {
			t.Errorf("later: %v, %d entries", err, len(images.entries))
		}
	})
}

func TestTheCopyOfAnImageThatIsErasedIsRemovedAsSoonAsNobodyUsesIt(t *testing.T) {
	images, _ := newPageImagesOf(t, "one", "two")
	idle, release, err := images.acquire(t.Context(), "a-1")
	must(t, err)
	release()
	used, release, err := images.acquire(t.Context(), "a-2")
	must(t, err)
	images.forget("a-1")
	images.forget("a-2")
	images.forget("nobodys-1")
	if _, err := os.Stat(idle.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("idle: %v", err)
	}
	if _, err := os.Stat(used.path); err != nil {
		t.Errorf("in use: %v", err)
	}
	release()
	if _, err := os.Stat(used.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("released: %v", err)
	}
}

func TestAnImageThatIsNotFetchedWholeLeavesNoCopy(t *testing.T) {
	images, store := newPageImagesOf(t, "one")
	store.cut.Store(true)
	if _, _, err := images.acquire(t.Context(), "a-1"); err == nil {
		t.Error("half an image is one")
	}
	if left, err := os.ReadDir(images.dir); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
	store.cut.Store(false)
	_, release, err := images.acquire(t.Context(), "a-1")
	must(t, err)
	release()
	images.close()
}
