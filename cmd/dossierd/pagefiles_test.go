package main_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
)

// The pages that tests drop.

func sample(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../../testdata/pages/sample.jpg")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// variant is the sample with other bytes and the same picture.
func variant(t testing.TB, n int) []byte {
	t.Helper()
	return commented(sample(t), n)
}

// note is a sheet with three paragraphs of the sample, for tests that have many pages read and care little what they say; those of
// different n have other bytes and the same picture.
func note(t testing.TB, n int) []byte {
	t.Helper()
	return commented(converted(t, "note.jpg"), n)
}

// commented is a JPEG with a comment segment after the start marker.
func commented(data []byte, n int) []byte {
	comment := fmt.Appendf(nil, "variant %06d", n)
	segment := append([]byte{0xff, 0xfe, 0, byte(len(comment) + 2)}, comment...)
	return slices.Concat(data[:2], segment, data[2:])
}

// twoPages is a TIFF of two pages.
func twoPages(t testing.TB) []byte {
	t.Helper()
	return converted(t, "two.tif")
}

// twoNotes is one of two notes.
func twoNotes(t testing.TB) []byte {
	t.Helper()
	return converted(t, "notes.tif")
}

// converted is what ImageMagick makes of the sample.
func converted(t testing.TB, name string) []byte {
	t.Helper()
	files, err := conversions()
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(files[name])
}

var conversions = sync.OnceValues(func() (map[string][]byte, error) {
	const page = "../../testdata/pages/sample.jpg"
	folder, err := os.MkdirTemp("", "dossierd-e2e-pages-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	files, cut := map[string][]byte{}, []string{"-crop", "1654x500+0+620", "+repage"}
	for name, args := range map[string][]string{
		"two.tif":   {page, page, "-compress", "jpeg"},
		"note.jpg":  append([]string{page}, cut...),
		"notes.tif": append(append([]string{page, page}, cut...), "-compress", "jpeg"),
	} {
		file := filepath.Join(folder, name)
		if out, err := exec.Command("convert", append(args, file)...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("convert: %w\n%s", err, out)
		}
		if files[name], err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	return files, nil
})
