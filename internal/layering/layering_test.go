package layering

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/dossierd/dossierd/"

// list runs go list in the module's root and returns its lines.
func list(t *testing.T, cgo string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = filepath.Join("..", "..")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// imports gives the packages that each package of the module imports itself. Those of the module go without its name.
func imports(t *testing.T) (ours, others map[string][]string) {
	t.Helper()
	ours, others = map[string][]string{}, map[string][]string{}
	for _, line := range list(t, "1", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		names := strings.Fields(line)
		name := strings.TrimPrefix(names[0], module)
		ours[name] = own(names[1:])
		others[name] = slices.DeleteFunc(names[1:], func(i string) bool { return strings.HasPrefix(i, module) })
	}
	return ours, others
}

// own keeps the packages of the module, without its name.
func own(packages []string) []string {
	var names []string
	for _, p := range packages {
		if name, ok := strings.CutPrefix(p, module); ok {
			names = append(names, name)
		}
	}
	return names
}

// under reports whether a package is one of the named ones or lies below one.
func under(name string, roots ...string) bool {
	return slices.ContainsFunc(roots, func(root string) bool { return name == root || strings.HasPrefix(name, root+"/") })
}

// workerOnly are the packages that need cgo, or touch the bytes of an original.
func workerOnly() []string {
	return []string{"ocr/tesseract", "pipeline/source", "pipeline/lept", "pipeline/clean", "pipeline/look", "pipeline/view", "pipeline/barcode"}
}

func TestTheDaemonDependsOnNothingOfTheWorkers(t *testing.T) {
	for _, name := range own(list(t, "0", "-deps", "./cmd/dossierd")) {
		if under(name, workerOnly()...) {
			t.Errorf("cmd/dossierd depends on %s", name)
		}
	}
}

func TestTheWorkerDependsOnNothingOfTheDaemons(t *testing.T) {
	allowed := append(workerOnly(), "cmd/dossierd-page", "ocr", "dossier")
	for _, name := range own(list(t, "1", "-deps", "./cmd/dossierd-page")) {
		if !under(name, allowed...) {
			t.Errorf("cmd/dossierd-page depends on %s", name)
		}
	}
}

// rule says what of the module the packages of one part may import.
type rule struct {
	part    string
	allowed []string
	never   []string // though allowed by the name above it
}

// rules: the first that fits a package counts.
var rules = []rule{
	{part: "cmd/dossierd-page", allowed: append(workerOnly(), "ocr", "dossier")},
	{
		part: "cmd", allowed: []string{"cmd/dossierd", "scanners", "pipeline", "ocr", "storage", "web", "search", "dossier", "kinds", "procedures", "strictyaml"},
		never: workerOnly(),
	},
	{part: "dossier"},
	{part: "fold"},
	{part: "search", allowed: []string{"fold"}},
	{part: "strictyaml", allowed: []string{"fold"}},
	{part: "scanners", allowed: []string{"scanners", "dossier"}},
	{part: "ocr/tesseract", allowed: []string{"ocr", "dossier"}},
	{part: "ocr", allowed: []string{"dossier"}},
	{part: "storage", allowed: []string{"storage", "search", "dossier"}},
	{part: "web", allowed: []string{"web", "ocr", "search", "storage", "dossier"}, never: []string{"storage/fs", "storage/s3"}},
	{part: "pipeline/clean", allowed: []string{"pipeline/lept", "pipeline/barcode", "ocr", "dossier"}},
	{part: "pipeline/look", allowed: []string{"pipeline/clean", "pipeline/lept", "ocr", "dossier"}},
	{part: "pipeline/view", allowed: []string{"pipeline/lept", "dossier"}},
	{part: "pipeline/source", allowed: []string{"pipeline/source", "pipeline/lept", "dossier"}},
	{part: "pipeline/barcode", allowed: []string{"pipeline/lept", "dossier"}},
	{part: "pipeline/lept", allowed: []string{"dossier"}},
	{part: "pipeline/pdfa", allowed: []string{"dossier"}},
	{part: "pipeline/procedure", allowed: []string{"fold", "strictyaml", "dossier"}},
	{part: "pipeline/separate", allowed: []string{"fold", "dossier"}},
	{part: "pipeline/extract", allowed: []string{"pipeline/extract/value", "fold", "strictyaml", "dossier"}},
	{part: "pipeline/webhook", allowed: []string{"dossier"}},
	{part: "pipeline/payload", allowed: []string{"dossier"}},
	{part: "pipeline/cover", allowed: []string{"pipeline/payload", "dossier"}},
	{
		part: "pipeline", allowed: []string{"pipeline", "ocr", "storage", "dossier"},
		never: append(workerOnly(), "storage/fs", "storage/s3"),
	},
}

func TestEachPackageImportsOnlyWhatItsPartMay(t *testing.T) {
	ours, _ := imports(t)
	for name, imported := range ours {
		i := slices.IndexFunc(rules, func(r rule) bool { return under(name, r.part) })
		if i < 0 {
			continue
		}
		for _, other := range imported {
			if !under(other, rules[i].allowed...) || under(other, rules[i].never...) {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
}

func TestNothingImportsACommand(t *testing.T) {
	ours, _ := imports(t)
	for name, imported := range ours {
		for _, other := range imported {
			if under(other, "cmd") && !under(name, "cmd") {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
}

func TestTheNounsNeedTheStandardLibraryOnly(t *testing.T) {
	for _, name := range list(t, "0", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}}{{end}}`, "./dossier") {
		if name != "" && name != module+"dossier" {
			t.Errorf("dossier depends on %s", name)
		}
	}
}

func TestTheLeavesOfThePipelineKnowNoDatabaseAndNoNetwork(t *testing.T) {
	_, others := imports(t)
	for name, imported := range others {
		if !strings.HasPrefix(name, "pipeline/") {
			continue
		}
		for _, other := range imported {
			talks := under(other, "database/sql", "net") && other != "net/url"
			if talks && !under(name, "pipeline/webhook") {
				t.Errorf("%s imports %s", name, other)
			}
		}
	}
}
