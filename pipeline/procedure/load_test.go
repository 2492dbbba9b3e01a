package procedure_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/pipeline/procedure"
	"github.com/dossierd/dossierd/procedures"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func builtIn(t testing.TB) *procedure.Set {
	t.Helper()
	set, err := procedure.Load(procedures.Files, nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestTheBuiltInProceduresAreWholeInThreeLanguages(t *testing.T) {
	set := builtIn(t)
	if len(set.Procedures) < 8 || len(set.Files) != len(set.Procedures)+1 {
		t.Fatalf("%d procedures of %d files", len(set.Procedures), len(set.Files))
	}
	whole := func(text procedure.Text, what string) {
		for _, s := range []string{text.VI, text.FR, text.EN} {
			if s == "" || !norm.NFC.IsNormalString(s) {
				t.Errorf("%s: %+v", what, text)
			}
		}
	}
	for _, p := range set.Procedures {
		whole(p.Name, p.Code)
		if len(p.Papers) == 0 || len(p.Results) == 0 || len(p.Titles) == 0 || !regexp.MustCompile("^[0-9a-f]{64}$").MatchString(p.File.SHA256) {
			t.Errorf("%+v", p)
		}
		for _, paper := range p.Papers {
			whole(paper.Name, p.Code)
			if paper.When.Field != "" {
				whole(paper.Words, p.Code)
			}
		}
	}
	if kinds := set.Kinds(); !slices.IsSorted(kinds) || !slices.Contains(kinds, "vi-idcard") || !slices.Contains(kinds, "vi-result") {
		t.Errorf("%q", kinds)
	}
}

// Each testdata/*.bad is a folder whose faults stand in all.err, in three languages.
func TestEveryFaultOfAFolderIsNamedAtOnce(t *testing.T) {
	folders, err := filepath.Glob("testdata/*.bad")
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, folder := range folders {
		known := func(kind string) bool { return kind != "no-such-kind" }
		_, err := procedure.Load(os.DirFS(folder), known)
		var faults *procedure.Faults
		if !errors.As(err, &faults) {
			t.Errorf("%s: %v", folder, err)
			continue
		}
		var got strings.Builder
		for _, language := range []string{"en", "fr", "vi"} {
			faults.Folder, faults.Language = "/etc/dossierd/procedures", language
			got.WriteString(err.Error() + "\n")
		}
		golden := filepath.Join(folder, "all.err")
		if *update {
			if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got.String() != string(want) || !norm.NFC.IsNormalString(got.String()) || strings.Contains(got.String(), "%!") {
			t.Errorf("%s: got\n%s", folder, got.String())
		}
	}
}

func TestAFolderThatIsNotThereIsAFault(t *testing.T) {
	_, err := procedure.Load(os.DirFS(filepath.Join(t.TempDir(), "nosuch")), nil)
	if err == nil || !strings.Contains(err.Error(), "can't be read (no such file or directory)") {
		t.Error(err)
	}
}

func TestWhatIsNoProcedureFileIsPassedOver(t *testing.T) {
	set, err := procedure.Load(fstest.MapFS{
		"README.md": {Data: []byte("# ours")}, "_draft.yaml": {Data: []byte("code: x")}, ".a.yaml": {Data: []byte("code: x")},
		"old/a.yaml": {Data: []byte("code: x")},
	}, nil)
	if err != nil || len(set.Procedures) != 0 || len(set.Files) != 0 {
		t.Errorf("%+v, %v", set, err)
	}
}

const minimal = "code: %s\nname: {en: A}\ndepartment: d\ndeadline: 1\npapers: [{kind: k, name: {en: K}}]\n"

func TestTheSameBytesHaveTheSameHashWhateverTheFolder(t *testing.T) {
	data := []byte(strings.Replace(minimal, "%s", "1.001193", 1))
	a, err := procedure.Load(fstest.MapFS{"a.yaml": {Data: data}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := procedure.Load(fstest.MapFS{"a.yaml": {Data: append([]byte("\ufeff"), data...)}, "b.yaml": {Data: []byte(strings.Replace(minimal, "%s", "b", 1))}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.Procedures[0].Code != "1.001193" || a.Procedures[0].File.Name != "a.yaml" || a.Files[0] != a.Procedures[0].File {
		t.Errorf("%+v", a.Procedures[0])
	}
	if b.Procedures[0].File.SHA256 == a.Procedures[0].File.SHA256 {
		t.Error("other bytes, the same hash")
	}
}

func TestTheExamplesOfTheManualAreRead(t *testing.T) {
	manual, err := os.ReadFile("../../docs/procedures.md")
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for block := range strings.SplitSeq(string(manual), "\n\n") {
		text := strings.ReplaceAll("\n"+block, "\n    ", "\n")
		switch {
		case strings.HasPrefix(block, "    code:"):
			files["a.yaml"] = &fstest.MapFile{Data: []byte(text)}
		case strings.HasPrefix(block, "    yearly:"):
			files[procedure.HolidaysFile] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	set, err := procedure.Load(files, nil)
	if err != nil || len(set.Files) != 2 || len(set.Procedures[0].Papers) != 3 || len(set.Calendar.Off) != 6 {
		t.Errorf("%+v, %v", set, err)
	}
}

func FuzzProcedureFiles(f *testing.F) {
	for _, pattern := range []string{"../../procedures/*.yaml", "testdata/*.bad/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, name := range []string{"a.yaml", procedure.HolidaysFile} {
			set, err := procedure.Load(fstest.MapFS{name: {Data: data}}, nil)
			var faults *procedure.Faults
			switch {
			case err == nil && len(set.Files) == 1:
			case errors.As(err, &faults) && len(faults.List) > 0 && err.Error() != "":
			default:
				t.Errorf("%+v, %v", set, err)
			}
		}
	})
}
