package ocr

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"
)

// process is a running worker: its pipes, its last words and its end. A goroutine waits for its death and another
// reads its stderr; gone is closed when both are done.
type process struct {
	cmd    *exec.Cmd
	wire   *wire
	stdin  *os.File
	stdout *os.File
	stderr lastLines
	gone   chan struct{}
	closed atomic.Bool

	mu     sync.Mutex
	exited bool // dead, perhaps reaped: the number may be another's
}

// start runs cmd with pipes. spawn must call its argument from a thread that outlives the process.
func start(cmd *exec.Cmd, spawn func(func() error) error, log *slog.Logger) (*process, error) {
	var theirs, ours []*os.File
	for range 3 {
		r, w, err := os.Pipe()
		if err != nil {
			closeAll(append(theirs, ours...))
			return nil, err
		}
		theirs, ours = append(theirs, w), append(ours, r)
	}
	theirs[0], ours[0] = ours[0], theirs[0] // of stdin the worker has the reading end
	cmd.Stdin, cmd.Stdout, cmd.Stderr = theirs[0], theirs[1], theirs[2]
	// The worker ends with the thread that started it, which ends with the daemon; and by itself when stdin ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	err := spawn(cmd.Start)
	closeAll(theirs)
	if err != nil {
		closeAll(ours)
		return nil, err
	}
	p := &process{cmd: cmd, wire: newWire(ours[1], ours[0]), stdin: ours[0], stdout: ours[1], gone: make(chan struct{})}
	log = log.With("pid", cmd.Process.Pid)
	said := make(chan struct{})
	go func() {
		defer close(said)
		p.stderr.follow(ours[2], log)
	}()
	go p.wait(said)
	return p, nil
}

func closeAll(files []*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// wait reaps the process. What it wrote before its death stays in the pipe.
func (p *process) wait(said <-chan struct{}) {
	for {
		err := unix.Waitid(unix.P_PID, p.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	p.mu.Lock()
	p.exited = true
	p.mu.Unlock()
	_ = p.cmd.Wait() // how it ended is asked of ProcessState
	<-said
	close(p.gone)
}

// kill ends the process and all that it started. It does not wait.
func (p *process) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.exited {
		_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may be dying already
	}
}

// close lets go of the pipes: an idle worker ends by itself, the end of stdin being its sign.
func (p *process) close() {
	if p.closed.CompareAndSwap(false, true) {
		p.stdin.Close()
		p.stdout.Close()
	}
}

// resident is the memory that the process occupies, in bytes; 0 where that can't be told because it is ending.
func (p *process) resident() int64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(data)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

// killedByOthers reports whether a process that is gone fell to a SIGKILL: asked where the pool sent none, it means
// that the kernel was out of memory.
func (p *process) killedByOthers() bool {
	status, ok := p.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && status.Signaled() && status.Signal() == syscall.SIGKILL
}

// obituary is how a process that is gone ended, and its last words.
func (p *process) obituary() string {
	if words := p.stderr.String(); words != "" {
		return fmt.Sprintf("%s: %s", p.cmd.ProcessState, words)
	}
	return p.cmd.ProcessState.String()
}

// lastLines keeps the end of a worker's stderr for the error.
type lastLines struct {
	mu    sync.Mutex
	lines []string
}

// How much of the last words is kept: enough for the head of a Go trace.
const (
	keptLines   = 12
	keptLetters = 300
)

// follow reads until r ends, logs each line, and closes r.
func (l *lastLines) follow(r *os.File, log *slog.Logger) {
	defer r.Close()
	lines := bufio.NewReader(r)
	for {
		line, err := readLine(lines)
		if line != "" {
			log.Debug("page worker says", "line", line)
			l.add(line)
		}
		if err != nil {
			return
		}
	}
}

// readLine returns the beginning of the next line, however long it is.
func readLine(r *bufio.Reader) (string, error) {
	var kept []byte
	for {
		part, more, err := r.ReadLine()
		kept = append(kept, part[:min(len(part), keptLetters-len(kept))]...)
		if err != nil || !more {
			return strings.ToValidUTF8(string(kept), "?"), err
		}
	}
}

func (l *lastLines) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) == keptLines {
		// A crash explains itself first and prints where it was afterwards.
		l.lines = slices.Delete(l.lines, keptLines/2, keptLines/2+1)
	}
	l.lines = append(l.lines, line)
}

func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, " | ")
}
