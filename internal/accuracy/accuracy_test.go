package accuracy

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestAPerfectReadingScoresZeroAndOne(t *testing.T) {
	s := Of("Số: {{123}}/TB-ĐHĐL\n  ngày 05", "Số: /TB-ĐHĐL ngày   05\n")
	if s.CER() != 0 || s.Recall() != 1 {
		t.Fatalf("CER %v, recall %v", s.CER(), s.Recall())
	}
}

func TestDecomposedLettersEqualComposedOnes(t *testing.T) {
	if s := Of("ệ", "ê\u0323"); s.Edits != 0 || s.Characters != 1 {
		t.Fatalf("%+v", s)
	}
}

func TestEditsAndWordsAreCounted(t *testing.T) {
	s := Of("the cat sat on the mat", "The cat sta on mat the the")
	want := Score{Characters: 22, Edits: 10, Words: 6, Found: 5}
	if s.Words != want.Words || s.Found != want.Found || s.Characters != want.Characters {
		t.Fatalf("got %+v, want %+v", s, want)
	}
	if s := Of("kitten", "sitting"); s.Edits != 3 {
		t.Fatalf("kitten to sitting in %d edits, want 3", s.Edits)
	}
}

func TestAWordIsFoundNoMoreOftenThanItWasRead(t *testing.T) {
	if s := Of("a a a", "a a"); math.Abs(s.Recall()-2.0/3) > 1e-9 {
		t.Fatalf("recall %v, want 2/3", s.Recall())
	}
}

func TestDistanceIsAMetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SliceOfN(rapid.RuneFrom([]rune("abcđ ")), 0, 12)
		a, b, c := text.Draw(t, "a"), text.Draw(t, "b"), text.Draw(t, "c")
		ab, ba := distance(a, b), distance(b, a)
		if ab != ba || (ab == 0) != (string(a) == string(b)) {
			t.Fatalf("distance %d there, %d back", ab, ba)
		}
		if distance(a, c) > ab+distance(b, c) {
			t.Fatal("a detour is shorter")
		}
	})
}
