package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

// shown writes tokens in short: position:exact, with ' before what stands aside.
func shown(tokens []Token) string {
	var b strings.Builder
	for _, t := range tokens {
		aside := ""
		if t.Aside {
			aside = "'"
		}
		fmt.Fprintf(&b, "%s%d:%s ", aside, t.Position, t.Exact)
	}
	return strings.TrimSpace(b.String())
}

func TestATextIsCutIntoWords(t *testing.T) {
	for text, want := range map[string]string{
		"Số: 12/QĐ-UBND":                 "0:số 1:12 '1:12-qđ-ubnd 2:qđ 3:ubnd",
		"12/QĐ–UBND,":                    "0:12 '0:12-qđ-ubnd 1:qđ 2:ubnd",
		"ngày 05/01/2024.":               "0:ngày 1:05 '1:05-01-2024 2:01 3:2024",
		"000.00.16.H42-240112-0003":      "0:000 '0:000-00-16-h42-240112-0003 1:00 2:16 3:h42 4:240112 5:0003",
		"1.234.567,50":                   "0:1 '0:1234567-50 1:234 2:567 3:50",
		"0.234.567":                      "0:0 '0:0234567 1:234 2:567",
		"1.2.345":                        "0:1 '0:1-2-345 1:2 2:345",
		"ngày 5 tháng 1 năm 2024":        "0:ngày 1:5 '1:05-01-2024 2:tháng 3:1 4:năm 5:2024",
		"le 1er août 1962, 5/1/2024":     "0:le 1:1er '1:01-08-1962 2:août 3:1962 4:5 '4:05-01-2024 5:1 6:2024",
		"5 tháng 13 năm 2024, 3 tháng 1": "0:5 1:tháng 2:13 3:năm 4:2024 5:3 6:tháng 7:1",
		"1 234 567 F 12 34":              "0:1 '0:1234567 1:234 2:567 3:f 4:12 5:34",
		"ngày05 500.000đ":                "0:ngày 1:05 2:500 '2:500000 3:000 4:đ",
		"l’œuvre l'avenant":              "0:l '0:l-oeuvre 1:oeuvre 2:l '2:l-avenant 3:avenant",
		"H42 1er th0ng A4":               "0:h42 1:1er 2:th0ng 3:a4",
		"...... ___ — *** \u0301":        "",
		"UBND,TP và/hoặc":                "0:ubnd '0:ubnd-tp 1:tp 2:và '2:và-hoặc 3:hoặc",
		"Điều(1) a..b":                   "0:điều 1:1 2:a 3:b",
		"ﬁn Ｆｕｌｌ №5":                     "0:fin 1:full 2:5",
		strings.Repeat("a/", 40) + "":    strings.TrimSpace(strings.Join(slices.Collect(letterByLetter(40)), " ")),
	} {
		if got := shown(Tokens(text, "vie")); got != want {
			t.Errorf("%q:\n%s, want\n%s", text, got, want)
		}
	}
}

func letterByLetter(n int) func(func(string) bool) {
	return func(yield func(string) bool) {
		for i := range n {
			if !yield(fmt.Sprintf("%d:a", i)) {
				return
			}
		}
	}
}

