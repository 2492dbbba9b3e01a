package main

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
)

// secured is the listener behind which TLS is spoken, where the settings ask for that.
func secured(cfg *config.Config, plain net.Listener, log *slog.Logger) (net.Listener, error) {
	t := cfg.HTTP.TLS
	if !t.On() {
		return plain, nil
	}
	if len(t.ACME.Domains) > 0 {
		return tls.NewListener(plain, byACME(cfg, log)), nil
	}
	files := &certificateFiles{cert: t.CertFile, key: t.KeyFile, log: log}
	if err := files.load(time.Now()); err != nil {
		return nil, err
	}
	return tls.NewListener(plain, &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: files.certificate,
	}), nil
}

// byACME has the certificate fetched when the first one connects, and renewed a month before it ends.
func byACME(cfg *config.Config, log *slog.Logger) *tls.Config {
	a := cfg.HTTP.TLS.ACME
	m := &autocert.Manager{
		Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(a.Domains...), Email: a.Email,
		Cache:  autocert.DirCache(filepath.Join(cfg.Data, "acme")),
		Client: &acme.Client{DirectoryURL: cmp.Or(a.Directory, acme.LetsEncryptURL), HTTPClient: &http.Client{Transport: &orders{}}},
	}
	c := m.TLSConfig()
	c.MinVersion = tls.VersionTLS12
	c.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		got, err := m.GetCertificate(hello)
		if err != nil && slices.Contains(a.Domains, hello.ServerName) {
			log.Error("no certificate", "domain", hello.ServerName, "error", err)
		}
		return got, err
	}
	return c
}

// orders says where an order is asked after when it is finalised. Authorities need not repeat that, and package acme needs it.
type orders struct{ places sync.Map } // by the address that finalises the order

func (o *orders) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if place, ok := o.places.LoadAndDelete(r.URL.String()); ok && resp.Header.Get("Location") == "" {
		resp.Header.Set("Location", place.(string))
		return resp, nil
	}
	if place := resp.Header.Get("Location"); place != "" && resp.StatusCode == http.StatusCreated {
		var order struct{ Finalize string }
		body, err := io.ReadAll(io.LimitReader(resp.Body, orderMost))
		if err = errors.Join(err, resp.Body.Close()); err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		if json.Unmarshal(body, &order) == nil && order.Finalize != "" {
			o.places.Store(order.Finalize, place)
		}
	}
	return resp, nil
}

// orderMost is how many bytes the answer to an order may have.
const orderMost = 1 << 20

// lookAgain is how often the files of the certificate are looked at, if anybody connects.
const lookAgain = 10 * time.Second

// certificateFiles is a certificate that is read again when its files change: who renews it need not tell.
type certificateFiles struct {
	cert, key string
	log       *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	stamp   [2]time.Time // of the files, as they were read
	looked  time.Time
}

func (f *certificateFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.looked) >= lookAgain {
		if err := f.load(now); err != nil {
			f.log.Error("certificate not read again, the old one stays", "error", err)
		}
	}
	return f.current, nil
}

// load reads the files if they changed. After an error what was read before stays, and is tried again.
func (f *certificateFiles) load(now time.Time) error {
	f.looked = now
	var stamp [2]time.Time
	for i, file := range []string{f.cert, f.key} {
		info, err := os.Stat(file)
		if err != nil {
			return fmt.Errorf("read the certificate: %w", err)
		}
		stamp[i] = info.ModTime()
	}
	if stamp == f.stamp {
		return nil
	}
	c, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("read the certificate: %w", err)
	}
	if f.current != nil {
		f.log.Info("certificate read again", "until", c.Leaf.NotAfter)
	}
	f.current, f.stamp = &c, stamp
	return nil
}
