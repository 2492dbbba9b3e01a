package iiif

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// termPage is the answer of the autocomplete service.
type termPage struct {
	Context string   `json:"@context"`
	ID      string   `json:"id"`
	Type    string   `json:"type"`
	Ignored []string `json:"ignored,omitempty"`
	Items   []term   `json:"items"`
}

type term struct {
	Type  string `json:"type"`
	Value string `json:"value"`
	Total int    `json:"total"` // times that it stands in the dossier
}

// autocomplete answers with words of a dossier that begin as q does: the autocomplete service of the Content Search API 2.
// One entry of the audit log stands for what somebody types within ten minutes.
func (s *server) autocomplete(w http.ResponseWriter, r *http.Request) {
	out, err := s.complete(r)
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, r, searchContext, true, out)
}

func (s *server) complete(r *http.Request) (termPage, error) {
	record, err := s.record(r)
	if err != nil {
		return termPage{}, err
	}
	asked := r.URL.Query()
	begun, least := asked.Get("q"), 1
	if !asked.Has("q") {
		return termPage{}, faulty("Say in q how the word begins.")
	}
	if text := asked.Get("min"); text != "" {
		if least, err = strconv.Atoi(text); err != nil || least < 1 {
			return termPage{}, faulty("min is a whole number from 1 on.")
		}
	}
	who := access.Of(r.Context())
	err = s.catalog.AuditOnce(r.Context(), who, catalog.Entry{
		Action: catalog.ActionSearch, Subject: record.Code, Details: map[string]any{"query": dossier.MaskText(begun), "autocomplete": true},
	})
	if err != nil {
		return termPage{}, err
	}
	words, err := s.catalog.Complete(r.Context(), who, record.Code, begun)
	if err != nil {
		return termPage{}, err
	}
	out := termPage{
		Context: searchContext, ID: s.dossierID(r, record.Code) + "/autocomplete?q=" + url.QueryEscape(begun), Type: "TermPage",
		Ignored: ignored(asked), Items: []term{},
	}
	for _, word := range words {
		if word.Count >= least {
			out.Items = append(out.Items, term{"Term", word.Text, word.Count})
		}
	}
	return out, nil
}
