package dossier

import "strings"

// tags are the BCP 47 tags of the languages whose tessdata name is not a tag already.
var tags = map[string]string{
	"vie": "vi", "fra": "fr", "eng": "en", "deu": "de", "spa": "es", "ita": "it", "por": "pt", "nld": "nl", "rus": "ru",
	"jpn": "ja", "kor": "ko", "tha": "th", "lao": "lo", "khm": "km", "chi_sim": "zh-Hans", "chi_tra": "zh-Hant",
}

// LanguageTag is the BCP 47 tag of a tessdata name: vi for vie. A three-letter name without a shorter tag is its own
// tag; "" stays "".
func LanguageTag(model string) string {
	if tag, ok := tags[model]; ok {
		return tag
	}
	base, _, _ := strings.Cut(model, "_")
	if tag, ok := tags[base]; ok {
		return tag
	}
	return base
}
