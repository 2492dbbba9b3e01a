package testserver

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// One cluster serves a whole test binary: starting it takes seconds.
var (
	cluster   = sync.OnceValues(startCluster)
	databases atomic.Int64
)

// Postgres gives the URL of a new, empty database, on a server that is started at the first call and ends with the test
// binary. It commits as in earnest (fsync is on).
func Postgres(t testing.TB) string {
	t.Helper()
	return newDatabase(t, "")
}

// PostgresCopy gives the URL of a new database with what is in the one of this URL, to which nobody may be connected.
func PostgresCopy(t testing.TB, of string) string {
	t.Helper()
	config, err := pgx.ParseConfig(of)
	if err != nil {
		t.Fatal(err)
	}
	return newDatabase(t, " TEMPLATE "+config.Database)
}

func newDatabase(t testing.TB, options string) string {
	t.Helper()
	if _, err := findPostgres(); err != nil {
		Missing(t, "PostgreSQL: %v", err)
	}
	running, err := cluster()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	socket := running.socket
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := execute(databaseURL(socket, "postgres"), "CREATE DATABASE "+name+options); err != nil {
		t.Fatalf("make database %s: %v", name, err)
	}
	return databaseURL(socket, name)
}

func findPostgres() (string, error) {
	// Debian keeps the servers out of PATH.
	return find("POSTGRES", "postgres", "/usr/lib/postgresql/*/bin")
}

// pgCluster is a running PostgreSQL. As long as it is reachable, so is the pipe whose closing ends the server: a file that
// is garbage is closed.
type pgCluster struct {
	socket string // folder of the server's socket
	server *server
}

func startCluster() (*pgCluster, error) {
	program, err := findPostgres()
	if err != nil {
		return nil, err
	}
	owner, err := unprivileged("postgres")
	if err != nil {
		return nil, err
	}
	// Not a test's own folder: it lives longer, and a socket's path has little room.
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	if owner != nil {
		if err := os.Chown(folder, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	data := filepath.Join(folder, "data")
	initdb := exec.Command(filepath.Join(filepath.Dir(program), "initdb"),
		"-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	initdb.Dir = "/"
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("initdb: %w\n%s", err, out), os.RemoveAll(folder))
	}
	s, err := start(owner, nil, filepath.Join(folder, "log"), "INT", folder,
		program, "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", "shared_buffers=64MB")
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return &pgCluster{folder, s}, s.await(func() error { return execute(databaseURL(folder, "postgres"), "SELECT 1") })
}

func databaseURL(socket, name string) string {
	return "postgres://postgres@/" + name + "?" + url.Values{"host": {socket}}.Encode()
}

func execute(databaseURL, statement string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return err
	}
	_, err = c.Exec(ctx, statement)
	return errors.Join(err, c.Close(ctx))
}
