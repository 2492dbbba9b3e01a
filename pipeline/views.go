package pipeline

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
)

// imageStay is how long the local copy of a page's image is kept for the next view of it.
const imageStay = time.Minute

// pageImages keeps local copies of stored page images for the viewing workers, which see nothing of object storage.
type pageImages struct {
	dir   string
	store storage.Store

	mu      sync.Mutex
	entries map[string]*pageImage // by artifact id
	made    int                   // copies so far: no path is ever another image's
}

// pageImage is one copy, and the page without its words.
type pageImage struct {
	path string
	refs int
	last *time.Timer // removes it; nil while it is in use

	mu   sync.Mutex // held while fetching
	page *dossier.Page
}

func newPageImages(dir string, s storage.Store) (*pageImages, error) {
	if err := emptyFolder(dir); err != nil {
		return nil, fmt.Errorf("empty the scratch folder: %w", err)
	}
	return &pageImages{dir: dir, store: s, entries: map[string]*pageImage{}}, nil
}

// close removes what is kept. It may fail: the next start removes it too.
func (p *pageImages) close() { _ = os.RemoveAll(p.dir) }

// acquire returns the copy of a page's image, fetching it first if need be. release must be called once.
func (p *pageImages) acquire(ctx context.Context, artifactID string) (e *pageImage, release func(), err error) {
	p.mu.Lock()
	e = p.entries[artifactID]
	if e == nil {
		p.made++
		e = &pageImage{path: filepath.Join(p.dir, fmt.Sprint(p.made))}
		p.entries[artifactID] = e
	}
	e.refs++
	if e.last != nil {
		e.last.Stop()
		e.last = nil
	}
	p.mu.Unlock()
	release = func() { p.release(artifactID, e) }

	e.mu.Lock()
	defer e.mu.Unlock()
	if e.page == nil {
		if e.page, err = p.fetch(ctx, artifactID, e.path); err != nil {
			release()
			return nil, nil, err
		}
	}
	return e, release, nil
}

// release has a copy removed that nobody asks for again; one that was forgotten meanwhile, at once.
func (p *pageImages) release(artifactID string, e *pageImage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.refs--
	switch {
	case e.refs > 0:
	case p.entries[artifactID] != e:
		_ = os.Remove(e.path) // the folder is emptied at the next start anyway
	default:
		e.last = time.AfterFunc(imageStay, func() { p.expire(artifactID, e) })
	}
}

func (p *pageImages) expire(artifactID string, e *pageImage) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.refs == 0 && p.entries[artifactID] == e {
		delete(p.entries, artifactID)
		_ = os.Remove(e.path)
	}
}

// forget has the copy of an image that was destroyed removed, as soon as nobody uses it.
func (p *pageImages) forget(artifactID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e := p.entries[artifactID]; e != nil {
		delete(p.entries, artifactID)
		if e.refs == 0 {
			_ = os.Remove(e.path)
		}
	}
}

func (p *pageImages) fetch(ctx context.Context, artifactID, path string) (*dossier.Page, error) {
	page, err := loadPage(ctx, p.store, artifactID)
	if err != nil {
		return nil, err
	}
	page.Layout = dossier.Layout{}
	page.Image.ICC = nil // of no use to who draws it, and it goes along with every request
	if page.Image.Format == "" {
		return page, nil
	}
	if err := localCopy(ctx, p.store, storage.PageKey(artifactID, "image."+page.Image.Format.Ext()), path); err != nil {
		return nil, fmt.Errorf("fetch the image of page %s: %w", artifactID, err)
	}
	return page, nil
}

// ReadPage reads what is known of a page that was read: storage.ErrNotFound where nothing is stored under the id.
func (p *Pipeline) ReadPage(ctx context.Context, artifactID string) (*dossier.Page, error) {
	return loadPage(ctx, p.store, artifactID)
}

// View draws a part of a stored page as JPEG or PNG. Errors are those of ocr.Pool.View, storage.ErrNotFound where the page has no
// image, and the store's.
func (p *Pipeline) View(ctx context.Context, artifactID string, v dossier.View) ([]byte, error) {
	done := p.metrics.step("view")
	defer done()
	e, release, err := p.images.acquire(ctx, artifactID)
	if err != nil {
		return nil, err
	}
	defer release()
	if e.page.Image.Format == "" {
		return nil, fmt.Errorf("draw page %s: %w", artifactID, storage.ErrNotFound)
	}
	return p.workers.View(ctx, ocr.Image{ID: artifactID, Path: e.path}, ocr.View{Image: e.page.Image, ToImage: e.page.ToImage, View: v})
}

// FieldTitle is what a field of a kind is called in vi, fr or en; its name where no kind says so.
func (p *Pipeline) FieldTitle(kind, field, language string) string {
	if k := p.settings.Load().kinds.Kind(kind); k != nil {
		return k.FieldTitle(field, language)
	}
	return field
}
