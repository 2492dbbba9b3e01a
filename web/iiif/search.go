package iiif

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/search"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// pagesAtOnce is how many pages' hits an answer has at most; next leads to more.
const pagesAtOnce = 50

// search answers with the words that a question finds in a dossier, as annotations of its canvases: the Content Search API 2.
// See https://iiif.io/api/search/2.0/.
func (s *server) search(w http.ResponseWriter, r *http.Request) {
	record, err := s.record(r)
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	asked := r.URL.Query()
	query, err := search.Parse(asked.Get("q"))
	if err != nil {
		s.refuseError(w, r, syntaxFault(err))
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	first := s.dossierID(r, record.Code) + "/search?q=" + url.QueryEscape(asked.Get("q"))
	out := annotationPage{
		Context: []string{searchContext, presentationContext}, ID: behind(first, asked.Get("cursor")), Type: "AnnotationPage", Items: []annotation{},
		Ignored: ignored(asked), PartOf: &collection{ID: first + "&all", Type: "AnnotationCollection", First: answerAt(first)},
	}
	if query.Root != nil {
		if err := s.addHits(r, &out, record.Code, query); err != nil {
			s.refuseError(w, r, err)
			return
		}
	}
	writeJSON(w, r, searchContext, true, out)
}

// behind is the address of the part of an answer that follows a cursor; of its first part where that is "".
func behind(first, cursor string) string {
	if cursor == "" {
		return first
	}
	return first + "&cursor=" + url.QueryEscape(cursor)
}

func answerAt(id string) *reference { return &reference{ID: id, Type: "AnnotationPage"} }

// syntaxFault says in words what of a question can't be answered.
func syntaxFault(err error) error {
	var wrong *search.SyntaxError
	if errors.As(err, &wrong) {
		return fault(wrong.Error())
	}
	return err
}

// ignored are the parameters of the specification that are not gone by.
func ignored(asked url.Values) []string {
	var list []string
	for _, name := range []string{"motivation", "date", "user"} {
		if asked.Has(name) {
			list = append(list, name)
		}
	}
	return list
}

// addHits adds an annotation for each run of words that was found, with what stands around it, and who looked for what to the audit log.
func (s *server) addHits(r *http.Request, out *annotationPage, code string, query search.Query) error {
	who := access.Of(r.Context())
	found, err := s.catalog.Search(r.Context(), catalog.Search{
		Query: query, Who: who, Limit: pagesAtOnce, Cursor: r.URL.Query().Get("cursor"), Within: code,
	})
	if errors.Is(err, catalog.ErrCursor) {
		return faulty("The cursor is none that an earlier answer gave.")
	}
	if err == nil {
		err = s.catalog.Audit(r.Context(), who, catalog.Entry{
			Action: catalog.ActionSearch, Subject: code, Details: map[string]any{"query": dossier.MaskText(query.String()), "found": found.Total.N},
		})
	}
	if err != nil {
		return err
	}
	slices.SortStableFunc(found.Hits, func(a, b catalog.Hit) int { return a.Page - b.Page })
	more := annotationPage{ID: out.ID + "&quotes", Type: "AnnotationPage", Items: []annotation{}}
	for _, hit := range found.Hits {
		page, err := s.pages.ReadPage(r.Context(), hit.ArtifactID)
		if err != nil {
			return fmt.Errorf("read page %s: %w", hit.PageID, err)
		}
		s.addPageHits(r, out, &more, code, hit, page)
	}
	out.Annotations = []annotationPage{more}
	out.PartOf.Total = found.Total.N
	if found.Next != "" {
		out.Next = answerAt(behind(out.PartOf.First.ID, found.Next))
	}
	if len(found.Cut) > 0 {
		out.Summary = cutNote()
	}
	return nil
}

// textBody is words as an annotation's body.
type textBody struct {
	Type     string `json:"type"`
	Value    string `json:"value"`
	Format   string `json:"format"`
	Language string `json:"language,omitempty"`
}

// quoteTarget is a hit with the words around it.
type quoteTarget struct {
	Type     string          `json:"type"`
	Source   string          `json:"source"` // id of the annotation with the hit's place
	Selector []quoteSelector `json:"selector"`
}

type quoteSelector struct {
	Type   string `json:"type"`
	Prefix string `json:"prefix,omitempty"`
	Exact  string `json:"exact"`
	Suffix string `json:"suffix,omitempty"`
}

func (s *server) addPageHits(r *http.Request, out, more *annotationPage, code string, hit catalog.Hit, page *dossier.Page) {
	canvas := canvasID(s.dossierID(r, code), hit.PageID)
	words := wordsOf(page)
	for _, run := range runsOf(words, hit.Words) {
		box := words[run[0]].box
		var said []string
		for i := run[0]; i <= run[1]; i++ {
			box = box.Union(words[i].box)
			said = append(said, words[i].text)
		}
		b := around(box)
		id := fmt.Sprintf("%s/hit/%d-%d", canvas, run[0], run[1])
		exact := strings.Join(said, " ")
		out.Items = append(out.Items, annotation{
			ID: id, Type: "Annotation", Motivation: "highlighting",
			Body:   textBody{Type: "TextualBody", Value: exact, Format: "text/plain", Language: languages[page.Language]},
			Target: fmt.Sprintf("%s#xywh=%d,%d,%d,%d", canvas, b[0], b[1], b[2], b[3]),
		})
		more.Items = append(more.Items, annotation{
			ID: id + "/quote", Type: "Annotation", Motivation: "contextualizing",
			Target: quoteTarget{Type: "SpecificResource", Source: id, Selector: []quoteSelector{{
				Type: "TextQuoteSelector", Prefix: quoted(words, run[0]-quotedWords, run[0]), Exact: exact,
				Suffix: quoted(words, run[1]+1, run[1]+1+quotedWords),
			}}},
		})
	}
}

// languages are those of the models, by the names that the web has for them.
var languages = map[string]string{"vie": "vi", "fra": "fr", "eng": "en"}

// quotedWords is how many words stand on either side of a hit.
const quotedWords = 8

type placedWord struct {
	text string
	box  dossier.Box
	line int
}

// wordsOf lists the words of a page in the order in which searches count them, identity numbers masked: they may go over several words.
func wordsOf(page *dossier.Page) []placedWord {
	var words []placedWord
	var clear []string
	line := 0
	for l := range page.Layout.Lines {
		for _, w := range l.Words {
			words = append(words, placedWord{dossier.MaskText(w.Text), w.Box, line})
			clear = append(clear, w.Text)
		}
		line++
	}
	if masked := strings.Split(dossier.MaskText(strings.Join(clear, " ")), " "); len(masked) == len(words) {
		for i := range words {
			words[i].text = masked[i]
		}
	}
	return words
}

// runsOf joins hits that follow one another on a line: first and last word of each.
func runsOf(words []placedWord, hits []int) [][2]int {
	hits = slices.Clone(hits)
	slices.Sort(hits)
	var runs [][2]int
	for _, i := range slices.Compact(hits) {
		if i < 0 || i >= len(words) {
			continue // the page was read anew since it was indexed
		}
		if n := len(runs); n > 0 && runs[n-1][1] == i-1 && words[i-1].line == words[i].line {
			runs[n-1][1] = i
			continue
		}
		runs = append(runs, [2]int{i, i})
	}
	return runs
}

// quoted are the words from one to before another, as far as there are.
func quoted(words []placedWord, from, to int) string {
	var said []string
	for i := max(0, from); i < min(to, len(words)); i++ {
		said = append(said, words[i].text)
	}
	return strings.Join(said, " ")
}
