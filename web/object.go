package web

import (
	"errors"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// stallTime is how long a client may take no byte of an object before it is given up.
const stallTime = time.Minute

// contentType of what the store holds, by extension. Nothing is guessed from the bytes: originals come from outside.
func contentType(key string) string {
	switch path.Ext(key) {
	case ".pdf":
		return "application/pdf"
	case ".json":
		return "application/json"
	case ".jpg":
		return "image/jpeg"
	case ".jp2":
		return "image/jp2"
	case ".gz":
		return "application/gzip"
	case ".zip":
		return "application/zip"
	default:
		return "application/octet-stream"
	}
}

func objectOperation(api huma.API) *huma.Operation {
	binary := map[string]*huma.MediaType{"*/*": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	fault := problemSchema(api)
	return &huma.Operation{
		Extensions: needs(access.View), OperationID: "get-object", Method: http.MethodGet, Path: "/api/v1/objects/{key}",
		Summary:     "An object that an event names",
		Description: "The key goes into the path with its slashes, each part percent-encoded. Range and conditional requests are answered.",
		Parameters: []*huma.Param{{
			Name: "key", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString},
			Description: "data.objects.*.key of an event",
		}, {
			Name: "presign", In: "query", Schema: &huma.Schema{Type: huma.TypeBoolean},
			Description: "Be sent on to the object storage itself, where that is an S3 and the object is not personal. The URL lasts five minutes.",
		}},
		Responses: map[string]*huma.Response{
			"200": {Description: "The object", Content: binary},
			"206": {Description: "The range asked for", Content: binary},
			"304": {Description: "Not changed"},
			"307": {Description: "It is to be had there, for five minutes"},
			"401": {Description: "No token, or one not known", Content: fault},
			"403": {Description: "Personal, and the caller may not read that", Content: fault},
			"404": {Description: "No such object, or not in the caller's scope", Content: fault},
			"410": {Description: "The dossier it belongs to was erased", Content: fault},
			"416": {Description: "The range lies outside of the object"},
			"503": {Description: "Object storage or the catalogue can't be reached", Content: fault},
		},
	}
}

// object gives an object or a range of it. Its ETag is its SHA-256.
func (s *server) object(w http.ResponseWriter, r *http.Request) {
	key := r.PathValue("key")
	if !served(key) {
		problem(w, r, refused("unknown_object"))
		return
	}
	err := s.catalog.Sees(r.Context(), access.Of(r.Context()).Scope, key)
	if errors.Is(err, catalog.ErrNotFound) {
		problem(w, r, refused("unknown_object"))
		return
	}
	if err != nil {
		s.catalogProblem(w, r, err)
		return
	}
	s.give(w, r, key)
}

// give answers with an object that the caller's scope has.
func (s *server) give(w http.ResponseWriter, r *http.Request, key string) {
	info, personal, ok := s.mayRead(w, r, key)
	if !ok {
		return
	}
	kind := contentType(key)
	if !personal && s.redirected(w, r, key, kind) {
		return
	}
	content, err := s.store.Get(r.Context(), key)
	if err != nil {
		s.storeProblem(w, r, err)
		return
	}
	defer content.Close()
	h := w.Header()
	h.Set("ETag", `"`+info.SHA256+`"`)
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", disposition(key, kind))
	h.Set("Cache-Control", caching(personal))
	out := &patient{ResponseWriter: w, control: http.NewResponseController(w), status: http.StatusOK}
	http.ServeContent(out, r, "", info.ModifiedAt, content)
	if personal {
		s.log.Info("personal data read", "who", access.Of(r.Context()).Name, "key", key, "status", out.status)
	}
}

// caching is how an answer may be kept: what is personal stays out of the browser's disk, the rest is asked for again.
func caching(personal bool) string {
	if personal {
		return "no-store"
	}
	return "private, no-cache"
}

// presignTime is how long the URL lasts that a client is sent on to.
const presignTime = 5 * time.Minute

// redirected sends a client that asks for it on to the object storage, where that can be reached by others.
func (s *server) redirected(w http.ResponseWriter, r *http.Request, key, kind string) bool {
	store, can := s.store.(storage.Presigner)
	if !can || r.Method != http.MethodGet || r.URL.Query().Get("presign") != "true" {
		return false
	}
	to, err := store.Presign(r.Context(), key, presignTime, kind, disposition(key, kind))
	if err != nil {
		s.log.Warn("no URL of an object to send a client on to", "error", err)
		return false // then it is given by us
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to, http.StatusTemporaryRedirect)
	return true
}

// mayRead tells of an object that is there and that the request may read. It has answered where it is not so.
func (s *server) mayRead(w http.ResponseWriter, r *http.Request, key string) (info storage.Info, personal, ok bool) {
	since, err := s.catalog.ErasedSince(r.Context(), key)
	if err != nil {
		s.catalogProblem(w, r, err)
		return info, false, false
	}
	if !since.IsZero() {
		problem(w, r, erasedFault(since))
		return info, false, false
	}
	if info, err = s.store.Stat(r.Context(), key); err != nil {
		s.storeProblem(w, r, err)
		return info, false, false
	}
	personal, ok = s.admitted(w, r, key)
	return info, personal, ok
}

// admitted reports whether the request may read the object and whether that is personal. The read is logged before anything is given
// out. It has answered where it is not admitted.
func (s *server) admitted(w http.ResponseWriter, r *http.Request, key string) (personal, ok bool) {
	personal, err := s.catalog.Personal(r.Context(), key)
	who := access.Of(r.Context())
	switch {
	case err != nil:
	case !personal:
		err = s.catalog.AuditOnce(r.Context(), who, catalog.Entry{Action: catalog.ActionObject, Subject: key})
	case !access.May(who, access.Personal):
		problem(w, r, refused("not_personal"))
		return true, false
	default:
		err = s.catalog.Audit(r.Context(), who, catalog.Entry{Action: catalog.ActionPersonal, Subject: key})
	}
	if err == nil {
		return personal, true
	}
	s.catalogProblem(w, r, err)
	return personal, false
}

// catalogProblem answers for a catalogue without which nobody knows what may be given out.
func (s *server) catalogProblem(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() == nil {
		s.log.Error("catalogue not reached", "error", err)
		problem(w, r, refused("catalogue_away"))
	}
}

func erasedFault(since time.Time) *fault {
	return refused("erased", since.UTC().Format(time.RFC3339))
}

// served reports whether the API gives out what is under key.
func served(key string) bool {
	if storage.CheckKey(key) != nil {
		return false
	}
	for _, prefix := range []string{"originals/", "pages/", "dossiers/"} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// disposition lets a browser show what dossierd made; what came from outside is saved.
func disposition(key, kind string) string {
	how := "inline"
	if kind == "application/octet-stream" {
		how = "attachment"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": path.Base(key)})
}

// patient moves the deadline of the answer with each piece that the client takes, so that a large object may take as
// long as it needs.
type patient struct {
	http.ResponseWriter
	control *http.ResponseController
	status  int
}

func (p *patient) WriteHeader(status int) {
	p.status = status
	p.ResponseWriter.WriteHeader(status)
}

func (p *patient) Write(b []byte) (int, error) {
	if err := p.control.SetWriteDeadline(time.Now().Add(stallTime)); err != nil {
		return 0, err
	}
	return p.ResponseWriter.Write(b)
}
