package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/dossierd/dossierd/dossier"
)

var update = flag.Bool("update", false, "write testdata/corpus.want anew")

// scanned is what a `dossierd scan --json` left behind.
type scanned struct {
	output string // the folder with the PDFs
	lines  []scanLine
	exit   int
	stderr string
	err    error // the command could not be run, or printed something else than lines
}

// scanLine is a line of --json, as a reader of it declares it.
type scanLine struct {
	File       string       `json:"file"`
	Status     string       `json:"status"`
	PDF        string       `json:"pdf"`
	Pages      int          `json:"pages"`
	Words      int          `json:"words"`
	Confidence float64      `json:"confidence"`
	Seconds    float64      `json:"seconds"`
	Warnings   []string     `json:"warnings"`
	Code       dossier.Code `json:"code"`
	Message    string       `json:"message"`
}

// corpusDir is ../shared/corpus.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../../shared/corpus")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); err != nil {
		lacking(t, "../shared/corpus")
	}
	return dir
}

// lacking skips a test for what the machine has not got; in CI nothing may be lacking, but for the quick tests.
func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" && !testing.Short() {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// command prepares dossierd with a clock of its own for what it writes, and messages in English.
func command(binary string, args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1767571200", "LC_ALL=C.UTF-8", "LANG=en_US.UTF-8")
	return cmd
}

// scanTo runs dossierd scan --json into a folder.
func scanTo(binary, output string, args ...string) scanned {
	cmd := command(binary, append([]string{"scan", "--json", "-o", output}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	s := scanned{output: output, stderr: stderr.String()}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		s.exit = exit.ExitCode()
	} else if err != nil {
		s.err = err
	}
	for line := range bytes.Lines(out) {
		var l scanLine
		if err := json.Unmarshal(line, &l); err != nil {
			s.err = fmt.Errorf("line %q: %w", line, err)
		}
		s.lines = append(s.lines, l)
	}
	return s
}

// scan is scanTo a folder of the test's own.
func scan(t *testing.T, args ...string) scanned {
	t.Helper()
	s := scanTo(build(t), filepath.Join(t.TempDir(), "out"), args...)
	if s.err != nil {
		t.Fatal(s.err)
	}
	return s
}

var sweep struct {
	once   sync.Once
	result scanned
}

// swept is the whole corpus after one scan at 2u, with sidecars; the judges share it.
func swept(t *testing.T) scanned {
	t.Helper()
	binary, dir := build(t), corpusDir(t)
	sweep.once.Do(func() {
		sweep.result = scanTo(binary, filepath.Join(filepath.Dir(binary), "swept"), "--text", "--hocr", "-l", "vie,fra,eng", dir)
	})
	if sweep.result.err != nil {
		t.Fatal(sweep.result.err)
	}
	return sweep.result
}

// done lists the lines of what became a PDF.
func (s scanned) done() []scanLine {
	return slices.DeleteFunc(slices.Clone(s.lines), func(l scanLine) bool { return l.Status != "done" })
}

// short is a file's path within the corpus.
func short(t *testing.T, file string) string {
	t.Helper()
	rel, err := filepath.Rel(corpusDir(t), file)
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(rel)
}

func TestEveryFileOfTheCorpusIsReadOrRefusedWithACode(t *testing.T) {
	t.Parallel()
	s := swept(t)
	if s.exit != 1 {
		t.Errorf("exit code %d, where some of the corpus is refused", s.exit)
	}
	var got strings.Builder
	for _, l := range s.lines {
		checkLine(t, s, l)
		name := short(t, l.File)
		if ext := filepath.Ext(name); ext != ".txt" && ext != ".rows" {
			fmt.Fprintf(&got, "%s: %s\n", name, outcome(l))
		}
	}
	const golden = "testdata/corpus.want"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for _, l := range gotLines {
		if !slices.Contains(wantLines, l) {
			t.Errorf("came out, against %s: %s", golden, l)
		}
	}
	if len(gotLines) != len(wantLines) {
		t.Errorf("%d lines, %d in %s", len(gotLines), len(wantLines), golden)
	}
}

// outcome is what became of an input, but for the figures that another version of Tesseract moves.
func outcome(l scanLine) string {
	if l.Status == "rejected" {
		return "rejected " + string(l.Code)
	}
	said := slices.DeleteFunc(slices.Clone(l.Warnings), func(w string) bool { return w == dossier.WarnLowConfidence })
	return strings.TrimSpace(fmt.Sprintf("%s %d %s", l.Status, l.Pages, strings.Join(said, " ")))
}

// checkLine holds a line against what is beside it.
func checkLine(t *testing.T, s scanned, l scanLine) {
	t.Helper()
	switch l.Status {
	case "rejected":
		if !slices.Contains(dossier.Codes(), l.Code) || strings.HasPrefix(string(l.Code), "worker_") {
			t.Errorf("%s: rejected with the code %q", l.File, l.Code)
		}
		if !strings.Contains(l.Message, filepath.Base(l.File)) || !strings.Contains(s.stderr, l.Message+"\n") {
			t.Errorf("%s: the message %q does not name it, or is not on stderr", l.File, l.Message)
		}
	case "done":
		for _, w := range l.Warnings {
			if strings.HasPrefix(w, "worker_") {
				t.Errorf("%s: %s", l.File, w)
			}
		}
		if info, err := os.Stat(l.PDF); err != nil || info.Size() == 0 || l.Pages == 0 {
			t.Errorf("%s: %d pages, %v", l.File, l.Pages, err)
		}
		if l.Confidence < 0 || l.Confidence > 1 || (l.Words > 0) != (l.Confidence > 0) {
			t.Errorf("%s: %d words of confidence %v", l.File, l.Words, l.Confidence)
		}
	default:
		t.Errorf("%s: status %q", l.File, l.Status)
	}
}

func TestTwoScansOfTheSameFilesMakeTheSamePDFs(t *testing.T) {
	t.Parallel()
	first, dir := swept(t), corpusDir(t)
	for _, name := range []string{
		"tiff", "pages/multipage.pdf", "pages/vector.pdf", "pages/baiona_alpha.png", "pages/formxobject.pdf", "odd/pdfjs-bug900822.pdf",
		"fr/dictee-scan.pdf", "en/receipt_03.png", "vi/d0001-p10.jpg",
	} {
		again := scan(t, "--text", "-l", "vie,fra,eng", filepath.Join(dir, name))
		for _, l := range again.done() {
			i := slices.IndexFunc(first.lines, func(f scanLine) bool { return f.File == l.File })
			before := first.lines[i].PDF
			if filepath.Base(l.PDF) != filepath.Base(before) {
				continue // a name that only stood out in the whole corpus; it is the PDF's title as well
			}
			if !bytes.Equal(content(t, l.PDF), content(t, before)) {
				t.Errorf("%s differs between two runs", l.PDF)
			}
			if !bytes.Equal(content(t, text(l)), content(t, text(first.lines[i]))) {
				t.Errorf("the text of %s differs between two runs", l.PDF)
			}
		}
	}
}

// text is the path of a line's text file.
func text(l scanLine) string { return strings.TrimSuffix(l.PDF, ".pdf") + ".txt" }

func content(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
