package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
	"github.com/dossierd/dossierd/dossier"
	"github.com/dossierd/dossierd/pipeline/cover"
	"github.com/dossierd/dossierd/pipeline/payload"
)

// counters are settings of two stations, French and Vietnamese, with a catalogue.
func counters(t *testing.T) (settings string) {
	t.Helper()
	folder := t.TempDir()
	settings = filepath.Join(folder, "c.yaml")
	text := "language: en\ndata: " + folder + "\ntimezone: UTC\nstations:\n" +
		"  - {name: quay-1, folder: " + folder + "/1, department: so-tu-phap, language: vi}\n" +
		"  - {name: mairie, folder: " + folder + "/2, department: etat-civil, language: fr}\n"
	if err := os.WriteFile(settings, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(settings, nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := openCatalogue(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return settings
}

// coverLine runs `dossierd cover` in an empty folder.
func coverLine(t *testing.T, settings string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	return commandLine(t, "C", append([]string{"cover", "--config", settings}, args...)...)
}

// printed are the bytes of these sheets.
func printed(t *testing.T, language string, sheets ...cover.Sheet) string {
	t.Helper()
	var b bytes.Buffer
	if err := cover.Write(&b, language, sheets); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func fileText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func today(station, number string) string {
	return station + "-" + time.Now().UTC().Format("20060102") + "-" + number
}

func TestASlipSaysWhatTheLineSays(t *testing.T) {
	slip := payload.Slip{Sheet: true, Code: "H42.16-240112-0003", Procedure: "2.000488", Station: "quay-1", Place: "Kệ 3"}
	exit, stdout, stderr := coverLine(t, counters(t), "--code", "h42.16-240112-0003", "--procedure", "2.000488", "--name", "Cấp phiếu",
		"--station", "quay-1", "--place", "Ke\u0323\u0302 3", "-o", "-")
	if want := printed(t, "vi", cover.Sheet{Says: slip, Name: "Cấp phiếu"}); exit != exitDone || stdout != want || stderr != "" {
		t.Errorf("exit code %d, %d bytes, %q", exit, len(stdout), stderr)
	}
}

func TestASlipNamesTheProcedureAsTheOfficesFilesDo(t *testing.T) {
	for language, name := range map[string]string{"vi": "Cấp Phiếu lý lịch tư pháp", "fr": "Extrait de casier judiciaire"} {
		exit, stdout, stderr := coverLine(t, counters(t), "--code", "H42-240112-0003", "--procedure", "2.000488", "--language", language, "-o", "-")
		want := printed(t, language, cover.Sheet{Says: payload.Slip{Sheet: true, Code: "H42-240112-0003", Procedure: "2.000488"}, Name: name})
		if exit != exitDone || stdout != want {
			t.Errorf("%s: exit code %d, %d bytes, %q", language, exit, len(stdout), stderr)
		}
	}
}

func TestASlipWithoutACodeTakesTheNextNumber(t *testing.T) {
	settings := counters(t)
	exit, stdout, stderr := coverLine(t, settings, "--station", "mairie", "--count", "2", "-o", "two.pdf")
	first, second := today("mairie", "0001"), today("mairie", "0002")
	if exit != exitDone || stdout != "two.pdf: 2 sheet(s)\n"+first+"\n"+second+"\n" {
		t.Fatalf("exit code %d, %q, %q", exit, stdout, stderr)
	}
	want := printed(t, "fr", cover.Sheet{Says: payload.Slip{Sheet: true, Code: first, Station: "mairie"}},
		cover.Sheet{Says: payload.Slip{Sheet: true, Code: second, Station: "mairie"}})
	if fileText(t, "two.pdf") != want {
		t.Error("the file says something else")
	}
	if _, stdout, _ = coverLine(t, settings, "--station", "mairie"); !strings.HasSuffix(stdout, "\n"+today("mairie", "0003")+"\n") {
		t.Errorf("then %q", stdout)
	}
	if _, stdout, _ = coverLine(t, settings, "--station", "quay-1"); !strings.HasSuffix(stdout, "\n"+today("quay-1", "0001")+"\n") {
		t.Errorf("at the other station %q", stdout)
	}
}

func TestAListBecomesASlipALine(t *testing.T) {
	settings := counters(t)
	list := filepath.Join(t.TempDir(), "list.csv")
	text := "\ufeffNAME;Holder;Procedure;CODE\r\n" +
		"Cấp phiếu; x;2.000488;000.00.16.H42-240112-0003\r\n\r\n;;;\r\n\"Đăng ký \"\"A\"\"\";y;;\r\n;;9.999999;\r\n"
	if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, stdout, stderr := coverLine(t, settings, "--station", "quay-1", "--language", "en", "--place", "Box 7", "--csv", list, "-o", "-")
	slip := payload.Slip{Sheet: true, Station: "quay-1", Place: "Box 7"}
	given, unnamed, named := slip, slip, slip
	given.Code, given.Procedure = "000.00.16.H42-240112-0003", "2.000488"
	unnamed.Code = today("quay-1", "0001")
	named.Code, named.Procedure = today("quay-1", "0002"), "9.999999"
	want := printed(t, "en", cover.Sheet{Says: given, Name: "Cấp phiếu"}, cover.Sheet{Says: unnamed, Name: `Đăng ký "A"`}, cover.Sheet{Says: named})
	if exit != exitDone || stdout != want || stderr != "" {
		t.Errorf("exit code %d, %d bytes, %q", exit, len(stdout), stderr)
	}
}

func TestSeparatorSheetsNeedNoStationAndNoCatalogue(t *testing.T) {
	exit, stdout, stderr := commandLine(t, "fr_FR.UTF-8", "cover", "--separator", "document", "--count", "3", "-o", "-")
	sheet := cover.Sheet{Says: payload.Separator(dossier.CutDocument)}
	if exit != exitDone || stdout != printed(t, "fr", sheet, sheet, sheet) {
		t.Errorf("exit code %d, %d bytes, %q", exit, len(stdout), stderr)
	}
}

func TestASlipForAPageToBeScannedAgainTakesNoNumber(t *testing.T) {
	exit, stdout, stderr := commandLine(t, "vi_VN.UTF-8", "cover", "--rescan", "01hq3zv8kd7y2m4n5p6q7r8s9t:12", "-o", "-")
	slip := payload.Slip{Sheet: true, Station: "demo", Rescan: payload.Rescan{Batch: "01hq3zv8kd7y2m4n5p6q7r8s9t", Page: 12}}
	if exit != exitDone || stdout != printed(t, "vi", cover.Sheet{Says: slip}) {
		t.Errorf("exit code %d, %d bytes, %q", exit, len(stdout), stderr)
	}
}

func TestAFileIsOverwrittenWhenAskedOnly(t *testing.T) {
	settings := counters(t)
	there := filepath.Join(t.TempDir(), "there.pdf")
	if err := os.WriteFile(there, bytes.Repeat([]byte("x"), 1<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	exit, _, stderr := coverLine(t, settings, "--station", "quay-1", "-o", there)
	if exit != exitUsage || !strings.Contains(stderr, "use --force") || len(fileText(t, there)) != 1<<20 {
		t.Errorf("exit code %d, %q", exit, stderr)
	}
	exit, _, stderr = coverLine(t, settings, "--station", "quay-1", "-o", there, "--force")
	// The refusal above took no number.
	want := printed(t, "vi", cover.Sheet{Says: payload.Slip{Sheet: true, Code: today("quay-1", "0001"), Station: "quay-1"}})
	if exit != exitDone || fileText(t, there) != want {
		t.Errorf("with --force: exit code %d, %q", exit, stderr)
	}
}

func TestWithoutACatalogueNoNumberIsTakenAndNoFileIsLeft(t *testing.T) {
	exit, _, stderr := commandLine(t, "C", "cover", "-o", "slip.pdf")
	if exit != exitMachine || !strings.Contains(stderr, "there is no catalogue") {
		t.Errorf("exit code %d, %q", exit, stderr)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}

func TestAFaultyCoverLineIsExitCodeTwoAndSaysWhy(t *testing.T) {
	settings := counters(t)
	for line, want := range map[string]string{
		"--code H42":                                       `the dossier code "H42" is not valid`,
		"--code H42-240230-0001":                           "with a day that exists",
		"--code H42-240112-0001 --csv x.csv":               "--code can't go with --csv",
		"--code H42-240112-0001 --count 2":                 "--code can't go with --count",
		"--separator dossier --procedure 1.001193":         "--separator can't go with --procedure",
		"--rescan 01h2x":                                   `--rescan "01h2x" must be a batch`,
		"--rescan 01h2x:0":                                 "a page from 1",
		"--rescan 01h2x:1 --place x":                       "--rescan can't go with --place",
		"--separator page":                                 "choose one of: dossier, document",
		"--count 0":                                        "must be 1 or more",
		"--code H42-240112-0001 --language de":             "choose one of: vi, fr, en",
		"--code H42-240112-0001 --procedure đ":             `the procedure code "đ" is not valid`,
		"--place " + strings.Repeat("x", 49):               "at most 48 bytes",
		"--station quay-9":                                 "there is no station quay-9; choose one of: quay-1, mairie",
		"--procedure 1.001193":                             "whose number is it to be? Add --station with one of: quay-1, mairie",
		"--csv nosuch.csv --station quay-1":                "check the path",
		"--code H42-240112-0001 -o no/slip.pdf":            "check the path",
		"--code H42-240112-0001 slip.pdf":                  `"slip.pdf" is one too many`,
		"--csv " + filepath.Dir(settings) + " --station x": "there is no station x",
	} {
		exit, stdout, stderr := coverLine(t, settings, strings.Fields(line)...)
		if exit != exitUsage || !strings.Contains(stderr, want) || stdout != "" {
			t.Errorf("%s: exit code %d, %q, %q", line, exit, stdout, stderr)
		}
		if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
			t.Errorf("%s: it left %v, %v", line, entries, err)
		}
	}
}

func TestAFaultyListSaysWhereAndTakesNoNumber(t *testing.T) {
	settings := counters(t)
	list := filepath.Join(t.TempDir(), "list.csv")
	for text, wants := range map[string][]string{
		"":                    {"the first line must name the columns"},
		"mã,thủ tục\na,b\n":   {"the first line must name the columns"},
		"code,procedure\n,\n": {"has no lines"},
		"code,procedure\na\n": {"line 2: wrong number of fields"},
		"code\n\"a\n":         {"line 2: "},
		"name\nCh\xe2u\n":     {"is not UTF-8"},
		"code,procedure\n\n,1.001193\nH42,\n,a b\n,\n": {`line 4: the dossier code "H42"`, `line 5: the procedure code "a b"`},
	} {
		if err := os.WriteFile(list, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		exit, stdout, stderr := coverLine(t, settings, "--station", "quay-1", "--csv", list)
		for _, want := range wants {
			if exit != exitUsage || !strings.Contains(stderr, want) || stdout != "" {
				t.Errorf("%q: exit code %d, %q, %q", text, exit, stdout, stderr)
			}
		}
	}
	if _, stdout, _ := coverLine(t, settings, "--station", "quay-1"); !strings.HasSuffix(stdout, today("quay-1", "0001")+"\n") {
		t.Errorf("the next number is in %q", stdout)
	}
}
