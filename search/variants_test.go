package search

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAWordIsLikeWhatItIsMisreadAs(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"thanh", "thanh", 1},
		{"modern", "modem", weightAlike},
		{"hanoi", "hano1", weightAlike},
		{"dalat", "clalat", weightAlike},
		{"s0ng", "song", weightAlike},
		{"nguyen", "nguyeri", weightAlike},
		{"petit", "potit", weightAlike},
		{"quyet", "quyeti", weightThin * atAnEnd},
		{"quyet", "quyet1", 0},
		{"aujourd-hui", "aujourdhui", weightThin},
		{"annee", "anee", weightThin},
		{"vautait", "vantait", weightAlike},
		{"exemple", "exmple", weightOther},
		{"sanglier", "senglier", weightAlike},
		{"binh", "sinh", weightOther * atAnEnd},
		{"h42", "h43", 0},
		{"2024", "2023", 0},
		{"2024", "20204", 0},
		{"hoa", "hoc", 0},
		{"hoa", "hoai", 0},
		{"hoai", "hoa", weightThin * atAnEnd},
		{"nguyen", "nguoi", 0},
		{"avenant", "evanant", 0},
	} {
		if got := Likeness(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}

// words are of few letters, so that many are alike.
var words = rapid.StringOfN(rapid.SampledFrom([]rune("rnmil1o0cda-ж")), 1, 9, -1)

func TestLikenessOfLongerWordsGoesBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := "mnop"+words.Draw(t, "a"), "mnop"+words.Draw(t, "b")
		if x, y := Likeness(a, b), Likeness(b, a); x != y || x < 0 || x > 1 || (x == 1) != (a == b) {
			t.Fatalf("%s and %s: %v there, %v back", a, b, x, y)
		}
	})
}

func TestVariantsAreAllWordsThatAreAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := words.Draw(t, "word")
		variants := Variants(word)
		ordered := slices.IsSortedFunc(variants, func(a, b Variant) int { return cmp.Compare(b.Weight, a.Weight) })
		if !ordered || len(variants) > mostVariants {
			t.Fatalf("%d variants, ordered: %v", len(variants), ordered)
		}
		seen := map[string]bool{word: true}
		for _, v := range variants {
			if seen[v.Folded] || v.Weight != Likeness(word, v.Folded) || v.Weight == 0 {
				t.Fatalf("%s: %+v", word, v)
			}
			seen[v.Folded] = true
		}
		letters := []rune(word)
		at := rapid.IntRange(0, len(letters)).Draw(t, "at")
		rest := letters[min(len(letters), at+rapid.IntRange(0, 2).Draw(t, "dropped")):]
		other := string(letters[:at]) + rapid.SampledFrom([]string{"", "m", "rn", "l", "d", "cl", "e"}).Draw(t, "read") + string(rest)
		if Likeness(word, other) > 0 && !seen[other] {
			t.Fatalf("%s is like %s and no variant", other, word)
		}
	})
}

func TestShortWordsCountWhereTheyWereReadInDoubt(t *testing.T) {
	for word, want := range map[string]bool{"binh": true, "thanh": true, "nguyen": false} {
		for _, v := range Variants(word) {
			if v.Doubted != want {
				t.Errorf("%s: %+v", word, v)
			}
		}
	}
	if v := Variants("lan"); v != nil {
		t.Errorf("lan: %+v", v)
	}
}

func BenchmarkVariants(b *testing.B) {
	for b.Loop() {
		if len(Variants("surimpression")) == 0 {
			b.Fatal("none")
		}
	}
}
