package pipeline

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// findable is what can be found of a version, by its metadata and the texts of its pages, in order.
func findable(m *Metadata, texts []string) ([]catalog.SearchDocument, error) {
	documents := m.Documents
	if len(documents) == 0 { // of versions that were made before there were documents
		documents = []dossier.Document{{FirstPage: 1, LastPage: len(m.Pages)}}
	}
	var all []catalog.SearchDocument
	for _, d := range documents {
		doc := catalog.SearchDocument{Kind: d.Kind, Title: d.Title}
		for _, f := range d.Fields {
			if !f.Personal && f.Value != "" {
				doc.Fields = append(doc.Fields, catalog.SearchField{Name: f.Name, Value: f.Value, Raw: f.Raw})
			}
		}
		for n := d.FirstPage; n <= min(d.LastPage, len(m.Pages)); n++ {
			page := &m.Pages[n-1]
			artifact, err := artifactOf(page)
			if err != nil {
				return nil, err
			}
			doc.Pages = append(doc.Pages, catalog.SearchPage{
				ID: page.ID, ArtifactID: artifact, Text: texts[n-1], Language: page.Language, Confidence: page.Confidence,
			})
		}
		all = append(all, doc)
	}
	return all, nil
}

// artifactOf reads the id under which a page's artifacts lie out of their key.
func artifactOf(page *MetadataPage) (string, error) {
	parts := strings.Split(page.Layout, "/")
	if len(parts) != 3 {
		return page.ID, nil // of versions that name no layouts
	}
	return url.PathUnescape(parts[1])
}

// Findable reads what can be found of the latest version of a dossier back from its objects.
func Findable(ctx context.Context, s storage.Store, of catalog.Dossier) ([]catalog.SearchDocument, error) {
	m, err := loadMetadata(ctx, s, storage.DossierKey(of.Department, of.Year, of.Code, of.Version, "metadata.json"))
	if err != nil {
		return nil, err
	}
	texts := make([]string, 0, len(m.Pages))
	for i := range m.Pages {
		artifact, err := artifactOf(&m.Pages[i])
		if err != nil {
			return nil, err
		}
		page, err := loadPage(ctx, s, artifact)
		if err != nil {
			return nil, err
		}
		texts = append(texts, page.Layout.Text())
	}
	return findable(m, texts)
}

func loadMetadata(ctx context.Context, s storage.Store, key string) (*Metadata, error) {
	r, err := s.Get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", key, err)
	}
	defer r.Close()
	m := new(Metadata)
	if err := json.NewDecoder(r).Decode(m); err != nil {
		return nil, fmt.Errorf("load %s: %w", key, err)
	}
	return m, nil
}
