package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// probe is what a confined process found out about its own reach: for each attempt what came of it, "" for success.
type probe struct {
	Level    int
	Attempts map[string]string
	Files    uint64 // RLIMIT_NOFILE
}

// probeReach confines this process as a reading worker and tries its reach. The arguments are the scratch folder, a
// file elsewhere, and an address that somebody listens at.
func probeReach(args []string) error {
	scratch, elsewhere, address := args[0], args[1], args[2]
	level, err := confine(limits{scratch: scratch, memory: 1 << 30})
	if err != nil {
		return err
	}
	p := probe{Level: level, Attempts: map[string]string{}}
	try := func(what string, err error) {
		p.Attempts[what] = ""
		if err != nil {
			p.Attempts[what] = err.Error()
		}
	}
	_, err = os.ReadFile(filepath.Join(scratch, "original"))
	try("read scratch", err)
	try("write scratch", os.WriteFile(filepath.Join(scratch, "other"), []byte("x"), 0o600))
	_, err = os.ReadFile(elsewhere)
	try("read elsewhere", err)
	try("remove elsewhere", os.Remove(elsewhere))
	_, err = os.ReadFile("/etc/passwd")
	try("read passwd", err)
	try("execute", exec.Command("/bin/true").Run())
	conn, err := net.Dial("tcp", address)
	if err == nil {
		conn.Close()
	}
	try("connect", err)
	conn, err = net.Dial("udp", address)
	if err == nil {
		conn.Close()
	}
	try("send", err)
	try("signal", unix.Kill(unix.Getppid(), 0))
	var files unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &files); err != nil {
		return err
	}
	p.Files = files.Cur
	return json.NewEncoder(os.Stdout).Encode(p)
}

func TestAWorkerReachesItsScratchFolderAndLittleElse(t *testing.T) {
	if landlockLevel() < 4 {
		if os.Getenv("CI") == "true" {
			t.Fatal("this kernel has no Landlock for networks")
		}
		t.Skip("this kernel has no Landlock for networks")
	}
	scratch, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "file")
	for _, path := range []string{filepath.Join(scratch, "original"), elsewhere} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "probe", scratch, elsewhere, listener.Addr().String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var p probe
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	if p.Level != landlockLevel() || p.Files > 64 {
		t.Errorf("level %d, %d files", p.Level, p.Files)
	}
	for what, came := range p.Attempts {
		if allowed := what == "read scratch" || what == "signal" && p.Level < 6; allowed != (came == "") {
			t.Errorf("%s: %q", what, came)
		}
	}
	if _, err := os.Stat(elsewhere); errors.Is(err, os.ErrNotExist) {
		t.Error("the file elsewhere is gone")
	}
}
