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
