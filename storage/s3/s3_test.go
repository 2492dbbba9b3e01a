package s3_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/internal/testserver"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/s3"
	"github.com/dossierd/dossierd/storage/storagetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(writerEnv) != "" {
		write()
		return
	}
	// Idle connections stay for the next request, each with its two goroutines.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("net/http.(*persistConn).readLoop"), goleak.IgnoreAnyFunction("net/http.(*persistConn).writeLoop"))
}

func startMinIO(t *testing.T, dir string) *testserver.MinIOServer {
	t.Helper()
	if testing.Short() {
		t.Skip("needs MinIO")
	}
	return testserver.MinIO(t, dir)
}

func configOf(m *testserver.MinIOServer, bucket string) s3.Config {
	return s3.Config{Endpoint: m.Endpoint, Bucket: bucket, AccessKey: m.AccessKey, SecretKey: m.SecretKey}
}

func open(t *testing.T, c s3.Config) *s3.Store {
	t.Helper()
	s, err := s3.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// client is a client of the server that is not ours.
func client(t *testing.T, m *testserver.MinIOServer) *minio.Client {
	t.Helper()
	u, err := url.Parse(m.Endpoint)
	if err != nil {
		t.Fatal(err)
	}
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(m.AccessKey, m.SecretKey, "")})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func put(t *testing.T, s storage.Store, key string, data []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(data), storagetest.Digest(data)); err != nil {
		t.Fatal(err)
	}
}

func TestTheContractHolds(t *testing.T) {
	m := startMinIO(t, "")
	var buckets atomic.Int64
	storagetest.Run(t, func(t *testing.T) storage.Store {
		return open(t, configOf(m, fmt.Sprintf("plain-%d", buckets.Add(1))))
	})
}

func TestTheContractHoldsWithVersioning(t *testing.T) {
	m := startMinIO(t, "")
	c := client(t, m)
	var buckets atomic.Int64
	storagetest.Run(t, func(t *testing.T) storage.Store {
		bucket := fmt.Sprintf("versioned-%d", buckets.Add(1))
		if err := c.MakeBucket(t.Context(), bucket, minio.MakeBucketOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := c.EnableVersioning(t.Context(), bucket); err != nil {
			t.Fatal(err)
		}
		return open(t, configOf(m, bucket))
	})
}

func TestAServerAwayIsUnavailableUntilItReturns(t *testing.T) {
	m := startMinIO(t, "")
	m.Stop()
	start := time.Now()
	s := open(t, configOf(m, "away"))
	data := storagetest.Bytes(1, 20_000_000)
	wantUnavailable(t, s)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v to say so", took)
	}
	m.Start()
	put(t, s, "a/b", data)
	m.Stop()
	wantUnavailable(t, s)
	m.Start()
	put(t, s, "a/b", data)
}

// wantUnavailable checks that every method says so.
func wantUnavailable(t *testing.T, s storage.Store) {
	t.Helper()
	_, getErr := s.Get(t.Context(), "a/b")
	_, statErr := s.Stat(t.Context(), "a/b")
	for method, err := range map[string]error{
		"put": s.Put(t.Context(), "a/c", strings.NewReader("x"), storagetest.Digest([]byte("x"))),
		"get": getErr, "stat": statErr, "delete": s.Delete(t.Context(), "a/b"),
		"list": s.List(t.Context(), "", func(storage.Info) bool { return true }),
	} {
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%s: %v", method, err)
		}
	}
}

func TestAServerThatGoesAwayWithinATransferIsUnavailable(t *testing.T) {
	m := startMinIO(t, "")
	s := open(t, configOf(m, "cut-off"))
	data := storagetest.Bytes(1, 40_000_000)
	put(t, s, "there", data)
	r, err := s.Get(t.Context(), "there")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.CopyN(io.Discard, r, 1000); err != nil {
		t.Fatal(err)
	}
	cut := io.MultiReader(bytes.NewReader(data[:30_000_000]), stopping{m}, bytes.NewReader(data[30_000_000:]))
	if err := s.Put(t.Context(), "cut", cut, storagetest.Digest(data)); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("put: %v", err)
	}
	if _, err := io.Copy(io.Discard, r); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("read: %v", err)
	}
	m.Start()
	if _, err := s.Stat(t.Context(), "cut"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	put(t, s, "cut", data)
}

// stopping is an empty reader that stops the server when it is read.
type stopping struct{ m *testserver.MinIOServer }

func (s stopping) Read([]byte) (int, error) {
	s.m.Stop()
	return 0, io.EOF
}

