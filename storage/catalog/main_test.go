package catalog

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/internal/testserver"
)

func TestMain(m *testing.M) {
	if os.Getenv(victimEnv) != "" {
		victim()
		return
	}
	flag.Parse()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue {
		checks := "40"
		if testing.Short() {
			checks = "5" // SQLite under the race detector is fifty times slower
		}
		_ = f.Value.Set(checks)
	}
	code := m.Run()
	if err := goleak.Find(); err != nil && code == 0 {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// onBoth runs a test against each database, PostgreSQL unless -short, beside other tests. Both are copies of one whose tables are
// there: the migrations take longer than most tests do. PostgreSQL does not wait for its disk, which a killed client can't tell.
func onBoth(t *testing.T, test func(t *testing.T, cfg Config)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		cfg := sqliteConfig(t)
		file, err := sqliteUpToDate()
		must(t, err)
		must(t, os.WriteFile(cfg.Path, file, 0o600))
		test(t, cfg)
	})
	t.Run("postgres", func(t *testing.T) {
		if testing.Short() {
			t.Skip("needs PostgreSQL")
		}
		test(t, Config{Type: "postgres", URL: testserver.PostgresCopy(t, postgresUpToDate(t)) + "&synchronous_commit=off"})
	})
}

// sqliteUpToDate is the file of a catalogue in which nothing has happened.
var sqliteUpToDate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "catalogue")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cfg := Config{Type: "sqlite", Path: filepath.Join(dir, "catalogue.db")}
	if err := bringUpToDate(cfg); err != nil {
		return nil, err
	}
	return os.ReadFile(cfg.Path)
})

var postgresOnce struct {
	sync.Mutex
	url string
}

// postgresUpToDate is the URL of a catalogue in which nothing has happened, to which nobody is connected.
func postgresUpToDate(t *testing.T) string {
	t.Helper()
	postgresOnce.Lock()
	defer postgresOnce.Unlock()
	if postgresOnce.url == "" {
		cfg := postgresConfig(t)
		must(t, bringUpToDate(cfg))
		postgresOnce.url = cfg.URL
	}
	return postgresOnce.url
}

func bringUpToDate(cfg Config) error {
	c, err := Open(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	return c.Close()
}

func postgresConfig(t testing.TB) Config {
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	return Config{Type: "postgres", URL: testserver.Postgres(t)}
}

func sqliteConfig(t testing.TB) Config {
	return Config{Type: "sqlite", Path: filepath.Join(t.TempDir(), "catalogue.db")}
}

// withCatalogue is onBoth for tests that need one open catalogue.
func withCatalogue(t *testing.T, test func(t *testing.T, c *Catalog)) {
	onBoth(t, func(t *testing.T, cfg Config) { test(t, open(t, cfg)) })
}

func open(t testing.TB, cfg Config) *Catalog {
	t.Helper()
	c, err := Open(t.Context(), cfg, logger(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// noon is the time that deposits of the tests are received at, unless they say otherwise.
var noon = time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC)

// given is a deposit as intake records it.
func given(id, station string) NewDeposit {
	return NewDeposit{Deposit: dossier.Deposit{
		ID: id, Station: station, Department: "so-tu-phap", Name: "đơn " + id + ".pdf", SHA256: "sha-of-" + id, Bytes: 100_000,
		ModifiedAt: noon.Add(-time.Minute), ReceivedAt: noon,
	}}
}

func takeIn(t testing.TB, c *Catalog, n NewDeposit) dossier.State {
	t.Helper()
	state, err := c.TakeIn(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// read records all pages of a deposit as read.
func read(t testing.TB, c *Catalog, id string, pages int) {
	t.Helper()
	must(t, c.Split(t.Context(), Split{DepositID: id, Pages: pages}))
	for n := 1; n <= pages; n++ {
		must(t, c.PageDone(t.Context(), pageRead(id, n)))
	}
}

func pageRead(id string, n int) PageDone {
	page := fmt.Sprintf("%s-%d", id, n)
	return PageDone{PageID: page, ArtifactID: page, ProfileKey: "profile", Language: "vie", Words: 10 * n, Confidence: .9, Seconds: 1.5}
}

// whole is one dossier of everything in a batch, a document for each deposit.
func whole(a *Assembly) Part {
	var p Part
	for _, d := range a.Documents {
		var doc PlanDocument
		for _, page := range d.Pages {
			doc.Pages = append(doc.Pages, page.ID)
		}
		p.Plan.Documents = append(p.Plan.Documents, doc)
	}
	for _, ticket := range a.Tickets {
		p.Plan.Tickets = append(p.Plan.Tickets, ticket.ID)
	}
	return p
}

// reserveWhole reserves the version that a batch becomes as a whole; none for a batch that is at its end.
func reserveWhole(ctx context.Context, c *Catalog, batchID string) (*Version, error) {
	a, err := c.Assembly(ctx, batchID)
	if err != nil || a == nil {
		return nil, err
	}
	versions, err := c.Reserve(ctx, batchID, []Part{whole(a)})
	if err != nil {
		return nil, err
	}
	return &versions[0], nil
}

// publish makes the version that is reserved for a batch the dossier's.
func publish(ctx context.Context, c *Catalog, batchID string) (*Version, error) {
	v, err := reserveWhole(ctx, c, batchID)
	if err != nil || v == nil {
		return v, err
	}
	return v, c.Publish(ctx, Published{Revision: batchID, Versions: []PublishedVersion{publishedOf(v)}})
}

func publishedOf(v *Version) PublishedVersion {
	code := v.Dossier.Code
	return PublishedVersion{
		Code: code, Number: v.Number, Pages: v.Plan.Pages(), Warnings: []string{dossier.WarnDamaged}, Complete: CompleteUnknown,
		Events: []dossier.Event{{Type: dossier.EventDossierPublished, Data: dossier.EventData{
			Dossier: &dossier.DossierFacts{Code: code, Version: v.Number, Station: v.Dossier.Station},
		}}},
	}
}

func published(t testing.TB, c *Catalog, id string) *Version {
	t.Helper()
	read(t, c, id, 1)
	v, err := publish(t.Context(), c, id)
	must(t, err)
	return v
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func depositOf(t testing.TB, c *Catalog, id string) dossier.Deposit {
	t.Helper()
	d, err := c.Deposit(t.Context(), id)
	must(t, err)
	return d
}

// by is a user who sees and may do everything.
func by(name string) dossier.Principal {
	return dossier.Principal{
		Kind: dossier.KindUser, Name: name, Role: dossier.RoleAdministrator, Scope: Everything(), Clear: true, Erase: true,
	}
}

// count runs a query that counts rows.
func count(t testing.TB, c *Catalog, query string, args ...any) int {
	t.Helper()
	var n int
	must(t, c.db.queryRow(t.Context(), query, args...).Scan(&n))
	return n
}

// all is the scope of tests that are about other things.
var all = dossier.Scope{All: true}

// requeueOne lets one deposit be tried again.
func requeueOne(ctx context.Context, c *Catalog, id string) error {
	refused, err := c.Requeue(ctx, everybody, []string{id}, nil)
	if err == nil && len(refused) > 0 {
		err = refused[0].Err
	}
	return err
}
