package fold

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestALetterLosesItsMarksHoweverItIsWritten(t *testing.T) {
	for text, want := range map[string]string{
		"CỘNG HÒA XÃ HỘI":  "cong hoa xa hoi",
		"Co\u0323\u0302ng": "cong",
		"Đ Ð đ ð":          "d d d d",
		"Élève, ça":        "eleve, ca",
		"12/QĐ-UBND":       "12/qd-ubnd",
		"ưỡng ợ":           "uong o",
	} {
		if got := strings.Map(Rune, text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestWordsHaveOneSpaceBetweenThem(t *testing.T) {
	for text, want := range map[string]string{
		"  Số:12/QĐ-UBND, ": "so 12 qd ubnd", "": "", "—": "", "l’avenant n° 3": "l avenant n 3",
	} {
		if got := Words(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestFoldedWordsFoldToThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		once := Words(rapid.String().Draw(t, "text"))
		if Words(once) != once || strings.Trim(once, " ") != once || strings.Contains(once, "  ") {
			t.Errorf("%q", once)
		}
	})
}

func TestTwoTextsAreNearWhereOneLetterDiffersAtMost(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 6, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := letters.Draw(t, "a"), letters.Draw(t, "b")
		if d := Distance(a, b); Near(a, b) != (d <= 1) || d != Distance(b, a) || (d == 0) != (a == b) {
			t.Errorf("%q and %q are %d apart", a, b, d)
		}
	})
}
