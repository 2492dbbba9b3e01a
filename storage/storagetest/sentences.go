package storagetest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dossierd/dossierd/storage"
)

// large is more than an implementation should hold in one piece.
const large = 20_000_000

func putAndGet(t *testing.T, s storage.Store) {
	data := []byte("Đơn xin cấp giấy chứng nhận")
	put(t, s, "dossiers/so-tu-phap/2026/q-1/v1/dossier.pdf", data)
	wantBytes(t, s, "dossiers/so-tu-phap/2026/q-1/v1/dossier.pdf", data)
}

func emptyObject(t *testing.T, s storage.Store) {
	put(t, s, "a/empty", nil)
	put(t, s, "a/empty", nil)
	wantBytes(t, s, "a/empty", nil)
	wantKeys(t, s, "", "a/empty")
}

func largeObject(t *testing.T, s storage.Store) {
	data := Bytes(1, large)
	put(t, s, "a/large", data)
	wantBytes(t, s, "a/large", data)
	put(t, s, "a/large", data)
	other := bytes.Clone(data)
	other[large-1]++
	if err := s.Put(t.Context(), "a/large", bytes.NewReader(other), Digest(other)); !errors.Is(err, storage.ErrConflict) {
		t.Errorf("other bytes: %v", err)
	}
	wantBytes(t, s, "a/large", data)
}

