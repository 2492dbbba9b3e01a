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

func TestRetentionOfAKindThatIsNotThereIsAFault(t *testing.T) {
	folder, kinds := t.TempDir(), t.TempDir()
	file := filepath.Join(folder, "c.yaml")
	kind := "name: permit\ntitles: {en: Permit}\nrecognise: [{words: [Permit], weight: 1}]\n"
	if err := os.WriteFile(filepath.Join(kinds, "permit.yaml"), []byte(kind), 0o600); err != nil {
		t.Fatal(err)
	}
	for rules, want := range map[string]string{
		"{vi-birth: 70y, permit: 90d}":  "",
		"{vi-birth: 70y, permits: 90d}": "c.yaml:4: retention.permits: there is no kind of paper \"permits\"; `dossierd kinds list` shows them\n",
	} {
		text := "language: en\ndata: " + folder + "\nkinds: " + kinds + "\nretention: " + rules + "\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		exit, _, stderr := commandLine(t, "C", "config", "check", file)
		if (exit == exitUsage) != (want != "") || !strings.Contains(stderr, want) {
			t.Errorf("config check of %s: exit code %d, %s", rules, exit, stderr)
		}
		if want == "" {
			continue // it would run
		}
		if exit, _, stderr = commandLine(t, "C", "serve", "--config", file); exit != exitUsage || !strings.Contains(stderr, want) {
			t.Errorf("serve with %s: exit code %d, %s", rules, exit, stderr)
		}
	}
}
