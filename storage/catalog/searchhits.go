package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/dossierd/dossierd/search"
)

// add reads pages and adds those that are still there, and in which the exact phrases stand.
func (p *page) add(ctx context.Context, some []ranked) error {
	if len(some) == 0 {
		return nil
	}
	p.last = some[len(some)-1]
	ids := make([]any, 0, len(some))
	for _, r := range some {
		ids = append(ids, r.id)
	}
	type read struct {
		Hit
		id   int64
		text string
	}
	all, err := collect(ctx, p.db, func(r row) (read, error) {
		var h read
		var received int64
		var packed []byte
		err := r.Scan(&h.id, &h.Code, &h.Version, &h.Department, &h.Station, &h.Procedure, &received, &h.Document, &h.Kind, &h.Title,
			&h.Page, &h.PageID, &h.ArtifactID, &h.Language, &h.Confidence, &packed)
		if err != nil {
			return h, err
		}
		h.ReceivedAt = asTime(received)
		if h.text, err = p.texts.unpack(packed); err != nil {
			return h, fmt.Errorf("unpack the text of page %s: %w", h.PageID, err)
		}
		return h, nil
	}, `SELECT p.id, p.code, v.version, s.department, s.station, s.procedure, s.received_at, p.document, d.kind, d.title,
		p.page, p.page_id, p.artifact_id, p.language, p.confidence, t.text FROM search_pages p JOIN search_texts t ON t.id = p.id
		JOIN search_dossiers v ON v.code = p.code JOIN dossiers s ON s.code = p.code
		JOIN search_documents d ON d.code = p.code AND d.document = p.document
		WHERE p.id IN (?`+strings.Repeat(`, ?`, len(ids)-1)+`)`, ids...)
	if err != nil {
		return err
	}
	byID := make(map[int64]*read, len(all))
	for i := range all {
		byID[all[i].id] = &all[i]
	}
	for _, r := range some {
		h := byID[r.id]
		if h == nil || !hasExactly(h.text, h.Language, p.exact) {
			continue
		}
		h.Similar = r.worth == worthSimilar
		text := search.Read(h.text, h.Language)
		h.Snippet, h.Words = text.Snippet(p.Query, snippetSize), text.Words(p.Query)
		p.hits = append(p.hits, h.Hit)
	}
	return nil
}

// exactPhrases lists the phrases that every hit has with the marks they were typed with.
func exactPhrases(n search.Node) []search.Phrase {
	switch n := n.(type) {
	case search.And:
		var list []search.Phrase
		for _, n := range n {
			list = append(list, exactPhrases(n)...)
		}
		return list
	case search.Phrase:
		if n.WantExact {
			return []search.Phrase{n}
		}
	}
	return nil
}

// hasExactly reports whether all the phrases stand in a text, marks and all.
func hasExactly(text, language string, phrases []search.Phrase) bool {
	if len(phrases) == 0 {
		return true
	}
	var words []string
	for _, t := range search.Tokens(text, language) {
		if !t.Aside {
			words = append(words, t.Exact)
		}
	}
	for _, p := range phrases {
		if !standsIn(words, p) {
			return false
		}
	}
	return true
}

func standsIn(words []string, p search.Phrase) bool {
	for i := range len(words) - len(p.Terms) + 1 {
		n := 0
		for n < len(p.Terms) && isWord(words[i+n], p.Terms[n]) {
			n++
		}
		if n == len(p.Terms) {
			return true
		}
	}
	return false
}

func isWord(word string, t search.Term) bool {
	return word == t.Exact || t.Prefix && strings.HasPrefix(word, t.Exact)
}
