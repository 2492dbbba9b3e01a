package ocr

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/dossierd/dossierd/dossier"
)

// PoolConfig says how many page workers there are and what they may take.
type PoolConfig struct {
	Workers        int            // reading workers, 1 or more; the cores of the machine where 0
	Command        string         // the binary dossierd-page, by path or by name in PATH
	Scratch        string         // private folder; the originals that workers are asked about lie in it
	Cache          string         // private folder for what drawing workers compile once
	TessdataPrefix string         // folder of the language models; "" for Tesseract's own default
	PageTime       time.Duration  // for one page; 60 s where 0. The second try gets half
	PageMemory     int64          // resident bytes at which a reading worker is killed; 2 GiB where 0
	Memory         int64          // bytes that all pages in work may need; 4 GiB where 0
	Limits         dossier.Limits // of originals
	Nice           int            // 0 to 19: how much reading and drawing workers give way to other processes
}

const (
	drawMemory    = 768 << 20        // resident bytes at which a drawing worker is killed
	drawStay      = time.Minute      // how long an idle drawing worker is kept
	recycleAbove  = 300 << 20        // resident bytes above which a reading worker is replaced
	redrawAbove   = 512 << 20        // the same for a drawing one, whose memory never shrinks
	blobAllowance = int64(16 << 20)  // for what comes beside an image's pixels
	bytesPerPixel = 6                // of the widest image that is kept: 16-bit RGB
	openNeed      = int64(128 << 20) // of opening an original, which decodes nothing

	lookMemory   = 100 << 20   // resident bytes at which the looking worker is killed
	relookAbove  = 72 << 20    // the same as redrawAbove for the looking one
	lookStay     = time.Minute // how long it is kept while there is nothing to look at
	lookMaxBlobs = 1 << 20     // a thumbnail

	viewMemory   = 512 << 20   // resident bytes at which a viewing worker is killed
	reviewAbove  = 400 << 20   // the same as redrawAbove for a viewing one
	viewStay     = time.Minute // how long it, and the page it has open, is kept while nobody looks
	viewMaxBlobs = 64 << 20    // a PNG of the most pixels
	viewQueue    = 64          // how many pictures may be waited for
	viewersPer   = 4           // reading workers to a viewing one
)

// Pool has pages read by worker processes. It is safe for concurrent use.
type Pool struct {
	cfg     PoolConfig
	log     *slog.Logger
	readers *crew
	drawers *crew
	lookers *crew // one worker, which waits for nobody's memory: it has little of its own
	viewers *crew // these don't either: somebody waits for them
	viewing *semaphore.Weighted

	ctx       context.Context
	cancel    context.CancelCauseFunc
	patiently *starter // of processes that give way
	promptly  *starter // of those that do not
	between   *starter // of those that people wait for, and that would keep a core busy for as long as they look

	mu     sync.Mutex
	closed bool
	asked  sync.WaitGroup // calls of Open and Read
}

// NewPool makes a pool. Its processes start when there is something to do; Close ends them.
func NewPool(cfg PoolConfig, log *slog.Logger) (*Pool, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	p := &Pool{cfg: cfg, log: log, patiently: newStarter(), promptly: newStarter(), between: newStarter()}
	p.ctx, p.cancel = context.WithCancelCause(context.Background())
	hire := func(mode string, memory, recycle int64, stay time.Duration) *crew {
		return &crew{
			mode: mode, command: cfg.command(mode, memory), env: cfg.env(mode), memory: memory, recycleAbove: recycle,
			maxBlobs: min(maxFrame, cfg.Limits.Pixels*bytesPerPixel+blobAllowance),
			stay:     stay, spawn: p.patiently.spawn, log: log, ctx: p.ctx,
		}
	}
	inWork := semaphore.NewWeighted(cfg.Memory)
	p.readers = hire("read", cfg.PageMemory, recycleAbove, 0)
	p.readers.staff(cfg.Workers)
	p.drawers = hire("draw", drawMemory, redrawAbove, drawStay)
	p.drawers.staff((cfg.Workers + 1) / 2)
	for _, c := range []*crew{p.readers, p.drawers} {
		c.inWork, c.inWorkMax = inWork, cfg.Memory
	}
	p.lookers = hire("look", lookMemory, relookAbove, lookStay)
	p.lookers.inWork, p.lookers.inWorkMax, p.lookers.maxBlobs, p.lookers.spawn = semaphore.NewWeighted(1), 1, lookMaxBlobs, p.promptly.spawn
	p.lookers.staff(1)
	p.viewers = hire("view", viewMemory, reviewAbove, viewStay)
	p.viewers.inWork, p.viewers.inWorkMax, p.viewers.maxBlobs, p.viewers.spawn = semaphore.NewWeighted(1), 1, viewMaxBlobs, p.between.spawn
	p.viewers.staff(max(1, cfg.Workers/viewersPer))
	p.viewing = semaphore.NewWeighted(viewQueue)
	go p.patiently.run(cfg.Nice, log)
	go p.promptly.run(0, log)
	go p.between.run(cfg.Nice/2, log)
	return p, nil
}

