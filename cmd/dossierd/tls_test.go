package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/web"
)

// writeCertificate writes a certificate for this machine and its key, dated at, and returns it.
func writeCertificate(t *testing.T, folder, name string, at time.Time) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(at.UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{
		"tls.crt": {Type: "CERTIFICATE", Bytes: der}, "tls.key": {Type: "EC PRIVATE KEY", Bytes: keyDER},
	} {
		path := filepath.Join(folder, file)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestACertificateOfFilesIsShownAndReadAgainWhenTheyChange(t *testing.T) {
	folder := t.TempDir()
	first := writeCertificate(t, folder, "first", time.Now().Add(-time.Hour))
	files := &certificateFiles{
		cert: filepath.Join(folder, "tls.crt"), key: filepath.Join(folder, "tls.key"), log: slog.New(slog.DiscardHandler),
	}
	shown := func(later time.Duration, want string) {
		t.Helper()
		files.looked = files.looked.Add(-later)
		c, err := files.certificate(nil)
		if err != nil || c.Leaf.Subject.CommonName != want {
			t.Errorf("%+v, %v", c, err)
		}
	}
	if err := files.load(time.Now()); err != nil {
		t.Fatal(err)
	}
	shown(0, first.Subject.CommonName)
	writeCertificate(t, folder, "second", time.Now())
	shown(0, "first")
	shown(lookAgain, "second")
	if err := os.WriteFile(files.key, []byte("half a key"), 0o600); err != nil {
		t.Fatal(err)
	}
	shown(lookAgain, "second")
	writeCertificate(t, folder, "third", time.Now().Add(time.Hour))
	shown(lookAgain, "third")
	if err := os.Remove(files.cert); err != nil {
		t.Fatal(err)
	}
	shown(lookAgain, "third")
}

func TestTheSettingsHaveTLSSpoken(t *testing.T) {
	folder := t.TempDir()
	pool := x509.NewCertPool()
	pool.AddCert(writeCertificate(t, folder, "dossierd", time.Now()))
	cfg := config.Default()
	cfg.HTTP.TLS = config.TLS{CertFile: filepath.Join(folder, "tls.crt"), KeyFile: filepath.Join(folder, "tls.key")}
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l, err := secured(cfg, plain, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- web.Serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.TLS != nil {
				_, _ = io.WriteString(w, r.Proto)
			}
		}), slog.New(slog.DiscardHandler))
	}()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+plain.Addr().String(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); err != nil || string(body) != "HTTP/2.0" {
		t.Errorf("%q, %v", body, err)
	}
	client.CloseIdleConnections()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestAnOrderIsAskedAfterWhereItWasMadeThoughItsEndNamesNoPlace(t *testing.T) {
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/order":
			w.Header().Set("Location", "https://ca.example/order/1")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"status":"pending","finalize":"`+server.URL+`/finalize/1"}`)
		case "/told":
			w.Header().Set("Location", "https://ca.example/elsewhere")
		}
	}))
	defer server.Close()
	client := &http.Client{Transport: &orders{}}
	defer http.DefaultClient.CloseIdleConnections()
	for _, step := range []struct{ path, place, body string }{
		{"/finalize/1", "", ""},
		{"/order", "https://ca.example/order/1", `{"status":"pending","finalize":"` + server.URL + `/finalize/1"}`},
		{"/finalize/1", "https://ca.example/order/1", ""},
		{"/finalize/1", "", ""},
		{"/told", "https://ca.example/elsewhere", ""},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+step.path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.Header.Get("Location") != step.place || string(body) != step.body {
			t.Errorf("%+v: %v, %s, %v", step, resp.Header, body, err)
		}
	}
}
