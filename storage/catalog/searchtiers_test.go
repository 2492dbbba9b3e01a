package catalog

import "testing"

func TestAnAnswerOfWhichOnlyTheOrderWasCutShortLacksNoPage(t *testing.T) {
	for want, cuts := range map[Shortfall][][]string{
		ShortOfNone:  {nil, {"count"}},
		ShortOfOrder: {{tierPhrase}, {"count", tierNear, tierExact}, {tierTitle}, {tierAlternatives}},
		ShortOfPages: {{"all"}, {"similar", tierPhrase}, {tierPhrase, "texts"}, {"from"}},
		ShortOfWords: {{"prefix"}, {"all", "prefix", tierNear}},
	} {
		for _, cut := range cuts {
			if got := (&Found{Cut: cut}).Shortfall(); got != want || got.Lacking() != (want == ShortOfPages || want == ShortOfWords) {
				t.Errorf("%v: short of %q, want %q", cut, got, want)
			}
		}
	}
}
