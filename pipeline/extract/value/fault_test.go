package value

import (
	"errors"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// faultsUsed are the sentences that the types of values say.
func faultsUsed(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(gotoken.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if name, ok := call.Fun.(*ast.Ident); !ok || name.Name != "fault" {
				return true
			}
			text, ok := call.Args[0].(*ast.BasicLit)
			if !ok {
				t.Errorf("%s: a fault of which the sentence is not known", file)
				return true
			}
			sentence, err := strconv.Unquote(text.Value)
			if err != nil {
				t.Fatal(err)
			}
			used[sentence] = true
			return true
		})
	}
	return used
}

func TestEveryFaultIsToldInThreeLanguages(t *testing.T) {
	used := faultsUsed(t)
	if len(used) < 80 {
		t.Fatalf("only %d sentences are said", len(used))
	}
	verb := regexp.MustCompile(`%[0-9a-z]+`)
	for sentence := range used {
		texts, ok := faults[sentence]
		if !ok {
			t.Errorf("only in English: %q", sentence)
		}
		for _, text := range texts {
			if !slices.Equal(verb.FindAllString(text, -1), verb.FindAllString(sentence, -1)) || !norm.NFC.IsNormalString(text) {
				t.Errorf("%q is not %q", text, sentence)
			}
		}
	}
	for sentence := range faults {
		if !used[sentence] {
			t.Errorf("nobody says %q", sentence)
		}
	}
}

func TestAFaultSpeaksTheLanguageOfWhoReads(t *testing.T) {
	_, err := Parse("dossier_code", "H42.16-240230-0003", Options{})
	f, ok := errors.AsType[*Fault](err)
	if !ok {
		t.Fatalf("it is %v", err)
	}
	for lang, want := range map[string]string{
		"vi": "sáu chữ số của mã không phải là ngày: không có ngày 30/02",
		"fr": "les six chiffres du code ne sont pas une date : le 30/02 n'existe pas",
		"en": "the six digits of the code are no date: 30/02 is no date",
		"":   "the six digits of the code are no date: 30/02 is no date",
	} {
		if got := f.Message(lang); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
