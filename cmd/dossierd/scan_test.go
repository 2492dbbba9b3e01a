package main_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const samplePage = "../../testdata/pages/sample.jpg"

// put writes a file into a folder.
func put(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestScanMakesAPDFOfEachFileAndSaysSo(t *testing.T) {
	t.Parallel()
	s := scan(t, "-l", "vie", "--text", "--alto", "--hocr", samplePage)
	if s.exit != 0 || len(s.lines) != 1 || s.stderr != "" {
		t.Fatalf("exit code %d, %d lines, %s", s.exit, len(s.lines), s.stderr)
	}
	l := s.lines[0]
	if l.File != samplePage || l.Status != "done" || l.PDF != filepath.Join(s.output, "sample.pdf") || l.Pages != 1 ||
		l.Words < 100 || l.Confidence < 0.6 || l.Seconds <= 0 || l.Warnings == nil {
		t.Errorf("%+v", l)
	}
	if got, want := files(t, s.output), []string{"sample.alto.xml", "sample.hocr", "sample.pdf", "sample.txt"}; !slices.Equal(got, want) {
		t.Errorf("left %q", got)
	}
}

func TestOneInputRefusedIsExitCodeOneAndTheOthersAreDone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put(t, dir, "a.jpg", sample(t))
	put(t, dir, "b.tif", nil)
	put(t, dir, "c.doc", []byte("no scan at all"))
	s := scan(t, "-l", "vie", dir)
	var got []string
	for _, l := range s.lines {
		got = append(got, filepath.Base(l.File)+" "+l.Status+" "+string(l.Code))
	}
	if want := []string{"a.jpg done ", "b.tif rejected empty", "c.doc rejected unknown_format"}; s.exit != 1 || !slices.Equal(got, want) {
		t.Errorf("exit code %d, %q", s.exit, got)
	}
	for _, name := range []string{"b.tif", "c.doc"} {
		if !strings.Contains(s.stderr, name) {
			t.Errorf("%s is not named on stderr: %s", name, s.stderr)
		}
	}
	if left := files(t, s.output); !slices.Equal(left, []string{"a.pdf"}) {
		t.Errorf("left %q", left)
	}
}

func TestInputsOfOneNameDoNotShareAPDF(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for i, name := range []string{"a.jpg", "a.jpeg", "a", "sub/a.jpg", ".hidden.jpg", "a.jpg.jpg"} {
		put(t, dir, name, variant(t, i))
	}
	s := scan(t, "-l", "vie", dir)
	if s.exit != 0 || len(s.lines) != 5 {
		t.Fatalf("exit code %d, %d lines", s.exit, len(s.lines))
	}
	made := map[string]bool{}
	for _, l := range s.lines {
		if made[l.PDF] || !bytes.Contains(content(t, l.PDF), content(t, l.File)) {
			t.Errorf("%s does not hold %s alone", l.PDF, l.File)
		}
		made[l.PDF] = true
	}
	if got := files(t, s.output); len(got) != 5 || !slices.Contains(got, "sub/a.pdf") {
		t.Errorf("left %q", got)
	}
}

func TestWithOneAllInputsBecomeOnePDFInTheirOrder(t *testing.T) {
	t.Parallel()
	build(t)
	dir := t.TempDir()
	first, second := put(t, dir, "z.jpg", variant(t, 1)), put(t, dir, "two.tif", twoPages(t))
	broken := put(t, dir, "broken.png", []byte("\x89PNG\r\n\x1a\n"))
	s := scan(t, "-l", "vie", "--one", "case-17", first, broken, second)
	if s.exit != 1 || len(s.lines) != 3 {
		t.Fatalf("exit code %d, %d lines: %s", s.exit, len(s.lines), s.stderr)
	}
	pages := map[string]int{}
	for _, l := range s.lines {
		pages[filepath.Base(l.File)] = l.Pages
		if l.Status == "done" && l.PDF != filepath.Join(s.output, "case-17.pdf") {
			t.Errorf("%s went into %s", l.File, l.PDF)
		}
	}
	if pages["z.jpg"] != 1 || pages["two.tif"] != 2 || pages["broken.png"] != 0 {
		t.Errorf("pages: %v", pages)
	}
	info := output(t, "pdfinfo", filepath.Join(s.output, "case-17.pdf"))
	if !strings.Contains(info, "Pages:           3") || !strings.Contains(info, "case-17") {
		t.Errorf("the PDF: %s", info)
	}
}

