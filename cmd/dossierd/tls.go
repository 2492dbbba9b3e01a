package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
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
		m := &autocert.Manager{
			Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(t.ACME.Domains...), Email: t.ACME.Email,
			Cache: autocert.DirCache(filepath.Join(cfg.Data, "acme")),
		}
		if t.ACME.Directory != "" {
			m.Client = &acme.Client{DirectoryURL: t.ACME.Directory}
		}
		c := m.TLSConfig()
		c.MinVersion = tls.VersionTLS12
		return tls.NewListener(plain, c), nil
	}
	files := &certificateFiles{cert: t.CertFile, key: t.KeyFile, log: log}
	if err := files.load(time.Now()); err != nil {
		return nil, err
	}
	return tls.NewListener(plain, &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: files.certificate,
	}), nil
}

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
