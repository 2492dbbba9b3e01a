package pages

import (
	"archive/zip"
	"bytes"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// dossierFiles are what of a version can be taken away.
type dossierFiles struct {
	PDF       fileView
	Metadata  fileView
	ALTO      string // path of all pages' texts with positions; "" where some page is hidden from the visitor
	Manifest  string // IIIF
	Originals []fileView
	Hidden    int // files that are not for the visitor
}

type fileView struct {
	Name  string // to keep it under
	Path  string
	Bytes int64 // 0 where nobody said
}

func objectPath(key string) string {
	parts := strings.Split(key, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	return "/api/v1/objects/" + strings.Join(parts, "/")
}

// filesOf lists the files of a version that the visitor may have.
func (s *site) filesOf(v *visit, e *edition) (dossierFiles, error) {
	name := fmt.Sprintf("%s-v%d", e.record.Code, e.number)
	f := dossierFiles{
		Metadata: fileView{Name: name + ".json", Path: objectPath(e.key("metadata.json"))},
		Manifest: fmt.Sprintf("/iiif/dossiers/%s/versions/%d/manifest.json", url.PathEscape(e.record.Code), e.number),
	}
	may, err := s.mayHave(v, e.key("dossier.pdf"))
	if err != nil {
		return f, err
	}
	if may {
		f.PDF = fileView{Name: name + ".pdf", Path: objectPath(e.key("dossier.pdf"))}
		if len(e.meta.Renditions) > 0 {
			f.PDF.Bytes = e.meta.Renditions[0].Bytes
		}
		f.ALTO = fmt.Sprintf("/dossiers/%s/alto.zip?version=%d", url.PathEscape(e.record.Code), e.number)
	} else {
		f.Hidden++
	}
	for _, d := range e.meta.Deposits {
		key := storage.OriginalKey(d.SHA256)
		may, err := s.mayHave(v, key)
		if err != nil {
			return f, err
		}
		if !may {
			f.Hidden++
			continue
		}
		f.Originals = append(f.Originals, fileView{Name: d.Name, Path: objectPath(key), Bytes: d.Bytes})
	}
	return f, nil
}

func (s *site) mayHave(v *visit, key string) (bool, error) {
	if v.Who.Clear {
		return true, nil
	}
	personal, err := s.catalog.Personal(v.r.Context(), key)
	return !personal, err
}

// altoOfAll gives the ALTO of each page, in one archive.
func (s *site) altoOfAll(v *visit) error {
	e, err := s.open(v, v.r.PathValue("code"), v.whole("version"))
	if err != nil {
		return err
	}
	if e.ended() || e.number == 0 || s.cfg.Papers == nil {
		return errNotFound
	}
	may, err := s.mayHave(v, e.key("dossier.pdf"))
	if err != nil {
		return err
	}
	if !may {
		return errForbidden
	}
	action := catalog.ActionObject
	if e.personal() {
		action = catalog.ActionPersonal
	}
	if err := s.audit(v, action, e.key("alto.zip"), nil); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fmt.Sprintf("%s-v%d-alto.zip", e.record.Code, e.number)}))
	h.Set("Cache-Control", "no-store")
	z, control := zip.NewWriter(v.w), http.NewResponseController(v.w)
	for i, p := range e.meta.Pages {
		_ = control.SetWriteDeadline(time.Now().Add(exportPatience)) // where it can't be moved, the server's holds
		page, err := s.cfg.Papers.ReadPage(v.r.Context(), e.shown[p.ID].ArtifactID)
		var b bytes.Buffer
		if err == nil {
			err = ocr.WriteALTO(&b, ocr.Single(page))
		}
		if err != nil {
			// The archive has begun: it ends without its directory, and no program takes it for whole.
			s.log.Error("archive of ALTO broken off", "dossier", e.record.Code, "page", i+1, "error", err)
			return nil
		}
		w, err := z.Create(fmt.Sprintf("%04d.xml", i+1))
		if err == nil {
			_, err = w.Write(b.Bytes())
		}
		if err != nil {
			return nil //nolint:nilerr // a client gone is its own affair
		}
	}
	_ = z.Close() // see above
	return nil
}
