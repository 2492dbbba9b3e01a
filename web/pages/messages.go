package pages

import (
	"maps"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// messages are texts by key, in vi, fr, en. A text is a format of package fmt; its numbers are written as the language has it.
// Where "|" parts it in two, the first is for what the language counts as one, the second for any other number; the first
// argument is that number. Vietnamese needs one form only.
type messages map[string][3]string

// allMessages is the catalogue of all pages. A key is in one of them only; a test sees to it.
var allMessages = joined(
	commonMessages,
	accountMessages,
	searchMessages,
	dossierMessages,
	wholeMessages,
	boardMessages,
	waitingMessages,
	deliveryMessages,
	reportMessages,
	adminMessages,
	kindMessages,
)

func joined(parts ...messages) messages {
	all := messages{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}

// printers write numbers as their language does.
var printers = map[string]*message.Printer{
	"vi": message.NewPrinter(language.Vietnamese), "fr": message.NewPrinter(language.French), "en": message.NewPrinter(language.BritishEnglish),
}

// say is a message in a language. A key that is not known is its own text: tests find it.
func say(lang, key string, args ...any) string {
	texts, known := allMessages[key]
	if !known {
		return key
	}
	text := texts[column(lang)]
	if one, other, plural := strings.Cut(text, "|"); plural {
		text = other
		if len(args) > 0 && isOne(lang, args[0]) {
			text = one
		}
	}
	if len(args) == 0 {
		return text
	}
	return printers[lang].Sprintf(text, args...)
}

func column(lang string) int {
	for i, l := range languages {
		if l == lang {
			return i
		}
	}
	return len(languages) - 1
}

func isOne(lang string, number any) bool {
	n, ok := number.(int)
	return ok && plural.Cardinal.MatchPlural(language.Make(lang), n, 0, 0, 0, 0) == plural.One
}

// onDay writes a day, and atTime a day with its time, as the language's administrations do.
func onDay(lang string, at time.Time) string {
	if lang == "en" {
		return at.Format("2 January 2006")
	}
	return at.Format("02/01/2006")
}

func atTime(lang string, at time.Time) string {
	switch lang {
	case "vi":
		return at.Format("15:04 02/01/2006")
	case "fr":
		return at.Format("02/01/2006 à 15 h 04")
	}
	return at.Format("2 January 2006, 15:04")
}

// ago is how long something is past, in the largest unit that fits.
func ago(lang string, past time.Duration) string {
	switch {
	case past < time.Minute:
		return say(lang, "ago.now")
	case past < time.Hour:
		return say(lang, "ago.minutes", int(past/time.Minute))
	case past < 24*time.Hour:
		return say(lang, "ago.hours", int(past/time.Hour))
	}
	return say(lang, "ago.days", int(past/(24*time.Hour)))
}
