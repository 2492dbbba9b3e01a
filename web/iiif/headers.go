package iiif

import (
	"context"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
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

// notes remembers which reads of personal pages were recorded just now: who moves about on one page reads it once.
type notes struct {
	mu   sync.Mutex
	last map[[2]string]time.Time // by who and key
}

// note records that somebody reads a personal page. It is durable when it returns nil.
func (s *server) note(ctx context.Context, who dossier.Principal, key string) error {
	const oneRead, most = time.Minute, 4096
	n, read := &s.noted, [2]string{who.Name, key}
	n.mu.Lock()
	last := n.last[read]
	n.mu.Unlock()
	if time.Since(last) < oneRead {
		return nil
	}
	if err := s.catalog.Audit(ctx, who, catalog.Entry{Action: catalog.ActionPersonal, Subject: key}); err != nil {
		return err
	}
	s.log.Info("personal data read", "who", who.Name, "key", key)
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.last) >= most || n.last == nil {
		n.last = map[[2]string]time.Time{}
	}
	n.last[read] = time.Now()
	return nil
}
