package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/cmd/dossierd/config"
)

// commandLine runs one command line in a language.
func commandLine(t *testing.T, language string, args ...string) (exit int, stdout, stderr string) {
	t.Helper()
	t.Setenv("LC_ALL", language)
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	exit = run(t.Context(), func() {}, args, &out, &errs)
	return exit, out.String(), errs.String()
}

func TestAMistypedLineIsExitCodeTwoAndSaysSoInTheOperatorsLanguage(t *testing.T) {
	for line, want := range map[string][3]string{
		"nosuch":                    {`không có lệnh "nosuch"`, `la commande "nosuch" n'existe pas`, `there is no command "nosuch"`},
		"deposits lst":              {`không có lệnh "lst"; xem: dossierd deposits --help`, `la commande "lst"`, `no command "lst"`},
		"config chek":               {`không có lệnh "chek"`, `la commande "chek"`, `no command "chek"`},
		"status now":                {`thừa tham số "now"`, `"now" est de trop`, `"now" is one too many`},
		"deposits show":             {"thiếu tham số: dossierd deposits show ID", "il manque un argument", "an argument is missing"},
		"deliveries list --state x": {"chọn một trong: pending, delivered, dead", "choisissez parmi : pending", "choose one of: pending"},
		"deposits list --state x":   {"chọn một trong: received", "choisissez parmi : received", "choose one of: received"},
		"deposits list --limit 0":   {"phải từ 1 trở lên", "1 au moins", "must be 1 or more"},
		"deposits list --limit x":   {`--limit không nhận giá trị "x"`, `--limit n'accepte pas "x"`, `--limit can't be "x"`},
		"deposits list --limit":     {"--limit cần một giá trị", "--limit attend une valeur", "--limit needs a value"},
		"serve --fast":              {"không có tùy chọn --fast", "l'option --fast n'existe pas", "there is no option --fast"},
		"scan -z a.jpg":             {"không có tùy chọn -z", "l'option -z n'existe pas", "there is no option -z"},
		"scan nosuch.jpg":           {"nosuch.jpg: no such file or directory; kiểm tra đường dẫn", "vérifiez le chemin", "check the path"},
		"kinds chek":                {`không có lệnh "chek"`, `la commande "chek"`, `no command "chek"`},
		"kinds check no.yaml a.jpg": {"no.yaml: no such file or directory; kiểm tra đường dẫn", "vérifiez le chemin", "check the path"},
		"config init no/c.yaml":     {"kiểm tra đường dẫn", "vérifiez le chemin", "check the path"},
		"report --by week":          {"chọn một trong: department", "choisissez parmi : department", "choose one of: department"},
		"report --from 2026-02-30":  {"viết ngày có thật theo dạng 2026-01-31", "un jour qui existe", "write a day that exists"},
		"report --format xml":       {"chọn một trong: table", "choisissez parmi : table", "choose one of: table"},
		"search --all --limit 3 a":  {"--all cùng với --limit", "--all ne va pas avec --limit", "--all can't go with --limit"},
		"search --token-file t a":   {"--token-file cùng với --server", "ne sert qu'avec --server", "of use with --server only"},
		"scan --pdfa 2b a.jpg":      {"chọn một trong: 2u, 1b, 3u", "choisissez parmi : 2u", "choose one of: 2u, 1b, 3u"},
	} {
		for i, language := range []string{"vi_VN.UTF-8", "fr_FR.UTF-8", "en_GB.UTF-8"} {
			exit, stdout, stderr := commandLine(t, language, strings.Fields(line)...)
			if exit != exitUsage || !strings.Contains(stderr, want[i]) || stdout != "" {
				t.Errorf("%s, %s: exit code %d, %q, %q", language, line, exit, stdout, stderr)
			}
		}
	}
}