func TestATonePlacedInEitherWayIsOneWord(t *testing.T) {
	for _, pair := range []string{
		"hoà hòa", "thuý thúy", "hoè hòe", "HOẢ HỎA", "quý qúy", "xoã xõa", "Tuỵ tụy", "hoà ho\u0300a", "Ðà đà", "œuvre oeuvre",
	} {
		a, b, _ := strings.Cut(pair, " ")
		got, want := Tokens(a, "vie"), Tokens(b, "vie")
		if len(got) != 1 || len(want) != 1 || got[0].Exact != want[0].Exact || got[0].Folded != want[0].Folded {
			t.Errorf("%s: %+v, %+v", pair, got, want)
		}
	}
	for text, want := range map[string]string{"hoàng": "hoàng", "quý": "quý", "toán": "toán", "hòa": "hòa", "thủy": "thủy"} {
		if got := Tokens(text, "vie")[0].Exact; got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}

func TestAFoldedWordHasNoMarks(t *testing.T) {
	for text, want := range map[string]string{
		"Nguyễn": "nguyen", "Đường": "duong", "Ðắk": "dak", "ƯỚC": "uoc", "Élève": "eleve", "cœur": "coeur", "Æ": "ae",
		"no\u0302\u0323i": "noi", "straße": "strasse", "Łódź": "lodz", "Москва": "москва",
	} {
		if got := Tokens(text, "")[0].Folded; got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestAWordThatTheEndOfALineCutIsOneInFrenchAndEnglish(t *testing.T) {
	for _, c := range []struct{ text, language, want string }{
		{"Le gouverne-\nment a", "fra", "0:le 1:gouvernement '1:gouverne-ment '1:gouverne '1:ment 2:a"},
		{"GOUVERNE-\nMENT", "eng", "0:gouvernement '0:gouverne-ment '0:gouverne '0:ment"},
		{"l'ave-\nnant", "fra", "0:l '0:l-avenant 1:avenant '1:ave-nant '1:ave '1:nant"},
		{"l'ave\u00ad\nnant,", "fra", "0:l '0:l-avenant 1:avenant '1:ave-nant '1:ave '1:nant"},
		{"đất-\nnước", "vie", "0:đất 1:nước"},
		{"le 12-\nmars", "fra", "0:le 1:12 2:mars"},
		{"Jean-\nPaul", "fra", "0:jean 1:paul"},
		{"un - \nautre", "fra", "0:un 1:autre"},
		{"fin-", "fra", "0:fin"},
	} {
		if got := shown(Tokens(c.text, c.language)); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestATokenKnowsItsWord(t *testing.T) {
	text := "Số: 12/QĐ-UBND\nngày 5"
	for _, token := range Tokens(text, "vie") {
		words := strings.Fields(text)
		if !strings.Contains(words[token.Word], text[token.Start:token.End]) {
			t.Errorf("%q is not of word %d", text[token.Start:token.End], token.Word)
		}
	}
}

// texts are of the letters and signs that make a difference.
var texts = rapid.StringOfN(rapid.SampledFrom([]rune("aàáẠăđÐĐoòơuứyýqœßbcn019 \n-/.,'’:_\u0301\u0323\u00ad\u00a0*()\"")), 0, 60, -1)

func TestTokensKeepTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkTokens(t, texts.Draw(t, "text"), rapid.SampledFrom([]string{"vie", "fra", ""}).Draw(t, "language"))
	})
}

func FuzzTokens(f *testing.F) {
	for _, text := range []string{"Số: 12/QĐ-UBND", "l’ave-\nnant 1.234 567", "\xff\u0301\u200dhoà\x00", "한국어 ไทย ﷺ ½ ǅ İ"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTokens(t, text, "fra") })
}

// checkTokens holds what Tokens makes of a text against what it promises.
func checkTokens(t rapid.TB, text, language string) {
	tokens := Tokens(text, language)
	next, words := 0, strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' })
	if len(tokens) > 2*len(text)+1 {
		t.Fatalf("%d tokens of %d bytes", len(tokens), len(text))
	}
	for _, token := range tokens {
		if token.Start >= token.End || token.End > len(text) || token.Word < 0 || token.Word >= len(words) {
			t.Fatalf("%+v is out of the text", token)
		}
		begins := strings.FieldsFunc(text[token.Start:token.End], func(r rune) bool { return r == ' ' || r == '\n' })[0]
		if !strings.Contains(words[token.Word], begins) {
			t.Fatalf("%+v does not begin in %q", token, words[token.Word])
		}
		if !token.Aside {
			if token.Position != next {
				t.Fatalf("%+v: want position %d", token, next)
			}
			next++
			var exact, folded string // a letter that becomes several may part them from digits
			for _, again := range Tokens(token.Exact, "vie") {
				exact += again.Exact
				folded += again.Folded
			}
			if exact != token.Exact || folded != token.Folded {
				t.Fatalf("%+v becomes %q, %q", token, exact, folded)
			}
		} else if token.Position >= max(next, 1) {
			t.Fatalf("%+v stands beside nothing", token)
		}
		if folded := Fold(token.Exact); folded != token.Folded {
			t.Fatalf("%+v folds to %q", token, folded)
		}
		checkForms(t, token)
	}
}

func checkForms(t rapid.TB, token Token) {
	for _, form := range []string{token.Exact, token.Folded} {
		if form == "" || utf8.RuneCountInString(form) > 2*longestAtom || !norm.NFC.IsNormalString(form) {
			t.Fatalf("form of %+v", token)
		}
		bad := strings.IndexFunc(form, func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r) && !unicode.Is(unicode.Nl, r)
		})
		if bad >= 0 || strings.Trim(form, "-") != form || strings.Contains(form, "-") && !token.Aside {
			t.Fatalf("form of %+v", token)
		}
	}
}

func TestDecomposedTextHasTheSameWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := norm.NFC.String(texts.Draw(t, "text"))
		a, b := Tokens(text, ""), Tokens(norm.NFD.String(text), "")
		if shown(a) != shown(b) {
			t.Fatalf("%s\n%s", shown(a), shown(b))
		}
	})
}

const notice = `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 12/QĐ-UBND Lâm Đồng, ngày 05 tháng 01 năm 2024
Căn cứ Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015; căn cứ Nghị định số 61/2018/NĐ-CP
về việc thực hiện cơ chế một cửa, một cửa liên thông trong giải quyết thủ tục hành chính;
`

// Words a second, and what a page of 300 words takes.
func BenchmarkTokens(b *testing.B) {
	text := strings.Repeat(notice, 5)
	words := len(strings.Fields(text))
	text = strings.Join(strings.Fields(text)[:min(words, 300)], " ")
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n += len(Tokens(text, "vie"))
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "tokens/s")
}
