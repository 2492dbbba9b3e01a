package main

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
)

// The rest of the corpus, which is not hostile, TestEveryFileOfTheCorpusIsReadOrRefusedWithACode of cmd/dossierd has read.
func TestHostileFilesAreReadOrRejectedAndNeverLoseAWorker(t *testing.T) {
	b := newBench(t)
	for _, dir := range []string{"odd", "tiff"} {
		entries, err := os.ReadDir(corpus(t, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			t.Run(dir+"/"+e.Name(), func(t *testing.T) {
				o := b.put(t, filepath.Join(corpus(t, dir), e.Name()))
				contents, err := b.Open(t.Context(), o, profile())
				var reason *dossier.Reason
				if errors.As(err, &reason) {
					if strings.HasPrefix(string(reason.Code), "worker_") {
						t.Errorf("rejected: %v", reason)
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				for i, info := range contents.Pages[:min(3, len(contents.Pages))] {
					r, err := b.Read(t.Context(), o, i+1, info, profile())
					if err != nil {
						t.Fatal(err)
					}
					if r.Page.Reason != nil && strings.HasPrefix(string(r.Page.Reason.Code), "worker_") {
						t.Errorf("page %d: %v", i+1, r.Page.Reason)
					}
				}
			})
		}
	}
}

// watchWorkers calls f and returns the most memory that a worker occupied meanwhile, in bytes.
func watchWorkers(f func()) int64 {
	done, peak := make(chan bool), make(chan int64)
	go func() {
		var most int64
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				peak <- most
				return
			case <-tick.C:
				most = max(most, workersPeak())
			}
		}
	}()
	f()
	close(done)
	return <-peak
}

// workersPeak is the largest high-water mark of this process's children.
func workersPeak() int64 {
	var most int64
	tasks, _ := filepath.Glob("/proc/self/task/*/children")
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for child := range strings.FieldsSeq(string(children)) {
			if command, _ := os.ReadFile("/proc/" + child + "/cmdline"); !bytes.Contains(command, []byte("\x00-scratch\x00")) {
				continue // not executed yet: its memory is ours
			}
			status, _ := os.ReadFile("/proc/" + child + "/status") // empty once it has ended
			_, after, _ := strings.Cut(string(status), "VmHWM:")
			kib, _, _ := strings.Cut(strings.TrimSpace(after), " ")
			n, _ := strconv.ParseInt(kib, 10, 64)
			most = max(most, n<<10)
		}
	}
	return most
}

// a4At600 is a scan of the corpus as a scanner at 600 dpi makes it, and its JPEG: 4960 by 7016 pixels in colour, no two alike. It takes
// seconds to make, and is made once for all tests.
func a4At600(t *testing.T) (scan *image.RGBA, asJPEG []byte) {
	t.Helper()
	path := corpus(t, "vi/d0001-p01.jpg")
	large.once.Do(func() { large.scan, large.jpeg, large.err = enlarged(path) })
	if large.err != nil {
		t.Fatal(large.err)
	}
	return large.scan, large.jpeg
}

var large struct {
	once sync.Once
	scan *image.RGBA
	jpeg []byte
	err  error
}

func enlarged(path string) (*image.RGBA, []byte, error) {
	scan, err := imaging.Open(path)
	if err != nil {
		return nil, nil, err
	}
	big := imaging.Resize(scan, 4960, 7016, imaging.Linear)
	noise := rand.New(rand.NewPCG(1, 2))
	for i := range big.Pix {
		if i%4 != 3 {
			big.Pix[i] = uint8(min(255, max(0, int(big.Pix[i])+noise.IntN(9)-4)))
		}
	}
	opaque := &image.RGBA{Pix: big.Pix, Stride: big.Stride, Rect: big.Rect} // the same pixels, of a kind that is written quickly
	var b bytes.Buffer
	err = jpeg.Encode(&b, opaque, &jpeg.Options{Quality: 85})
	return opaque, b.Bytes(), err
}

func TestAnA4PageAt600DPIStaysWithin400MiB(t *testing.T) {
	b := newBench(t)
	scan, asJPEG := a4At600(t)
	var asPNG bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&asPNG, scan); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"jpeg": asJPEG, "png": asPNG.Bytes()} {
		t.Run(name, func(t *testing.T) {
			o := b.write(t, name, data)
			var r *ocr.Reading
			peak := watchWorkers(func() { r = b.readAll(t, o)[0] })
			t.Logf("%d MiB", peak>>20)
			if peak > 400<<20 || r.Page.Paper != "a4" || r.Page.Image.Width != 4960 || r.Attempts != 1 {
				t.Errorf("%d MiB, %d attempts, %+v", peak>>20, r.Attempts, r.Page.Image)
			}
		})
	}
}

func TestDrawingStaysWithin768MiB(t *testing.T) {
	b := newBench(t)
	o := b.put(t, corpus(t, "pages/vector.pdf"))
	peak := watchWorkers(func() { b.readAll(t, o) })
	t.Logf("%d MiB", peak>>20)
	if peak > 768<<20 {
		t.Errorf("%d MiB", peak>>20)
	}
}

func TestAConfinedWorkerReadsSymbols(t *testing.T) {
	b := newBench(t)
	o := b.put(t, filepath.Join(corpus(t, "vi"), "d0001-p10.jpg"))
	contents, err := b.Open(t.Context(), o, profile())
	if err != nil {
		t.Fatal(err)
	}
	p := profile()
	p.Barcodes = []dossier.Symbology{dossier.SymbologyCode128, dossier.SymbologyCode39, dossier.SymbologyPDF417}
	r, err := b.Read(t.Context(), o, 1, contents.Pages[0], p)
	if err != nil {
		t.Fatal(err)
	}
	if s := r.Page.Barcodes; len(s) != 2 || s[0].Text != "https://q.me-qr.com/JE3JAoA0" || s[1].Text != "https://q.me-qr.com/XR1SdeJb" {
		t.Errorf("read %v", s)
	}
}
