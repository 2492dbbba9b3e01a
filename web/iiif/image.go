package iiif

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

const (
	tileSide = 512 // px
	// smallest is the longer side at which halves of a page are not offered any more.
	smallest = 100

	level2 = "http://iiif.io/api/image/3/level2.json"
)

var errPersonal = errors.New("what is personal may not be read")

// page finds the page that a request is about, and sets the headers that tell how its answer may be kept. A read of a personal one is kept
// before anything is given out. It has answered where ok is false.
func (s *server) page(w http.ResponseWriter, r *http.Request) (page catalog.ShownPage, ok bool) {
	id := r.PathValue("page")
	who := access.Of(r.Context())
	pages, err := s.catalog.ShownPages(r.Context(), who.Scope, []string{id})
	if err == nil {
		if page, ok = pages[id]; !ok {
			err = catalog.ErrNotFound
		}
	}
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Vary", "Authorization, Cookie, Accept")
	h.Set("X-Content-Type-Options", "nosniff")
	if err == nil && page.Personal {
		h.Set("Cache-Control", "no-store")
		if err = errPersonal; who.Clear {
			err = s.note(r.Context(), who, storage.PageKey(id, "image"))
		}
	}
	if err != nil {
		s.refuseError(w, r, err)
		return page, false
	}
	return page, true
}

// image leads from a page's own address to what is known of it.
func (s *server) image(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, s.imageID(r, r.PathValue("page"))+"/info.json", http.StatusSeeOther)
}

type imageInfo struct {
	Context          string     `json:"@context"`
	ID               string     `json:"id"`
	Type             string     `json:"type"`
	Protocol         string     `json:"protocol"`
	Profile          string     `json:"profile"`
	Width            int        `json:"width"`
	Height           int        `json:"height"`
	MaxArea          int        `json:"maxArea"`
	Sizes            []infoSize `json:"sizes"`
	Tiles            []infoTile `json:"tiles"`
	PreferredFormats []string   `json:"preferredFormats"`
	ExtraFeatures    []string   `json:"extraFeatures"`
}

type infoSize struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

type infoTile struct {
	Width        int   `json:"width"`
	ScaleFactors []int `json:"scaleFactors"`
}

// infoOf describes a page: its halves are those of the decoded image, and cost least.
func infoOf(id string, width, height int) imageInfo {
	info := imageInfo{
		Context: imageContext, ID: id, Type: "ImageService3", Protocol: "http://iiif.io/api/image", Profile: "level2",
		Width: width, Height: height, MaxArea: dossier.MostViewed, PreferredFormats: []string{"jpg"}, ExtraFeatures: []string{"sizeUpscaling"},
	}
	tile := infoTile{Width: tileSide}
	for factor := 1; factor == 1 || max(width, height)/factor >= smallest; factor *= 2 {
		tile.ScaleFactors = append(tile.ScaleFactors, factor)
		half := infoSize{(width + factor - 1) / factor, (height + factor - 1) / factor}
		if half.Width <= dossier.MostViewed/half.Height {
			info.Sizes = append([]infoSize{half}, info.Sizes...)
		}
	}
	info.Tiles = []infoTile{tile}
	return info
}

func (s *server) info(w http.ResponseWriter, r *http.Request) {
	page, ok := s.page(w, r)
	if !ok {
		return
	}
	size, err := s.known.of(r.Context(), s.pages, page.ArtifactID)
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	writeJSON(w, r, imageContext, false, infoOf(s.imageID(r, r.PathValue("page")), size.width, size.height))
}

// view answers with a part of a page as a picture. Its ETag says what of which artifact it shows, which never changes.
func (s *server) view(w http.ResponseWriter, r *http.Request) {
	page, ok := s.page(w, r)
	if !ok {
		return
	}
	size, err := s.known.of(r.Context(), s.pages, page.ArtifactID)
	var v dossier.View
	if err == nil {
		v, err = parseView(r.PathValue("region"), r.PathValue("size"), r.PathValue("rotation"), r.PathValue("file"), size.width, size.height)
	}
	if err == nil && size.blank {
		err = storage.ErrNotFound
	}
	if err != nil {
		s.refuseError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("ETag", etagOf(page.ArtifactID, v))
	h.Set("Link", `<`+level2+`>;rel="profile", <`+s.canonical(r, v, size)+`>;rel="canonical"`)
	if r.Header.Get("If-None-Match") == h.Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	picture, err := s.pages.View(r.Context(), page.ArtifactID, v)
	if err != nil {
		h.Del("ETag")
		h.Del("Link")
		s.refuseError(w, r, err)
		return
	}
	h.Set("Content-Type", "image/"+string(v.Format))
	h.Set("Content-Length", strconv.Itoa(len(picture)))
	_, _ = w.Write(picture) // a client gone is its own affair
}

func etagOf(artifactID string, v dossier.View) string {
	const drawn = 1 // raised whenever the same view is drawn otherwise
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %v", drawn, artifactID, v))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// canonical is the address of a view that all ways to ask for it have in common.
func (s *server) canonical(r *http.Request, v dossier.View, page size) string {
	region, size := "full", fmt.Sprintf("%d,%d", v.Width, v.Height)
	b := v.Region
	if b != (dossier.Box{X1: float64(page.width), Y1: float64(page.height)}) {
		region = fmt.Sprintf("%.0f,%.0f,%.0f,%.0f", b.X0, b.Y0, b.Width(), b.Height())
	}
	switch w, h := int(b.Width()), int(b.Height()); {
	case v.Width == w && v.Height == h:
		size = "max"
	case v.Width > w || v.Height > h:
		size = "^" + size
	}
	quality := "default"
	if v.Gray {
		quality = "gray"
	}
	format := "jpg"
	if v.Format == dossier.FormatPNG {
		format = "png"
	}
	return fmt.Sprintf("%s/%s/%s/%d/%s.%s", s.imageID(r, r.PathValue("page")), region, size, v.Turned, quality, format)
}
