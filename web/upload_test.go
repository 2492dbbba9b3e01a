package web_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
)

// taker takes uploads in as package pipeline does: bytes into the store, then the row.
type taker struct {
	site   *site
	paused string
	err    error
	hold   chan struct{} // if not nil, Take says so on it and waits for its end

	mu    sync.Mutex
	taken []dossier.Claim
}

func (u *taker) Paused() string { return u.paused }

func (u *taker) Station(name string) (department, language string, ok bool) {
	return "so-tu-phap", "en", name == "quay-1"
}

func (u *taker) Take(ctx context.Context, c dossier.Claim) error {
	if u.hold != nil {
		u.hold <- struct{}{}
		<-u.hold
	}
	u.mu.Lock()
	u.taken = append(u.taken, c)
	u.mu.Unlock()
	if u.err != nil {
		return u.err
	}
	f, err := c.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	d := dossier.Deposit{
		ID: c.DepositID, Station: c.Station, Department: c.Department, Name: c.Name, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data)),
		ModifiedAt: c.ModifiedAt, ReceivedAt: c.ClaimedAt, Upload: c.Upload, Channel: dossier.ChannelOnline,
	}
	if err := u.site.store.Put(ctx, storage.OriginalKey(d.SHA256), bytes.NewReader(data), storage.Digest{SHA256: d.SHA256, Bytes: d.Bytes}); err != nil {
		return err
	}
	_, err = u.site.catalog.TakeIn(ctx, catalog.NewDeposit{Deposit: d, Batch: c.Batch})
	return err
}

func (u *taker) KeepAgain(context.Context, dossier.Claim) error { return u.err }

// startUploads is a server that takes uploads in, of 1000 bytes at most.
func startUploads(t *testing.T) (*site, *taker) {
	t.Helper()
	s := prepare(t)
	u := &taker{site: s}
	s.uploads, s.scratch = u, t.TempDir()
	s.serve(t, s.store)
	return s, u
}

// part is one of a form; a file where it has a filename.
type part struct{ name, file, text string }

func formOf(t *testing.T, parts ...part) (body, contentType string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		var w io.Writer
		var err error
		if p.file != "" {
			w, err = form.CreateFormFile(p.name, p.file)
		} else {
			w, err = form.CreateFormField(p.name)
		}
		must(t, err)
		_, err = io.WriteString(w, p.text)
		must(t, err)
	}
	must(t, form.Close())
	return b.String(), form.FormDataContentType()
}

func (s *site) upload(t *testing.T, key string, parts ...part) answer {
	t.Helper()
	body, kind := formOf(t, parts...)
	return s.post(t, "/api/v1/deposits", body, "Content-Type", kind, "Idempotency-Key", key)
}

func idOf(t *testing.T, a answer) string {
	t.Helper()
	var said struct{ ID string }
	must(t, json.Unmarshal([]byte(a.body), &said))
	if a.status != http.StatusAccepted || a.header.Get("Location") != "/api/v1/deposits/"+said.ID || len(said.ID) != 26 {
		t.Fatalf("%+v", a)
	}
	return said.ID
}

var (
	station = part{name: "station", text: "quay-1"}
	paper   = part{"file", "đơn 001089012345.pdf", "%PDF-1.7"}
)

func TestAnUploadIsADepositThatCanBeAskedFor(t *testing.T) {
	s, u := startUploads(t)
	id := idOf(t, s.upload(t, "k1", station, paper))
	a := s.get(t, "/api/v1/deposits/"+id)
	var d struct{ State, Channel, Station, Name, SHA256 string }
	must(t, json.Unmarshal([]byte(a.body), &d))
	if d.State != "received" || d.Channel != "online" || d.Station != "quay-1" || d.Name != "đơn 001*****2345.pdf" || d.SHA256 != sha256Hex(paper.text) {
		t.Errorf("%s", a.body)
	}
	if c := u.taken[0]; c.Name != paper.file || c.Batch != nil || c.Department != "so-tu-phap" {
		t.Errorf("%+v", c)
	}
	wantProblem(t, s.get(t, "/api/v1/deposits/none"), http.StatusNotFound)
	if files, err := os.ReadDir(s.scratch); err != nil || len(files) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", files, err)
	}
}

