package whole

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// samples are the files of testdata by name.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || e.Name() == "README.md" {
			continue
		}
		if all[e.Name()], err = os.ReadFile(filepath.Join("testdata", e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func check(t testing.TB, b []byte) Verdict {
	t.Helper()
	v, err := Check(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestASampleOfEveryFormatIsWhole(t *testing.T) {
	for name, b := range samples(t) {
		if v := check(t, b); v != Whole {
			t.Errorf("%s is %s", name, v)
		}
	}
}

func TestNoBeginningOfASampleIsWhole(t *testing.T) {
	for name, b := range samples(t) {
		for n := range len(b) {
			if check(t, b[:n]) == Whole && !mayEndHere(name, b[:n], len(b)) {
				t.Errorf("the first %d of %d bytes of %s are whole", n, len(b), name)
				break
			}
		}
	}
}

// mayEndHere knows the beginnings that nothing tells from a file: without the line end of a PDF, or with the first of two
// images and less of the second than it takes to know it.
func mayEndHere(name string, b []byte, size int) bool {
	if strings.HasSuffix(name, ".pdf") {
		return len(b) == size-1
	}
	end := bytes.LastIndex(b, []byte("\xff\xd9")) + 2
	return name == "two-images.jpg" && len(b)-end < 3
}

func TestASampleWhosePlaceIsKeptFreeIsIncomplete(t *testing.T) {
	for name, b := range samples(t) {
		if strings.HasSuffix(name, ".tif") || strings.HasSuffix(name, ".webp") || strings.HasSuffix(name, ".bmp") {
			continue // what their data is made of can't be told from zeros
		}
		for _, part := range []int{0, 10, 50, 90} {
			n := len(b) * part / 100
			if name == "boxes.jp2" && n > 100 || name == "two-images.jpg" {
				continue
			}
			if v := check(t, slices.Concat(b[:n], make([]byte, len(b)-n))); v != Incomplete {
				t.Errorf("%d of %d bytes of %s, then zeros, are %s", n, len(b), name, v)
			}
		}
	}
}

func TestJunkBehindTheEndDoesNotMatter(t *testing.T) {
	for name, b := range samples(t) {
		if strings.HasSuffix(name, ".jp2") {
			continue // a box that is cut off looks like this
		}
		for _, junk := range []string{"\x00", "\r\n", strings.Repeat("\x00", 5000), "SEFT and more"} {
			if v := check(t, slices.Concat(b, []byte(junk))); v != Whole {
				t.Errorf("%s with %d bytes of junk is %s", name, len(junk), v)
			}
		}
	}
}

func TestAnUpdateOfAPDFThatHasOnlyBegunIsIncomplete(t *testing.T) {
	b := samples(t)["table.pdf"]
	if v := check(t, slices.Concat(b, []byte("7 0 obj\n<< /Type /Annot"))); v != Incomplete {
		t.Errorf("got %s", v)
	}
}

func TestAnEmptyFileIsIncompleteAndForeignBytesAreUnknown(t *testing.T) {
	for text, want := range map[string]Verdict{
		"": Incomplete, strings.Repeat("\x00", 3000): Incomplete, "hello": Unknown, "\xff": Unknown, "PK\x03\x04": Unknown,
	} {
		if v := check(t, []byte(text)); v != want {
			t.Errorf("%.10q is %s, want %s", text, v, want)
		}
	}
}

func TestAReadErrorIsNoVerdict(t *testing.T) {
	broken := errors.New("stale file handle")
	_, err := Check(failing{broken}, 1000)
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type failing struct{ err error }

func (f failing) ReadAt([]byte, int64) (int, error) { return 0, f.err }

func TestAFileThatShrinksMeanwhileIsIncomplete(t *testing.T) {
	b := samples(t)["baseline.jpg"]
	v, err := Check(bytes.NewReader(b[:len(b)/2]), int64(len(b)))
	if v != Incomplete || err != nil {
		t.Errorf("got %s, %v", v, err)
	}
}

// counting counts reads and bytes.
type counting struct {
	io.ReaderAt
	reads, bytes int
}

func (c *counting) ReadAt(p []byte, off int64) (int, error) {
	c.reads++
	c.bytes += len(p)
	return c.ReaderAt.ReadAt(p, off)
}

func TestATIFFThatLeadsRoundInCirclesEnds(t *testing.T) {
	b := []byte("II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x03\x00\x01\x00\x00\x00\x05\x00\x00\x00\x08\x00\x00\x00")
	r := &counting{ReaderAt: bytes.NewReader(b)}
	if v, err := Check(r, int64(len(b))); v != Whole || err != nil || r.reads > 3 {
		t.Errorf("got %s, %v after %d reads", v, err, r.reads)
	}
}

func TestAFileBuiltToKeepUsBusyIsGivenUp(t *testing.T) {
	b := bytes.Repeat([]byte{0xff}, 8<<20) // fill bytes, each of which is looked at
	b[1] = 0xd8
	b[len(b)-1] = 0xd9
	if v := check(t, b); v != Incomplete {
		t.Errorf("got %s", v)
	}
}

func FuzzCheck(f *testing.F) {
	for _, b := range samples(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r := &counting{ReaderAt: bytes.NewReader(b)}
		v, err := Check(r, int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if limit := refills + len(b)/windowSize + 1; r.reads > limit {
			t.Errorf("%d reads for %d bytes", r.reads, len(b))
		}
		if again, _ := Check(bytes.NewReader(b), int64(len(b))); again != v {
			t.Errorf("first %s, then %s", v, again)
		}
	})
}
