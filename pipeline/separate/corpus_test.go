package separate

import (
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/accuracy"
	"github.com/dossierd/dossierd/ocr"
)

var notices struct {
	once sync.Once
	read []made
}

// realNotices are two real notices read by the real worker, once for all tests: one with an annex, the other a facsimile of two pages.
func realNotices(t *testing.T) []made {
	t.Helper()
	if testing.Short() {
		t.Skip("reads with Tesseract")
	}
	corpus := accuracy.Need(t)
	notices.once.Do(func() { notices.read = readNotices(t, filepath.Join(corpus, "vi")) })
	if notices.read == nil {
		t.Fatal("the notices could not be read")
	}
	return notices.read
}

func readNotices(t *testing.T, folder string) []made {
	t.Helper()
	scratch := t.TempDir()
	worker := filepath.Join(scratch, "dossierd-page")
	if out, err := exec.Command("go", "build", "-o", worker, "../../cmd/dossierd-page").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v: %s", err, out)
	}
	pool, err := ocr.NewPool(ocr.PoolConfig{Workers: 1, Command: worker, Scratch: scratch, Cache: scratch}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	read := []made{{Template: "d0001", Head: "national"}, {Template: "d0006", Head: "national"}}
	for i, names := range [][]string{{"d0001-p01.jpg", "d0001-p02.jpg", "d0001-p10.jpg"}, {"d0006.pdf"}} {
		for _, name := range names {
			read[i].Pages = append(read[i].Pages, readFile(t, pool, filepath.Join(folder, name), filepath.Join(scratch, name))...)
		}
	}
	return read
}

func readFile(t *testing.T, pool *ocr.Pool, path, scratch string) []*dossier.Page {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(scratch, data, 0o600); err != nil {
		t.Fatal(err)
	}
	original := ocr.Original{ID: scratch, Path: scratch, Name: filepath.Base(path)}
	profile := dossier.Profile{Languages: []string{"vie"}, Level: dossier.Level2u}
	contents, err := pool.Open(t.Context(), original, profile)
	if err != nil {
		t.Fatal(err)
	}
	var pages []*dossier.Page
	for i, info := range contents.Pages {
		reading, err := pool.Read(t.Context(), original, i+1, info, profile)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, &reading.Page)
	}
	return pages
}

func TestRealNoticesAreCutWhereTheyBegin(t *testing.T) {
	known := realNotices(t)
	var c score
	for seed := range uint64(50) {
		d := rand.New(rand.NewPCG(seed, 11))
		some := slices.Clone(madePapers(t, allSets[seed%uint64(len(allSets))]))
		d.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		some = append(some[:seed%4], known...)
		d.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
		s := compose(d, some, false, seed%3 == 0)
		c.add(s, cuts(s.pages, Options{}))
	}
	t.Log(&c)
	if c.cutWrong > 0 || c.precision() < 0.99 || c.recall() < 0.95 {
		t.Errorf("%v\n%v", &c, c.faults)
	}
}

func TestNoPageIsMissingFromRealNotices(t *testing.T) {
	for _, notice := range realNotices(t) {
		s := compose(rand.New(rand.NewPCG(1, 1)), []made{notice}, false, false)
		if gaps := gapsIn(s.pages, cuts(s.pages, Options{})); len(gaps) > 0 {
			t.Errorf("%s: pages are said to be missing before %v", notice.Template, gaps)
		}
		for _, p := range s.pages {
			t.Logf("%s: %+v", notice.Template, PlaceOf(p.Page))
		}
	}
}
