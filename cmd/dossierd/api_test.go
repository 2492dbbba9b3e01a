package main_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// examineTime bounds what Schemathesis may take.
const examineTime = 10 * time.Minute

// schemathesis is the program that asks an API all that its description allows, and what it does not.
func schemathesis(t *testing.T) string {
	t.Helper()
	path := filepath.Join("..", "..", ".cache", "api", "bin", "st")
	if _, err := os.Stat(path); err != nil {
		lacking(t, path)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTheRunningAPIKeepsToItsDescription(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "")
	st := schemathesis(t)
	h.replaceSetting("{name: case-system, url", "{name: case-system, fields: clear, url")
	h.replaceSetting("{name: test, ", "{name: case-system, ") // whose token may read what is personal
	h.replaceSetting("deposit: true}]", "deposit: true, erase: true, role: administrator}]\n  requests_per_second: 100000")
	h.start("")
	h.drop("a.jpg", sample(t))
	h.drop("b.jpg", variant(t, 1))
	h.drop("empty.pdf", nil)
	h.settled(3, time.Minute)
	cmd := exec.Command(st, "run", "http://"+h.address+"/api/v1/openapi.json", "-H", "Authorization: Bearer "+token,
		"--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "20", "--seed", "1", "--request-timeout", "25", "--no-color",
		"--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,ignored_auth")
	cmd.Dir = t.TempDir()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer time.AfterFunc(examineTime, func() { _ = cmd.Process.Kill() }).Stop()
	err := cmd.Wait()
	said := out.String()
	if err != nil || !strings.Contains(said, "Test cases:") {
		t.Fatalf("%v\n%s", err, said)
	}
	t.Log(said[strings.LastIndex(said, "=== SUMMARY"):])
	if h.answer("http://"+h.address+"/readyz") != http.StatusOK {
		t.Error("the daemon does not work any more")
	}
}

// replaceSetting puts one piece of the settings in the place of another.
func (h *house) replaceSetting(old, text string) {
	h.t.Helper()
	settings, err := os.ReadFile(h.config)
	if err == nil && !bytes.Contains(settings, []byte(old)) {
		h.t.Fatalf("no %q in the settings", old)
	}
	if err == nil {
		err = os.WriteFile(h.config, bytes.Replace(settings, []byte(old), []byte(text), 1), 0o600)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}
