package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestEveryFaultOfAFileIsNamedWithLineAndRemedy(t *testing.T) {
	t.Setenv("LANG", "en_GB.UTF-8")
	t.Setenv("LC_ALL", "")
	t.Chdir("testdata")
	files, err := filepath.Glob("*.bad.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no bad files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file, ".bad.yaml"), func(t *testing.T) {
			_, err := Load(file, func(l string) bool { return l == "vie" || l == "fra" || l == "eng" })
			if err == nil {
				t.Fatal("no fault found")
			}
			golden := strings.TrimSuffix(file, ".yaml") + ".err"
			if *update {
				if err := os.WriteFile(golden, []byte(err.Error()+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, readErr := os.ReadFile(golden)
			if readErr != nil {
				t.Fatal(readErr)
			}
			if got := err.Error() + "\n"; got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

func TestAFolderThatIsAwayIsNamedAndNoFaultOfTheFile(t *testing.T) {
	c, err := parse([]byte("language: en\nstations:\n  - {name: a, folder: /nowhere/at/all}\n"), &Faults{File: "x.yaml"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "x.yaml:3: stations[0].folder: there is no folder /nowhere/at/all; create it with: mkdir -p /nowhere/at/all"
	if err := c.CheckFolders(); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestATokensHashMayBeInCapitals(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	c, err := parse([]byte("http:\n  tokens:\n    - {name: a, sha256: "+strings.ToUpper(hash)+"}\n"), &Faults{}, nil)
	if err != nil || c.HTTP.Tokens[0].SHA256 != hash {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestTheFileThatConfigInitWritesIsValid(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CASE_SYSTEM_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
	text := strings.ReplaceAll(Template(), "/srv/scans/quay-1", dir)
	file := filepath.Join(t.TempDir(), "dossierd.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Stations) != 1 || c.Stations[0].Name != "quay-1" || len(c.Subscribers) != 1 {
		t.Errorf("unexpected settings: %+v", c)
	}
}

func TestDefaultsStandInForKeysThatAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	faults := &Faults{File: "x.yaml"}
	c, err := parse([]byte("stations:\n  - {name: a, folder: "+dir+"}\n"), faults, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Stations[0]
	if s.Grouping != "file" || s.Languages[0] != "vie" || s.Quiet == 0 || s.IncompleteAfter == 0 || s.DuplicateWindow == 0 {
		t.Errorf("station without defaults: %+v", s)
	}
	if c.PDFA != "2u" || c.Limits.Pixels != 250_000_000 || c.Store.Folder == "" {
		t.Errorf("no defaults: %+v", c)
	}
}

func TestEveryFaultHasASentenceInThreeLanguages(t *testing.T) {
	for code, texts := range sentences {
		for i, text := range texts {
			if text == "" {
				t.Errorf("%s has no sentence in language %d", code, i)
			}
		}
	}
}

func TestAFaultIsToldInTheLanguageOfTheFile(t *testing.T) {
	_, err := parse([]byte("language: vi\nworkers: 0\n"), &Faults{File: "x.yaml"}, nil)
	if err == nil || !strings.Contains(err.Error(), "phải ít nhất là 1") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	f.Add([]byte(Template()))
	f.Add([]byte("stations:\n- - a\n"))
	f.Add([]byte("limits: {pixels: [1]}\nhttp: ${X}\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_, err := parse(data, &Faults{File: "x.yaml"}, nil)
		if err != nil {
			_ = err.Error()
		}
	})
}
