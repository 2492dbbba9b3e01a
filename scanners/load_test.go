package scanners

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
)

// slowDesk takes in at the speed of a store.
type slowDesk struct {
	fileDesk
	taken  atomic.Int64
	pause  time.Duration
	single chan int64 // how many had been taken in when quay-2's file was
}

func (d *slowDesk) Take(ctx context.Context, c dossier.Claim) error {
	n := d.taken.Add(1)
	if c.Station == "quay-2" {
		d.single <- n
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d.pause):
		return nil
	}
}

func manyFiles(t testing.TB, dir string, n int) {
	t.Helper()
	b := sample(t, "palette.bmp")
	for i := range n {
		write(t, filepath.Join(dir, fmt.Sprintf("%05d.bmp", i)), b)
	}
}

func TestTenThousandFilesAtOnceFlowAtTheSpeedOfTheIntake(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	const files = 10_000
	dir, d := t.TempDir(), &slowDesk{pause: time.Millisecond}
	w := newWatcher(t, d, newBoard(), station(dir))
	start(t, w)
	arrived(t, w, "quay-1")
	began := time.Now()
	manyFiles(t, dir, files)
	dropped := time.Since(began)
	var peak uint64
	for d.taken.Load() < files || len(claimsLeft(t, dir)) > 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
		if n := len(claimsLeft(t, dir)); n > claimsMost {
			t.Fatalf("%d claims at once", n)
		}
		if time.Since(began) > 5*time.Minute {
			t.Fatalf("only %d were taken in", d.taken.Load())
		}
		time.Sleep(100 * time.Millisecond) // a sample of memory, not a signal
	}
	t.Logf("dropped in %s, taken in after %s, %d MiB of heap at most", dropped, time.Since(began), peak>>20)
	if peak > 64<<20 {
		t.Errorf("%d MiB of heap", peak>>20)
	}
	if left := inFolder(t, dir); len(left) != 0 {
		t.Errorf("%d files are left", len(left))
	}
}

func TestAStationWithManyFilesDoesNotHoldUpAnother(t *testing.T) {
	t.Parallel()
	one, two, d := t.TempDir(), t.TempDir(), &slowDesk{pause: 10 * time.Millisecond, single: make(chan int64, 1)}
	const files = 500
	manyFiles(t, one, files)
	second := station(two)
	second.Name = "quay-2"
	w := newWatcher(t, d, newBoard(), station(one), second)
	start(t, w)
	await(t, "the first claims", func() bool { return d.taken.Load() > 20 })
	if err := os.Link(filepath.Join(one, fmt.Sprintf("%05d.bmp", files-1)), filepath.Join(two, "a.bmp")); err != nil {
		t.Fatal(err)
	}
	before := d.taken.Load()
	select {
	case n := <-d.single:
		t.Logf("%d others went before it", n-before)
	case <-time.After(patient):
		t.Fatal("the other station was held up")
	}
	if d.taken.Load() >= files {
		t.Error("the other station came last")
	}
}