func TestAServerThatTakesCallsAndSaysNothingIsUnavailable(t *testing.T) {
	if testing.Short() {
		t.Skip("waits out a stall")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start := time.Now()
	s := open(t, s3.Config{Endpoint: "http://" + l.Addr().String(), Bucket: "silent", AccessKey: "a", SecretKey: "b"})
	if _, err := s.Stat(t.Context(), "a/b"); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("took %v to open and ask", took)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = s3.Open(ctx, s3.Config{Endpoint: "http://" + l.Addr().String(), Bucket: "silent", AccessKey: "a", SecretKey: "b"})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestAFullServerIsUnavailableAndLeavesNoTrace(t *testing.T) {
	folder := t.TempDir()
	m := startOnSmallDisk(t, folder)
	s := open(t, configOf(m, "full"))
	put(t, s, "fits", storagetest.Bytes(1, 1000))
	for _, size := range []int{12 << 20, 100 << 20} {
		data := storagetest.Bytes(2, size)
		var err error
		for i := 0; i < 20 && err == nil; i++ {
			err = s.Put(t.Context(), fmt.Sprintf("full/%d/%d", size, i), bytes.NewReader(data), storagetest.Digest(data))
		}
		if !errors.Is(err, storage.ErrUnavailable) {
			t.Fatalf("%d bytes: %v", size, err)
		}
	}
	if err := s.List(t.Context(), "", func(i storage.Info) bool {
		if i.Bytes != 1000 && i.Bytes != 12<<20 {
			t.Errorf("%s has %d bytes", i.Key, i.Bytes)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
}

func startOnSmallDisk(t *testing.T, folder string) *testserver.MinIOServer {
	t.Helper()
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=80m"); err != nil {
		t.Skipf("mounting a small file system: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(folder, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return startMinIO(t, folder)
}

func TestAnObjectOfOthersIsReadForItsDigest(t *testing.T) {
	m := startMinIO(t, "")
	s := open(t, configOf(m, "others"))
	data := storagetest.Bytes(1, 100_000)
	if _, err := client(t, m).PutObject(t.Context(), "others", "a/b", bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
	info, err := s.Stat(t.Context(), "a/b")
	if err != nil || info.SHA256 != storagetest.Digest(data).SHA256 {
		t.Fatalf("got %v, %v", info, err)
	}
	put(t, s, "a/b", data)
}

func TestAFailedUploadLeavesNoPartsBehind(t *testing.T) {
	m := startMinIO(t, "")
	s := open(t, configOf(m, "parts"))
	data := storagetest.Bytes(1, 40_000_000)
	if err := s.Put(t.Context(), "a/b", bytes.NewReader(data[:35_000_000]), storagetest.Digest(data)); !errors.Is(err, storage.ErrDigest) {
		t.Fatalf("got %v", err)
	}
	for upload := range client(t, m).ListIncompleteUploads(t.Context(), "parts", "a/b", true) {
		t.Errorf("left behind: %+v", upload)
	}
}

func TestTheServerKnowsTheChecksum(t *testing.T) {
	m := startMinIO(t, "")
	s := open(t, configOf(m, "checksums"))
	for key, size := range map[string]int{"small": 1000, "large": 20_000_000} {
		put(t, s, key, storagetest.Bytes(1, size))
		info, err := client(t, m).StatObject(t.Context(), "checksums", key, minio.StatObjectOptions{Checksum: true})
		if err != nil || info.ChecksumSHA256 == "" {
			t.Errorf("%s: %q, %v", key, info.ChecksumSHA256, err)
		}
	}
}

func TestABucketThatVanishesIsMadeAnew(t *testing.T) {
	m := startMinIO(t, "")
	s := open(t, configOf(m, "vanishing"))
	if err := client(t, m).RemoveBucket(t.Context(), "vanishing"); err != nil {
		t.Fatal(err)
	}
	data := []byte("x")
	if _, err := s.Get(t.Context(), "a/b"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	if err := s.Put(t.Context(), "a/b", bytes.NewReader(data), storagetest.Digest(data)); !errors.Is(err, storage.ErrUnavailable) {
		t.Errorf("first put: %v", err)
	}
	put(t, s, "a/b", data)
}

func TestWrongKeysAreUnavailable(t *testing.T) {
	m := startMinIO(t, "")
	c := configOf(m, "locked")
	c.SecretKey = "not this one"
	wantUnavailable(t, open(t, c))
}

func TestFaultySettingsAreNamed(t *testing.T) {
	err := s3.Config{Endpoint: "minio:9000", Bucket: "A_B"}.Validate()
	for _, fault := range []string{"endpoint", "bucket", "secret_key"} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s is not named in %v", fault, err)
		}
	}
	if _, err := s3.Open(t.Context(), s3.Config{Endpoint: "minio:9000"}); err == nil {
		t.Error("opens")
	}
}
