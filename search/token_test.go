package search

import (
	"fmt"
	"strings"
	"testing"
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
		"Số: 12/QĐ-UBND":     "0:số 1:12 '1:12-qđ-ubnd 2:qđ 3:ubnd",
		"hoà THUÝ quý hoàng": "0:hòa 1:thúy 2:quý 3:hoàng",
		"ngày05 500.000đ":    "0:ngày 1:05 2:500 '2:500000 3:000 4:đ",
		"1 234 567 F":        "0:1 '0:1234567 1:234 2:567 3:f",
		"l’œuvre":            "0:l '0:l-oeuvre 1:oeuvre",
		"H42 1er th0ng":      "0:h42 1:1er 2:th0ng",
		"...... ___ —":       "",
	} {
		if got := shown(Tokens(text, "vie")); got != want {
			t.Errorf("%q:\n%s, want\n%s", text, got, want)
		}
	}
}

func TestAWordThatTheEndOfALineCutIsOne(t *testing.T) {
	want := "0:le 1:gouvernement '1:gouverne-ment '1:gouverne '1:ment 2:a"
	if got := shown(Tokens("Le gouverne-\nment a", "fra")); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
