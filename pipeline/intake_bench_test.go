package pipeline_test

import (
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
)

// BenchmarkIntake takes in deposits of 100 KB, each stored and fsynced and its row committed, eight at once, as the
// watcher of the folders does.
func BenchmarkIntake(b *testing.B) {
	dir := b.TempDir()
	log := slog.New(slog.DiscardHandler)
	store, err := fs.Open(filepath.Join(dir, "objects"))
	if err != nil {
		b.Fatal(err)
	}
	cat, err := catalog.Open(b.Context(), catalog.Config{Type: "sqlite", Path: filepath.Join(dir, "catalogue.db")}, log)
	if err != nil {
		b.Fatal(err)
	}
	defer cat.Close()
	cfg := pipeline.Config{Scratch: filepath.Join(dir, "scratch"), Limits: dossier.DefaultLimits()}
	p, err := pipeline.New(cfg, store, cat, nil, pipeline.NewMetrics(prometheus.NewRegistry()), log)
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	files := make([]string, 512)
	for i := range files {
		files[i] = filepath.Join(dir, fmt.Sprint(i))
		data := make([]byte, 100_000)
		rand.NewChaCha8([32]byte{byte(i), byte(i >> 8)}).Read(data) //nolint:errcheck // never fails
		if err := os.WriteFile(files[i], data, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	var next atomic.Int64
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := next.Add(1)
			file := files[n%int64(len(files))]
			// Another first byte each round: equal bytes would not be stored again.
			if err := stamp(file, n); err != nil {
				b.Error(err)
				return
			}
			claim := dossier.Claim{DepositID: fmt.Sprintf("%026d", n), Station: "quay-1", Name: "a.jpg", ClaimedAt: time.Now()}
			claim.Open = func() (*os.File, error) { return os.Open(file) }
			if err := p.Take(b.Context(), claim); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deposits/s")
}

func stamp(file string, n int64) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(fmt.Appendf(nil, "%016d", n), 0); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