func TestWhatIsThereIsOverwrittenOnlyByForce(t *testing.T) {
	t.Parallel()
	binary, out := build(t), t.TempDir()
	there := put(t, out, "sample.pdf", []byte("somebody's"))
	if s := scanTo(binary, out, "-l", "vie", samplePage); s.exit != 2 || len(s.lines) != 0 || !strings.Contains(s.stderr, there) {
		t.Errorf("exit code %d, %d lines, %s", s.exit, len(s.lines), s.stderr)
	}
	if string(content(t, there)) != "somebody's" {
		t.Error("the file was overwritten")
	}
	if s := scanTo(binary, out, "--force", "-l", "vie", samplePage); s.exit != 0 || !bytes.HasPrefix(content(t, there), []byte("%PDF-")) {
		t.Errorf("with --force: exit code %d, %s", s.exit, s.stderr)
	}
}

func TestWrongUsageIsExitCodeTwoAndALackIsThree(t *testing.T) {
	t.Parallel()
	binary := build(t)
	for name, test := range map[string]struct {
		args []string
		want int
	}{
		"no path":           {[]string{}, 2},
		"no such file":      {[]string{"no-such-file.jpg"}, 2},
		"an empty folder":   {[]string{t.TempDir()}, 2},
		"an unknown flag":   {[]string{"--fast", samplePage}, 2},
		"an unknown level":  {[]string{"--pdfa", "2b", samplePage}, 2},
		"no jobs":           {[]string{"-j", "0", samplePage}, 2},
		"a name of folders": {[]string{"--one", "a/b", samplePage}, 2},
		"a model not here":  {[]string{"-l", "tlh", samplePage}, 3},
	} {
		s := scanTo(binary, filepath.Join(t.TempDir(), "out"), test.args...)
		if s.exit != test.want || s.stderr == "" || len(s.lines) != 0 {
			t.Errorf("%s: exit code %d, %s", name, s.exit, s.stderr)
		}
	}
}

func TestWithoutItsWorkerScanSaysWhatTheMachineLacks(t *testing.T) {
	t.Parallel()
	alone := put(t, t.TempDir(), "dossierd", content(t, build(t)))
	if err := os.Chmod(alone, 0o755); err != nil {
		t.Fatal(err)
	}
	cmd := command(alone, "scan", "-l", "vie", "-o", t.TempDir(), samplePage)
	cmd.Env = append(cmd.Env, "PATH=/nowhere")
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(string(out), "dossierd-page") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestDoctorIsContentWithAMachineThatHasNoSettingsYet(t *testing.T) {
	t.Parallel()
	cmd := command(build(t), "doctor")
	cmd.Dir = t.TempDir()
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "This machine has everything.") {
		t.Errorf("%v: %s", err, out)
	}
	cmd = command(build(t), "doctor", "--json", "--config", put(t, t.TempDir(), "c.yaml", []byte("workers: 0\n")))
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.Contains(string(out), "must be at least 1") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestAScanInterruptedLeavesNoHalfPDF(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "out")
	scratch := t.TempDir()
	cmd := command(build(t), "scan", "--json", "-l", "vie", "-j", "1", "-o", out, put(t, t.TempDir(), "two.tif", twoPages(t)))
	cmd.Env = append(cmd.Env, "TMPDIR="+scratch)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !slices.ContainsFunc(files(t, scratch), func(name string) bool {
		return strings.Contains(name, "rendition-")
	}); time.Sleep(10 * time.Millisecond) { // what another process writes
		if time.Now().After(deadline) {
			t.Fatal("the scan does not begin")
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Errorf("ended with %v", err)
	}
	if left := append(files(t, out), files(t, scratch)...); len(left) != 0 {
		t.Errorf("left %q", left)
	}
}

func TestALineThatCanNotBePrintedIsNoSuccess(t *testing.T) {
	t.Parallel()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("this machine has no /dev/full")
	}
	defer full.Close()
	cmd := exec.Command(build(t), "scan", "--json", "-o", t.TempDir(), "../../testdata/pages/sample.jpg")
	cmd.Stdout = full
	if err := cmd.Run(); err == nil {
		t.Error("exit code 0, and nobody heard of the page")
	}
}
