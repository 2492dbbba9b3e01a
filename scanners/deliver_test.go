package scanners

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// samples are the files of scanners/whole/testdata.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	entries, err := os.ReadDir("whole/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".md") || e.IsDir() {
			continue
		}
		all[e.Name()] = sample(t, e.Name())
	}
	return all
}

// watchInBubble starts a polling watcher inside a synctest bubble, where time passes only while everybody waits.
func watchInBubble(t *testing.T, d *desk, s Station) (stop func()) {
	t.Helper()
	w := newWatcher(t, d, newBoard(), s)
	w.polling = true
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestAFileOfAnyFormatThatComesInPiecesIsNotClaimedEarly(t *testing.T) {
	for name, b := range samples(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, d := t.TempDir(), newDesk()
				stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
				defer stop()
				file, err := os.Create(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				for rest := b; len(rest) > 0; {
					n := min(1024, len(rest))
					if _, err := file.Write(rest[:n]); err != nil {
						t.Fatal(err)
					}
					rest = rest[n:]
					time.Sleep(defaultQuiet - time.Millisecond)
				}
				if err := file.Close(); err != nil {
					t.Fatal(err)
				}
				if len(d.taken) != 0 {
					t.Fatal("claimed while it was being written")
				}
				time.Sleep(2*defaultQuiet + time.Second)
				if len(d.taken) != 1 {
					t.Fatalf("taken in %d times", len(d.taken))
				}
				if got := d.bytesOf(<-d.taken); got != string(b) {
					t.Errorf("%d of %d bytes were taken in", len(got), len(b))
				}
			})
		})
	}
}

func TestAFileCutOffForGoodIsClaimedAfterIncompleteAfter(t *testing.T) {
	for name, b := range samples(t) {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, d := t.TempDir(), newDesk()
				stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
				defer stop()
				write(t, filepath.Join(dir, name), b[:len(b)/3])
				time.Sleep(defaultIncompleteAfter - time.Millisecond)
				if len(d.taken) != 0 {
					t.Fatal("claimed before its time")
				}
				time.Sleep(pollInterval + time.Second)
				if len(d.taken) != 1 {
					t.Fatalf("taken in %d times", len(d.taken))
				}
			})
		})
	}
}

func TestAnEmptyFileIsWaitedForAndThenClaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, d := t.TempDir(), newDesk()
		stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
		defer stop()
		write(t, filepath.Join(dir, "a.pdf"), nil)
		time.Sleep(defaultIncompleteAfter - time.Millisecond)
		if len(d.taken) != 0 {
			t.Fatal("claimed before its time")
		}
		time.Sleep(pollInterval + time.Second)
		if c := <-d.taken; c.Name != "a.pdf" || d.bytesOf(c) != "" {
			t.Errorf("got %+v", c)
		}
	})
}

func TestAFileOfAnUnknownFormatIsClaimedAfterTenSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, d := t.TempDir(), newDesk()
		stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
		defer stop()
		write(t, filepath.Join(dir, "notes.docx"), []byte("PK\x03\x04"))
		time.Sleep(unknownQuiet - time.Millisecond)
		if len(d.taken) != 0 {
			t.Fatal("claimed before its time")
		}
		time.Sleep(pollInterval + time.Second)
		if len(d.taken) != 1 {
			t.Error("not claimed in time")
		}
	})
}

func TestAFileThatCameWholeAfterAPauseIsNotKeptWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, d := t.TempDir(), newDesk()
		stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
		defer stop()
		b := sample(t, "baseline.jpg")
		write(t, filepath.Join(dir, "a.jpg"), b[:1000])
		time.Sleep(20 * time.Second)
		write(t, filepath.Join(dir, "a.jpg"), b)
		time.Sleep(pollInterval + defaultQuiet + time.Second)
		if len(d.taken) != 1 {
			t.Error("not claimed in time")
		}
	})
}

func TestAModificationTimeInTheFutureOrThePastChangesNothing(t *testing.T) {
	for name, shift := range map[string]time.Duration{"future": 48 * time.Hour, "past": -48 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir, d := t.TempDir(), newDesk()
				path := filepath.Join(dir, "a.png")
				write(t, path, sample(t, "rgb.png"))
				at := time.Now().Add(shift)
				if err := os.Chtimes(path, at, at); err != nil {
					t.Fatal(err)
				}
				stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
				defer stop()
				time.Sleep(defaultQuiet - time.Millisecond)
				if len(d.taken) != 0 {
					t.Fatal("claimed early")
				}
				time.Sleep(time.Second)
				if len(d.taken) != 1 {
					t.Fatal("not claimed in time")
				}
				if c := <-d.taken; !c.ModifiedAt.Equal(at) || !c.ClaimedAt.Equal(c.ClaimedAt.Truncate(time.Millisecond)) {
					t.Errorf("got %+v", c)
				}
			})
		})
	}
}

func TestAWriterThatStillHoldsTheFileOpenDelaysTheClaim(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir, d := t.TempDir(), newDesk()
		file, err := os.Create(filepath.Join(dir, "a.png"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.Write(sample(t, "rgb.png")); err != nil {
			t.Fatal(err)
		}
		stop := watchInBubble(t, d, Station{Name: "quay-1", Folder: dir})
		defer stop()
		time.Sleep(defaultIncompleteAfter / 2)
		if len(d.taken) != 0 {
			t.Fatal("claimed while it is open for writing")
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(openPause + time.Millisecond)
		if len(d.taken) != 1 {
			t.Error("not claimed once it was closed")
		}
	})
}
