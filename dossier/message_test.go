package dossier

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func languages() []string { return []string{"vi", "fr", "en"} }

// warnCodes reads the Warn... constants from the source, so that one added there is tested here.
func warnCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "page.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Warn") {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
		return true
	})
	if len(codes) < 10 {
		t.Fatalf("found only %d Warn constants in page.go", len(codes))
	}
	return codes
}

func TestEveryRejectionHasASentenceInEveryLanguage(t *testing.T) {
	seen := map[string]Code{}
	for _, lang := range languages() {
		for _, code := range Codes() {
			text := Message(lang, &Reason{Code: code, Page: 3}, "b.pdf")
			if !strings.Contains(text, "b.pdf") || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "{}") {
				t.Errorf("%s, %s: %q", lang, code, text)
			}
			if other, used := seen[text]; used {
				t.Errorf("%s: %s and %s share a sentence", lang, code, other)
			}
			seen[text] = code
			checkText(t, text)
		}
		if extra := len(sentencesIn(lang).rejected) - len(Codes()); extra != 0 {
			t.Errorf("%s: %d sentences for codes that do not exist", lang, extra)
		}
	}
}

func TestEveryVerdictHasASentenceInEveryLanguage(t *testing.T) {
	for _, lang := range languages() {
		for _, code := range VerdictCodes() {
			text := VerdictText(lang, code, 12)
			if !strings.Contains(text, "12") || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "{}") {
				t.Errorf("%s, %s: %q", lang, code, text)
			}
			if whole := VerdictText(lang, code, 0); strings.ContainsAny(whole, "({})") {
				t.Errorf("%s, %s without a page: %q", lang, code, whole)
			}
			checkText(t, text)
		}
		if extra := len(sentencesIn(lang).verdicts) - len(VerdictCodes()); extra != 0 {
			t.Errorf("%s: %d sentences for verdicts that do not exist", lang, extra)
		}
	}
}

func TestEveryWarningHasASentenceInEveryLanguage(t *testing.T) {
	codes := warnCodes(t)
	for _, lang := range languages() {
		for _, code := range codes {
			text := WarningText(lang, code, 12)
			if !strings.Contains(text, "12") || !strings.HasSuffix(text, ".") || strings.ContainsAny(text, "{}") {
				t.Errorf("%s, %s: %q", lang, code, text)
			}
			if whole := WarningText(lang, code, 0); strings.ContainsAny(whole, "({})") {
				t.Errorf("%s, %s without a page: %q", lang, code, whole)
			}
			checkText(t, text)
		}
		if extra := len(sentencesIn(lang).warned) - len(codes); extra != 0 {
			t.Errorf("%s: %d sentences for warnings that do not exist", lang, extra)
		}
	}
}

func checkText(t *testing.T, text string) {
	t.Helper()
	if !norm.NFC.IsNormalString(text) || strings.Contains(text, "  ") {
		t.Errorf("not NFC, or with a double space: %q", text)
	}
}

func TestAMessageSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	for _, c := range []struct {
		lang   string
		reason Reason
		want   string
	}{
		{"en", Reason{Code: CodeEncrypted}, "b.pdf is locked with a password. Save it without a password and drop it again."},
		{"en", Reason{Code: CodeDamaged, Page: 3}, "b.pdf is damaged (page 3) and cannot be opened. Scan the paper again."},
		{"fr", Reason{Code: CodeDamaged, Page: 3}, "b.pdf est endommagé (page 3) et ne peut pas être ouvert. Numérisez de nouveau le document."},
		{"vi", Reason{Code: CodeDamaged, Page: 3}, "Tệp b.pdf bị hỏng (trang 3), không mở được. Vui lòng quét lại giấy tờ."},
		{"de", Reason{Code: CodeNoPages}, "b.pdf has no pages. Scan the paper again."},
	} {
		if got := Message(c.lang, &c.reason, "b.pdf"); got != c.want {
			t.Errorf("%s, %s:\ngot  %s\nwant %s", c.lang, c.reason.Code, got, c.want)
		}
	}
}

func TestANameIsShownComposedCleanAndShort(t *testing.T) {
	long := strings.Repeat("đơn ", 40) + ".pdf"
	for name, want := range map[string]string{
		norm.NFD.String("Giấy ủy quyền.pdf"): "Giấy ủy quyền.pdf",
		"a\nb\x00c\x1b[31m.pdf":              "abc[31m.pdf",
		"gpj.\u202Efdp.exe":                  "gpj.fdp.exe",
		"\xe9t\xe9.pdf":                      "\uFFFDt\uFFFD.pdf",
		"{name} {page}.pdf":                  "{name} {page}.pdf",
		long:                                 string([]rune(long)[:55]) + "….pdf",
		strings.Repeat("x", 70):              strings.Repeat("x", 59) + "…",
		"a." + strings.Repeat("y", 70):       "a." + strings.Repeat("y", 57) + "…",
		"-rf *.pdf":                          "-rf *.pdf",
		"e\u0323\u0302 o\u031b\u0323 a\u0306\u0301.jpg": "ệ ợ ắ.jpg",
	} {
		if got := DisplayName(name); got != want {
			t.Errorf("%q is shown as %q, want %q", name, got, want)
		}
	}
}

func TestVietnameseAndFrenchLettersCompose(t *testing.T) {
	for r := rune(0xC0); r < 0x1EFA; r++ {
		latin := r < 0x180 || r == 'Ơ' || r == 'ơ' || r == 'Ư' || r == 'ư' || r >= 0x1EA0
		decomposed := norm.NFD.String(string(r))
		if !latin || utf8.RuneCountInString(decomposed) == 1 {
			continue
		}
		foreign := strings.ContainsAny(decomposed, "\u0304\u0307\u030a\u030b\u030c\u0328") ||
			strings.ContainsRune("ĈĉĜĝĤĥĴĵŜŝŴŵŶŷĢģĶķĻļŅņŖŗŞşŢţĹĺĆćŃńŔŕŚśŹźĞğĔĕĬĭŎŏŬŭ", r)
		if got := compose(decomposed); !foreign && got != string(r) {
			t.Errorf("%q composes to %q", r, got)
		}
	}
}

func TestASentenceTellsNoIdentityNumber(t *testing.T) {
	reason := &Reason{Code: CodeDamaged}
	long := strings.Repeat("x", nameShown-12) + "001089012345.pdf" // the number is where the name is cut
	for _, lang := range []string{"vi", "fr", "en"} {
		for _, name := range []string{"001089012345.pdf", "0010\u200b89012345.pdf", long} {
			if said := Message(lang, reason, name); strings.Contains(said, "89012") {
				t.Error(said)
			}
		}
	}
}
