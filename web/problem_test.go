package web

import (
	"fmt"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
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

// Of huma's sentences these are all that our descriptions lead to. Those that it has no name for are in package huma's own code.
func TestWhatHumaFindsWrongIsSaidInThreeLanguages(t *testing.T) {
	other := wrongs[len(wrongs)-1].text
	for said, want := range map[string]string{
		validation.MsgUnexpectedProperty:                            "n'existe pas",
		fmt.Sprintf(validation.MsgExpectedRequiredProperty, "page"): "Il manque page.",
		fmt.Sprintf(validation.MsgExpectedOneOf, "cut, join"):       "l'un de : cut, join.",
		fmt.Sprintf(validation.MsgExpectedMinimumNumber, 1):         "1 ou plus",
		fmt.Sprintf(validation.MsgExpectedMaximumNumber, 1000):      "1000 ou moins",
		fmt.Sprintf(validation.MsgExpectedMinLength, 6):             "au moins 6",
		fmt.Sprintf(validation.MsgExpectedMaxLength, 64):            "64 caractères au plus",
		fmt.Sprintf(validation.MsgExpectedMinItems, 1):              "au moins 1",
		fmt.Sprintf(validation.MsgExpectedMaxItems, 1000):           "1000 éléments au plus",
		validation.MsgExpectedInteger:                               "entier",
		validation.MsgExpectedNumber:                                "un nombre.",
		validation.MsgExpectedBoolean:                               "true ou false",
		validation.MsgExpectedString:                                "un texte",
		validation.MsgExpectedArray:                                 "une liste",
		validation.MsgExpectedObject:                                "un objet",
		validation.MsgExpectedRFC3339Date:                           "un jour",
		"required header parameter is missing":                      "manque",
		"invalid integer":                                           "entier",
		"invalid boolean":                                           "true ou false",
		"unexpected end of JSON input":                              other[2],
	} {
		for lang := range other {
			got := spokenErrors([]*huma.ErrorDetail{{Message: said, Location: "body.page", Value: 1}}, lang)[0]
			if got.Location != "body.page" || got.Value != 1 || lang == 2 && !strings.Contains(got.Message, want) ||
				want != other[2] && got.Message == other[lang] || strings.Contains(got.Message, "$") {
				t.Errorf("%q in language %d: %+v", said, lang, got)
			}
		}
	}
}

func TestEveryFaultOfARequestIsThereInThreeLanguages(t *testing.T) {
	for _, w := range wrongs {
		for lang, text := range w.text {
			if text == "" || strings.Count(text, "$1") != strings.Count(w.text[english], "$1") {
				t.Errorf("%s in language %d: %q", w.said, lang, text)
			}
		}
	}
}