// complete fills in defaults, finds the command and makes the folders.
func (c *PoolConfig) complete() error {
	set := func(v *int64, otherwise int64) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	if c.Workers <= 0 {
		c.Workers = runtime.NumCPU()
	}
	if c.PageTime <= 0 {
		c.PageTime = time.Minute
	}
	set(&c.PageMemory, 2<<30)
	set(&c.Memory, 4<<30)
	standard := dossier.DefaultLimits()
	set(&c.Limits.Pixels, standard.Pixels)
	set(&c.Limits.Bytes, standard.Bytes)
	if c.Limits.Pages <= 0 {
		c.Limits.Pages = standard.Pages
	}
	command, err := exec.LookPath(c.Command)
	if err != nil {
		return fmt.Errorf("find the page worker: %w", err)
	}
	for _, path := range []*string{&command, &c.Scratch, &c.Cache} {
		if *path, err = filepath.Abs(*path); err != nil {
			return err
		}
	}
	c.Command = command
	for _, dir := range []string{c.Scratch, c.Cache} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make a folder for page workers: %w", err)
		}
	}
	return nil
}

func (c *PoolConfig) command(mode string, memory int64) []string {
	return []string{c.Command, mode, "-scratch", c.Scratch, "-cache", c.Cache, "-memory", strconv.FormatInt(memory, 10)}
}

// env is all that a worker finds in its environment.
func (c *PoolConfig) env(mode string) []string {
	goMemory := "GOMEMLIMIT=" + map[string]string{"read": "256MiB", "draw": "640MiB", "look": "32MiB", "view": "96MiB"}[mode]
	if mode == "look" || mode == "view" {
		return []string{"LC_ALL=C.UTF-8", "GOMAXPROCS=1", goMemory, "MALLOC_TRIM_THRESHOLD_=16777216", "MALLOC_ARENA_MAX=1"}
	}
	env := []string{
		"LC_ALL=C.UTF-8",
		"OMP_THREAD_LIMIT=1", // the pool is how cores are used
		"GOMAXPROCS=2",
		goMemory,
		// The images of an ordinary page stay mapped, which saves much of a page's time in the kernel; those of a
		// poster go back as soon as they are freed. Threads share an arena.
		"MALLOC_MMAP_THRESHOLD_=33554432", "MALLOC_TRIM_THRESHOLD_=67108864", "MALLOC_TOP_PAD_=16777216",
		"MALLOC_ARENA_MAX=2",
	}
	if c.TessdataPrefix != "" {
		env = append(env, "TESSDATA_PREFIX="+c.TessdataPrefix)
	}
	return env
}

// Close kills the workers, ends calls that are under way with ErrClosed, and returns when all is gone.
func (p *Pool) Close() {
	p.mu.Lock()
	closed := p.closed
	p.closed = true
	p.mu.Unlock()
	if closed {
		return
	}
	p.cancel(ErrClosed)
	p.asked.Wait()
	for _, c := range []*crew{p.readers, p.drawers, p.lookers, p.viewers} {
		c.dismiss()
	}
	p.patiently.stop()
	p.promptly.stop()
	p.between.stop()
}

// begin ties ctx to the life of the pool. end must be called.
func (p *Pool) begin(ctx context.Context) (tied context.Context, end func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, nil, ErrClosed
	}
	p.asked.Add(1)
	tied, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(p.ctx, func() { cancel(ErrClosed) })
	return tied, func() {
		stop()
		cancel(nil)
		p.asked.Done()
	}, nil
}

// Original is a deposit's file as the workers see it.
type Original struct {
	ID   string // the same for the same bytes; pages of one original prefer the worker that has it open
	Path string // in the scratch folder
	Name string // the deposit's file name, for error texts only
}

// Open asks what is in an original. A *dossier.Reason means that it is to be rejected: for what it is, or because two
// workers were lost over it. Any other error is ctx's or the machine's, and the same may be asked again.
func (p *Pool) Open(ctx context.Context, o Original, profile dossier.Profile) (*Contents, error) {
	ctx, end, err := p.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if _, err := os.Stat(o.Path); err != nil {
		return nil, fmt.Errorf("open %s: %w", o.Name, err)
	}
	profile.Limits = p.cfg.Limits
	contents, err := p.open(ctx, p.readers, o, profile)
	if err != nil || len(contents.Pages) > 0 {
		return contents, err
	}
	// A PDF that only PDFium makes sense of: every page will have to be drawn.
	drawn, err := p.open(ctx, p.drawers, o, profile)
	if err != nil {
		return nil, err
	}
	contents.Pages = drawn.Pages
	return contents, nil
}

func (p *Pool) open(ctx context.Context, c *crew, o Original, profile dossier.Profile) (*Contents, error) {
	var reason *dossier.Reason
	for try := range tries {
		req := Request{Op: OpOpen, Path: o.Path, Name: o.Name, Profile: profile}
		answer, _, err := c.ask(ctx, o.ID, openNeed, req, nil, p.cfg.PageTime>>try)
		if err == nil {
			err = answer.check(OpOpen, nil, p.cfg.Limits)
		}
		if err == nil {
			return answer.Contents, nil
		}
		var again bool
		if reason, again = blame(err, 0); reason == nil {
			return nil, fmt.Errorf("open %s: %w", o.Name, err)
		}
		if !again {
			break
		}
		p.log.Warn("page worker lost on opening", "original", o.ID, "mode", c.mode, "try", try+1, "error", reason)
	}
	return nil, reason
}

// blame says whether an original or page is at fault, and if so whether another try may help.
func blame(err error, page int) (reason *dossier.Reason, again bool) {
	var rejected *dossier.Reason
	var lost *WorkerError
	var failed *failedError
	switch {
	case errors.As(err, &rejected):
		return rejected, false
	case errors.As(err, &lost):
		return &dossier.Reason{Code: lost.Cause.Code(), Page: page, Detail: lost.Error()}, true
	case errors.As(err, &failed):
		return &dossier.Reason{Code: dossier.CodeWorkerCrashed, Page: page, Detail: failed.Error()}, true
	}
	return nil, false
}
