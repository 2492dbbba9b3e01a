package s3_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/storagetest"
)

func TestAPresignedURLGivesOneObjectForAWhile(t *testing.T) {
	s := open(t, configOf(startMinIO(t, ""), "presigned"))
	data := storagetest.Bytes(1, 1000)
	if err := s.Put(t.Context(), "dossiers/a b/c.pdf", bytes.NewReader(data), storagetest.Digest(data)); err != nil {
		t.Fatal(err)
	}
	var store storage.Presigner = s
	fetch := func(lasts time.Duration, change string) (int, []byte, http.Header) {
		t.Helper()
		to, err := store.Presign(t.Context(), "dossiers/a b/c.pdf", lasts, "application/pdf", `inline; filename=c.pdf`)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.Get(to + change)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, body, resp.Header
	}
	status, body, header := fetch(time.Minute, "")
	if status != http.StatusOK || !bytes.Equal(body, data) || header.Get("Content-Type") != "application/pdf" ||
		header.Get("Content-Disposition") != "inline; filename=c.pdf" {
		t.Errorf("%d, %d bytes, %v", status, len(body), header)
	}
	if status, _, _ := fetch(time.Minute, "0"); status != http.StatusForbidden {
		t.Errorf("a changed signature: %d", status)
	}
	if _, err := store.Presign(t.Context(), "../x", time.Minute, "", ""); err == nil {
		t.Error("a bad key is signed")
	}
}
