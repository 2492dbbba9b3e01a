package iiif

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

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

// page finds the page that a request is about, and sets the headers that tell how its answer may be kept. Who reads what of it is
// recorded before anything is given out. It has answered where ok is false.
func (s *server) page(w http.ResponseWriter, r *http.Request, what reading) (page catalog.ShownPage, ok bool) {
	page, err := s.find(r)
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("Vary", "Authorization, Cookie, Accept")
	who := access.Of(r.Context())
	key := storage.PageKey(r.PathValue("page"), "image")
	switch {
	case err != nil:
	case page.Personal:
		h.Set("Cache-Control", "no-store")
		if err = errPersonal; access.May(who, access.Personal) {
			err = s.catalog.AuditOnce(r.Context(), who, catalog.Entry{Action: catalog.ActionPersonal, Subject: key})
		}
	case what == whole:
		err = s.catalog.AuditOnce(r.Context(), who, catalog.Entry{Action: catalog.ActionObject, Subject: key})
	}
	if err != nil {
		s.refuseError(w, r, err)
		return page, false
	}
	return page, true
}

// reading says how much of a page somebody reads.
type reading int

const (
	outline reading = iota // its size, or a picture as small as in a list
	whole                  // what can be read
)

// find looks for the page among those that who asks may see.
func (s *server) find(r *http.Request) (catalog.ShownPage, error) {
	id := r.PathValue("page")
	if err := s.catalog.Sees(r.Context(), access.Of(r.Context()).Scope, storage.PageKey(id, "image")); err != nil {
		return catalog.ShownPage{}, err
	}
	pages, err := s.catalog.ShownPages(r.Context(), []string{id})
	if err != nil {
		return catalog.ShownPage{}, err
	}
	page, ok := pages[id]
	if !ok {
		return page, catalog.ErrNotFound
	}
	return page, nil
}

// image leads from a page's own address to what is known of it.
func (s *server) image(w http.ResponseWriter, r *http.Request) {
	if _, ok := s.page(w, r, outline); ok {
		http.Redirect(w, r, s.imageID(r, r.PathValue("page"))+"/info.json", http.StatusSeeOther)
	}
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
	ExtraQualities   []string   `json:"extraQualities"`
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
		Width: width, Height: height, MaxArea: dossier.MostViewed, PreferredFormats: []string{"jpg"}, ExtraQualities: []string{"color", "gray", "bitonal"},
		ExtraFeatures: []string{"sizeUpscaling"},
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
	page, ok := s.page(w, r, outline)
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
	what := whole
	if r.PathValue("region") == "full" && isSmall(r.PathValue("size")) {
		what = outline
	}
	page, ok := s.page(w, r, what)
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
	parts := canonical(v, size.width, size.height)
	address := s.imageID(r, r.PathValue("page")) + "/" + strings.Join(parts[:], "/")
	h.Set("ETag", etagOf(page.ArtifactID, v))
	h.Set("Link", `<`+level2+`>;rel="profile", <`+address+`>;rel="canonical"`)
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

// isSmall reports whether a picture of a whole page is one of a list, in which print can't be read.
func isSmall(size string) bool {
	const most = 250 // px across
	across, _, _ := strings.Cut(strings.TrimPrefix(size, "!"), ",")
	n, ok := wholeNumber(across)
	return ok && n <= most
}

func etagOf(artifactID string, v dossier.View) string {
	const drawn = 1 // raised whenever the same view is drawn otherwise
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %s %v", drawn, artifactID, v))
	return `"` + hex.EncodeToString(sum[:16]) + `"`
}

// canonical is the one way to ask for a view that all ways to ask for it have in common: region, size, rotation, and quality and format.
func canonical(v dossier.View, width, height int) [4]string {
	region, size := "full", fmt.Sprintf("%d,%d", v.Width, v.Height)
	b := v.Region
	if b != (dossier.Box{X1: float64(width), Y1: float64(height)}) {
		region = fmt.Sprintf("%.0f,%.0f,%.0f,%.0f", b.X0, b.Y0, b.Width(), b.Height())
	}
	switch w, h := int(b.Width()), int(b.Height()); {
	case v.Width == w && v.Height == h:
		size = "max"
	case v.Width > w || v.Height > h:
		size = "^" + size
	}
	quality, format := "default", "jpg"
	if v.Tones != dossier.TonesAll {
		quality = string(v.Tones)
	}
	if v.Format == dossier.FormatPNG {
		format = "png"
	}
	return [4]string{region, size, strconv.Itoa(v.Turned), quality + "." + format}
}