func sha256Hex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestARequestThatIsSentAgainMakesOneDeposit(t *testing.T) {
	s, u := startUploads(t)
	first := s.upload(t, "k1", station, paper)
	again := s.upload(t, `"k1"`, paper, station) // quoted, as the draft has it, and in another order
	if idOf(t, first) != idOf(t, again) || first.body != again.body || len(u.taken) != 1 {
		t.Errorf("%+v, then %+v; taken %d times", first, again, len(u.taken))
	}
	for name, other := range map[string][]part{
		"other bytes":     {station, {"file", paper.file, "%PDF-1.4"}},
		"another name":    {station, {"file", "b.pdf", paper.text}},
		"another dossier": {station, paper, {name: "code", text: "H42.16-240112-0003"}},
		"other fields":    {station, paper, {name: "fields", text: `{"applicant":"An"}`}},
	} {
		a := s.upload(t, "k1", other...)
		if wantProblem(t, a, http.StatusUnprocessableEntity); !strings.Contains(a.body, "was used for another request") {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if id := idOf(t, s.upload(t, "k2", station, paper)); id == idOf(t, first) {
		t.Error("another key gave the same deposit")
	}
}

func TestARequestWhoseDepositWasErasedIsAnsweredAlike(t *testing.T) {
	s, u := startUploads(t)
	id := idOf(t, s.upload(t, "k1", station, paper))
	page := catalog.PageDone{PageID: id + "-1", ArtifactID: id + "-1", Split: &catalog.Split{DepositID: id, Pages: 1}}
	must(t, s.catalog.PageDone(t.Context(), page))
	plan := catalog.Plan{Documents: []catalog.PlanDocument{{Pages: []string{page.PageID}}}}
	versions, err := s.catalog.Reserve(t.Context(), id, []catalog.Part{{Plan: plan}})
	must(t, err)
	publish(t, s.catalog, id, versions)
	_, err = s.catalog.Decide(t.Context(), versions[0].Dossier.Code, 1, catalog.Decision{Do: catalog.DoErase, Reason: "asked for"}, by("anna"))
	must(t, err)
	if again := idOf(t, s.upload(t, "k1", station, paper)); again != id || len(u.taken) != 1 {
		t.Errorf("%s, then %s; taken %d times", id, again, len(u.taken))
	}
	if a := s.get(t, "/api/v1/deposits/"+id, "Authorization", "Bearer "+token); a.status != http.StatusOK || strings.Contains(a.body, paper.file) {
		t.Errorf("%+v", a)
	}
}

func TestWhatATicketWouldSayGoesWithTheFile(t *testing.T) {
	s, u := startUploads(t)
	id := idOf(t, s.upload(t, "k1", part{name: "code", text: "H42.16-240112-0003"}, part{name: "procedure", text: " 1.004873 "},
		part{name: "fields", text: `{"applicant": "Trần Văn An"}`}, paper, station))
	b := u.taken[0].Batch
	if b == nil || b.Key != id || !b.Closes || b.Facts.Reference != "H42.16-240112-0003" || b.Facts.Procedure != "1.004873" || b.Facts.Fields["applicant"] != "Trần Văn An" {
		t.Errorf("%+v", b)
	}
}

func TestWhatItsSenderSeesGoesWithTheFile(t *testing.T) {
	s := prepare(t)
	u := &taker{site: s}
	s.uploads, s.scratch, s.sees = u, t.TempDir(), dossier.Scope{Stations: []string{"quay-1"}}
	s.serve(t, s.store)
	code := keep(t, s) // of a department that the sender does not see
	first := s.upload(t, "k1", part{name: "code", text: "H42.16-240112-0003"}, paper, station)
	idOf(t, first)
	idOf(t, s.upload(t, "k2", paper, station))
	for _, c := range u.taken {
		if c.Batch == nil || c.Batch.Facts.MayJoin(keptDepartment, keptStation) || !c.Batch.Facts.MayJoin("so-tu-phap", "quay-1") {
			t.Errorf("%+v", c.Batch)
		}
	}
	if a := s.get(t, "/api/v1/dossiers/"+code); a.status != http.StatusNotFound {
		t.Errorf("%+v", a)
	}
}

func TestAnUploadThatCantBeTakenIsRefused(t *testing.T) {
	s, u := startUploads(t)
	body, kind := formOf(t, station, paper)
	for name, tt := range map[string]struct {
		status int
		answer answer
	}{
		"no key":             {http.StatusBadRequest, s.post(t, "/api/v1/deposits", body, "Content-Type", kind)},
		"a long key":         {http.StatusBadRequest, s.upload(t, strings.Repeat("k", 256), station, paper)},
		"JSON":               {http.StatusUnsupportedMediaType, s.post(t, "/api/v1/deposits", "{}", "Idempotency-Key", "k")},
		"no boundary":        {http.StatusUnsupportedMediaType, s.post(t, "/api/v1/deposits", body, "Content-Type", "multipart/form-data", "Idempotency-Key", "k")},
		"mixed":              {http.StatusUnsupportedMediaType, s.post(t, "/api/v1/deposits", body, "Content-Type", strings.Replace(kind, "form-data", "mixed", 1), "Idempotency-Key", "k")},
		"a body that ends":   {http.StatusBadRequest, s.post(t, "/api/v1/deposits", body[:len(body)-20], "Content-Type", kind, "Idempotency-Key", "k")},
		"no station":         {http.StatusUnprocessableEntity, s.upload(t, "k", paper)},
		"an unknown station": {http.StatusUnprocessableEntity, s.upload(t, "k", part{name: "station", text: "quay-9"}, paper)},
		"no file":            {http.StatusUnprocessableEntity, s.upload(t, "k", station)},
		"two files":          {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, paper)},
		"two stations":       {http.StatusUnprocessableEntity, s.upload(t, "k", station, station, paper)},
		"no filename":        {http.StatusUnprocessableEntity, s.upload(t, "k", station, part{name: "file", text: "%PDF"})},
		"a long filename":    {http.StatusUnprocessableEntity, s.upload(t, "k", station, part{"file", strings.Repeat("a", 252) + ".pdf", "%PDF"})},
		"another part":       {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "urgent", text: "yes"})},
		"a code that is none": {
			http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "code", text: "H42.16"}),
		},
		"a procedure that is none": {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "procedure", text: "a b"})},
		"a field without a name":   {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "fields", text: `{"": "x"}`})},
		"fields that are no texts": {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "fields", text: `{"a": 1}`})},
		"a long text":              {http.StatusUnprocessableEntity, s.upload(t, "k", station, paper, part{name: "fields", text: strings.Repeat(" ", 65<<10)})},
		"too large":                {http.StatusRequestEntityTooLarge, s.upload(t, "k", station, part{"file", "a.pdf", strings.Repeat("x", 1001)})},
		"far too large":            {http.StatusRequestEntityTooLarge, s.upload(t, "k", station, part{"file", "a.pdf", strings.Repeat("x", 3<<20)})},
	} {
		if wantProblem(t, tt.answer, tt.status); t.Failed() {
			t.Fatal(name)
		}
	}
	if len(u.taken) > 0 {
		t.Errorf("taken in: %+v", u.taken)
	}
	if files, err := os.ReadDir(s.scratch); err != nil || len(files) > 0 {
		t.Errorf("left in the scratch folder: %v, %v", files, err)
	}
	idOf(t, s.upload(t, "k", station, part{"file", "a.pdf", strings.Repeat("x", 1000)})) // the refusals did not use the key up
}

