package web_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite web/client")

// judge is the path of a program that a test judges with. Where it is missing the test skips, in CI it fails.
func judge(t *testing.T, path string) string {
	t.Helper()
	if testing.Short() {
		t.Skip("runs " + path)
	}
	found, err := exec.LookPath(path)
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing", path)
	}
	if err != nil {
		t.Skipf("%s is missing", path)
	}
	found, err = filepath.Abs(found)
	must(t, err)
	return found
}

func TestTheAPIsDescriptionPassesTheLinter(t *testing.T) {
	spectral := judge(t, filepath.Join("..", ".cache", "spectral", "node_modules", ".bin", "spectral"))
	file := filepath.Join(t.TempDir(), "openapi.json")
	must(t, os.WriteFile(file, []byte(start(t).do(t, http.MethodGet, "/api/v1/openapi.json").body), 0o600))
	out, err := exec.Command(spectral, "lint", "--fail-severity", "warn", "--ruleset", "testdata/spectral.yaml", file).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// clientDescription is the API's description as package client is made from it.
func clientDescription(t *testing.T) []byte {
	t.Helper()
	var d map[string]any
	must(t, json.Unmarshal([]byte(start(t).do(t, http.MethodGet, "/api/v1/openapi.json").body), &d))
	delete(d, "servers")
	fault := map[string]any{"description": "Error", "content": map[string]any{
		"application/problem+json": map[string]any{"schema": map[string]any{"$ref": "#/components/schemas/Problem"}},
	}}
	for _, item := range d["paths"].(map[string]any) {
		for _, op := range item.(map[string]any) {
			responses := op.(map[string]any)["responses"].(map[string]any)
			for status := range responses {
				if strings.HasPrefix(status, "4") || strings.HasPrefix(status, "5") {
					delete(responses, status)
				}
			}
			responses["default"] = fault
		}
	}
	data, err := json.MarshalIndent(d, "", " ")
	must(t, err)
	return append(data, '\n')
}

func TestTheClientIsMadeFromTheAPIAsItIs(t *testing.T) {
	generator := judge(t, "oapi-codegen")
	description := clientDescription(t)
	folder := t.TempDir()
	if *update {
		folder = "client"
	}
	must(t, os.WriteFile(filepath.Join(folder, "openapi.json"), description, 0o600))
	config, err := filepath.Abs(filepath.Join("client", "oapi-codegen.yaml"))
	must(t, err)
	cmd := exec.Command(generator, "-config", config, "openapi.json")
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"openapi.json", "client.gen.go"} {
		made, err := os.ReadFile(filepath.Join(folder, name))
		must(t, err)
		kept, err := os.ReadFile(filepath.Join("client", name))
		must(t, err)
		if !bytes.Equal(made, kept) {
			t.Errorf("web/client/%s is of another API: go test ./web -run TheClientIsMade -update", name)
		}
	}
}
