package pages

import (
	"errors"
	"net/http"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// thumb shows a page small, by a picture of its own or, where its bytes had been read before, that of its artifacts. Of what the visitor may
// not see, and of pages that have no such picture, there is a sheet without anything on it instead.
func (s *site) thumb(v *visit) error {
	id := v.r.PathValue("id")
	err := s.writeThumb(v, storage.PageKey(id, "thumb.jpg"))
	if errors.Is(err, storage.ErrNotFound) {
		p, failed := s.catalog.Page(v.r.Context(), v.Who.Scope, id)
		switch {
		case failed != nil:
			err = failed
		case p.ArtifactID != "" && p.ArtifactID != id:
			err = s.writeThumb(v, storage.PageKey(p.ArtifactID, "thumb.jpg"))
		}
	}
	if !errors.Is(err, storage.ErrNotFound) && !errors.Is(err, catalog.ErrNotFound) {
		return err
	}
	v.w.Header().Set("Content-Type", "image/svg+xml")
	v.w.Header().Set("Cache-Control", "no-store")
	v.w.WriteHeader(http.StatusNotFound)
	_, _ = v.w.Write(s.assets.files["sheet.svg"].plain) // a client gone is its own affair
	return nil
}

func (s *site) writeThumb(v *visit, key string) error {
	ctx := v.r.Context()
	if err := s.catalog.Sees(ctx, v.Who.Scope, key); err != nil {
		return err
	}
	personal, err := s.catalog.Personal(ctx, key)
	if err != nil {
		return err
	}
	if personal {
		if !access.May(v.Who, access.Personal) {
			return storage.ErrNotFound
		}
		if err := s.catalog.Audit(ctx, v.Who, catalog.Entry{Action: catalog.ActionPersonal, Subject: key}); err != nil {
			return err
		}
	}
	since, err := s.catalog.ErasedSince(ctx, key)
	if err != nil {
		return err
	}
	if !since.IsZero() {
		return storage.ErrNotFound
	}
	info, err := s.store.Stat(ctx, key)
	if err != nil {
		return err
	}
	content, err := s.store.Get(ctx, key)
	if err != nil {
		return err
	}
	defer content.Close()
	h := v.w.Header()
	h.Set("ETag", `"`+info.SHA256+`"`)
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "private, no-cache") // asked for again, and seldom sent again
	if personal {
		h.Set("Cache-Control", "no-store")
	}
	http.ServeContent(v.w, v.r, "", info.ModifiedAt, content)
	return nil
}
