package dossier

import "testing"

type spoken struct{}

func (spoken) Message(lang string) string { return "[" + lang + "]" }

func TestASentenceSpeaksTheLanguageOfItsReaderWithWhatIsPutIntoIt(t *testing.T) {
	others := map[string][2]string{"Page %d: %s": {"Trang %d: %s", "Page n° %d : %s"}}
	for lang, want := range map[string]string{"vi": "Trang 9: [vi]", "fr": "Page n° 9 : [fr]", "en": "Page 9: [en]", "": "Page 9: []"} {
		args := []any{9, spoken{}}
		if got := Sentence(lang, "Page %d: %s", others, args...); got != want || args[1] != any(spoken{}) {
			t.Errorf("%q: %s, %v", lang, got, args)
		}
	}
	if got := Sentence("vi", "No %s", others, "other"); got != "No other" {
		t.Error(got)
	}
}
