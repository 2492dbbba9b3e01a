package pdfa_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// tool returns the path of a program a test judges with. Where it is missing the test skips; in CI it fails, unless -short.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		missing(t, name)
	}
	return path
}

func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" && !testing.Short() {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

func run(t testing.TB, name string, args ...string) string {
	t.Helper()
	var out, diag bytes.Buffer
	cmd := exec.Command(tool(t, name), args...)
	cmd.Stdout, cmd.Stderr = &out, &diag
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s %s: %v\n%s%s", name, strings.Join(args, " "), err, out.String(), diag.String())
	}
	if strings.HasPrefix(name, "pdf") && diag.Len() > 0 {
		t.Errorf("%s %s complains:\n%s", name, strings.Join(args, " "), diag.String())
	}
	return out.String()
}

// corpus is the path of a page in the shared corpus.
func corpus(t testing.TB, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "..", "shared", "corpus", name)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	missing(t, "../shared/corpus/"+name)
	return ""
}

// veraPDF judges files at a level; each must pass.
func veraPDF(t testing.TB, level string, files ...string) {
	t.Helper()
	jar := os.Getenv("DOSSIERD_VERAPDF")
	if jar == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			t.Fatal(err)
		}
		jar = filepath.Join(home, ".m2/repository/org/verapdf/apps/greenfield-apps/1.28.1/greenfield-apps-1.28.1.jar")
	}
	if _, err := os.Stat(jar); err != nil {
		missing(t, "veraPDF")
	}
	args := append([]string{
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", // it is over before what the better compiler makes pays
		"-cp", jar, "org.verapdf.apps.GreenfieldCliWrapper", "--format", "text", "-v", "-f", level,
	}, files...)
	out, err := exec.Command(tool(t, "java"), args...).CombinedOutput()
	if strings.Count(string(out), "PASS ") != len(files) || err != nil {
		t.Errorf("veraPDF %s: %v\n%s", level, err, out)
	}
}

// qpdf checks a file's structure.
func qpdf(t testing.TB, file string) {
	t.Helper()
	if out := run(t, "qpdf", "--check", file); !strings.Contains(out, "No syntax or stream encoding errors") {
		t.Errorf("qpdf --check %s:\n%s", file, out)
	}
}

// draw renders a page's crop box at a resolution.
func draw(t testing.TB, file string, page int, dpi float64) image.Image {
	t.Helper()
	n := strconv.Itoa(page)
	stem := filepath.Join(t.TempDir(), "page")
	run(t, "pdftoppm", "-png", "-cropbox", "-singlefile", "-f", n, "-l", n, "-r", strconv.FormatFloat(dpi, 'f', -1, 64), file, stem)
	f, err := os.Open(stem + ".png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
