package pipeline

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
)

// maxLayout bounds what one layout.json.gz may unpack to: a page of the densest print takes 2 MB.
const maxLayout = 64 << 20

// EncodePage makes the bytes of a page's layout.json.gz; the same page gives the same bytes.
func EncodePage(page *dossier.Page) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(page); err != nil {
		return nil, fmt.Errorf("encode layout: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("encode layout: %w", err)
	}
	return b.Bytes(), nil
}

// DecodePage reads what EncodePage wrote.
func DecodePage(r io.Reader) (*dossier.Page, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("decode layout: %w", err)
	}
	page := new(dossier.Page)
	if err := json.NewDecoder(io.LimitReader(z, maxLayout)).Decode(page); err != nil {
		return nil, fmt.Errorf("decode layout: %w", err)
	}
	return page, nil
}

// shelf holds the layouts of a stack on its way from pages to renditions, so that those of a small one are fetched and decoded once.
type shelf struct {
	store storage.Store
	pages map[string]*dossier.Page // by artifact id
}

// shelved is how many layouts a shelf keeps, of 0.1 to 1 MB each; those of a larger stack are fetched again.
const shelved = 24

func (p *Pipeline) newShelf() *shelf {
	return &shelf{store: p.store, pages: map[string]*dossier.Page{}}
}

// page reads a layout; nobody may change it.
func (s *shelf) page(ctx context.Context, artifactID string) (*dossier.Page, error) {
	if page := s.pages[artifactID]; page != nil {
		return page, nil
	}
	page, err := loadPage(ctx, s.store, artifactID)
	if err == nil && len(s.pages) < shelved {
		s.pages[artifactID] = page
	}
	return page, err
}

func loadPage(ctx context.Context, s storage.Store, artifactID string) (*dossier.Page, error) {
	r, err := s.Get(ctx, storage.PageKey(artifactID, "layout.json.gz"))
	if err != nil {
		return nil, fmt.Errorf("load page %s: %w", artifactID, err)
	}
	defer r.Close()
	page, err := DecodePage(r)
	if err != nil {
		return nil, fmt.Errorf("load page %s: %w", artifactID, err)
	}
	return page, nil
}

// loadJSON reads one of a version's own files.
func loadJSON(ctx context.Context, s storage.Store, key string, v any) error {
	r, err := s.Get(ctx, key)
	if err != nil {
		return fmt.Errorf("load %s: %w", key, err)
	}
	defer r.Close()
	if err := json.NewDecoder(r).Decode(v); err != nil {
		return fmt.Errorf("load %s: %w", key, err)
	}
	return nil
}
