// Package storagetest is the promise of storage.Store as tests: one subtest per sentence of the contract. What only one
// implementation promises (what survives a kill, a server away) is tested beside that implementation.
package storagetest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/dossierd/dossierd/storage"
)

// Run tests stores that open makes: empty ones, each used by one subtest, in parallel.
func Run(t *testing.T, open func(t *testing.T) storage.Store) {
	for _, sentence := range []struct {
		name string
		test func(t *testing.T, s storage.Store)
	}{
		{"what was put can be read", putAndGet},
		{"an empty object is an object", emptyObject},
		{"a large object comes back whole", largeObject},
		{"a key that exists with the same bytes is left as it is", putTwice},
		{"a key that exists with other bytes is a conflict", conflict},
		{"of several writers of other bytes one wins", concurrentConflict},
		{"several writers of the same bytes all succeed", concurrentSame},
		{"bytes that don't match their digest leave no trace", wrongDigest},
		{"a reader that breaks off leaves no trace", brokenReader},
		{"a context that ended leaves no trace", cancelledPut},
		{"a key that failed can be put again", putAfterFailure},
		{"an unknown key is not found", unknownKey},
		{"a deleted key is not found and can be put anew", deleted},
		{"deleting an unknown key is no error", deleteUnknown},
		{"a reader reads from any offset", seeking},
		{"readers of one object don't disturb each other", concurrentReaders},
		{"stat tells bytes, digest and time", stat},
		{"list gives the keys under a prefix in order", list},
		{"list stops when it is told to", listStops},
		{"strange keys are kept as they are", strangeKeys},
		{"unclean keys are refused", uncleanKeys},
	} {
		t.Run(sentence.name, func(t *testing.T) {
			t.Parallel()
			sentence.test(t, open(t))
		})
	}
}

// Digest is the digest of data.
func Digest(data []byte) storage.Digest {
	sum := sha256.Sum256(data)
	return storage.Digest{SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(data))}
}

// Bytes are n bytes that compress badly, the same for the same seed.
func Bytes(seed uint64, n int) []byte {
	source := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	data := make([]byte, n)
	_, _ = source.Read(data) // never fails
	return data
}

func put(t *testing.T, s storage.Store, key string, data []byte) {
	t.Helper()
	if err := s.Put(t.Context(), key, bytes.NewReader(data), Digest(data)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s storage.Store, key string) []byte {
	t.Helper()
	r, err := s.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("read %s: %v", key, err)
	}
	return data
}

func wantBytes(t *testing.T, s storage.Store, key string, want []byte) {
	t.Helper()
	if got := get(t, s, key); !bytes.Equal(got, want) {
		t.Fatalf("%s has %d bytes, want %d others", key, len(got), len(want))
	}
}

// wantKeys checks everything that List gives under a prefix.
func wantKeys(t *testing.T, s storage.Store, prefix string, want ...string) {
	t.Helper()
	var got []string
	if err := s.List(t.Context(), prefix, func(i storage.Info) bool {
		got = append(got, i.Key)
		return true
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != len(want) {
		t.Fatalf("under %q: got %q, want %q", prefix, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("under %q: got %q, want %q", prefix, got, want)
		}
	}
}

// wantNoTrace checks that nothing can be found in the store.
func wantNoTrace(t *testing.T, s storage.Store, key string) {
	t.Helper()
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	if _, err := s.Get(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	wantKeys(t, s, "")
}

func wrongDigest(t *testing.T, s storage.Store) {
	for _, size := range []int{0, 1, 1000, large} {
		data := Bytes(1, size)
		for name, claim := range map[string]storage.Digest{
			"other bytes": Digest(Bytes(2, size+1)[:size]),
			"too short":   Digest(Bytes(1, size+1)),
			"too long":    Digest(Bytes(1, size)[:size/2]),
		} {
			if claim == Digest(data) {
				continue
			}
			err := s.Put(t.Context(), "a/b", bytes.NewReader(data), claim)
			if !errors.Is(err, storage.ErrDigest) {
				t.Errorf("%d bytes, %s: %v", size, name, err)
			}
			wantNoTrace(t, s, "a/b")
		}
	}
}

func brokenReader(t *testing.T, s storage.Store) {
	broken := errors.New("cable pulled")
	for _, size := range []int{0, 1, 1000, large} {
		data := Bytes(1, size+1)
		r := io.MultiReader(bytes.NewReader(data[:size]), iotest.ErrReader(broken))
		if err := s.Put(t.Context(), "a/b", r, Digest(data)); !errors.Is(err, broken) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%d bytes: %v", size, err)
		}
		wantNoTrace(t, s, "a/b")
	}
}

func cancelledPut(t *testing.T, s storage.Store) {
	for _, size := range []int{1000, large} {
		ctx, cancel := context.WithCancel(t.Context())
		data := Bytes(1, size)
		r := io.MultiReader(bytes.NewReader(data[:size/2]), cancelling(cancel), bytes.NewReader(data[size/2:]))
		if err := s.Put(ctx, "a/b", r, Digest(data)); !errors.Is(err, context.Canceled) || errors.Is(err, storage.ErrUnavailable) {
			t.Errorf("%d bytes: %v", size, err)
		}
		wantNoTrace(t, s, "a/b")
	}
}

// cancelling is an empty reader that cancels when it is read.
type cancelling func()

func (c cancelling) Read([]byte) (int, error) {
	c()
	return 0, io.EOF
}

func putAfterFailure(t *testing.T, s storage.Store) {
	data := Bytes(1, 1000)
	if err := s.Put(t.Context(), "a/b", bytes.NewReader(data[:500]), Digest(data)); err == nil {
		t.Fatal("half of the bytes pass")
	}
	put(t, s, "a/b", data)
	wantBytes(t, s, "a/b", data)
}
