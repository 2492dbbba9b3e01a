package testserver

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MinIOServer is a MinIO that can go away and come back.
type MinIOServer struct {
	Endpoint  string // http://127.0.0.1:port
	AccessKey string
	SecretKey string

	t       testing.TB
	program string
	address string
	data    string
	running *server
}

// MinIO starts a MinIO with its data in dir, or in a folder of the test's own where dir is "". It ends with the test.
func MinIO(t testing.TB, dir string) *MinIOServer {
	t.Helper()
	program, err := find("MINIO", "minio", "/root/go/bin", "/usr/local/bin")
	if err != nil {
		Missing(t, "MinIO: %v", err)
	}
	if dir == "" {
		dir = t.TempDir()
	}
	address := Address(t)
	m := &MinIOServer{
		Endpoint: "http://" + address, AccessKey: "dossierd", SecretKey: rand.Text(),
		t: t, program: program, address: address, data: dir,
	}
	m.Start()
	t.Cleanup(func() {
		if m.running != nil {
			m.Stop()
		}
	})
	return m
}

// Start runs the server, at the address and on the data it had before, and returns when it answers.
func (m *MinIOServer) Start() {
	m.t.Helper()
	env := []string{"MINIO_ROOT_USER=" + m.AccessKey, "MINIO_ROOT_PASSWORD=" + m.SecretKey, "MINIO_BROWSER=off", "MINIO_UPDATE=off"}
	log := filepath.Join(m.t.TempDir(), "minio.log")
	running, err := start(nil, env, log, "TERM", "", m.program, "server", "--quiet", "--address", m.address, m.data)
	if err != nil {
		m.t.Fatalf("start MinIO: %v", err)
	}
	if err := running.await(m.ready); err != nil {
		m.t.Fatalf("start MinIO: %v", err)
	}
	m.running = running
}

// Stop ends the server; connections to it are refused until it is started again.
func (m *MinIOServer) Stop() {
	m.t.Helper()
	if err := m.running.stop(); err != nil {
		m.t.Errorf("stop MinIO: %v", err)
	}
	m.running = nil
}

// ready asks as a client does: the health routes say yes before the server serves objects.
func (m *MinIOServer) ready() error {
	transport := &http.Transport{DisableKeepAlives: true}
	c, err := minio.New(m.address, &minio.Options{
		Creds: credentials.NewStaticV4(m.AccessKey, m.SecretKey, ""), Region: "us-east-1", MaxRetries: 1, Transport: transport,
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, err = c.ListBuckets(ctx)
	return err
}

// firstPort and ports are below those that Linux gives to whoever asks for any (32768 and up): nobody else comes by the address
// of a server while it is away.
const firstPort, ports = 12000, 20000

var lastPort atomic.Int64

// Address is a free address of this machine that is its asker's alone, even while nobody listens there.
func Address(t testing.TB) string {
	t.Helper()
	lastPort.CompareAndSwap(0, 1+mathrand.Int64N(ports)) // other test binaries run beside this one
	for range ports {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", firstPort+lastPort.Add(1)%ports))
		if err == nil {
			defer l.Close()
			return l.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}