func TestWhatCanNotBeIsExitCodeTwoAndNothingIsDone(t *testing.T) {
	folder := t.TempDir()
	settings := filepath.Join(folder, "c.yaml")
	if err := os.WriteFile(settings, []byte("language: en\ndata: "+folder+"\n"), 0o600); err != nil {
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
	for line, want := range map[string]string{
		"deposits show nosuch":                     "there is no deposit nosuch",
		"deposits requeue nosuch":                  "there is no deposit nosuch",
		"deposits dismiss nosuch":                  "say why: --reason",
		"deposits dismiss nosuch --reason x":       "there is no deposit nosuch",
		"deposits assign nosuch --to x":            "there is no deposit nosuch",
		"report --from 2026-02-01 --to 2026-01-01": "--to 2026-01-01 is before --from 2026-02-01; change one of them",
		"deliveries replay nosuch":                 "there is no delivery of this ID: nosuch",
	} {
		exit, stdout, stderr := commandLine(t, "vi_VN.UTF-8", append(strings.Fields(line), "--config", settings)...)
		if exit != exitUsage || !strings.Contains(stderr, want) || stdout != "" {
			t.Errorf("%s: exit code %d, %q, %q", line, exit, stdout, stderr)
		}
	}
}

// What is made here by root would keep the daemon, which is not root, from its own catalogue.
func TestACommandThatLooksMakesNoCatalogue(t *testing.T) {
	exit, _, stderr := commandLine(t, "C", "status")
	if exit != exitMachine || !strings.Contains(stderr, "there is no catalogue in") {
		t.Errorf("exit code %d, %q", exit, stderr)
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}

func TestHelpIsInTheOperatorsLanguage(t *testing.T) {
	for language, want := range map[string][]string{
		"vi_VN.UTF-8": {"Cách dùng:", "Liệt kê các lần nộp", "Tùy chọn:", "xem trợ giúp này", "Tùy chọn chung:"},
		"fr_FR.UTF-8": {"Usage :", "Lister les dépôts", "Options :", "montrer cette aide", "Options générales :"},
		"C":           {"Usage:", "List deposits, newest first", "Flags:", "show this help", "Global Flags:"},
	} {
		exit, stdout, _ := commandLine(t, language, "deposits", "list", "--help")
		for _, text := range want {
			if exit != exitDone || !strings.Contains(stdout, text) {
				t.Errorf("%s: exit code %d, %q is not in\n%s", language, exit, text, stdout)
			}
		}
	}
}

func TestEveryTextOfTheHelpIsTranslated(t *testing.T) {
	root := (&app{stdout: io.Discard, stderr: io.Discard, words: wordsFor("en")}).root()
	used := map[string]bool{"": true}
	eachCommand(root, func(cmd *cobra.Command) {
		if cmd.Hidden {
			return
		}
		used[cmd.Short] = true
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) { used[f.Usage] = true })
		if cmd.HasExample() == cmd.HasAvailableSubCommands() && cmd.Name() != "help" && cmd.Name() != "completion" {
			t.Errorf("%s: has no example", cmd.CommandPath())
		}
	})
	for text := range used {
		if _, ok := helpTexts[text]; !ok && text != "" {
			t.Errorf("not translated: %q", text)
		}
	}
	name := regexp.MustCompile("`[A-Z]+`")
	for english, texts := range helpTexts {
		if !used[english] {
			t.Errorf("used by no command: %q", english)
		}
		for _, text := range texts {
			if name.FindString(text) != name.FindString(english) || !norm.NFC.IsNormalString(text) || text == "" {
				t.Errorf("%q became %q", english, text)
			}
		}
	}
	for english := range helpHeadings {
		if !strings.Contains(root.UsageTemplate(), english) {
			t.Errorf("not in the template: %q", english)
		}
	}
}

func TestEveryMessageSaysTheSameInThreeLanguages(t *testing.T) {
	verb := regexp.MustCompile(`%(\[\d\])?(\.\d)?[a-z]`)
	for key, texts := range messages {
		for _, text := range texts {
			if !slices.Equal(verb.FindAllString(text, -1), verb.FindAllString(texts[2], -1)) || !norm.NFC.IsNormalString(text) || text == "" {
				t.Errorf("%s: %q", key, text)
			}
		}
	}
}

func TestAFaultyKindIsExitCodeTwoAndNamesEveryFaultInTheOperatorsLanguage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "k.yaml")
	if err := os.WriteFile(file, []byte("name: k\ntitles: {en: K}\nrecognise: [{words: K, wieght: 1}]\nfields: [{name: a, type: dat}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for language, wants := range map[string][]string{
		"vi_VN.UTF-8": {`k.yaml:3: recognise[0].wieght: không có khóa này; có phải ý bạn là "weight"?`, "k.yaml:4: fields[0].type:"},
		"fr_FR.UTF-8": {`k.yaml:3: recognise[0].wieght: clé inconnue ; vouliez-vous dire "weight" ?`, "k.yaml:4: fields[0].type:"},
		"en_GB.UTF-8": {`k.yaml:3: recognise[0].wieght: there is no such key; did you mean "weight"?`, "k.yaml:4: fields[0].type:"},
	} {
		exit, stdout, stderr := commandLine(t, language, "kinds", "check", file, "scan.jpg")
		for _, want := range wants {
			if exit != exitUsage || stdout != "" || !strings.Contains(stderr, want) {
				t.Errorf("%s: exit code %d, %q is not in\n%s", language, exit, want, stderr)
			}
		}
	}
}

func TestTheKindsAreListedWithTheirFiles(t *testing.T) {
	exit, stdout, stderr := commandLine(t, "fr_FR.UTF-8", "kinds", "list")
	if exit != exitDone || !strings.Contains(stdout, "Formulaire") || !strings.Contains(stdout, "vi-document.yaml") || stderr != "" {
		t.Errorf("exit code %d\n%s%s", exit, stdout, stderr)
	}
}
