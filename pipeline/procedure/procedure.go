// Package procedure knows which papers an administrative procedure asks for, and says what of them is missing.
//
// It owns the YAML files of procedures and holidays, the finding of the procedure that a dossier belongs to, the count of
// its papers and the day on which an answer is due. What kind of paper a document is, pipeline/extract finds out; when a
// dossier was received and what becomes of it is the catalogue's. The files under testdata/*.bad show each fault.
package procedure

import (
	"cmp"
	"slices"
	"strings"
)

// Set is the procedures of an office. It does not change once it is loaded.
type Set struct {
	Procedures []*Procedure // by code
	Calendar   Calendar
	Files      []File // by name
}

// File is a file as it was read, for the record.
type File struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"` // lower-case hexadecimal
}

// Procedure is what an office does for a citizen who brings the papers it asks for.
type Procedure struct {
	Code       string   // of the national database, 1.001193 or 1.001193.000.00.00.H42; elsewhere the office's own
	Name       Text     //
	Department string   // as the stations name it
	Titles     []string // of its application form, as printed
	Papers     []Paper  // in the order in which clerks are told of them
	Deadline   int      // working days from the day of reception; 0 is that day
	Results    []string // kinds of what the citizen receives
	File       File
}

// Paper is a paper, or several of a sort, that a procedure asks for.
type Paper struct {
	Kinds []string  // names of kinds, any of which will do
	Name  Text      //
	As    Form      //
	Min   int       // 0: may be brought
	Max   int       // 0: any number
	When  Condition // the zero Condition holds always
	Words Text      // When as a clause: "the parents are married"
}

// Form is whether a paper is an original or a copy. Pages do not tell it: it is for the clerk's eye.
type Form string

// The forms; "" is either.
const (
	Original  Form = "original"
	Copy      Form = "copy"
	Certified Form = "certified" // a copy that an authority certified
)

// Text is what people read, in up to three languages.
type Text struct {
	VI string `json:"vi,omitempty"`
	FR string `json:"fr,omitempty"`
	EN string `json:"en,omitempty"`
}

// In is the text in a language; in Vietnamese, English or French, the first there is, where that one is missing.
func (t Text) In(language string) string {
	return cmp.Or(map[string]string{"vi": t.VI, "fr": t.FR, "en": t.EN}[language], t.VI, t.EN, t.FR)
}

// ByCode finds a procedure, with or without the agency's part of its code: 1.001193.000.00.00.H42 is found as
// 1.001193 and the other way round. It is nil for an unknown code, and for a short one that several agencies share.
func (s *Set) ByCode(code string) *Procedure {
	code = strings.ToUpper(strings.TrimSpace(code))
	var found *Procedure
	for _, p := range s.Procedures {
		own := strings.ToUpper(p.Code)
		if own == code {
			return p
		}
		if short(own) != short(code) || (own != short(own) && code != short(code)) {
			continue
		}
		if found != nil {
			return nil
		}
		found = p
	}
	return found
}

// short is a code of the national database without the agency's part.
func short(code string) string {
	if parts := strings.Split(code, "."); len(parts) == 6 {
		return strings.Join(parts[:2], ".")
	}
	return code
}

// Kinds are the names of all kinds that the procedures ask for or give, sorted.
func (s *Set) Kinds() []string {
	var names []string
	for _, p := range s.Procedures {
		names = append(names, p.Results...)
		for i := range p.Papers {
			names = append(names, p.Papers[i].Kinds...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
