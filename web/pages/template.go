package pages

import (
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/number"
)

//go:embed templates
var templateFiles embed.FS

// templates are the pages by language and name.
type templates map[string]map[string]*template.Template

// parseTemplates reads templates/<name>.html, each with the layout and the parts that all share. They come with the binary: one
// that does not parse is a fault of the program, and a test meets it.
func parseTemplates(a *assets, place *time.Location) templates {
	all := templates{}
	for _, lang := range languages {
		shared := template.Must(template.New("").Funcs(functions(lang, a, place)).ParseFS(templateFiles, "templates/shared/*.html"))
		all[lang] = map[string]*template.Template{}
		files, err := fs.Glob(templateFiles, "templates/*.html")
		if err != nil {
			panic(err)
		}
		for _, file := range files {
			own := template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, file))
			all[lang][strings.TrimSuffix(path.Base(file), ".html")] = own
		}
	}
	return all
}

// functions are what templates can call besides their own.
func functions(lang string, a *assets, place *time.Location) template.FuncMap {
	return template.FuncMap{
		"t":         func(key string, args ...any) string { return say(lang, key, args...) },
		"lang":      func() string { return lang },
		"asset":     a.path,
		"icon":      icon,
		"day":       func(at time.Time) string { return onDay(lang, at.In(place)) },
		"at":        func(at time.Time) string { return atTime(lang, at.In(place)) },
		"iso":       func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"ago":       func(at time.Time) string { return ago(lang, time.Since(at)) },
		"number":    func(n int) string { return printers[lang].Sprint(number.Decimal(n)) },
		"percent":   func(f float64) string { return percent(lang, f) },
		"size":      func(n int64) string { return size(lang, n) },
		"dict":      dict,
		"in":        func(texts map[string]string) string { return inLanguage(texts, lang) },
		"language":  func(l string) string { return cmp.Or(languageNames[l], l) },
		"languages": func() []string { return languages },
		"themes":    func() []string { return append([]string{""}, themes...) },
		"initial":   initial,
		"answered":  func(text string) string { return answered(lang, text) },
	}
}

// languageNames are by our code, and by that of what papers are read in.
var languageNames = map[string]string{
	"vi": "Tiếng Việt", "fr": "Français", "en": "English", "vie": "Tiếng Việt", "fra": "Français", "eng": "English",
}

// initial is the letter that stands for somebody.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(name)
	return strings.ToUpper(string(r))
}

func percent(lang string, f float64) string {
	return printers[lang].Sprint(number.Percent(f, number.MaxFractionDigits(0)))
}

// size is a number of bytes for people.
func size(lang string, n int64) string {
	units := map[string][]string{"vi": {"B", "kB", "MB", "GB", "TB"}, "fr": {"o", "ko", "Mo", "Go", "To"}, "en": {"B", "kB", "MB", "GB", "TB"}}[lang]
	f, unit := float64(n), 0
	for ; f >= 1000 && unit < len(units)-1; unit++ {
		f /= 1000
	}
	digits := 0
	if unit > 0 && f < 10 {
		digits = 1
	}
	return printers[lang].Sprint(number.Decimal(f, number.MaxFractionDigits(digits))) + "\u00a0" + units[unit]
}

// dict makes a map of names and values, for a template that wants more than one thing.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict of %d names and values", len(pairs))
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}
