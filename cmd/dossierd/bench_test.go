package main_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
)

// quiet is how long the stations of a house wait before a file counts as whole.
const quiet = 300 * time.Millisecond

// BenchmarkFromFileWholeToEvent drops one page after another and reports the 95th percentile of the time from when each
// was whole to when its event arrived, and the engine's share of it.
func BenchmarkFromFileWholeToEvent(b *testing.B) {
	for _, kind := range []string{"sqlite", "postgres"} {
		b.Run(kind, func(b *testing.B) {
			extra := ""
			if kind == "postgres" {
				extra = "catalogue: {type: postgres, url: '" + testserver.Postgres(b) + "'}"
			}
			h := newHouse(b, extra)
			h.start("")
			h.drop("warm.jpg", variant(b, 0))
			h.settled(1, time.Minute)
			var taken []time.Duration
			for n := 1; b.Loop(); n++ {
				h.drop(fmt.Sprintf("%d.jpg", n), variant(b, n))
				dropped := time.Now()
				for len(h.events.events(dossier.EventDossierPublished)) <= n {
					<-h.events.received
				}
				taken = append(taken, time.Since(dropped)-quiet)
			}
			slices.Sort(taken)
			b.ReportMetric(taken[len(taken)*95/100].Seconds(), "s-p95")
			b.ReportMetric(taken[len(taken)/2].Seconds(), "s-median")
			b.ReportMetric(h.metric(`dossierd_worker_cpu_seconds_total{use="ocr"}`)/float64(len(taken)+1), "s-ocr")
			b.ReportMetric(h.metric("process_resident_memory_bytes")/(1<<20), "MiB-daemon")
		})
	}
}
