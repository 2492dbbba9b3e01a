package main

import (
	"bytes"
	"errors"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/dossierd/dossierd/ocr"
)

func TestALookStaysWithin100MBOnAnA4PageAt600DPI(t *testing.T) {
	b := newBench(t)
	scan := a4At600(t)
	gray := image.NewGray(scan.Bounds())
	draw.Draw(gray, gray.Rect, scan, image.Point{}, draw.Src)
	for name, encode := range map[string]func(io.Writer) error{
		"jpeg": func(w io.Writer) error { return jpeg.Encode(w, scan, &jpeg.Options{Quality: 85}) },
		"png":  func(w io.Writer) error { return png.Encode(w, gray) },
	} {
		t.Run(name, func(t *testing.T) {
			var data bytes.Buffer
			if err := encode(&data); err != nil {
				t.Fatal(err)
			}
			o := b.write(t, name, data.Bytes())
			var looked *ocr.Looked
			var err error
			peak := watchWorkers(func() { looked, err = b.Look(t.Context(), o, 1) })
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d MB of memory for a file of %d, %s of CPU", peak/1e6, data.Len()/1e6, looked.CPU)
			if peak > 100e6 || looked.Look.Skipped != "" || len(looked.Thumb) == 0 {
				t.Errorf("%d MB, %+v", peak/1e6, looked.Look)
			}
		})
	}
}

func TestAFileThatTakesTooMuchMemoryIsSkippedWithAReason(t *testing.T) {
	b := newBench(t)
	var data bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&data, image.NewRGBA(image.Rect(0, 0, 4960, 7016))); err != nil {
		t.Fatal(err)
	}
	var looked *ocr.Looked
	var err error
	peak := watchWorkers(func() { looked, err = b.Look(t.Context(), b.write(t, "large.png", data.Bytes()), 1) })
	if err != nil || looked.Look.Skipped == "" || peak > 100e6 {
		t.Errorf("%d MB, %+v, %v", peak/1e6, looked, err)
	}
}

func TestAPageWhoseDecodingTakesTooMuchMemoryIsSkippedWithAReason(t *testing.T) {
	b := newBench(t)
	plain := filepath.Join(t.TempDir(), "plain.jpg")
	f, err := os.Create(plain)
	if err != nil {
		t.Fatal(err)
	}
	if err := jpeg.Encode(f, image.NewRGBA(image.Rect(0, 0, 4960, 7016)), nil); err != nil {
		t.Fatal(err)
	}
	f.Close()
	data, err := exec.Command("jpegtran", "-progressive", plain).Output()
	if err != nil {
		t.Fatal(err)
	}
	looked, err := b.Look(t.Context(), b.write(t, "progressive.jpg", data), 1)
	if err != nil || looked.Look.Skipped == "" || looked.Thumb != nil {
		t.Errorf("got %+v, %v", looked, err)
	}
}

func TestAPageThatHasToBeDrawnIsNotLookedAt(t *testing.T) {
	b := newBench(t)
	looked, err := b.Look(t.Context(), b.put(t, corpus(t, "pages/tagged.pdf")), 1)
	if err != nil || looked.Look.Skipped == "" {
		t.Errorf("got %+v, %v", looked, err)
	}
}

func TestHostileFilesNeverLoseTheLookingWorker(t *testing.T) {
	b := newBench(t)
	for _, dir := range []string{"odd", "tiff", "pages", "orientation"} {
		entries, err := os.ReadDir(corpus(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			looked, err := b.Look(t.Context(), b.put(t, filepath.Join(corpus(t, dir), e.Name())), 1)
			var lost *ocr.WorkerError
			if errors.As(err, &lost) {
				t.Errorf("%s: %v", e.Name(), err)
			}
			if err == nil {
				t.Logf("%s: %s %v %s", e.Name(), looked.Look.Skipped, looked.Look.Verdicts, looked.CPU)
			}
		}
	}
}
