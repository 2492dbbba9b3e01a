package web

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/web/access"
)

// Uploads takes in what comes over the API, on the way of the files that stations drop.
type Uploads interface {
	// Station tells the department and the language of messages of a station; ok is false where none has the name.
	Station(name string) (department, language string, ok bool)
	// Paused says why nothing is taken in now, "" where something is.
	Paused() string
	// Take returns nil once bytes and deposit are durable. After an error they may be or not.
	Take(ctx context.Context, c dossier.Claim) error
	// KeepAgain does it for a claim whose deposit is recorded, and whose bytes may be gone if Take did not return nil.
	KeepAgain(ctx context.Context, c dossier.Claim) error
}

// depositsPath is where files are uploaded to, and their deposits below it.
const depositsPath = "/api/v1/deposits"

// keyMost is how long an Idempotency-Key may be, in bytes.
const keyMost = 255

// uploadAnswer says where to ask. It holds nothing that changes: a request that is repeated is answered alike.
type uploadAnswer struct {
	ID string `json:"id" doc:"Of the deposit."`
}

// uploadedTo is what the audit log is told of an upload.
type uploadedTo struct {
	Station string `json:"station"`
	Code    string `json:"code,omitempty"` // that the sender named
}

// upload takes in a file. It has answered when it returns, and before that the deposit is durable.
func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	id, err := s.takeUpload(w, r)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(answerTime)) // the upload may have taken longer
	var why *fault
	switch {
	case errors.As(err, &why):
		if why.GetStatus() == http.StatusConflict {
			w.Header().Set("Retry-After", away)
		}
		problem(w, r, why)
	case r.Context().Err() != nil:
		// Nobody is there to be answered.
	case err != nil:
		s.log.Error("upload not taken in", "deposit", id, "error", err)
		problem(w, r, refused("upload_failed"))
	default:
		h := w.Header()
		h.Set("Location", depositsPath+"/"+id)
		h.Set("Content-Type", "application/json")
		h.Set("Cache-Control", "no-store")
		w.WriteHeader(http.StatusAccepted)
		_ = json.NewEncoder(w).Encode(uploadAnswer{id}) // a client gone is its own affair
	}
}

// takeUpload returns the id of the deposit, or an error that is a *fault where the client is to hear it.
func (s *server) takeUpload(w http.ResponseWriter, r *http.Request) (id string, err error) {
	who := access.Of(r.Context())
	key := strings.Trim(strings.TrimSpace(r.Header.Get("Idempotency-Key")), `"`)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case key == "" || len(key) > keyMost:
		return "", refused("no_idempotency_key", keyMost)
	case kind != "multipart/form-data":
		return "", refused("not_multipart")
	}
	if why := s.cfg.Uploads.Paused(); why != "" {
		s.log.Warn("upload turned away", "reason", why)
		return "", diskShort()
	}
	id = uploadID(who.Name, key)
	if !s.inHand.begin(id) {
		return id, refused("key_in_progress")
	}
	defer s.inHand.end(id)
	form, err := s.readForm(w, r)
	defer form.discard()
	if err != nil {
		return id, err
	}
	claim, err := s.claimOf(id, form, who.Scope)
	if err != nil {
		return id, err
	}
	switch again, err := s.sameUpload(r.Context(), claim); {
	case err != nil:
		return id, err
	case again:
		return id, s.cfg.Uploads.KeepAgain(r.Context(), claim)
	}
	entry := catalog.Entry{Action: catalog.ActionUpload, Subject: id, Details: uploadedTo{claim.Station, form.texts["code"]}}
	if err := s.catalog.Audit(r.Context(), who, entry); err != nil {
		return id, err
	}
	if err := s.cfg.Uploads.Take(r.Context(), claim); err != nil {
		return id, err
	}
	if _, err := s.sameUpload(r.Context(), claim); err != nil { // another process may have been first
		return id, err
	}
	s.log.Info("file uploaded", "deposit", id, "station", claim.Station, "who", who.Name)
	return id, nil
}

