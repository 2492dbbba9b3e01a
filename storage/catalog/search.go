package catalog

import (
	"context"
	"fmt"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
)

// Search is what somebody looks for.
type Search struct {
	Query  search.Query
	Who    dossier.Principal
	Order  SearchOrder // "" is OrderRelevance
	Limit  int         // hits, 1 to 200; 0 is 20
	Cursor string      // Found.Next of the same search; "" begins
	Facets bool
	Within string // the code of the dossier to look in; "" looks in all
	Exact  bool   // words count in the marks they were typed with only, and those without marks without
}

// SearchOrder is in which order hits come.
type SearchOrder string

// The orders. Days are those on which dossiers were received; within a day the pages count that were indexed later as newer.
const (
	OrderRelevance SearchOrder = "relevance" // of equal ones the newest first
	OrderNewest    SearchOrder = "newest"
	OrderOldest    SearchOrder = "oldest"
)

// Found is a page of results.
type Found struct {
	Hits   []Hit
	Total  Count
	Facets []Facet
	Next   string   // Cursor of the page that follows; "" on the last
	Cut    []string // what was cut short by its deadline: tiers of hits, count; words of a prefix, or of what was misread, that were too many
}

// Shortfall is what an answer lacks for what was cut short.
type Shortfall string

// The shortfalls, from the worst.
const (
	ShortOfWords Shortfall = "prefix" // too many words begin so: only the most frequent were looked for
	ShortOfPages Shortfall = "pages"  // hits may be missing
	ShortOfOrder Shortfall = "order"  // all hits are there, but the best need not come first
	ShortOfNone  Shortfall = ""       // at most the total is an estimate
)

// Lacking reports whether hits may be missing.
func (s Shortfall) Lacking() bool { return s == ShortOfWords || s == ShortOfPages }

// Shortfall is the worst of what follows from Cut.
func (f *Found) Shortfall() Shortfall {
	worst := ShortOfNone
	for _, what := range f.Cut {
		switch what {
		case "prefix":
			return ShortOfWords
		case "count":
		case tierExact, tierTitle, tierNear, tierPhrase, tierAlternatives:
			if worst == ShortOfNone {
				worst = ShortOfOrder
			}
		default:
			worst = ShortOfPages
		}
	}
	return worst
}

// Count is a number of pages.
type Count struct {
	N     int
	Exact bool // else N is estimated
}

// Facet is how the hits spread over the values of a field.
type Facet struct {
	Field  string // department, station, procedure, kind, year
	Values []FacetValue
}

// FacetValue is one value, "" where pages have none.
type FacetValue struct {
	Value string
	Count
}

// Hit is a page that was found.
type Hit struct {
	Code       string            `json:"code"`
	Version    int               `json:"version"`
	Department string            `json:"department"`
	Station    string            `json:"station"`
	Procedure  string            `json:"procedure,omitempty"`
	ReceivedAt time.Time         `json:"received_at"` // the dossier
	Document   int               `json:"document"`    // of the version, from 1
	Kind       string            `json:"kind,omitempty"`
	Title      string            `json:"title,omitempty"` // of the document
	Page       int               `json:"page"`            // of the rendition, from 1
	PageID     string            `json:"page_id"`
	ArtifactID string            `json:"-"` // may be named after a deposit of others that had the same bytes
	Language   string            `json:"language,omitempty"`
	Confidence float64           `json:"confidence"`
	Snippet    []search.Fragment `json:"snippet"`
	Words      []int             `json:"words"`             // of the layout, from 0, that the search hit
	Similar    bool              `json:"similar,omitempty"` // what was asked for may have been misread there
}

const (
	usualHits   = 20
	mostHits    = 200
	snippetSize = 240 // letters
)

// Search finds pages of the latest versions of dossiers that are neither withdrawn nor erased. What s.Who does not see is neither
// found nor counted; pages of identity papers are found by those only who may read what is personal. It returns ErrCursor for a
// cursor that is none.
func (c *Catalog) Search(ctx context.Context, s Search) (Found, error) {
	f, err := c.find(ctx, s)
	if err != nil {
		return f, fmt.Errorf("search: %w", err)
	}
	return f, nil
}

func (c *Catalog) find(ctx context.Context, s Search) (Found, error) {
	if s.Exact {
		s.Query = exactly(s.Query)
	}
	if s.Limit <= 0 {
		s.Limit = usualHits
	}
	s.Limit = min(s.Limit, mostHits)
	at, err := cursorOf(s.Cursor)
	if err != nil {
		return Found{}, err
	}
	l := &looking{Catalog: c, Search: s, at: at}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := l.plan(ctx); err != nil {
		return Found{}, err
	}
	var f Found
	if s.Order == OrderNewest || s.Order == OrderOldest {
		f.Hits, f.Next, err = l.byDay(ctx)
	} else {
		f.Hits, f.Next, err = l.byRelevance(ctx)
	}
	if err != nil {
		return f, err
	}
	var n inAll
	if l.counting != nil {
		n = <-l.counting
	} else {
		n = l.count(ctx)
	}
	for _, what := range n.cut {
		l.wasCut(what)
	}
	f.Total, f.Facets, f.Cut = n.total, n.facets, l.cut
	return f, n.err
}
