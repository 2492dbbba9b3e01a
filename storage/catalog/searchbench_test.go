package catalog

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// What the figures of docs/search.md were measured with, SQLite in a folder that is kept, PostgreSQL in one of its own:
//
//	go test ./storage/catalog -run '^$' -bench SearchOf -timeout 6h -args -pages 1000000 -keep /var/tmp/made
var (
	madePages = flag.Int("pages", 2000, "made `PAGES` that BenchmarkSearch... look in")
	keepMade  = flag.String("keep", "", "`FOLDER` for the catalogue of made pages in SQLite, which is not made again if it is there")
	loaded    = flag.Bool("loaded", false, "the machine has other things to do: deadlines are longer, and times are those of the processor, a local PostgreSQL's too")
	keepAt    = flag.String("postgres", "", "`URL` of a PostgreSQL that is kept too (default: one that ends with the benchmark)")
)

// tongue makes text: a word comes after another as often as in the corpus's truth.
type tongue struct {
	name  string
	words []string
	after map[string][]string
}

var handwritten = regexp.MustCompile(`\{\{.*?\}\}`)

func learn(t testing.TB, name, folder string) *tongue {
	t.Helper()
	l := &tongue{name: name, after: map[string][]string{}}
	files, err := filepath.Glob(filepath.Join("../../../shared/corpus", folder, "*.txt"))
	must(t, err)
	if len(files) == 0 {
		t.Skip("needs ../shared/corpus")
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(t, err)
		words := strings.Fields(norm.NFC.String(handwritten.ReplaceAllString(string(text), " ")))
		for i, w := range words[1:] {
			l.after[words[i]] = append(l.after[words[i]], w)
		}
		l.words = append(l.words, words...)
	}
	return l
}

// page makes a page of 300 words: one in fifty a number, one in fifty misread, one in twenty after a break, one in ten in doubt.
func (l *tongue) page(r *rand.Rand) (text string, doubted []int) {
	var b strings.Builder
	w := l.words[r.IntN(len(l.words))]
	for i := range 300 {
		if i > 0 {
			b.WriteString([]string{" ", "\n"}[min(i%11, 1)^1])
		}
		if r.IntN(10) == 0 {
			doubted = append(doubted, i)
		}
		switch r.IntN(50) {
		case 0:
			b.WriteString(strconv.Itoa(r.IntN(100_000)))
		case 1:
			letters := []rune(w)
			letters[r.IntN(len(letters))] = rune('a' + r.IntN(26))
			b.WriteString(string(letters))
		default:
			b.WriteString(w)
		}
		next := l.after[w]
		if len(next) == 0 || r.IntN(20) == 0 {
			next = l.words
		}
		w = next[r.IntN(len(next))]
	}
	return b.String(), doubted
}

// maker makes dossiers of a thousand days.
type maker struct {
	r       *rand.Rand
	tongues []*tongue
	total   int
	made    int // pages
	bytes   int
}

func newMaker(t testing.TB, total int) *maker {
	vi, fr, en := learn(t, "vie", "vi"), learn(t, "fra", "fr"), learn(t, "eng", "en")
	return &maker{r: rand.New(rand.NewPCG(1, 2)), tongues: []*tongue{vi, vi, vi, vi, vi, vi, vi, vi, fr, en}, total: total}
}

const madeDays = 1000

// dossier makes one of one to seven pages. Of twelve stations, two of a department, and a thirteenth that has one in 10,000.
func (m *maker) dossier() (Dossier, []SearchDocument) {
	station := m.r.IntN(12)
	if m.r.IntN(10_000) == 0 {
		station = 12
	}
	at := noon.AddDate(0, 0, m.made*madeDays/m.total)
	of := Dossier{
		Code: fmt.Sprintf("quay-%d-%s-%07d", station, at.Format("20060102"), m.made), Station: fmt.Sprintf("quay-%d", station),
		Department: fmt.Sprintf("so-%d", station/2), Year: at.Year(), ReceivedAt: at, State: DossierDigitised, Version: 1,
		Procedure: fmt.Sprintf("1.%06d", m.r.IntN(40)),
	}
	l := m.tongues[m.r.IntN(len(m.tongues))]
	var docs []SearchDocument
	for range 1 + m.r.IntN(3) {
		number := fmt.Sprintf("%d/QĐ-UBND", m.r.IntN(5000))
		d := SearchDocument{Kind: fmt.Sprintf("kind-%d", m.r.IntN(20)), Title: "Quyết định " + number, Fields: []SearchField{
			{Name: "symbol", Value: number, Raw: number}, {Name: "issued_on", Value: at.Format(time.DateOnly), Raw: at.Format("02/01/2006")},
		}}
		for range 1 + m.r.IntN(3) {
			id := fmt.Sprintf("01h2x%09d-1", m.made)
			p := SearchPage{ID: id, ArtifactID: id, Language: l.name, Confidence: .5 + m.r.Float64()/2}
			p.Text, p.Doubted = l.page(m.r)
			d.Pages = append(d.Pages, p)
			m.made++
			m.bytes += len(p.Text)
		}
		docs = append(docs, d)
	}
	return of, docs
}

