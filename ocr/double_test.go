package ocr

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/dossierd/dossierd/dossier"
)

// doubleEnv makes this test binary a page worker that behaves as its value says.
const doubleEnv = "OCR_TEST_DOUBLE"

// daemonEnv makes this test binary a daemon that has a page read by the worker in the folder that it names.
const daemonEnv = "OCR_TEST_DAEMON"

func TestMain(m *testing.M) {
	if plan := os.Getenv(doubleEnv); plan != "" {
		os.Exit(runDouble(plan))
	}
	if dir := os.Getenv(daemonEnv); dir != "" {
		runDaemon(dir)
	}
	goleak.VerifyTestMain(m)
}

// runDouble follows a plan: a list of op:act, the last one for an op being repeated. What was done so far is counted in
// a file, because a worker that dies remembers nothing.
func runDouble(plan string) int {
	switch plan {
	case "mute":
		return 3
	case "stranger":
		fmt.Println("Hello, I am a shell")
		return 0
	}
	d := &double{plan: strings.Fields(plan), dir: os.Getenv(doubleEnv + "_DIR")}
	if err := Serve(os.Stdin, os.Stdout, 0, d); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// runDaemon has one page read, and is expected to be killed over it.
func runDaemon(dir string) {
	p, err := NewPool(poolConfig(dir), slog.New(slog.DiscardHandler))
	if err != nil {
		panic(err)
	}
	original := Original{ID: "a", Path: filepath.Join(dir, "scratch", "original"), Name: "a.tif"}
	_, err = p.Read(context.Background(), original, 1, PageInfo{}, dossier.Profile{})
	panic(fmt.Sprint("the page was read: ", err))
}

func poolConfig(dir string) PoolConfig {
	return PoolConfig{
		Workers: 1, Command: filepath.Join(dir, "worker"), Scratch: filepath.Join(dir, "scratch"), Cache: filepath.Join(dir, "cache"),
	}
}

type double struct {
	plan []string
	dir  string
}

// next returns what to do about the op now, and writes down that it was asked and by which process.
func (d *double) next(op Op) string {
	var acts []string
	for _, step := range d.plan {
		if name, act, _ := strings.Cut(step, ":"); name == string(op) {
			acts = append(acts, act)
		}
	}
	log := filepath.Join(d.dir, string(op))
	before, err := os.ReadFile(log)
	if err != nil && !os.IsNotExist(err) {
		panic(err)
	}
	done := strings.Count(string(before), "\n")
	if err := os.WriteFile(log, fmt.Appendf(before, "%d\n", os.Getpid()), 0o600); err != nil {
		panic(err)
	}
	if len(acts) == 0 {
		return "ok"
	}
	return acts[min(done, len(acts)-1)]
}

func (d *double) Handle(r Request, drawn []byte) (Answer, [][]byte) {
	act := d.next(r.Op)
	switch act {
	case "crash":
		fmt.Fprintln(os.Stderr, "double: about to crash")
		syscall.Kill(os.Getpid(), syscall.SIGSEGV)
		select {}
	case "hang":
		select {}
	case "garbage":
		fmt.Println("this is no frame at all, whatever else it may be")
		select {}
	case "oom":
		var kept [][]byte
		for {
			kept = append(kept, make([]byte, 8<<20))
			for i := 0; i < 8<<20; i += 4096 {
				kept[len(kept)-1][i] = 1
			}
		}
	case "killed":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case "panic":
		panic("double")
	case "fail":
		return Answer{Failed: "double: not today"}, nil
	case "reject":
		return Answer{Rejected: &dossier.Reason{Code: dossier.CodeDamaged, Page: r.Page, Detail: "double"}}, nil
	case "liar":
		return Answer{Page: &dossier.Page{}}, [][]byte{{1}}
	case "seer": // a look without its thumbnail
		answer, blobs := d.answer(r, drawn)
		answer.Look = &dossier.Look{Page: r.Page, Pages: r.Page}
		return answer, blobs
	case "nopages":
		return Answer{Contents: &Contents{Format: "pdf", Warnings: []string{dossier.WarnTruncated}}}, nil
	case "flood":
		return Answer{}, make([][]byte, mostBlobs+1)
	case "boast":
		answer, blobs := d.answer(r, drawn)
		answer.OCR = -1e300
		return answer, blobs
	case "wait":
		// The test lets it go on by opening the other end.
		f, err := os.Open(filepath.Join(d.dir, "gate"+strconv.Itoa(r.Page)))
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, f)
		f.Close()
	}
	return d.answer(r, drawn)
}

func (d *double) answer(r Request, drawn []byte) (Answer, [][]byte) {
	switch r.Op {
	case OpOpen:
		return Answer{Contents: &Contents{Format: "tiff", Pages: []PageInfo{{Width: 100, Height: 100, Bits: 8, Need: 1 << 20}}}}, nil
	case OpLook:
		found := dossier.Look{Page: r.Page, Pages: 9, Verdicts: []dossier.VerdictCode{dossier.VerdictBlurred}}
		return Answer{Look: &found}, [][]byte{[]byte("\xff\xd8\xffthumb")}
	case OpView:
		return Answer{}, [][]byte{[]byte("\xff\xd8\xffpicture")}
	case OpDraw:
		return Answer{Drawn: &Drawn{Width: 4, Height: 3, Channels: 3, DPI: 300}}, [][]byte{make([]byte, 36)}
	}
	blob := []byte(fmt.Sprintf("%s of %s page %d plain %t drawn %d", r.Op, r.Name, r.Page, r.Profile.Plain, len(drawn)))
	page := dossier.Page{
		Width: 100, Height: 100, DPI: 300, ToImage: dossier.Identity(), Language: "vie",
		Layout: dossier.Layout{Source: dossier.TextOCR},
		Image: dossier.PageImage{
			Format: dossier.FormatJPEG, Width: 100, Height: 100, DPIX: 300, DPIY: 300,
			Parts: []dossier.ImagePart{{Bytes: int64(len(blob)), Height: 100}},
		},
	}
	return Answer{Page: &page, OCR: cpuTime().Seconds() / 2}, [][]byte{blob, []byte("preview")}
}

// setup is a pool whose workers follow a plan, and where they write down what they did.
type setup struct {
	*Pool
	dir      string
	original Original
}

func newSetup(t *testing.T, plan string, change func(*PoolConfig)) *setup {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	// The environment of a worker is scrubbed, so that the plan has to come by a script.
	script := fmt.Sprintf("#!/bin/sh\nexport %s='%s' %s_DIR='%s'\nexec '%s' \"$@\"\n", doubleEnv, plan, doubleEnv, dir, self)
	cfg := poolConfig(dir)
	syscall.ForkLock.RLock() // a process that another test starts now would hold the file open, and then it can't be run
	err = os.WriteFile(cfg.Command, []byte(script), 0o700)
	syscall.ForkLock.RUnlock()
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&cfg)
	}
	p, err := NewPool(cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	path := filepath.Join(cfg.Scratch, "original")
	if err := os.WriteFile(path, []byte("bytes"), 0o600); err != nil {
		t.Fatal(err)
	}
	return &setup{Pool: p, dir: dir, original: Original{ID: "a", Path: path, Name: "a.tif"}}
}

// asked lists the processes that answered, or should have answered, requests for an op.
func (s *setup) asked(t *testing.T, op Op) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, string(op)))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return strings.Fields(string(data))
}
