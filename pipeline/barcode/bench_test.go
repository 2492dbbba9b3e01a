package barcode

import (
	"path/filepath"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/pipeline/lept"
)

// BenchmarkAPage measures made pages of text and no symbol, and real ones; the limits are 20 ms of CPU at 200 dpi for QR
// and 45 for all.
func BenchmarkAPage(b *testing.B) {
	pages := map[string]func(testing.TB) *lept.Pix{}
	for _, dpi := range []float64{200, 300, 600} {
		pages["made, "+strconv.Itoa(int(dpi))+" dpi"] = func(tb testing.TB) *lept.Pix {
			s := a4(dpi)
			s.noise = 3
			return s.scan(tb)
		}
	}
	for _, name := range []string{"vi/d0001-p01.jpg", "vi/d0001-p02.jpg", "vi/d0001-p10.jpg", "vi/d0005.jpg", "en/multicol_03.png", "en/deposition_01.png"} {
		pages[name] = func(tb testing.TB) *lept.Pix {
			return load(tb, filepath.Join(accuracy.Need(tb), filepath.FromSlash(name)))
		}
	}
	for name, page := range pages {
		for asked, more := range map[string][]dossier.Symbology{"QR": nil, "all": everySymbology()} {
			b.Run(name+"/"+asked, func(b *testing.B) {
				pix := page(b)
				before := cpuMilliseconds(b)
				for b.Loop() {
					read(b, pix, more...)
				}
				b.ReportMetric((cpuMilliseconds(b)-before)/float64(b.N), "cpu-ms/op")
			})
		}
	}
}

func cpuMilliseconds(b *testing.B) float64 {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
}
