package web

import (
	"fmt"
	"strings"
	"testing"
)

func TestEverySentenceIsThereInThreeLanguages(t *testing.T) {
	for code, s := range sentences {
		if s.status < 400 {
			t.Errorf("%s has the status %d", code, s.status)
		}
		for lang, text := range s.text {
			if text == "" || verbs(text) != verbs(s.text[english]) {
				t.Errorf("%s in language %d: %q", code, lang, text)
			}
		}
	}
}

// verbs are the places of a sentence where something is put in.
func verbs(text string) string {
	var all []string
	for _, part := range strings.Split(text, "%")[1:] {
		all = append(all, part[:1])
	}
	return fmt.Sprint(all)
}

func TestTheFirstLanguageThatIsSpokenCounts(t *testing.T) {
	for accept, want := range map[string]int{
		"": 0, "vi": 1, "fr-FR,fr;q=0.9,en;q=0.8": 2, "de,vi;q=0.5": 1, "de": 0, "en-GB": 0, "*": 0, strings.Repeat("x-", 1000): 0,
	} {
		if got := spoken(accept); got != want {
			t.Errorf("%.40q: %d, want %d", accept, got, want)
		}
	}
}
