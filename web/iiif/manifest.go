package iiif

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// metadata is what of metadata.json a manifest shows. Nothing in it is personal.
type metadata struct {
	Schema  string `json:"$schema"`
	Dossier struct {
		Code       string    `json:"code"`
		Version    int       `json:"version"`
		Department string    `json:"department"`
		Procedure  string    `json:"procedure"`
		Station    string    `json:"station"`
		CreatedAt  time.Time `json:"created_at"`
	} `json:"dossier"`
	Documents []dossier.Document `json:"documents"`
	Pages     []struct {
		ID     string `json:"id"`
		Number int    `json:"number"`
		Width  int    `json:"width"`
		Height int    `json:"height"`
		Words  int    `json:"words"`
		Image  struct {
			Format dossier.ImageFormat `json:"format"`
		} `json:"image"`
	} `json:"pages"`
}

// manifest answers with a version of a dossier, the latest where none is named.
func (s *server) manifest(w http.ResponseWriter, r *http.Request) {
	m, err := s.build(r)
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	var body bytes.Buffer
	out := json.NewEncoder(&body)
	out.SetEscapeHTML(false)
	if err := out.Encode(m); err != nil {
		s.refuseError(w, r, err)
		return
	}
	sum := sha256.Sum256(body.Bytes())
	h := w.Header()
	h.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Vary", "Authorization, Cookie")
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", `application/ld+json;profile="`+presentationContext+`"`)
	_, _ = w.Write(body.Bytes()) // a client gone is its own affair
}

// record reads a dossier that the principal may see.
func (s *server) record(r *http.Request) (catalog.Record, error) {
	record, err := s.catalog.Record(r.Context(), r.PathValue("code"), access.Of(r.Context()).Scope)
	switch {
	case err != nil:
		return record, err
	case record.State == catalog.DossierErased && len(record.Tombstones) > 0:
		return record, &catalog.Erased{Since: record.Tombstones[len(record.Tombstones)-1].At}
	case record.State == catalog.DossierWithdrawn:
		return record, catalog.ErrWithdrawn
	}
	return record, nil
}

func (s *server) build(r *http.Request) (*manifest, error) {
	record, err := s.record(r)
	if err != nil {
		return nil, err
	}
	version, id := record.Version, s.dossierID(r, record.Code)
	if named := r.PathValue("version"); named != "" {
		if version, err = strconv.Atoi(named); err != nil {
			return nil, catalog.ErrNotFound
		}
		id += "/versions/" + named
	}
	if !slices.ContainsFunc(record.Versions, func(v catalog.VersionInfo) bool {
		return v.Number == version && !v.PublishedAt.IsZero() && !v.Erased
	}) {
		return nil, catalog.ErrNotFound
	}
	file := func(name string) string {
		return storage.DossierKey(record.Department, record.Year, record.Code, version, name)
	}
	content, err := s.store.Get(r.Context(), file("metadata.json"))
	if err != nil {
		return nil, err
	}
	defer content.Close()
	var meta metadata
	if err := json.NewDecoder(content).Decode(&meta); err != nil {
		return nil, fmt.Errorf("read the metadata of %s: %w", record.Code, err)
	}
	m := &manifest{
		Context: []string{presentationContext}, ID: id + "/manifest.json", Type: "Manifest",
		Label: dossierLabel(record.Code), Metadata: pairs(&meta, s.place), RequiredStatement: statement(),
		NavDate: meta.Dossier.CreatedAt.UTC().Format(time.RFC3339), ViewingDirection: "left-to-right",
		SeeAlso: []reference{{
			ID: s.objectURL(r, file("metadata.json")), Type: "Dataset", Label: plain("metadata.json"), Format: "application/json", Profile: meta.Schema,
		}},
	}
	if version == record.Version { // what is found is what is in the latest
		m.Context = []string{searchContext, presentationContext}
		words := service{ID: s.dossierID(r, record.Code) + "/autocomplete", Type: "AutoCompleteService2"}
		m.Service = []service{{ID: s.dossierID(r, record.Code) + "/search", Type: "SearchService2", Service: []service{words}}}
	}
	pdf := file("dossier.pdf")
	personal, err := s.catalog.Personal(r.Context(), pdf)
	if err != nil {
		return nil, err
	}
	if !personal || access.May(access.Of(r.Context()), access.Personal) {
		m.Rendering = []reference{{ID: s.objectURL(r, pdf), Type: "Text", Label: plain("PDF/A"), Format: "application/pdf"}}
	}
	err = s.catalog.AuditOnce(r.Context(), access.Of(r.Context()), catalog.Entry{
		Action: catalog.ActionView, Subject: record.Code, Details: map[string]int{"version": version},
	})
	if err != nil {
		return nil, err
	}
	return m, s.addPages(r, m, &meta)
}

