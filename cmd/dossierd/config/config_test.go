package config

import (
	"flag"
	"fmt"
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
			hasModel := func(l string) bool { return l == "vie" || l == "fra" || l == "eng" }
			_, err := Check(file, hasModel, nil, func(_, kind string) bool { return kind == "application" })
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

// parsed is what Load makes of a file with this text.
func parsed(t *testing.T, text string) (*Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("x.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load("x.yaml", nil)
}

func TestAFolderThatIsAwayIsNamedAndNoFaultOfTheFile(t *testing.T) {
	c, err := parsed(t, "language: en\nstations:\n  - {name: a, folder: /nowhere/at/all}\n")
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
	c, err := parsed(t, "http:\n  tokens:\n    - {name: a, sha256: "+strings.ToUpper(hash)+"}\n")
	if err != nil || c.HTTP.Tokens[0].SHA256 != hash {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestTheFileThatConfigInitWritesPassesTheCheckAsItIsAndUncommented(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CASE_SYSTEM_SECRET", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")
	settings, station, _ := strings.Cut(Template(), "# stations:")
	station = strings.ReplaceAll("# stations:"+station, "\n# ", "\n")[2:]
	uncommented := settings + strings.ReplaceAll(station, "/srv/scans/quay-1", t.TempDir())
	for text, stations := range map[string]int{Template(): 0, uncommented: 1} {
		if err := os.WriteFile("dossierd.yaml", []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Check("dossierd.yaml", nil, nil, nil)
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		if len(c.Stations) != stations || len(c.Subscribers) != stations {
			t.Errorf("unexpected settings: %+v", c)
		}
	}
}

func TestTheFilesOfKindsAndProceduresAreCheckedWithTheRest(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("ours", 0o700); err != nil {
		t.Fatal(err)
	}
	text := "language: fr\nworkers: 0\nkinds: nowhere\nprocedures: ours\n"
	if err := os.WriteFile("x.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	reader := func(folder, language string) error { return fmt.Errorf("%s/a.yaml:1: %s", folder, language) }
	_, err = Check("x.yaml", nil, map[string]Reader{"kinds": reader, "procedures": reader}, nil)
	want := "x.yaml:2: workers: doit être au moins 1\n" +
		"x.yaml:3: kinds: le dossier " + here + "/nowhere n'existe pas ; créez-le : mkdir -p " + here + "/nowhere\n" +
		here + "/ours/a.yaml:1: fr"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	good := func(string, string) error { return nil }
	if err := os.WriteFile("x.yaml", []byte("procedures: ours\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Check("x.yaml", nil, map[string]Reader{"procedures": good}, nil); err != nil || c.Procedures != here+"/ours" || c.Kinds != "" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestDefaultsStandInForKeysThatAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	c, err := parsed(t, "stations:\n  - {name: a, folder: "+dir+"}\n")
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

func TestOnlyQRIsReadWhereAStationListsNoBarcodes(t *testing.T) {
	for text, want := range map[string]string{"": "[]", ", barcodes: [pdf417, code39]": "[pdf417 code39]"} {
		c, err := parsed(t, "stations:\n  - {name: a, folder: /a"+text+"}\n")
		if err != nil || fmt.Sprint(c.Stations[0].Barcodes) != want {
			t.Errorf("%q: %+v, %v", text, c, err)
		}
	}
}

func TestEveryWayToWriteATextIsRead(t *testing.T) {
	t.Setenv("DOSSIERD_TEST_SET", "so")
	for text, want := range map[string]string{
		"department: so":                     "so",
		"department: 'so'":                   "so",
		"department: \"s\\x6f\"":             "so",
		"department: |\n      so":            "so",
		"department: >-\n      so\n      tu": "so tu",
		"department: !!str so":               "so",
		"department: 0x10":                   "0x10",
		"department: on":                     "on",
		"department: a#b":                    "a#b",
		"department: ${DOSSIERD_TEST_SET}":   "so",
		"department: ~":                      "",
	} {
		c, err := parsed(t, "\ufeffstations:\r\n  - name: a\n    folder: /a\n    "+text+"\n")
		if err != nil || c.Stations[0].Department != want {
			t.Errorf("%s: %+v, %v", text, c, err)
		}
	}
}

func TestKeysThatOnlyAStartTakesInAreNamed(t *testing.T) {
	const text = "workers: 1\nlimits: {pages: 10}\nstations:\n  - {name: a, folder: /a}\n"
	now, err := parsed(t, text)
	if err != nil {
		t.Fatal(err)
	}
	for change, want := range map[string]string{
		text:                                 "[]",
		text + "  - {name: b, folder: /b}\n": "[]",
		"kinds: /k\nprocedures: /p\nretention: {application: 5y}\n" + text: "[]",
		strings.Replace(text, "workers: 1", "workers: 2", 1):               "[workers]",
		"pdfa: 3u\n" + strings.Replace(text, "10", "20", 1):                "[pdfa limits]",
	} {
		next, err := parsed(t, change)
		if err != nil {
			t.Fatal(err)
		}
		next.Data, next.Store = now.Data, now.Store // they follow from the working folder
		if got := fmt.Sprint(now.NeedRestart(next)); got != want {
			t.Errorf("%s: %s, want %s", change, got, want)
		}
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
	_, err := parsed(t, "language: vi\nworkers: 0\n")
	if err == nil || !strings.Contains(err.Error(), "phải ít nhất là 1") {
		t.Errorf("got %v", err)
	}
}

func FuzzParseNeverPanics(f *testing.F) {
	f.Add([]byte(Template()))
	f.Add([]byte("stations:\n- - a\n"))
	f.Add([]byte("limits: {pixels: [1]}\nhttp: ${X}\n"))
	f.Fuzz(func(_ *testing.T, data []byte) {
		_ = parse(data, &Faults{File: "x.yaml"}, nil).faults.Error()
	})
}

func TestACutNeedsAShareAndSheetsAYesOrNo(t *testing.T) {
	station := "language: en\nstations:\n  - {name: a, folder: " + t.TempDir() + ", department: d, %s}\n"
	for text, want := range map[string]string{
		"cut_at: 0.95, keep_sheets: true": "",
		"cut_at: 95":                      "stations[0].cut_at: must be a number above 0 and up to 1, such as 0.9",
		"cut_at: sure":                    "stations[0].cut_at: must be a number above 0 and up to 1, such as 0.9",
		"keep_sheets: maybe":              "stations[0].keep_sheets: must be true or false",
	} {
		c, err := parsed(t, fmt.Sprintf(station, text))
		if want == "" && (err != nil || c.Stations[0].CutAt != .95 || !c.Stations[0].KeepSheets) {
			t.Errorf("%s: %v", text, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
