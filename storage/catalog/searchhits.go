package catalog

import (
	"context"
	"fmt"
	"slices"

	"github.com/dossierd/dossierd/search"
)

// add reads pages and adds those that are still there, and in which the exact phrases stand.
func (p *page) add(ctx context.Context, some []ranked) error {
	if len(some) == 0 {
		return nil
	}
	p.last = some[len(some)-1]
	byID, err := p.read(ctx, idsOf(some))
	if err != nil {
		return err
	}
	for _, r := range some {
		h, there := byID[r.id]
		if !there {
			continue
		}
		read := search.Read(h.text, h.Language)
		if slices.ContainsFunc(p.exact, func(n search.Node) bool { return read.Fits(search.Query{Root: n}) == search.NoMark }) {
			continue
		}
		h.Similar = r.worth == worthSimilar
		h.Snippet, h.Words = read.Snippet(p.Query, snippetSize), read.Words(p.Query)
		p.hits = append(p.hits, h.Hit)
	}
	return nil
}

// readHit is a hit with its text, and without what that tells.
type readHit struct {
	Hit
	text string
}

// read reads pages that are still there, by their ids.
func (p *page) read(ctx context.Context, ids []int64) (map[int64]readHit, error) {
	byID := make(map[int64]readHit, len(ids))
	scan := func(r row) (id int64, err error) {
		var h readHit
		var received int64
		var packed []byte
		err = r.Scan(&id, &h.Code, &h.Version, &h.Department, &h.Station, &h.Procedure, &received, &h.Document, &h.Kind, &h.Title,
			&h.Page, &h.PageID, &h.ArtifactID, &h.Language, &h.Confidence, &packed)
		if err != nil {
			return id, err
		}
		h.ReceivedAt = asTime(received)
		if h.text, _, err = p.texts.unpack(packed); err != nil {
			return id, fmt.Errorf("unpack the text of page %s: %w", h.PageID, err)
		}
		byID[id] = h
		return id, nil
	}
	for in, args := range inLists(ids) {
		_, err := collect(ctx, p.db, scan, `SELECT p.id, p.code, v.version, s.department, s.station, s.procedure, s.received_at, p.document, d.kind, d.title,
		p.page, p.page_id, p.artifact_id, p.language, p.confidence, t.text FROM search_pages p JOIN search_texts t ON t.id = p.id
		JOIN search_dossiers v ON v.code = p.code JOIN dossiers s ON s.code = p.code
		JOIN search_documents d ON d.code = p.code AND d.document = p.document
		WHERE p.id `+in, args...)
		if err != nil {
			return nil, err
		}
	}
	return byID, nil
}