func putTwice(t *testing.T, s storage.Store) {
	put(t, s, "a/b", []byte("same"))
	before, err := s.Stat(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	put(t, s, "a/b", []byte("same"))
	after, err := s.Stat(t.Context(), "a/b")
	if err != nil || before != after {
		t.Fatalf("%v became %v, %v", before, after, err)
	}
}

func conflict(t *testing.T, s storage.Store) {
	put(t, s, "a/b", []byte("first"))
	for _, other := range []string{"other", "longer than the first", ""} {
		err := s.Put(t.Context(), "a/b", strings.NewReader(other), Digest([]byte(other)))
		if !errors.Is(err, storage.ErrConflict) {
			t.Errorf("put %q: %v", other, err)
		}
	}
	wantBytes(t, s, "a/b", []byte("first"))
}

// atOnce runs n writers that begin together and gives their errors.
func atOnce(n int, write func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = write(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

func concurrentConflict(t *testing.T, s storage.Store) {
	for round, size := range []int{100, 100, 100, 100, large} {
		key := fmt.Sprintf("round/%d", round)
		bodies := make([][]byte, 4)
		for i := range bodies {
			bodies[i] = Bytes(uint64(i), size)
		}
		winner := -1
		for i, err := range atOnce(len(bodies), func(i int) error {
			return s.Put(t.Context(), key, bytes.NewReader(bodies[i]), Digest(bodies[i]))
		}) {
			switch {
			case err == nil && winner < 0:
				winner = i
			case !errors.Is(err, storage.ErrConflict):
				t.Errorf("writer %d beside winner %d: %v", i, winner, err)
			}
		}
		if winner < 0 {
			t.Fatal("no writer won")
		}
		wantBytes(t, s, key, bodies[winner])
	}
}

func concurrentSame(t *testing.T, s storage.Store) {
	data := Bytes(1, 100_000)
	for _, err := range atOnce(8, func(int) error {
		return s.Put(t.Context(), "deep/er/and/deeper", bytes.NewReader(data), Digest(data))
	}) {
		if err != nil {
			t.Error(err)
		}
	}
	wantBytes(t, s, "deep/er/and/deeper", data)
}

func unknownKey(t *testing.T, s storage.Store) {
	wantNoTrace(t, s, "a/b")
	put(t, s, "a/b/c", []byte("x"))
	for _, key := range []string{"a", "a/b", "a/b/d", "a/b/c/d", "b"} {
		if _, err := s.Get(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("get %s: %v", key, err)
		}
		if _, err := s.Stat(t.Context(), key); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("stat %s: %v", key, err)
		}
	}
}

func deleted(t *testing.T, s storage.Store) {
	put(t, s, "a/b", []byte("first"))
	if err := s.Delete(t.Context(), "a/b"); err != nil {
		t.Fatal(err)
	}
	wantNoTrace(t, s, "a/b")
	put(t, s, "a/b", []byte("second"))
	wantBytes(t, s, "a/b", []byte("second"))
}

func deleteUnknown(t *testing.T, s storage.Store) {
	put(t, s, "a/b", []byte("x"))
	for _, key := range []string{"c", "a", "a/c", "a/b/c"} {
		if err := s.Delete(t.Context(), key); err != nil {
			t.Errorf("delete %s: %v", key, err)
		}
	}
	wantKeys(t, s, "", "a/b")
}

func seeking(t *testing.T, s storage.Store) {
	data := Bytes(1, 100_000)
	put(t, s, "a/b", data)
	r, err := s.Get(t.Context(), "a/b")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if r.Size() != int64(len(data)) {
		t.Errorf("size %d", r.Size())
	}
	for _, at := range []struct {
		offset int64
		whence int
		want   int64
	}{
		{0, io.SeekEnd, 100_000},
		{0, io.SeekStart, 0},
		{10, io.SeekStart, 10},
		{50_000, io.SeekCurrent, 50_110},
		{-1, io.SeekEnd, 99_999},
		{200_000, io.SeekStart, 200_000},
		{-90_000, io.SeekEnd, 10_000},
	} {
		got, err := r.Seek(at.offset, at.whence)
		if err != nil || got != at.want {
			t.Fatalf("seek %d, %d: %d, %v", at.offset, at.whence, got, err)
		}
		part := make([]byte, max(0, min(100, len(data)-int(got))))
		if _, err := io.ReadFull(r, part); err != nil || got < 100_000 && !bytes.Equal(part, data[got:got+int64(len(part))]) {
			t.Fatalf("read at %d: %v", got, err)
		}
	}
	if _, err := r.Seek(-1, io.SeekStart); err == nil {
		t.Error("seeking before the start passes")
	}
	if _, err := r.Seek(0, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if n, err := r.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %d, %v", n, err)
	}
}

func concurrentReaders(t *testing.T, s storage.Store) {
	data := Bytes(1, 300_000)
	put(t, s, "a/b", data)
	for _, err := range atOnce(8, func(i int) error {
		r, err := s.Get(t.Context(), "a/b")
		if err != nil {
			return err
		}
		defer r.Close()
		if _, err := r.Seek(int64(i*1000), io.SeekStart); err != nil {
			return err
		}
		got, err := io.ReadAll(r)
		if err == nil && !bytes.Equal(got, data[i*1000:]) {
			err = fmt.Errorf("reader %d read other bytes", i)
		}
		return err
	}) {
		if err != nil {
			t.Error(err)
		}
	}
}

func stat(t *testing.T, s storage.Store) {
	start := time.Now()
	for name, size := range map[string]int{"small": 1000, "empty": 0, "large": large} {
		data := Bytes(1, size)
		put(t, s, name, data)
		info, err := s.Stat(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if want := Digest(data); info.Key != name || info.Bytes != want.Bytes || info.SHA256 != want.SHA256 {
			t.Errorf("%s: %+v, want %+v", name, info, want)
		}
		// Object stores tell whole seconds, by their own clock.
		if info.ModifiedAt.Before(start.Add(-5*time.Second)) || info.ModifiedAt.After(time.Now().Add(5*time.Second)) {
			t.Errorf("%s: modified at %v, put after %v", name, info.ModifiedAt, start)
		}
	}
}

func list(t *testing.T, s storage.Store) {
	keys := []string{"a-b/x", "a.b", "a/1", "a/2/3", "a/2-3", "a0", "ab", "b/%2E", "b/A", "b/a", "b/ă", "c"}
	for _, key := range keys {
		put(t, s, key, []byte(key))
	}
	slices.Sort(keys)
	wantKeys(t, s, "", keys...)
	for _, prefix := range []string{"a", "a/", "a/2", "a/2/", "b/", "b/%", "c", "c/", "d", "a-b/x", "a-b/xy"} {
		var want []string
		for _, key := range keys {
			if strings.HasPrefix(key, prefix) {
				want = append(want, key)
			}
		}
		wantKeys(t, s, prefix, want...)
	}
	if err := s.List(t.Context(), "a/1", func(i storage.Info) bool {
		if i.Bytes != 3 || i.SHA256 != "" && i.SHA256 != Digest([]byte("a/1")).SHA256 || i.ModifiedAt.IsZero() {
			t.Errorf("%+v", i)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
}

func listStops(t *testing.T, s storage.Store) {
	for i := range 5 {
		put(t, s, fmt.Sprintf("a/%d/x", i), []byte("x"))
	}
	var got []string
	if err := s.List(t.Context(), "a/", func(i storage.Info) bool {
		got = append(got, i.Key)
		return len(got) < 2
	}); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a/0/x", "a/1/x"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func strangeKeys(t *testing.T, s storage.Store) {
	keys := []string{
		"with space/and more ", "plus+and&amp=?#", "100%", "%41", "A", "a", "tên/tiếng Việt.pdf", "te\u0302n/e", "日本/語", "😀",
		`back\slash`, `"quoted"`, "'", "<&>", "*", "-rf", "~", "a,b;c:d", "x/" + strings.Repeat("n", 255),
		storage.Escape("../.."), storage.Escape(""), storage.Escape("."), storage.Escape(strings.Repeat("ố", 300)),
	}
	for _, key := range keys {
		put(t, s, key, []byte(key))
	}
	for _, key := range keys {
		wantBytes(t, s, key, []byte(key))
	}
	slices.Sort(keys)
	wantKeys(t, s, "", keys...)
}

func uncleanKeys(t *testing.T, s storage.Store) {
	for _, key := range []string{"", "/a", "a/", "a//b", "..", "../a", "a/../b", ".tmp/a", "a\x00", "a\n", "\xff", strings.Repeat("n", 256)} {
		_, getErr := s.Get(t.Context(), key)
		_, statErr := s.Stat(t.Context(), key)
		for method, err := range map[string]error{
			"put": s.Put(t.Context(), key, strings.NewReader("x"), Digest([]byte("x"))),
			"get": getErr, "stat": statErr, "delete": s.Delete(t.Context(), key),
		} {
			if err == nil || errors.Is(err, storage.ErrNotFound) {
				t.Errorf("%s %q: %v", method, key, err)
			}
		}
	}
	wantKeys(t, s, "")
}
