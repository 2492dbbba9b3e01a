package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// pageForm is a form in which what was read on a page is given.
type pageForm struct {
	name, contentType, summary string
	schema                     func(huma.Registry) *huma.Schema
	write                      func(io.Writer, *dossier.Page) error
}

func pageForms() []pageForm {
	text := func(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	return []pageForm{
		{name: "text", contentType: "text/plain; charset=utf-8", summary: "The words of a page, line by line", schema: text, write: writeText},
		{
			name: "layout", contentType: "application/json", summary: "Blocks, lines and words of a page, with boxes in page space",
			schema: func(r huma.Registry) *huma.Schema { return r.Schema(reflect.TypeFor[dossier.Page](), true, "Layout") },
			write:  func(w io.Writer, p *dossier.Page) error { return json.NewEncoder(w).Encode(p) },
		},
		{
			name: "alto", contentType: "application/alto+xml", summary: "The same as ALTO 4.4", schema: text,
			write: func(w io.Writer, p *dossier.Page) error { return ocr.WriteALTO(w, ocr.Single(p)) },
		},
	}
}

// writeText writes the text that is searched: its word i is word i of a hit.
func writeText(w io.Writer, p *dossier.Page) error {
	text := p.Layout.Text()
	if text != "" {
		text += "\n"
	}
	_, err := io.WriteString(w, text)
	return err
}

func pageFileOperation(api huma.API, id, path, summary, contentType string, schema *huma.Schema) *huma.Operation {
	fault := problemSchema(api)
	return &huma.Operation{
		Extensions: needs(access.View), OperationID: id, Method: http.MethodGet, Path: path, Summary: summary,
		Description: "Conditional requests are answered: the ETag stays for as long as the page is what it is.",
		Parameters: []*huma.Param{
			{
				Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, MaxLength: ptr(80)},
				Description: "Of the page.",
			},
		},
		Responses: map[string]*huma.Response{
			"200": {Description: "What was asked for", Content: map[string]*huma.MediaType{contentType: {Schema: schema}}},
			"304": {Description: "Not changed"},
			"403": {Description: "Personal, and the caller may not read that", Content: fault},
			"404": {Description: "No such page, or it has no such picture", Content: fault},
			"409": {Description: "The page is not read yet", Content: fault},
			"410": {Description: "The dossier it belonged to was erased", Content: fault},
			"412": {Description: "If-Match names another ETag"},
		},
	}
}

func ptr[T any](v T) *T { return &v }

// pageFile gives what was read on a page in a form.
func (s *server) pageFile(form pageForm) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := s.pageAsked(w, r, r.PathValue("id"))
		if !ok {
			return
		}
		if p.ArtifactID == "" {
			problem(w, r, refused("page_unread"))
			return
		}
		info, personal, ok := s.mayRead(w, r, storage.PageKey(p.ArtifactID, "layout.json.gz"))
		if !ok {
			return
		}
		page, err := s.cfg.Images.ReadPage(r.Context(), p.ArtifactID)
		var b bytes.Buffer
		if err == nil {
			err = form.write(&b, page)
		}
		if err != nil {
			s.storeProblem(w, r, err)
			return
		}
		h := w.Header()
		h.Set("ETag", `"`+info.SHA256+"-"+form.name+`"`)
		h.Set("Content-Type", form.contentType)
		h.Set("Cache-Control", caching(personal))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	}
}

// pageAsked finds the page that a request names, and has answered where there is none.
func (s *server) pageAsked(w http.ResponseWriter, r *http.Request, id string) (catalog.PageInfo, bool) {
	p, err := s.catalog.Page(r.Context(), access.Of(r.Context()).Scope, id)
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		problem(w, r, refused("unknown_page"))
	case err != nil:
		s.catalogProblem(w, r, err)
	}
	return p, err == nil
}

// picture gives the thumbnail or the preview of a page, whose id ends in suffix. A page that was looked at has its thumbnail before
// it is read.
func (s *server) picture(file, suffix string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p, ok := s.pageAsked(w, r, r.PathValue("id")+suffix)
		if !ok {
			return
		}
		key := storage.PageKey(p.ID, file)
		if !p.Thumb || file != "thumb.jpg" {
			key = storage.PageKey(p.ArtifactID, file)
			if p.ArtifactID == "" {
				problem(w, r, refused("no_picture"))
				return
			}
		}
		s.give(w, r, key)
	}
}
