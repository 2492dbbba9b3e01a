package procedure

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/dossierd/dossierd/dossier"
)

// Condition is a test of one field: that it is there, that it has a value, or not so.
type Condition struct {
	Field string // "" holds always
	Value string // "": that the field is there
	Not   bool
}

// answer is what is known of a condition.
type answer int

const (
	unknown answer = iota
	no
	yes
)

// sure is the confidence from which on a field decides. Below it, it may be so.
const sure = 0.5

var (
	conditionForm = regexp.MustCompile(`^(not +)?([a-z][a-z0-9_]*)(?: *= *([^=]*[^= ]))?$`)
	space         = regexp.MustCompile(`\s+`)
)

// parseCondition reads "married", "status = married", "not married" or "not status = married".
func parseCondition(s string) (Condition, bool) {
	parts := conditionForm.FindStringSubmatch(strings.TrimSpace(s))
	if parts == nil || parts[2] == "not" {
		return Condition{}, false
	}
	return Condition{Field: parts[2], Value: parts[3], Not: parts[1] != ""}, true
}

// facts are the values of fields by name. Where readings of a name differ, or the best of them is unsure, its value is "".
type facts map[string]string

// newFacts takes a name's value from the dossier's own fields where they have it, else from its documents'.
func newFacts(documents []dossier.Document, fields []dossier.Field) facts {
	f := facts{}
	f.add(fields)
	var read []dossier.Field
	for _, d := range documents {
		for _, field := range d.Fields {
			if _, known := f[field.Name]; !known {
				read = append(read, field)
			}
		}
	}
	f.add(read)
	return f
}

func (f facts) add(fields []dossier.Field) {
	for _, field := range fields {
		value := normal(field.Value)
		if value == "" {
			continue
		}
		if field.Confidence < sure {
			value = ""
		}
		if known, ok := f[field.Name]; ok && known != value {
			value = ""
		}
		f[field.Name] = value
	}
}

// normal is a value as it is compared: case, spaces and the form of its letters make no difference.
func normal(s string) string {
	return space.ReplaceAllString(strings.ToLower(strings.TrimSpace(norm.NFC.String(s))), " ")
}

// in tells whether the condition holds. That a field is missing is an answer where its being there is asked for; where
// its value is, nothing is known.
func (c Condition) in(f facts) answer {
	if c.Field == "" {
		return yes
	}
	value, there := f[c.Field]
	switch {
	case there && value == "", !there && c.Value != "":
		return unknown
	case (there && (c.Value == "" || normal(c.Value) == value)) != c.Not:
		return yes
	}
	return no
}
