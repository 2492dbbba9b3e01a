package pipeline

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// strictLimit is the size in bytes from which a rendition is not validated by pdfcpu, which holds a whole file in
	// memory several times over.
	strictLimit = 64 << 20
	// strictTime is how long one validation may take.
	strictTime = time.Minute
	// strictFiles is after how many files the child process is replaced, which gives its memory back.
	strictFiles = 200
)

// Validator runs pdfcpu's strict validation in a child process, so that its memory is not the daemon's. It is safe for
// concurrent use; files are validated one after another.
type Validator struct {
	command []string

	mu    sync.Mutex
	child *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	files int
}

// NewValidator validates with the given command, which speaks ServeValidation's protocol. Nothing is started before
// the first file.
func NewValidator(command ...string) *Validator { return &Validator{command: command} }

// Validate returns an error if the file is not valid or could not be judged.
func (v *Validator) Validate(ctx context.Context, path string, size int64) error {
	if size >= strictLimit {
		return nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.child == nil {
		if err := v.start(); err != nil {
			return fmt.Errorf("start validation: %w", err)
		}
	}
	child := v.child
	timer := time.AfterFunc(strictTime, func() { _ = child.Process.Kill() })
	defer timer.Stop()
	defer context.AfterFunc(ctx, func() { _ = child.Process.Kill() })()
	answer, err := v.ask(path)
	if err != nil {
		v.stop()
		return fmt.Errorf("validate rendition: %w", errors.Join(ctx.Err(), err))
	}
	if v.files++; v.files >= strictFiles {
		v.stop()
	}
	if answer != "" {
		return fmt.Errorf("validate rendition: %s", answer)
	}
	return nil
}

func (v *Validator) start() error {
	cmd := exec.Command(v.command[0], v.command[1:]...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	v.child, v.in, v.out, v.files = cmd, in, bufio.NewReader(out), 0
	return nil
}

func (v *Validator) ask(path string) (string, error) {
	if _, err := fmt.Fprintln(v.in, path); err != nil {
		return "", err
	}
	line, err := v.out.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

func (v *Validator) stop() {
	_ = v.in.Close()
	_ = v.child.Process.Kill()
	_ = v.child.Wait()
	v.child = nil
}

// Close ends the child process.
func (v *Validator) Close() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.child != nil {
		v.stop()
	}
}

// ServeValidation is the child's side: a path a line comes in, an empty line (valid) or one line of fault goes out.
func ServeValidation(in io.Reader, out io.Writer, validate func(path string) error) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		answer := ""
		if err := validate(lines.Text()); err != nil {
			answer = strings.ReplaceAll(err.Error(), "\n", " ")
		}
		if _, err := fmt.Fprintln(out, answer); err != nil {
			return err
		}
	}
	return lines.Err()
}
