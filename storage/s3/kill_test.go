package s3_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"

	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/s3"
	"github.com/dossierd/dossierd/storage/storagetest"
)

// writerEnv in the environment holds the endpoint and makes the test binary a writer; the keys stand beside it.
const (
	writerEnv = "STORAGE_S3_TEST_WRITER"
	writerKey = "STORAGE_S3_TEST_SECRET"
)

// write puts small and large objects until it is killed: each is named by its digest, and announced when half of it
// has been read.
func write() {
	s, err := s3.Open(context.Background(), s3.Config{
		Endpoint: os.Getenv(writerEnv), Bucket: "killed", AccessKey: "dossierd", SecretKey: os.Getenv(writerKey),
	})
	for i := uint64(0); err == nil; i++ {
		data := storagetest.Bytes(i, []int{100_000, 40_000_000}[i%2])
		d := storagetest.Digest(data)
		r := io.MultiReader(bytes.NewReader(data[:len(data)/2]), announcing(d.SHA256), bytes.NewReader(data[len(data)/2:]))
		err = s.Put(context.Background(), storage.OriginalKey(d.SHA256), r, d)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// announcing is an empty reader that prints a line when it is read.
type announcing string

func (a announcing) Read([]byte) (int, error) {
	fmt.Println(string(a))
	return 0, io.EOF
}

func TestAKilledWriterLeavesNoTrace(t *testing.T) {
	m := startMinIO(t, "")
	for _, announced := range []int64{1, 2, 3, 4} {
		writer := exec.Command(os.Args[0])
		writer.Env = append(os.Environ(), writerEnv+"="+m.Endpoint, writerKey+"="+m.SecretKey)
		writer.Stderr = os.Stderr
		out, err := writer.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := writer.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, out, announced*65); err != nil {
			t.Fatal(err)
		}
		if err := writer.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = writer.Wait() // says that it was killed
		s := open(t, configOf(m, "killed"))
		if err := s.List(t.Context(), "", func(i storage.Info) bool {
			wantWhole(t, s, i.Key)
			return true
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func wantWhole(t *testing.T, s storage.Store, key string) {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if d := storagetest.Digest(data); storage.OriginalKey(d.SHA256) != key {
		t.Errorf("%s holds the bytes of %s", key, d.SHA256)
	}
}