// sameUpload reports whether the request was taken in before. Another one under its key is an error; of one whose deposit was
// erased nobody knows.
func (s *server) sameUpload(ctx context.Context, c dossier.Claim) (bool, error) {
	d, err := s.catalog.Deposit(ctx, c.DepositID)
	switch {
	case errors.Is(err, catalog.ErrNotFound):
		return false, nil
	case err != nil:
		return false, err
	case d.Upload != c.Upload && d.Upload != catalog.UploadErased:
		return true, refused("key_reused")
	}
	return true, nil
}

// claimOf is what is to be taken in of a form.
func (s *server) claimOf(id string, f *form, scope dossier.Scope) (dossier.Claim, error) {
	var c dossier.Claim
	department, _, ok := s.cfg.Uploads.Station(f.texts["station"])
	switch {
	case f.file == nil:
		return c, refused("part_missing", "file")
	case f.texts["station"] == "":
		return c, refused("part_missing", "station")
	case !ok, !scope.Sees(department, f.texts["station"]):
		return c, refused("part_station")
	}
	facts, err := s.factsOf(f)
	if err != nil {
		return c, err
	}
	now := time.Now().UTC().Truncate(time.Millisecond)
	c = dossier.Claim{
		DepositID: id, Station: f.texts["station"], Department: department, Name: f.name, ModifiedAt: now, ClaimedAt: now,
		Open: func() (*os.File, error) { return os.Open(f.file.Name()) },
	}
	if c.Upload, err = fingerprint(c.Station, c.Name, f.sha256, facts); err != nil {
		return c, err
	}
	if !scope.All {
		facts.Within = &scope
	}
	if facts.Reference != "" || facts.Procedure != "" || len(facts.Fields) > 0 || facts.Within != nil {
		c.Batch = &dossier.Batch{Grouping: dossier.GroupFile, Key: id, Closes: true, Facts: facts}
	}
	return c, nil
}

var fieldName = regexp.MustCompile(`^[a-zA-Z0-9._-]{1,64}$`)

// factsOf is what a form says beside the file, as a ticket would.
func (s *server) factsOf(f *form) (dossier.BatchFacts, error) {
	facts := dossier.BatchFacts{Reference: f.texts["code"], Procedure: f.texts["procedure"]}
	switch {
	case facts.Reference != "" && !s.cfg.IsCode(facts.Reference):
		return facts, refused("part_code")
	case facts.Procedure != "" && !s.cfg.IsProcedure(facts.Procedure):
		return facts, refused("part_procedure")
	}
	if text := f.texts["fields"]; text != "" {
		if err := json.Unmarshal([]byte(text), &facts.Fields); err != nil {
			return facts, refused("part_fields")
		}
	}
	for name := range facts.Fields {
		if !fieldName.MatchString(name) {
			return facts, refused("part_field_name")
		}
	}
	return facts, nil
}

// fingerprint tells one request from another under the same key.
func fingerprint(station, name, file string, facts dossier.BatchFacts) (string, error) {
	text, err := json.Marshal([]any{station, name, file, facts})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// idLetters are those of all deposit ids.
const idLetters = "0123456789abcdefghjkmnpqrstvwxyz"

// uploadID is the same for each request that the bearer of a token makes under one key: the catalogue takes no deposit in twice.
func uploadID(token, key string) string {
	sum := sha256.Sum256([]byte("upload\x00" + token + "\x00" + key))
	return base32.NewEncoding(idLetters).EncodeToString(sum[:])[:26]
}

// inHand are the uploads that this process is taking in.
type inHand struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (h *inHand) begin(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ids[id] {
		return false
	}
	if h.ids == nil {
		h.ids = map[string]bool{}
	}
	h.ids[id] = true
	return true
}

func (h *inHand) end(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.ids, id)
}