// addPages adds a canvas for each page and a range for each document.
func (s *server) addPages(r *http.Request, m *manifest, meta *metadata) error {
	who := access.Of(r.Context())
	ids := make([]string, 0, len(meta.Pages))
	for _, p := range meta.Pages {
		ids = append(ids, p.ID)
	}
	shown, err := s.catalog.ShownPages(r.Context(), ids) // they are the dossier's, which may be seen
	if err != nil {
		return err
	}
	base := s.dossierID(r, meta.Dossier.Code)
	for _, p := range meta.Pages {
		c := canvas{
			ID: canvasID(base, p.ID), Type: "Canvas", Label: pageLabel(p.Number), Width: p.Width, Height: p.Height,
			Items: []annotationPage{{ID: canvasID(base, p.ID) + "/page", Type: "AnnotationPage", Items: []annotation{}}},
		}
		page, ok := shown[p.ID]
		switch {
		case !ok || p.Image.Format == "":
			c.Summary = noImageNote()
		case page.Personal && !access.May(who, access.Personal):
			c.Summary = personalNote()
		default:
			image := s.imageID(r, p.ID)
			c.Items[0].Items = []annotation{{
				ID: c.ID + "/image", Type: "Annotation", Motivation: "painting", Body: wholePage(image, p.Width, p.Height), Target: c.ID,
			}}
			c.Thumbnail = []picture{thumbnail(image, p.Width, p.Height)}
			if m.Thumbnail == nil && !page.Personal {
				m.Thumbnail = c.Thumbnail
			}
			c.SeeAlso = []reference{{
				ID: s.base(r) + "/iiif/pages/" + url.PathEscape(p.ID) + "/alto.xml", Type: "Dataset", Label: plain("ALTO"),
				Format: "application/xml", Profile: "http://www.loc.gov/standards/alto/ns-v4#",
			}}
		}
		m.Items = append(m.Items, c)
	}
	for i, d := range meta.Documents {
		part := rangeOf{ID: fmt.Sprintf("%s/range/%d", m.ID, i+1), Type: "Range", Label: documentLabel(d.Title, i+1), Items: []reference{}}
		for n := max(1, d.FirstPage); n <= min(d.LastPage, len(m.Items)); n++ {
			part.Items = append(part.Items, reference{ID: m.Items[n-1].ID, Type: "Canvas"})
		}
		m.Structures = append(m.Structures, part)
	}
	return nil
}

func canvasID(base, page string) string { return base + "/canvas/" + url.PathEscape(page) }

// wholePage is the page as large as it may be.
func wholePage(image string, width, height int) picture {
	w, h, err := parseSize("max", float64(width), float64(height))
	if err != nil {
		w, h = width, height // which never happens: max is always a size
	}
	return picture{image + "/full/max/0/default.jpg", "Image", "image/jpeg", w, h, []service{{ID: image, Type: "ImageService3", Profile: "level2"}}}
}

// thumbnail is at most 200 px wide.
func thumbnail(image string, width, height int) picture {
	const most = 200
	w := min(width, most)
	h := max(1, (height*w+width/2)/width)
	return picture{fmt.Sprintf("%s/full/%d,%d/0/default.jpg", image, w, h), "Image", "image/jpeg", w, h, []service{{ID: image, Type: "ImageService3", Profile: "level2"}}}
}

// objectURL is the address of an object in the API.
func (s *server) objectURL(r *http.Request, key string) string {
	parts := strings.Split(key, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return s.base(r) + "/api/v1/objects/" + strings.Join(parts, "/")
}
