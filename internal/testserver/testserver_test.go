package testserver_test

import (
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/dossierd/dossierd/internal/testserver"
)

func TestAMinIOGoesAwayAndComesBack(t *testing.T) {
	if testing.Short() {
		t.Skip("needs MinIO")
	}
	m := testserver.MinIO(t, "")
	health := m.Endpoint + "/minio/health/live"
	for range 2 {
		resp, err := http.Get(health)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		m.Stop()
		if resp, err := http.Get(health); err == nil {
			resp.Body.Close()
			t.Fatal("answers though stopped")
		}
		m.Start()
	}
}

func TestEachCallGetsItsOwnEmptyDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	for range 2 {
		c, err := pgx.Connect(t.Context(), testserver.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(t.Context(), "CREATE TABLE deposits (id text)"); err != nil {
			t.Error(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// killed in the environment makes the test binary start a server, name its folder and wait to be killed.
const killed = "TESTSERVER_TEST_KILLED"

func TestAServerEndsWithAKilledTestBinary(t *testing.T) {
	if os.Getenv(killed) != "" {
		config, err := pgx.ParseConfig(testserver.Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString(config.Host + "\n")
		select {}
	}
	if testing.Short() {
		t.Skip("needs PostgreSQL")
	}
	testserver.Postgres(t)
	binary := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	binary.Env = append(os.Environ(), killed+"=yes")
	out, err := binary.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := binary.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 200)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := binary.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = binary.Wait() // says that it was killed
	folder := strings.TrimSpace(string(line[:n]))
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			return
		}
	}
	t.Errorf("%s is still there", folder)
}
