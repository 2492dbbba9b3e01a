// Package testserver starts real servers for tests: a MinIO, a PostgreSQL. Only tests import it.
//
// Each server lives in a temporary folder, listens to this machine only, and ends with the test binary, even one that is
// killed: a shell between the two waits for its standard input to close, then stops the server and removes the folder.
// Where a server's program is missing the test is skipped, but fails when CI=true, unless -short.
package testserver

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// patience is how long a server may take until it answers.
const patience = 60 * time.Second

// supervise runs a program until standard input closes, then stops it with the signal $1 and removes the folder $2, if
// any. It ends as well when the program does.
const supervise = `signal=$1 folder=$2; shift 2
"$@" </dev/null & server=$!
{ read -r _; kill -s "$signal" $server 2>/dev/null; } <&3 &
wait $server
kill $! 2>/dev/null
[ -z "$folder" ] || rm -rf "$folder"`

// server is a running program.
type server struct {
	shell *exec.Cmd
	life  io.Closer // closing it stops the program
	log   string
}

// start runs a program with its output in the file log. owner, if not nil, is who runs it.
func start(owner *syscall.Credential, env []string, log, signal, folder string, program ...string) (*server, error) {
	out, err := os.OpenFile(log, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	life, hold, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer life.Close()
	shell := exec.Command("sh", append([]string{"-c", supervise, "sh", signal, folder}, program...)...)
	shell.ExtraFiles = []*os.File{life}
	shell.Stdout, shell.Stderr = out, out
	shell.Env = append(os.Environ(), env...)
	// A group of its own: Ctrl-C is for the tests.
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: owner}
	shell.Dir = "/"
	if err := shell.Start(); err != nil {
		return nil, errors.Join(err, hold.Close())
	}
	return &server{shell: shell, life: hold, log: log}, nil
}

// stop ends the program and waits until it is gone.
func (s *server) stop() error {
	err := s.life.Close()
	_ = s.shell.Wait() // the program's exit code says nothing
	return err
}

// await asks until ready has no error. A program that does not get ready is stopped, and its log told.
func (s *server) await(ready func() error) error {
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if err = ready(); err == nil {
			return nil
		}
	}
	log, _ := os.ReadFile(s.log) // the first error matters more
	return errors.Join(fmt.Errorf("not ready after %v: %w\n%s", patience, err, log), s.stop())
}

// find is the path of a program: from the environment variable, PATH or one of the folders.
func find(variable, program string, folders ...string) (string, error) {
	if path := os.Getenv(variable); path != "" {
		return path, nil
	}
	if path, err := exec.LookPath(program); err == nil {
		return path, nil
	}
	for _, pattern := range folders {
		found, err := filepath.Glob(filepath.Join(pattern, program))
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", fmt.Errorf("no %s in PATH or %v, and $%s names none", program, folders, variable)
}

// Missing ends a test that lacks something: it is skipped on a developer's machine and among the quick tests, and fails where CI=true.
func Missing(t testing.TB, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" && !testing.Short() {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// unprivileged is an account for a server that refuses to run as root; nil when we are not root.
func unprivileged(name string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil //nolint:nilnil // no other account is needed
	}
	account, err := user.Lookup(name)
	if err != nil {
		if account, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