// fill makes a catalogue of made pages, with rows as publishing writes them.
func (m *maker) fill(t testing.TB, c *Catalog) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	begun := time.Now()
	for m.made < m.total {
		type made struct {
			of   Dossier
			docs []SearchDocument
		}
		var some []made
		for range 100 {
			of, docs := m.dossier()
			some = append(some, made{of, docs})
		}
		must(t, c.db.write(ctx, func(t tx) error {
			x := c.newIndexing(t)
			for _, one := range some {
				if err := insertMade(ctx, t, one.of); err != nil {
					return err
				}
				if err := x.version(ctx, one.of, 1, one.docs); err != nil {
					return err
				}
			}
			return x.settle(ctx)
		}))
		if m.made%50_000 < 400 {
			t.Logf("%d pages after %s", m.made, time.Since(begun).Round(time.Second))
		}
	}
	t.Logf("%d pages of %d bytes made in %s", m.made, m.bytes, time.Since(begun).Round(time.Second))
}

func insertMade(ctx context.Context, t tx, of Dossier) error {
	_, err := t.exec(ctx, `INSERT INTO dossiers (code, station, department, year, received_at, state, version, procedure) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		of.Code, of.Station, of.Department, of.Year, asMicros(of.ReceivedAt), of.State, of.Version, of.Procedure)
	return err
}

func madeCatalogue(b *testing.B, cfg Config) *Catalog {
	b.Helper()
	c := open(b, cfg)
	c.SetLocation(time.UTC)
	n := count(b, c, `SELECT count(*) FROM search_pages`)
	m := newMaker(b, *madePages)
	if n == 0 {
		m.fill(b, c)
		tidy(b, c)
		b.Logf("text %d bytes", m.bytes)
	}
	sizes(b, c)
	return c
}

// tidy does what the databases do by themselves in time.
func tidy(b *testing.B, c *Catalog) {
	b.Helper()
	if _, is := c.db.(*postgres); is {
		if _, err := c.db.exec(b.Context(), `VACUUM ANALYZE`); err != nil {
			b.Fatal(err)
		}
	}
}

func sizes(b *testing.B, c *Catalog) {
	b.Helper()
	var packed, words int64
	must(b, c.db.queryRow(b.Context(), `SELECT sum(length(text)), (SELECT count(*) FROM search_words) FROM search_texts`).Scan(&packed, &words))
	b.Logf("packed text %d bytes, %d words", packed, words)
	if _, is := c.db.(*postgres); is {
		for _, table := range append(tables, "search_index_terms") {
			b.Logf("%s: %d bytes", table, count(b, c, `SELECT pg_total_relation_size('`+table+`')`))
		}
		return
	}
	b.Logf("index %d bytes", count(b, c, `SELECT sum(length(block)) FROM search_index_data`))
	b.Logf("whole %d pages of 4096 bytes", count(b, c, `SELECT page_count FROM pragma_page_count`))
}

// class is a sort of search: all its queries together are timed.
type class struct {
	name    string
	queries []string
	change  func(*Search)
}

func classes() []class {
	asked := func(s *Search) { s.Who = clear }
	faceted := func(s *Search) { s.Who, s.Facets = clear, true }
	clerk := func(s *Search) {
		s.Who, s.Facets = dossier.Principal{Scope: dossier.Scope{Stations: []string{"quay-12"}}}, true
	}
	office := func(s *Search) {
		s.Who, s.Facets = dossier.Principal{Scope: dossier.Scope{Departments: []string{"so-3"}}}, true
	}
	mixed := []string{
		"nguyễn thị hoa", "quyet dinh", "sinh viên", "thông báo học phí", "nguyen van", "hoc phi", "ly hon", "đại học", "so 12/QĐ-UBND", "truong dai hoc cong nghe",
		"=sinh", "ngh*", "2024", "kind:kind-3 sinh vien", "from:2026-06 to:2026-09 hoc phi", "symbol:77/QĐ-UBND", "confidence<0.55 hoc", "nguyen -thi",
		"tran OR nguyen", `"sinh viên"`, "le ministre", "the report", "de la", "nguyeb",
	}
	return []class{
		{"mixed", mixed, asked},
		{"mixed, newest", mixed, func(s *Search) { s.Who, s.Order = clear, OrderNewest }},
		{"mixed, facets", mixed, faceted},
		{"one department, facets", mixed, office},
		{"a station of few pages, facets", mixed, clerk},
		{"prefix of two letters", []string{"th*", "ng*", "ho*", "qu*", "tr*"}, asked},
		{"prefix and word", []string{"th* hoc", "sinh ng*"}, asked},
		{"or", []string{"hoc OR phi OR sinh OR vien", "nguyen OR tran OR le OR pham OR hoang OR vu", "khong OR co OR la OR cua"}, asked},
		{"phrase without a hit", []string{`"phi hoc bao"`, `"vien sinh hoc phi"`, `"dinh quyet so"`}, asked},
		{"prefix of two letters, facets", []string{"th*", "ng*"}, faceted},
	}
}

func BenchmarkSearchOf(b *testing.B) {
	for _, database := range []string{"sqlite", "postgres"} {
		b.Run(database, func(b *testing.B) {
			cfg := Config{Type: "sqlite", Path: filepath.Join(*keepMade, "catalogue.db")}
			if database == "postgres" && *keepAt != "" {
				cfg = Config{Type: "postgres", URL: *keepAt}
			} else if database == "postgres" {
				cfg = postgresConfig(b)
			} else if *keepMade == "" {
				cfg = sqliteConfig(b)
			}
			c := madeCatalogue(b, cfg)
			if *loaded {
				c.db.dialect().patience *= 6
			}
			for _, class := range classes() {
				b.Run(class.name, func(b *testing.B) { timeClass(b, c, class) })
			}
			b.Run("publishing", func(b *testing.B) { timePublishing(b, c) })
		})
	}
}

func timeClass(b *testing.B, c *Catalog, of class) {
	ask := func(text string) (Found, time.Duration) {
		s := Search{Query: query(b, text)}
		of.change(&s)
		begun := now(b, c)
		f, err := c.Search(b.Context(), s)
		must(b, err)
		return f, now(b, c) - begun
	}
	for _, text := range of.queries { // warm
		f, took := ask(text)
		b.Logf("%-40s %8.1f ms, %d hits of %+v, cut %v", text, ms(took), len(f.Hits), f.Total, f.Cut)
	}
	var took []time.Duration
	b.ResetTimer()
	for b.Loop() {
		for _, text := range of.queries {
			_, t := ask(text)
			took = append(took, t)
		}
	}
	report(b, took)
}

// started is when the process was.
var started = time.Now()

// now is the time since the process was started, of the clock or, on a loaded machine, of the processor.
func now(b *testing.B, c *Catalog) time.Duration {
	if !*loaded {
		return time.Since(started)
	}
	var u unix.Rusage
	must(b, unix.Getrusage(unix.RUSAGE_SELF, &u))
	sum := time.Duration(u.Utime.Nano() + u.Stime.Nano())
	if _, is := c.db.(*postgres); !is {
		return sum
	}
	servers, err := collect(b.Context(), c.db, scanOne[int], `SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	must(b, err)
	for _, pid := range servers {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
		if err != nil {
			continue // it has ended
		}
		var ran time.Duration
		_, err = fmt.Sscan(string(text), &ran)
		must(b, err)
		sum += ran
	}
	return sum
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	at := func(share float64) float64 { return ms(took[int(share*float64(len(took)-1))]) }
	var sum time.Duration
	for _, t := range took {
		sum += t
	}
	b.ReportMetric(ms(sum)/float64(len(took)), "mean-ms")
	b.ReportMetric(at(.5), "p50-ms")
	b.ReportMetric(at(.95), "p95-ms")
	b.ReportMetric(at(.99), "p99-ms")
	b.ReportMetric(at(1), "worst-ms")
}

// timePublishing times what the index adds to a publishing transaction, for each page, commit and all.
func timePublishing(b *testing.B, c *Catalog) {
	m := newMaker(b, *madePages)
	m.r = rand.New(rand.NewPCG(3, uint64(time.Now().UnixNano())))
	m.made = int(time.Now().Unix() % 1e6 * 1000) // codes of their own
	m.total = m.made + 1<<30
	var took []time.Duration
	var merging time.Duration
	for b.Loop() {
		of, docs := m.dossier()
		of.ReceivedAt = noon.AddDate(0, 0, madeDays)
		must(b, c.db.write(b.Context(), func(t tx) error { return insertMade(b.Context(), t, of) }))
		begun := now(b, c)
		must(b, c.db.write(b.Context(), func(t tx) error {
			x := c.newIndexing(t)
			if err := x.version(b.Context(), of, 1, docs); err != nil {
				return err
			}
			return x.settle(b.Context())
		}))
		pages := 0
		for _, d := range docs {
			pages += len(d.Pages)
		}
		each := (now(b, c) - begun) / time.Duration(pages)
		for range pages {
			took = append(took, each)
		}
		begun = now(b, c)
		c.mergeIndex(b.Context(), docs)
		merging += now(b, c) - begun
	}
	report(b, took)
	b.ReportMetric(ms(merging)/float64(len(took)), "merge-ms") // a page, behind it
}
