package whole

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dossierd/dossierd/internal/accuracy"
)

// everyFile calls do for each file of the corpus.
func everyFile(t testing.TB, do func(path string, f *os.File, size int64)) {
	t.Helper()
	root := accuracy.Need(t)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return err
		}
		do(strings.TrimPrefix(path, root+"/"), f, info.Size())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestEverySoundFileOfTheCorpusIsWhole(t *testing.T) {
	everyFile(t, func(path string, f *os.File, size int64) {
		image := strings.HasSuffix(path, ".jpg") || strings.HasSuffix(path, ".png") || strings.HasSuffix(path, ".pdf") ||
			strings.HasSuffix(path, ".tif") || strings.HasSuffix(path, ".tiff")
		if !image || strings.HasPrefix(path, "odd/") || path == "pages/invalid.pdf" {
			return
		}
		if v, err := Check(f, size); v != Whole || err != nil {
			t.Errorf("%s is %s, %v", path, v, err)
		}
		for i := range int64(64) {
			if v, err := Check(f, size*i/64); v == Whole || err != nil {
				t.Errorf("the first %d/64 of %s are %s, %v", i, path, v, err)
			}
		}
	})
}

func TestOddFilesAreJudgedWithFewReads(t *testing.T) {
	everyFile(t, func(path string, f *os.File, size int64) {
		r := &counting{ReaderAt: f}
		if _, err := Check(r, size); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		if int64(r.bytes) > 4*size+10*windowSize {
			t.Errorf("%s: read %d bytes of %d", path, r.bytes, size)
		}
	})
}
