package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
	"golang.org/x/term"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/ocr"
	"github.com/dossierd/dossierd/pipeline"
	"github.com/dossierd/dossierd/scanners"
	"github.com/dossierd/dossierd/storage"
	"github.com/dossierd/dossierd/storage/catalog"
	"github.com/dossierd/dossierd/storage/fs"
	"github.com/dossierd/dossierd/storage/s3"
	"github.com/dossierd/dossierd/web"
	"github.com/dossierd/dossierd/web/access"
)

// grace is how long the pages in hand may take after a first SIGTERM.
const grace = 30 * time.Second

func (a *app) serveCommand() *cobra.Command {
	var sample string
	cmd := &cobra.Command{
		Use:     "serve",
		Short:   "Run the daemon (without a settings file: on defaults in ./dossierd-data)",
		Example: "  dossierd serve --config /etc/dossierd.yaml",
		Args:    a.arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := a.load()
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			if sample != "" {
				return a.demo(ctx, cfg, sample)
			}
			return a.serve(ctx, cfg, func(*daemon) {})
		},
	}
	cmd.Flags().StringVar(&sample, "demo", "", "drop this sample `FILE`, receive the events, and print what comes out")
	return cmd
}

// daemon is the parts of a running `serve`.
type daemon struct {
	app     *app
	cfg     *config.Config
	log     *slog.Logger
	store   storage.Store
	catalog *catalog.Catalog
	pool    *ocr.Pool
	pipe    *pipeline.Pipeline
	watcher *scanners.Watcher
	hangup  <-chan os.Signal
	access  *access.Access

	identity dossier.IdentityKey
	standing atomic.Pointer[standing]

	trying    sync.Mutex // held while a kind is tried
	examining sync.Mutex // held while the machine is examined
}

