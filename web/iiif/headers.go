package iiif

import (
	"context"
	"sync"

	"github.com/dossierd/dossierd/dossier"
)

// size is that of a page in page space, and whether there is an image of it.
type size struct {
	width, height int
	blank         bool // no image is stored
}

// headers remembers the sizes of pages that somebody looks at: a viewer asks for dozens of parts of one, whose size stands in front
// of all its words.
type headers struct {
	mu    sync.Mutex
	sizes map[string]size // by artifact id, whose bytes never change
}

// of tells the size of a page.
func (h *headers) of(ctx context.Context, pages Pages, artifactID string) (size, error) {
	h.mu.Lock()
	s, ok := h.sizes[artifactID]
	h.mu.Unlock()
	if ok {
		return s, nil
	}
	page, err := pages.ReadPage(ctx, artifactID)
	if err != nil {
		return size{}, err
	}
	s = sizeOf(page)
	h.mu.Lock()
	defer h.mu.Unlock()
	const most = 4096
	if len(h.sizes) >= most || h.sizes == nil {
		h.sizes = map[string]size{}
	}
	h.sizes[artifactID] = s
	return s, nil
}

func sizeOf(p *dossier.Page) size { return size{p.Width, p.Height, p.Image.Format == ""} }