func TestUploadsNeedAPermission(t *testing.T) {
	s := prepare(t)
	s.serve(t, s.store)
	wantProblem(t, s.upload(t, "k", station, paper), http.StatusForbidden)
}

func TestNothingIsTakenInWhileDiskSpaceIsShort(t *testing.T) {
	s, u := startUploads(t)
	u.paused = "3 MiB of disk space free"
	a := s.upload(t, "k", station, paper)
	if wantProblem(t, a, http.StatusServiceUnavailable); a.header.Get("Retry-After") == "" || len(u.taken) > 0 {
		t.Errorf("%+v", a)
	}
}

func TestAnUploadThatFailsCanBeSentAgain(t *testing.T) {
	s, u := startUploads(t)
	u.err = errors.New("storage away")
	a := s.upload(t, "k", station, paper)
	if wantProblem(t, a, http.StatusServiceUnavailable); a.header.Get("Retry-After") == "" || strings.Contains(a.body, "storage away") {
		t.Errorf("%+v", a)
	}
	u.err = nil
	idOf(t, s.upload(t, "k", station, paper))
	u.err = errors.New("its bytes are being erased")
	wantProblem(t, s.upload(t, "k", station, paper), http.StatusServiceUnavailable)
}

func TestTwoRequestsUnderOneKeyAreNotTakenInAtOnce(t *testing.T) {
	s, u := startUploads(t)
	u.hold = make(chan struct{})
	answered := make(chan answer, 1)
	go func() { answered <- s.upload(t, "k", station, paper) }()
	<-u.hold
	wantProblem(t, s.upload(t, "k", station, paper), http.StatusConflict)
	close(u.hold)
	first := idOf(t, <-answered)
	if again := s.upload(t, "k", station, paper); idOf(t, again) != first {
		t.Errorf("%+v", again)
	}
}