// serve runs until ctx is done and everything has stopped. ready is called once the parts stand and before they run.
func (a *app) serve(ctx context.Context, cfg *config.Config, ready func(*daemon)) error {
	rules, err := readRules(cfg)
	if err != nil {
		return &exitError{code: exitUsage, err: err}
	}
	log := a.logger()
	hangup := make(chan os.Signal, 1) // caught from the first to the last, for it would kill
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	tools, err := a.workerTools(ctx)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	if err := makeFolders(cfg); err != nil {
		return &exitError{code: exitMachine, err: a.pathFault(err)}
	}
	if err := cfg.CheckFolders(); err != nil {
		log.Error("a station's folder is away; the others work on", "error", err)
	}
	unlock, err := a.lock(cfg.Data)
	if err != nil {
		return err
	}
	defer unlock()
	listener, err := a.listen(cfg, log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	defer listener.Close()
	key, err := identityKey(cmp.Or(cfg.IdentityKey, filepath.Join(cfg.Data, "identity.key")))
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	store, err := openStore(ctx, cfg)
	if err != nil {
		return &exitError{code: exitMachine, err: fmt.Errorf("open the object store: %w", err)}
	}
	cat, err := openCatalogue(ctx, cfg, log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	defer cat.Close()
	pool, err := ocr.NewPool(daemonPool(cfg), log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	defer pool.Close()
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	pipe, err := pipeline.New(pipelineConfig(cfg, tools, key), store, cat, pool, pipeline.NewMetrics(registry), log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	defer pipe.Close()
	pipe.Apply(pipelineSettings(cfg, rules))
	cat.SetCorrector(pipe.Correction)
	watcher, err := scanners.New(scannersConfig(cfg), pipe, &outcomes{cat, store}, log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	gate, err := access.New(accessConfig(cfg), cat, log)
	if err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	d := &daemon{
		app: a, cfg: cfg, log: log, store: store, catalog: cat, pool: pool, pipe: pipe, watcher: watcher, hangup: hangup, identity: key, access: gate,
	}
	if err := d.firstAdministrator(ctx); err != nil {
		return &exitError{code: exitMachine, err: err}
	}
	d.standing.Store(&standing{cfg, rules})
	registry.MustRegister(&statusCollector{daemon: d})
	ready(d)
	log.Info("dossierd is up", "http", listener.Addr().String(), "data", cfg.Data, "stations", len(cfg.Stations),
		"retention_rules", len(cfg.Retention), "version", version())
	return d.run(ctx, listener, promhttp.HandlerFor(registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, // with the catalogue away, what is known elsewhere is told
	}))
}

// firstAdministrator logs the way in while there is no administrator. Who reads the log may see to the daemon anyway.
func (d *daemon) firstAdministrator(ctx context.Context) error {
	path, err := d.access.FirstAdministrator(ctx)
	if err != nil || path == "" {
		return err
	}
	d.log.Warn("no administrator yet: set a password by this link, once, within a day", "link", baseURL(d.cfg)+path)
	return nil
}

// anchor writes the end of the audit log into the daemon's own log, at the start and once a day: who keeps that elsewhere can tell
// whether rows were taken off the end.
func (d *daemon) anchor(ctx context.Context) error {
	day := time.NewTicker(24 * time.Hour)
	defer day.Stop()
	for {
		if end, err := d.catalog.AuditEnd(ctx); err == nil {
			d.log.Info("audit log", "head", end.String())
		} else if ctx.Err() == nil {
			d.log.Error("audit log not read", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-day.C:
		}
	}
}

// run blocks until ctx is done and the parts are gone, or one of them fails. A second SIGTERM kills the process: main
// stops catching the signal after the first.
func (d *daemon) run(ctx context.Context, listener net.Listener, metrics http.Handler) error {
	g, ctx := errgroup.WithContext(ctx)
	defer context.AfterFunc(ctx, func() { fmt.Fprintln(d.app.stdout, d.app.words.say("stopping")) })()
	g.Go(func() error { return d.watcher.Run(ctx) })
	g.Go(func() error { return d.pipe.Look(ctx) })
	g.Go(func() error {
		return d.catalog.Run(ctx, catalog.RunConfig{Workers: d.cfg.Workers, Retry: pipeline.Retry, Grace: grace}, d.pipe)
	})
	g.Go(func() error {
		c := webConfig(d.cfg, d.identity)
		c.Pages.Name = func(field, value, language string) string {
			return d.standing.Load().rules.name(field, value, language)
		}
		c.Office, c.Pages.Office, c.Pages.Stopping = d.office, d.office, ctx.Done()
		c.Uploads, c.Access, c.Images, c.Pages.Papers = &uploads{d.pipe, d.watcher}, d.access, d.pipe, d.pipe
		c.Pages.Try, c.Pages.Examine = d.tryKind, d.examine
		return web.Serve(ctx, listener, web.New(c, d.store, d.catalog, d.ready, metrics, d.log), d.log)
	})
	g.Go(func() error { return d.control(ctx) })
	g.Go(func() error { return d.reportFolders(ctx) })
	g.Go(func() error { return d.anchor(ctx) })
	g.Go(func() error { return d.reload(ctx) })
	return g.Wait()
}

// ready says what keeps the daemon from its work: the catalogue or the object store being away. Anybody may ask, so
// addresses and users stay in the log.
func (d *daemon) ready(ctx context.Context) error {
	var faults []error
	if _, err := d.catalog.Deposit(ctx, "readyz"); err != nil && !errors.Is(err, catalog.ErrNotFound) {
		d.log.Warn("not ready", "error", err)
		faults = append(faults, errors.New("the catalogue is away"))
	}
	if _, err := d.store.Stat(ctx, "originals/readyz"); err != nil && !errors.Is(err, storage.ErrNotFound) {
		d.log.Warn("not ready", "error", err)
		faults = append(faults, errors.New("object storage is away"))
	}
	return errors.Join(faults...)
}

// reload reads the settings again on SIGHUP. Stations, subscribers, kinds and procedures change at once; faults keep the old settings.
func (d *daemon) reload(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.hangup:
		}
		if d.cfg.File == "" {
			d.log.Warn("settings not reloaded, there is no file of them")
			continue
		}
		next, err := config.Load(d.cfg.File, installedModel)
		if err != nil {
			d.log.Error("settings not reloaded, the old ones stay", "error", err)
			continue
		}
		rules, err := readRules(next)
		if err != nil {
			d.log.Error("settings not reloaded, the old ones stay", "error", err)
			continue
		}
		if err := d.watcher.SetStations(stations(next)); err != nil {
			d.log.Error("settings not reloaded, the old ones stay", "error", err)
			continue
		}
		d.pipe.Apply(pipelineSettings(next, rules))
		d.standing.Store(&standing{next, rules})
		d.log.Info("settings reloaded", "stations", len(next.Stations), "subscribers", len(next.Subscribers),
			"procedures", len(rules.procedures.Procedures), "kinds", len(rules.kinds.All()))
		if keys := d.cfg.NeedRestart(next); len(keys) > 0 {
			d.log.Warn("settings that changed and wait for a restart", "keys", keys)
		}
		if err := next.CheckFolders(); err != nil {
			d.log.Error("a station's folder is away; the others work on", "error", err)
		}
	}
}

// logger writes text on a terminal and JSON elsewhere.
func (a *app) logger() *slog.Logger {
	if f, ok := a.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return slog.New(slog.NewTextHandler(a.stderr, nil))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{ReplaceAttr: withUnit}))
}

// withUnit writes durations as text does, 1.5s: JSON's are numbers that name no unit.
func withUnit(_ []string, attr slog.Attr) slog.Attr {
	if attr.Value.Kind() == slog.KindDuration {
		attr.Value = slog.StringValue(attr.Value.Duration().String())
	}
	return attr
}

// listen takes the port, and speaks TLS on it where the settings ask for that.
func (a *app) listen(cfg *config.Config, log *slog.Logger) (net.Listener, error) {
	plain, err := net.Listen("tcp", cfg.HTTP.Listen)
	if err != nil {
		var cause *os.SyscallError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, errors.New(a.words.say("listen", cfg.HTTP.Listen, err))
	}
	listener, err := secured(cfg, plain, log)
	if err != nil {
		return nil, errors.Join(err, plain.Close())
	}
	return listener, nil
}

// makeFolders makes the data folder, and for the embedded defaults the station's; elsewhere a missing station folder
// is a mount that is away.
func makeFolders(cfg *config.Config) error {
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	if cfg.File != "" {
		return nil
	}
	for _, s := range cfg.Stations {
		if err := os.MkdirAll(s.Folder, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// lock keeps a second daemon off the same data folder.
func (a *app) lock(data string) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(data, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, &exitError{code: exitMachine, err: a.pathFault(err)}
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, &exitError{code: exitUsage, err: errors.New(a.words.say("already_running", data))}
	}
	return func() { f.Close() }, nil
}

// openStore is the one switch over kinds of object storage.
func openStore(ctx context.Context, cfg *config.Config) (storage.Store, error) {
	s := cfg.Store
	if s.Type == "s3" {
		return s3.Open(ctx, s3.Config{
			Endpoint: s.Endpoint, Bucket: s.Bucket, Region: s.Region, AccessKey: s.AccessKey, SecretKey: s.SecretKey,
		})
	}
	return fs.Open(s.Folder)
}
