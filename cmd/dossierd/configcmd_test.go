package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigCheckNamesTheFaultsOfProceduresWithThoseOfTheSettings(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"c.yaml": "language: vi\nworkers: 0\nprocedures: " + folder + "/procedures\n", "procedures/a.yaml": "code: \"1\"\ndepartement: x\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	exit, _, stderr := commandLine(t, "C", "config", "check", filepath.Join(folder, "c.yaml"))
	for _, want := range []string{
		"c.yaml:2: workers: phải ít nhất là 1\n", folder + "/procedures/a.yaml:1: thiếu khóa department; hãy thêm vào\n",
		folder + "/procedures/a.yaml:2: departement: không có khóa này",
	} {
		if exit != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("exit code %d, %q is not in\n%s", exit, want, stderr)
		}
	}
	exit, _, stderr = commandLine(t, "C", "serve", "--config", filepath.Join(folder, "c.yaml"))
	if exit != exitUsage {
		t.Errorf("serve: exit code %d, %s", exit, stderr)
	}
}
