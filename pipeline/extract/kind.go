package extract

import (
	"regexp"
	"strings"
)

// Kind is a sort of paper: how it is recognised, and its fields.
type Kind struct {
	Name string
	// Titles are for people, by language: vi, fr, en.
	Titles map[string]string
	// General says that the kind is known by the form that papers of many sorts share, not by a title of its own.
	General bool
	// Identity says that papers of the kind prove who somebody is: their pages are not shown without need, and all their fields
	// are personal.
	Identity bool
	File     string // the file it was read from
	SHA256   string // of that file, hexadecimal
	Source   string // all of that file

	titles    []string // patterns of a document's title, such as "{type} {symbol}"
	threshold float64
	clues     []clue
	fields    []field
	labels    []phrase // of all fields, and others that end a value
	zones     []zone   // where each of them is looked for
}

// Title is the kind's title in a language, or in another one that it has, or its name.
func (k *Kind) Title(language string) string {
	for _, l := range []string{language, "en", "fr", "vi"} {
		if t := k.Titles[l]; t != "" {
			return t
		}
	}
	return k.Name
}

// Fields are the names of the kind's fields, in its order.
func (k *Kind) Fields() []string {
	names := make([]string, 0, len(k.fields))
	for i := range k.fields {
		names = append(names, k.fields[i].name)
	}
	return names
}

// FieldTitle is what a field is called in a language, or in another one; its name where the kind has no such field.
func (k *Kind) FieldTitle(name, language string) string {
	for i := range k.fields {
		if k.fields[i].name == name {
			return k.fields[i].title(language)
		}
	}
	return name
}

// clue is one thing by which a kind is recognised.
type clue struct {
	words   []phrase
	pattern *regexp.Regexp // of a folded run
	code    *regexp.Regexp // of a symbol's text
	mrz     bool
	zone    zone
	weight  float64
}

// field is one value that papers of a kind have.
type field struct {
	name     string
	titles   map[string]string
	typ      string
	part     string // of the value, where its type has parts
	allowed  []string
	required bool
	personal bool
	byHand   bool // may have been filled in by hand, or lie under a seal
	find     []way
}

// title is the field's title in a language, or its name.
func (f *field) title(language string) string {
	for _, l := range []string{language, "en", "fr", "vi"} {
		if t := f.titles[l]; t != "" {
			return t
		}
	}
	return f.name
}

// way is one way to find a field.
type way struct {
	labels    []phrase
	direction direction
	words     []phrase // the value is one of these
	code      *regexp.Regexp
	mrz       string // the part of a machine-readable zone
	zone      zone
	pattern   *regexp.Regexp
	lines     int
	reach     float64 // how far below, in heights of letters; 0 for the usual
	until     []phrase
	after     []phrase // only what stands below one of these, in its column, counts
	last      bool     // of several candidates the last counts
	loose     bool     // the type's values have a shape of their own: a gap in the row ends none
}

// direction is where a value stands, seen from its label. Without one it is right of it, else below: but not below a label
// with a colon after which nothing stands, unless the type has a shape of its own. That form was left empty.
type direction string

// The directions.
const (
	right direction = "right" // in the same row, after a colon or in the next cell
	below direction = "below"
	above direction = "above"
)

// rule is how a field's record names the way.
func (w *way) rule(phrase string) string {
	switch {
	case w.code != nil:
		return "qr"
	case w.mrz != "":
		return "mrz:" + w.mrz
	case len(w.words) > 0:
		return "words:" + phrase
	case len(w.labels) > 0:
		return "label:" + phrase
	case w.pattern != nil:
		return "pattern:" + w.pattern.String()
	}
	return "zone:" + w.zone.String()
}

func (z zone) String() string {
	if z.name == "" {
		return "box"
	}
	return z.name
}

// named is what a pattern says the value is: its group "value", else its first group, else all of it.
func named(re *regexp.Regexp, text string) (start, end int, ok bool) {
	m := re.FindStringSubmatchIndex(text)
	if m == nil {
		return 0, 0, false
	}
	group := min(1, re.NumSubexp())
	if i := re.SubexpIndex("value"); i > 0 {
		group = i
	}
	return m[2*group], m[2*group+1], m[2*group] >= 0
}

// labelSets joins what all fields are labelled with: a value ends where the next label begins.
func (k *Kind) labelSets(others []string) {
	for i := range k.fields {
		for _, w := range k.fields[i].find {
			for _, p := range w.labels {
				k.labels, k.zones = append(k.labels, p), append(k.zones, w.zone)
			}
		}
	}
	for _, p := range newPhrases(others) {
		k.labels, k.zones = append(k.labels, p), append(k.zones, zone{})
	}
}

// fieldRef finds the fields that a title's pattern names.
var fieldRef = regexp.MustCompile(`\{([a-z0-9_]+)\}`)

// fill puts values in the place of names; ok is false where one is not known.
func fill(pattern string, values map[string]string) (text string, ok bool) {
	ok = true
	text = fieldRef.ReplaceAllStringFunc(pattern, func(ref string) string {
		v := values[strings.Trim(ref, "{}")]
		ok = ok && v != ""
		return v
	})
	return text, ok
}
