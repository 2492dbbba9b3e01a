package catalog

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// misfitsUsed are the sentences that the catalogue and the judge of corrections say.
func misfitsUsed(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	for _, pattern := range []string{"*.go", filepath.Join("..", "..", "pipeline", "*.go")} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			must(t, err)
			ast.Inspect(source, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) == 0 {
					return true
				}
				name := ""
				switch f := call.Fun.(type) {
				case *ast.Ident:
					name = f.Name
				case *ast.SelectorExpr:
					name = f.Sel.Name
				}
				if text, ok := call.Args[0].(*ast.BasicLit); ok && (name == "misfit" || name == "NewMisfit") {
					sentence, err := strconv.Unquote(text.Value)
					must(t, err)
					used[sentence] = true
				}
				return true
			})
		}
	}
	return used
}

func TestEveryMisfitIsToldInThreeLanguages(t *testing.T) {
	used := misfitsUsed(t)
	if len(used) < 25 {
		t.Fatalf("only %d sentences are said", len(used))
	}
	verb := regexp.MustCompile(`%[a-z]`)
	for sentence := range used {
		texts, ok := misfits[sentence]
		if !ok {
			t.Errorf("only in English: %q", sentence)
		}
		for _, text := range texts {
			if !slices.Equal(verb.FindAllString(text, -1), verb.FindAllString(sentence, -1)) || !norm.NFC.IsNormalString(text) {
				t.Errorf("%q is not %q", text, sentence)
			}
		}
	}
	for sentence := range misfits {
		if !used[sentence] {
			t.Errorf("nobody says %q", sentence)
		}
	}
}

func TestAMisfitSpeaksTheLanguageOfWhoDecided(t *testing.T) {
	m := NewMisfit("There is no page %d.", 9)
	for lang, want := range map[string]string{"vi": "Không có trang 9.", "fr": "Il n'y a pas de page 9.", "en": "There is no page 9.", "": "There is no page 9."} {
		if got := m.Message(lang); got != want {
			t.Errorf("%s: %q", lang, got)
		}
	}
	long := NewMisfit("That can't be the %s, which is of the type %s: %s. If it stands there all the same, say \"force\" and why in \"reason\".", "born", "date", noDate{})
	if got := long.Message("fr"); !strings.Contains(got, "le champ born, qui est du type date : ce n'est pas une date. Si") {
		t.Error(got)
	}
	if got := long.Why("fr"); got != "ce n'est pas une date" {
		t.Errorf("why is %q", got)
	}
	if got := m.Why("fr"); got != "" {
		t.Errorf("what is about no value has %q", got)
	}
}

// noDate is what a value is wrong with.
type noDate struct{}

func (noDate) Message(lang string) string {
	return map[string]string{"fr": "ce n'est pas une date"}[lang]
}
