package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/s3"
	"github.com/dossierd/dossierd/storage/storagetest"
)

func TestAnObjectComesWithItsDigestAndKind(t *testing.T) {
	s := cleared(t)
	data := storagetest.Bytes(1, 100_000)
	sha := storagetest.Digest(data).SHA256
	for key, want := range map[string][2]string{
		"dossiers/so-tu-phap/2026/q-1/v1/dossier.pdf": {"application/pdf", `inline; filename=dossier.pdf`},
		"dossiers/a/2026/q-1/v1/metadata.json":        {"application/json", `inline; filename=metadata.json`},
		"pages/d1-1/layout.json.gz":                   {"application/gzip", `inline; filename=layout.json.gz`},
		"pages/d1-1/image.g4":                         {"application/octet-stream", `attachment; filename=image.g4`},
		storage.OriginalKey(sha):                      {"application/octet-stream", `attachment; filename=` + sha},
	} {
		s.put(t, key, data)
		a := s.get(t, "/api/v1/objects/"+key)
		if a.status != http.StatusOK || a.body != string(data) || a.header.Get("ETag") != `"`+sha+`"` ||
			a.header.Get("Content-Type") != want[0] || a.header.Get("Content-Disposition") != want[1] ||
			a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Content-Length") != "100000" {
			t.Errorf("%s: %d %v", key, a.status, a.header)
		}
	}
}

func TestRangesAreAnswered(t *testing.T) {
	s := cleared(t)
	data := string(storagetest.Bytes(1, 100_000))
	s.put(t, "originals/ab/x", []byte(data))
	etag := `"` + storagetest.Digest([]byte(data)).SHA256 + `"`
	const path = "/api/v1/objects/originals/ab/x"
	for value, want := range map[string]string{
		"bytes=0-0": data[:1], "bytes=99999-": data[99_999:], "bytes=-10": data[99_990:], "bytes=500-1499": data[500:1500],
	} {
		if a := s.get(t, path, "Range", value, "If-Range", etag); a.status != http.StatusPartialContent || a.body != want {
			t.Errorf("%s: %d, %d bytes", value, a.status, len(a.body))
		}
	}
	if a := s.get(t, path, "Range", "bytes=0-0", "If-Range", `"older"`); a.status != http.StatusOK || a.body != data {
		t.Errorf("%d, %d bytes", a.status, len(a.body))
	}
	if a := s.get(t, path, "Range", "bytes=100000-"); a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Errorf("%+v", a)
	}
	if a := s.get(t, path, "If-None-Match", etag); a.status != http.StatusNotModified || a.body != "" {
		t.Errorf("%+v", a)
	}
	if a := s.do(t, http.MethodHead, path, "Authorization", "Bearer "+token); a.status != http.StatusOK || a.header.Get("ETag") != etag {
		t.Errorf("%+v", a)
	}
}

func TestAnEscapedKeyIsFound(t *testing.T) {
	s := cleared(t)
	key := storage.DossierKey("Sở Tư pháp/..", 2026, "q-1", 1, "dossier.pdf")
	s.put(t, key, []byte("pdf"))
	var path []string
	for part := range strings.SplitSeq(key, "/") {
		path = append(path, url.PathEscape(part))
	}
	if a := s.get(t, "/api/v1/objects/"+strings.Join(path, "/")); a.status != http.StatusOK || a.body != "pdf" {
		t.Errorf("%+v", a)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	s := start(t)
	s.put(t, "scratch/secret", []byte("x"))
	s.put(t, "originals/ab/x", []byte("x"))
	for _, key := range []string{
		"scratch/secret", "originals", "originals/", "originals/ab", "originals/ab/y", "originals/../scratch/secret",
		"originals/%2e%2e/scratch/secret", "originals/ab/x%00", "originals%2Fab%2F..%2F..%2Fscratch%2Fsecret", ".tmp/lock",
		"%2e%2e/%2e%2e/%2e%2e/etc/passwd", "originals/ab/x/",
	} {
		wantProblem(t, s.get(t, "/api/v1/objects/"+key), http.StatusNotFound)
	}
}

func TestAStoreAwayIsAProblemThatPasses(t *testing.T) {
	store, err := s3.Open(t.Context(), s3.Config{Endpoint: "http://127.0.0.1:1", Bucket: "away", AccessKey: "a", SecretKey: "b"})
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	s.serve(t, store)
	a := s.get(t, "/api/v1/objects/originals/ab/x")
	wantProblem(t, a, http.StatusServiceUnavailable)
	if a.header.Get("Retry-After") == "" || strings.Contains(a.body, "127.0.0.1") {
		t.Errorf("%+v", a)
	}
}

func TestAClientIsSentOnToTheObjectStorageButForWhatIsPersonal(t *testing.T) {
	if testing.Short() {
		t.Skip("needs MinIO")
	}
	m := testserver.MinIO(t, "")
	store, err := s3.Open(t.Context(), s3.Config{Endpoint: m.Endpoint, Bucket: "presigned", AccessKey: m.AccessKey, SecretKey: m.SecretKey})
	must(t, err)
	s := prepare(t)
	s.store, s.clear = store, true
	s.serve(t, store)
	s.put(t, "dossiers/a/2026/q-1/v1/metadata.json", []byte("{}"))
	s.put(t, "dossiers/a/2026/q-1/v1/private.json", []byte("{}"))
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	ask := func(path string) (status int, location string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/api/v1/objects/dossiers/a/2026/q-1/v1/"+path, http.NoBody)
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := stay.Do(req)
		must(t, err)
		resp.Body.Close()
		return resp.StatusCode, resp.Header.Get("Location")
	}
	status, to := ask("metadata.json?presign=true")
	if status != http.StatusTemporaryRedirect || !strings.HasPrefix(to, m.Endpoint+"/presigned/") {
		t.Errorf("%d %s", status, to)
	}
	for _, path := range []string{"metadata.json", "private.json?presign=true"} {
		if status, _ := ask(path); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
}
