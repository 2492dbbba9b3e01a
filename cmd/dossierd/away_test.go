package main_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
)

func TestWithObjectStorageAwayDepositsWaitAndNothingIsLost(t *testing.T) {
	t.Parallel()
	build(t)
	minio := testserver.MinIO(t, t.TempDir())
	h := newHouse(t, fmt.Sprintf("store: {type: s3, endpoint: %q, bucket: dossiers, access_key: %s, secret_key: %s}",
		minio.Endpoint, minio.AccessKey, minio.SecretKey))
	h.start("")
	h.drop("before.jpg", variant(t, 1))
	h.settled(1, time.Minute)

	minio.Stop()
	for i := range 3 {
		h.drop(fmt.Sprintf("while-%d.jpg", i), variant(t, 10+i))
	}
	time.Sleep(10 * time.Second) // being away for a while is what is tested
	if n := len(h.events.events(dossier.EventDossierPublished)); n != 1 {
		t.Errorf("%d dossiers while storage is away, want 1", n)
	}
	h.notReady("object storage is away", minio.Endpoint)
	if h.dead() {
		t.Fatal("the daemon died of it")
	}
	minio.Start()
	h.settled(4, 2*time.Minute)
	if n := len(h.events.events(dossier.EventDossierPublished)); n != 4 {
		t.Errorf("%d dossiers, want 4", n)
	}
	h.awaitEmpty(filepath.Join(h.station, ".dossierd", "claimed"))
}

// notReady checks that /readyz says why, and nothing that its askers need not know.
func (h *house) notReady(reason, secret string) {
	h.t.Helper()
	resp, err := http.Get("http://" + h.address + "/readyz")
	if err != nil {
		h.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), reason) ||
		strings.Contains(string(body), strings.TrimPrefix(secret, "http://")) {
		h.t.Errorf("%d %s, %v", resp.StatusCode, body, err)
	}
}

func TestAFolderThatGoesAwayIsReportedAndPickedUpAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	h.drop("a.jpg", variant(t, 1))
	h.settled(1, time.Minute)
	if err := os.Rename(h.station, h.station+".away"); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		s := h.status()
		if len(s.Folders) == 1 && s.Folders[0]["away_since"] != nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("status does not say that the folder is away: %+v", s.Folders)
		}
	}
	if err := os.Rename(h.station+".away", h.station); err != nil {
		t.Fatal(err)
	}
	h.drop("b.jpg", variant(t, 2))
	h.settled(2, time.Minute)
}

func TestASubscriberThatFailsIsTriedAgainWithTheSameEvent(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.events.fail(true)
	h.start("")
	h.drop("a.jpg", sample(t))
	h.awaitLog("event not delivered")
	h.events.fail(false)
	h.settled(1, time.Minute)
	if n := len(h.events.events(dossier.EventDossierPublished)); n != 1 {
		t.Errorf("%d events, want 1", n)
	}
}

func (s *subscriber) fail(failing bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = failing
}

func TestASecondDaemonOnTheSameDataIsRefused(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	h.start("")
	out, err := exec.Command(h.binary, "serve", "--config", h.config).CombinedOutput()
	if err == nil {
		t.Fatalf("it started: %s", out)
	}
}
