package pipeline

import (
	"context"
	"net/url"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// findable is what can be found of a version, by its metadata and what was read on its pages, in order.
func findable(m *Metadata, read []reading) []catalog.SearchDocument {
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
			page, r := &m.Pages[n-1], &read[n-1]
			doc.Pages = append(doc.Pages, catalog.SearchPage{
				ID: page.ID, ArtifactID: r.artifact, Text: r.text, Doubted: r.doubted, Language: page.Language, Confidence: page.Confidence,
			})
		}
		all = append(all, doc)
	}
	return all
}

// reading is the text of a page, with the numbers of the words that may have been misread.
type reading struct {
	artifact string // the id under which its layout lies
	text     string
	doubted  []int
}

func wordsRead(artifact string, l *dossier.Layout) reading {
	r := reading{artifact: artifact, text: l.Text()}
	i := 0
	for line := range l.Lines {
		for _, w := range line.Words {
			if w.Confidence < search.Doubt {
				r.doubted = append(r.doubted, i)
			}
			i++
		}
	}
	return r
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
	m := new(Metadata)
	if err := loadJSON(ctx, s, storage.DossierKey(of.Department, of.Year, of.Code, of.Version, "metadata.json"), m); err != nil {
		return nil, err
	}
	all := make([]reading, 0, len(m.Pages))
	for i := range m.Pages {
		artifact, err := artifactOf(&m.Pages[i])
		if err != nil {
			return nil, err
		}
		page, err := loadPage(ctx, s, artifact)
		if err != nil {
			return nil, err
		}
		all = append(all, wordsRead(artifact, &page.Layout))
	}
	return findable(m, all), nil
}
