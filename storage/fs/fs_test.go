package fs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/storage"
	storagefs "github.com/dossierd/dossierd/storage/fs"
	"github.com/dossierd/dossierd/storage/storagetest"
)

// writerFolder in the environment makes the test binary a writer into that folder.
const writerFolder = "STORAGE_FS_TEST_WRITER"

func TestMain(m *testing.M) {
	if folder := os.Getenv(writerFolder); folder != "" {
		write(folder)
		return
	}
	os.Exit(m.Run())
}

// write puts objects until it is killed: each is named by its digest, and announced when half of it has been read.
func write(folder string) {
	s, err := storagefs.Open(folder)
	for i := uint64(0); err == nil; i++ {
		data := storagetest.Bytes(i, 50_000)
		d := storagetest.Digest(data)
		announce := readerFunc(func([]byte) (int, error) {
			fmt.Println(d.SHA256)
			return 0, io.EOF
		})
		r := io.MultiReader(bytes.NewReader(data[:25_000]), announce, bytes.NewReader(data[25_000:]))
		err = s.Put(context.Background(), storage.OriginalKey(d.SHA256), r, d)
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func open(t *testing.T, folder string) *storagefs.Store {
	t.Helper()
	s, err := storagefs.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s storage.Store, key, body string) {
	t.Helper()
	if err := s.Put(t.Context(), key, strings.NewReader(body), storagetest.Digest([]byte(body))); err != nil {
		t.Fatal(err)
	}
}

func TestTheContractHolds(t *testing.T) {
	storagetest.Run(t, func(t *testing.T) storage.Store { return open(t, filepath.Join(t.TempDir(), "not", "yet", "there")) })
}

func TestAKilledWriterLeavesNoTrace(t *testing.T) {
	folder := t.TempDir()
	for round := range 12 {
		killWriterAfter(t, folder, 1+3*round)
		s := open(t, folder)
		if n := tempFiles(t, folder); n != 0 {
			t.Fatalf("%d temporary files after a kill", n)
		}
		if err := s.List(t.Context(), "", func(i storage.Info) bool {
			wantWhole(t, s, i)
			return true
		}); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(folder, "originals")); err != nil {
			t.Fatal(err)
		}
	}
}

// killWriterAfter kills a writer when it is in the midst of its nth object, or a little later.
func killWriterAfter(t *testing.T, folder string, n int) {
	t.Helper()
	writer := exec.Command(os.Args[0])
	writer.Env = append(os.Environ(), writerFolder+"="+folder)
	writer.Stderr = os.Stderr
	out, err := writer.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(io.Discard, out, int64(n)*65); err != nil {
		t.Fatal(err)
	}
	if err := writer.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = writer.Wait() // says that it was killed
}

func wantWhole(t *testing.T, s storage.Store, i storage.Info) {
	t.Helper()
	r, err := s.Get(t.Context(), i.Key)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if d := storagetest.Digest(data); storage.OriginalKey(d.SHA256) != i.Key {
		t.Errorf("%s holds the bytes of %s", i.Key, d.SHA256)
	}
	info, err := s.Stat(t.Context(), i.Key)
	if err != nil || storage.OriginalKey(info.SHA256) != i.Key {
		t.Errorf("stat of %s: %v, %v", i.Key, info, err)
	}
}

// tempFiles counts what lies in the store's folder for temporary files besides locks.
func tempFiles(t *testing.T, folder string) (n int) {
	t.Helper()
	if err := filepath.WalkDir(filepath.Join(folder, ".tmp"), func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && e.Name() != "lock" {
			n++
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOpeningLeavesALiveWriterAlone(t *testing.T) {
	folder := t.TempDir()
	first := open(t, folder)
	data := []byte("half and half")
	r := io.MultiReader(bytes.NewReader(data[:5]), readerFunc(func([]byte) (int, error) {
		put(t, open(t, folder), "other", "meanwhile")
		return 0, io.EOF
	}), bytes.NewReader(data[5:]))
	if err := first.Put(t.Context(), "a/b", r, storagetest.Digest(data)); err != nil {
		t.Fatal(err)
	}
	put(t, open(t, folder), "a/b", string(data))
}

func TestTwoStoresOnOneFolderDontOverwriteEachOther(t *testing.T) {
	folder := t.TempDir()
	first, second := open(t, folder), open(t, folder)
	data := []byte("first")
	// The second comes in between the first's look and the first's link.
	r := io.MultiReader(bytes.NewReader(data), readerFunc(func([]byte) (int, error) {
		put(t, second, "a/b", "second")
		return 0, io.EOF
	}))
	if err := first.Put(t.Context(), "a/b", r, storagetest.Digest(data)); !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("got %v", err)
	}
	put(t, first, "a/b", "second")
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	old := unix.Umask(0)
	defer unix.Umask(old)
	folder := filepath.Join(t.TempDir(), "store")
	put(t, open(t, folder), "a/b/c", "x")
	if err := filepath.WalkDir(folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", name, info.Mode())
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAnObjectWithoutItsAttributeIsReadForItsDigest(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	put(t, s, "a/b", "restored from a plain copy")
	if err := unix.Removexattr(filepath.Join(folder, "a/b"), "user.dossierd.sha256"); errors.Is(err, unix.ENOTSUP) {
		t.Log("this file system keeps no attributes")
	} else if err != nil {
		t.Fatal(err)
	}
	info, err := s.Stat(t.Context(), "a/b")
	if want := storagetest.Digest([]byte("restored from a plain copy")).SHA256; err != nil || info.SHA256 != want {
		t.Fatalf("got %v, %v", info, err)
	}
}

func TestADamagedObjectIsAConflict(t *testing.T) {
	folder := t.TempDir()
	s := open(t, folder)
	put(t, s, "a/b", "as it was")
	if err := os.WriteFile(filepath.Join(folder, "a/b"), []byte("as it ROT"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := s.Put(t.Context(), "a/b", strings.NewReader("as it was"), storagetest.Digest([]byte("as it was")))
	if !errors.Is(err, storage.ErrConflict) {
		t.Fatalf("got %v", err)
	}
}

func TestAFullDiskIsUnavailableAndLeavesNoTrace(t *testing.T) {
	folder := t.TempDir()
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mounting a small file system: %v", err)
	}
	t.Cleanup(func() {
		if err := unix.Unmount(folder, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	s := open(t, folder)
	data := storagetest.Bytes(1, 2<<20)
	if err := s.Put(t.Context(), "a/b", bytes.NewReader(data), storagetest.Digest(data)); !errors.Is(err, storage.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Stat(t.Context(), "a/b"); !errors.Is(err, storage.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	if n := tempFiles(t, folder); n != 0 {
		t.Errorf("%d temporary files", n)
	}
	put(t, s, "a/b", "a small one fits")
}
